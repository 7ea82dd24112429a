#include "engine/model/summary.h"

#include "engine/model/number.h"

/* Columns end here (keras/utils/layer_utils.py of 2.3.1: line_length 98, positions .33 .55 .67 1). */
static const int column_ends[] = { 32, 53, 65, 98 };
#define N_COLUMNS ((int) G_N_ELEMENTS (column_ends))
#define LINE_LENGTH 98

/* A UTF-8 text cut or padded to a number of characters. */
static void
fit_line (GString *line, int width)
{
  glong length = g_utf8_strlen (line->str, -1);

  if (length > width)
    g_string_truncate (line, g_utf8_offset_to_pointer (line->str, width) - line->str);
  for (; length < width; length++)
    g_string_append_c (line, ' ');
}

/* A row as Keras composes it: a field that is too long loses its end, and the last character before
 * a field always gives way to a space. */
static void
append_row (GString *text, const char *const fields[N_COLUMNS])
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (int i = 0; i < N_COLUMNS; i++)
    {
      if (i > 0)
        {
          const char *last = g_utf8_find_prev_char (line->str, line->str + line->len);

          g_string_truncate (line, last - line->str);
          g_string_append_c (line, ' ');
        }
      g_string_append (line, fields[i]);
      fit_line (line, column_ends[i]);
    }
  g_string_append (text, line->str);
  g_string_append_c (text, '\n');
}

static void
append_rule (GString *text, char c)
{
  for (int i = 0; i < LINE_LENGTH; i++)
    g_string_append_c (text, c);
  g_string_append_c (text, '\n');
}

static void
append_layer (GString *text, const RnModel *model, const RnLayer *layer)
{
  g_autofree char *name = g_strdup_printf ("%s (%s)", layer->name, layer->keras_class);
  g_autofree char *shape = rn_shape_to_keras (&layer->output_shape);
  g_autofree char *count =
      g_strdup_printf ("%" G_GINT64_FORMAT, rn_layer_get_n_parameters (layer));

  for (int k = 0; k == 0 || k < layer->n_inputs; k++)
    {
      g_autofree char *from = g_strdup ("");

      if (k < layer->n_inputs)
        {
          g_free (from);
          from = g_strdup_printf ("%s[0][0]", rn_model_get_layer (model, layer->inputs[k])->name);
        }
      if (k == 0)
        append_row (text, (const char *[]) { name, shape, count, from });
      else
        append_row (text, (const char *[]) { "", "", "", from });
    }
}

static void
append_total (GString *text, const char *label, gint64 n)
{
  g_autofree char *number = rn_number_to_string (n);

  g_string_append_printf (text, "%s: %s\n", label, number);
}

/**
 * rn_model_to_summary:
 *
 * The table that `model.summary()` of Keras 2.3.1 prints, trailing spaces included
 * (keras/utils/layer_utils.py, print_summary).
 *
 * Returns: (transfer full): the text
 */
char *
rn_model_to_summary (const RnModel *model)
{
  GString *text = g_string_new (NULL);
  int n = rn_model_get_n_layers (model);

  g_string_append_printf (text, "Model: \"%s\"\n", rn_model_get_name (model));
  append_rule (text, '_');
  append_row (text, (const char *[]) { "Layer (type)", "Output Shape", "Param #", "Connected to" });
  append_rule (text, '=');
  for (int i = 0; i < n; i++)
    {
      append_layer (text, model, rn_model_get_layer (model, i));
      append_rule (text, i == n - 1 ? '=' : '_');
    }
  append_total (text, "Total params", rn_model_get_n_parameters (model));
  append_total (text, "Trainable params", rn_model_get_n_trainable (model));
  append_total (text, "Non-trainable params", rn_model_get_n_non_trainable (model));
  append_rule (text, '_');

  return g_string_free (text, FALSE);
}
