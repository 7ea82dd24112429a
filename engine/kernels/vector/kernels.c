#include "engine/kernels/vector/kernels-private.h"

/**
 * rn_kernels_get:
 * @isa: an instruction set that this processor has
 *
 * Returns: (nullable): its kernels; %NULL for %RN_ISA_REFERENCE, which has plain loops alone
 */
const RnKernels *
rn_kernels_get (RnIsa isa)
{
  g_return_val_if_fail (rn_isa_is_available (isa), NULL);

  switch (isa)
    {
    case RN_ISA_SSE2:
      return &rn_kernels_sse2;
#if defined(__x86_64__)
    case RN_ISA_AVX2:
      return &rn_kernels_avx2;
    case RN_ISA_AVX512:
      return &rn_kernels_avx512;
#endif
    default:
      return NULL;
    }
}
