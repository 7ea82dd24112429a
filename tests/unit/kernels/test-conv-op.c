#include "conv-case.h"
#include "engine/kernels/vector/kernels-private.h"

#include <string.h>

/* AVX-512's tiles, compiled for any processor: its logic is tested where it cannot run. */
extern const RnKernels rn_kernels_avx512_emulated;

/* Relative L2 error and largest error in terms of the largest sum of |x·w|: the direct way and
 * F(2x2) first, then F(4x4) and the phases' F(7, 4). Random windows of the latter have fewer terms
 * than a network's, so that the largest error counts for more: 2.9e-6 in 6,000 of them. */
static const double bounds[2][2] = { { 2e-6, 1e-6 }, { 5e-6, 2e-6 } };
static const double stem_bounds[2] = { 5e-6, 5e-6 };

/* Output pixels to compare with the reference: each costs as many multiply-adds as there are
 * weights. */
static int
count_pixels (const RnConvShape *s)
{
  gint64 n_weights = (gint64)s->kernel[0] * s->kernel[1] * s->in_channels * s->out_channels;

  return (int)CLAMP (4000000 / n_weights, g_test_thorough () ? 4000 : 8, 4000);
}

static int
list_kernels (const RnKernels *list[4])
{
  int n = 0;

  for (int isa = RN_ISA_SSE2; isa < RN_N_ISAS; isa++)
    if (rn_isa_is_available (isa))
      list[n++] = rn_kernels_get (isa);
  list[n++] = &rn_kernels_avx512_emulated;

  return n;
}

static void
try_case (const ConvCase *c,
          RnConvAlgorithm algorithm,
          const RnKernels *kernels,
          int n_threads,
          const double bound[2])
{
  g_autoptr (RnPool) pool = rn_pool_new (n_threads);
  gboolean residual = g_test_rand_int_range (0, 2);
  gboolean relu = g_test_rand_int_range (0, 2);
  g_autoptr (ConvResult) tapped = conv_case_run (c, algorithm, kernels, residual, relu, TRUE, pool);
  g_autoptr (ConvResult) bare = conv_case_run (c, algorithm, kernels, residual, relu, FALSE, pool);
  gint64 n = rn_conv_shape_get_n_pixels (&c->shape) * c->shape.out_channels;

  conv_case_check (c, tapped, residual, relu, count_pixels (&c->shape), bound[0], bound[1]);
  g_assert_cmpmem (bare->output, n * sizeof (float), tapped->output, n * sizeof (float));
}

static void
try_ways (const ConvCase *c, const RnKernels *kernels, int n_threads)
{
  static const RnConvAlgorithm ways[] = { RN_CONV_DIRECT, RN_CONV_WINOGRAD_4, RN_CONV_WINOGRAD_2,
                                          RN_CONV_WINOGRAD_PHASES };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (rn_conv_op_can (&c->shape, c->plain_input, ways[i]))
      try_case (c, ways[i], kernels, n_threads,
                bounds[ways[i] == RN_CONV_WINOGRAD_4 || ways[i] == RN_CONV_WINOGRAD_PHASES]);
}

static void
test_network_shapes (void)
{
  const RnKernels *kernels[4];
  int n_kernels = list_kernels (kernels);

  g_test_summary ("Every convolution of both networks, on every instruction set, every way, with "
                  "and without taps, is as near to double precision as it must be");

  for (int i = 0; i < n_network_shapes; i++)
    {
      const NetworkShape *n = &network_shapes[i];
      RnConvShape shape =
          conv_case_shape (n->size, n->size, n->in, n->out, n->window, n->stride, n->window / 2);
      g_autoptr (ConvCase) c = conv_case_new (&shape, n->in == 3);

      for (int k = 0; k < n_kernels; k++)
        if (g_test_thorough ())
          for (int n_threads = 1; n_threads <= 4; n_threads++)
            try_ways (c, kernels[k], n_threads);
        else
          try_ways (c, kernels[k], 1 + (i + k) % 4);
    }
}

static RnConvShape
random_shape (gboolean *plain_input)
{
  RnConvShape s = { .batch = g_test_rand_int_range (1, 3) };
  int groups = g_test_rand_int_range (0, 4) == 0 ? g_test_rand_int_range (2, 4) : 1;
  gboolean simple = g_test_rand_int_range (0, 3) == 0;

  do
    {
      s.in_height = g_test_rand_int_range (1, 21);
      s.in_width = g_test_rand_int_range (1, 21);
      s.in_channels =
          groups > 1 ? groups * 16 * g_test_rand_int_range (1, 3) : g_test_rand_int_range (1, 70);
      s.out_channels =
          groups > 1 ? groups * 16 * g_test_rand_int_range (1, 4) : g_test_rand_int_range (1, 70);
      s.groups = groups;
      for (int i = 0; i < 2; i++)
        {
          s.kernel[i] = simple ? 3 : g_test_rand_int_range (1, 6);
          s.stride[i] = simple ? 1 : g_test_rand_int_range (1, 4);
          s.dilation[i] = simple ? 1 : g_test_rand_int_range (1, 3);
        }
      s.pad_top = g_test_rand_int_range (0, simple ? 2 : s.kernel[0]);
      s.pad_left = g_test_rand_int_range (0, simple ? 2 : s.kernel[1]);
      s.out_height = (s.in_height + 2 * s.pad_top - (s.kernel[0] - 1) * s.dilation[0] - 1);
      s.out_width = (s.in_width + 2 * s.pad_left - (s.kernel[1] - 1) * s.dilation[1] - 1);
    }
  while (s.out_height < 0 || s.out_width < 0);
  s.out_height = s.out_height / s.stride[0] + 1;
  s.out_width = s.out_width / s.stride[1] + 1;
  *plain_input = groups == 1 && g_test_rand_int_range (0, 4) == 0;

  return s;
}

static void
test_random_shapes (void)
{
  const RnKernels *kernels[4];
  int n_kernels = list_kernels (kernels);
  int n = g_test_thorough () ? 2000 : 150;

  g_test_summary ("Random sizes, channels, windows, strides, dilations, paddings, groups, batches");

  for (int i = 0; i < n; i++)
    {
      gboolean plain_input;
      RnConvShape shape = random_shape (&plain_input);
      g_autoptr (ConvCase) c = conv_case_new (&shape, plain_input);

      g_assert_true (rn_conv_op_can (&shape, plain_input, RN_CONV_AUTO));
      try_ways (c, kernels[i % n_kernels], g_test_rand_int_range (1, 5));
    }
}

/* A picture under a window that is wide and goes in steps of two columns: what phases are for. */
static RnConvShape
random_stem (void)
{
  RnConvShape s = {
    .batch = g_test_rand_int_range (1, 4),
    .in_height = g_test_rand_int_range (1, 40),
    .in_width = g_test_rand_int_range (1, 70),
    .in_channels = g_test_rand_int_range (1, 10),
    .out_channels = g_test_rand_int_range (1, 80),
    .kernel = { g_test_rand_int_range (1, 9), g_test_rand_int_range (7, 9) },
    .stride = { g_test_rand_int_range (1, 4), 2 },
    .dilation = { g_test_rand_int_range (1, 3), 1 },
    .groups = 1,
  };
  int window = (s.kernel[0] - 1) * s.dilation[0] + 1;

  s.pad_top = g_test_rand_int_range (0, window);
  s.pad_left = g_test_rand_int_range (0, s.kernel[1]);
  s.in_height = MAX (s.in_height, window - 2 * s.pad_top);
  s.in_width = MAX (s.in_width, s.kernel[1] - 2 * s.pad_left);
  s.out_height = (s.in_height + 2 * s.pad_top - window) / s.stride[0] + 1;
  s.out_width = (s.in_width + 2 * s.pad_left - s.kernel[1]) / s.stride[1] + 1;

  return s;
}

static void
test_random_stems (void)
{
  const RnKernels *kernels[4];
  int n_kernels = list_kernels (kernels);
  int n = g_test_thorough () ? 2000 : 150;

  g_test_summary ("Pictures of random sizes and numbers of channels by phases, under windows of "
                  "seven and eight columns, of any height, step and padding");

  for (int i = 0; i < n; i++)
    {
      RnConvShape shape = random_stem ();
      g_autoptr (ConvCase) c = conv_case_new (&shape, TRUE);

      g_assert_true (rn_conv_op_can (&shape, TRUE, RN_CONV_WINOGRAD_PHASES));
      try_case (c, RN_CONV_WINOGRAD_PHASES, kernels[i % n_kernels], g_test_rand_int_range (1, 5),
                stem_bounds);
    }
}

static void
test_same_bits (void)
{
  g_test_summary ("The number of threads changes no bit of a result, way by way");

  for (int i = 0; i < 8; i++)
    {
      static const RnConvAlgorithm ways[] = { RN_CONV_DIRECT, RN_CONV_WINOGRAD_4,
                                              RN_CONV_WINOGRAD_2, RN_CONV_WINOGRAD_PHASES };
      gboolean is_stem = ways[i % 4] == RN_CONV_WINOGRAD_PHASES;
      RnConvShape shape = is_stem ? conv_case_shape (50 + i, 70 - i, 3, 96, 7, 2, 3)
                                  : conv_case_shape (14 + i, 14 - i, 64, 96, 3, 1, 1);
      g_autoptr (ConvCase) c = conv_case_new (&shape, is_stem);
      const RnKernels *kernels = rn_kernels_get (rn_isa_get_best ());
      gint64 n = rn_conv_shape_get_n_pixels (&shape) * shape.out_channels;
      g_autoptr (ConvResult) first = NULL;

      for (int n_threads = 1; n_threads <= 4; n_threads++)
        {
          g_autoptr (RnPool) pool = rn_pool_new (n_threads);
          g_autoptr (ConvResult) result =
              conv_case_run (c, ways[i % 4], kernels, TRUE, TRUE, FALSE, pool);

          if (first == NULL)
            first = g_steal_pointer (&result);
          else
            g_assert_cmpmem (first->output, n * sizeof (float), result->output, n * sizeof (float));
        }
    }
}

static void
test_refused (void)
{
  RnConvShape depthwise = conv_case_shape (8, 8, 32, 32, 3, 1, 1);
  RnConvShape narrow = conv_case_shape (8, 8, 32, 32, 3, 1, 1);
  RnConvShape strided = conv_case_shape (8, 8, 32, 32, 3, 2, 1);
  RnConvShape stem = conv_case_shape (32, 32, 3, 32, 7, 2, 3);

  g_test_summary ("Shapes that cannot be blocked are said to be so");

  depthwise.multiplier = 1;
  narrow.groups = 4;
  g_assert_false (rn_conv_op_can (&depthwise, FALSE, RN_CONV_AUTO));
  g_assert_false (rn_conv_op_can (&narrow, FALSE, RN_CONV_AUTO));
  g_assert_true (rn_conv_op_can (&strided, FALSE, RN_CONV_AUTO));
  g_assert_false (rn_conv_op_can (&strided, FALSE, RN_CONV_WINOGRAD_4));
  g_assert_true (rn_conv_op_can (&stem, TRUE, RN_CONV_WINOGRAD_PHASES));
  g_assert_false (rn_conv_op_can (&stem, FALSE, RN_CONV_WINOGRAD_PHASES));
  g_assert_false (rn_conv_op_can (&strided, TRUE, RN_CONV_WINOGRAD_PHASES));
}

static void
try_cancelled (const RnConvShape *shape, gboolean plain_input)
{
  g_autoptr (ConvCase) c = conv_case_new (shape, plain_input);
  g_autoptr (RnPool) pool = rn_pool_new (2);
  RnConvWeights weights = { c->kernel };
  g_autoptr (RnConvOp) op = rn_conv_op_new (shape, plain_input, &weights, RN_CONV_AUTO,
                                            rn_kernels_get (rn_isa_get_best ()), pool, NULL);
  gint64 n_in = rn_conv_op_get_input (op)->n_floats;
  gint64 n_out = rn_conv_op_get_output (op)->n_floats;
  float *memory = g_aligned_alloc0 (n_in + n_out, sizeof (float), 64);
  gpointer scratch = g_aligned_alloc (1, rn_conv_op_get_scratch_size (op), 64);
  gint cancelled = 1;
  RnConvArgs args = { .input = memory,
                      .output = memory + n_in,
                      .scratch = scratch,
                      .pool = pool,
                      .cancelled = &cancelled };

  g_assert_false (rn_conv_op_run (op, &args));
  g_atomic_int_set (&cancelled, 0);
  g_assert_true (rn_conv_op_run (op, &args));
  g_aligned_free (scratch);
  g_aligned_free (memory);
}

static void
test_cancelled (void)
{
  RnConvShape shape = conv_case_shape (14, 14, 64, 64, 3, 1, 1);
  RnConvShape stem = conv_case_shape (64, 64, 3, 64, 7, 2, 3);

  g_test_summary ("A cancelled run says so and ends");

  try_cancelled (&shape, FALSE);
  try_cancelled (&stem, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/conv-op/network-shapes", test_network_shapes);
  g_test_add_func ("/conv-op/random-shapes", test_random_shapes);
  g_test_add_func ("/conv-op/random-stems", test_random_stems);
  g_test_add_func ("/conv-op/same-bits", test_same_bits);
  g_test_add_func ("/conv-op/refused", test_refused);
  g_test_add_func ("/conv-op/cancelled", test_cancelled);

  return g_test_run ();
}
