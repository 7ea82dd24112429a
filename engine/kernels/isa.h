/* The instruction sets that kernels are written for, and the choice of one. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RN_ISA_ERROR (rn_isa_error_quark ())
GQuark rn_isa_error_quark (void);

typedef enum
{
  RN_ISA_ERROR_UNKNOWN, /* no such name */
  RN_ISA_ERROR_ABSENT,  /* this processor does not have it */
} RnIsaError;

/**
 * RnIsa:
 * @RN_ISA_REFERENCE: plain loops, to compare with
 * @RN_ISA_SSE2: four floats a register by the compiler's vector extensions: SSE2 on x86-64, and from
 *   the same source NEON on arm64; every processor has it
 * @RN_ISA_AVX2: eight floats, fused multiply-add
 * @RN_ISA_AVX512: sixteen floats, 32 registers
 */
typedef enum
{
  RN_ISA_REFERENCE,
  RN_ISA_SSE2,
  RN_ISA_AVX2,
  RN_ISA_AVX512,
} RnIsa;

#define RN_N_ISAS (RN_ISA_AVX512 + 1)

const char *rn_isa_get_name     (RnIsa         isa);
gboolean    rn_isa_from_name    (const char   *name,
                                 RnIsa        *isa,
                                 GError      **error);
gboolean    rn_isa_is_available (RnIsa         isa);
RnIsa       rn_isa_get_best     (void);
gboolean    rn_isa_choose       (RnIsa        *isa,
                                 GError      **error);

G_END_DECLS
