#include <math.h>
#include <string.h>

#include "engine/tensor/dtype.h"
#include "engine/tensor/memory.h"
#include "engine/tensor/tensor.h"

static void
test_aligned (void)
{
  g_test_summary ("Tensors are aligned to 64 bytes, know their size and print their dimensions");

  for (int i = 0; i < 50; i++)
    {
      gint64 dims[4] = { 1, g_test_rand_int_range (1, 9), g_test_rand_int_range (1, 9), 3 };
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) tensor = rn_tensor_new (4, dims, &error);

      g_assert_no_error (error);
      g_assert_cmpuint ((guintptr) tensor->data % RN_MEMORY_ALIGNMENT, ==, 0);
      g_assert_cmpint (rn_tensor_get_n_elements (tensor), ==, dims[1] * dims[2] * 3);
      g_assert_cmpuint (rn_tensor_get_n_bytes (tensor), ==, dims[1] * dims[2] * 12);
    }

  {
    g_autoptr (RnTensor) tensor = rn_tensor_new (4, (gint64[]) { 3, 3, 64, 128 }, NULL);
    g_autofree char *text = rn_tensor_dims_to_string (tensor);

    g_assert_cmpstr (text, ==, "3×3×64×128");
  }
}

static void
test_refused (void)
{
  static const gint64 cases[][4] = {
    { -1, 1, 1, 1 },
    { 1, G_MININT64, 1, 1 },
    { G_MAXINT64, 1, 1, 1 },
    { G_MAXINT64, G_MAXINT64, 1, 1 },
    { G_GINT64_CONSTANT (1) << 32, G_GINT64_CONSTANT (1) << 32, 1, 1 },
    { 65536, 65536, 1, 1 },
    { 1 << 20, 1 << 11, 2, 1 },
  };

  g_test_summary (
      "Sizes that are negative, overflow or exceed the bound are an error, not an abort");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_tensor_new (4, cases[i], &error));
      g_assert_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT);
    }

  {
    g_autoptr (GError) error = NULL;

    g_assert_null (rn_memory_alloc (G_MAXSIZE, &error));
    g_assert_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT);
  }
}

/* IEEE 754-2019, 3.4: the value of a binary16 from its definition. */
static double
half_value (guint16 half)
{
  int exponent = half >> 10 & 31, fraction = half & 1023;
  double magnitude = exponent == 0 ? ldexp (fraction, -24) : ldexp (1024 + fraction, exponent - 25);

  if (exponent == 31)
    magnitude = fraction == 0 ? INFINITY : NAN;

  return half & 0x8000 ? -magnitude : magnitude;
}

static void
check_half (void)
{
  static guint16 all[65536 + 3];
  static float values[65536 + 3];

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    all[i] = (guint16) i;
  rn_dtype_convert_to_f32 (RN_DTYPE_F16, all, G_N_ELEMENTS (all), values);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      double expected = half_value (all[i]);

      if (isnan (expected))
        g_assert_true (isnan (values[i]));
      else
        {
          g_assert_cmpfloat (values[i], ==, expected);
          g_assert_cmpint (!!signbit (values[i]), ==, !!signbit (expected));
        }
    }
}

static void
test_half (void)
{
  g_test_summary ("All 65,536 float16 values convert exactly, with F16C and without");

  if (g_test_subprocess ())
    {
      check_half ();
      return;
    }

  check_half ();
#if defined(__x86_64__) /* other processors have one way, and under an emulator no child */
  g_setenv ("RN_ISA", "reference", TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_unsetenv ("RN_ISA");
#endif
}

static void
test_other_dtypes (void)
{
  static const guint16 brains[] = { 0x3f80, 0xc000, 0x0001, 0x7f80, 0x4049 };
  static const float brain_values[] = { 1, -2, 0x1p-133f, INFINITY, 3.140625f };
  static const double doubles[] = { 1.0 / 3, 1e300, -0.0, 16777217 };
  float values[5];

  g_test_summary ("bfloat16 converts exactly, float64 rounds to nearest");

  rn_dtype_convert_to_f32 (RN_DTYPE_BF16, brains, 5, values);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat (values[i], ==, brain_values[i]);

  rn_dtype_convert_to_f32 (RN_DTYPE_F64, doubles, 4, values);
  g_assert_cmpfloat (values[0], ==, 1.0f / 3);
  g_assert_true (isinf (values[1]));
  g_assert_true (signbit (values[2]));
  g_assert_cmpfloat (values[3], ==, 16777216);
}

static void
test_to_f32 (void)
{
  g_autoptr (RnTensor) half = rn_tensor_new_typed (RN_DTYPE_F16, 1, (gint64[]) { 2 }, NULL);
  g_autoptr (RnTensor) single = NULL;
  g_autoptr (RnTensor) same = NULL;

  g_test_summary ("A float32 tensor is its own conversion; others get a copy");

  ((guint16 *) half->data)[0] = 0x3c00;
  ((guint16 *) half->data)[1] = 0xbc00;
  single = rn_tensor_to_f32 (half, NULL);
  g_assert_cmpint (single->dtype, ==, RN_DTYPE_F32);
  g_assert_cmpfloat (rn_tensor_f32 (single)[0], ==, 1);
  g_assert_cmpfloat (rn_tensor_f32 (single)[1], ==, -1);
  same = rn_tensor_to_f32 (single, NULL);
  g_assert_true (same == single);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor/aligned", test_aligned);
  g_test_add_func ("/tensor/refused", test_refused);
  g_test_add_func ("/tensor/half", test_half);
  g_test_add_func ("/tensor/other-dtypes", test_other_dtypes);
  g_test_add_func ("/tensor/to-f32", test_to_f32);

  return g_test_run ();
}
