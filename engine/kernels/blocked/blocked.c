#include "engine/kernels/blocked/blocked.h"

#include <string.h>

/* A page: addresses this far apart share a set in the first-level cache. */
#define PAGE_FLOATS 1024

/* Planes stay at least so far from a multiple of a page: five lines. */
#define STAGGER_FLOATS 80

/**
 * rn_blocked_make:
 *
 * Returns: the layout of a tensor of these sizes, each at least 1
 */
RnBlocked
rn_blocked_make (int batch, int height, int width, int channels)
{
  RnBlocked self = { batch, channels, height, width };
  gint64 rest;

  self.n_blocks = (channels + RN_BLOCK - 1) / RN_BLOCK;
  self.row = (gint64)(width + 2) * RN_BLOCK;
  self.plane = (height + 2) * self.row;
  rest = self.plane % PAGE_FLOATS;
  if (rest < STAGGER_FLOATS)
    self.plane += STAGGER_FLOATS - rest;
  else if (rest > PAGE_FLOATS - STAGGER_FLOATS)
    self.plane += PAGE_FLOATS - rest + STAGGER_FLOATS;
  self.picture = self.n_blocks * self.plane;
  self.n_floats = batch * self.picture;

  return self;
}

/**
 * rn_blocked_clear_border:
 * @data: [n_floats]
 *
 * Makes the border of every plane zero, for a buffer that another shape had before.
 */
void
rn_blocked_clear_border (const RnBlocked *self, float *data)
{
  gint64 n_planes = (gint64)self->batch * self->n_blocks;

  for (gint64 i = 0; i < n_planes; i++)
    {
      float *plane = data + i * self->plane;
      float *last = plane + (self->height + 1) * self->row;

      memset (plane, 0, self->row * sizeof (float));
      memset (last, 0, (self->plane - (self->height + 1) * self->row) * sizeof (float));
      for (int y = 1; y <= self->height; y++)
        {
          memset (plane + y * self->row, 0, RN_BLOCK * sizeof (float));
          memset (plane + (y + 1) * self->row - RN_BLOCK, 0, RN_BLOCK * sizeof (float));
        }
    }
}

typedef struct
{
  const RnBlocked *shape;
  const float *source;
  float *target;
} Conversion;

/* One row of one picture, all channels. */
static void
row_from_nhwc (int chunk, int thread, gpointer data)
{
  const Conversion *self = data;
  const RnBlocked *s = self->shape;
  int picture = chunk / s->height;
  int y = chunk % s->height;
  const float *row = self->source + (gint64)chunk * s->width * s->channels;

  for (int block = 0; block < s->n_blocks; block++)
    {
      int first = block * RN_BLOCK, n = MIN (s->channels - first, RN_BLOCK);
      float *out = self->target + rn_blocked_offset (s, picture, block, y, 0);

      for (int x = 0; x < s->width; x++, out += RN_BLOCK)
        {
          memcpy (out, row + (gint64)x * s->channels + first, n * sizeof (float));
          if (n < RN_BLOCK)
            memset (out + n, 0, (RN_BLOCK - n) * sizeof (float));
        }
    }
}

static void
row_to_nhwc (int chunk, int thread, gpointer data)
{
  const Conversion *self = data;
  const RnBlocked *s = self->shape;
  int picture = chunk / s->height;
  int y = chunk % s->height;
  float *row = self->target + (gint64)chunk * s->width * s->channels;

  for (int block = 0; block < s->n_blocks; block++)
    {
      int first = block * RN_BLOCK, n = MIN (s->channels - first, RN_BLOCK);
      const float *in = self->source + rn_blocked_offset (s, picture, block, y, 0);

      for (int x = 0; x < s->width; x++, in += RN_BLOCK)
        memcpy (row + (gint64)x * s->channels + first, in, n * sizeof (float));
    }
}

/**
 * rn_blocked_from_nhwc:
 * @nhwc: [batch, height, width, channels]
 * @data: [n_floats]; its border is left alone
 * @pool: who does it
 */
void
rn_blocked_from_nhwc (const RnBlocked *self, const float *nhwc, float *data, RnPool *pool)
{
  Conversion conversion = { self, nhwc, data };

  rn_pool_run (pool, self->batch * self->height, row_from_nhwc, &conversion);
}

/**
 * rn_blocked_to_nhwc:
 * @data: [n_floats]
 * @nhwc: [batch, height, width, channels]
 * @pool: who does it
 */
void
rn_blocked_to_nhwc (const RnBlocked *self, const float *data, float *nhwc, RnPool *pool)
{
  Conversion conversion = { self, data, nhwc };

  rn_pool_run (pool, self->batch * self->height, row_to_nhwc, &conversion);
}
