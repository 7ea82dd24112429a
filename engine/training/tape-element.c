/* Layers of a tape that work number by number, or only move numbers about. */
#include <string.h>

#include "engine/kernels/activation/activation-backward.h"
#include "engine/kernels/activation/activation.h"
#include "engine/kernels/merge/merge.h"
#include "engine/kernels/padding/padding.h"
#include "engine/tensor/random.h"
#include "engine/training/tape-private.h"

static int
get_channels (const RnTapeOp *op)
{
  return rn_shape_get_channels (&op->out_shape);
}

static gint64
get_n_pixels (const RnTapeOp *op)
{
  return rn_shape_get_n_elements (&op->out_shape) / get_channels (op);
}

/* Of a blocked tensor the border and the gaps count as pixels too: ReLU of zero is zero. */
static gint64
count_pixels (RnTape *tape, const RnTapeOp *op, int *n_channels)
{
  const RnTapeValue *value = rn_tape_value (tape, op->output);

  *n_channels = value->blocked ? RN_BLOCK : get_channels (op);
  return value->size / *n_channels;
}

static void
activation_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  int n_channels;
  gint64 n_pixels = count_pixels (tape, op, &n_channels);

  rn_activation (op->function, op->max_value, rn_tape_data (tape, op->inputs[0], picture),
                 n_pixels, n_channels, rn_tape_data (tape, op->output, picture));
}

static void
activation_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  int n_channels;
  gint64 n_pixels = count_pixels (tape, op, &n_channels);

  rn_activation_backward (op->function, op->max_value,
                          rn_tape_data (tape, op->inputs[0], picture),
                          rn_tape_data (tape, op->output, picture),
                          rn_tape_gradient (tape, op->output, picture), n_pixels, n_channels,
                          op->accumulate[0], rn_tape_gradient (tape, op->inputs[0], picture));
}

const RnTapeFuncs rn_tape_activation = { .forward = activation_forward,
                                         .backward = activation_backward,
                                         .in_place = TRUE };

static void
add_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  gint64 n = rn_tape_value (tape, op->output)->size;
  float *output = rn_tape_data (tape, op->output, picture);

  rn_add (rn_tape_data (tape, op->inputs[0], picture), rn_tape_data (tape, op->inputs[1], picture),
          n, output);
  for (int i = 2; i < op->n_inputs; i++)
    rn_add (output, rn_tape_data (tape, op->inputs[i], picture), n, output);
}

/* Copies or adds @n numbers; nothing is to be done where source and target are the same memory. */
static void
pass_on (const float *source, gint64 n, gboolean accumulate, float *target)
{
  if (accumulate)
    rn_add (source, target, n, target);
  else if (source != target)
    memcpy (target, source, n * sizeof (float));
}

/* Last the input that has the output's memory, which the others are copied from. */
static void
add_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  gint64 n = rn_tape_value (tape, op->output)->size;

  for (int i = op->n_inputs - 1; i >= 0; i--)
    if (rn_tape_wants (tape, op, i))
      pass_on (rn_tape_gradient (tape, op->output, picture), n, op->accumulate[i],
               rn_tape_gradient (tape, op->inputs[i], picture));
}

const RnTapeFuncs rn_tape_add = { .forward = add_forward,
                                  .backward = add_backward,
                                  .in_place = FALSE };

/* Whether input @i is a factor for each channel rather than for each number. */
static gboolean
is_narrow (RnTape *tape, const RnTapeOp *op, int i)
{
  return !rn_shape_equal (&rn_tape_value (tape, op->inputs[i])->shape, &op->out_shape);
}

static float
get_factor (RnTape *tape, const RnTapeOp *op, int i, int picture, gint64 k)
{
  int n_channels = get_channels (op);

  return rn_tape_data (tape, op->inputs[i],
                       picture)[is_narrow (tape, op, i) ? k % n_channels : k];
}

static void
multiply_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  float *output = rn_tape_data (tape, op->output, picture);
  gint64 n = rn_shape_get_n_elements (&op->out_shape);

  for (gint64 k = 0; k < n; k++)
    {
      float product = 1;

      for (int i = 0; i < op->n_inputs; i++)
        product *= get_factor (tape, op, i, picture, k);
      output[k] = product;
    }
}

/* Each factor has d_output times the product of the others. */
static void
multiply_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  gint64 n = rn_shape_get_n_elements (&op->out_shape);

  for (int i = 0; i < op->n_inputs; i++)
    {
      gboolean narrow = is_narrow (tape, op, i);
      float *d_input;

      if (!rn_tape_wants (tape, op, i))
        continue;
      d_input = rn_tape_gradient (tape, op->inputs[i], picture);
      if (!op->accumulate[i])
        memset (d_input, 0, sizeof (float) * rn_tape_value (tape, op->inputs[i])->size);
      for (gint64 k = 0; k < n; k++)
        {
          float product = d_output[k];

          for (int j = 0; j < op->n_inputs; j++)
            if (j != i)
              product *= get_factor (tape, op, j, picture, k);
          d_input[narrow ? k % get_channels (op) : k] += product;
        }
    }
}

const RnTapeFuncs rn_tape_multiply = { .forward = multiply_forward, .backward = multiply_backward };

static void
concatenate_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  float *output = rn_tape_data (tape, op->output, picture);

  for (int i = 0; i < op->n_inputs; i++)
    {
      int part = rn_shape_get_channels (&rn_tape_value (tape, op->inputs[i])->shape);

      rn_copy_channels (rn_tape_data (tape, op->inputs[i], picture), get_n_pixels (op), part,
                        get_channels (op), output);
      output += part;
    }
}

static void
concatenate_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  int n_channels = get_channels (op);

  for (int i = 0; i < op->n_inputs; i++)
    {
      int part = rn_shape_get_channels (&rn_tape_value (tape, op->inputs[i])->shape);

      if (rn_tape_wants (tape, op, i))
        for (gint64 p = 0; p < get_n_pixels (op); p++)
          pass_on (d_output + p * n_channels, part, op->accumulate[i],
                   rn_tape_gradient (tape, op->inputs[i], picture) + p * part);
      d_output += part;
    }
}

const RnTapeFuncs rn_tape_concatenate = { .forward = concatenate_forward,
                                          .backward = concatenate_backward };

static void
zero_padding_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  for (int y = 0; y < op->out_shape.dims[0]; y++)
    rn_zero_padding (&op->in_shapes[0], &op->out_shape, &op->layer->config.zero_padding,
                     rn_tape_data (tape, op->inputs[0], picture), y,
                     rn_tape_data (tape, op->output, picture));
}

static void
zero_padding_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnPads *pads = &op->layer->config.zero_padding;
  const RnShape *in = &op->in_shapes[0];
  gint64 row = (gint64) in->dims[1] * in->dims[2];
  gint64 out_row = (gint64) op->out_shape.dims[1] * in->dims[2];

  for (int y = 0; y < in->dims[0]; y++)
    pass_on (rn_tape_gradient (tape, op->output, picture) + (y + pads->top) * out_row +
                 (gint64) pads->left * in->dims[2],
             row, op->accumulate[0], rn_tape_gradient (tape, op->inputs[0], picture) + y * row);
}

const RnTapeFuncs rn_tape_zero_padding = { .forward = zero_padding_forward,
                                           .backward = zero_padding_backward };

static void
shortcut_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  for (int y = 0; y < op->out_shape.dims[0]; y++)
    rn_shortcut_padding (&op->in_shapes[0], &op->out_shape, &op->layer->config.shortcut_padding,
                         rn_tape_data (tape, op->inputs[0], picture), y,
                         rn_tape_data (tape, op->output, picture));
}

static void
shortcut_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnShortcutPaddingConfig *config = &op->layer->config.shortcut_padding;
  const RnShape *in = &op->in_shapes[0], *out = &op->out_shape;
  float *d_input = rn_tape_gradient (tape, op->inputs[0], picture);
  const float *d_output = rn_tape_gradient (tape, op->output, picture) + config->before;

  if (!op->accumulate[0])
    memset (d_input, 0, sizeof (float) * rn_tape_value (tape, op->inputs[0])->size);
  for (int y = 0; y < out->dims[0]; y++)
    for (int x = 0; x < out->dims[1]; x++, d_output += out->dims[2])
      {
        gint64 pixel = (gint64) y * config->stride * in->dims[1] + (gint64) x * config->stride;

        rn_add (d_output, d_input + pixel * in->dims[2], in->dims[2],
                d_input + pixel * in->dims[2]);
      }
}

const RnTapeFuncs rn_tape_shortcut_padding = { .forward = shortcut_forward,
                                               .backward = shortcut_backward };

/* target = source, every number either dropped or enlarged; the same ones whenever it is asked for
 * the same step, layer and picture. */
static void
drop (RnTape *tape, const RnTapeOp *op, int picture, const float *source, gboolean accumulate,
      float *target)
{
  double rate = op->layer->config.dropout_rate;
  gint64 n = rn_shape_get_n_elements (&op->out_shape);
  float scale = rate < 1 ? 1 / (1 - rate) : 0;
  RnRandom random;

  rn_random_init (&random, tape->seed, ((guint64) op->layer->index << 32) + picture);
  for (gint64 i = 0; i < n; i++)
    {
      float kept = rn_random_uniform (&random) >= rate ? scale * source[i] : 0;

      target[i] = accumulate ? target[i] + kept : kept;
    }
}

static void
dropout_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  drop (tape, op, picture, rn_tape_data (tape, op->inputs[0], picture), FALSE,
        rn_tape_data (tape, op->output, picture));
}

static void
dropout_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  drop (tape, op, picture, rn_tape_gradient (tape, op->output, picture), op->accumulate[0],
        rn_tape_gradient (tape, op->inputs[0], picture));
}

const RnTapeFuncs rn_tape_dropout = { .forward = dropout_forward,
                                      .backward = dropout_backward,
                                      .in_place = TRUE };
