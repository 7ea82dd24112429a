/* The tables that the instruction sets' translation units fill in. */
#pragma once

#include "engine/kernels/vector/kernels.h"

extern const RnKernels rn_kernels_sse2;
extern const RnKernels rn_kernels_avx2;
extern const RnKernels rn_kernels_avx512;
