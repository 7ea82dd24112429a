/* Keras' HDF5 files: weights, and the model in them. */
#include <string.h>
#include <unistd.h>

#include "engine/formats/model-file.h"
#include "engine/formats/weights-file.h"
#include "tests/fuzz/fuzz.h"

#define SIGNATURE "\x89HDF\r\n\x1a\n"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) weights_error = NULL;
  g_autoptr (GError) model_error = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnWeights) model_weights = NULL;
  g_autoptr (RnModel) model = NULL;
  int fd;

  /* Anything else is taken for another format, which has a target of its own. */
  if (n_bytes < strlen (SIGNATURE) || memcmp (bytes, SIGNATURE, strlen (SIGNATURE)) != 0)
    return 0;

  fd = fuzz_file (bytes, n_bytes);
  weights = rn_weights_load_fd (fd, FUZZ_LABEL, &weights_error);
  fuzz_judge (weights != NULL, weights_error);
  model = rn_model_load_fd (fd, FUZZ_LABEL, &model_weights, &model_error);
  fuzz_judge (model != NULL, model_error);
  close (fd);

  return 0;
}
