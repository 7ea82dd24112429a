#include "random-net.h"
#include "reference-net.h"

#include "engine/analysis/explanation.h"
#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/runtime/session.h"

#include <math.h>

#define N_NETS 120
#define MAX_NETS (20 * N_NETS)
#define TOLERANCE 1e-4

static RnTensor *
get_activation (int layer, gpointer session, GError **error)
{
  return rn_session_get_activation (session, layer, error);
}

static RnUnit
pick_unit (const RnShape *shape)
{
  RnUnit unit = { 0, 0, pick (0, rn_shape_get_channels (shape) - 1) };

  if (shape->rank == 3)
    {
      unit.y = pick (0, shape->dims[0] - 1);
      unit.x = pick (0, shape->dims[1] - 1);
    }

  return unit;
}

/* The sum of the sizes of the terms: what rounding errors are measured by. */
static double
get_size (const RnExplanationStep *step)
{
  double size = 1;

  for (guint i = 0; i < step->terms->len; i++)
    size += fabs (g_array_index (step->terms, RnTerm, i).amount);

  return size;
}

static void
check_step (const RnModel *model, const RnExplanationStep *step)
{
  double sum = 0;

  for (guint i = 1; i < step->terms->len; i++)
    g_assert_cmpfloat (fabs (g_array_index (step->terms, RnTerm, i - 1).amount), >=,
                       fabs (g_array_index (step->terms, RnTerm, i).amount));
  for (guint i = 0; i < step->terms->len; i++)
    sum += g_array_index (step->terms, RnTerm, i).amount;
  if (step->rule == RN_RULE_SUM)
    g_assert_cmpfloat (fabs (sum - step->total), <=, 1e-9 * get_size (step));
  if (step->rule == RN_RULE_SUM && step->function == RN_ACTIVATION_LINEAR)
    g_assert_true (step->result == step->total);
  if (!(fabs (step->result - step->activation) <= TOLERANCE * get_size (step)))
    g_test_message ("%s: %g, not %g", rn_model_get_layer (model, step->layer)->name, step->result,
                    step->activation);
  g_assert_cmpfloat (fabs (step->result - step->activation), <=, TOLERANCE * get_size (step));
}

static void
check_layers (RnSession *session, RnBinding *binding, int *seen)
{
  RnModel *model = rn_binding_get_model (binding);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      RnUnit unit = pick_unit (&layer->output_shape);
      g_autoptr (GError) error = NULL;
      g_autoptr (RnExplanation) explanation
          = rn_explanation_new (binding, i, unit, get_activation, session, &error);

      g_assert_no_error (error);
      g_assert_cmpint (explanation->steps->len, >=, 1);
      for (guint s = 0; s < explanation->steps->len; s++)
        check_step (model, rn_explanation_get_step (explanation, s));
      g_assert_cmpint (
          rn_explanation_get_step (explanation, explanation->steps->len - 1)->layer, ==, i);
      if (seen != NULL)
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
test_every_kind (void)
{
  int seen[RN_N_LAYER_KINDS] = { 0 };
  int n = 0;

  g_test_summary ("Terms sum to the value that the engine computed, for every kind of layer");

  while (n < N_NETS || (n < MAX_NETS && !saw_all (seen)))
    {
      g_autoptr (RnModel) model = random_net_build (NULL);
      g_autoptr (RnWeights) weights = model != NULL ? reference_weights_new_random (model) : NULL;
      g_autoptr (RnBinding) binding = NULL;
      g_autoptr (RnTensor) input = NULL;
      g_autoptr (RnSession) session = NULL;
      RnSessionOptions options = { 2 };

      if (model == NULL)
        continue;
      binding = rn_binding_new (model, weights, NULL);
      input = reference_input_new_random (model, 1);
      session = rn_session_new (binding, &options, NULL);
      g_assert_true (rn_session_run (session, input, NULL, NULL));
      check_layers (session, binding, seen);
      n++;
    }
  g_assert_true (saw_all (seen));
}

static RnBinding *
load (const char *id, int size)
{
  g_autofree char *file = g_strconcat (id, ".h5", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_load (path, &error);
  RnVariant variant = { RN_NAMES_KERAS2, TRUE, 10, size };
  g_autoptr (RnModel) model = rn_catalog_build (id, &variant, NULL);
  RnBinding *binding;

  g_assert_no_error (error);
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);

  return binding;
}

static void
test_bundled (gconstpointer id)
{
  g_autoptr (RnBinding) binding = load (id, 64);
  g_autoptr (RnTensor) input = reference_input_new_random (rn_binding_get_model (binding), 1);
  g_autoptr (RnSession) session = rn_session_new (binding, NULL, NULL);

  g_test_summary ("So they do for every layer of a trained network");

  g_assert_true (rn_session_run (session, input, NULL, NULL));
  check_layers (session, binding, NULL);
}

static void
test_story (void)
{
  g_autoptr (RnBinding) binding = load ("resnet18", 64);
  const RnModel *model = rn_binding_get_model (binding);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnSession) session = rn_session_new (binding, NULL, NULL);
  static const RnLayerKind kinds[] = { RN_LAYER_CONV, RN_LAYER_BATCH_NORM, RN_LAYER_ADD };
  g_autoptr (RnExplanation) story = NULL;
  const RnBlock *block = &rn_model_get_structure (model)->blocks[0];
  const RnExplanationStep *first;

  g_test_summary ("Behind a block's ReLU the story goes on: Add, batch norm, and the kernel's terms");

  g_assert_true (rn_session_run (session, input, NULL, NULL));
  story = rn_explanation_new (binding, block->output, (RnUnit) { 3, 4, 5 }, get_activation, session,
                              NULL);
  g_assert_cmpint (story->steps->len, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_cmpint (
        rn_model_get_layer (model, rn_explanation_get_step (story, i)->layer)->kind, ==, kinds[i]);
  first = rn_explanation_get_step (story, 0);
  g_assert_cmpint (first->terms->len, >=, 576 /* 3 x 3 x 64 */);
  g_assert_cmpint (rn_explanation_get_step (story, 2)->terms->len, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/explanation/every-kind", test_every_kind);
  g_test_add_data_func ("/explanation/resnet18", "resnet18", test_bundled);
  g_test_add_data_func ("/explanation/resnet50", "resnet50", test_bundled);
  g_test_add_func ("/explanation/story", test_story);

  return g_test_run ();
}
