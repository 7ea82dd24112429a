/* The gradient at every block in the inspector, held against the engine's. */
#include <math.h>
#include <string.h>

#include "engine/runtime/edit.h"
#include "engine/training/gradients.h"
#include "tests/window/fixture.h"
#include "tests/window/window-test.h"

static RnInspector *
get_inspector (Fixture *fixture)
{
  return rn_window_get_inspector (fixture->window);
}

static RnGradientChart *
get_chart (Fixture *fixture)
{
  return rn_block_page_get_gradients (rn_inspector_get_block (get_inspector (fixture)));
}

static const RnLayerGradients *
get_found (Fixture *fixture)
{
  return rn_gradient_finder_get (rn_inspector_get_gradients (get_inspector (fixture)));
}

static gboolean
is_found (Fixture *fixture)
{
  const RnLayerGradients *found = get_found (fixture);

  return found != NULL && found->class_index == rn_document_get_shown_class (fixture->document);
}

static const char *
get_fact (Fixture *fixture)
{
  return rn_fact_table_find (rn_inspector_get_facts (get_inspector (fixture)), "Gradient");
}

/* Asserts that the model behind the chart, and its bars, are what the engine says of @edits. */
static void
assert_as_engine (Fixture *fixture, const char *const *edits)
{
  RnNetwork *network = rn_document_get_network (fixture->document);
  RnModel *model = rn_document_get_model (fixture->document);
  const RnStructure *structure = rn_model_get_structure (model);
  const RnLayerGradients *found = get_found (fixture);
  RnBarChart *bars = rn_gradient_chart_get_bars (get_chart (fixture));
  g_autoptr (RnBinding) edited = rn_edits_apply (edits, rn_network_get_binding (network), NULL);
  g_autoptr (RnTensor) input
      = rn_network_make_input (network, rn_document_get_picture (fixture->document), NULL);
  g_autoptr (RnGradients) engine
      = rn_gradients_new (edited, input, found->class_index, RN_GRADIENTS_NORMS, 0, NULL, NULL);

  g_assert_nonnull (engine);
  g_assert_cmpfloat (found->loss, ==, engine->loss);
  g_assert_cmpint (rn_bar_chart_get_n (bars), ==, structure->n_blocks);
  for (int b = 0; b < structure->n_blocks; b++)
    {
      int output = structure->blocks[b].output;
      const RnLayer *layer = rn_model_find_layer (rn_binding_get_model (edited),
                                                  rn_model_get_layer (model, output)->name, NULL);
      double norm = layer != NULL ? engine->gradient_norm[layer->index] : NAN;

      g_assert_true (isnan (norm) ? isnan (found->norms[output]) : found->norms[output] == norm);
      g_assert_true (isnan (norm) ? isnan (rn_bar_chart_get_value (bars, b))
                                  : rn_bar_chart_get_value (bars, b) == norm);
    }
}

static void
test_chart (Fixture *fixture, gconstpointer unused)
{
  static const char *const none[] = { NULL };
  static const char *const cut[] = { "cut-shortcut:conv3_block2_add", NULL };
  static const char *const drop[] = { "drop-block:conv3_block2_add", NULL };
  double before;

  g_test_summary ("The chart is the engine's: of the picture, of any class, with edits");

  fixture_open_sample (fixture, "tench.png");
  rn_document_select_block (fixture->document, 3);
  g_assert_null (get_found (fixture));
  rn_inspector_show_page (get_inspector (fixture), "block");
  fixture_wait (fixture, is_found, "gradients");
  assert_as_engine (fixture, none);
  g_assert_nonnull (strstr (rn_gradient_chart_get_text (get_chart (fixture)), "were it tench"));
  before = get_found (fixture)->loss;
  fixture_screenshot (fixture, "gradients");

  rn_document_set_class (fixture->document, 3);
  fixture_wait (fixture, is_found, "gradients of another class");
  g_assert_cmpfloat (get_found (fixture)->loss, >, before);
  g_assert_nonnull (strstr (rn_gradient_chart_get_text (get_chart (fixture)), "chain saw"));
  assert_as_engine (fixture, none);

  g_assert_true (rn_document_try_edits (fixture->document, cut));
  fixture_wait_run (fixture);
  fixture_wait (fixture, is_found, "gradients with a cut shortcut");
  assert_as_engine (fixture, cut);
  fixture_screenshot (fixture, "gradients-cut");
  g_assert_true (rn_document_try_edits (fixture->document, drop));
  fixture_wait_run (fixture);
  fixture_wait (fixture, is_found, "gradients without a block");
  assert_as_engine (fixture, drop);
}

static void
show_model (Fixture *fixture, const char *id)
{
  rn_document_set_model_id (fixture->document, id);
  while (!g_str_equal (rn_network_get_id (rn_document_get_network (fixture->document)), id))
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (fixture);
}

static void
test_superseded (Fixture *fixture, gconstpointer unused)
{
  static const char *const none[] = { NULL };

  g_test_summary ("Of what follows quickly only the last is shown; another model has its own");

  fixture_open_sample (fixture, "church.png");
  rn_inspector_show_page (get_inspector (fixture), "block");
  for (int class = 0; class < 5; class ++)
    {
      rn_document_set_class (fixture->document, class);
      g_main_context_iteration (NULL, FALSE);
      g_assert_true (get_found (fixture) == NULL || is_found (fixture));
    }
  fixture_wait (fixture, is_found, "gradients");
  g_assert_cmpint (get_found (fixture)->class_index, ==, 4);
  assert_as_engine (fixture, none);

  show_model (fixture, "resnet20");
  g_assert_cmpint (rn_document_get_class (fixture->document), ==, -1);
  fixture_wait (fixture, is_found, "gradients of ResNet-20");
  assert_as_engine (fixture, none);
}

static void
test_late_picture (Fixture *fixture, gconstpointer unused)
{
  static const char *const none[] = { NULL };

  g_test_summary ("The chart comes with the first picture, whatever was on top before");

  fixture_wait (fixture, fixture_has_network, "a network");
  rn_document_select_block (fixture->document, 3);
  rn_inspector_show_page (get_inspector (fixture), "block");
  rn_window_test_settle (50);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_chart (fixture))));
  fixture_open_sample (fixture, "church.png");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (get_chart (fixture))));
  fixture_wait (fixture, is_found, "gradients");
  assert_as_engine (fixture, none);
}

static void
test_overview (Fixture *fixture, gconstpointer unused)
{
  RnModel *model;
  int layer;
  g_autofree char *norm = NULL;

  g_test_summary ("The overview has a layer's own norm, worked out once that is asked for");

  fixture_open_sample (fixture, "church.png");
  model = rn_document_get_model (fixture->document);
  layer = rn_model_find_layer (model, "conv4_block1_add", NULL)->index;
  rn_inspector_show_page (get_inspector (fixture), "overview");
  g_assert_null (get_fact (fixture));
  rn_document_select_layer (fixture->document, layer);
  g_assert_nonnull (strstr (get_fact (fixture), "gradient:"));
  g_assert_null (get_found (fixture));
  g_signal_emit_by_name (rn_inspector_get_facts (get_inspector (fixture)), "activate-link",
                         "gradient:");
  fixture_wait (fixture, is_found, "gradients");
  norm = g_strdup_printf ("%.4g, of the loss were it church", get_found (fixture)->norms[layer]);
  g_assert_cmpstr (get_fact (fixture), ==, norm);
  fixture_screenshot (fixture, "gradient-fact");

  /* Once asked for, of the next picture too; on another page no longer. */
  fixture_open_sample (fixture, "tench.png");
  fixture_wait (fixture, is_found, "gradients of another picture");
  g_assert_nonnull (strstr (get_fact (fixture), "tench"));

  /* Random weights are called so. */
  show_model (fixture, "resnet20");
  rn_document_select_block (fixture->document, 2);
  fixture_wait (fixture, is_found, "gradients of random weights");
  g_assert_nonnull (strstr (get_fact (fixture), "untrained"));
  rn_inspector_show_page (get_inspector (fixture), "block");
  fixture_screenshot (fixture, "gradients-untrained");

  rn_inspector_show_page (get_inspector (fixture), "maps");
  fixture_open_sample (fixture, "church.png");
  rn_window_test_settle (50);
  g_assert_null (get_found (fixture));
  g_assert_false (
      rn_gradient_finder_get_working (rn_inspector_get_gradients (get_inspector (fixture))));
}

#define ADD(path, func)                                                                            \
  g_test_add ("/window/gradients/" path, Fixture, "resnet18", fixture_set_up, func,                \
              fixture_tear_down)

int
main (int argc, char *argv[])
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("chart", test_chart);
  ADD ("superseded", test_superseded);
  ADD ("late-picture", test_late_picture);
  ADD ("overview", test_overview);

  return g_test_run ();
}
