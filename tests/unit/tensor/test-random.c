#include <math.h>

#include "engine/tensor/random.h"

static void
test_splitmix (void)
{
  /* The first numbers of SplitMix64 for the seed 1234567, as published with its ports */
  static const guint64 expected[] = {
    G_GUINT64_CONSTANT (6457827717110365317), G_GUINT64_CONSTANT (3203168211198807973),
    G_GUINT64_CONSTANT (9817491932198370423), G_GUINT64_CONSTANT (4593380528125082431),
    G_GUINT64_CONSTANT (16408922859458223821),
  };
  RnRandom random = { 1234567 };

  g_test_summary ("The generator is SplitMix64");

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (rn_random_next (&random), ==, expected[i]);
}

static void
test_uniform (void)
{
  RnRandom random;
  double sum = 0;

  g_test_summary ("Uniform numbers lie in [0, 1) about 1/2; streams differ");

  rn_random_init (&random, 1, 0);
  for (int i = 0; i < 10000; i++)
    {
      double x = rn_random_uniform (&random);

      g_assert_cmpfloat (x, >=, 0);
      g_assert_cmpfloat (x, <, 1);
      sum += x;
    }
  g_assert_cmpfloat (fabs (sum / 10000 - 0.5), <, 0.02);

  {
    RnRandom a, b;

    rn_random_init (&a, 1, 1);
    rn_random_init (&b, 1, 2);
    for (int i = 0; i < 100; i++)
      g_assert_cmpuint (rn_random_next (&a), !=, rn_random_next (&b));
  }
}

/* The polar method again, with libm's logarithm. */
static void
test_normal (void)
{
  static float values[5000];
  RnRandom random, again;
  int n = 0;

  g_test_summary (
      "Normal numbers are those of the polar method with libm's logarithm, within 1e-6");

  rn_random_init (&random, 7, 3);
  again = random;
  rn_random_fill_normal (&random, values, G_N_ELEMENTS (values), 0.5);
  while (n < (int) G_N_ELEMENTS (values))
    {
      double u = 2 * rn_random_uniform (&again) - 1;
      double v = 2 * rn_random_uniform (&again) - 1;
      double s = u * u + v * v, factor;

      if (s >= 1)
        continue;
      factor = 0.5 * sqrt (-2 * log (s) / s);
      g_assert_cmpfloat (fabs (values[n++] - u * factor), <, 1e-6);
      g_assert_cmpfloat (fabs (values[n++] - v * factor), <, 1e-6);
    }
}

static void
test_same_everywhere (void)
{
  static float values[100000];
  g_autofree char *sum = NULL;
  RnRandom random;

  g_test_summary ("The same numbers come out on every platform, to the last bit");

  rn_random_init (&random, 1, 0);
  rn_random_fill_normal (&random, values, G_N_ELEMENTS (values), 1);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      guint32 *bits = (guint32 *) &values[i];

      *bits = GUINT32_TO_LE (*bits);
    }
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) values, sizeof values);
  g_assert_cmpstr (sum, ==, "df952b40a0c750d4d0698533d9ce5dead5f8850558702310487d29b5d16cc522");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/random/splitmix", test_splitmix);
  g_test_add_func ("/random/uniform", test_uniform);
  g_test_add_func ("/random/normal", test_normal);
  g_test_add_func ("/random/same-everywhere", test_same_everywhere);

  return g_test_run ();
}
