#include "engine/formats/weights-file.h"

#include "engine/formats/keras-hdf5.h"

/**
 * rn_weights_load:
 * @path: of a weight file or of a whole model
 * @error: set where it cannot be read, is damaged, or is of no kind that is known
 *
 * The format is told by the file's content, not by its name.
 *
 * Returns: (transfer full) (nullable): the weights
 */
RnWeights *
rn_weights_load (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return rn_keras_hdf5_read (path, error);
}
