#include "engine/tensor/memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>

/* Kernels and feature maps, and little else, are as large. */
#define RETURNED_BYTES (1 << 20)

G_DEFINE_QUARK (rn-memory-error-quark, rn_memory_error)

/* Blocks that may still be given out before all are refused; below 0: no bound. */
static gint blocks_left = -1;

static gboolean
is_refused (void)
{
  gint left;

  do
    {
      left = g_atomic_int_get (&blocks_left);
      if (left <= 0)
        return left == 0;
    }
  while (!g_atomic_int_compare_and_exchange (&blocks_left, left, left - 1));

  return FALSE;
}

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

  if (is_refused () || posix_memalign (&block, RN_MEMORY_ALIGNMENT, MAX (n_bytes, 1)) != 0)
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

/**
 * rn_memory_return_freed:
 *
 * Has large blocks go back to the system as soon as they are freed, for programs that run for long:
 * glibc otherwise learns to keep them, for every thread that once had some.
 */
void
rn_memory_return_freed (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, RETURNED_BYTES);
#endif
}

/**
 * rn_memory_fail_after:
 * @n_blocks: so many blocks are still given out, by all threads together; less than 0 for as many
 *   as there is memory for
 *
 * For tests of what happens where memory runs out.
 */
void
rn_memory_fail_after (int n_blocks)
{
  g_atomic_int_set (&blocks_left, n_blocks);
}
