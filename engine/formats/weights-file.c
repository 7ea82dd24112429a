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

/**
 * rn_weights_load_fd:
 * @fd: a file open for reading, which stays the caller's
 * @label: what to call the file in messages
 *
 * As rn_weights_load(), for a process that may open no files.
 */
RnWeights *
rn_weights_load_fd (int fd, const char *label, GError **error)
{
  g_autoptr (RnHdf5File) file = NULL;

  g_return_val_if_fail (fd >= 0 && label != NULL, NULL);

  file = rn_hdf5_file_open_fd (fd, label, error);
  return file != NULL ? rn_keras_hdf5_read_weights (file, error) : NULL;
}
