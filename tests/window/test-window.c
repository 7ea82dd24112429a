#include "tests/window/fixture.h"

#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "tests/window/window-test.h"

static int
find_layer (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  const RnLayer *layer
      = rn_model_find_layer (rn_document_get_model (fixture->document), name, &error);

  g_assert_no_error (error);

  return layer->index;
}

static void
test_start (Fixture *fixture, gconstpointer unused)
{
  RnPredictionList *predictions = rn_window_get_predictions (fixture->window);

  g_test_summary ("The window starts, shows model and picture, and says what weights see in it");

  fixture_open_sample (fixture, "parachute.png");
  g_assert_cmpstr (rn_model_get_title (rn_document_get_model (fixture->document)), ==,
                   "ResNet-50");
  g_assert_cmpstr (rn_picture_pane_get_name (rn_window_get_picture (fixture->window)), ==,
                   "parachute.png");
  g_assert_true (rn_picture_pane_get_paintable (rn_window_get_picture (fixture->window))
                 == GDK_PAINTABLE (rn_document_get_seen (fixture->document)));
  g_assert_cmpint (rn_document_get_run (fixture->document)->n_predictions, ==, 5);
  for (int i = 0; i < 5; i++)
    g_assert_cmpstr (rn_prediction_list_get_label (predictions, i), ==,
                     rn_document_get_run (fixture->document)->predictions[i].label);
  g_assert_nonnull (strstr (rn_prediction_list_get_weights_text (predictions), "10 classes"));
  g_assert_nonnull (strstr (rn_window_get_status (fixture->window), " ms · "));
  g_assert_null (rn_window_get_message (fixture->window));
  fixture_screenshot (fixture, "start");
}

static gboolean
has_scene (Fixture *fixture)
{
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));

  return rn_canvas_is_ready (canvas) && gtk_widget_get_width (GTK_WIDGET (canvas)) > 0;
}

/* A click on a place of the graph, through the canvas' own gestures. */
static void
click (Fixture *fixture, double scene_x, double scene_y)
{
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));
  GtkWidget *widget = GTK_WIDGET (canvas);
  double zoom = rn_canvas_get_zoom (canvas), x, y;
  RnRect view;

  rn_canvas_get_view (canvas, &view);
  x = (scene_x - view.x) * zoom;
  y = (scene_y - view.y) * zoom;
  g_signal_emit_by_name (rn_window_test_controller (widget, GTK_TYPE_GESTURE_DRAG), "drag-begin", x,
                         y);
  g_signal_emit_by_name (rn_window_test_controller (widget, GTK_TYPE_GESTURE_DRAG), "drag-end", 0.0,
                         0.0);
  g_signal_emit_by_name (rn_window_test_controller (widget, GTK_TYPE_GESTURE_CLICK), "released", 1,
                         x, y);
}

static void
test_click (Fixture *fixture, gconstpointer unused)
{
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  const RnRect *box;
  g_autofree char *row = NULL;

  g_test_summary ("A click in the graph selects a layer or a block in all of the window");

  fixture_open_sample (fixture, "parachute.png");
  fixture_wait (fixture, has_scene, "the graph");
  box = &rn_canvas_get_scene (canvas)->layers[find_layer (fixture, "conv1_conv")].bounds;
  click (fixture, box->x + 5, box->y + 5);
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, ==,
                   find_layer (fixture, "conv1_conv"));
  g_assert_cmpstr (rn_inspector_get_title (inspector), ==, "conv1_conv");
  row = rn_outline_get_selected_title (rn_window_get_outline (fixture->window));
  g_assert_cmpstr (row, ==, "conv1_conv");
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  fixture_screenshot (fixture, "clicked-layer");

  box = &rn_canvas_get_scene (canvas)->blocks[3].frame;
  click (fixture, box->x + 10, box->y + 10);
  g_assert_cmpint (rn_document_get_selection (fixture->document).block, ==, 3);
  g_assert_cmpstr (rn_inspector_get_title (inspector), ==, "Block 3b");
}

static void
test_search (Fixture *fixture, gconstpointer unused)
{
  RnCanvasPane *pane = rn_window_get_canvas_pane (fixture->window);

  g_test_summary ("A search finds layers by name, class and shape, and counts them");

  fixture_open_sample (fixture, "zone-plate.png");
  rn_canvas_pane_search (pane, "_ADD");
  g_assert_cmpstr (rn_canvas_pane_get_hits (pane), ==, "8 hits");
  rn_canvas_pane_search (pane, "conv2d 28x28");
  g_assert_cmpstr (rn_canvas_pane_get_hits (pane), ==, "5 hits");
  fixture_screenshot (fixture, "search");
  rn_canvas_pane_search (pane, "");
  g_assert_cmpstr (rn_canvas_pane_get_hits (pane), ==, "");
}

static gboolean
is_in_sight (RnCanvas *canvas, int layer)
{
  RnRect box = rn_scene_get_layer_bounds (rn_canvas_get_scene (canvas), layer), view;

  rn_canvas_get_view (canvas, &view);

  return rn_rect_intersects (&box, &view);
}

typedef struct
{
  RnCanvas *canvas;
  int layer;
} Sight;

static gboolean
comes_into_sight (gpointer data)
{
  const Sight *sight = data;

  return is_in_sight (sight->canvas, sight->layer);
}

static void
test_search_reveals (Fixture *fixture, gconstpointer unused)
{
  Sight sight;
  RnCanvasPane *pane = rn_window_get_canvas_pane (fixture->window);
  RnCanvas *canvas = rn_canvas_pane_get_canvas (pane);
  int selected, last;

  g_test_summary ("What is found comes into sight; Enter goes there, Escape ends the search alone");

  fixture_open_sample (fixture, "zone-plate.png");
  selected = find_layer (fixture, "conv1");
  last = find_layer (fixture, "fc1000");
  rn_canvas_set_look (canvas, RN_LOOK_KERAS3);
  fixture_wait (fixture, has_scene, "Keras' look");
  rn_document_select_layer (fixture->document, selected);
  rn_window_test_settle (300);
  g_assert_false (is_in_sight (canvas, last));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.find", NULL);
  rn_canvas_pane_search (pane, "dense");
  sight.canvas = canvas;
  sight.layer = last;
  rn_window_test_wait (comes_into_sight, &sight);
  fixture_screenshot (fixture, "search-keras3");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.escape", NULL);
  g_assert_cmpstr (rn_canvas_pane_get_hits (pane), ==, "");
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, ==, selected);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (canvas)));
}

static void
test_select_layer (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnFactTable *facts = rn_inspector_get_facts (inspector);
  g_autofree char *row = NULL;
  RnMaps *maps;

  g_test_summary ("A layer that is selected shows its facts, its place and all its feature maps");

  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, find_layer (fixture, "res3a_branch2b"));
  g_assert_cmpstr (rn_inspector_get_title (inspector), ==, "res3a_branch2b");
  g_assert_cmpstr (rn_fact_table_find (facts, "Parameters"), ==, "3·3·128·128 + 128 = 147,584");
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Output"), "28×28×128"));
  row = rn_outline_get_selected_title (rn_window_get_outline (fixture->window));
  g_assert_cmpstr (row, ==, "res3a_branch2b");

  fixture_wait (fixture, fixture_has_maps, "feature maps");
  maps = rn_gallery_pane_get_maps (rn_inspector_get_gallery (inspector));
  g_assert_cmpint (maps->n_channels, ==, 128);
  g_assert_cmpint (maps->width, ==, 28);
  rn_gallery_set_selected (rn_gallery_pane_get_gallery (rn_inspector_get_gallery (inspector)), 37);
  fixture_screenshot (fixture, "layer");

  /* The same at the size of a small projector. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1024, 700);
  fixture_screenshot (fixture, "layer-small");
}

static void
test_select_block (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnFactTable *facts = rn_inspector_get_facts (inspector);
  const RnBlock *block;
  g_autofree char *link = NULL;

  g_test_summary ("A block says its kind and layers; a link in it leads to the layer");

  fixture_open_sample (fixture, "parachute.png");
  block = rn_structure_find_block (
      rn_model_get_structure (rn_document_get_model (fixture->document)),
      find_layer (fixture, "conv3_block1_add"));
  rn_document_select_block (
      fixture->document,
      (int) (block - rn_model_get_structure (rn_document_get_model (fixture->document))->blocks));
  g_assert_cmpstr (rn_inspector_get_title (inspector), ==, "Block 3a");
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Shortcut"), "projection"));
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Input"), "56×56×64"));
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  fixture_screenshot (fixture, "block");

  link = g_strdup_printf ("layer:%d", block->add);
  g_signal_emit_by_name (facts, "activate-link", link);
  g_assert_cmpstr (rn_inspector_get_title (inspector), ==, "conv3_block1_add");
}

static void
test_drop (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = fixture_get_sample ("golf-ball.png");
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (RnRun) first = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  g_test_summary ("A picture that is dropped, as a file or from another program, is run and shown at "
                  "once; one that is damaged is a message");

  fixture_open_sample (fixture, "parachute.png");
  first = rn_run_ref (rn_document_get_run (fixture->document));
  g_assert_true (fixture_drop_file (fixture, file));
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "golf-ball.png");
  g_assert_true (rn_document_get_run (fixture->document) != first);
  g_assert_true (rn_document_get_run (fixture->document)->picture
                 == rn_document_get_picture (fixture->document));
  fixture_screenshot (fixture, "dropped");

  texture = g_object_ref (rn_document_get_seen (fixture->document));
  g_value_init (&value, G_TYPE_BYTES);
  g_value_take_boxed (&value, gdk_texture_save_to_png_bytes (texture));
  g_assert_true (fixture_drop (fixture, &value));
  fixture_wait_run (fixture);
  g_assert_cmpint (rn_document_get_picture (fixture->document)->width, ==,
                   gdk_texture_get_width (texture));
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "dropped picture");

  g_value_take_boxed (&value, g_bytes_new_static ("no picture", 10));
  g_assert_true (fixture_drop (fixture, &value));
  fixture_wait (fixture, fixture_has_message, "a message");
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), "dropped picture"));
}

static gboolean
shows_pasted (Fixture *fixture)
{
  return g_strcmp0 (rn_document_get_picture_name (fixture->document), "pasted picture") == 0
         && rn_document_get_run (fixture->document) != NULL
         && !rn_document_get_busy (fixture->document);
}

static void
test_paste (Fixture *fixture, gconstpointer unused)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  g_autoptr (GFile) file = fixture_get_sample ("church.png");
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_file (file, NULL);
  g_autofree char *content = NULL;
  gsize size;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkContentProvider) encoded = NULL;

  g_test_summary ("A picture in the clipboard is run, from this program's pixels or another's file; "
                  "a text is a message");

  fixture_open_sample (fixture, "parachute.png");
  gdk_clipboard_set_texture (clipboard, texture);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.paste", NULL));
  fixture_wait (fixture, shows_pasted, "a run of the pixels");
  g_assert_cmpstr (rn_document_get_run (fixture->document)->predictions[0].label, ==, "church");

  fixture_open_sample (fixture, "parachute.png");
  g_assert_true (g_file_load_contents (file, NULL, &content, &size, NULL, NULL));
  bytes = g_bytes_new (content, size);
  encoded = gdk_content_provider_new_for_bytes ("image/png", bytes);
  g_assert_true (gdk_clipboard_set_content (clipboard, encoded));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.paste", NULL));
  fixture_wait (fixture, shows_pasted, "a run of the file");
  g_assert_cmpstr (rn_document_get_run (fixture->document)->predictions[0].label, ==, "church");
  g_assert_null (rn_window_get_message (fixture->window));

  gdk_clipboard_set_text (clipboard, "no picture");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.paste", NULL));
  fixture_wait (fixture, fixture_has_message, "a message");
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), "no picture"));
}

static void
test_toggle (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (RnPicture) picture = NULL;
  RnSelection selection;

  g_test_summary ("The toggle keeps the picture and the place in the network");

  fixture_open_sample (fixture, "church.png");
  picture = rn_picture_ref (rn_document_get_picture (fixture->document));
  rn_document_select_layer (fixture->document, find_layer (fixture, "conv4_block2_add"));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.model", "s",
                                             "resnet50"));
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_model_get_name (rn_document_get_model (fixture->document)), ==, "resnet50");
  g_assert_true (rn_document_get_picture (fixture->document) == picture);
  g_assert_true (rn_document_get_run (fixture->document)->picture == picture);
  selection = rn_document_get_selection (fixture->document);
  g_assert_cmpstr (rn_model_get_layer (rn_document_get_model (fixture->document), selection.layer)
                       ->name,
                   ==, "add_9");
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  fixture_screenshot (fixture, "toggled");

  rn_document_set_model_id (fixture->document, "resnet18");
  selection = rn_document_get_selection (fixture->document);
  g_assert_cmpint (selection.layer, ==, find_layer (fixture, "conv4_block2_add"));
  fixture_wait_run (fixture);
}

static gboolean
sees_own_size (Fixture *fixture)
{
  return gdk_texture_get_width (rn_document_get_seen (fixture->document)) == 32;
}

static void
test_toggle_back (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) sample = fixture_get_sample ("church.png");

  g_test_summary ("A picture that came while a larger model was being loaded is seen as the one "
                  "that stayed sees it");

  fixture_wait (fixture, fixture_has_network, "a network");
  rn_document_set_model_id (fixture->document, "resnet50");
  rn_document_open (fixture->document, sample);
  fixture_wait (fixture, fixture_has_picture, "a picture");
  g_test_message ("%s is shown", rn_network_get_id (rn_document_get_network (fixture->document)));
  rn_document_set_model_id (fixture->document, "resnet20-paper");
  fixture_wait (fixture, sees_own_size, "the picture as it is seen");
}

/* A file with this content. */
static GFile *
write_file (const char *name, const void *content, gsize size)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, size, &error);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
test_bad_files (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *name, *content;
    gsize size;
  } cases[] = {
    { "no-picture.png", "this is no picture", 18 },
    { "cut-off.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16 },
    { "cut-off.h5", "\x89HDF\r\n\x1a\n", 8 },
    { "foreign.h5", "these are no weights", 20 },
    { "empty.jpg", "", 0 },
  };
  g_autoptr (RnRun) run = NULL;
  g_autoptr (GFile) absent = g_file_new_for_path ("/nowhere/absent.png");

  g_test_summary ("A file that cannot be opened is a message until dismissed; the old state stays");

  fixture_open_sample (fixture, "tench.png");
  run = rn_run_ref (rn_document_get_run (fixture->document));
  for (guint i = 0; i <= G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GFile) file = i < G_N_ELEMENTS (cases) ? write_file (cases[i].name, cases[i].content,
                                                                     cases[i].size)
                                                        : g_object_ref (absent);
      g_autofree char *name = g_file_get_basename (file);

      g_assert_true (fixture_drop_file (fixture, file));
      fixture_wait (fixture, fixture_has_message, name);
      g_test_message ("%s", rn_window_get_message (fixture->window));
      g_assert_nonnull (strstr (rn_window_get_message (fixture->window), name));
      g_assert_true (rn_document_get_run (fixture->document) == run);
      g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "tench.png");
      if (i == 0)
        fixture_screenshot (fixture, "bad-picture");

      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.dismiss-message", NULL);
      g_assert_null (rn_window_get_message (fixture->window));
    }
}

static void
test_half_a_file (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *beside = g_test_build_filename (G_TEST_DIST, "..", "..", "shared", NULL);
  const char *shared = g_getenv ("RN_SHARED_DIR") != NULL ? g_getenv ("RN_SHARED_DIR") : beside;
  g_autoptr (GFile) truncated = NULL;
  g_autoptr (RnRun) run = NULL;

  g_test_summary ("Weights of which half is there, as a broken download leaves them, are a message; "
                  "all else stays");

  truncated = g_file_new_build_filename (shared, "models", "resnet50_notop.truncated.h5", NULL);
  if (!g_file_query_exists (truncated, NULL))
    {
      g_test_skip ("the file to try is not there; RN_SHARED_DIR names its folder");
      return;
    }

  fixture_open_sample (fixture, "tench.png");
  run = rn_run_ref (rn_document_get_run (fixture->document));
  fixture_drop_file (fixture, truncated);
  fixture_wait (fixture, fixture_has_message, "a message on half a file");
  g_assert_true (rn_document_get_run (fixture->document) == run);
  fixture_screenshot (fixture, "half-a-file");
}

static gboolean
has_no_top (Fixture *fixture)
{
  return !rn_model_has_top (rn_document_get_model (fixture->document));
}

static void
test_weights_without_top (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "rn-window-notop.h5", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GError) error = NULL;
  RnPredictionList *predictions = rn_window_get_predictions (fixture->window);

  g_test_summary ("Weights without a classifier give features and no prediction, and it is said");

  variant.top = FALSE;
  model = rn_catalog_build ("resnet18", &variant, NULL);
  weights = rn_weights_new_random (model, 7, NULL);
  rn_weights_get_info (weights)->trained = TRUE;
  binding = rn_binding_new (model, weights, NULL);
  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, &error));
  g_assert_no_error (error);

  fixture_open_sample (fixture, "colour-wheel.png");
  g_assert_true (fixture_drop_file (fixture, file));
  fixture_wait (fixture, has_no_top, "weights without a classifier");
  fixture_wait_run (fixture);
  g_assert_cmpint (rn_document_get_run (fixture->document)->n_predictions, ==, 0);
  g_assert_null (rn_prediction_list_get_label (predictions, 0));
  g_assert_nonnull (strstr (rn_prediction_list_get_note (predictions), "no prediction"));
  g_test_message ("%s", rn_prediction_list_get_weights_text (predictions));
  g_assert_nonnull (
      strstr (rn_prediction_list_get_weights_text (predictions), "rn-window-notop.h5"));
  rn_document_select_layer (fixture->document, find_layer (fixture, "conv5_block2_out"));
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  fixture_screenshot (fixture, "no-top");
  g_remove (path);
}

static void
test_untrained (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-window-XXXXXX", NULL);
  g_autoptr (RnDocument) document = rn_document_new (folder, NULL);
  g_autoptr (GFile) file = fixture_get_sample ("gas-pump.png");
  RnPredictionList *predictions;

  g_test_summary ("Without trained weights there is a warning, and every number says untrained");

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_set_object (&fixture->document, document);
  fixture->window = RN_WINDOW (rn_window_new (fixture->application, document));
  gtk_window_present (GTK_WINDOW (fixture->window));
  rn_document_set_model_id (document, "resnet18");
  rn_document_open (document, file);
  fixture_wait_run (fixture);
  predictions = rn_window_get_predictions (fixture->window);
  g_assert_nonnull (strstr (rn_prediction_list_get_weights_text (predictions), "untrained"));
  g_assert_nonnull (rn_window_get_message (fixture->window));
  rn_document_select_layer (document, find_layer (fixture, "conv1_relu"));
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  g_assert_true (rn_gallery_pane_get_untrained (
      rn_inspector_get_gallery (rn_window_get_inspector (fixture->window))));
  fixture_screenshot (fixture, "untrained");
  g_rmdir (folder);
}

static void
test_quick_pictures (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[] = { "tench.png", "church.png", "golf-ball.png", "gas-pump.png" };

  g_test_summary ("Of pictures opened one upon the other, the last is what is shown and run");

  for (int round = 0; round < 3; round++)
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      {
        g_autoptr (GFile) file = fixture_get_sample (names[i]);

        rn_document_open (fixture->document, file);
        for (int k = 0; k < round * 10; k++)
          g_main_context_iteration (NULL, FALSE);
      }
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "gas-pump.png");
  g_assert_true (rn_document_get_run (fixture->document)->picture
                 == rn_document_get_picture (fixture->document));
  g_assert_null (rn_window_get_message (fixture->window));
}

static void
test_dark (Fixture *fixture, gconstpointer unused)
{
  g_test_summary ("In dark colours everything stays readable (see the screenshot)");

  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", TRUE, NULL);
  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, find_layer (fixture, "activation_40"));
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  rn_gallery_set_selected (rn_gallery_pane_get_gallery (rn_inspector_get_gallery (
                               rn_window_get_inspector (fixture->window))),
                           12);
  fixture_screenshot (fixture, "dark");
  rn_document_report (fixture->document, "an example of a message");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1024, 700);
  fixture_screenshot (fixture, "dark-small");
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", FALSE, NULL);
}

static void
test_large_text (Fixture *fixture, gconstpointer unused)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int dpi, width, height;

  g_test_summary ("With text of twice the size the window still fits on a projector's 1920x1080");

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1920, 1080);
  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, find_layer (fixture, "activation_40"));
  fixture_wait (fixture, fixture_has_maps, "feature maps");
  fixture_screenshot (fixture, "large-text");
  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL,
                      NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_VERTICAL, width, &height, NULL,
                      NULL, NULL);
  g_test_message ("at least %d x %d", width, height);
  g_assert_cmpint (width, <=, 1920);
  g_assert_cmpint (height, <=, 1080);
  rn_inspector_show_page (rn_window_get_inspector (fixture->window), "maps");
  fixture_screenshot (fixture, "large-text-maps");
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

#define ADD(path, id, func)                                                                        \
  g_test_add ("/window/" path, Fixture, id, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }

  ADD ("start", "resnet50", test_start);
  ADD ("click", "resnet18", test_click);
  ADD ("search", "resnet18", test_search);
  ADD ("search/reveals", "resnet50", test_search_reveals);
  ADD ("select-layer", "resnet50", test_select_layer);
  ADD ("select-block", "resnet18", test_select_block);
  ADD ("drop", "resnet18", test_drop);
  ADD ("paste", "resnet18", test_paste);
  ADD ("toggle", "resnet18", test_toggle);
  ADD ("toggle/back", "resnet20-paper", test_toggle_back);
  ADD ("bad-files", "resnet18", test_bad_files);
  ADD ("half-a-file", "resnet18", test_half_a_file);
  ADD ("weights-without-top", "resnet18", test_weights_without_top);
  ADD ("untrained", "resnet18", test_untrained);
  ADD ("quick-pictures", "resnet18", test_quick_pictures);
  ADD ("dark", "resnet50", test_dark);
  ADD ("large-text", "resnet50", test_large_text);

  return g_test_run ();
}
