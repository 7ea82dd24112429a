/* NumPy's .npy. Float32 numbers that are read are written again, and must come back the same. */
#include <string.h>

#include "engine/formats/npy.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnTensor) tensor =
      rn_npy_parse ((const char *) bytes, n_bytes, FUZZ_LABEL, &error);
  g_autoptr (GBytes) written = NULL;
  g_autoptr (RnTensor) again = NULL;

  fuzz_judge (tensor != NULL, error);
  if (tensor == NULL || tensor->dtype != RN_DTYPE_F32)
    return 0;

  written = rn_npy_to_bytes (tensor);
  again = rn_npy_parse (g_bytes_get_data (written, NULL), g_bytes_get_size (written), FUZZ_LABEL,
                        &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->dtype, ==, tensor->dtype);
  g_assert_cmpmem (again->data, rn_tensor_get_n_bytes (again), tensor->data,
                   rn_tensor_get_n_bytes (tensor));

  return 0;
}
