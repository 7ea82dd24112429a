#include "app/resnet/prediction.h"

#include <stdio.h>

#include "engine/tensor/ranking.h"

/**
 * rn_prediction_new:
 * @image: (not owned): the file
 * @binding: (not owned): the network that was run
 * @output: what it put out: float32 [N, classes]
 * @item: which of the N
 * @n_top: how many classes are wanted
 *
 * Returns: (transfer full) (nullable): the most probable classes, or %NULL with an error where the
 *   network put out no numbers
 */
RnPrediction *
rn_prediction_new (const char *image,
                   RnBinding *binding,
                   const RnTensor *output,
                   gint64 item,
                   int n_top,
                   GError **error)
{
  gint64 n_classes = output->dims[output->rank - 1];
  float *values = rn_tensor_f32 (output) + item * n_classes;
  g_autoptr (RnTensor) row =
      rn_tensor_new_for_data (RN_DTYPE_F32, 1, &n_classes, values, NULL, NULL);
  g_autofree float *probabilities = g_memdup2 (values, n_classes * sizeof *values);
  RnPrediction *self = g_new0 (RnPrediction, 1);

  rn_scores_to_probabilities (probabilities, (int)n_classes);
  n_top = (int)MIN (n_top, n_classes);
  self->image = image;
  self->binding = binding;
  self->classes = g_new (int, n_top);
  self->probabilities = g_new (float, n_top);
  self->n_top = rn_tensor_rank_largest (row, n_top, self->classes);
  for (int i = 0; i < self->n_top; i++)
    self->probabilities[i] = probabilities[self->classes[i]];
  if (self->n_top == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: %s puts out no numbers (NaN); see whether the input's and the weights' "
                   "are finite",
                   image, rn_model_get_name (rn_binding_get_model (binding)));
      rn_prediction_free (self);
      return NULL;
    }

  return self;
}

void
rn_prediction_free (RnPrediction *self)
{
  g_free (self->classes);
  g_free (self->probabilities);
  g_free (self);
}

/* The id of a class, e.g. the WordNet id; its number where the weights name none. */
static char *
get_class_id (const RnWeightsInfo *info, int class)
{
  if (info->classes != NULL && class < info->n_classes)
    return g_strdup (info->classes[class]);

  return g_strdup_printf ("%d", class);
}

static char *
get_label (const RnWeightsInfo *info, int class)
{
  if (info->labels != NULL && class < info->n_classes)
    return g_strdup (info->labels[class]);

  return g_strdup_printf ("class %d", class);
}

/**
 * rn_prediction_print:
 *
 * Writes a table for people to stdout.
 */
void
rn_prediction_print (const RnPrediction *self)
{
  RnModel *model = rn_binding_get_model (self->binding);
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (self->binding));
  int n_classes = rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape);

  printf ("%s\n  says %s, %s%s, which knows %d classes\n", self->image, rn_model_get_title (model),
          info->trained ? "with the weights " : "", info->name, n_classes);
  for (int i = 0; i < self->n_top; i++)
    {
      g_autofree char *id = get_class_id (info, self->classes[i]);
      g_autofree char *label = get_label (info, self->classes[i]);

      printf ("  %5.1f %%  %-24s %s\n", 100 * (double)self->probabilities[i], label, id);
    }
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/**
 * rn_prediction_build:
 *
 * Adds the object that `--json` promises: image, model, weights, trained and top, each of which has
 * index, class, label and probability.
 */
void
rn_prediction_build (const RnPrediction *self, JsonBuilder *builder)
{
  RnModel *model = rn_binding_get_model (self->binding);
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (self->binding));
  g_autofree char *image = g_filename_display_name (self->image);

  json_builder_begin_object (builder);
  add_string (builder, "image", image);
  add_string (builder, "model", rn_model_get_name (model));
  add_string (builder, "weights", info->name);
  json_builder_set_member_name (builder, "trained");
  json_builder_add_boolean_value (builder, info->trained);
  json_builder_set_member_name (builder, "top");
  json_builder_begin_array (builder);
  for (int i = 0; i < self->n_top; i++)
    {
      g_autofree char *id = get_class_id (info, self->classes[i]);
      g_autofree char *label = get_label (info, self->classes[i]);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "index");
      json_builder_add_int_value (builder, self->classes[i]);
      add_string (builder, "class", id);
      add_string (builder, "label", label);
      json_builder_set_member_name (builder, "probability");
      json_builder_add_double_value (builder, (double)self->probabilities[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}
