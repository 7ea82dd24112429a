#include "conv-case.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/tensor/memory.h"

const NetworkShape network_shapes[] = {
  { 56, 64, 64, 1, 1 },     { 56, 64, 64, 3, 1 },    { 56, 64, 256, 1, 1 },
  { 56, 256, 64, 1, 1 },    { 56, 256, 128, 1, 2 },  { 56, 256, 512, 1, 2 },
  { 28, 128, 128, 3, 1 },   { 28, 128, 512, 1, 1 },  { 28, 512, 128, 1, 1 },
  { 28, 512, 256, 1, 2 },   { 28, 512, 1024, 1, 2 }, { 14, 256, 256, 3, 1 },
  { 14, 256, 1024, 1, 1 },  { 14, 1024, 256, 1, 1 }, { 14, 1024, 512, 1, 2 },
  { 14, 1024, 2048, 1, 2 }, { 7, 512, 512, 3, 1 },   { 7, 512, 2048, 1, 1 },
  { 7, 2048, 512, 1, 1 },   { 224, 3, 64, 7, 2 },    { 56, 64, 128, 1, 2 },
  { 56, 64, 128, 3, 2 },    { 28, 128, 256, 1, 2 },  { 28, 128, 256, 3, 2 },
  { 14, 256, 512, 1, 2 },   { 14, 256, 512, 3, 2 },
};
const int n_network_shapes = G_N_ELEMENTS (network_shapes);

RnConvShape
conv_case_shape (int height, int width, int in, int out, int window, int stride, int pad)
{
  return (RnConvShape){
    .batch = 1,
    .in_height = height,
    .in_width = width,
    .in_channels = in,
    .out_height = (height + 2 * pad - window) / stride + 1,
    .out_width = (width + 2 * pad - window) / stride + 1,
    .out_channels = out,
    .kernel = { window, window },
    .stride = { stride, stride },
    .dilation = { 1, 1 },
    .pad_top = pad,
    .pad_left = pad,
    .groups = 1,
  };
}

/* Of mean 0 and variance 1, near enough to Gaussian for rounding errors: four uniforms added up.
 * The generator is Marsaglia's xorshift (2003), for networks have millions of weights. */
static float
random_normal (guint64 *state)
{
  guint64 x = *state;
  int sum;

  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  *state = x;
  sum = (int)(x & 0xffff) + (int)(x >> 16 & 0xffff) + (int)(x >> 32 & 0xffff) + (int)(x >> 48);

  return (float)(sum / 65536.0 - 2) * 1.7320508f;
}

static float *
random_floats (guint64 *rand, gint64 n, double deviation, gboolean rectify)
{
  float *x = g_new (float, n);

  for (gint64 i = 0; i < n; i++)
    {
      x[i] = (float)(deviation * random_normal (rand));
      if (rectify)
        x[i] = MAX (x[i], 0);
    }

  return x;
}

ConvCase *
conv_case_new (const RnConvShape *s, gboolean plain_input)
{
  ConvCase *self = g_new0 (ConvCase, 1);
  guint64 rand = (guint64)g_test_rand_int () << 16 | 1;
  gint64 dims[4] = { s->kernel[0], s->kernel[1], s->in_channels / s->groups, s->out_channels };
  gint64 n_sum = dims[0] * dims[1] * dims[2];
  float *kernel = random_floats (&rand, n_sum * dims[3], sqrt (2.0 / n_sum), FALSE);
  gint64 n_out = rn_conv_shape_get_n_pixels (s) * s->out_channels;

  self->shape = *s;
  self->plain_input = plain_input;
  self->kernel = rn_tensor_new_for_data (RN_DTYPE_F32, 4, dims, kernel, kernel, g_free);
  self->input = random_floats (
      &rand, (gint64)s->batch * s->in_height * s->in_width * s->in_channels, 1, TRUE);
  self->bias = random_floats (&rand, s->out_channels, 0.1, FALSE);
  self->scale = random_floats (&rand, s->out_channels, 1, FALSE);
  self->shift = random_floats (&rand, s->out_channels, 0.5, FALSE);
  self->residual = random_floats (&rand, n_out, 1, FALSE);

  return self;
}

void
conv_case_free (ConvCase *self)
{
  rn_tensor_unref (self->kernel);
  g_free (self->input);
  g_free (self->bias);
  g_free (self->scale);
  g_free (self->shift);
  g_free (self->residual);
  g_free (self);
}

/* A buffer whose inside is not what is to come out: what a kernel leaves alone shows. */
static float *
new_blocked (const RnBlocked *shape)
{
  float *data = rn_memory_alloc (shape->n_floats * sizeof (float), NULL);

  g_assert_nonnull (data);
  for (gint64 i = 0; i < shape->n_floats; i++)
    data[i] = 1e9f;
  rn_blocked_clear_border (shape, data);

  return data;
}

/* The border and the channels that fill up the last block must be zero still. */
static void
check_zeros (const RnBlocked *shape, const float *data)
{
  for (gint64 i = 0; i < shape->n_floats; i++)
    {
      int block = (int)(i % shape->picture / shape->plane);
      gint64 place = i % shape->plane;
      int y = (int)(place / shape->row) - 1;
      int x = (int)(place % shape->row / RN_BLOCK) - 1;

      if (y < 0 || y >= shape->height || x < 0 || x >= shape->width ||
          (gint64) block * RN_BLOCK + i % RN_BLOCK >= shape->channels)
        g_assert_cmpfloat (data[i], ==, 0);
    }
}

static float *
take_plain (const RnBlocked *shape, float *data, RnPool *pool)
{
  float *plain = NULL;

  if (data != NULL)
    {
      check_zeros (shape, data);
      plain = g_new (float, (gint64)shape->batch * shape->height * shape->width * shape->channels);
      rn_blocked_to_nhwc (shape, data, plain, pool);
      rn_memory_free (data);
    }

  return plain;
}

ConvResult *
conv_case_run (const ConvCase *self,
               RnConvAlgorithm algorithm,
               const RnKernels *kernels,
               gboolean residual,
               gboolean relu,
               gboolean taps,
               RnPool *pool)
{
  g_autoptr (GError) error = NULL;
  RnConvWeights weights = { self->kernel, self->bias, self->scale, self->shift };
  g_autoptr (RnConvOp) op =
      rn_conv_op_new (&self->shape, self->plain_input, &weights, algorithm, kernels, pool, &error);
  ConvResult *result = g_new0 (ConvResult, 1);
  const RnBlocked *in, *out;
  float *input = NULL, *rest = NULL;
  RnConvArgs args = { .input = self->input, .relu = relu, .pool = pool };

  g_assert_no_error (error);
  in = rn_conv_op_get_input (op);
  out = rn_conv_op_get_output (op);

  if (!self->plain_input)
    {
      args.input = input = new_blocked (in);
      rn_blocked_from_nhwc (in, self->input, input, pool);
    }
  if (residual)
    {
      args.residual = rest = new_blocked (out);
      rn_blocked_from_nhwc (out, self->residual, rest, pool);
    }
  args.output = new_blocked (out);
  if (taps)
    {
      args.conv_tap = new_blocked (out);
      args.norm_tap = new_blocked (out);
      args.sum_tap = new_blocked (out);
    }
  args.scratch = rn_memory_alloc (rn_conv_op_get_scratch_size (op), NULL);

  g_assert_true (rn_conv_op_run (op, &args));

  result->output = take_plain (out, args.output, pool);
  result->conv = take_plain (out, args.conv_tap, pool);
  result->norm = take_plain (out, args.norm_tap, pool);
  result->sum = take_plain (out, args.sum_tap, pool);
  rn_memory_free (args.scratch);
  rn_memory_free (input);
  rn_memory_free (rest);

  return result;
}

void
conv_result_free (ConvResult *result)
{
  g_free (result->output);
  g_free (result->conv);
  g_free (result->norm);
  g_free (result->sum);
  g_free (result);
}

/* Adds what input pixel (@in_y, @in_x) under place @tap gives to all filters of one output pixel,
 * and to the sums of magnitudes that errors are measured by. */
static void
reference_tap (const ConvCase *self,
               int picture,
               int in_y,
               int in_x,
               int tap,
               double *sums,
               double *magnitudes)
{
  const RnConvShape *s = &self->shape;
  int n_in = s->in_channels / s->groups;
  int n_out = s->out_channels / s->groups;
  const float *pixel =
      self->input + (((gint64)picture * s->in_height + in_y) * s->in_width + in_x) * s->in_channels;
  const float *kernel = rn_tensor_f32 (self->kernel) + (gint64)tap * n_in * s->out_channels;

  for (int c = 0; c < n_in; c++)
    for (int g = 0; g < s->groups; g++)
      {
        double x = pixel[g * n_in + c];
        const float *row = kernel + (gint64)c * s->out_channels + (gint64) g * n_out;

        for (int f = 0; f < n_out; f++)
          {
            sums[g * n_out + f] += x * row[f];
            magnitudes[g * n_out + f] += fabs (x * row[f]);
          }
      }
}

static void
reference_pixel (const ConvCase *self, gint64 pixel, double *sums, double *magnitudes)
{
  const RnConvShape *s = &self->shape;
  int x = (int)(pixel % s->out_width);
  int y = (int)(pixel / s->out_width % s->out_height);
  int picture = (int)(pixel / s->out_width / s->out_height);

  memset (sums, 0, s->out_channels * sizeof *sums);
  memset (magnitudes, 0, s->out_channels * sizeof *magnitudes);
  for (int ky = 0; ky < s->kernel[0]; ky++)
    for (int kx = 0; kx < s->kernel[1]; kx++)
      {
        int in_y = y * s->stride[0] + ky * s->dilation[0] - s->pad_top;
        int in_x = x * s->stride[1] + kx * s->dilation[1] - s->pad_left;

        if (in_y >= 0 && in_y < s->in_height && in_x >= 0 && in_x < s->in_width)
          reference_tap (self, picture, in_y, in_x, ky * s->kernel[1] + kx, sums, magnitudes);
      }
}

/* Differences of one tensor from its reference, over all that was compared: sums of squares of what
 * was added up and of differences; the largest difference, |term| and sum of |x·w|. */
typedef struct
{
  double squares, differences, worst, largest, magnitude;
} Distance;

/* @terms: what the expected value is the sum of, the convolution first. */
static void
add_distance (Distance *self,
              const float *values,
              gint64 i,
              double expected,
              const double terms[3],
              double magnitude)
{
  double difference;

  if (values == NULL)
    return;

  difference = values[i] - expected;
  self->differences += difference * difference;
  self->worst = MAX (self->worst, fabs (difference));
  self->magnitude = MAX (self->magnitude, magnitude);
  for (int t = 0; t < 3; t++)
    {
      self->squares += terms[t] * terms[t];
      self->largest = MAX (self->largest, fabs (terms[t]));
    }
}

/* Beside the bounds of the convolution: the few roundings of what follows it. */
static void
check_distance (const Distance *self, double max_l2, double max_error)
{
  g_assert_cmpfloat (sqrt (self->differences), <=, max_l2 * sqrt (self->squares));
  g_assert_cmpfloat (self->worst, <=,
                     max_error * self->magnitude + 4 * FLT_EPSILON * self->largest);
}

/**
 * conv_case_check:
 * @n_pixels: output pixels to compare, all channels of each: the four corners, then random ones;
 * all of them where there are no more
 * @max_l2: of the convolution's relative error in L2
 * @max_error: of its largest error, relative to the largest sum of |x·w|
 */
void
conv_case_check (const ConvCase *self,
                 const ConvResult *result,
                 gboolean residual,
                 gboolean relu,
                 int n_pixels,
                 double max_l2,
                 double max_error)
{
  const RnConvShape *s = &self->shape;
  gint64 n_all = rn_conv_shape_get_n_pixels (s);
  gint64 corners[4] = { 0, s->out_width - 1, n_all - s->out_width, n_all - 1 };
  g_autofree double *sums = g_new (double, s->out_channels);
  g_autofree double *magnitudes = g_new (double, s->out_channels);
  Distance output = { 0 }, conv = { 0 }, norm = { 0 }, sum = { 0 };

  for (gint64 n = 0; n < MIN (n_pixels, n_all); n++)
    {
      gint64 pixel = n_pixels >= n_all ? n
                     : n < 4           ? corners[n]
                                       : g_test_rand_int_range (0, (gint32)n_all);

      reference_pixel (self, pixel, sums, magnitudes);
      for (int f = 0; f < s->out_channels; f++)
        {
          gint64 i = pixel * s->out_channels + f;
          double x = sums[f] + self->bias[f];
          double scaled = fabs (self->scale[f]) * magnitudes[f];
          double terms[3] = { x, self->bias[f] };

          add_distance (&conv, result->conv, i, x, terms, magnitudes[f]);
          terms[0] *= self->scale[f];
          terms[1] = fabs (self->bias[f] * self->scale[f]) + fabs (self->shift[f]);
          x = x * self->scale[f] + self->shift[f];
          add_distance (&norm, result->norm, i, x, terms, scaled);
          terms[2] = residual ? self->residual[i] : 0;
          x += terms[2];
          add_distance (&sum, result->sum, i, x, terms, scaled);
          add_distance (&output, result->output, i, relu ? MAX (x, 0) : x, terms, scaled);
        }
    }

  check_distance (&conv, max_l2, max_error);
  check_distance (&norm, max_l2, max_error);
  check_distance (&sum, max_l2, max_error);
  check_distance (&output, max_l2, max_error);
}
