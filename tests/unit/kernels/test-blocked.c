#include <float.h>
#include <math.h>

#include "conv-case.h"
#include "engine/kernels/pool/blocked-pool.h"
#include "engine/tensor/memory.h"

extern const RnKernels rn_kernels_avx512_emulated;

/* A blocked tensor of random numbers and the same plain. */
typedef struct
{
  RnBlocked shape;
  float *plain;
  float *data;
} Sample;

static Sample *
sample_new (int batch, int height, int width, int channels, RnPool *pool)
{
  Sample *self = g_new0 (Sample, 1);
  gint64 n = (gint64)batch * height * width * channels;

  self->shape = rn_blocked_make (batch, height, width, channels);
  self->plain = g_new (float, n);
  for (gint64 i = 0; i < n; i++)
    self->plain[i] = (float)g_test_rand_double_range (-1, 1);
  self->data = rn_memory_alloc (self->shape.n_floats * sizeof (float), NULL);
  for (gint64 i = 0; i < self->shape.n_floats; i++)
    self->data[i] = NAN;
  rn_blocked_clear_border (&self->shape, self->data);
  rn_blocked_from_nhwc (&self->shape, self->plain, self->data, pool);

  return self;
}

static void
sample_free (Sample *self)
{
  rn_memory_free (self->data);
  g_free (self->plain);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sample, sample_free)

static Sample *
random_sample (RnPool *pool)
{
  return sample_new (g_test_rand_int_range (1, 3), g_test_rand_int_range (1, 18),
                     g_test_rand_int_range (1, 18), g_test_rand_int_range (1, 50), pool);
}

static float
sample_get (const Sample *self, int n, int y, int x, int c)
{
  const RnBlocked *s = &self->shape;

  return self->plain[(((gint64)n * s->height + y) * s->width + x) * s->channels + c];
}

static const RnKernels *
pick_kernels (int i)
{
  const RnKernels *list[4];
  int n = 0;

  for (int isa = RN_ISA_SSE2; isa < RN_N_ISAS; isa++)
    if (rn_isa_is_available (isa))
      list[n++] = rn_kernels_get (isa);
  list[n++] = &rn_kernels_avx512_emulated;

  return list[i % n];
}

static void
test_layout (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (2);

  g_test_summary ("To blocked layout and back changes nothing; border and filling are zero; planes "
                  "keep off multiples of 4 KiB");

  for (int i = 0; i < 60; i++)
    {
      g_autoptr (Sample) sample = random_sample (pool);
      const RnBlocked *s = &sample->shape;
      gint64 n = (gint64)s->batch * s->height * s->width * s->channels;
      g_autofree float *back = g_new0 (float, n);
      double sum = 0, plain_sum = 0;

      rn_blocked_to_nhwc (s, sample->data, back, pool);
      g_assert_cmpmem (back, n * sizeof (float), sample->plain, n * sizeof (float));

      /* What is not of the tensor adds nothing, and is a number. */
      for (gint64 k = 0; k < s->n_floats; k++)
        sum += fabs (sample->data[k]);
      for (gint64 k = 0; k < n; k++)
        plain_sum += fabs (sample->plain[k]);
      g_assert_cmpfloat_with_epsilon (sum, plain_sum, 1e-6 * plain_sum);

      g_assert_cmpint (s->plane % 16, ==, 0);
      g_assert_cmpint ((s->plane + 64) % 1024, >=, 128);
    }
}

/* Several windows that lie before and beyond the input. */
static RnBlockedPool
random_window (const RnBlocked *in, int *out_height, int *out_width)
{
  RnBlockedPool pool = { .pad_zero = g_test_rand_int_range (0, 2) };
  int out[2];

  for (int i = 0; i < 2; i++)
    {
      int size = i == 0 ? in->height : in->width;
      int pad;

      pool.window[i] = g_test_rand_int_range (1, MIN (size, 4) + 1);
      pool.stride[i] = g_test_rand_int_range (1, 4);
      pad = g_test_rand_int_range (0, pool.window[i]);
      out[i] = (size + 2 * pad - pool.window[i]) / pool.stride[i] + 1;
      if (i == 0)
        pool.pad_top = pad;
      else
        pool.pad_left = pad;
    }
  *out_height = out[0];
  *out_width = out[1];

  return pool;
}

static float
reference_max (const RnBlockedPool *p, const Sample *in, int n, int y, int x, int c)
{
  float largest = -FLT_MAX;

  for (int ky = 0; ky < p->window[0]; ky++)
    for (int kx = 0; kx < p->window[1]; kx++)
      {
        int in_y = y * p->stride[0] + ky - p->pad_top;
        int in_x = x * p->stride[1] + kx - p->pad_left;

        if (in_y >= 0 && in_y < in->shape.height && in_x >= 0 && in_x < in->shape.width)
          largest = MAX (largest, sample_get (in, n, in_y, in_x, c));
        else if (p->pad_zero)
          largest = MAX (largest, 0);
      }

  return largest == -FLT_MAX ? 0 : largest;
}

static void
test_max_pool (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (2);

  g_test_summary ("Every output is the largest of its window; padding counts or does not");

  for (int i = 0; i < 120; i++)
    {
      g_autoptr (Sample) in = random_sample (pool);
      int height, width;
      RnBlockedPool window = random_window (&in->shape, &height, &width);
      g_autoptr (Sample) out =
          sample_new (in->shape.batch, height, width, in->shape.channels, pool);
      const RnBlocked *s = &out->shape;

      rn_blocked_max_pool (&window, &in->shape, in->data, s, out->data, pick_kernels (i), pool, NULL);
      rn_blocked_to_nhwc (s, out->data, out->plain, pool);
      for (int n = 0; n < s->batch; n++)
        for (int y = 0; y < height; y++)
          for (int x = 0; x < width; x++)
            for (int c = 0; c < s->channels; c++)
              g_assert_cmpfloat (sample_get (out, n, y, x, c), ==,
                                 reference_max (&window, in, n, y, x, c));
    }
}

static void
test_global_average (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (3);

  g_test_summary ("The mean of a plane is the mean of its pixels, border left out");

  for (int i = 0; i < 40; i++)
    {
      g_autoptr (Sample) in = random_sample (pool);
      const RnBlocked *s = &in->shape;
      g_autofree float *means = g_new0 (float, s->batch * s->channels);

      rn_blocked_global_average (s, in->data, means, pick_kernels (i), pool, NULL);
      for (int n = 0; n < s->batch; n++)
        for (int c = 0; c < s->channels; c++)
          {
            double sum = 0;

            for (int y = 0; y < s->height; y++)
              for (int x = 0; x < s->width; x++)
                sum += sample_get (in, n, y, x, c);
            g_assert_cmpfloat_with_epsilon (means[n * s->channels + c],
                                            sum / (s->height * s->width), 1e-6);
          }
    }
}

static void
test_affine (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (2);

  g_test_summary ("x * scale + shift + residual, rectified or not, in place or not");

  for (int i = 0; i < 60; i++)
    {
      g_autoptr (Sample) in = random_sample (pool);
      const RnBlocked *s = &in->shape;
      g_autoptr (Sample) rest = sample_new (s->batch, s->height, s->width, s->channels, pool);
      gint64 n = (gint64)s->batch * s->height * s->width * s->channels;
      g_autofree float *scale = g_new (float, s->channels);
      g_autofree float *shift = g_new (float, s->channels);
      g_autofree float *result = g_new (float, n);
      gboolean with_scale = i & 1, with_rest = i & 2, relu = i & 4;

      for (int c = 0; c < s->channels; c++)
        {
          scale[c] = (float)g_test_rand_double_range (-2, 2);
          shift[c] = (float)g_test_rand_double_range (-1, 1);
        }
      rn_blocked_affine (s, in->data, with_scale ? scale : NULL, with_scale ? shift : NULL,
                         with_rest ? rest->data : NULL, relu, rest->data, pick_kernels (i), pool,
                         NULL);
      rn_blocked_to_nhwc (s, rest->data, result, pool);

      for (gint64 k = 0; k < n; k++)
        {
          double x = in->plain[k];

          if (with_scale)
            x = x * scale[k % s->channels] + shift[k % s->channels];
          if (with_rest)
            x += rest->plain[k];
          g_assert_cmpfloat_with_epsilon (result[k], relu ? MAX (x, 0) : x, 1e-6);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/blocked/layout", test_layout);
  g_test_add_func ("/blocked/max-pool", test_max_pool);
  g_test_add_func ("/blocked/global-average", test_global_average);
  g_test_add_func ("/blocked/affine", test_affine);

  return g_test_run ();
}
