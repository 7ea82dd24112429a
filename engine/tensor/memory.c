#include "engine/tensor/memory.h"

#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK (rn-memory-error-quark, rn_memory_error)

/**
 * rn_memory_alloc:
 * @n_bytes: size; 0 is allowed and gives a block that must be freed all the same
 * @error: set to an #RnMemoryError
 *
 * Returns: (transfer full) (nullable): a block aligned to %RN_MEMORY_ALIGNMENT bytes, of undefined
 *   contents; free it with rn_memory_free()
 */
void *
rn_memory_alloc (size_t n_bytes, GError **error)
{
  void *block = NULL;

  if (n_bytes > RN_MEMORY_MAX_BYTES)
    {
      g_set_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT,
                   "a block of %" G_GSIZE_FORMAT " MiB is too large: at most %" G_GUINT64_FORMAT
                   " MiB are given out at once",
                   n_bytes >> 20, RN_MEMORY_MAX_BYTES >> 20);
      return NULL;
    }

  if (posix_memalign (&block, RN_MEMORY_ALIGNMENT, MAX (n_bytes, 1)) != 0)
    {
      g_set_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_EXHAUSTED,
                   "out of memory: %" G_GSIZE_FORMAT " MiB more cannot be had", n_bytes >> 20);
      return NULL;
    }

  return block;
}

/**
 * rn_memory_alloc0:
 *
 * Returns: (transfer full) (nullable): as rn_memory_alloc(), filled with zeros
 */
void *
rn_memory_alloc0 (size_t n_bytes, GError **error)
{
  void *block = rn_memory_alloc (n_bytes, error);

  if (block != NULL)
    memset (block, 0, n_bytes);

  return block;
}

/**
 * rn_memory_free:
 * @block: (nullable): from rn_memory_alloc()
 */
void
rn_memory_free (void *block)
{
  free (block);
}
