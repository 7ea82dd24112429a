/* The same picture gives the same bits, and nearly the same on any processor. */
#include <math.h>
#include <string.h>

#include "engine/model/catalog.h"
#include "engine/runtime/session.h"

/* How far what the classifier looks at may lie apart, relative to the largest of their layer, across numbers of threads
 * and instruction sets: float32 sums taken in another order. Two orders of magnitude of the rounding
 * of one operation (6e-8), for sums of thousands in 20 layers. */
#define BOUND 1e-5

#define N_RUNS 20

static RnTensor *
run (const char *model_id, int n_threads, int n_times)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  RnSessionOptions options = { n_threads, RN_KEEP_OUTPUTS };
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnSession) session = NULL;
  g_autoptr (RnTensor) input = NULL;
  const RnShape *shape;
  RnTensor *first = NULL;

  variant.top = TRUE;
  model = rn_catalog_build (model_id, &variant, NULL);
  weights = rn_weights_new_random (model, 1, NULL);
  binding = rn_binding_new (model, weights, NULL);
  session = rn_session_new (binding, &options, NULL);
  shape = &rn_model_get_input (model)->output_shape;
  input = rn_tensor_new (4, (gint64[]) { 1, shape->dims[0], shape->dims[1], shape->dims[2] }, NULL);
  for (gint64 i = 0; i < rn_tensor_get_n_elements (input); i++)
    rn_tensor_f32 (input)[i] = (float) ((i * 7919) % 1009) / 1009 - 0.5f;

  for (int i = 0; i < n_times; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) output = NULL;

      rn_session_run (session, input, NULL, &error);
      g_assert_no_error (error);
      output = rn_session_get_activation (session, rn_model_get_output (model, 0)->index - 1, &error);
      g_assert_no_error (error);
      if (first == NULL)
        first = rn_tensor_ref (output);
      else
        g_assert_cmpmem (output->data, rn_tensor_get_n_bytes (output), first->data,
                         rn_tensor_get_n_bytes (first));
    }

  return first;
}

static double
get_distance (const RnTensor *a, const RnTensor *b)
{
  gint64 n = rn_tensor_get_n_elements (a);
  double largest = 0, distance = 0;

  for (gint64 i = 0; i < n; i++)
    {
      largest = MAX (largest, fabs (rn_tensor_f32 ((RnTensor *) a)[i]));
      distance = MAX (distance, fabs (rn_tensor_f32 ((RnTensor *) a)[i]
                                      - rn_tensor_f32 ((RnTensor *) b)[i]));
    }

  return largest > 0 ? distance / largest : distance;
}

static void
test_runs (void)
{
  g_test_summary ("Run after run and session after session: the same bits, for any number of threads");

  for (int n_threads = 1; n_threads <= 4; n_threads++)
    {
      g_autoptr (RnTensor) one = run ("resnet20", n_threads, N_RUNS);
      g_autoptr (RnTensor) other = run ("resnet20", n_threads, 1);

      g_assert_cmpmem (one->data, rn_tensor_get_n_bytes (one), other->data,
                       rn_tensor_get_n_bytes (other));
    }
}

static void
test_threads (void)
{
  g_autoptr (RnTensor) alone = run ("resnet20", 1, 1);

  g_test_summary ("Across numbers of threads outputs lie within the bound");

  for (int n_threads = 2; n_threads <= 8; n_threads++)
    {
      g_autoptr (RnTensor) several = run ("resnet20", n_threads, 1);
      double distance = get_distance (alone, several);

      g_test_message ("%d threads: %g", n_threads, distance);
      g_assert_cmpfloat (distance, <=, BOUND);
    }
}

/* In a process that RN_ISA has told which instruction set to take: prints the output. */
static void
print_output (void)
{
  g_autoptr (RnTensor) output = run ("resnet20", 1, 1);

  for (gint64 i = 0; i < rn_tensor_get_n_elements (output); i++)
    g_printerr ("value %a\n", rn_tensor_f32 (output)[i]);
}

static void
test_isas (void)
{
  static const char *const isas[] = { "reference", "sse2", "avx2", "avx512" };
  g_autoptr (RnTensor) here = NULL;

  g_test_summary ("Across instruction sets, the plain loops included, outputs lie within the bound");

  if (g_test_subprocess ())
    {
      print_output ();
      return;
    }
  here = run ("resnet20", 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (isas); i++)
    {
      g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
      const char *argv[] = { program, "--GTestSubprocess", "-p", "/determinism/isas", NULL };
      g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "RN_ISA", isas[i], TRUE);
      g_autofree char *out = NULL;
      g_autofree char *err = NULL;
      g_autoptr (RnTensor) there = rn_tensor_new (here->rank, here->dims, NULL);
      gint64 n = 0;
      int status;

      g_assert_true (g_spawn_sync (NULL, (char **) argv, environment, 0, NULL, NULL, &out, &err,
                                   &status, NULL));
      for (const char *at = err; (at = strstr (at, "value ")) != NULL; at++)
        if (n < rn_tensor_get_n_elements (there))
          rn_tensor_f32 (there)[n++] = (float) g_ascii_strtod (at + 6, NULL);
      if (status != 0)
        {
          g_test_message ("%s: not on this processor", isas[i]);
          continue;
        }
      g_assert_cmpint (n, ==, rn_tensor_get_n_elements (here));
      g_test_message ("%s: %g", isas[i], get_distance (here, there));
      g_assert_cmpfloat (get_distance (here, there), <=, BOUND);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/determinism/runs", test_runs);
  g_test_add_func ("/determinism/threads", test_threads);
  g_test_add_func ("/determinism/isas", test_isas);

  return g_test_run ();
}
