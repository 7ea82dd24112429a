#include "engine/kernels/pool/blocked-pool.h"

#include <string.h>

typedef struct
{
  const RnBlockedPool *pool;
  const RnBlocked *in;
  const float *input;
  const RnBlocked *out;
  float *output;
  const RnKernels *kernels;
  const gint *cancelled;
} MaxPool;

static gboolean
is_cancelled (const gint *cancelled)
{
  return cancelled != NULL && g_atomic_int_get (cancelled) != 0;
}

/* The part of a window from @first on that lies in [@low, @high). */
static void
clip (int first, int length, int low, int high, int *start, int *n)
{
  *start = MAX (first, low);
  *n = MAX (MIN (first + length, high) - *start, 0);
}

/* Whether zeros outside the input take part in the window. */
static void
include_zero (float *pixel)
{
  for (int c = 0; c < RN_BLOCK; c++)
    if (pixel[c] < 0)
      pixel[c] = 0;
}

/* One row of one block of channels. Outputs whose windows are whole go at once; those at the edges
 * one by one. */
static void
max_pool_chunk (int chunk, int thread, gpointer data)
{
  const MaxPool *self = data;
  const RnBlockedPool *p = self->pool;
  int y = chunk % self->out->height;
  int block = chunk / self->out->height % self->out->n_blocks;
  int picture = chunk / self->out->height / self->out->n_blocks;
  int first_y = y * p->stride[0] - p->pad_top;
  int start_y, n_rows;

  if (is_cancelled (self->cancelled))
    return;
  clip (first_y, p->window[0], 0, self->in->height, &start_y, &n_rows);

  for (int x = 0; x < self->out->width;)
    {
      int first_x = x * p->stride[1] - p->pad_left;
      int start_x, n_columns, n = 1;
      float *output = self->output + rn_blocked_offset (self->out, picture, block, y, x);

      clip (first_x, p->window[1], 0, self->in->width, &start_x, &n_columns);
      if (n_columns == p->window[1])
        n = MIN (self->out->width - x,
                 (self->in->width - p->window[1] - first_x) / p->stride[1] + 1);

      if (n_rows == 0 || n_columns == 0)
        memset (output, 0, RN_BLOCK * sizeof (float));
      else
        self->kernels->max_pool_row (&(RnPoolRow){
            self->input + rn_blocked_offset (self->in, picture, block, start_y, start_x),
            self->in->row, n_rows, n_columns, (gint64)p->stride[1] * RN_BLOCK, output, n });

      if (p->pad_zero && (n_rows < p->window[0] || n_columns < p->window[1]))
        for (int i = 0; i < n; i++)
          include_zero (output + (gint64) i * RN_BLOCK);
      x += n;
    }
}

/**
 * rn_blocked_max_pool:
 * @self: window, stride, padding
 * @in: the input's layout
 * @input: [in->n_floats]
 * @out: the output's layout: same batch and channels
 * @output: [out->n_floats]; its border is left alone
 *
 * @cancelled: (nullable): as #RnConvArgs's
 *
 * A window that has nothing of the input in it gives 0.
 */
void
rn_blocked_max_pool (const RnBlockedPool *self,
                     const RnBlocked *in,
                     const float *input,
                     const RnBlocked *out,
                     float *output,
                     const RnKernels *kernels,
                     RnPool *pool,
                     const gint *cancelled)
{
  MaxPool job = { self, in, input, out, output, kernels, cancelled };

  rn_pool_run (pool, out->batch * out->n_blocks * out->height, max_pool_chunk, &job);
}

/* One block of channels of one picture. */
static void
average_chunk (int chunk, int thread, gpointer data)
{
  const MaxPool *self = data;
  const RnBlocked *in = self->in;
  int picture = chunk / in->n_blocks;
  int block = chunk % in->n_blocks;
  double sums[RN_BLOCK];

  if (is_cancelled (self->cancelled))
    return;
  self->kernels->sum_plane (self->input + rn_blocked_offset (in, picture, block, 0, 0), in->row,
                            in->height, in->width, sums);
  for (int c = 0; c < MIN (in->channels - block * RN_BLOCK, RN_BLOCK); c++)
    self->output[(gint64)picture * in->channels + (gint64) block * RN_BLOCK + c] =
        (float)(sums[c] / ((double)in->height * in->width));
}

/**
 * rn_blocked_global_average:
 * @in: the input's layout
 * @input: [in->n_floats]
 * @output: [batch][channels], plain
 * @cancelled: (nullable): as #RnConvArgs's
 */
void
rn_blocked_global_average (const RnBlocked *in,
                           const float *input,
                           float *output,
                           const RnKernels *kernels,
                           RnPool *pool,
                           const gint *cancelled)
{
  MaxPool job = { NULL, in, input, NULL, output, kernels, cancelled };

  rn_pool_run (pool, in->batch * in->n_blocks, average_chunk, &job);
}

typedef struct
{
  const RnBlocked *shape;
  const float *input;
  const float *scale;
  const float *shift;
  const float *residual;
  gboolean relu;
  float *output;
  const RnKernels *kernels;
  const gint *cancelled;
} Affine;

static void
affine_chunk (int chunk, int thread, gpointer data)
{
  const Affine *self = data;
  const RnBlocked *shape = self->shape;
  int picture = chunk / shape->n_blocks;
  int block = chunk % shape->n_blocks;
  _Alignas(64) float scale[RN_BLOCK] = { 0 };
  _Alignas(64) float shift[RN_BLOCK] = { 0 };

  if (is_cancelled (self->cancelled))
    return;
  for (int c = 0; c < MIN (shape->channels - block * RN_BLOCK, RN_BLOCK); c++)
    {
      scale[c] = self->scale != NULL ? self->scale[block * RN_BLOCK + c] : 1;
      shift[c] = self->shift != NULL ? self->shift[block * RN_BLOCK + c] : 0;
    }

  for (int y = 0; y < shape->height; y++)
    {
      gint64 place = rn_blocked_offset (shape, picture, block, y, 0);

      self->kernels->affine_row (&(RnAffineRow){
          self->input + place, scale, shift, self->residual != NULL ? self->residual + place : NULL,
          self->relu, self->output + place, shape->width });
    }
}

/**
 * rn_blocked_affine:
 * @shape: the layout of all tensors
 * @input: [n_floats]
 * @scale: (nullable): [channels]; %NULL for 1
 * @shift: (nullable): [channels]; %NULL for 0
 * @residual: (nullable): [n_floats], added
 * @relu: whether max (0, x) follows
 * @output: [n_floats]; may be @input or @residual
 * @cancelled: (nullable): as #RnConvArgs's
 *
 * Batch normalization, addition and ReLU, alone or together, where no convolution precedes them.
 */
void
rn_blocked_affine (const RnBlocked *shape,
                   const float *input,
                   const float *scale,
                   const float *shift,
                   const float *residual,
                   gboolean relu,
                   float *output,
                   const RnKernels *kernels,
                   RnPool *pool,
                   const gint *cancelled)
{
  Affine job = { shape, input, scale, shift, residual, relu, output, kernels, cancelled };

  rn_pool_run (pool, shape->batch * shape->n_blocks, affine_chunk, &job);
}
