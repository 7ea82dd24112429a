/* Zip archives: .keras and .npz. */
#include "engine/formats/keras-archive.h"
#include "engine/formats/npz.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) config_error = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autofree char *config = NULL;

  if (rn_keras_archive_detect (bytes, n_bytes))
    {
      weights = rn_keras_archive_read (bytes, n_bytes, FUZZ_LABEL, &error);
      config = rn_keras_archive_read_config (bytes, n_bytes, FUZZ_LABEL, &config_error);
      fuzz_judge (config != NULL, config_error);
    }
  else
    weights = rn_npz_read (bytes, n_bytes, FUZZ_LABEL, &error);
  fuzz_judge (weights != NULL, error);

  return 0;
}
