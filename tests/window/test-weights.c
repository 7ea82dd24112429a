#include "tests/window/fixture.h"

#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/formats/keras-json.h"
#include "tests/window/window-test.h"

/* A file below the temporary folder, removed with it. */
static char *
temporary (const char *name)
{
  return g_build_filename (g_get_tmp_dir (), name, NULL);
}

static char *
find_shared (const char *name)
{
  g_autofree char *beside = g_test_build_filename (G_TEST_DIST, "..", "..", "shared", NULL);
  const char *shared = g_getenv ("RN_SHARED_DIR") != NULL ? g_getenv ("RN_SHARED_DIR") : beside;
  g_autofree char *path = g_build_filename (shared, "models", name, NULL);

  /* An opened model goes by its path without detours. */
  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_canonicalize_filename (path, NULL) : NULL;
}

/* Writes random weights, as if trained, of a variant of a model; the whole model if @whole. */
static char *
write_weights (const char *id, const RnVariant *variant, gboolean whole, const char *name)
{
  char *path = temporary (name);
  g_autoptr (RnModel) model = rn_catalog_build (id, variant, NULL);
  g_autoptr (RnWeights) weights = rn_weights_new_random (model, 7, NULL);
  g_autoptr (RnBinding) binding = NULL;
  g_autofree char *config = NULL;
  g_autoptr (GError) error = NULL;

  rn_weights_get_info (weights)->trained = TRUE;
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);
  if (whole)
    config = rn_model_to_keras_json (model, &error);
  g_assert_no_error (error);
  g_assert_true (rn_keras_hdf5_write (binding, config, path, &error));
  g_assert_no_error (error);

  return path;
}

static void
drop (Fixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (fixture_drop_file (fixture, file));
}

static RnNetwork *
get_network (Fixture *fixture)
{
  return rn_document_get_network (fixture->document);
}

static gboolean
shows_opened (Fixture *fixture)
{
  const char *id = rn_document_get_opened_id (fixture->document);

  return id != NULL && get_network (fixture) != NULL
         && g_str_equal (rn_network_get_id (get_network (fixture)), id)
         && !rn_document_get_busy (fixture->document);
}

static gboolean
has_sums (Fixture *fixture)
{
  RnWeightsPopover *popover =
      rn_network_bar_get_popover (rn_window_get_network_bar (fixture->window));

  return g_str_has_prefix (rn_weights_popover_get_sums (popover), "MD5 ");
}

/* Opens the popover of the weights; its facts are there at once. */
static RnWeightsPopover *
open_popover (Fixture *fixture)
{
  RnWeightsPopover *popover =
      rn_network_bar_get_popover (rn_window_get_network_bar (fixture->window));

  gtk_popover_popup (GTK_POPOVER (popover));

  return popover;
}

static void
shoot_popover (RnWeightsPopover *popover, const char *name)
{
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (popover), name);
}

static void
test_bundled (Fixture *fixture, gconstpointer unused)
{
  RnWeightsPopover *popover;
  RnFactTable *facts;

  g_test_summary ("The header bar names the weights; its popover says what they are");

  fixture_open_sample (fixture, "parachute.png");
  g_assert_cmpstr (rn_network_bar_get_weights (rn_window_get_network_bar (fixture->window)), ==,
                   "resnet50.h5");
  popover = open_popover (fixture);
  facts = rn_weights_popover_get_facts (popover);
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Origin"), "Imagenette"));
  g_assert_cmpstr (rn_fact_table_find (facts, "Licence"), ==, "MIT");
  g_assert_cmpstr (rn_fact_table_find (facts, "Classes"), ==,
                   "10: tench, English springer, cassette player, chain saw, church, …");
  g_assert_cmpstr (rn_fact_table_find (facts, "Epsilon"), ==, "0.001");
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Names"), "Keras 2"));
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Pre-processing"), "caffe"));
  g_assert_cmpstr (rn_weights_popover_get_map (popover), ==, "");
  fixture_wait (fixture, has_sums, "the checksums");
  g_assert_nonnull (strstr (rn_weights_popover_get_sums (popover),
                            "a06d308d29d58284c895089aa7590be7469ae95d2792f1f50cb1873a1b8de94f"));
  shoot_popover (popover, "weights-popover");
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
test_other_names (Fixture *fixture, gconstpointer unused)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autofree char *path = NULL;
  RnWeightsPopover *popover;
  g_autoptr (RnRun) before = NULL;

  g_test_summary ("Weights of a model that is not shown bring it along; their map is shown; back "
                  "to the bundled ones is one click");

  variant.names = RN_NAMES_KERAS3;
  variant.classes = 3;
  path = write_weights ("resnet50", &variant, FALSE, "rn-window-keras3.h5");
  fixture_open_sample (fixture, "church.png");
  rn_document_select_layer (fixture->document, 5);
  drop (fixture, path);
  while (g_strcmp0 (rn_document_get_model_id (fixture->document), "resnet50") != 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_network_bar_get_weights (rn_window_get_network_bar (fixture->window)), ==,
                   "rn-window-keras3.h5");
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, >=, 0);
  popover = open_popover (fixture);
  g_assert_cmpstr (rn_fact_table_find (rn_weights_popover_get_facts (popover), "Classes"), ==,
                   "3, not named");
  g_assert_nonnull (
      strstr (rn_fact_table_find (rn_weights_popover_get_facts (popover), "Names"), "Keras 3"));
  gtk_popover_popdown (GTK_POPOVER (popover));

  before = rn_run_ref (rn_document_get_run (fixture->document));
  rn_document_use_bundled (fixture->document, "resnet50");
  while (rn_network_get_weights (get_network (fixture))->n_classes != 10)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (fixture);
  g_assert_true (rn_document_get_run (fixture->document) != before);
  g_assert_true (rn_document_get_run (fixture->document)->picture == before->picture);
  g_remove (path);
}

/* A model of few layers, in Keras' words; %s is the class of the layer in the middle. */
#define TINY                                                                                       \
  "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"tiny\", \"layers\": ["                \
  "{\"class_name\": \"Conv2D\", \"config\": {\"name\": \"first\", \"filters\": 4, "                \
  "\"kernel_size\": [3, 3], \"batch_input_shape\": [null, 48, 64, 3]}}, "                          \
  "{\"class_name\": \"%s\", \"config\": {\"name\": \"middle\"}}, "                                 \
  "{\"class_name\": \"Conv2D\", \"config\": {\"name\": \"last\", \"filters\": 5, "                 \
  "\"kernel_size\": [1, 1]}}]}, \"keras_version\": \"2.3.1\"}"

static char *
write_tiny (const char *middle, const char *name)
{
  char *path = temporary (name);
  g_autofree char *text = g_strdup_printf (TINY, middle);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

/* The weights of the tiny model, alone: they fit no built-in one. */
static char *
write_tiny_weights (void)
{
  char *path = temporary ("rn-window-tiny.h5");
  g_autofree char *text = g_strdup_printf (TINY, "ReLU");
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = rn_keras_json_read (text, strlen (text), "tiny", &error);
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;

  g_assert_no_error (error);
  weights = rn_weights_new_random (model, 7, NULL);
  rn_weights_get_info (weights)->trained = TRUE;
  binding = rn_binding_new (model, weights, NULL);
  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, &error));

  return path;
}

static void
test_misfit (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_tiny_weights ();
  g_autoptr (RnRun) run = NULL;
  const char *names;

  g_test_summary ("Of weights that fit no model, all names are listed, in a message that stays");

  fixture_open_sample (fixture, "tench.png");
  run = rn_run_ref (rn_document_get_run (fixture->document));
  drop (fixture, path);
  fixture_wait (fixture, fixture_has_message, "a message on what does not fit");
  names = rn_window_get_misfit (fixture->window);
  g_assert_nonnull (strstr (names, "Missing (40)"));
  g_assert_nonnull (strstr (names, "    conv1_conv"));
  g_assert_nonnull (strstr (names, "Not in the model (2)"));
  g_assert_nonnull (strstr (names, "    last"));
  g_assert_true (rn_document_get_run (fixture->document) == run);
  fixture_screenshot (fixture, "weights-misfit");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-misfit", NULL);
  rn_window_test_settle (200);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.dismiss-message", NULL);
  g_assert_null (rn_window_get_misfit (fixture->window));
  g_remove (path);
}

static void
test_model_with_weights (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_weights ("resnet20", &RN_VARIANT_DEFAULT, TRUE, "rn-window-whole.h5");
  RnNetworkBar *bar = rn_window_get_network_bar (fixture->window);
  RnWeightsPopover *popover;

  g_test_summary ("A whole model is drawn, run and inspected; the built-in ones are a click away");

  fixture_open_sample (fixture, "golf-ball.png");
  g_assert_false (gtk_widget_get_visible (rn_network_bar_get_opened (bar)));
  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  fixture_wait_run (fixture);
  g_assert_cmpint (rn_document_get_run (fixture->document)->n_predictions, ==, 5);
  g_assert_true (gtk_widget_get_visible (rn_network_bar_get_opened (bar)));
  g_assert_true (
      gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (rn_network_bar_get_opened (bar))));
  g_assert_cmpstr (rn_network_bar_get_weights (bar), ==, "the file’s own weights");
  rn_document_select_block (fixture->document, 3);
  g_assert_nonnull (strstr (rn_inspector_get_title (rn_window_get_inspector (fixture->window)),
                            "Block"));
  fixture_screenshot (fixture, "opened-model");
  popover = open_popover (fixture);
  g_assert_nonnull (strstr (
      rn_fact_table_find (rn_weights_popover_get_facts (popover), "Pre-processing"), "assumed"));
  shoot_popover (popover, "opened-model-popover");
  gtk_popover_popdown (GTK_POPOVER (popover));

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.model", "s", "resnet18");
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_network_get_id (get_network (fixture)), ==, "resnet18");
  g_assert_true (gtk_widget_get_visible (rn_network_bar_get_opened (bar)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.model", "s", path);
  fixture_wait (fixture, shows_opened, "the model again");
  fixture_wait_run (fixture);
  g_remove (path);
}

static void
test_model_alone (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_tiny ("ReLU", "rn-window-tiny.json");
  g_autofree char *weights = write_tiny_weights ();
  RnNetworkBar *bar = rn_window_get_network_bar (fixture->window);
  RnPredictionList *predictions = rn_window_get_predictions (fixture->window);

  g_test_summary ("A model without weights says untrained, takes the picture at its own size, and "
                  "then the weights that fit it");

  fixture_open_sample (fixture, "gas-pump.png");
  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_network_bar_get_weights (bar), ==, "untrained");
  g_assert_nonnull (strstr (rn_prediction_list_get_weights_text (predictions), "untrained"));
  while (gdk_texture_get_width (rn_document_get_seen (fixture->document)) != 64)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gdk_texture_get_height (rn_document_get_seen (fixture->document)), ==, 48);
  rn_document_select_layer (fixture->document, 1);
  fixture_screenshot (fixture, "opened-untrained");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.dismiss-message", NULL);

  drop (fixture, weights);
  while (!rn_network_get_weights (get_network (fixture))->trained)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_network_get_id (get_network (fixture)), ==, path);
  g_assert_cmpstr (rn_network_bar_get_weights (bar), ==, "rn-window-tiny.h5");
  g_assert_null (rn_window_get_message (fixture->window));
  g_remove (path);
  g_remove (weights);
}

static void
test_unsupported (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_tiny ("Lambda", "rn-window-lambda.json");
  const char *said;

  g_test_summary ("A model with a layer that is not supported is drawn and not run, and it is said");

  fixture_open_sample (fixture, "gas-pump.png");
  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), "middle"));
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), "Lambda"));
  said = strstr (rn_window_get_message (fixture->window), "(Lambda)");
  g_assert_null (strstr (said + 1, "(Lambda)"));
  g_assert_null (rn_document_get_run (fixture->document));
  g_assert_cmpstr (rn_window_get_status (fixture->window), ==, "");
  g_assert_nonnull (strstr (
      rn_prediction_list_get_note (rn_window_get_predictions (fixture->window)), "cannot be run"));
  g_assert_cmpint (rn_model_get_n_layers (rn_document_get_model (fixture->document)), ==, 4);
  rn_document_select_layer (fixture->document, 2);
  fixture_screenshot (fixture, "opened-unsupported");
  open_popover (fixture);
  rn_window_test_settle (100);
  /* GTK 4.8 keeps a popover that is open while its window ends. */
  gtk_popover_popdown (
      GTK_POPOVER (rn_network_bar_get_popover (rn_window_get_network_bar (fixture->window))));
  g_remove (path);
}

static const char *
get_text (gpointer widget, GType type, const char *child)
{
  return gtk_label_get_label (GTK_LABEL (gtk_widget_get_template_child (widget, type, child)));
}

static gboolean
is_shown (gpointer widget, GType type, const char *child)
{
  return gtk_widget_get_visible (GTK_WIDGET (gtk_widget_get_template_child (widget, type, child)));
}

/* Whether a prediction is to be seen, if only that of the model before, dimmed. */
static gboolean
has_bar (RnPredictionList *predictions)
{
  GObject *bars = gtk_widget_get_template_child (GTK_WIDGET (predictions),
                                                 RN_TYPE_PREDICTION_LIST, "bars");

  return gtk_widget_is_visible (gtk_widget_get_first_child (GTK_WIDGET (bars)));
}

static gboolean
has_picture (Fixture *fixture)
{
  return rn_document_get_picture (fixture->document) != NULL
         && !rn_document_get_busy (fixture->document);
}

static void
open_sample (Fixture *fixture)
{
  g_autoptr (GFile) sample = fixture_get_sample ("church.png");

  rn_document_open (fixture->document, sample);
  fixture_wait (fixture, has_picture, "a picture");
}

/* A network of the paper's, the first of its ReLUs made a layer that nobody knows. */
static char *
write_unsupported (void)
{
  static const char known[] = "\"class_name\":\"Activation\"";
  char *path = temporary ("rn-window-unsupported.json");
  g_autoptr (RnModel) model = rn_catalog_build ("resnet20-paper", &RN_VARIANT_DEFAULT, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  text = rn_model_to_keras_json (model, NULL);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, known, "\"class_name\":\"Lambda\"", 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));

  return path;
}

static void
test_unsupported_pages (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_unsupported ();
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnWeightsPage *weights = rn_inspector_get_weights (inspector);
  RnBlockPage *block = rn_inspector_get_block (inspector);

  g_test_summary ("Of a model that is drawn and not run nothing is said that only a run could "
                  "know, in whatever order it and the picture come");

  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  g_assert_nonnull (rn_network_get_trouble (get_network (fixture)));
  rn_document_select_layer (fixture->document, 1);
  rn_window_test_settle (100);
  g_assert_null (rn_weights_page_get_stats (weights));
  g_assert_nonnull (strstr (get_text (weights, RN_TYPE_WEIGHTS_PAGE, "hint"), "cannot be run"));

  rn_document_select_block (fixture->document, 3);
  rn_inspector_show_page (inspector, "block");
  rn_window_test_settle (100);
  open_sample (fixture);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (rn_block_page_get_gradients (block))));
  g_remove (path);
}

static void
test_unsupported_sweep (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_unsupported ();
  GtkWidget *experiments = GTK_WIDGET (rn_window_get_experiments (fixture->window));
  GtkWidget *button = rn_window_test_find_button (experiments, "sweep.drop-block");

  g_test_summary ("No sweep can be begun over a model that is drawn and not run");

  fixture_wait (fixture, fixture_has_network, "a network");
  g_assert_true (gtk_widget_is_sensitive (button));
  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  g_assert_false (gtk_widget_is_sensitive (button));
  g_remove (path);
}

static void
test_unsupported_edited (Fixture *fixture, gconstpointer unused)
{
  static const char *const cut[] = { "cut-shortcut:conv3_block2_add", NULL };
  g_autofree char *path = write_tiny ("Lambda", "rn-window-lambda.json");
  RnPredictionList *predictions = rn_window_get_predictions (fixture->window);

  g_test_summary ("What another model said before its edits goes with that model");

  fixture_open_sample (fixture, "gas-pump.png");
  g_assert_true (rn_document_try_edits (fixture->document, cut));
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_prediction_list_get_before (predictions), !=, "");
  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  g_assert_cmpstr (rn_prediction_list_get_before (predictions), ==, "");
  g_remove (path);
}

/* A model of four channels, which no picture can become: every run fails. */
static char *
write_four_channels (void)
{
  char *path = temporary ("rn-window-four.json");
  g_autofree char *text = g_strdup_printf (TINY, "ReLU");
  g_autoptr (GString) changed = g_string_new (text);

  g_string_replace (changed, "48, 64, 3]", "48, 64, 4]", 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));

  return path;
}

static void
test_failed_run (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_four_channels ();
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnPredictionList *predictions = rn_window_get_predictions (fixture->window);

  g_test_summary ("A run that failed is over: nothing is running, and nothing of the model before "
                  "stands for it; a good one comes after it");

  fixture_open_sample (fixture, "gas-pump.png");
  g_assert_true (has_bar (predictions));
  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  fixture_wait (fixture, fixture_has_message, "why it was not run");
  g_assert_null (rn_document_get_run (fixture->document));
  g_assert_cmpstr (rn_window_get_status (fixture->window), ==, "");
  g_assert_false (has_bar (predictions));
  g_assert_nonnull (strstr (get_text (rn_inspector_get_block (inspector), RN_TYPE_BLOCK_PAGE,
                                      "hint"),
                            "no residual blocks"));
  rn_document_set_model_id (fixture->document, "resnet18");
  fixture_wait_run (fixture);
  g_assert_true (has_bar (predictions));
  g_assert_nonnull (rn_prediction_list_get_label (predictions, 0));
  g_remove (path);
}

static void
test_failed_first_run (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_four_channels ();
  RnInspector *inspector = rn_window_get_inspector (fixture->window);

  g_test_summary ("Nobody is asked for a picture that is there, though it could not be run");

  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  rn_document_select_layer (fixture->document, 1);
  g_assert_nonnull (strstr (
      get_text (rn_inspector_get_gallery (inspector), RN_TYPE_GALLERY_PANE, "hint"), "Open a"));
  open_sample (fixture);
  fixture_wait (fixture, fixture_has_message, "why it was not run");
  g_assert_null (strstr (
      get_text (rn_inspector_get_gallery (inspector), RN_TYPE_GALLERY_PANE, "hint"), "Open a"));
  g_remove (path);
}

static gboolean
asks_for_picture (Fixture *fixture)
{
  return strstr (get_text (rn_inspector_get_block (rn_window_get_inspector (fixture->window)),
                           RN_TYPE_BLOCK_PAGE, "hint"),
                 "Open a")
         != NULL;
}

static void
test_hint (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) sample = fixture_get_sample ("church.png");

  g_test_summary ("The page of a block asks for a picture until it is there, not until it has run");

  fixture_wait (fixture, fixture_has_network, "a network");
  g_assert_true (asks_for_picture (fixture));
  rn_document_open (fixture->document, sample);
  fixture_wait (fixture, fixture_has_picture, "a picture");
  g_assert_null (rn_document_get_run (fixture->document));
  g_assert_false (asks_for_picture (fixture));
}

static void
test_offer (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path
      = write_weights ("resnet20", &RN_VARIANT_DEFAULT, TRUE, "rn-window-offer.h5");

  g_test_summary ("The comparison of a model from a file is offered as long as that is shown");

  drop (fixture, path);
  fixture_wait (fixture, shows_opened, "the model");
  fixture_wait (fixture, fixture_has_message, "the offer");
  g_assert_true (is_shown (fixture->window, RN_TYPE_WINDOW, "compare_offer"));
  rn_document_set_model_id (fixture->document, "resnet18");
  fixture_wait (fixture, fixture_has_network, "the other model");
  g_assert_false (is_shown (fixture->window, RN_TYPE_WINDOW, "compare_offer"));
  g_remove (path);
}

static int n_busy;

static void
count_busy (void)
{
  n_busy++;
}

/* First the file is read, then the network is made ready: each is told of as it begins. */
static gboolean
is_being_bound (Fixture *fixture)
{
  return n_busy >= 2;
}

static gboolean
has_named_picture (Fixture *fixture)
{
  return g_strcmp0 (rn_document_get_picture_name (fixture->document), "church.png") == 0;
}

static void
test_superseded (Fixture *fixture, gconstpointer unused)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  GFile *files[2];

  g_test_summary ("Weights that are still being made ready make way for the bundled ones that are "
                  "asked for then; the picture behind them comes all the same");

  variant.classes = 3;
  first = write_weights ("resnet18", &variant, FALSE, "rn-window-first.h5");
  variant.classes = 5;
  second = write_weights ("resnet18", &variant, FALSE, "rn-window-second.h5");
  fixture_wait (fixture, fixture_has_network, "a network");
  drop (fixture, first);
  while (rn_network_get_variant (get_network (fixture))->classes != 3)
    g_main_context_iteration (NULL, TRUE);

  g_signal_connect (fixture->document, "notify::busy", G_CALLBACK (count_busy), NULL);
  files[0] = g_file_new_for_path (second);
  files[1] = fixture_get_sample ("church.png");
  n_busy = 0;
  rn_document_open_files (fixture->document, files, 2);
  fixture_wait (fixture, is_being_bound, "weights that are made ready");
  rn_document_use_bundled (fixture->document, "resnet18");
  fixture_wait (fixture, has_named_picture, "the picture");
  fixture_wait_run (fixture);
  g_assert_cmpint (rn_document_get_run (fixture->document)->n_classes, ==, 10);
  g_object_unref (files[0]);
  g_object_unref (files[1]);
  g_remove (first);
  g_remove (second);
}

static void
test_stranger (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *cifar = find_shared ("cifar10_resnet20v1.keras-2.2.4.h5");
  g_autofree char *mobile = find_shared ("vww_96_mobilenet.keras-2.4.0.h5");

  g_test_summary ("Strangers' models open, run and fold into blocks");

  if (cifar == NULL || mobile == NULL)
    {
      g_test_skip ("the files to try are not there; RN_SHARED_DIR names their folder");
      return;
    }

  fixture_open_sample (fixture, "tench.png");
  drop (fixture, cifar);
  fixture_wait (fixture, shows_opened, "ResNet-20");
  fixture_wait_run (fixture);
  g_assert_cmpint (
      rn_model_get_structure (rn_document_get_model (fixture->document))->n_blocks, ==, 9);
  rn_document_select_block (fixture->document, 4);
  rn_window_test_settle (500);
  fixture_screenshot (fixture, "opened-cifar");
  drop (fixture, mobile);
  while (g_strcmp0 (rn_document_get_opened_id (fixture->document), mobile) != 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait (fixture, shows_opened, "MobileNet");
  fixture_wait_run (fixture);
  rn_window_test_settle (500);
  fixture_screenshot (fixture, "opened-mobilenet");
}

#define ADD(path, id, func)                                                                        \
  g_test_add ("/weights/" path, Fixture, id, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("bundled", "resnet50", test_bundled);
  ADD ("other-names", "resnet18", test_other_names);
  ADD ("misfit", "resnet18", test_misfit);
  ADD ("model-with-weights", "resnet18", test_model_with_weights);
  ADD ("model-alone", "resnet18", test_model_alone);
  ADD ("unsupported", "resnet18", test_unsupported);
  ADD ("unsupported/pages", "resnet18", test_unsupported_pages);
  ADD ("unsupported/sweep", "resnet18", test_unsupported_sweep);
  ADD ("unsupported/edited", "resnet18", test_unsupported_edited);
  ADD ("failed-run", "resnet18", test_failed_run);
  ADD ("failed-run/first", "resnet18", test_failed_first_run);
  ADD ("hint", "resnet18", test_hint);
  ADD ("offer", "resnet18", test_offer);
  ADD ("superseded", "resnet18", test_superseded);
  ADD ("stranger", "resnet18", test_stranger);

  return g_test_run ();
}
