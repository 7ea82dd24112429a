#include "engine/formats/keras-hdf5.h"

#include <string.h>

#include "engine/formats/json-text.h"
#include "engine/formats/keras-config.h"

/* Names of weights in files older than Keras 2, and ours. */
static const char *const old_names[][2] = {
  { "W", "kernel" },
  { "b", "bias" },
  { "running_mean", "moving_mean" },
  { "running_std", "moving_variance" }, /* a variance, whatever its name says */
};

/**
 * rn_keras_weight_name:
 * @layer: the layer's name
 * @path: a weight's path: "conv1/kernel:0", "conv1_W_1:0", "batch_normalization/gamma"
 *
 * Returns: (transfer full): the name of the weight within its layer, such as "kernel"
 */
char *
rn_keras_weight_name (const char *layer, const char *path)
{
  const char *base = strrchr (path, '/');
  g_autofree char *name = NULL;
  char *end;

  base = base != NULL ? base + 1 : path;
  name = g_strdup (base);
  if ((end = strrchr (name, ':')) != NULL)
    *end = '\0';

  if (g_str_has_prefix (name, layer) && name[strlen (layer)] == '_')
    {
      memmove (name, name + strlen (layer) + 1, strlen (name) - strlen (layer));
      /* TensorFlow numbers names that stand twice in a graph: W_1 */
      end = strrchr (name, '_');
      if (end != NULL && end > name && end[1] != '\0' &&
          strspn (end + 1, "0123456789") == strlen (end + 1))
        *end = '\0';
    }

  for (guint i = 0; i < G_N_ELEMENTS (old_names); i++)
    if (g_str_equal (name, old_names[i][0]))
      return g_strdup (old_names[i][1]);

  return g_steal_pointer (&name);
}

/* The directory of a weight's path: "a/b/kernel:0" gives "a/b". */
static char *
get_parent (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? g_strndup (path, slash - path) : g_strdup ("");
}

/* A model used as a layer of another keeps the weights of all its layers in one group; their paths
 * then have more than one parent. */
static gboolean
is_nested (char **paths)
{
  g_autofree char *first = paths[0] != NULL ? get_parent (paths[0]) : NULL;

  for (int i = 1; first != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *parent = get_parent (paths[i]);

      if (!g_str_equal (parent, first))
        return TRUE;
    }

  return FALSE;
}

static gboolean
read_weight (RnHdf5File *file,
             RnWeights *weights,
             const char *group,
             const char *layer,
             const char *path,
             gboolean nested,
             GError **error)
{
  g_autofree char *object = g_strdup_printf ("%s/%s", group, path);
  g_autofree char *parent = get_parent (path);
  const char *slash = strrchr (parent, '/');
  const char *owner = nested && parent[0] != '\0' ? (slash != NULL ? slash + 1 : parent) : layer;
  g_autofree char *name = rn_keras_weight_name (owner, path);
  g_autoptr (RnTensor) tensor = NULL;

  if (!rn_hdf5_file_read_dataset (file, object, &tensor, error))
    return FALSE;
  if (tensor == NULL)
    return TRUE;
  if (!rn_weights_add (weights, owner, name, tensor, error))
    {
      g_prefix_error (error, "%s: ", rn_hdf5_file_get_label (file));
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_layer (RnHdf5File *file,
            RnWeights *weights,
            const char *root,
            const char *layer,
            GError **error)
{
  g_autofree char *group = g_strdup_printf ("%s/%s", root, layer);
  g_auto (GStrv) paths = NULL;
  gboolean nested;

  if (!rn_hdf5_file_read_strings (file, group, "weight_names", &paths, error))
    return FALSE;
  if (paths == NULL)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: layer '%s' lacks the attribute weight_names of a Keras weight file",
                   rn_hdf5_file_get_label (file), layer);
      return FALSE;
    }

  nested = is_nested (paths);
  if (!nested)
    rn_weights_add_layer (weights, layer);
  for (int i = 0; paths[i] != NULL; i++)
    if (!read_weight (file, weights, group, layer, paths[i], nested, error))
      return FALSE;

  return TRUE;
}

/* What this program's own files say of themselves; Keras passes over it. */
static gboolean
read_info (RnHdf5File *file, RnWeightsInfo *info, GError **error)
{
  double input_size, epsilon, untrained;

  if (!rn_hdf5_file_read_string (file, "/", "rn_origin", &info->origin, error) ||
      !rn_hdf5_file_read_string (file, "/", "rn_license", &info->license, error) ||
      !rn_hdf5_file_read_string (file, "/", "rn_preprocess", &info->preprocess, error) ||
      !rn_hdf5_file_read_strings (file, "/", "rn_classes", &info->classes, error) ||
      !rn_hdf5_file_read_strings (file, "/", "rn_labels", &info->labels, error) ||
      !rn_hdf5_file_read_number (file, "/", "rn_input_size", &input_size, error) ||
      !rn_hdf5_file_read_number (file, "/", "rn_epsilon", &epsilon, error) ||
      !rn_hdf5_file_read_number (file, "/", "rn_untrained", &untrained, error))
    return FALSE;

  info->trained = untrained == 0;
  info->input_size = input_size >= 1 && input_size <= 1 << 16 ? (int) input_size : 0;
  info->epsilon = epsilon > 0 && epsilon < 1 ? (float) epsilon : 0;
  if (info->classes != NULL && info->labels == NULL)
    info->labels = g_strdupv (info->classes);
  if (info->labels != NULL && info->classes == NULL)
    info->classes = g_strdupv (info->labels);
  info->n_classes = info->classes != NULL ? (int) g_strv_length (info->classes) : 0;
  if (info->labels != NULL && (int) g_strv_length (info->labels) != info->n_classes)
    {
      g_set_error (
          error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
          "%s: rn_classes and rn_labels differ in length: a label is needed for each class",
          rn_hdf5_file_get_label (file));
      return FALSE;
    }

  return TRUE;
}

/* A whole model's configuration says its epsilon; FALSE where there is none that can be read. */
static gboolean
read_config_epsilon (RnHdf5File *file, float *epsilon)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) config = NULL;

  if (!rn_hdf5_file_read_string (file, "/", "model_config", &text, NULL) || text == NULL)
    return FALSE;
  config = rn_json_parse (text, strlen (text), NULL);
  if (config == NULL)
    return FALSE;

  *epsilon = rn_keras_config_get_epsilon (config);
  return TRUE;
}

/* The two generations of ImageNet weights are told by their names: Keras 2's were trained with
 * Keras' default of 1e-3, Keras 3's ResNets with 1.001e-5 (keras/src/applications/resnet.py). The
 * latter have biases; a network without them in Keras 3's manner is not one of those. */
static float
guess_epsilon (const RnWeights *weights)
{
  if (rn_weights_find (weights, "bn_conv1", "gamma") != NULL &&
      rn_weights_find (weights, "res2a_branch2a", "kernel") != NULL)
    return 1e-3f;
  if (rn_weights_find (weights, "conv1_bn", "gamma") != NULL &&
      rn_weights_find (weights, "conv2_block1_3_conv", "bias") != NULL)
    return 1.001e-5f;

  return 0;
}

static const char *
find_root (RnHdf5File *file, char ***layers, GError **error)
{
  if (!rn_hdf5_file_read_strings (file, "/", "layer_names", layers, error))
    return NULL;
  if (*layers != NULL)
    return "";

  if (rn_hdf5_file_has (file, "/model_weights"))
    {
      if (!rn_hdf5_file_read_strings (file, "/model_weights", "layer_names", layers, error))
        return NULL;
      if (*layers != NULL)
        return "/model_weights";
    }

  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
               "%s: an HDF5 file, but not of Keras: the attribute layer_names is missing",
               rn_hdf5_file_get_label (file));
  return NULL;
}

/**
 * rn_keras_hdf5_read_weights:
 * @file: an open file, a weight file or a whole model
 * @error: set to an #RnWeightsError where the file is damaged, of another kind or too large
 *
 * Follows the attributes `layer_names` and `weight_names`, as Keras does
 * (keras/src/legacy/saving/legacy_h5_format.py), whatever the datasets are called.
 *
 * Returns: (transfer full) (nullable): the weights in the order and the formats of the file
 */
RnWeights *
rn_keras_hdf5_read_weights (RnHdf5File *file, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_auto (GStrv) layers = NULL;
  RnWeightsInfo *info = rn_weights_get_info (weights);
  const char *root;

  g_return_val_if_fail (file != NULL, NULL);

  root = find_root (file, &layers, error);
  if (root == NULL)
    return NULL;
  for (int i = 0; layers[i] != NULL; i++)
    if (!read_layer (file, weights, root, layers[i], error))
      return NULL;

  if (!read_info (file, info, error))
    return NULL;
  info->name = g_path_get_basename (rn_hdf5_file_get_label (file));
  if (info->epsilon == 0 && !read_config_epsilon (file, &info->epsilon))
    info->epsilon = guess_epsilon (weights);

  return g_steal_pointer (&weights);
}

/**
 * rn_keras_hdf5_read:
 * @path: of a .h5 file
 *
 * As rn_keras_hdf5_read_weights().
 */
RnWeights *
rn_keras_hdf5_read (const char *path, GError **error)
{
  g_autoptr (RnHdf5File) file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = rn_hdf5_file_open (path, error);
  return file != NULL ? rn_keras_hdf5_read_weights (file, error) : NULL;
}

/**
 * rn_keras_hdf5_read_config:
 * @path: of a whole model (.h5)
 * @error: set where the file is damaged or holds weights only
 *
 * Returns: (transfer full) (nullable): the model's `model_config`, a JSON text
 */
char *
rn_keras_hdf5_read_config (const char *path, GError **error)
{
  g_autoptr (RnHdf5File) file = NULL;
  char *config = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = rn_hdf5_file_open (path, error);
  if (file == NULL || !rn_hdf5_file_read_string (file, "/", "model_config", &config, error))
    return NULL;
  if (config == NULL)
    g_set_error (
        error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
        "%s: weights without a model: the attribute model_config of a whole Keras model is "
        "missing",
        path);

  return config;
}
