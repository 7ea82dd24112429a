/* What is done on blocked tensors beside convolution and batch norm. */
#include <string.h>

#include "engine/training/tape-private.h"

static void
to_blocked_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  rn_blocked_from_nhwc (&rn_tape_value (tape, op->output)->geometry,
                        rn_tape_data (tape, op->inputs[0], picture),
                        rn_tape_data (tape, op->output, picture), tape->pool);
}

/* plain (+)= blocked, or the other way round. */
static void
convert_gradient (const RnBlocked *geometry,
                  float *blocked,
                  gboolean accumulate,
                  float *plain,
                  gboolean from_plain)
{
  for (int y = 0; y < geometry->height; y++)
    for (int x = 0; x < geometry->width; x++)
      for (int c = 0; c < geometry->channels; c++, plain++)
        {
          float *b = blocked + rn_blocked_offset (geometry, 0, c / RN_BLOCK, y, x) + c % RN_BLOCK;
          float *source = from_plain ? plain : b, *target = from_plain ? b : plain;

          *target = accumulate ? *target + *source : *source;
        }
}

static void
to_blocked_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  convert_gradient (&rn_tape_value (tape, op->output)->geometry,
                    rn_tape_gradient (tape, op->output, picture), op->accumulate[0],
                    rn_tape_gradient (tape, op->inputs[0], picture), FALSE);
}

const RnTapeFuncs rn_tape_to_blocked = { .forward = to_blocked_forward,
                                         .backward = to_blocked_backward };

static void
to_plain_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  rn_blocked_to_nhwc (&rn_tape_value (tape, op->inputs[0])->geometry,
                      rn_tape_data (tape, op->inputs[0], picture),
                      rn_tape_data (tape, op->output, picture), tape->pool);
}

static void
to_plain_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  convert_gradient (&rn_tape_value (tape, op->inputs[0])->geometry,
                    rn_tape_gradient (tape, op->inputs[0], picture), op->accumulate[0],
                    rn_tape_gradient (tape, op->output, picture), TRUE);
}

const RnTapeFuncs rn_tape_to_plain = { .forward = to_plain_forward,
                                       .backward = to_plain_backward };

/* Also an average pool whose window is the whole map. */
static void
average_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnBlocked *in = &rn_tape_value (tape, op->inputs[0])->geometry;
  float *output = rn_tape_data (tape, op->output, picture);

  for (int b = 0; b < in->n_blocks; b++)
    {
      double sums[RN_BLOCK] = { 0 };

      tape->options.kernels->sum_plane (rn_tape_data (tape, op->inputs[0], picture) +
                                            rn_blocked_offset (in, 0, b, 0, 0),
                                        in->row, in->height, in->width, sums);
      for (int c = 0; c < MIN (RN_BLOCK, in->channels - b * RN_BLOCK); c++)
        output[b * RN_BLOCK + c] = sums[c] / (in->height * in->width);
    }
}

static void
average_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnBlocked *in = &rn_tape_value (tape, op->inputs[0])->geometry;
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  float share = 1.0f / (in->height * in->width);

  for (int b = 0; b < in->n_blocks; b++)
    for (int y = 0; y < in->height; y++)
      {
        float *row =
            rn_tape_gradient (tape, op->inputs[0], picture) + rn_blocked_offset (in, 0, b, y, 0);
        int n = MIN (RN_BLOCK, in->channels - b * RN_BLOCK);

        for (int x = 0; x < in->width; x++, row += RN_BLOCK)
          for (int c = 0; c < n; c++)
            row[c] = (op->accumulate[0] ? row[c] : 0) + share * d_output[b * RN_BLOCK + c];
      }
}

const RnTapeFuncs rn_tape_global_average_blocked = { .forward = average_forward,
                                                     .backward = average_backward };

/* Whole blocks of zeros before; every stride-th pixel of the blocks that are there. Zeros stay from
 * when the memory was made. */
static void
shortcut_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnShortcutPaddingConfig *config = &op->layer->config.shortcut_padding;
  const RnBlocked *in = &rn_tape_value (tape, op->inputs[0])->geometry;
  const RnBlocked *out = &rn_tape_value (tape, op->output)->geometry;

  for (int b = 0; b < in->n_blocks; b++)
    for (int y = 0; y < out->height; y++)
      for (int x = 0; x < out->width; x++)
        memcpy (rn_tape_data (tape, op->output, picture) +
                    rn_blocked_offset (out, 0, b + config->before / RN_BLOCK, y, x),
                rn_tape_data (tape, op->inputs[0], picture) +
                    rn_blocked_offset (in, 0, b, y * config->stride, x * config->stride),
                RN_BLOCK * sizeof (float));
}

static void
shortcut_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnShortcutPaddingConfig *config = &op->layer->config.shortcut_padding;
  const RnTapeValue *input = rn_tape_value (tape, op->inputs[0]);
  const RnBlocked *in = &input->geometry, *out = &rn_tape_value (tape, op->output)->geometry;
  float *d_input = rn_tape_gradient (tape, op->inputs[0], picture);

  if (!op->accumulate[0])
    memset (d_input, 0, input->size * sizeof (float));
  for (int b = 0; b < in->n_blocks; b++)
    for (int y = 0; y < out->height; y++)
      for (int x = 0; x < out->width; x++)
        {
          const float *source = rn_tape_gradient (tape, op->output, picture) +
                                rn_blocked_offset (out, 0, b + config->before / RN_BLOCK, y, x);
          float *target = d_input + rn_blocked_offset (in, 0, b, y * config->stride,
                                                       x * config->stride);

          for (int c = 0; c < RN_BLOCK; c++)
            target[c] += source[c];
        }
}

const RnTapeFuncs rn_tape_shortcut_padding_blocked = { .forward = shortcut_forward,
                                                       .backward = shortcut_backward };
