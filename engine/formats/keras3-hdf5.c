/* The layout is that of keras/src/saving/saving_lib.py: each layer has a group named by its class
 * and its number among the layers of that class, "layers/conv2d_3", with its weights in "vars" as
 * "0", "1", … in Keras' order. Layers' names are not there, unless as attribute `name` of "vars"
 * (later versions); the model's configuration gives them. */
#include "engine/formats/keras3-hdf5.h"

#include <string.h>

#include "engine/formats/json-text.h"
#include "engine/formats/keras-config.h"

#define MAX_NESTING 16
#define MAX_VARS 64

typedef struct
{
  RnHdf5File *file;
  RnWeights *weights;
  GHashTable *names; /* (nullable): groups to layers' names */
} Reading;

/* Keras 2.13 calls the groups of layers otherwise. */
static const char *const containers[] = { "layers", "_layer_checkpoint_dependencies" };

/**
 * rn_keras3_hdf5_detect:
 *
 * Returns: whether the file has Keras 3's groups
 */
gboolean
rn_keras3_hdf5_detect (RnHdf5File *file)
{
  for (guint i = 0; i < G_N_ELEMENTS (containers); i++)
    if (rn_hdf5_file_has (file, containers[i]))
      return TRUE;

  return FALSE;
}

/* The names of the weights of a layer of @n, of which the first is @first, as Keras orders them. */
static const char *
get_weight_name (const RnTensor *first, int n, int i)
{
  static const char *const norm[] = { "gamma", "beta", "moving_mean", "moving_variance" };
  static const char *const kernel[] = { "kernel", "bias" };

  if (first->rank == 1 && n == 4)
    return norm[i];
  if (first->rank >= 2 && n <= 2)
    return kernel[i];

  return NULL;
}

static gboolean
add_vars (Reading *reading, const char *layer, GPtrArray *tensors, GError **error)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      const char *name = get_weight_name (tensors->pdata[0], (int) tensors->len, (int) i);
      g_autofree char *number = g_strdup_printf ("%u", i);

      if (!rn_weights_add (reading->weights, layer, name != NULL ? name : number, tensors->pdata[i],
                           error))
        {
          g_prefix_error (error, "%s: ", rn_hdf5_file_get_label (reading->file));
          return FALSE;
        }
    }

  return TRUE;
}

/* The layer's name: as the file says, as the configuration says, or that of its group. */
static char *
get_layer_name (Reading *reading, const char *group, const char *vars, GError **error)
{
  char *name = NULL;

  if (!rn_hdf5_file_read_string (reading->file, vars, "name", &name, error))
    return NULL;
  if (name == NULL && reading->names != NULL)
    name = g_strdup (g_hash_table_lookup (reading->names, group));

  return name != NULL ? name : g_path_get_basename (group);
}

static gboolean
read_vars (Reading *reading, const char *group, GError **error)
{
  g_autofree char *vars = g_strconcat (group, "/vars", NULL);
  g_autoptr (GPtrArray) tensors =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rn_tensor_unref);
  g_autofree char *layer = NULL;

  if (!rn_hdf5_file_has (reading->file, vars))
    return TRUE;

  for (int i = 0; i < MAX_VARS; i++)
    {
      g_autofree char *object = g_strdup_printf ("%s/%d", vars, i);
      RnTensor *tensor = NULL;

      if (!rn_hdf5_file_has (reading->file, object))
        break;
      if (!rn_hdf5_file_read_dataset (reading->file, object, &tensor, error))
        return FALSE;
      if (tensor != NULL)
        g_ptr_array_add (tensors, tensor);
    }
  layer = get_layer_name (reading, group, vars, error);
  if (layer == NULL)
    return FALSE;
  rn_weights_add_layer (reading->weights, layer);

  return add_vars (reading, layer, tensors, error);
}

static gboolean
read_layers (Reading *reading, const char *parent, int nesting, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (containers); i++)
    {
      g_autofree char *container = g_strdup_printf ("%s/%s", parent, containers[i]);
      g_auto (GStrv) names = NULL;

      if (!rn_hdf5_file_has (reading->file, container))
        continue;
      names = rn_hdf5_file_list (reading->file, container, error);
      if (names == NULL)
        return FALSE;
      for (int k = 0; names[k] != NULL; k++)
        {
          g_autofree char *group = g_strdup_printf ("%s/layers/%s", parent, names[k]);
          g_autofree char *place = g_strdup_printf ("%s/%s", container, names[k]);

          if (!read_vars (reading, i == 0 ? group : place, error))
            return FALSE;
          if (nesting < MAX_NESTING && !read_layers (reading, place, nesting + 1, error))
            return FALSE;
        }
    }

  return TRUE;
}

/**
 * rn_keras3_hdf5_read_weights:
 * @file: an open file
 * @config: (nullable): the model's configuration, a JSON text; without it, and where the file has
 *   no names of its own, layers are called as their groups
 * @error: set to an #RnWeightsError where file or configuration are damaged
 *
 * Returns: (transfer full) (nullable): the weights
 */
RnWeights *
rn_keras3_hdf5_read_weights (RnHdf5File *file, const char *config, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_autoptr (GHashTable) names = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) reason = NULL;
  Reading reading = { file, weights, NULL };

  g_return_val_if_fail (file != NULL, NULL);

  if (config != NULL)
    {
      root = rn_json_parse (config, strlen (config), &reason);
      if (root == NULL)
        {
          g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                       "%s: the model's configuration is damaged: %s",
                       rn_hdf5_file_get_label (file), reason->message);
          return NULL;
        }
      reading.names = names = rn_keras_config_get_groups (root);
      rn_weights_get_info (weights)->epsilon = rn_keras_config_get_epsilon (root);
    }
  if (!read_layers (&reading, "", 0, error))
    return NULL;

  rn_weights_get_info (weights)->name = g_path_get_basename (rn_hdf5_file_get_label (file));
  return g_steal_pointer (&weights);
}
