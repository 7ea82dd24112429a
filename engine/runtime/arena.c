#include "engine/runtime/arena.h"

#include "engine/tensor/memory.h"

#include <string.h>
#include <sys/mman.h>

/* A large page of x86-64 and of arm64 with pages of 4 KiB. */
#define HUGE_PAGE (2 << 20)

struct _RnArena
{
  int batch;
  void *block;
  float *data;
};

/**
 * rn_arena_new:
 * @n_floats: what one picture needs
 * @batch: how many pictures
 *
 * Aligned to large pages, which the system is asked for: each convolution walks through a few
 * megabytes, and would otherwise spend its time on misses of the translation buffer.
 *
 * Returns: (transfer full) (nullable): zeros, as the borders of blocked tensors must be
 */
RnArena *
rn_arena_new (gint64 n_floats, int batch, GError **error)
{
  RnArena *self;
  gsize n_bytes;
  void *block;

  if (__builtin_mul_overflow ((gsize) n_floats, (gsize) batch * sizeof (float), &n_bytes)
      || n_bytes > RN_MEMORY_MAX_BYTES)
    n_bytes = RN_MEMORY_MAX_BYTES; /* with the page below too much, and refused with its reason */
  block = rn_memory_alloc (n_bytes + HUGE_PAGE, error);
  if (block == NULL)
    return NULL;

  self = g_new0 (RnArena, 1);
  self->batch = batch;
  self->block = block;
  self->data = (float *) (((guintptr) block + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
  madvise (self->data, n_bytes, MADV_HUGEPAGE); /* only a wish */
  memset (self->data, 0, n_bytes);

  return self;
}

void
rn_arena_free (RnArena *self)
{
  if (self == NULL)
    return;

  rn_memory_free (self->block);
  g_free (self);
}

/* Where a value lies that starts at @offset in an arena for one picture; its pictures stand next to
 * each other. */
float *
rn_arena_get (const RnArena *self, gint64 offset)
{
  return self->data + offset * self->batch;
}
