#include <math.h>

#include "app/common/data-dir.h"
#include "engine/runtime/edit.h"
#include "tests/window/fixture.h"

static RnEdits *
get_edits (Fixture *fixture)
{
  return rn_document_get_edits (fixture->document);
}

static gboolean
has_settled (Fixture *fixture)
{
  const RnRun *run = rn_document_get_run (fixture->document);

  return run != NULL && !rn_document_get_busy (fixture->document)
         && g_strv_equal ((const char *const *) run->edits, rn_edits_get (get_edits (fixture)));
}

static void
wait_edited (Fixture *fixture)
{
  fixture_wait (fixture, has_settled, "a run of the edited network");
}

static void
select_block (Fixture *fixture, const char *add)
{
  const RnModel *model = rn_document_get_model (fixture->document);
  int layer = rn_model_find_layer (model, add, NULL)->index;

  rn_document_select_block (fixture->document, rn_model_get_structure (model)->block_of[layer]);
}

static void
select_layer (Fixture *fixture, const char *name)
{
  const RnModel *model = rn_document_get_model (fixture->document);

  rn_document_select_layer (fixture->document, rn_model_find_layer (model, name, NULL)->index);
}

static void
turn (Fixture *fixture, const char *edit, gboolean on)
{
  GtkWidget *button
      = rn_experiments_find_offer (rn_window_get_experiments (fixture->window), edit);

  g_assert_nonnull (button);
  gtk_switch_set_active (GTK_SWITCH (button), on);
  wait_edited (fixture);
}

/* What a session of its own makes of the same edits. */
static void
assert_as_from_scratch (Fixture *fixture)
{
  RnNetwork *network = rn_document_get_network (fixture->document);
  const RnRun *run = rn_document_get_run (fixture->document);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) edited = rn_edits_apply (rn_edits_get (get_edits (fixture)),
                                                 rn_network_get_binding (network), &error);
  g_autoptr (RnSession) session = rn_session_new (edited, NULL, &error);
  g_autoptr (RnTensor) input
      = rn_network_get_activation (network, run, rn_model_get_input (run->model)->index, &error);
  g_autoptr (RnTensor) expected = NULL;

  g_assert_no_error (error);
  g_assert_true (rn_session_run (session, input, NULL, &error));
  expected = rn_session_get_activation (
      session, rn_model_get_output (rn_binding_get_model (edited), 0)->index, &error);
  g_assert_no_error (error);
  for (int i = 0; i < run->n_classes; i++)
    g_assert_cmpfloat (fabsf (run->probabilities[i] - rn_tensor_f32 (expected)[i]), <, 1e-5);
}

static void
test_live (Fixture *fixture, gconstpointer unused)
{
  RnPredictionList *predictions = rn_window_get_predictions (fixture->window);
  float whole;
  int top;

  g_test_summary ("A switch edits the running network; before and after stand side by side; "
                  "undo and redo go back and forth");

  fixture_open_sample (fixture, "golf-ball.png");
  top = rn_document_get_run (fixture->document)->predictions[0].index;
  whole = rn_document_get_run (fixture->document)->probabilities[top];
  g_assert_cmpstr (rn_prediction_list_get_before (predictions), ==, "");
  rn_window_show_right (fixture->window, "experiments");
  select_block (fixture, "conv3_block2_add");
  turn (fixture, "cut-shortcut:conv3_block2_add", TRUE);
  assert_as_from_scratch (fixture);
  g_assert_cmpfloat (rn_document_get_run (fixture->document)->before->probabilities[top], ==,
                     whole);
  g_assert_nonnull (strstr (rn_prediction_list_get_before (predictions), "golf ball"));
  g_assert_nonnull (rn_experiments_find_remove (rn_window_get_experiments (fixture->window),
                                                "cut-shortcut:conv3_block2_add"));
  fixture_screenshot (fixture, "experiments-cut");

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo", NULL));
  wait_edited (fixture);
  g_assert_cmpfloat (rn_document_get_run (fixture->document)->probabilities[top], ==, whole);
  g_assert_cmpstr (rn_prediction_list_get_before (predictions), ==, "");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.redo", NULL));
  wait_edited (fixture);
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, 1);
  g_assert_cmpfloat (rn_document_get_run (fixture->document)->probabilities[top], !=, whole);
}

static void
test_exclude (Fixture *fixture, gconstpointer unused)
{
  RnExperiments *experiments = rn_window_get_experiments (fixture->window);
  const char *cut = "cut-shortcut:conv3_block2_add", *drop = "drop-block:conv3_block2_add";
  GtkWidget *button;

  g_test_summary ("A block keeps its branch or its shortcut; a layer that an edit leaves out has no "
                  "features, and says so");

  fixture_open_sample (fixture, "golf-ball.png");
  select_block (fixture, "conv3_block2_add");
  turn (fixture, cut, TRUE);
  turn (fixture, drop, TRUE);
  g_assert_false (rn_edits_contains (get_edits (fixture), cut));
  g_assert_false (gtk_switch_get_active (
      GTK_SWITCH (rn_experiments_find_offer (experiments, cut))));
  assert_as_from_scratch (fixture);

  select_layer (fixture, "conv3_block2_1_conv");
  wait_edited (fixture);
  g_assert_false (rn_document_is_layer_done (
      fixture->document, rn_document_get_selection (fixture->document).layer));
  g_assert_null (rn_gallery_pane_get_maps (
      rn_inspector_get_gallery (rn_window_get_inspector (fixture->window))));
  g_assert_null (rn_window_get_message (fixture->window));

  /* An edit of what is left out does nothing, and is no error. */
  rn_experiments_type_channels (experiments, 0, "0, 4-7", 0);
  wait_edited (fixture);
  g_assert_null (rn_window_get_message (fixture->window));
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, 2);

  button = rn_experiments_find_remove (experiments, drop);
  g_signal_emit_by_name (button, "clicked");
  wait_edited (fixture);
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, 1);
  assert_as_from_scratch (fixture);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.clear-edits", NULL));
  wait_edited (fixture);
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, 0);
}

static RnGalleryPane *
get_gallery (Fixture *fixture)
{
  return rn_inspector_get_gallery (rn_window_get_inspector (fixture->window));
}

static gboolean
has_overlay (Fixture *fixture)
{
  return rn_document_get_overlay (fixture->document) != NULL;
}

static void
test_overlay (Fixture *fixture, gconstpointer unused)
{
  const char *const drop[] = { "drop-block:conv3_block2_add", NULL };

  g_test_summary ("What a layer computed lies over the picture no longer once it is left out");

  fixture_open_sample (fixture, "golf-ball.png");
  select_layer (fixture, "conv3_block2_1_conv");
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  rn_gallery_pane_select_channel (get_gallery (fixture), 5);
  rn_gallery_pane_set_overlay (get_gallery (fixture), TRUE);
  fixture_wait (fixture, has_overlay, "an overlay");
  g_assert_true (rn_document_try_edits (fixture->document, drop));
  wait_edited (fixture);
  g_assert_false (has_overlay (fixture));
}

static void
test_kinds (Fixture *fixture, gconstpointer unused)
{
  RnExperiments *experiments = rn_window_get_experiments (fixture->window);

  g_test_summary ("All nine kinds of edit can be made in the window, one on top of the other");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_window_show_right (fixture->window, "experiments");
  select_block (fixture, "add_8");
  turn (fixture, "move-stride:add_8", TRUE);
  assert_as_from_scratch (fixture);
  turn (fixture, "insert-relu:bn4a_branch2c", TRUE);
  assert_as_from_scratch (fixture);
  select_block (fixture, "add_2");
  turn (fixture, "drop-block:add_2", TRUE);
  select_block (fixture, "add_14");
  turn (fixture, "cut-shortcut:add_14", TRUE);
  select_layer (fixture, "activation_10");
  turn (fixture, "remove-relu:activation_10", TRUE);
  select_layer (fixture, "res3b_branch2a");
  turn (fixture, "randomize:res3b_branch2a", TRUE);
  select_layer (fixture, "conv1");
  rn_experiments_type_channels (experiments, 0, "0, 4-7", 0);
  wait_edited (fixture);
  rn_experiments_type_channels (experiments, 2, "8-15", -0.5);
  wait_edited (fixture);
  select_layer (fixture, "activation_46");
  rn_experiments_type_channels (experiments, 1, "0-400", 0);
  wait_edited (fixture);
  g_assert_null (rn_window_get_message (fixture->window));
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, RN_N_EDIT_KINDS);
  assert_as_from_scratch (fixture);
  for (int look = 0; look < RN_N_LOOKS; look++)
    {
      g_autofree char *name = g_strdup_printf ("experiments-look-%d", look);

      rn_canvas_set_look (rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window)),
                          look);
      fixture_screenshot (fixture, name);
    }

  rn_experiments_type_channels (experiments, 0, "99999", 0);
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), "0 to"));
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, RN_N_EDIT_KINDS);
}

static gboolean
shows_resnet50 (Fixture *fixture)
{
  return g_strcmp0 (rn_model_get_name (rn_document_get_model (fixture->document)), "resnet50") == 0
         && has_settled (fixture);
}

static void
test_models (Fixture *fixture, gconstpointer unused)
{
  const char *const edits[] = { "drop-block:conv4_block2_add", NULL };

  g_test_summary ("Each model has its own edits; a new picture runs edited, with its own before");

  fixture_open_sample (fixture, "golf-ball.png");
  g_assert_true (rn_document_try_edits (fixture->document, edits));
  wait_edited (fixture);
  rn_document_set_model_id (fixture->document, "resnet50");
  fixture_wait (fixture, shows_resnet50, "ResNet-50");
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, 0);
  rn_document_set_model_id (fixture->document, "resnet18");
  wait_edited (fixture);
  g_assert_cmpuint (rn_edits_get_n (get_edits (fixture)), ==, 1);
  fixture_open_sample (fixture, "church.png");
  wait_edited (fixture);
  g_assert_nonnull (rn_document_get_run (fixture->document)->before);
  g_assert_true (rn_document_get_run (fixture->document)->before->picture
                 == rn_document_get_picture (fixture->document));
  assert_as_from_scratch (fixture);
}

static RnWhyPage *
get_why (Fixture *fixture)
{
  return rn_inspector_get_why (rn_window_get_inspector (fixture->window));
}

static gboolean
is_explained (Fixture *fixture)
{
  return rn_why_page_get_explanation (get_why (fixture)) != NULL;
}

static gboolean
is_unexplained (Fixture *fixture)
{
  return !is_explained (fixture);
}

static void
test_why (Fixture *fixture, gconstpointer unused)
{
  const RnModel *model;
  int layer;

  g_test_summary ("A unit that an edit made, and that is gone with it, is no longer explained");

  fixture_open_sample (fixture, "golf-ball.png");
  model = rn_document_get_model (fixture->document);
  layer = rn_model_find_layer (model, "res4a_branch2a", NULL)->index;
  select_block (fixture, "add_8");
  turn (fixture, "move-stride:add_8", TRUE);
  rn_why_page_explain (get_why (fixture), layer, (RnUnit) { 20, 20, 3 });
  fixture_wait (fixture, is_explained, "an explanation");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo", NULL));
  wait_edited (fixture);
  fixture_wait (fixture, is_unexplained, "the explanation to go");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.redo", NULL));
  wait_edited (fixture);
  fixture_wait (fixture, is_explained, "the explanation again");
}

static RnSweepView *
get_sweep (Fixture *fixture)
{
  return rn_experiments_get_sweep (rn_window_get_experiments (fixture->window));
}

static gboolean
is_swept (Fixture *fixture)
{
  return !rn_sweep_view_get_busy (get_sweep (fixture));
}

static gboolean
is_on_its_way (Fixture *fixture)
{
  return rn_sweep_view_get_share (get_sweep (fixture)) > 0;
}

/* Everything but the line of the pictures' names. */
static char *
read_figures (const char *path)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  line = strchr (text, '\n');
  g_assert_nonnull (line);

  return g_strdup (line + 1);
}

/* The same sweep by the program without a window. */
static char *
sweep_on_command_line (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "command.csv", NULL);
  g_autofree char *samples = g_build_filename (rn_data_dir_get (), "samples", NULL);
  g_autofree char *picture = g_build_filename (samples, "golf-ball.png", NULL);
  const char *const arguments[] = { g_getenv ("RN_RESNET"), "sweep", "--model", "resnet18",
                                    "drop-block", samples, picture, "-o", path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return read_figures (path);
}

static void
test_sweep (Fixture *fixture, gconstpointer unused)
{
  RnSweepView *sweep = get_sweep (fixture);
  g_autofree char *folder = g_dir_make_tmp ("rn-sweep-XXXXXX", NULL);
  g_autofree char *csv = g_build_filename (folder, "sweep.csv", NULL);
  g_autofree char *png = g_build_filename (folder, "sweep.png", NULL);
  g_autofree char *expected = NULL, *figures = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;
  RnChart *chart;

  g_test_summary ("A sweep shows how far it is, can be cancelled, and gives the command line's "
                  "figures as chart, PNG and CSV; a bar selects its block");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_window_show_right (fixture->window, "experiments");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (sweep), "sweep.cut-shortcut", NULL));
  fixture_wait (fixture, is_on_its_way, "a sweep's progress");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (sweep), "sweep.cancel", NULL));
  g_assert_false (rn_sweep_view_get_busy (sweep));
  g_assert_null (rn_chart_view_get_chart (rn_sweep_view_get_chart (sweep)));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (sweep), "sweep.drop-block", NULL));
  fixture_wait (fixture, is_swept, "a sweep");
  chart = rn_chart_view_get_chart (rn_sweep_view_get_chart (sweep));
  g_assert_nonnull (chart);
  g_assert_cmpint (chart->n_categories, ==, 8);
  g_assert_cmpint (chart->n_series, ==, 2);
  g_signal_emit_by_name (rn_sweep_view_get_chart (sweep), "chosen", 5);
  g_assert_cmpint (rn_document_get_selection (fixture->document).block, ==, 5);
  fixture_screenshot (fixture, "experiments-sweep");

  g_assert_true (rn_sweep_view_save (sweep, png, &error));
  texture = gdk_texture_new_from_filename (png, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 948);
  g_assert_true (rn_sweep_view_save (sweep, csv, &error));
  figures = read_figures (csv);
  expected = sweep_on_command_line (folder);
  g_assert_cmpstr (figures, ==, expected);
}

static RnColor
get_bar_color (Fixture *fixture)
{
  return rn_chart_view_get_chart (rn_sweep_view_get_chart (get_sweep (fixture)))->series[0].color;
}

static RnColor light;

static gboolean
has_other_color (Fixture *fixture)
{
  return get_bar_color (fixture).green != light.green;
}

static void
test_sweep_dark (Fixture *fixture, gconstpointer unused)
{
  RnSweepView *sweep = get_sweep (fixture);
  GtkSettings *settings = gtk_settings_get_default ();

  g_test_summary ("The bars of a sweep are of the colours that are chosen, whenever they are");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_window_show_right (fixture->window, "experiments");
  rn_document_select_block (fixture->document, 5);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (sweep), "sweep.drop-block", NULL));
  fixture_wait (fixture, is_swept, "a sweep");
  light = get_bar_color (fixture);
  g_object_set (settings, "gtk-application-prefer-dark-theme", TRUE, NULL);
  fixture_wait (fixture, has_other_color, "dark colours");
  g_object_set (settings, "gtk-application-prefer-dark-theme", FALSE, NULL);
}

static void
add (const char *path, const char *model, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, model, fixture_set_up, test, fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }
  add ("/experiments/live", "resnet18", test_live);
  add ("/experiments/exclude", "resnet18", test_exclude);
  add ("/experiments/overlay", "resnet18", test_overlay);
  add ("/experiments/kinds", "resnet50", test_kinds);
  add ("/experiments/models", "resnet18", test_models);
  add ("/experiments/why", "resnet50", test_why);
  add ("/experiments/sweep", "resnet18", test_sweep);
  add ("/experiments/sweep/dark", "resnet18", test_sweep_dark);

  return g_test_run ();
}
