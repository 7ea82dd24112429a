/* The way for wide windows of stride 2 on a picture, which is how residual networks begin: even and
 * odd columns by Winograd's F(7, 4) along the rows (see phases-inline.h).
 *
 * A thread takes some output rows: it transforms the input rows under them, each once, then takes
 * groups of tiles through the products and back to pixels while they are in its caches. Values are
 * [points][rows][tiles][lanes], where lanes are the channels of two columns; the rows are sorted by
 * what remains of dividing them by the vertical stride, so that tiles of neighbouring output rows
 * lie evenly spaced under every row of the window, and a group may run from one row into the next.
 */
#include "engine/kernels/conv/conv-op-private.h"

#include <string.h>

/* Input values that a thread may have. */
#define VALUE_BYTES (192 << 10)

/* Tiles whose products are transformed back together, so that they stay in the cache: at least. */
#define MIN_GROUP 40

/* Chunks a thread, so that one that started late or was put aside takes fewer. */
#define CHUNKS_PER_THREAD 4

/* What the transform of a row may overwrite behind it. */
#define SLACK RN_BLOCK

gboolean
rn_conv_phases_can (const RnConvShape *shape, gboolean plain_input)
{
  return plain_input && shape->multiplier == 0 && shape->groups == 1 && shape->stride[1] == 2 &&
         shape->dilation[1] == 1 && shape->kernel[1] > 2 * (RN_PHASES_TAPS - 1) &&
         shape->kernel[1] <= 2 * RN_PHASES_TAPS;
}

/* How a run is cut up. */
typedef struct
{
  const RnConvOp *op;
  const RnConvArgs *args;
  int n_chunks;
  gsize thread_floats;
} Run;

/* The values of a row at one point. */
static gint64
get_row_floats (const RnConvOp *self)
{
  return (gint64)self->n_tile_columns * self->segment_length;
}

/* Input rows under @rows output rows. */
static int
count_input_rows (const RnConvShape *shape, int rows)
{
  return (rows - 1) * shape->stride[0] + (shape->kernel[0] - 1) * shape->dilation[0] + 1;
}

/* From the rows of one remainder to those of the next. */
static gint64
get_plane_floats (const RnConvOp *self)
{
  int stride = self->shape.stride[0];
  int rows = (count_input_rows (&self->shape, self->chunk_rows) + stride - 1) / stride;

  return rows * get_row_floats (self) + SLACK;
}

/* An odd number of cache lines, as in conv-winograd.c. */
static gint64
stagger (gint64 n_floats)
{
  return ((n_floats + RN_BLOCK - 1) / RN_BLOCK | 1) * RN_BLOCK;
}

static gint64
get_value_stride (const RnConvOp *self)
{
  return stagger (self->shape.stride[0] * get_plane_floats (self));
}

/* Whole tiles of the innermost loop. */
static int
get_group (const RnConvOp *self)
{
  int tile = MAX (self->kernels->even_pixels, self->kernels->max_pixels);

  return (MIN_GROUP + tile - 1) / tile * tile;
}

static gint64
get_product_stride (const RnConvOp *self)
{
  return stagger ((gint64)get_group (self) * self->kernels->panel);
}

/* A row with its padding. */
static gint64
get_padded_floats (const RnConvOp *self)
{
  return (gint64)self->padded_width * self->shape.in_channels;
}

/* The columns of a row sorted by place in the tile. */
static gint64
get_parts_floats (const RnConvOp *self)
{
  return RN_PHASES_STEP * (get_row_floats (self) + self->segment_length) + SLACK;
}

static gsize
count_thread_floats (const RnConvOp *self)
{
  return RN_PHASES_POINTS * (get_product_stride (self) + get_value_stride (self)) +
         stagger (get_padded_floats (self)) + stagger (get_parts_floats (self));
}

void
rn_conv_phases_prepare (RnConvOp *self, int n_threads)
{
  const RnConvShape *shape = &self->shape;
  int group = get_group (self);
  gint64 row_bytes;
  int n_wanted;

  self->step = RN_PHASES_STEP;
  self->n_tile_columns = (shape->out_width + self->step - 1) / self->step;
  self->padded_width = 2 * (self->n_tile_columns * self->step + RN_PHASES_TAPS - 1);
  self->segment_length = 2 * shape->in_channels;
  self->last_length = (shape->kernel[1] - 2 * (RN_PHASES_TAPS - 1)) * shape->in_channels;
  self->n_rows = (gint64)shape->kernel[0] *
                 ((RN_PHASES_POINTS - 1) * self->segment_length + self->last_length);

  row_bytes = get_row_floats (self) * sizeof (float) * RN_PHASES_POINTS * shape->stride[0];
  n_wanted = MAX (n_threads * CHUNKS_PER_THREAD / shape->batch, 1);
  self->chunk_rows =
      (int)CLAMP (VALUE_BYTES / row_bytes, 1, (shape->out_height + n_wanted - 1) / n_wanted);
  self->scratch_size = n_threads * count_thread_floats (self) * sizeof (float);

  /* A segment is a row of the window; pixels are tiles. */
  self->spacing = self->segment_length;
  self->n_segments = shape->kernel[0];
  self->segments = rn_conv_segments_new (self->n_segments);
  for (int i = 0; i < self->n_segments; i++)
    {
      int y = i * shape->dilation[0];

      self->segments[i].input = y % shape->stride[0] * get_plane_floats (self) +
                                y / shape->stride[0] * get_row_floats (self);
    }
  rn_conv_segments_extend (self->segments, self->n_segments, (gint64)group * self->spacing);
  self->pixels = g_new (gint32, group);
  for (int i = 0; i < group; i++)
    self->pixels[i] = i * self->spacing;
}

/* Row @y of a picture, which may lie outside it, with its padding. */
static void
pad_row (const Run *run, int picture, int y, float *row)
{
  const RnConvOp *op = run->op;
  const RnConvShape *shape = &op->shape;
  int n_channels = shape->in_channels;
  gint64 n = get_padded_floats (op);
  gint64 before = MIN ((gint64)shape->pad_left * n_channels, n);
  gint64 inside = MIN ((gint64)shape->in_width * n_channels, n - before);

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

/* Transforms the input rows under @rows output rows from @first on. */
static void
transform_rows (const Run *run, int picture, int first, int rows, float *values, float *work)
{
  const RnConvOp *op = run->op;
  const RnConvShape *shape = &op->shape;
  int n = count_input_rows (shape, rows);
  RnPhasesInput input = {
    .row = work,
    .lanes = op->segment_length,
    .n_tiles = op->n_tile_columns,
    .parts = work + stagger (get_padded_floats (op)),
    .point = get_value_stride (op),
  };

  for (int i = 0; i < n; i++)
    {
      input.output = values + i % shape->stride[0] * get_plane_floats (op) +
                     i / shape->stride[0] * get_row_floats (op);
      pad_row (run, picture, first * shape->stride[0] + i - shape->pad_top, work);
      op->kernels->phases_input (&input);
    }
}

/* Where the strip of point @i should fetch the output to: the tenth part of what the panel's tiles
 * write, which would else be waited for. */
static void
fetch_output (const RnConvOp *op, const RnPhasesOutput *output, int i, RnConvStrip *strip)
{
  int end = output->first_tile + output->n_tiles - 1;
  gint64 first = (gint64)output->first_tile * RN_PHASES_STEP * RN_BLOCK;
  gint64 size = end / output->row_tiles * output->row +
                (gint64)(end % output->row_tiles + 1) * RN_PHASES_STEP * RN_BLOCK - first;
  int n_blocks = (strip->width + RN_BLOCK - 1) / RN_BLOCK;
  int parts = RN_PHASES_POINTS / n_blocks;
  const float *start = output->strip.output + i / parts * output->strip.out_plane + first;

  if (i >= parts * n_blocks)
    return;
  strip->next = (const char *)(start + size * (i % parts) / parts);
  strip->next_size = size / parts * sizeof (float);
}

/* Products of one panel for @n tiles from @tile on, counted from output row @row, and back. */
static void
multiply_and_write (const Run *run,
                    int picture,
                    int panel,
                    int row,
                    int tile,
                    int n,
                    const float *values,
                    float *products)
{
  const RnConvOp *op = run->op;
  int width = op->panels[panel].width;
  int y = row + tile / op->n_tile_columns;
  RnConvTaps taps;
  RnConvStrip strip = {
    .segments = op->segments,
    .pixels = op->pixels,
    .n_segments = op->n_segments,
    .segment_length = op->segment_length,
    .spacing = op->spacing,
    .weights = op->weights + op->panels[panel].weights,
    .width = width,
    .n_pixels = n,
  };
  RnPhasesOutput output = {
    .products = products,
    .point = get_product_stride (op),
    .first_tile = tile % op->n_tile_columns,
    .n_tiles = n,
    .row_tiles = op->n_tile_columns,
    .columns = op->out.width,
    .row = op->out.row,
  };

  rn_conv_op_begin_strip (op, run->args, picture, panel, rn_blocked_offset (&op->out, 0, 0, y, 0),
                          &output.strip, &taps);
  for (int i = 0; i < RN_PHASES_POINTS; i++)
    {
      fetch_output (op, &output, i, &strip);
      strip.input = values + i * get_value_stride (op) + (gint64)tile * op->spacing;
      strip.output = products + i * get_product_stride (op);
      if (i == RN_PHASES_POINTS - 1)
        strip.segment_length = op->last_length;
      op->kernels->conv_strip (&strip);
      strip.weights += (gint64)op->n_segments * op->segment_length * width;
    }

  op->kernels->phases_output (&output);
}

static void
run_chunk (int chunk, int thread, gpointer data)
{
  const Run *run = data;
  const RnConvOp *op = run->op;
  int picture = chunk / run->n_chunks;
  int row = chunk % run->n_chunks * op->chunk_rows;
  int rows = MIN (op->shape.out_height - row, op->chunk_rows);
  int n_tiles = rows * op->n_tile_columns;
  int group = get_group (op);
  float *products = (float *)run->args->scratch + thread * run->thread_floats;
  float *values = products + RN_PHASES_POINTS * get_product_stride (op);

  if (rn_conv_op_is_cancelled (run->args))
    return;

  transform_rows (run, picture, row, rows, values,
                  values + RN_PHASES_POINTS * get_value_stride (op));
  for (int tile = 0; tile < n_tiles; tile += group)
    {
      if (rn_conv_op_is_cancelled (run->args))
        return;
      for (int panel = 0; panel < op->n_panels; panel++)
        multiply_and_write (run, picture, panel, row, tile, MIN (n_tiles - tile, group), values,
                            products);
    }
}

gboolean
rn_conv_phases_run (const RnConvOp *self, const RnConvArgs *args)
{
  Run run = { self, args };

  run.n_chunks = (self->shape.out_height + self->chunk_rows - 1) / self->chunk_rows;
  run.thread_floats = count_thread_floats (self);
  rn_pool_run (args->pool, self->shape.batch * run.n_chunks, run_chunk, &run);

  return !rn_conv_op_is_cancelled (args);
}
