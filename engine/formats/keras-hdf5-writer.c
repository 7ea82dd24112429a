/* The layout is that of Keras' save_weights_to_hdf5_group and save_model_to_hdf5
 * (keras/engine/saving.py of 2.3.1, keras/src/legacy/saving/legacy_h5_format.py today). */
#include "engine/formats/keras-hdf5-writer.h"

#include "engine/formats/hdf5-writer.h"

#define KERAS_VERSION "2.3.1"

static gboolean
write_layer (RnHdf5Writer *writer,
             RnBinding *binding,
             const RnLayer *layer,
             const char *root,
             GError **error)
{
  g_autofree char *group = g_strdup_printf ("%s/%s", root, layer->name);
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (int i = 0; i < layer->n_weights; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s:0", layer->name, layer->weights[i].name);

      g_strv_builder_add (paths, path);
    }
  names = g_strv_builder_end (paths);
  if (!rn_hdf5_writer_add_group (writer, group, error) ||
      !rn_hdf5_writer_set_strings (writer, group, "weight_names", (const char *const *) names,
                                   error))
    return FALSE;

  for (int i = 0; i < layer->n_weights; i++)
    {
      g_autofree char *object = g_strdup_printf ("%s/%s", group, names[i]);
      g_autoptr (RnTensor) tensor =
          rn_tensor_to_f32 (rn_binding_get_tensor (binding, layer->index, i), error);

      if (tensor == NULL || !rn_hdf5_writer_add_dataset (writer, object, tensor, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_layers (RnHdf5Writer *writer, RnBinding *binding, const char *root, GError **error)
{
  const char *place = root[0] != '\0' ? root : "/";
  RnModel *model = rn_binding_get_model (binding);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    g_ptr_array_add (names, rn_model_get_layer (model, i)->name);
  g_ptr_array_add (names, NULL);

  if (!rn_hdf5_writer_set_strings (writer, place, "layer_names", (const char *const *) names->pdata,
                                   error) ||
      !rn_hdf5_writer_set_string (writer, place, "backend", "tensorflow", error) ||
      !rn_hdf5_writer_set_string (writer, place, "keras_version", KERAS_VERSION, error))
    return FALSE;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (!write_layer (writer, binding, rn_model_get_layer (model, i), root, error))
      return FALSE;

  return TRUE;
}

/* A float's shortest decimal, so that 1e-3f is written as 0.001. */
static double
to_decimal (float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.7g", value), NULL);
}

static gboolean
write_info (RnHdf5Writer *writer, RnBinding *binding, GError **error)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  const char *const *classes = (const char *const *) info->classes;
  const char *const *labels = (const char *const *) info->labels;
  const char *origin = info->origin != NULL ? info->origin : info->name;

  return (origin == NULL || rn_hdf5_writer_set_string (writer, "/", "rn_origin", origin, error)) &&
         (info->trained || rn_hdf5_writer_set_number (writer, "/", "rn_untrained", 1, error)) &&
         (info->license == NULL ||
          rn_hdf5_writer_set_string (writer, "/", "rn_license", info->license, error)) &&
         (info->preprocess == NULL ||
          rn_hdf5_writer_set_string (writer, "/", "rn_preprocess", info->preprocess, error)) &&
         (info->input_size == 0 ||
          rn_hdf5_writer_set_number (writer, "/", "rn_input_size", info->input_size, error)) &&
         (info->epsilon == 0 || rn_hdf5_writer_set_number (writer, "/", "rn_epsilon",
                                                           to_decimal (info->epsilon), error)) &&
         (info->n_classes == 0 ||
          (rn_hdf5_writer_set_strings (writer, "/", "rn_classes", classes, error) &&
           rn_hdf5_writer_set_strings (writer, "/", "rn_labels", labels, error)));
}

/**
 * rn_keras_hdf5_write:
 * @binding: a model and its weights
 * @config: (nullable): the model's `model_config`, a JSON text, for a whole model; %NULL for a file
 *   of weights alone
 * @path: of the file; what stands there is replaced once all is written
 * @error: set where it cannot be written
 *
 * Writes what Keras' save_weights() or, with @config, save() would, all weights as float32, and
 * what is known of the weights in attributes `rn_*`, which Keras passes over.
 *
 * Returns: whether it was written
 */
gboolean
rn_keras_hdf5_write (RnBinding *binding, const char *config, const char *path, GError **error)
{
  g_autoptr (RnHdf5Writer) writer = NULL;
  const char *root = config != NULL ? "/model_weights" : "";

  g_return_val_if_fail (binding != NULL && path != NULL, FALSE);

  writer = rn_hdf5_writer_new (path, error);
  if (writer == NULL)
    return FALSE;
  if (config != NULL && (!rn_hdf5_writer_add_group (writer, root, error) ||
                         !rn_hdf5_writer_set_string (writer, "/", "model_config", config, error) ||
                         !rn_hdf5_writer_set_string (writer, "/", "backend", "tensorflow", error) ||
                         !rn_hdf5_writer_set_string (writer, "/", "keras_version", KERAS_VERSION,
                                                     error)))
    return FALSE;

  return write_layers (writer, binding, root, error) && write_info (writer, binding, error) &&
         rn_hdf5_writer_finish (writer, error);
}
