/* Hugging Face's .safetensors. */
#include "engine/formats/safetensors.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = NULL;

  if (!rn_safetensors_detect (bytes, n_bytes))
    return 0;
  weights = rn_safetensors_read (bytes, n_bytes, FUZZ_LABEL, &error);
  fuzz_judge (weights != NULL, error);

  return 0;
}
