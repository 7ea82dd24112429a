#include <math.h>

#include "engine/tensor/ranking.h"

static RnTensor *
new_vector (const float *values, int n)
{
  gint64 dims[2] = { 1, n };
  RnTensor *vector = rn_tensor_new (2, dims, NULL);

  memcpy (rn_tensor_f32 (vector), values, n * sizeof *values);

  return vector;
}

static void
test_order (void)
{
  const float values[] = { 0.1f, 0.5f, NAN, 0.2f, 0.5f, -1.0f };
  g_autoptr (RnTensor) vector = new_vector (values, G_N_ELEMENTS (values));
  int indices[6];

  g_test_summary ("The largest come first, equal ones in order, and what is no number not at all");

  g_assert_cmpint (rn_tensor_rank_largest (vector, 6, indices), ==, 5);
  g_assert_cmpint (indices[0], ==, 1);
  g_assert_cmpint (indices[1], ==, 4);
  g_assert_cmpint (indices[2], ==, 3);
  g_assert_cmpint (indices[3], ==, 0);
  g_assert_cmpint (indices[4], ==, 5);
  g_assert_cmpint (rn_tensor_rank_largest (vector, 2, indices), ==, 2);
  g_assert_cmpint (indices[1], ==, 4);
}

static void
test_random (void)
{
  float values[200];
  g_autoptr (RnTensor) vector = NULL;
  int indices[10];

  g_test_summary ("Of random numbers, those found are in order and none left out is larger");

  for (int i = 0; i < 200; i++)
    values[i] = g_test_rand_double ();
  vector = new_vector (values, 200);
  g_assert_cmpint (rn_tensor_rank_largest (vector, 10, indices), ==, 10);

  for (int k = 0; k < 10; k++)
    {
      int n_larger = 0;

      for (int i = 0; i < 200; i++)
        n_larger += values[i] > values[indices[k]];
      g_assert_cmpint (n_larger, ==, k);
    }
}

static void
test_probabilities (void)
{
  float logits[3] = { 1000, 1000 + (float)G_LN2, -1000 };
  float done[3] = { 0.25f, 0.75f, 0 };

  g_test_summary ("Logits become their softmax, however large; probabilities stay");

  rn_scores_to_probabilities (logits, 3);
  g_assert_cmpfloat_with_epsilon (logits[0], 1.0 / 3, 1e-4);
  g_assert_cmpfloat_with_epsilon (logits[1], 2.0 / 3, 1e-4);
  g_assert_cmpfloat (logits[2], ==, 0);
  rn_scores_to_probabilities (done, 3);
  g_assert_cmpfloat (done[0], ==, 0.25);
  g_assert_cmpfloat (done[1], ==, 0.75);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor/ranking/order", test_order);
  g_test_add_func ("/tensor/ranking/random", test_random);
  g_test_add_func ("/tensor/ranking/probabilities", test_probabilities);

  return g_test_run ();
}
