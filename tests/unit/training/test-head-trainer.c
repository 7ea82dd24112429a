#include "engine/training/head-trainer.h"

#include <math.h>
#include <time.h>

#define N 36
#define N_FEATURES 512
#define N_CLASSES 3

/* Features of three kinds, each with a mean of its own; the farther apart, the easier. */
static void
draw (float *features, int *classes, double apart)
{
  for (int i = 0; i < N; i++)
    {
      classes[i] = i % N_CLASSES;
      for (int k = 0; k < N_FEATURES; k++)
        features[i * N_FEATURES + k] =
            g_test_rand_double_range (-1, 1) + (k % N_CLASSES == classes[i] ? apart : 0);
    }
}

static void
test_separable (void)
{
  g_autofree float *features = g_new (float, N * N_FEATURES);
  int classes[N], confusion[N_CLASSES * N_CLASSES];
  RnHeadOptions options = RN_HEAD_DEFAULTS;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnHead) head = NULL;
  clock_t start;

  g_test_summary ("Three dozen pictures of classes that differ are told apart within a second");

  draw (features, classes, 1);
  start = clock (); /* the processor's time: a busy machine is not a slow trainer */
  head = rn_head_train (features, classes, N, N_FEATURES, N_CLASSES, &options, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%.1f ms", 1e3 * (double)(clock () - start) / CLOCKS_PER_SEC);
#ifndef RN_SANITIZED
  g_assert_cmpint (clock () - start, <, 3 * CLOCKS_PER_SEC);
#endif
  g_assert_cmpint (head->n_folds, ==, N);
  for (int way = 0; way < 2; way++)
    {
      rn_head_get_confusion (head, classes, way, confusion);
      for (int c = 0; c < N_CLASSES; c++)
        g_assert_cmpint (confusion[c * N_CLASSES + c], ==, N / N_CLASSES);
    }
}

/* The mean loss with its penalty, of a kernel on centred and scaled features: recomputed here by
 * the definition, through the answers alone. */
static void
test_least_loss (void)
{
  g_autofree float *features = g_new (float, N * N_FEATURES);
  int classes[N];
  RnHeadOptions options = { 1e-2, FALSE };
  g_autoptr (RnHead) head = NULL;
  double sums[N_CLASSES] = { 0 };

  g_test_summary ("At the least loss the answers are right on average, and weights of classes sum to 0");

  draw (features, classes, 0.1);
  head = rn_head_train (features, classes, N, N_FEATURES, N_CLASSES, &options, NULL, NULL);
  g_assert_null (head->left_out);
  for (int i = 0; i < N; i++)
    for (int c = 0; c < N_CLASSES; c++)
      sums[c] += head->probabilities[i * N_CLASSES + c];
  for (int c = 0; c < N_CLASSES; c++)
    g_assert_cmpfloat_with_epsilon (sums[c], (double) N / N_CLASSES, 0.2);
  for (int k = 0; k < N_FEATURES; k++)
    {
      const float *kernel = head->kernel + (gint64) k * N_CLASSES;

      g_assert_cmpfloat_with_epsilon (kernel[0] + kernel[1] + kernel[2], 0, 1e-5);
    }
}

static void
test_same_bits (void)
{
  g_autofree float *features = g_new (float, N * N_FEATURES);
  int classes[N];
  RnHeadOptions options = RN_HEAD_DEFAULTS;
  g_autoptr (RnHead) a = NULL;
  g_autoptr (RnHead) b = NULL;

  g_test_summary ("The same pictures give the same bits");

  draw (features, classes, 0.2);
  a = rn_head_train (features, classes, N, N_FEATURES, N_CLASSES, &options, NULL, NULL);
  b = rn_head_train (features, classes, N, N_FEATURES, N_CLASSES, &options, NULL, NULL);
  g_assert_cmpmem (a->kernel, sizeof (float) * N_FEATURES * N_CLASSES, b->kernel,
                   sizeof (float) * N_FEATURES * N_CLASSES);
  g_assert_cmpmem (a->left_out, sizeof (float) * N * N_CLASSES, b->left_out,
                   sizeof (float) * N * N_CLASSES);
}

static void
test_bad (void)
{
  float features[] = { 1, 2, NAN, 4 }, fine[] = { 1, 2, 3, 4 };
  int classes[] = { 0, 1 }, wrong[] = { 0, 2 };
  RnHeadOptions options = RN_HEAD_DEFAULTS;
  g_autoptr (GError) error = NULL;

  g_test_summary ("One picture, an unknown class and a feature that is no number are refused");

  g_assert_null (rn_head_train (fine, classes, 1, 2, 2, &options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (rn_head_train (fine, wrong, 2, 2, 2, &options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (rn_head_train (features, classes, 2, 2, 2, &options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/training/head/separable", test_separable);
  g_test_add_func ("/training/head/least-loss", test_least_loss);
  g_test_add_func ("/training/head/same-bits", test_same_bits);
  g_test_add_func ("/training/head/bad", test_bad);

  return g_test_run ();
}
