/* Winograd's way for 3x3 windows of stride 1: tiles to values at points, products, back.
 *
 * Input values are [points][blocks][tiles][16]; what is multiplied at each point is a matrix of
 * tiles x channels by one of channels x filters, 36 or 16 of them. Two ways to share the work:
 *
 * Fused: where the weights are small, a thread takes some rows of tiles through all three steps.
 * All of it stays in the second-level cache, and nobody waits for anybody.
 *
 * Split: where the weights are large, each must be read once only. All threads transform the input,
 * cut up by blocks of channels; then each takes panels of output channels of its own, whose
 * products are transformed back while they are in the cache.
 *
 * The point at infinity matters for the last output of a tile alone. Where the last tiles of each
 * row reach past the output, as in planes of 14 and 7, their products at the last column of points
 * are left out, and those of the last row of tiles at the last row of points: 529 instead of 576,
 * 225 instead of 256 of them. So that what is multiplied lies side by side, tiles at the last
 * column of points follow upon each other without the last of each row.
 *
 * See winograd-inline.h for the transforms and their sources.
 */
#include "engine/kernels/conv/conv-op-private.h"

/* Weights that count as small: they stay in the caches while rows of tiles go by. */
#define SMALL_WEIGHTS (1 << 20)

/* Input values that a thread of the fused way may have. */
#define FUSED_BYTES (192 << 10)

/* Tiles whose products are transformed back together, so that they stay in the cache. */
#define MAX_GROUP 64

gboolean
rn_conv_winograd_can (const RnConvShape *shape, gboolean plain_input)
{
  return !plain_input && shape->multiplier == 0 && shape->groups == 1 && shape->kernel[0] == 3 &&
         shape->kernel[1] == 3 && shape->stride[0] == 1 && shape->stride[1] == 1 &&
         shape->dilation[0] == 1 && shape->dilation[1] == 1 && shape->pad_top >= 0 &&
         shape->pad_top <= 1 && shape->pad_left >= 0 && shape->pad_left <= 1;
}

/* How a run is cut up: the tiles in groups of @rows rows. */
typedef struct
{
  const RnConvOp *op;
  const RnConvArgs *args;
  gboolean fused;
  int rows;
  int n_groups;
  float *values;
  float *products;
} Run;

static int
count_points (const RnConvOp *self)
{
  return (self->step + 2) * (self->step + 2);
}

/* Tiles of a row that are multiplied at the last column of points. */
static int
count_last_column_tiles (const RnConvOp *self)
{
  return self->n_tile_columns - (self->shape.out_width % self->step != 0);
}

static gboolean
is_fused (const RnConvOp *self)
{
  return self->n_weights * sizeof (float) <= SMALL_WEIGHTS;
}

/* Rows of tiles that are taken through products and back together. */
static int
count_group_rows (const RnConvOp *self)
{
  gint64 row_bytes = (gint64)count_points (self) * self->in.n_blocks * RN_BLOCK *
                     self->n_tile_columns * sizeof (float);

  if (is_fused (self))
    return (int)CLAMP (FUSED_BYTES / row_bytes, 1, self->n_tile_rows);
  return CLAMP (MAX_GROUP / self->n_tile_columns, 1, self->n_tile_rows);
}

/* From one point to the next, in floats: an odd number of cache lines. A tile's points would share
 * a set of the first-level cache otherwise, which has fewer ways than there are points. */
static gint64
stagger (gint64 n_floats)
{
  return ((n_floats + RN_BLOCK - 1) / RN_BLOCK | 1) * RN_BLOCK;
}

static gint64
get_value_stride (const RnConvOp *self, int n_tiles)
{
  return stagger ((gint64)self->in.n_blocks * n_tiles * RN_BLOCK);
}

static gint64
get_product_stride (int n_tiles, int width)
{
  return stagger ((gint64)n_tiles * width);
}

static gint64
count_values (const RnConvOp *self, int rows)
{
  return count_points (self) * get_value_stride (self, rows * self->n_tile_columns);
}

static gint64
count_products (const RnConvOp *self, int rows)
{
  return count_points (self) *
         get_product_stride (rows * self->n_tile_columns, self->kernels->panel);
}

void
rn_conv_winograd_prepare (RnConvOp *self, int n_threads)
{
  const RnConvShape *shape = &self->shape;
  int rows, n_tiles;

  self->step = self->algorithm == RN_CONV_WINOGRAD_4 ? 4 : 2;
  self->n_tile_rows = (shape->out_height + self->step - 1) / self->step;
  self->n_tile_columns = (shape->out_width + self->step - 1) / self->step;
  self->n_rows = (gint64)count_points (self) * self->in.n_blocks * RN_BLOCK;
  self->n_weights = self->n_rows * self->out.n_blocks * RN_BLOCK;

  rows = count_group_rows (self);
  self->scratch_size = n_threads * count_products (self, rows) * sizeof (float);
  self->scratch_size += (is_fused (self) ? n_threads * count_values (self, rows)
                                         : count_values (self, self->n_tile_rows)) *
                        sizeof (float);

  /* A segment is a block of channels of one point; pixels are tiles. */
  n_tiles = (is_fused (self) ? rows : self->n_tile_rows) * self->n_tile_columns;
  self->n_segments = self->in.n_blocks;
  self->segment_length = RN_BLOCK;
  self->segments = rn_conv_segments_new (self->n_segments);
  for (int i = 0; i < self->n_segments; i++)
    self->segments[i].input = (gint64)i * n_tiles * RN_BLOCK;
  rn_conv_segments_extend (self->segments, self->n_segments,
                           (gint64)self->kernels->max_pixels * RN_BLOCK);
  self->pixels = g_new (gint32, n_tiles);
  for (int i = 0; i < n_tiles; i++)
    self->pixels[i] = i * RN_BLOCK;
}

/* Transforms one row of tiles of one block of channels; values are of @n_tiles tiles, this row's
 * are row @row of them. Rows come in order: each overwrites what the one before has too many. */
static void
transform_row (
    const Run *run, int picture, int block, int tile_row, float *values, int n_tiles, int row)
{
  const RnConvOp *op = run->op;
  int y = tile_row * op->step - op->shape.pad_top;
  int x = -op->shape.pad_left;
  RnWinogradInput input = {
    .step = op->step,
    .input = run->args->input + rn_blocked_offset (&op->in, picture, block, y, x),
    .row = op->in.row,
    .rows = op->in.height + 1 - y,
    .columns = op->in.width + 1 - x,
    .n_tiles = op->n_tile_columns,
    .output = values + ((gint64)block * n_tiles + (gint64)row * op->n_tile_columns) * RN_BLOCK,
    .point = get_value_stride (op, n_tiles),
    .last_column = (gint64)row * (op->n_tile_columns - count_last_column_tiles (op)) * RN_BLOCK,
  };

  op->kernels->winograd_input (&input);
}

/* Products of one panel for @rows rows of tiles, and back to pixels; their values begin in row
 * @first_row. */
static void
multiply_and_write (const Run *run,
                    int picture,
                    int panel,
                    int tile_row,
                    int rows,
                    const float *values,
                    int n_tiles,
                    int first_row,
                    float *products)
{
  const RnConvOp *op = run->op;
  int n_points = count_points (op);
  int width = op->panels[panel].width;
  int n = rows * op->n_tile_columns;
  gint64 point_weights = (gint64)op->in.n_blocks * RN_BLOCK * width;
  gboolean is_last = panel == op->n_panels - 1;
  RnConvStrip strip = {
    .segments = op->segments,
    .pixels = op->pixels,
    .n_segments = op->n_segments,
    .segment_length = op->segment_length,
    .spacing = RN_BLOCK,
    .width = width,
  };
  int size = op->step + 2;
  gboolean cuts_rows = op->shape.out_height % op->step != 0 && tile_row + rows == op->n_tile_rows;

  for (int i = 0; i < n_points; i++)
    {
      int columns = i % size == size - 1 ? count_last_column_tiles (op) : op->n_tile_columns;

      strip.first_pixel = first_row * columns;
      strip.n_pixels = (rows - (cuts_rows && i / size == size - 1)) * columns;
      strip.input = values + i * get_value_stride (op, n_tiles);
      strip.weights = op->weights + op->panels[panel].weights + i * point_weights;
      strip.output = products + i * get_product_stride (n, width);
      strip.next = (const char *)(strip.weights + point_weights);
      strip.next_size = is_last && i == n_points - 1 ? 0 : point_weights * sizeof (float);
      if (strip.n_pixels > 0)
        op->kernels->conv_strip (&strip);
    }

  for (int r = 0; r < rows; r++)
    {
      int y = (tile_row + r) * op->step;
      RnConvTaps taps;
      RnWinogradOutput output = {
        .step = op->step,
        .products = products + (gint64)r * op->n_tile_columns * width,
        .point = get_product_stride (n, width),
        .last_column = (gint64)r * (op->n_tile_columns - count_last_column_tiles (op)) * width,
        .row = op->out.row,
        .rows = op->out.height - y,
        .columns = op->out.width,
        .n_tiles = op->n_tile_columns,
      };

      rn_conv_op_begin_strip (op, run->args, picture, panel,
                              rn_blocked_offset (&op->out, 0, 0, y, 0), &output.strip, &taps);
      op->kernels->winograd_output (&output);
    }
}

/* Fused: a group of rows of tiles, all three steps. */
static void
run_group (int chunk, int thread, gpointer data)
{
  const Run *run = data;
  const RnConvOp *op = run->op;
  int picture = chunk / run->n_groups;
  int tile_row = chunk % run->n_groups * run->rows;
  int rows = MIN (op->n_tile_rows - tile_row, run->rows);
  int n_tiles = run->rows * op->n_tile_columns;
  float *values = run->values + thread * count_values (op, run->rows);
  float *products = run->products + thread * count_products (op, run->rows);

  if (rn_conv_op_is_cancelled (run->args))
    return;

  for (int block = 0; block < op->in.n_blocks; block++)
    for (int r = 0; r < rows; r++)
      transform_row (run, picture, block, tile_row + r, values, n_tiles, r);

  for (int panel = 0; panel < op->n_panels; panel++)
    multiply_and_write (run, picture, panel, tile_row, rows, values, n_tiles, 0, products);
}

typedef struct
{
  const Run *run;
  int picture;
} Split;

/* Split, first step: one block of channels. */
static void
transform_block (int chunk, int thread, gpointer data)
{
  const Split *split = data;
  const RnConvOp *op = split->run->op;
  int n_tiles = op->n_tile_rows * op->n_tile_columns;

  if (rn_conv_op_is_cancelled (split->run->args))
    return;
  for (int r = 0; r < op->n_tile_rows; r++)
    transform_row (split->run, split->picture, chunk, r, split->run->values, n_tiles, r);
}

/* Split, second step: one panel. */
static void
run_panel (int chunk, int thread, gpointer data)
{
  const Split *split = data;
  const Run *run = split->run;
  const RnConvOp *op = run->op;
  int n_tiles = op->n_tile_rows * op->n_tile_columns;
  float *products = run->products + thread * count_products (op, run->rows);

  for (int row = 0; row < op->n_tile_rows; row += run->rows)
    {
      if (rn_conv_op_is_cancelled (run->args))
        return;
      multiply_and_write (run, split->picture, chunk, row, MIN (op->n_tile_rows - row, run->rows),
                          run->values, n_tiles, row, products);
    }
}

gboolean
rn_conv_winograd_run (const RnConvOp *self, const RnConvArgs *args)
{
  Run run = { self, args, is_fused (self), count_group_rows (self) };
  int n_threads = rn_pool_get_n_threads (args->pool);

  run.n_groups = (self->n_tile_rows + run.rows - 1) / run.rows;
  run.products = args->scratch;
  run.values = run.products + n_threads * count_products (self, run.rows);

  if (run.fused)
    {
      rn_pool_run (args->pool, self->shape.batch * run.n_groups, run_group, &run);
      return !rn_conv_op_is_cancelled (args);
    }

  for (int picture = 0; picture < self->shape.batch; picture++)
    {
      Split split = { &run, picture };

      rn_pool_run (args->pool, self->in.n_blocks, transform_block, &split);
      rn_pool_run (args->pool, self->n_panels, run_panel, &split);
    }

  return !rn_conv_op_is_cancelled (args);
}
