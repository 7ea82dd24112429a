/* Layers that work pixel by pixel, row by row, or on a window of each channel. */
#include "engine/kernels/activation/activation.h"
#include "engine/kernels/batch-norm/batch-norm.h"
#include "engine/kernels/merge/merge.h"
#include "engine/kernels/padding/padding.h"
#include "engine/runtime/generic-op-private.h"

#define BLOCK_FLOATS 16384 /* a unit of work: 64 KiB */
#define CHANNEL_PANEL 64   /* channels of a global pool a unit of work */

static void
set_pass (RnGenericOp *self, RnGenericFunc func, gint64 n_units)
{
  self->passes[0] = func;
  self->n_units[0] = n_units;
  self->n_passes = 1;
}

static void
run_zero_padding (const RnGenericOp *self, const RnGenericTask *task)
{
  rn_zero_padding (&self->in_shapes[0], &self->out_shape, &self->layer->config.zero_padding,
                   task->inputs[0], task->unit, task->output);
}

static void
run_shortcut_padding (const RnGenericOp *self, const RnGenericTask *task)
{
  rn_shortcut_padding (&self->in_shapes[0], &self->out_shape,
                       &self->layer->config.shortcut_padding, task->inputs[0], task->unit,
                       task->output);
}

void
rn_generic_op_prepare_rows (RnGenericOp *self)
{
  set_pass (self,
            self->layer->kind == RN_LAYER_ZERO_PADDING ? run_zero_padding : run_shortcut_padding,
            (gint64) self->batch * self->out_shape.dims[0]);
}

static void
run_pool (const RnGenericOp *self, const RnGenericTask *task)
{
  (self->layer->kind == RN_LAYER_MAX_POOL ? rn_max_pool : rn_average_pool) (
    &self->pool, task->inputs[0], task->unit, task->output);
}

static void
run_global_pool (const RnGenericOp *self, const RnGenericTask *task)
{
  const RnShape *shape = &self->in_shapes[0];
  int n_channels = shape->dims[2], n_panels = (n_channels + CHANNEL_PANEL - 1) / CHANNEL_PANEL;
  gint64 n_pixels = (gint64) shape->dims[0] * shape->dims[1];
  gint64 picture = task->unit / n_panels;
  int first = (int) (task->unit % n_panels * CHANNEL_PANEL);

  (self->layer->kind == RN_LAYER_GLOBAL_MAX_POOL ? rn_global_max_pool : rn_global_average_pool) (
    task->inputs[0] + picture * n_pixels * n_channels + first, n_pixels, n_channels,
    MIN (CHANNEL_PANEL, n_channels - first), task->output + picture * n_channels + first);
}

static void
set_pool_shape (RnGenericOp *self)
{
  const RnPoolConfig *config = &self->layer->config.pool;
  RnPads pads = rn_window_get_pads (config->padding, &config->pads, &self->in_shapes[0],
                                    config->pool, config->stride, NULL);

  self->pool = (RnPoolShape) {
    .batch = self->batch,
    .in_height = self->in_shapes[0].dims[0],
    .in_width = self->in_shapes[0].dims[1],
    .out_height = self->out_shape.dims[0],
    .out_width = self->out_shape.dims[1],
    .channels = self->out_shape.dims[2],
    .window = { config->pool[0], config->pool[1] },
    .stride = { config->stride[0], config->stride[1] },
    .pad_top = pads.top,
    .pad_left = pads.left,
    .count_padding = config->count_padding,
  };
}

void
rn_generic_op_prepare_pool (RnGenericOp *self)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);

  if (self->layer->kind == RN_LAYER_MAX_POOL || self->layer->kind == RN_LAYER_AVERAGE_POOL)
    {
      set_pool_shape (self);
      set_pass (self, run_pool, (gint64) self->batch * self->out_shape.dims[0]);
    }
  else
    set_pass (self, run_global_pool,
              (gint64) self->batch * ((n_channels + CHANNEL_PANEL - 1) / CHANNEL_PANEL));
}

/* The pixels of a unit: @first is counted over all pictures. Returns: how many. */
static gint64
get_block (const RnGenericOp *self, gint64 unit, gint64 *picture, gint64 *first)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 size = rn_shape_get_n_elements (&self->out_shape) / n_channels;
  gint64 within = unit % self->n_blocks * self->block;

  *picture = unit / self->n_blocks;
  *first = *picture * size + within;

  return MIN (self->block, size - within);
}

static void
run_batch_norm (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 picture, first, n = get_block (self, task->unit, &picture, &first);

  rn_batch_norm (task->inputs[0] + first * n_channels, n, n_channels, self->scale, self->shift,
                 task->output + first * n_channels);
}

static void
run_activation (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 picture, first, n = get_block (self, task->unit, &picture, &first);

  rn_activation (self->activation, self->max_value, task->inputs[0] + first * n_channels, n,
                 n_channels, task->output + first * n_channels);
}

static void
run_add (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 picture, first, n = get_block (self, task->unit, &picture, &first) * n_channels;
  gint64 offset = first * n_channels;
  float *output = task->output + offset;

  rn_add (task->inputs[0] + offset, task->inputs[1] + offset, n, output);
  for (int i = 2; i < self->layer->n_inputs; i++)
    rn_add (output, task->inputs[i] + offset, n, output);
}

/* The first input of the output's own shape; the others are multiplied into it. */
static int
find_whole_input (const RnGenericOp *self)
{
  int i = 0;

  while (!rn_shape_equal (&self->in_shapes[i], &self->out_shape))
    i++;

  return i;
}

static void
run_multiply (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_channels = rn_shape_get_channels (&self->out_shape), whole = find_whole_input (self);
  gint64 picture, first, n = get_block (self, task->unit, &picture, &first);
  float *output = task->output + first * n_channels;
  const float *product = task->inputs[whole] + first * n_channels;

  for (int i = 0; i < self->layer->n_inputs; i++)
    {
      if (i == whole)
        continue;
      if (rn_shape_equal (&self->in_shapes[i], &self->out_shape))
        rn_multiply (product, task->inputs[i] + first * n_channels, n * n_channels, output);
      else
        rn_multiply_channels (product, task->inputs[i] + picture * n_channels, n, n_channels,
                              output);
      product = output;
    }
}

static void
run_concatenate (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 picture, first, n = get_block (self, task->unit, &picture, &first);
  float *output = task->output + first * n_channels;

  for (int i = 0; i < self->layer->n_inputs; i++)
    {
      int part = rn_shape_get_channels (&self->in_shapes[i]);

      rn_copy_channels (task->inputs[i] + first * part, n, part, n_channels, output);
      output += part;
    }
}

void
rn_generic_op_prepare_element (RnGenericOp *self)
{
  static const RnGenericFunc funcs[RN_N_LAYER_KINDS] = {
    [RN_LAYER_BATCH_NORM] = run_batch_norm, [RN_LAYER_ACTIVATION] = run_activation,
    [RN_LAYER_RELU] = run_activation,       [RN_LAYER_ADD] = run_add,
    [RN_LAYER_MULTIPLY] = run_multiply,     [RN_LAYER_CONCATENATE] = run_concatenate,
  };
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 size = rn_shape_get_n_elements (&self->out_shape) / n_channels;

  self->block = MAX (BLOCK_FLOATS / n_channels, 1);
  self->n_blocks = (size + self->block - 1) / self->block;
  set_pass (self, funcs[self->layer->kind], self->n_blocks * self->batch);
}
