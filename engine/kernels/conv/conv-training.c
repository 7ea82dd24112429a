/* Forwards, and backwards to the input, a convolution is sums over segments of sixteen channels
 * under one place of a window, which the strip kernels compute; only the tables differ. Backwards,
 * output pixel o and tap k have touched input pixel i = o stride - pad + k, so input pixels fall
 * into stride² passes, by i + pad modulo the stride, each with the taps that can have touched
 * it. */
#include "engine/kernels/conv/conv-training.h"

#include <string.h>

#include "engine/tensor/memory.h"

#define MAX_STRIDE 2
#define MAX_KERNEL 3
#define MAX_PASSES (MAX_STRIDE * MAX_STRIDE)

/* Of a segment: which tap, and which block of the channels summed over. */
typedef struct
{
  int tap, block;
} Place;

/* One set of tables: pixels that are computed from the same taps. */
typedef struct
{
  int n_pixels;
  gint32 *pixels;     /* where each one's window begins in what is read */
  gint32 *out_pixels; /* where it lies in what is written */
  int n_segments;
  RnConvSegment *segments;
  Place *places;
  gint64 weights; /* where this pass's begin */
} Pass;

/* One direction. */
typedef struct
{
  RnBlocked from, to;
  int segment_length;
  int n_passes;
  Pass passes[MAX_PASSES];
  float *weights;
  float *ones, *shift; /* [to's channels, in blocks] */
} Direction;

struct _RnConvTraining
{
  RnConvShape shape;
  const RnKernels *kernels;
  Direction forward, backward;
};

/**
 * rn_conv_training_can:
 *
 * Returns: whether a convolution can be computed here: windows up to 3x3, strides up to 2, a border
 *   of one pixel, whole blocks of channels (of the input, or up to 16)
 */
gboolean
rn_conv_training_can (const RnConvShape *shape)
{
  for (int i = 0; i < 2; i++)
    if (shape->kernel[i] > MAX_KERNEL || shape->stride[i] > MAX_STRIDE || shape->dilation[i] != 1 ||
        (shape->kernel[i] - 1 - (i == 0 ? shape->pad_top : shape->pad_left)) / shape->stride[i] > 1)
      return FALSE;

  return shape->groups == 1 && shape->multiplier == 0 && shape->pad_top <= 1 &&
         shape->pad_left <= 1 && shape->out_channels % RN_BLOCK == 0 &&
         (shape->in_channels % RN_BLOCK == 0 || shape->in_channels < RN_BLOCK) &&
         (shape->out_height - 1) * shape->stride[0] + shape->kernel[0] - shape->pad_top <=
             shape->in_height + 1 &&
         (shape->out_width - 1) * shape->stride[1] + shape->kernel[1] - shape->pad_left <=
             shape->in_width + 1 &&
         /* backwards no tap may reach beyond the border of the output either */
         (shape->in_height - 1 + shape->pad_top) / shape->stride[0] <= shape->out_height &&
         (shape->in_width - 1 + shape->pad_left) / shape->stride[1] <= shape->out_width;
}

static void
add_segment (Pass *pass, const Direction *direction, int tap, int y, int x, int block)
{
  RnConvSegment *segment = &pass->segments[pass->n_segments];

  segment->input = block * direction->from.plane + y * direction->from.row + (gint64) x * RN_BLOCK;
  segment->pixels = 0;
  pass->places[pass->n_segments++] = (Place) { tap, block };
}

static void
begin_pass (Pass *pass, const Direction *direction, int n_pixels, int n_taps)
{
  pass->pixels = g_new (gint32, n_pixels);
  pass->out_pixels = g_new (gint32, n_pixels);
  pass->segments = g_new0 (RnConvSegment, n_taps * direction->from.n_blocks + RN_CONV_AHEAD);
  pass->places = g_new0 (Place, n_taps * direction->from.n_blocks);
}

/* What is beyond the last segment is fetched ahead of its use: let it be what will be read next. */
static void
end_pass (Pass *pass)
{
  for (int i = 0; pass->n_segments > 0 && i < RN_CONV_AHEAD; i++)
    pass->segments[pass->n_segments + i] = pass->segments[i % pass->n_segments];
}

static void
make_forward (RnConvTraining *self)
{
  const RnConvShape *shape = &self->shape;
  Direction *d = &self->forward;
  Pass *pass = &d->passes[0];

  d->n_passes = 1;
  begin_pass (pass, d, shape->out_height * shape->out_width, shape->kernel[0] * shape->kernel[1]);
  for (int tap = 0; tap < shape->kernel[0] * shape->kernel[1]; tap++)
    for (int b = 0; b < d->from.n_blocks; b++)
      add_segment (pass, d, tap, tap / shape->kernel[1], tap % shape->kernel[1], b);
  for (int y = 0; y < shape->out_height; y++)
    for (int x = 0; x < shape->out_width; x++, pass->n_pixels++)
      {
        pass->pixels[pass->n_pixels] =
            (gint32) rn_blocked_offset (&d->from, 0, 0, y * shape->stride[0] - shape->pad_top,
                                        x * shape->stride[1] - shape->pad_left);
        pass->out_pixels[pass->n_pixels] = (gint32) rn_blocked_offset (&d->to, 0, 0, y, x);
      }
  end_pass (pass);
}

/* The input pixels (first_y + i stride, first_x + j stride). */
static void
make_backward_pass (RnConvTraining *self, Pass *pass, int first_y, int first_x)
{
  const RnConvShape *shape = &self->shape;
  Direction *d = &self->backward;
  int reach_y = first_y + shape->pad_top, reach_x = first_x + shape->pad_left;

  begin_pass (pass, d, shape->in_height * shape->in_width, shape->kernel[0] * shape->kernel[1]);
  for (int ky = 0; ky < shape->kernel[0]; ky++)
    for (int kx = 0; kx < shape->kernel[1]; kx++)
      for (int b = 0; b < d->from.n_blocks; b++)
        if ((reach_y - ky) % shape->stride[0] == 0 && (reach_x - kx) % shape->stride[1] == 0)
          add_segment (pass, d, ky * shape->kernel[1] + kx, (reach_y - ky) / shape->stride[0],
                       (reach_x - kx) / shape->stride[1], b);
  for (int i = 0, y = first_y; y < shape->in_height; i++, y += shape->stride[0])
    for (int j = 0, x = first_x; x < shape->in_width; j++, x += shape->stride[1], pass->n_pixels++)
      {
        pass->pixels[pass->n_pixels] = (gint32) rn_blocked_offset (&d->from, 0, 0, i, j);
        pass->out_pixels[pass->n_pixels] = (gint32) rn_blocked_offset (&d->to, 0, 0, y, x);
      }
  end_pass (pass);
}

static gboolean
allocate (Direction *d, GError **error)
{
  gint64 n_weights = 0, n_channels = (gint64) d->to.n_blocks * RN_BLOCK;

  for (int i = 0; i < d->n_passes; i++)
    {
      d->passes[i].weights = n_weights;
      n_weights += (gint64) d->passes[i].n_segments * d->segment_length * n_channels;
    }
  d->weights = rn_memory_alloc0 (MAX (n_weights, 1) * sizeof (float), error);
  d->ones = d->weights != NULL ? rn_memory_alloc0 (2 * n_channels * sizeof (float), error) : NULL;
  if (d->ones == NULL)
    return FALSE;
  d->shift = d->ones + n_channels;
  for (int c = 0; c < n_channels; c++)
    d->ones[c] = 1;

  return TRUE;
}

/**
 * rn_conv_training_new:
 * @shape: of one picture, as rn_conv_training_can() accepts
 * @error: set where there is no memory
 *
 * Returns: (transfer full) (nullable): tables, and room for packed weights
 */
RnConvTraining *
rn_conv_training_new (const RnConvShape *shape, const RnKernels *kernels, GError **error)
{
  g_autoptr (RnConvTraining) self = g_new0 (RnConvTraining, 1);
  RnBlocked in = rn_blocked_make (1, shape->in_height, shape->in_width, shape->in_channels);
  RnBlocked out = rn_blocked_make (1, shape->out_height, shape->out_width, shape->out_channels);

  self->shape = *shape;
  self->kernels = kernels;
  self->forward.from = self->backward.to = in;
  self->forward.to = self->backward.from = out;
  self->forward.segment_length = MIN (shape->in_channels, RN_BLOCK);
  self->backward.segment_length = RN_BLOCK;
  make_forward (self);
  for (int y = 0; y < shape->stride[0]; y++)
    for (int x = 0; x < shape->stride[1]; x++)
      make_backward_pass (self, &self->backward.passes[self->backward.n_passes++], y, x);
  if (!allocate (&self->forward, error) || !allocate (&self->backward, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
direction_clear (Direction *d)
{
  for (int i = 0; i < d->n_passes; i++)
    {
      g_free (d->passes[i].pixels);
      g_free (d->passes[i].out_pixels);
      g_free (d->passes[i].segments);
      g_free (d->passes[i].places);
    }
  rn_memory_free (d->weights);
  rn_memory_free (d->ones);
}

void
rn_conv_training_free (RnConvTraining *self)
{
  if (self == NULL)
    return;

  direction_clear (&self->forward);
  direction_clear (&self->backward);
  g_free (self);
}

/* Channels of a panel that begins at @first. */
static int
panel_width (const RnConvTraining *self, const Direction *d, int first)
{
  return MIN (self->kernels->panel, d->to.n_blocks * RN_BLOCK - first);
}

/* weights[panel][segment][k][width] from kernel[tap][in][out]. */
static void
pack (const RnConvTraining *self, Direction *d, const float *kernel, gboolean backward)
{
  int n_in = self->shape.in_channels, n_out = self->shape.out_channels;
  int n_to = backward ? n_in : n_out;

  for (int i = 0; i < d->n_passes; i++)
    {
      const Pass *pass = &d->passes[i];
      float *row = d->weights + pass->weights;

      for (int first = 0; first < d->to.n_blocks * RN_BLOCK; first += self->kernels->panel)
        for (int s = 0; s < pass->n_segments; s++)
          for (int k = 0; k < d->segment_length; k++, row += panel_width (self, d, first))
            {
              int summed = pass->places[s].block * RN_BLOCK + k;
              int n = MIN (panel_width (self, d, first), n_to - first);
              const float *tap = kernel + (gint64) pass->places[s].tap * n_in * n_out;

              if (!backward)
                memcpy (row, tap + (gint64) summed * n_out + first, n * sizeof (float));
              else
                for (int c = 0; c < n; c++)
                  row[c] = tap[(gint64) (first + c) * n_out + summed];
            }
    }
}

/**
 * rn_conv_training_pack:
 * @kernel: [kernel[0], kernel[1], in_channels, out_channels]
 * @bias: (nullable): [out_channels]
 * @backward: whether rn_conv_training_backward_input() will be asked for
 *
 * Takes the weights of this step.
 */
void
rn_conv_training_pack (RnConvTraining *self,
                       const float *kernel,
                       const float *bias,
                       gboolean backward)
{
  pack (self, &self->forward, kernel, FALSE);
  if (backward)
    pack (self, &self->backward, kernel, TRUE);
  if (bias != NULL)
    memcpy (self->forward.shift, bias, self->shape.out_channels * sizeof (float));
}

static void
clear_pixels (const Direction *d, const Pass *pass, float *output)
{
  for (int b = 0; b < d->to.n_blocks; b++)
    for (int p = 0; p < pass->n_pixels; p++)
      memset (output + b * d->to.plane + pass->out_pixels[p], 0, RN_BLOCK * sizeof (float));
}

static void
run (const RnConvTraining *self,
     const Direction *d,
     const float *input,
     gboolean accumulate,
     float *output)
{
  for (int i = 0; i < d->n_passes; i++)
    {
      const Pass *pass = &d->passes[i];
      const float *weights = d->weights + pass->weights;

      if (pass->n_segments == 0)
        {
          if (!accumulate)
            clear_pixels (d, pass, output);
          continue;
        }
      for (int first = 0; first < d->to.n_blocks * RN_BLOCK; first += self->kernels->panel)
        {
          int width = panel_width (self, d, first);
          float *target = output + first / RN_BLOCK * d->to.plane + first % RN_BLOCK;
          RnConvStrip strip = { .input = input,
                                .segments = pass->segments,
                                .pixels = pass->pixels,
                                .n_segments = pass->n_segments,
                                .segment_length = d->segment_length,
                                .weights = weights,
                                .width = width,
                                .n_pixels = pass->n_pixels,
                                .output = target,
                                .out_pixels = pass->out_pixels,
                                .out_plane = d->to.plane,
                                .residual = accumulate ? target : NULL,
                                .scale = d->ones + first,
                                .shift = d->shift + first };

          self->kernels->conv_strip (&strip);
          weights += (gint64) pass->n_segments * d->segment_length * width;
        }
    }
}

/**
 * rn_conv_training_forward:
 * @input: blocked, one picture, its border zero
 * @output: likewise; written inside the border
 */
void
rn_conv_training_forward (const RnConvTraining *self, const float *input, float *output)
{
  run (self, &self->forward, input, FALSE, output);
}

/**
 * rn_conv_training_backward_input:
 * @d_output: blocked, one picture, its border zero
 * @accumulate: whether @d_input is added to
 */
void
rn_conv_training_backward_input (const RnConvTraining *self,
                                 const float *d_output,
                                 gboolean accumulate,
                                 float *d_input)
{
  run (self, &self->backward, d_output, accumulate, d_input);
}

/* Rows of the output that are gone through at a time: what is read of both tensors then stays in
 * the first-level cache while all taps and tiles go over it. */
#define STRIP_FLOATS 3072

/**
 * rn_conv_training_backward_kernel:
 * @d_kernel: [kernel[0], kernel[1], in_channels, out_channels], aligned to 64; added to
 * @d_bias: (nullable): [out_channels]; added to
 */
void
rn_conv_training_backward_kernel (const RnConvTraining *self,
                                  const float *input,
                                  const float *d_output,
                                  float *d_kernel,
                                  float *d_bias)
{
  const RnConvShape *shape = &self->shape;
  const RnBlocked *in = &self->forward.from, *out = &self->forward.to;
  int n_taps = shape->kernel[0] * shape->kernel[1];
  int rows = CLAMP (STRIP_FLOATS / (int) out->row, 1, shape->out_height);

  for (int y = 0; y < shape->out_height; y += rows)
    for (int o = 0; o < out->n_blocks; o++)
      for (int i = 0; i < in->n_blocks; i++)
        for (int tap = 0; tap < n_taps; tap++)
          {
            int in_y = y * shape->stride[0] - shape->pad_top + tap / shape->kernel[1];
            int in_x = tap % shape->kernel[1] - shape->pad_left;
            gint64 first = (gint64) tap * shape->in_channels + (gint64) i * RN_BLOCK;
            RnConvGradient gradient = {
              .input = input + rn_blocked_offset (in, 0, i, in_y, in_x),
              .in_row = shape->stride[0] * in->row,
              .in_step = (gint64) shape->stride[1] * RN_BLOCK,
              .d_output = d_output + rn_blocked_offset (out, 0, o, y, 0),
              .out_row = out->row,
              .height = MIN (rows, shape->out_height - y),
              .width = shape->out_width,
              .n_channels = MIN (shape->in_channels - i * RN_BLOCK, RN_BLOCK),
              .gradient = d_kernel + first * shape->out_channels + (gint64) o * RN_BLOCK,
              .gradient_row = shape->out_channels,
            };

            self->kernels->conv_gradient (&gradient);
          }
  for (int o = 0; d_bias != NULL && o < out->n_blocks; o++)
    {
      double sums[RN_BLOCK] = { 0 };

      self->kernels->sum_plane (d_output + rn_blocked_offset (out, 0, o, 0, 0), out->row,
                                shape->out_height, shape->out_width, sums);
      for (int c = 0; c < RN_BLOCK; c++)
        d_bias[o * RN_BLOCK + c] += sums[c];
    }
}
