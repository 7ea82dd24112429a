/* ONNX models. */
#include "engine/formats/onnx-reader.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnModel) model = NULL;

  if (!rn_onnx_detect (bytes, n_bytes))
    return 0;
  model = rn_onnx_read (bytes, n_bytes, FUZZ_LABEL, &weights, &error);
  fuzz_judge (model != NULL, error);

  return 0;
}
