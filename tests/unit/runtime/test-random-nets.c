#include "random-net.h"
#include "reference-net.h"

#include "engine/runtime/session.h"

#define N_NETS 200
#define MAX_NETS (20 * N_NETS)
#define TOLERANCE 1e-4

/* What is wrong, in a line a layer. */
static void
describe (RnModel *model, int wrong)
{
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      g_autofree char *shape = rn_shape_to_string (&layer->output_shape);

      g_test_message ("%s%d: %s %s of %d, %d", i == wrong ? "WRONG " : "", i,
                      rn_layer_kind_get_keras_class (layer->kind), shape,
                      layer->n_inputs > 0 ? layer->inputs[0] : -1,
                      layer->n_inputs > 1 ? layer->inputs[1] : -1);
    }
}

static void
check_net (RnModel *model, int *seen)
{
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = rn_binding_new (model, weights, NULL);
  g_autoptr (RnTensor) input = reference_input_new_random (model, pick (1, 3));
  g_autoptr (ReferenceNet) reference = reference_net_new (binding, input);
  RnSessionOptions options = { pick (1, 4) };
  g_autoptr (RnSession) session = rn_session_new (binding, &options, NULL);
  g_autoptr (GError) error = NULL;

  rn_session_run (session, input, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      g_autoptr (RnTensor) activation = rn_session_get_activation (session, i, &error);
      double distance;

      g_assert_no_error (error);
      distance = reference_net_get_error (reference, i, activation);
      if (!(distance <= TOLERANCE))
        describe (model, i);
      g_assert_cmpfloat (distance, <=, TOLERANCE);
      seen[layer->kind]++;
    }
}

static gboolean
saw_all (const int *seen)
{
  for (int kind = 0; kind < RN_LAYER_UNSUPPORTED; kind++)
    if (seen[kind] == 0)
      return FALSE;

  return TRUE;
}

static void
test_random_nets (void)
{
  int seen[RN_N_LAYER_KINDS] = { 0 };
  int n = 0;

  g_test_summary ("Every kind of layer, in random networks with random configurations, equals the "
                  "double-precision reference.");
  /* As many as it takes for every kind to have its turn, in reason. */
  while (n < N_NETS || (n < MAX_NETS && !saw_all (seen)))
    {
      g_autoptr (RnModel) model = random_net_build (NULL);

      if (model == NULL) /* shapes that do not fit: as random as the rest */
        continue;
      check_net (model, seen);
      n++;
    }
  for (int kind = 0; kind < RN_LAYER_UNSUPPORTED; kind++)
    {
      if (seen[kind] == 0)
        g_test_message ("no %s was tried", rn_layer_kind_get_keras_class (kind));
      g_assert_cmpint (seen[kind], >, 0);
    }
}

/* In this process: where an emulator runs the tests, none might run a child's. */
static void
test_random_nets_reference (void)
{
  g_autofree char *before = g_strdup (g_getenv ("RN_ISA"));

  g_test_summary ("So do the textbook's loops, which RN_ISA=reference asks for.");

  g_setenv ("RN_ISA", "reference", TRUE);
  test_random_nets ();
  if (before != NULL)
    g_setenv ("RN_ISA", before, TRUE);
  else
    g_unsetenv ("RN_ISA");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/random-nets/default", test_random_nets);
  g_test_add_func ("/random-nets/reference", test_random_nets_reference);

  return g_test_run ();
}
