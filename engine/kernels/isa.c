#include "engine/kernels/isa.h"

G_DEFINE_QUARK (rn - isa - error - quark, rn_isa_error)

static const char *const isa_names[RN_N_ISAS] = { "reference", "sse2", "avx2", "avx512" };

/**
 * rn_isa_get_name:
 *
 * Returns: the name that `RN_ISA` knows @isa by
 */
const char *
rn_isa_get_name (RnIsa isa)
{
  g_return_val_if_fail ((guint)isa < RN_N_ISAS, NULL);

  return isa_names[isa];
}

/**
 * rn_isa_from_name:
 * @name: e.g. "avx2"
 * @isa: (out): where to put it
 * @error: set to %RN_ISA_ERROR_UNKNOWN
 *
 * Returns: whether there is such an instruction set; the processor need not have it
 */
gboolean
rn_isa_from_name (const char *name, RnIsa *isa, GError **error)
{
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (isa != NULL, FALSE);

  for (int i = 0; i < RN_N_ISAS; i++)
    if (g_str_equal (name, isa_names[i]))
      {
        *isa = (RnIsa)i;
        return TRUE;
      }

  g_set_error (error, RN_ISA_ERROR, RN_ISA_ERROR_UNKNOWN,
               "no instruction set is called “%s”: use reference, sse2, avx2 or avx512", name);
  return FALSE;
}

/**
 * rn_isa_is_available:
 *
 * Returns: whether this processor, and the system on it, can run kernels for @isa
 */
gboolean
rn_isa_is_available (RnIsa isa)
{
  switch (isa)
    {
    case RN_ISA_REFERENCE:
    case RN_ISA_SSE2:
      return TRUE;
#if defined(__x86_64__)
    case RN_ISA_AVX2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    case RN_ISA_AVX512:
      return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512vl") &&
             __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512bw") &&
             __builtin_cpu_supports ("fma");
#endif
    default:
      return FALSE;
    }
}

/**
 * rn_isa_get_best:
 *
 * Returns: the widest instruction set of this processor
 */
RnIsa
rn_isa_get_best (void)
{
  RnIsa isa = RN_ISA_AVX512;

  while (!rn_isa_is_available (isa))
    isa--;

  return isa;
}

/**
 * rn_isa_choose:
 * @isa: (out): where to put the choice
 * @error: set to an #RnIsaError
 *
 * Chooses what the environment variable `RN_ISA` names, or the best one where it is unset or empty.
 * Forcing one that the processor lacks is an error rather than a silent choice of another.
 *
 * Returns: whether a choice was made
 */
gboolean
rn_isa_choose (RnIsa *isa, GError **error)
{
  const char *name = g_getenv ("RN_ISA");
  RnIsa forced;

  g_return_val_if_fail (isa != NULL, FALSE);

  if (name == NULL || *name == '\0')
    {
      *isa = rn_isa_get_best ();
      return TRUE;
    }

  if (!rn_isa_from_name (name, &forced, error))
    {
      g_prefix_error (error, "RN_ISA: ");
      return FALSE;
    }
  if (!rn_isa_is_available (forced))
    {
      g_set_error (error, RN_ISA_ERROR, RN_ISA_ERROR_ABSENT,
                   "RN_ISA: this processor does not have %s: use %s or a narrower one, or unset it",
                   name, isa_names[rn_isa_get_best ()]);
      return FALSE;
    }

  *isa = forced;
  return TRUE;
}
