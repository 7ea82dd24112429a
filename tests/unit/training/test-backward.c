/* The readable backward kernels against finite differences in double precision, and the fast ones
 * against the readable. What goes forward here is written for the test alone. */
#include <math.h>
#include <string.h>

#include "engine/kernels/activation/activation-backward.h"
#include "engine/kernels/activation/activation.h"
#include "engine/kernels/batch-norm/batch-norm-training.h"
#include "engine/kernels/conv/conv-backward.h"
#include "engine/kernels/conv/conv-training.h"
#include "engine/kernels/dense/dense-backward.h"
#include "engine/kernels/depthwise-conv/depthwise-conv-backward.h"
#include "engine/kernels/loss/cross-entropy.h"
#include "engine/kernels/pool/pool-backward.h"

#define STEP 1e-5
#define N_ROUNDS 30

static double *
draw (gint64 n)
{
  double *values = g_new (double, n);

  for (gint64 i = 0; i < n; i++)
    values[i] = g_test_rand_double_range (-1, 1);

  return values;
}

static float *
to_floats (const double *values, gint64 n)
{
  float *floats = g_aligned_alloc0 (n, sizeof (float), 64);

  for (gint64 i = 0; i < n; i++)
    floats[i] = values[i];

  return floats;
}

static void
compare (const double *expected, const float *got, gint64 n)
{
  double largest = 1;

  for (gint64 i = 0; i < n; i++)
    largest = MAX (largest, fabs (expected[i]));
  for (gint64 i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (expected[i], got[i], 1e-5 * largest);
}

/* A function of @values, summed up with the weights that stand for d_output. */
typedef double (*Loss) (const double *values, gpointer data);

/* The slope at some of the values, from either side of them. */
static void
check_slopes (Loss loss, gpointer data, double *values, gint64 n, const double *slopes)
{
  for (int k = 0; k < 12; k++)
    {
      gint64 i = g_test_rand_int_range (0, (int) n);
      double old = values[i], above, below;

      values[i] = old + STEP;
      above = loss (values, data);
      values[i] = old - STEP;
      below = loss (values, data);
      values[i] = old;
      g_assert_cmpfloat_with_epsilon ((above - below) / (2 * STEP), slopes[i],
                                      1e-6 * MAX (1, fabs (slopes[i])));
    }
}

typedef struct
{
  RnConvShape shape;
  const double *input, *kernel, *d_output;
} Conv;

/* Any convolution, of a depthwise one too: each product of the definition. */
static double
conv_loss (const Conv *c, const double *input, const double *kernel)
{
  const RnConvShape *s = &c->shape;
  int n_in = s->multiplier > 0 ? 1 : s->in_channels / s->groups;
  double total = 0;

  for (gint64 o = 0; o < rn_conv_shape_get_n_pixels (s) * s->out_channels; o++)
    {
      int f = (int) (o % s->out_channels), x = (int) (o / s->out_channels % s->out_width);
      int y = (int) (o / s->out_channels / s->out_width % s->out_height);
      gint64 picture = o / s->out_channels / s->out_width / s->out_height;
      int first = s->multiplier > 0 ? f / s->multiplier : f / (s->out_channels / s->groups) * n_in;

      for (int t = 0; t < s->kernel[0] * s->kernel[1] * n_in; t++)
        {
          int channel = t % n_in, tap = t / n_in;
          int in_y = y * s->stride[0] - s->pad_top + tap / s->kernel[1] * s->dilation[0];
          int in_x = x * s->stride[1] - s->pad_left + tap % s->kernel[1] * s->dilation[1];

          if (in_y >= 0 && in_y < s->in_height && in_x >= 0 && in_x < s->in_width)
            total += c->d_output[o] * kernel[(gint64) t * s->out_channels + f] *
                     input[((picture * s->in_height + in_y) * s->in_width + in_x) * s->in_channels +
                           first + channel];
        }
    }

  return total;
}

static double
loss_by_input (const double *values, gpointer data)
{
  return conv_loss (data, values, ((Conv *) data)->kernel);
}

static double
loss_by_kernel (const double *values, gpointer data)
{
  return conv_loss (data, ((Conv *) data)->input, values);
}

static RnConvShape
draw_shape (gboolean depthwise)
{
  RnConvShape s = { .batch = g_test_rand_int_range (1, 3),
                    .in_height = g_test_rand_int_range (3, 8),
                    .in_width = g_test_rand_int_range (3, 8),
                    .groups = depthwise ? 1 : g_test_rand_int_range (1, 4),
                    .multiplier = depthwise ? g_test_rand_int_range (1, 3) : 0 };

  s.in_channels = s.groups * g_test_rand_int_range (1, 4);
  s.out_channels = depthwise ? s.in_channels * s.multiplier
                             : s.groups * g_test_rand_int_range (1, 4);
  for (int i = 0; i < 2; i++)
    {
      s.kernel[i] = g_test_rand_int_range (1, 4);
      s.stride[i] = g_test_rand_int_range (1, 4);
      s.dilation[i] = g_test_rand_int_range (1, 3);
    }
  s.pad_top = g_test_rand_int_range (0, 3);
  s.pad_left = g_test_rand_int_range (0, 3);
  s.out_height = (s.in_height + 2 * s.pad_top) / s.stride[0];
  s.out_width = (s.in_width + 2 * s.pad_left) / s.stride[1];
  s.out_height = MAX (s.out_height, 1);
  s.out_width = MAX (s.out_width, 1);

  return s;
}

static void
check_fast_conv (const Conv *c, gint64 n_in, gint64 n_kernel, gint64 n_out, const double *d_input,
                 const double *d_kernel)
{
  const RnConvShape *s = &c->shape;
  float *input = to_floats (c->input, n_in), *kernel = to_floats (c->kernel, n_kernel);
  float *d_output = to_floats (c->d_output, n_out);
  float *x = g_aligned_alloc0 (n_in, sizeof (float), 64);
  float *k = g_aligned_alloc0 (n_kernel, sizeof (float), 64);
  g_autofree float *scratch = g_new (float, rn_conv_backward_get_scratch (s));

  if (s->multiplier > 0)
    rn_depthwise_conv_backward (s, input, kernel, d_output, x, k);
  else
    {
      rn_conv_backward_input (s, kernel, d_output, FALSE, scratch, x);
      rn_conv_backward_kernel (s, input, d_output, scratch, k);
    }
  compare (d_input, x, n_in);
  compare (d_kernel, k, n_kernel);
  g_aligned_free (input);
  g_aligned_free (kernel);
  g_aligned_free (d_output);
  g_aligned_free (x);
  g_aligned_free (k);
}

static void
test_conv (gconstpointer data)
{
  gboolean depthwise = GPOINTER_TO_INT (data);

  g_test_summary ("Convolutions of any stride, padding, dilation and groups");

  for (int round = 0; round < N_ROUNDS; round++)
    {
      Conv c = { draw_shape (depthwise) };
      const RnConvShape *s = &c.shape;
      gint64 n_in = (gint64) s->batch * s->in_height * s->in_width * s->in_channels;
      gint64 n_out = rn_conv_shape_get_n_pixels (s) * s->out_channels;
      gint64 n_kernel = (gint64) s->kernel[0] * s->kernel[1] * s->out_channels *
                        (depthwise ? 1 : s->in_channels / s->groups);
      g_autofree double *input = draw (n_in), *kernel = draw (n_kernel), *d_output = draw (n_out);
      g_autofree double *d_input = g_new0 (double, n_in), *d_kernel = g_new0 (double, n_kernel);

      c.input = input;
      c.kernel = kernel;
      c.d_output = d_output;
      if (depthwise)
        rn_depthwise_conv_backward_reference (s, input, kernel, d_output, d_input, d_kernel);
      else
        rn_conv_backward_reference (s, input, kernel, d_output, d_input, d_kernel, NULL);
      check_slopes (loss_by_input, &c, input, n_in, d_input);
      check_slopes (loss_by_kernel, &c, kernel, n_kernel, d_kernel);
      check_fast_conv (&c, n_in, n_kernel, n_out, d_input, d_kernel);
    }
}

/* What blocked tensors and NHWC have in common, one picture. */
static float *
to_blocked (const RnBlocked *g, const double *nhwc, RnPool *pool)
{
  gint64 n = (gint64) g->height * g->width * g->channels;
  float *plain = to_floats (nhwc, n), *blocked = g_aligned_alloc0 (g->n_floats, sizeof (float), 64);

  rn_blocked_from_nhwc (g, plain, blocked, pool);
  g_aligned_free (plain);

  return blocked;
}

static void
check_blocked (const RnConvShape *s, RnIsa isa, gboolean accumulate)
{
  g_autoptr (RnPool) pool = rn_pool_new (1);
  g_autoptr (RnConvTraining) conv = rn_conv_training_new (s, rn_kernels_get (isa), NULL);
  gint64 n_in = (gint64) s->in_height * s->in_width * s->in_channels;
  gint64 n_out = (gint64) s->out_height * s->out_width * s->out_channels;
  gint64 n_kernel = (gint64) s->kernel[0] * s->kernel[1] * s->in_channels * s->out_channels;
  RnBlocked in = rn_blocked_make (1, s->in_height, s->in_width, s->in_channels);
  RnBlocked out = rn_blocked_make (1, s->out_height, s->out_width, s->out_channels);
  g_autofree double *input = draw (n_in), *kernel = draw (n_kernel), *d_output = draw (n_out);
  g_autofree double *start = draw (n_in), *d_kernel = g_new0 (double, n_kernel);
  g_autofree double *d_input = g_memdup2 (start, n_in * sizeof (double));
  g_autofree double *d_bias = g_new0 (double, s->out_channels);
  float *x = to_blocked (&in, input, pool), *dy = to_blocked (&out, d_output, pool);
  float *dx = to_blocked (&in, start, pool), *k = to_floats (kernel, n_kernel);
  float *dk = g_aligned_alloc0 (n_kernel, sizeof (float), 64);
  float *db = g_aligned_alloc0 (s->out_channels, sizeof (float), 64);
  g_autofree float *plain = g_new (float, n_in);

  if (!accumulate)
    memset (d_input, 0, n_in * sizeof (double));
  rn_conv_backward_reference (s, input, kernel, d_output, d_input, d_kernel, d_bias);
  rn_conv_training_pack (conv, k, NULL, TRUE);
  rn_conv_training_backward_input (conv, dy, accumulate, dx);
  rn_conv_training_backward_kernel (conv, x, dy, dk, db);
  rn_blocked_to_nhwc (&in, dx, plain, pool);
  compare (d_input, plain, n_in);
  compare (d_kernel, dk, n_kernel);
  compare (d_bias, db, s->out_channels);
  g_aligned_free (x);
  g_aligned_free (dy);
  g_aligned_free (dx);
  g_aligned_free (k);
  g_aligned_free (dk);
  g_aligned_free (db);
}

static void
test_blocked (void)
{
  int n_checked = 0;

  g_test_summary ("Convolutions on blocked tensors, by every instruction set");

  while (n_checked < N_ROUNDS)
    {
      RnConvShape s = draw_shape (FALSE);

      s.batch = s.groups = s.dilation[0] = s.dilation[1] = 1;
      s.in_channels = g_test_rand_bit () ? 16 * g_test_rand_int_range (1, 4) : 3;
      s.out_channels = 16 * g_test_rand_int_range (1, 4);
      s.in_height += 6;
      s.out_height = (s.in_height + s.pad_top) / s.stride[0];
      s.out_width = MAX ((s.in_width + s.pad_left) / s.stride[1], 1);
      if (!rn_conv_training_can (&s))
        continue;
      for (int isa = RN_ISA_SSE2; isa < RN_N_ISAS; isa++)
        if (rn_isa_is_available (isa))
          check_blocked (&s, isa, n_checked % 2);
      n_checked++;
    }
}

#define N_PIXELS 24
#define N_CHANNELS 5
#define N_NORM 120 /* the product */

typedef struct
{
  double gamma[N_CHANNELS], beta[N_CHANNELS];
  const double *input, *d_output;
} Norm;

static double
norm_loss (const double *input, const double *gamma, const Norm *norm)
{
  double mean[N_CHANNELS], variance[N_CHANNELS], output[N_NORM], total = 0;

  rn_batch_norm_training_reference (input, N_PIXELS, N_CHANNELS, gamma, norm->beta, 1e-3, mean,
                                    variance, output);
  for (int i = 0; i < N_NORM; i++)
    total += output[i] * norm->d_output[i];

  return total;
}

static double
norm_by_input (const double *values, gpointer data)
{
  return norm_loss (values, ((Norm *) data)->gamma, data);
}

static double
norm_by_gamma (const double *values, gpointer data)
{
  return norm_loss (((Norm *) data)->input, values, data);
}

static void
test_norm (void)
{
  g_autofree double *input = draw (N_NORM), *d_output = draw (N_NORM);
  Norm norm = { { 1, 2, -1, 0.5, 3 }, { 0, 1, 2, 3, 4 }, input, d_output };
  double mean[N_CHANNELS], variance[N_CHANNELS], d_gamma[N_CHANNELS], d_beta[N_CHANNELS];
  double output[N_NORM], d_input[N_NORM], sum[N_CHANNELS] = { 0 }, squares[N_CHANNELS] = { 0 };
  float pivot[N_CHANNELS] = { 0.3f, 0, -2, 1, 0 }, *x = to_floats (input, N_NORM);

  g_test_summary ("Batch norm by the batch, its derivatives and its sums");

  rn_batch_norm_training_reference (input, N_PIXELS, N_CHANNELS, norm.gamma, norm.beta, 1e-3, mean,
                                    variance, output);
  rn_batch_norm_backward_reference (input, d_output, N_PIXELS, N_CHANNELS, norm.gamma, mean,
                                    variance, 1e-3, d_input, d_gamma, d_beta);
  check_slopes (norm_by_input, &norm, input, N_NORM, d_input);
  check_slopes (norm_by_gamma, &norm, norm.gamma, N_CHANNELS, d_gamma);
  rn_batch_norm_sum (x, N_PIXELS, N_CHANNELS, pivot, sum, squares);
  for (int c = 0; c < N_CHANNELS; c++)
    {
      double first = sum[c] / N_PIXELS;

      g_assert_cmpfloat_with_epsilon (pivot[c] + first, mean[c], 1e-6);
      g_assert_cmpfloat_with_epsilon (squares[c] / N_PIXELS - first * first, variance[c], 1e-5);
    }
  g_aligned_free (x);
}

typedef struct
{
  RnActivation function;
  const double *d_output;
} Activation;

static double
activation_loss (const double *x, gpointer data)
{
  const Activation *a = data;
  double total = 0, sum = 0;

  for (int i = 0; i < N_NORM; i++)
    sum += i < N_CHANNELS ? exp (x[i]) : 0;
  for (int i = 0; i < N_NORM; i++)
    {
      double y = x[i], s = 1 / (1 + exp (-x[i]));

      if (a->function == RN_ACTIVATION_RELU)
        y = MIN (MAX (y, 0), 0.5);
      else if (a->function == RN_ACTIVATION_SIGMOID)
        y = s;
      else if (a->function == RN_ACTIVATION_TANH)
        y = tanh (y);
      else if (a->function == RN_ACTIVATION_SWISH)
        y = y * s;
      else if (a->function == RN_ACTIVATION_SOFTMAX)
        y = i < N_CHANNELS ? exp (x[i]) / sum : 0;
      total += y * a->d_output[i];
    }

  return total;
}

static void
test_activation (void)
{
  g_test_summary ("Activations, ReLU with a largest value among them");

  for (int function = 0; function < RN_N_ACTIVATIONS; function++)
    {
      g_autofree double *input = draw (N_NORM), *d_output = draw (N_NORM);
      Activation a = { function, d_output };
      int n = function == RN_ACTIVATION_SOFTMAX ? N_CHANNELS : N_NORM;
      double d_input[N_NORM];
      float *x = to_floats (input, N_NORM), *dy = to_floats (d_output, N_NORM);
      float y[N_NORM], dx[N_NORM] = { 0 };

      rn_activation_backward_reference (function, 0.5, input, d_output, n / N_CHANNELS, N_CHANNELS,
                                        d_input);
      check_slopes (activation_loss, &a, input, n, d_input);
      for (int accumulate = 0; accumulate < 2; accumulate++)
        {
          memset (dx, 0, sizeof dx);
          rn_activation (function, 0.5f, x, n / N_CHANNELS, N_CHANNELS, y);
          rn_activation_backward (function, 0.5f, x, y, dy, n / N_CHANNELS, N_CHANNELS, accumulate,
                                  dx);
          compare (d_input, dx, n);
        }
      g_aligned_free (x);
      g_aligned_free (dy);
    }
}

static void
test_dense (void)
{
  enum { BATCH = 3, INPUTS = 7, UNITS = 4 };
  const gint64 n_inputs = (gint64) BATCH * INPUTS, n_outputs = (gint64) BATCH * UNITS;
  const gint64 n_weights = (gint64) INPUTS * UNITS;
  g_autofree double *input = draw (n_inputs), *kernel = draw (n_weights);
  g_autofree double *d_output = draw (n_outputs);
  double d_input[BATCH * INPUTS] = { 0 }, d_kernel[INPUTS * UNITS] = { 0 }, d_bias[UNITS] = { 0 };
  float *x = to_floats (input, n_inputs), *k = to_floats (kernel, n_weights);
  float *dy = to_floats (d_output, n_outputs);
  float dx[BATCH * INPUTS] = { 0 }, dk[INPUTS * UNITS] = { 0 }, db[UNITS] = { 0 };
  Conv c = { { .batch = BATCH, .in_height = 1, .in_width = 1, .in_channels = INPUTS,
               .out_height = 1, .out_width = 1, .out_channels = UNITS, .kernel = { 1, 1 },
               .stride = { 1, 1 }, .dilation = { 1, 1 }, .groups = 1 },
             input, kernel, d_output };

  g_test_summary ("A dense layer, which is a 1x1 convolution of one pixel");

  rn_dense_backward_reference (input, kernel, d_output, BATCH, INPUTS, UNITS, d_input, d_kernel,
                               d_bias);
  check_slopes (loss_by_input, &c, input, n_inputs, d_input);
  check_slopes (loss_by_kernel, &c, kernel, n_weights, d_kernel);
  rn_dense_backward (x, k, dy, BATCH, INPUTS, UNITS, dx, dk, db);
  compare (d_input, dx, n_inputs);
  compare (d_kernel, dk, n_weights);
  compare (d_bias, db, UNITS);
  g_aligned_free (x);
  g_aligned_free (k);
  g_aligned_free (dy);
}

/* Pools pass on numbers alone: sums of slopes over a window are what the output had. */
static void
test_pool (void)
{
  RnPoolShape shape = { .batch = 2, .in_height = 5, .in_width = 6, .out_height = 3, .out_width = 3,
                        .channels = 3, .window = { 2, 3 }, .stride = { 2, 2 }, .pad_top = 1 };
  enum { IN = 2 * 5 * 6 * 3, OUT = 2 * 3 * 3 * 3 };
  g_autofree double *values = g_new (double, IN), *weights = draw (OUT);
  float *x, *dy = to_floats (weights, OUT);

  for (int i = 0; i < IN; i++) /* no two within a step of each other */
    values[i] = i * 37 % IN * 0.01;
  x = to_floats (values, IN);
  g_test_summary ("Pools, the differences taken in steps that single precision can tell apart");

  for (int kind = 0; kind < 2; kind++)
    {
      float dx[IN] = { 0 };

      if (kind == 0)
        rn_max_pool_backward (&shape, x, dy, dx);
      else
        rn_average_pool_backward (&shape, dy, dx);
      for (int i = 0; i < IN; i++)
        {
          double slope = 0;
          float old = x[i], out[2][OUT];

          for (int side = 0; side < 2; side++)
            {
              x[i] = old + (side ? 1e-4f : -1e-4f);
              for (int row = 0; row < 6; row++)
                (kind == 0 ? rn_max_pool : rn_average_pool) (&shape, x, row, out[side]);
            }
          x[i] = old;
          for (int o = 0; o < OUT; o++)
            slope += ((double) out[1][o] - out[0][o]) / 2e-4 * dy[o];
          g_assert_cmpfloat_with_epsilon (dx[i], slope, 0.01);
        }
    }
  g_aligned_free (x);
  g_aligned_free (dy);
}

static void
test_cross_entropy (void)
{
  enum { CLASSES = 7 };
  float logits[CLASSES], d_logits[CLASSES], p[CLASSES];

  g_test_summary ("Cross-entropy with label smoothing: slopes, and no overflow");

  for (int c = 0; c < CLASSES; c++)
    logits[c] = g_test_rand_double_range (-2, 2);
  rn_cross_entropy (logits, CLASSES, 3, 0.1, 1, p, d_logits);
  for (int c = 0; c < CLASSES; c++)
    {
      float old = logits[c];
      double above, below;

      logits[c] = old + 0.0078125f;
      above = rn_cross_entropy (logits, CLASSES, 3, 0.1, 1, NULL, NULL);
      logits[c] = old - 0.0078125f;
      below = rn_cross_entropy (logits, CLASSES, 3, 0.1, 1, NULL, NULL);
      logits[c] = old;
      g_assert_cmpfloat_with_epsilon ((above - below) / 0.015625, d_logits[c], 1e-4);
    }
  logits[0] = 3e38f;
  g_assert_true (isfinite (rn_cross_entropy (logits, CLASSES, 0, 0, 1, p, d_logits)));
  g_assert_cmpfloat (p[0], ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/training/backward/conv", GINT_TO_POINTER (FALSE), test_conv);
  g_test_add_data_func ("/training/backward/depthwise", GINT_TO_POINTER (TRUE), test_conv);
  g_test_add_func ("/training/backward/blocked", test_blocked);
  g_test_add_func ("/training/backward/norm", test_norm);
  g_test_add_func ("/training/backward/activation", test_activation);
  g_test_add_func ("/training/backward/dense", test_dense);
  g_test_add_func ("/training/backward/pool", test_pool);
  g_test_add_func ("/training/backward/cross-entropy", test_cross_entropy);

  return g_test_run ();
}
