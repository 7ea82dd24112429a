/* Layers that multiply by a kernel: convolutions and Dense, with the activation behind them. */
#include "engine/kernels/activation/activation.h"
#include "engine/kernels/conv/conv-reference.h"
#include "engine/kernels/dense/dense.h"
#include "engine/kernels/depthwise-conv/depthwise-conv.h"
#include "engine/runtime/generic-op-private.h"

#define DENSE_PANEL 64      /* units of a Dense layer a unit of work */
#define BLOCK_FLOATS 16384  /* of an activation a unit of work: 64 KiB */

static void
run_conv (const RnGenericOp *self, const RnGenericTask *task)
{
  rn_conv_gemm (&self->conv, &self->tiling, task->inputs[0], rn_generic_op_weight (self, 0),
                rn_generic_op_weight (self, 1), task->unit, task->scratch, task->output);
}

static void
run_conv_reference (const RnGenericOp *self, const RnGenericTask *task)
{
  rn_conv_reference (&self->conv, task->inputs[0], rn_generic_op_weight (self, 0),
                     rn_generic_op_weight (self, 1), task->unit * self->conv.out_width,
                     self->conv.out_width, task->output);
}

static void
run_depthwise (const RnGenericOp *self, const RnGenericTask *task)
{
  float *output_xf
    = task->output + task->unit * self->conv.out_width * self->conv.out_channels;

  (self->reference ? rn_depthwise_conv_reference : rn_depthwise_conv) (
    &self->conv, task->inputs[0], rn_generic_op_weight (self, 0), rn_generic_op_weight (self, 1),
    task->unit, output_xf);
}

/* A depthwise convolution, whose row stays in scratch, and a 1x1 convolution: to the latter a row of
 * pixels is a batch of vectors. */
static void
run_separable (const RnGenericOp *self, const RnGenericTask *task)
{
  int width = self->conv.out_width, n_filters = self->out_shape.dims[2];
  float *output_xf = task->output + task->unit * width * n_filters;

  (self->reference ? rn_depthwise_conv_reference : rn_depthwise_conv) (
    &self->conv, task->inputs[0], rn_generic_op_weight (self, 0), NULL, task->unit, task->scratch);
  (self->reference ? rn_dense_reference : rn_dense) (
    task->scratch, rn_generic_op_weight (self, 1), rn_generic_op_weight (self, 2), width,
    self->conv.out_channels, n_filters, 0, n_filters, output_xf);
}

static void
run_dense (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_units = self->out_shape.dims[0];
  int first = (int) (task->unit * DENSE_PANEL);

  (self->reference ? rn_dense_reference : rn_dense) (
    task->inputs[0], rn_generic_op_weight (self, 0), rn_generic_op_weight (self, 1), self->batch,
    self->in_shapes[0].dims[0], n_units, first, MIN (DENSE_PANEL, n_units - first), task->output);
}

static void
run_activation (const RnGenericOp *self, const RnGenericTask *task)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 n_pixels = rn_shape_get_n_elements (&self->out_shape) / n_channels * self->batch;
  gint64 first = task->unit * self->block;
  float *output = task->output + first * n_channels;

  rn_activation (self->activation, self->max_value, output, MIN (self->block, n_pixels - first),
                 n_channels, output);
}

static void
add_pass (RnGenericOp *self, RnGenericFunc func, gint64 n_units)
{
  g_assert (self->n_passes < RN_GENERIC_MAX_PASSES);

  self->passes[self->n_passes] = func;
  self->n_units[self->n_passes++] = n_units;
}

static void
add_activation (RnGenericOp *self)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);
  gint64 n_pixels = rn_shape_get_n_elements (&self->out_shape) / n_channels * self->batch;

  if (self->activation == RN_ACTIVATION_LINEAR)
    return;

  self->block = MAX (BLOCK_FLOATS / n_channels, 1);
  add_pass (self, run_activation, (n_pixels + self->block - 1) / self->block);
}

static void
set_conv_shape (RnGenericOp *self)
{
  const RnConvConfig *config = &self->layer->config.conv;
  RnPads pads = rn_window_get_pads (config->padding, &config->pads, &self->in_shapes[0],
                                    config->kernel, config->stride, config->dilation);
  gboolean depthwise = self->layer->kind != RN_LAYER_CONV;

  self->conv = (RnConvShape) {
    .batch = self->batch,
    .in_height = self->in_shapes[0].dims[0],
    .in_width = self->in_shapes[0].dims[1],
    .in_channels = self->in_shapes[0].dims[2],
    .out_height = self->out_shape.dims[0],
    .out_width = self->out_shape.dims[1],
    .out_channels = depthwise ? self->in_shapes[0].dims[2] * config->depth_multiplier
                              : self->out_shape.dims[2],
    .kernel = { config->kernel[0], config->kernel[1] },
    .stride = { config->stride[0], config->stride[1] },
    .dilation = { config->dilation[0], config->dilation[1] },
    .pad_top = pads.top,
    .pad_left = pads.left,
    .groups = depthwise ? 1 : config->groups,
    .multiplier = depthwise ? config->depth_multiplier : 0,
  };
}

void
rn_generic_op_prepare_conv (RnGenericOp *self)
{
  gint64 n_rows = (gint64) self->batch * self->out_shape.dims[0];

  if (self->layer->kind != RN_LAYER_DENSE)
    set_conv_shape (self);

  switch (self->layer->kind)
    {
    case RN_LAYER_CONV:
      self->tiling = rn_conv_gemm_get_tiling (&self->conv);
      self->scratch = self->reference ? 0 : self->tiling.scratch;
      add_pass (self, self->reference ? run_conv_reference : run_conv,
                self->reference ? n_rows : self->tiling.n_units);
      break;
    case RN_LAYER_DEPTHWISE_CONV:
      add_pass (self, run_depthwise, n_rows);
      break;
    case RN_LAYER_SEPARABLE_CONV:
      self->scratch = (gsize) self->conv.out_width * self->conv.out_channels;
      add_pass (self, run_separable, n_rows);
      break;
    default:
      add_pass (self, run_dense, (self->out_shape.dims[0] + DENSE_PANEL - 1) / DENSE_PANEL);
    }
  add_activation (self);
}
