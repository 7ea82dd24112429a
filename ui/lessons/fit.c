#include "ui/lessons/fit.h"

#include "engine/model/model-builder.h"

/* The convolution on the shortcut of the block that is named by its Add layer. */
static const RnLayer *
find_projection (const RnModel *model, const char *add, const RnBlock **block, GError **error)
{
  const RnLayer *layer = rn_model_find_layer (model, add, error);

  if (layer == NULL)
    return NULL;
  *block = rn_structure_find_block (rn_model_get_structure (model), layer->index);
  for (int i = 0; *block != NULL && i < (*block)->n_shortcut; i++)
    {
      const RnLayer *projection = rn_model_get_layer (model, (*block)->shortcut[i]);

      if (projection->kind == RN_LAYER_CONV)
        return projection;
    }
  g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN,
               "“%s” names no block with a convolution on its shortcut", add);

  return NULL;
}

/**
 * rn_fit_find:
 * @add: a projection block's Add layer
 * @stride: (out): of the convolution on its shortcut
 * @filters: (out): likewise
 */
gboolean
rn_fit_find (const RnModel *model, const char *add, int *stride, int *filters, GError **error)
{
  const RnBlock *block;
  const RnLayer *projection = find_projection (model, add, &block, error);

  if (projection == NULL)
    return FALSE;
  *stride = projection->config.conv.stride[0];
  *filters = projection->config.conv.filters;

  return TRUE;
}

/* Adds one of the block's layers, its configuration unchanged but for the projection's. */
static void
add_layer (RnModelBuilder *builder,
           const RnModel *model,
           const RnLayer *layer,
           gboolean changed,
           int stride,
           int filters)
{
  g_autofree const char **inputs = g_new0 (const char *, layer->n_inputs + 1);
  RnLayerConfig config = layer->config;

  for (int i = 0; i < layer->n_inputs; i++)
    inputs[i] = rn_model_get_layer (model, layer->inputs[i])->name;
  if (changed)
    {
      config.conv.stride[0] = config.conv.stride[1] = stride;
      config.conv.filters = filters;
    }
  rn_model_builder_add (builder, layer->kind, layer->name, &config, inputs);
}

/**
 * rn_fit_try:
 * @add: a projection block's Add layer
 * @stride: of the convolution on the shortcut
 * @filters: likewise
 *
 * Builds the block anew, on its own, with this shortcut.
 *
 * Returns: whether it can be built; else %RN_MODEL_ERROR, which says why not
 */
gboolean
rn_fit_try (const RnModel *model, const char *add, int stride, int filters, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("block", "Block");
  const RnBlock *block;
  const RnLayer *projection = find_projection (model, add, &block, error), *input;
  g_autoptr (RnModel) built = NULL;
  RnLayerConfig config = { 0 };

  if (projection == NULL)
    return FALSE;

  input = rn_model_get_layer (model, block->input);
  config.input = input->output_shape;
  rn_model_builder_add (builder, RN_LAYER_INPUT, input->name, &config, NULL);
  for (int i = 0; i < block->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, block->layers[i]);

      add_layer (builder, model, layer, layer == projection, stride, filters);
    }
  built = rn_model_builder_build (builder, error);

  return built != NULL;
}
