#include "engine/kernels/padding/padding.h"

#include <string.h>

/**
 * rn_zero_padding:
 * @input: [batch, height, width, channels] of @in_shape
 * @row: which output row to write, of all pictures' rows one after another
 * @output: likewise of @out_shape, the whole of it
 */
void
rn_zero_padding (const RnShape *in_shape,
                 const RnShape *out_shape,
                 const RnPads *pads,
                 const float *input,
                 gint64 row,
                 float *output)
{
  gint64 picture = row / out_shape->dims[0];
  int in_y = (int) (row % out_shape->dims[0] - pads->top);
  gint64 in_size = (gint64) in_shape->dims[1] * in_shape->dims[2];
  gint64 out_size = (gint64) out_shape->dims[1] * out_shape->dims[2];
  gint64 left = (gint64) pads->left * in_shape->dims[2];
  float *output_xc = output + row * out_size;

  if (in_y < 0 || in_y >= in_shape->dims[0])
    {
      memset (output_xc, 0, sizeof (float) * out_size);
      return;
    }

  memset (output_xc, 0, sizeof (float) * left);
  memcpy (output_xc + left, input + (picture * in_shape->dims[0] + in_y) * in_size,
          sizeof (float) * in_size);
  memset (output_xc + left + in_size, 0, sizeof (float) * (out_size - left - in_size));
}

/**
 * rn_shortcut_padding:
 *
 * Every stride-th pixel, with channels of zeros before and after its own (He et al. 2015, sec. 3.3,
 * option A). Arguments as rn_zero_padding()'s.
 */
void
rn_shortcut_padding (const RnShape *in_shape,
                     const RnShape *out_shape,
                     const RnShortcutPaddingConfig *config,
                     const float *input,
                     gint64 row,
                     float *output)
{
  gint64 picture = row / out_shape->dims[0];
  gint64 in_y = row % out_shape->dims[0] * config->stride;
  int n_channels = in_shape->dims[2];
  const float *input_xc
    = input + (picture * in_shape->dims[0] + in_y) * in_shape->dims[1] * n_channels;
  float *output_c = output + row * out_shape->dims[1] * out_shape->dims[2];

  memset (output_c, 0, sizeof (float) * out_shape->dims[1] * out_shape->dims[2]);
  for (int x = 0; x < out_shape->dims[1]; x++, output_c += out_shape->dims[2])
    memcpy (output_c + config->before, input_xc + (gint64) x * config->stride * n_channels,
            sizeof (float) * n_channels);
}
