/* The direct way: the sum as it stands, in panels of output channels and strips of pixels.
 *
 * Every window, stride, dilation and padding is a table of offsets (see conv-strip.h). Where all
 * that windows reach is inside the input or its border, one table of pixels serves all places of
 * the window. Else each place has its own, and pixels that do not exist point to the plane's
 * corner, which is zero.
 *
 * Blocking. Small weights stay in the second-level cache: the pixels are cut into chunks, and
 * within a chunk all panels take their turn. Large ones are read once: the panels are cut into
 * chunks, and within a chunk pixels go by the block that stays in that cache.
 */
#include "engine/kernels/conv/conv-op-private.h"

#include <string.h>

/* Weights that count as small, and input that a block of pixels may have. */
#define SMALL_WEIGHTS (600 << 10)
#define BLOCK_BYTES (192 << 10)

/* Chunks a thread, so that one that started late or was put aside takes fewer. */
#define CHUNKS_PER_THREAD 4

/* Entries of a table of pixels: beyond, it would be larger than what it saves. */
#define MAX_TABLE (G_GINT64_CONSTANT (1) << 24)

static gboolean
is_separable (const RnConvShape *shape)
{
  int last_y = (shape->out_height - 1) * shape->stride[0] +
               (shape->kernel[0] - 1) * shape->dilation[0] - shape->pad_top;
  int last_x = (shape->out_width - 1) * shape->stride[1] +
               (shape->kernel[1] - 1) * shape->dilation[1] - shape->pad_left;

  return shape->pad_top <= 1 && shape->pad_left <= 1 && last_y <= shape->in_height &&
         last_x <= shape->in_width;
}

gboolean
rn_conv_direct_can (const RnConvShape *shape, gboolean plain_input)
{
  gint64 n_taps = (gint64)shape->kernel[0] * shape->kernel[1];
  gint64 n_pixels = (gint64)shape->out_height * shape->out_width;

  if (shape->multiplier != 0)
    return FALSE;
  if (plain_input)
    return shape->groups == 1;
  if (shape->groups > 1 && (shape->in_channels / shape->groups % RN_BLOCK != 0 ||
                            shape->out_channels / shape->groups % RN_BLOCK != 0))
    return FALSE;

  return is_separable (shape) || n_taps * n_pixels <= MAX_TABLE;
}

static void
prepare_output (RnConvOp *self)
{
  const RnConvShape *shape = &self->shape;
  gint32 *place = self->out_pixels = g_new (gint32, (gsize)shape->out_height * shape->out_width);

  for (int y = 0; y < shape->out_height; y++)
    for (int x = 0; x < shape->out_width; x++)
      *place++ = (gint32)rn_blocked_offset (&self->out, 0, 0, y, x);
}

/* A plain picture: a segment is a row of the window, all its channels side by side; where it is
 * dilated, one place of the window. */
static void
prepare_plain (RnConvOp *self)
{
  const RnConvShape *shape = &self->shape;
  gboolean dense = shape->dilation[1] == 1;
  int n_columns = dense ? 1 : shape->kernel[1];
  int n_channels = shape->in_channels;
  gint32 *pixel;

  self->padded_height =
      (shape->out_height - 1) * shape->stride[0] + (shape->kernel[0] - 1) * shape->dilation[0] + 1;
  self->padded_width =
      (shape->out_width - 1) * shape->stride[1] + (shape->kernel[1] - 1) * shape->dilation[1] + 1;
  self->scratch_size =
      (gsize)shape->batch * self->padded_height * self->padded_width * n_channels * sizeof (float);

  self->n_segments = shape->kernel[0] * n_columns;
  self->segment_length = n_channels * (dense ? shape->kernel[1] : 1);
  self->segments = rn_conv_segments_new (self->n_segments);
  for (int i = 0; i < self->n_segments; i++)
    self->segments[i].input = ((gint64)i / n_columns * shape->dilation[0] * self->padded_width +
                               (gint64) (i % n_columns) * shape->dilation[1]) *
                              n_channels;

  pixel = self->pixels = g_new (gint32, (gsize)shape->out_height * shape->out_width);
  for (int y = 0; y < shape->out_height; y++)
    for (int x = 0; x < shape->out_width; x++)
      *pixel++ = (y * shape->stride[0] * self->padded_width + x * shape->stride[1]) * n_channels;
}

/* The input pixel under place (@ky, @kx) of output (@y, @x)'s window. */
static gint32
find_pixel (const RnConvOp *self, int y, int x, int ky, int kx)
{
  const RnConvShape *shape = &self->shape;
  int in_y = y * shape->stride[0] + ky * shape->dilation[0] - shape->pad_top;
  int in_x = x * shape->stride[1] + kx * shape->dilation[1] - shape->pad_left;

  if (in_y < -1 || in_y > shape->in_height || in_x < -1 || in_x > shape->in_width)
    return 0;
  return (gint32)rn_blocked_offset (&self->in, 0, 0, in_y, in_x);
}

/* A blocked tensor: a segment is sixteen channels under one place of the window. */
static void
prepare_blocked (RnConvOp *self)
{
  const RnConvShape *shape = &self->shape;
  gboolean separable = is_separable (shape);
  int n_blocks = self->in.n_blocks / shape->groups;
  int n_taps = shape->kernel[0] * shape->kernel[1];
  gint64 n_pixels = (gint64)shape->out_height * shape->out_width;
  gint32 *pixel;

  self->n_segments = n_taps * n_blocks;
  self->segment_length = RN_BLOCK;
  self->segments = rn_conv_segments_new (self->n_segments);
  for (int i = 0; i < self->n_segments; i++)
    {
      int tap = i / n_blocks;
      RnConvSegment *segment = &self->segments[i];

      segment->input = i % n_blocks * self->in.plane;
      if (separable)
        segment->input += (gint64) (tap / shape->kernel[1]) * shape->dilation[0] * self->in.row +
                          (gint64)tap % shape->kernel[1] * shape->dilation[1] * RN_BLOCK;
      else
        segment->pixels = tap * n_pixels;
    }

  pixel = self->pixels = g_new (gint32, (separable ? 1 : n_taps) * n_pixels);
  for (int tap = 0; tap < (separable ? 1 : n_taps); tap++)
    for (int y = 0; y < shape->out_height; y++)
      for (int x = 0; x < shape->out_width; x++)
        *pixel++ = find_pixel (self, y, x, tap / shape->kernel[1], tap % shape->kernel[1]);
}

/* Pixels that a tile has: chunks and blocks hold whole ones. */
static int
get_tile_pixels (const RnConvOp *self)
{
  return self->spacing != 0 ? self->kernels->even_pixels : self->kernels->max_pixels;
}

void
rn_conv_direct_prepare (RnConvOp *self)
{
  const RnConvShape *shape = &self->shape;
  int step = shape->stride[1] * (self->plain_input ? shape->in_channels : RN_BLOCK);

  prepare_output (self);
  if (self->plain_input)
    prepare_plain (self);
  else
    prepare_blocked (self);
  if (self->kernels->even_pixels != 0 && shape->out_width % RN_STRIP_RUN == 0 &&
      (self->plain_input || is_separable (shape)))
    self->spacing = step;
  rn_conv_segments_extend (self->segments, self->n_segments, (gint64)get_tile_pixels (self) * step);
  self->n_rows = (gint64)self->n_segments * self->segment_length;
}

/* How a run is cut up. */
typedef struct
{
  const RnConvOp *op;
  const RnConvArgs *args;
  const float *input;
  gint64 picture_stride;
  int n_pixel_chunks;
  int n_panel_chunks;
  int block_pixels;
} Run;

/* One row of the plain picture, with its padding. */
static void
fill_up_row (int chunk, int thread, gpointer data)
{
  const Run *run = data;
  const RnConvOp *op = run->op;
  const RnConvShape *shape = &op->shape;
  int picture = chunk / op->padded_height;
  int y = chunk % op->padded_height - shape->pad_top;
  int n_channels = shape->in_channels;
  gint64 n = (gint64)op->padded_width * n_channels;
  float *row = (float *)run->args->scratch + chunk * n;
  gint64 before = MIN ((gint64)shape->pad_left * n_channels, n);
  gint64 inside = MIN ((gint64)shape->in_width * n_channels, n - before);

  if (rn_conv_op_is_cancelled (run->args))
    return;
  if (y < 0 || y >= shape->in_height)
    {
      memset (row, 0, n * sizeof (float));
      return;
    }

  memset (row, 0, before * sizeof (float));
  memcpy (row + before,
          run->args->input +
              ((gint64)picture * shape->in_height + y) * shape->in_width * n_channels,
          inside * sizeof (float));
  memset (row + before + inside, 0, (n - before - inside) * sizeof (float));
}

/* Where a chunk of pixels begins: at a whole tile. */
static int
find_pixel_chunk (const Run *run, int chunk)
{
  const RnConvOp *op = run->op;
  int n_pixels = op->shape.out_height * op->shape.out_width;
  int tile = get_tile_pixels (op);
  gint64 n_tiles = (n_pixels + tile - 1) / tile;

  return (int)MIN (n_tiles * chunk / run->n_pixel_chunks * tile, n_pixels);
}

static void
run_chunk (int chunk, int thread, gpointer data)
{
  const Run *run = data;
  const RnConvOp *op = run->op;
  int pixel_chunk = chunk % run->n_pixel_chunks;
  int panel_chunk = chunk / run->n_pixel_chunks % run->n_panel_chunks;
  int picture = chunk / run->n_pixel_chunks / run->n_panel_chunks;
  int first = find_pixel_chunk (run, pixel_chunk);
  int end = find_pixel_chunk (run, pixel_chunk + 1);
  int first_panel = (int)((gint64)op->n_panels * panel_chunk / run->n_panel_chunks);
  int end_panel = (int)((gint64)op->n_panels * (panel_chunk + 1) / run->n_panel_chunks);

  for (int pixel = first; pixel < end; pixel += run->block_pixels)
    for (int panel = first_panel; panel < end_panel; panel++)
      {
        RnConvTaps taps;
        RnConvStrip strip = {
          .input = run->input + picture * run->picture_stride +
                   op->panels[panel].first_block * op->in.plane,
          .segments = op->segments,
          .pixels = op->pixels,
          .n_segments = op->n_segments,
          .segment_length = op->segment_length,
          .spacing = op->spacing,
          .weights = op->weights + op->panels[panel].weights,
          .first_pixel = pixel,
          .n_pixels = MIN (end - pixel, run->block_pixels),
          .out_pixels = op->out_pixels,
        };

        if (rn_conv_op_is_cancelled (run->args))
          return;
        if (panel + 1 < op->n_panels)
          {
            strip.next = (const char *)(op->weights + op->panels[panel + 1].weights);
            strip.next_size = op->n_rows * op->panels[panel + 1].width * sizeof (float);
          }
        rn_conv_op_begin_strip (op, run->args, picture, panel, 0, &strip, &taps);
        op->kernels->conv_strip (&strip);
      }
}

/* Cuts the work up, see the top of this file. */
static void
plan_chunks (Run *run)
{
  const RnConvOp *op = run->op;
  const RnConvShape *shape = &op->shape;
  int n_pixels = shape->out_height * shape->out_width;
  int n_wanted = rn_pool_get_n_threads (run->args->pool) * CHUNKS_PER_THREAD;
  gint64 bytes_per_pixel = (gint64)shape->in_channels * sizeof (float);
  int tile = get_tile_pixels (op);

  if (shape->kernel[0] > 1)
    bytes_per_pixel *= (gint64) shape->stride[0] * shape->stride[1];
  run->block_pixels = (int)CLAMP (BLOCK_BYTES / bytes_per_pixel, tile, n_pixels);
  run->block_pixels = (run->block_pixels + tile - 1) / tile * tile;
  n_wanted = (n_wanted + shape->batch - 1) / shape->batch;

  run->n_pixel_chunks = 1;
  run->n_panel_chunks = 1;
  if (op->n_weights * sizeof (float) <= SMALL_WEIGHTS)
    run->n_pixel_chunks =
        CLAMP (MAX (n_wanted, n_pixels / run->block_pixels), 1, (n_pixels + tile - 1) / tile);
  else
    run->n_panel_chunks = CLAMP (n_wanted, 1, op->n_panels);
}

gboolean
rn_conv_direct_run (const RnConvOp *self, const RnConvArgs *args)
{
  Run run = { self, args, args->input, self->in.picture };

  if (self->plain_input)
    {
      run.input = args->scratch;
      run.picture_stride =
          (gint64)self->padded_height * self->padded_width * self->shape.in_channels;
      rn_pool_run (args->pool, self->shape.batch * self->padded_height, fill_up_row, &run);
    }

  plan_chunks (&run);
  rn_pool_run (args->pool, self->shape.batch * run.n_pixel_chunks * run.n_panel_chunks, run_chunk,
               &run);

  return !rn_conv_op_is_cancelled (args);
}
