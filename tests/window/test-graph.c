/* The graph in its window: levels, history, files. */
#include "tests/window/fixture.h"

#include <glib/gstdio.h>

#include "engine/formats/keras-code.h"
#include "tests/window/window-test.h"
#include "ui/sheet/summary-row.h"
#include "ui/stages/stages-window.h"
#include "ui/window/graph-export.h"
#include "ui/window/ui.h"
#include "ui/window/window-tools.h"

static RnCanvas *
get_canvas (Fixture *fixture)
{
  return rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));
}

static gboolean
has_scene (Fixture *fixture)
{
  RnCanvas *canvas = get_canvas (fixture);

  return rn_canvas_is_ready (canvas) && gtk_widget_get_width (GTK_WIDGET (canvas)) > 0;
}

static void
set_up (Fixture *fixture, gconstpointer model_id)
{
  fixture_set_up (fixture, model_id);
  fixture_wait (fixture, has_scene, "the graph");
}

static gboolean
activate (Fixture *fixture, const char *action, GVariant *target)
{
  return gtk_widget_activate_action_variant (GTK_WIDGET (get_canvas (fixture)), action, target);
}

static void
test_history (Fixture *fixture, gconstpointer unused)
{
  g_test_summary ("Back and forward select in all of the window what was selected");

  rn_document_select_layer (fixture->document, 4);
  rn_document_select_block (fixture->document, 2);
  g_assert_true (activate (fixture, "view.back", NULL));
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, ==, 4);
  g_assert_true (activate (fixture, "view.forward", NULL));
  g_assert_cmpint (rn_document_get_selection (fixture->document).block, ==, 2);
}

static void
test_levels (Fixture *fixture, gconstpointer unused)
{
  RnCanvas *canvas = get_canvas (fixture);

  g_test_summary ("The menu's levels and toggles reach the graph; a stage shows in the window");

  g_assert_true (activate (fixture, "view.level", g_variant_new_int32 (RN_LEVEL_PARTS)));
  g_assert_cmpint (rn_canvas_get_level (canvas), ==, RN_LEVEL_PARTS);
  rn_canvas_select_part (canvas, 2);
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, ==, -1);
  g_assert_cmpint (rn_document_get_selection (fixture->document).block, ==, -1);
  g_assert_cmpint (rn_canvas_get_selected_part (canvas), ==, 2);
  rn_document_select_block (fixture->document, 3);
  g_assert_cmpint (rn_canvas_get_selected_part (canvas), ==, -1);
  g_assert_true (activate (fixture, "view.fold", NULL));
  g_assert_true (rn_canvas_get_fold (canvas));
  g_assert_true (activate (fixture, "view.weigh-edges", NULL));
  g_assert_true (rn_canvas_get_weigh_edges (canvas));
  fixture_screenshot (fixture, "levels");
  g_assert_true (activate (fixture, "view.undo", NULL));
  g_assert_cmpint (rn_canvas_get_level (canvas), ==, RN_LEVEL_BLOCKS);
}

typedef struct
{
  gboolean done;
  GError *error;
} Written;

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  Written *written = data;

  rn_graph_export_write_finish (result, &written->error);
  written->done = TRUE;
}

/* Returns: (transfer full): what was written */
static char *
export (Fixture *fixture, gboolean whole, const char *path, gsize *length)
{
  g_autoptr (GError) error = NULL;
  Written written = { 0 };
  char *bytes = NULL;

  rn_graph_export_write_async (get_canvas (fixture), whole, path, on_written, &written);
  while (!written.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (written.error);
  g_assert_true (g_file_get_contents (path, &bytes, length, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  return bytes;
}

static void
test_export (Fixture *fixture, gconstpointer unused)
{
  RnCanvas *canvas = get_canvas (fixture);
  g_autofree char *folder = g_dir_make_tmp ("graph-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("View and whole graph become PNG, SVG and PDF of the right size");

  for (int whole = 0; whole < 2; whole++)
    {
      RnScene *scene = rn_canvas_get_scene (canvas);
      double width = whole ? scene->width : gtk_widget_get_width (GTK_WIDGET (canvas));
      g_autofree char *png = g_build_filename (folder, "graph.png", NULL);
      g_autofree char *svg = g_build_filename (folder, "graph.svg", NULL);
      g_autofree char *pdf = g_build_filename (folder, "graph.PDF", NULL);
      g_autofree char *png_bytes = NULL, *svg_bytes = NULL, *pdf_bytes = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GdkTexture) texture = NULL;
      gsize length;

      png_bytes = export (fixture, whole, png, &length);
      bytes = g_bytes_new (png_bytes, length);
      texture = gdk_texture_new_from_bytes (bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpint (gdk_texture_get_width (texture), ==, (int) (2 * width));
      svg_bytes = export (fixture, whole, svg, &length);
      g_assert_nonnull (strstr (svg_bytes, "<svg"));
      pdf_bytes = export (fixture, whole, pdf, &length);
      g_assert_true (g_str_has_prefix (pdf_bytes, "%PDF"));
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_export_wrong (Fixture *fixture, gconstpointer unused)
{
  Written written = { 0 };

  g_test_summary ("A name that says no format is refused with what would be right");

  rn_graph_export_write_async (get_canvas (fixture), TRUE, "graph.bmp", on_written, &written);
  while (!written.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (written.error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
  g_assert_nonnull (strstr (written.error->message, ".png, .svg or .pdf"));
  g_error_free (written.error);
}

static gboolean
has_copy (Fixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));

  return gdk_clipboard_is_local (clipboard)
         && gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard),
                                               GDK_TYPE_TEXTURE);
}

static void
test_copy (Fixture *fixture, gconstpointer unused)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is seen is copied as a picture");

  g_assert_true (activate (fixture, "view.copy", g_variant_new_boolean (FALSE)));
  fixture_wait (fixture, has_copy, "a picture on the clipboard");
  g_value_init (&value, GDK_TYPE_TEXTURE);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, &error));
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (g_value_get_object (&value)), ==,
                   (gint64) 2 * gtk_widget_get_width (GTK_WIDGET (get_canvas (fixture))));
}

static void
test_print (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GtkPrintOperation) print = rn_graph_export_new_print (get_canvas (fixture), TRUE);
  g_autofree char *folder = g_dir_make_tmp ("print-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "print.pdf", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_test_summary ("The whole graph is printed on one page");

  g_assert_nonnull (print);
  gtk_print_operation_set_export_filename (print, path);
  g_assert_cmpint (gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_EXPORT,
                                            GTK_WINDOW (fixture->window), &error),
                   ==, GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_summary (Fixture *fixture, gconstpointer unused)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (fixture->window);
  RnModel *model = rn_document_get_model (fixture->document);
  RnSheet *sheet = rn_window_tools_get_sheet (window);
  GtkSelectionModel *rows = rn_sheet_get_rows (sheet);
  g_autoptr (RnSummaryRow) row = NULL;
  g_autofree char *text = NULL, *shape = NULL;

  g_test_summary ("The summary has a row a layer; rows and graph select each other");

  g_action_group_activate_action (G_ACTION_GROUP (window), "summary", NULL);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (sheet)));
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==,
                   rn_model_get_n_layers (model));
  gtk_selection_model_select_item (rows, 5, TRUE);
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, ==, 5);
  g_assert_cmpint (rn_canvas_get_selected_layer (get_canvas (fixture)), ==, 5);
  rn_document_select_layer (fixture->document, 2);
  g_assert_true (gtk_selection_model_is_selected (rows, 2));
  rn_document_select_block (fixture->document, 1);
  g_assert_false (gtk_selection_model_is_selected (rows, 2));
  row = g_list_model_get_item (G_LIST_MODEL (rows), 1);
  text = rn_summary_row_get_text (row, RN_SUMMARY_LAYER);
  shape = rn_summary_row_get_text (row, RN_SUMMARY_SHAPE);
  g_assert_true (g_str_has_prefix (text, rn_model_get_layer (model, 1)->name));
  g_assert_true (g_str_has_prefix (shape, "(None, "));
}

/* How far down what scrolls inside of a widget is. */
static double
find_scroll (GtkWidget *widget)
{
  double most = 0;

  if (GTK_IS_SCROLLABLE (widget) && gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget)) != NULL)
    most = gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    most = MAX (most, find_scroll (child));

  return most;
}

static gboolean
has_scrolled (gpointer sheet)
{
  return find_scroll (sheet) > 100;
}

static void
test_summary_place (Fixture *fixture, gconstpointer unused)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (fixture->window);
  RnSheet *sheet = rn_window_tools_get_sheet (window);

  g_test_summary ("The summary opens where the selection is; in it, keys lead to the code and back");

  rn_document_select_layer (fixture->document, 60);
  g_action_group_activate_action (G_ACTION_GROUP (window), "summary", NULL);
  rn_window_test_wait (has_scrolled, sheet);
  g_assert_false (rn_sheet_shows_code (sheet));
  gtk_widget_activate_action (GTK_WIDGET (sheet), "sheet.show-page", "s", "code");
  g_assert_true (rn_sheet_shows_code (sheet));
}

static gboolean
has_both_scenes (gpointer window)
{
  for (int side = 0; side < 2; side++)
    {
      RnCanvas *canvas = rn_stages_window_get_canvas (window, side);

      if (!rn_canvas_is_ready (canvas) || gtk_widget_get_width (GTK_WIDGET (canvas)) == 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_measured (gpointer window)
{
  return rn_stages_window_is_measured (window);
}

static void
test_side_by_side (void)
{
  RnStagesWindow *window;
  RnCanvas *left, *right;
  RnRect a, b;

  g_test_summary ("ResNet-18 and ResNet-50 move together, and each stage says what it costs");

  rn_ui_init ();
  window = RN_STAGES_WINDOW (rn_stages_window_new ());
  left = rn_stages_window_get_canvas (window, 0);
  right = rn_stages_window_get_canvas (window, 1);
  gtk_window_present (GTK_WINDOW (window));
  rn_window_test_wait (has_both_scenes, window);
  rn_window_test_settle (400);
  for (int side = 0; side < 2; side++)
    {
      RnScene *scene = rn_canvas_get_scene (side == 0 ? left : right);

      rn_canvas_get_view (side == 0 ? left : right, &a);
      g_assert_cmpfloat (a.y, <=, 0.5);
      g_assert_cmpfloat (a.x + a.width, >=, scene->width - 0.5);
      g_assert_cmpfloat (a.y + a.height, >=, scene->height - 0.5);
    }
  rn_window_test_shoot (GTK_WIDGET (window), "side-by-side");
  rn_canvas_zoom_at (left, 1.5, 50, 60);
  rn_canvas_pan (left, 13, -7);
  rn_canvas_get_view (left, &a);
  rn_canvas_get_view (right, &b);
  g_assert_cmpfloat_with_epsilon (a.x, b.x, 1e-6);
  g_assert_cmpfloat_with_epsilon (a.y, b.y, 1e-6);
  g_assert_cmpfloat_with_epsilon (rn_canvas_get_zoom (left), rn_canvas_get_zoom (right), 1e-9);
  rn_canvas_select_block (right, 3);
  g_assert_cmpint (rn_canvas_get_selected_block (left), ==, 2);
  rn_canvas_set_level (right, RN_LEVEL_PARTS);
  g_assert_cmpint (rn_canvas_get_level (left), ==, RN_LEVEL_PARTS);

  g_assert_cmpstr (rn_stages_window_get_text (window, 3, 0), ==, "Stage 2");
  g_assert_cmpstr (rn_stages_window_get_text (window, 8, 2), ==, "25,636,712");
  rn_window_test_wait (is_measured, window);
  for (int side = 0; side < 2; side++)
    g_assert_cmpfloat (g_ascii_strtod (rn_stages_window_get_text (window, 8, 7 + side), NULL), >, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_variant (Fixture *fixture)
{
  RnModel *model = rn_document_get_model (fixture->document);

  return rn_model_get_input (model)->output_shape.dims[0] == 64;
}

static void
test_variant (Fixture *fixture, gconstpointer unused)
{
  RnVariantPopover *popover
      = rn_canvas_pane_get_variant (rn_window_get_canvas_pane (fixture->window));
  RnVariant variant = { RN_NAMES_KERAS3, FALSE, 0, 64, FALSE, FALSE };
  RnSelection selection;
  RnModel *model;

  g_test_summary ("The model is rebuilt without its classifier, with other names and another size");

  rn_document_select_block (fixture->document, 3);
  rn_variant_popover_apply (popover, &variant);
  fixture_wait (fixture, has_variant, "the variant");
  model = rn_document_get_model (fixture->document);
  selection = rn_document_get_selection (fixture->document);
  g_assert_false (rn_model_has_top (model));
  g_assert_nonnull (rn_model_find_layer (model, "conv2_block1_1_conv", NULL));
  g_assert_cmpint (selection.block, ==, 3);
  g_assert_true (rn_network_get_weights (rn_document_get_network (fixture->document))->trained);

  variant = (RnVariant) { RN_NAMES_KERAS2, TRUE, 7, 64, FALSE, FALSE };
  rn_document_set_variant (fixture->document, &variant);
  while (!rn_model_has_top (rn_document_get_model (fixture->document)))
    g_main_context_iteration (NULL, TRUE);
  model = rn_document_get_model (fixture->document);
  g_assert_cmpint (rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape), ==, 7);
  g_assert_false (rn_network_get_weights (rn_document_get_network (fixture->document))->trained);
}

static void
test_early_variant (Fixture *fixture, gconstpointer unused)
{
  RnVariantPopover *popover
      = rn_canvas_pane_get_variant (rn_window_get_canvas_pane (fixture->window));
  GObject *size = gtk_widget_get_template_child (GTK_WIDGET (popover), RN_TYPE_VARIANT_POPOVER,
                                                 "size");
  GObject *classes = gtk_widget_get_template_child (GTK_WIDGET (popover), RN_TYPE_VARIANT_POPOVER,
                                                    "classes");

  g_test_summary ("What can be rebuilt is shown as it is, though the model came later");

  gtk_popover_popup (GTK_POPOVER (popover));
  g_assert_null (rn_document_get_model (fixture->document));
  fixture_wait (fixture, has_scene, "the graph");
  g_assert_cmpint (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (size)), ==, 224);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (classes)), ==, 10);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
test_code (Fixture *fixture, gconstpointer unused)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (fixture->window);
  RnModel *model = rn_document_get_model (fixture->document);
  RnSheet *sheet = rn_window_tools_get_sheet (window);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (window));
  g_autofree char *whole = rn_model_to_keras_code (model, NULL);
  g_autofree char *block = rn_model_block_to_keras_code (model, 3, NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The code follows the selection, is of the whole model on request, and is copied");

  g_action_group_activate_action (G_ACTION_GROUP (window), "keras-code", NULL);
  rn_document_select_block (fixture->document, 3);
  g_assert_cmpstr (rn_sheet_get_code (sheet), ==, block);
  rn_sheet_set_whole_code (sheet, TRUE);
  g_assert_cmpstr (rn_sheet_get_code (sheet), ==, whole);
  gtk_widget_activate_action (GTK_WIDGET (sheet), "sheet.copy", NULL);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, &error));
  g_assert_cmpstr (g_value_get_string (&value), ==, whole);
}

#define ADD(path, model, func) g_test_add (path, Fixture, model, set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("/graph/history", "resnet18", test_history);
  ADD ("/graph/levels", "resnet50", test_levels);
  ADD ("/graph/export", "resnet18", test_export);
  ADD ("/graph/export/wrong", "resnet18", test_export_wrong);
  ADD ("/graph/copy", "resnet18", test_copy);
  ADD ("/graph/summary", "resnet18", test_summary);
  ADD ("/graph/summary/place", "resnet18", test_summary_place);
  ADD ("/graph/variant", "resnet50", test_variant);
  g_test_add ("/graph/variant/early", Fixture, "resnet18", fixture_set_up, test_early_variant,
              fixture_tear_down);
  ADD ("/graph/code", "resnet50", test_code);
  g_test_add_func ("/graph/side-by-side", test_side_by_side);
  ADD ("/graph/print", "resnet18", test_print);

  return g_test_run ();
}
