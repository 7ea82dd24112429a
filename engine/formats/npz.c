#include "engine/formats/npz.h"

#include <string.h>

#include "engine/formats/npy.h"
#include "engine/formats/torch-weights.h"
#include "engine/formats/zip.h"

#define SUFFIX ".npy"

typedef struct
{
  const char *label;
  RnTorchWeights *torch;
  int n_arrays;
} Reading;

static gboolean
is_array (const char *name, gpointer data)
{
  return g_str_has_suffix (name, SUFFIX) && !g_str_has_suffix (name, "num_batches_tracked" SUFFIX);
}

static gboolean
on_array (const char *name, GBytes *content, gpointer data, GError **error)
{
  Reading *reading = data;
  g_autofree char *label = g_strdup_printf ("%s: array '%s'", reading->label, name);
  g_autofree char *weight = g_strndup (name, strlen (name) - strlen (SUFFIX));
  g_autoptr (RnTensor) tensor = NULL;
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (content, &n_bytes);

  tensor = rn_npy_parse (bytes, n_bytes, label, error);
  if (tensor == NULL)
    return FALSE;
  if (!rn_torch_weights_add (reading->torch, weight, tensor, error))
    {
      g_prefix_error (error, "%s: ", reading->label);
      return FALSE;
    }
  reading->n_arrays++;

  return TRUE;
}

/**
 * rn_npz_read:
 * @bytes: the whole file
 * @n_bytes: its size
 * @label: what to call it in messages
 * @error: set where it is damaged or its names are not torchvision's
 *
 * Returns: (transfer full) (nullable): the weights, in Keras' layout
 */
RnWeights *
rn_npz_read (const guint8 *bytes, gsize n_bytes, const char *label, GError **error)
{
  g_autoptr (RnTorchWeights) torch = rn_torch_weights_new ();
  Reading reading = { label, torch, 0 };
  RnWeights *weights;

  g_return_val_if_fail (bytes != NULL && label != NULL, NULL);

  if (!rn_zip_read (bytes, n_bytes, label, is_array, on_array, &reading, error))
    return NULL;
  if (reading.n_arrays == 0)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: a zip archive without weights: .keras and .npz archives are read", label);
      return NULL;
    }

  weights = rn_torch_weights_finish (torch, error);
  if (weights == NULL)
    g_prefix_error (error, "%s: ", label);
  else
    rn_weights_get_info (weights)->name = g_path_get_basename (label);

  return weights;
}
