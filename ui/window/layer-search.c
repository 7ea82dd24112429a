#include "ui/window/layer-search.h"

static gboolean
holds (const char *text, const char *word)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, word) != NULL;
}

static gboolean
matches (const RnLayer *layer, const char *word)
{
  g_autofree char *shape = rn_shape_to_string (&layer->output_shape);
  g_autofree char *keras_shape = rn_shape_to_keras (&layer->output_shape);

  return holds (layer->name, word) || holds (rn_layer_kind_get_keras_class (layer->kind), word)
         || holds (shape, word) || holds (keras_shape, word);
}

/**
 * rn_layer_search:
 * @text: words, all of which a layer's name, class or output shape must hold, in any case; an x
 *   between digits is a ×
 * @found: (element-type int): the indices of such layers are appended, ascending
 */
void
rn_layer_search (const RnModel *model, const char *text, GArray *found)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GRegex) between_digits = g_regex_new ("(?<=[0-9])x(?=[0-9])", 0, 0, NULL);
  g_autofree char *shaped = g_regex_replace_literal (between_digits, folded, -1, 0, "×", 0, NULL);
  g_auto (GStrv) words = g_strsplit_set (shaped != NULL ? shaped : folded, " \t", -1);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      gboolean all = TRUE;

      for (int w = 0; words[w] != NULL && all; w++)
        all = matches (rn_model_get_layer (model, i), words[w]);
      if (all)
        g_array_append_val (found, i);
    }
}
