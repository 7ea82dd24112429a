/* The inspector's pages, the picture's strip and what is laid over it, in process. */
#include "tests/window/fixture.h"

#include <glib/gstdio.h>
#include <math.h>

#include "engine/formats/npy.h"
#include "engine/model/costs.h"
#include "tests/window/window-test.h"
#include "ui/canvas/canvas-walk.h"

static int
find_layer (Fixture *fixture, const char *name)
{
  return rn_model_find_layer (rn_document_get_model (fixture->document), name, NULL)->index;
}

static gboolean
has_three_pictures (Fixture *fixture)
{
  return g_list_model_get_n_items (rn_document_get_pictures (fixture->document)) == 3
         && !rn_document_get_busy (fixture->document);
}

static void
drop_three (Fixture *fixture)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GSList *files = NULL;

  files = g_slist_append (files, fixture_get_sample ("tench.png"));
  files = g_slist_append (files, fixture_get_sample ("church.png"));
  files = g_slist_append (files, fixture_get_sample ("golf-ball.png"));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_assert_true (fixture_drop (fixture, &value));
  g_slist_free_full (files, g_object_unref);
  fixture_wait (fixture, has_three_pictures, "three pictures");
  fixture_wait_run (fixture);
}

static void
test_strip (Fixture *fixture, gconstpointer unused)
{
  RnPictureStrip *strip = rn_picture_pane_get_strip (rn_window_get_picture (fixture->window));

  g_test_summary ("Pictures dropped together form a strip; actions switch, and the run follows");

  fixture_open_sample (fixture, "parachute.png");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (strip)));
  drop_three (fixture);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (strip)));
  g_assert_cmpint (rn_picture_strip_get_n (strip), ==, 3);
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "tench.png");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.next-picture", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.next-picture", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.next-picture", NULL);
  g_assert_cmpint (rn_document_get_picture_index (fixture->document), ==, 2);
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "golf-ball.png");
  g_assert_true (rn_document_get_run (fixture->document)->picture
                 == rn_document_get_picture (fixture->document));
  fixture_screenshot (fixture, "strip");

  /* One alone takes their place. */
  fixture_open_sample (fixture, "parachute.png");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (strip)));
}

static gboolean
has_effective_field (Fixture *fixture)
{
  return rn_picture_pane_has_effective (rn_window_get_picture (fixture->window));
}

static gboolean
shows_wanted (Fixture *fixture)
{
  RnNetwork *network = rn_document_get_network (fixture->document);

  return network != NULL && !rn_document_get_busy (fixture->document)
         && g_str_equal (rn_network_get_id (network),
                         rn_document_get_model_id (fixture->document));
}

static void
show_model (Fixture *fixture, const char *id)
{
  rn_document_set_model_id (fixture->document, id);
  fixture_wait (fixture, shows_wanted, id);
}

static gboolean
has_begun (Fixture *fixture)
{
  return rn_document_get_run (fixture->document) != NULL
         || rn_document_is_layer_done (fixture->document, 1);
}

/* Leaves the first picture's run for one of the second that is under way; FALSE where the window
 * was so slow that it was over each time before it was seen to begin. */
static gboolean
begin_another (Fixture *fixture)
{
  for (int tries = 0; tries < 20; tries++)
    {
      rn_document_show_picture (fixture->document, 1);
      fixture_wait (fixture, has_begun, "a layer of the second picture");
      if (rn_document_get_run (fixture->document) == NULL)
        return TRUE;
      rn_document_show_picture (fixture->document, 0);
      fixture_wait_run (fixture);
    }

  return FALSE;
}

static gboolean
has_own_maps (Fixture *fixture)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnMaps *maps = rn_gallery_pane_get_maps (rn_inspector_get_gallery (inspector));

  return maps != NULL && maps->n_channels == 1024;
}

static void
test_left_run (Fixture *fixture, gconstpointer unused)
{
  g_test_summary ("A run that another model ended half-way took the place of the one before: that "
                  "is run again when its picture comes back");

  fixture_wait (fixture, shows_wanted, "a network");
  show_model (fixture, "resnet18");
  show_model (fixture, "resnet50");
  drop_three (fixture);
  if (!begin_another (fixture))
    {
      g_test_skip ("no run was seen half-way");
      return;
    }
  show_model (fixture, "resnet18");
  rn_document_show_picture (fixture->document, 0);
  fixture_wait_run (fixture);
  show_model (fixture, "resnet50");
  fixture_wait_run (fixture);
  rn_document_select_layer (fixture->document, find_layer (fixture, "activation_40"));
  fixture_wait (fixture, has_own_maps, "the maps of the first picture");
}

static void
test_field (Fixture *fixture, gconstpointer unused)
{
  RnPicturePane *pane = rn_window_get_picture (fixture->window);
  RnProbe probe = { .unit = { 10, 14, 3 }, .value = 1.5 };
  g_autofree RnReceptiveField *fields = NULL;
  graphene_rect_t box;

  g_test_summary ("The unit pointed at has its theoretical field and its effective one drawn");

  fixture_open_sample (fixture, "golf-ball.png");
  probe.layer = find_layer (fixture, "conv3_block2_add");
  fields = rn_model_get_receptive_fields (rn_document_get_model (fixture->document));
  g_assert_false (rn_picture_view_get_field (rn_picture_pane_get_view (pane), NULL));
  rn_document_set_probe (fixture->document, &probe);
  g_assert_true (rn_picture_view_get_field (rn_picture_pane_get_view (pane), &box));
  g_assert_cmpfloat (box.size.width, ==, fields[probe.layer].size[1]);
  g_assert_cmpfloat_with_epsilon (
      box.origin.y + box.size.height / 2 - 0.5,
      fields[probe.layer].start[0] + 10 * fields[probe.layer].stride[0], 0.01);
  fixture_wait (fixture, has_effective_field, "the effective field");
  g_assert_nonnull (strstr (rn_picture_pane_get_caption (pane), "path counts"));
  fixture_screenshot (fixture, "field");

  rn_document_set_probe (fixture->document, NULL);
  g_assert_false (rn_picture_view_get_field (rn_picture_pane_get_view (pane), NULL));
  g_assert_cmpstr (rn_picture_pane_get_caption (pane), ==, "");
}

static RnGalleryPane *
get_pane (Fixture *fixture)
{
  return rn_inspector_get_gallery (rn_window_get_inspector (fixture->window));
}

static void
select_layer (Fixture *fixture, const char *name)
{
  rn_document_select_layer (fixture->document, find_layer (fixture, name));
  fixture_wait (fixture, fixture_has_maps, "feature maps");
}

static gboolean
has_order_of_zeros (Fixture *fixture)
{
  return rn_gallery_pane_get_maps (get_pane (fixture))->options.order == RN_CHANNEL_ORDER_ZEROS;
}

static gboolean
has_network_scale (Fixture *fixture)
{
  return rn_gallery_pane_get_maps (get_pane (fixture))->options.scale == RN_MAPS_SCALE_NETWORK;
}

static void
test_gallery (Fixture *fixture, gconstpointer unused)
{
  RnGalleryPane *pane = get_pane (fixture);
  g_autofree char *high = NULL;
  RnMaps *maps;

  g_test_summary ("2,048 maps need some tiles only; they are sorted and scaled as asked for");

  fixture_open_sample (fixture, "parachute.png");
  rn_inspector_show_page (rn_window_get_inspector (fixture->window), "maps");
  select_layer (fixture, "activation_49");
  maps = rn_gallery_pane_get_maps (pane);
  g_assert_cmpint (maps->n_channels, ==, 2048);
  fixture_screenshot (fixture, "maps");
  g_assert_cmpint (rn_gallery_get_n_tiles (rn_gallery_pane_get_gallery (pane)), >, 8);
  g_assert_cmpint (rn_gallery_get_n_tiles (rn_gallery_pane_get_gallery (pane)), <, 160);

  rn_gallery_pane_set_options (pane, RN_CHANNEL_ORDER_ZEROS, RN_MAPS_SCALE_LAYER,
                               RN_COLOR_MAP_MAGMA);
  fixture_wait (fixture, has_order_of_zeros, "another order");
  maps = rn_gallery_pane_get_maps (pane);
  for (int i = 1; i < maps->n_channels; i++)
    {
      g_assert_cmpfloat (maps->stats[maps->channels[i - 1]].zeros, >=,
                         maps->stats[maps->channels[i]].zeros);
      g_assert_cmpint (maps->places[maps->channels[i]], ==, i);
    }
  high = g_strdup_printf ("%.3g", maps->range.high);
  g_assert_cmpstr (rn_legend_get_high (rn_gallery_pane_get_legend (pane)), ==, high);

  rn_gallery_pane_set_options (pane, RN_CHANNEL_ORDER_MEAN, RN_MAPS_SCALE_NETWORK,
                               RN_COLOR_MAP_DIVERGING);
  fixture_wait (fixture, has_network_scale, "the network's scale");
  maps = rn_gallery_pane_get_maps (pane);
  g_assert_cmpfloat (maps->common.high, >=, maps->range.high);
  g_assert_cmpfloat (maps->common.low, ==, -maps->common.high);
  rn_gallery_set_selected (rn_gallery_pane_get_gallery (pane), maps->channels[1]);
  fixture_screenshot (fixture, "maps-sorted");
}

static gboolean
has_explanation (Fixture *fixture)
{
  return rn_why_page_get_explanation (
             rn_inspector_get_why (rn_window_get_inspector (fixture->window)))
         != NULL;
}

static gboolean
is_view_placed (Fixture *fixture)
{
  return gtk_widget_get_width (GTK_WIDGET (rn_gallery_pane_get_view (get_pane (fixture)))) > 0;
}

static void
test_why (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnGalleryPane *pane = get_pane (fixture);
  GtkWidget *view = GTK_WIDGET (rn_gallery_pane_get_view (pane));
  const RnExplanation *explanation;
  const RnExplanationStep *last;
  RnMaps *maps;
  int y, x;

  g_test_summary ("The unit under the pointer shows its value; a click tells why it has it");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_inspector_show_page (inspector, "maps");
  select_layer (fixture, "conv2_block1_out");
  maps = rn_gallery_pane_get_maps (pane);
  rn_gallery_set_selected (rn_gallery_pane_get_gallery (pane), 7);
  fixture_wait (fixture, is_view_placed, "the enlarged map");
  fixture_screenshot (fixture, "enlarged");
  g_signal_emit_by_name (rn_window_test_controller (view, GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion", 61.0, 100.0);
  g_assert_true (rn_map_view_get_pointed (rn_gallery_pane_get_view (pane), &y, &x));
  g_assert_cmpint (y, ==, 33);
  g_assert_cmpint (x, ==, 20);
  g_assert_cmpint (rn_document_get_probe (fixture->document)->unit.channel, ==, 7);
  g_assert_cmpfloat (rn_document_get_probe (fixture->document)->value, ==,
                     rn_maps_get_value (maps, 7, y, x));
  fixture_wait (fixture, has_effective_field, "the effective field");
  fixture_screenshot (fixture, "pointed");

  g_signal_emit_by_name (rn_window_test_controller (view, GTK_TYPE_GESTURE_CLICK), "pressed", 1,
                         61.0, 100.0);
  fixture_wait (fixture, has_explanation, "an explanation");
  g_assert_cmpstr (rn_inspector_get_page (inspector), ==, "why");
  explanation = rn_why_page_get_explanation (rn_inspector_get_why (inspector));
  last = rn_explanation_get_step (explanation, explanation->steps->len - 1);
  g_assert_cmpint (last->layer, ==, find_layer (fixture, "conv2_block1_out"));
  g_assert_cmpfloat (last->activation, ==, rn_maps_get_value (maps, 7, 33, 20));
  g_assert_cmpfloat_with_epsilon (last->result, last->activation, 1e-3);
  fixture_screenshot (fixture, "why");
}

static gboolean
has_overlay (Fixture *fixture)
{
  return rn_document_get_overlay (fixture->document) != NULL;
}

static void
test_overlay (Fixture *fixture, gconstpointer unused)
{
  RnGalleryPane *pane = get_pane (fixture);
  RnPictureView *view = rn_picture_pane_get_view (rn_window_get_picture (fixture->window));

  g_test_summary ("A map is laid over the picture, goes with it to the next, and can be taken away");

  drop_three (fixture);
  rn_inspector_show_page (rn_window_get_inspector (fixture->window), "maps");
  select_layer (fixture, "conv3_block2_out");
  rn_gallery_set_selected (rn_gallery_pane_get_gallery (pane), 3);
  rn_gallery_pane_set_overlay (pane, TRUE);
  fixture_wait (fixture, has_overlay, "the overlay");
  g_assert_true (rn_picture_view_get_overlay (view) == rn_document_get_overlay (fixture->document));
  g_assert_cmpstr (rn_document_get_overlay_title (fixture->document), ==, "conv3_block2_out #3");
  fixture_screenshot (fixture, "overlay");

  rn_document_show_picture (fixture->document, 1);
  g_assert_false (has_overlay (fixture));
  fixture_wait (fixture, has_overlay, "the overlay of the next picture");
  rn_document_claim_overlay (fixture->document, NULL);
  g_assert_null (rn_picture_view_get_overlay (view));
}

static gboolean
has_pinned_maps (Fixture *fixture)
{
  RnPinBoard *pins = rn_gallery_pane_get_pins (get_pane (fixture));

  for (int i = 0; i < rn_pin_board_get_n (pins); i++)
    if (rn_pin_board_get_map (pins, i) == NULL)
      return FALSE;

  return TRUE;
}

static void
test_pins (Fixture *fixture, gconstpointer unused)
{
  RnPinBoard *pins = rn_gallery_pane_get_pins (get_pane (fixture));
  g_autoptr (GdkPaintable) first = NULL;

  g_test_summary ("Channels of several layers are pinned side by side, and follow the picture");

  drop_three (fixture);
  rn_inspector_show_page (rn_window_get_inspector (fixture->window), "maps");
  select_layer (fixture, "conv1_relu");
  rn_pin_board_toggle (pins, find_layer (fixture, "conv1_relu"), 5);
  rn_pin_board_toggle (pins, find_layer (fixture, "conv3_block2_out"), 17);
  rn_pin_board_toggle (pins, find_layer (fixture, "conv4_block1_add"), 200);
  fixture_wait (fixture, has_pinned_maps, "pinned maps");
  g_assert_cmpint (rn_pin_board_get_n (pins), ==, 3);
  fixture_screenshot (fixture, "pins");

  first = g_object_ref (rn_pin_board_get_map (pins, 0));
  rn_document_show_picture (fixture->document, 2);
  while (rn_pin_board_get_map (pins, 0) == first)
    g_main_context_iteration (NULL, TRUE);

  g_signal_emit_by_name (pins, "pin-activated", find_layer (fixture, "conv3_block2_out"), 17);
  g_assert_cmpint (rn_document_get_selection (fixture->document).layer, ==,
                   find_layer (fixture, "conv3_block2_out"));
  rn_pin_board_toggle (pins, find_layer (fixture, "conv1_relu"), 5);
  g_assert_false (rn_pin_board_has (pins, find_layer (fixture, "conv1_relu"), 5));
  g_assert_cmpint (rn_pin_board_get_n (pins), ==, 2);
}

static gboolean
has_saved (Fixture *fixture)
{
  return !rn_gallery_pane_get_saving (get_pane (fixture));
}

static void
test_save (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[] = { "maps.png", "maps.npy", "maps.h5" };
  g_autofree char *folder = g_dir_make_tmp ("rn-maps-XXXXXX", NULL);
  g_autofree char *npy = g_build_filename (folder, "maps.npy", NULL);
  g_autoptr (RnTensor) read = NULL;
  RnMaps *maps;

  g_test_summary ("Maps are saved as a picture, for NumPy and in HDF5; another ending is a message");

  fixture_open_sample (fixture, "church.png");
  select_layer (fixture, "conv3_block1_out");
  maps = rn_gallery_pane_get_maps (get_pane (fixture));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      rn_gallery_pane_save (get_pane (fixture), path);
      fixture_wait (fixture, has_saved, names[i]);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
      g_assert_null (rn_window_get_message (fixture->window));
    }
  read = rn_npy_read (npy, NULL);
  g_assert_cmpmem (read->data, rn_tensor_get_n_bytes (read), maps->activation->data,
                   rn_tensor_get_n_bytes (maps->activation));

  rn_gallery_pane_save (get_pane (fixture), "/nowhere/maps.txt");
  fixture_wait (fixture, has_saved, "a message");
  g_assert_nonnull (rn_window_get_message (fixture->window));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

static gboolean
has_weights (Fixture *fixture)
{
  return rn_weights_page_get_stats (
             rn_inspector_get_weights (rn_window_get_inspector (fixture->window)))
         != NULL;
}

static gboolean
has_kernels (Fixture *fixture)
{
  RnMaps *maps = rn_gallery_get_maps (rn_weights_page_get_gallery (
      rn_inspector_get_weights (rn_window_get_inspector (fixture->window))));

  return maps != NULL && maps->n_channels == 128 && maps->width == 3;
}

static void
test_weights (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnWeightsPage *page = rn_inspector_get_weights (inspector);
  RnMaps *maps;

  g_test_summary ("Kernels are pictures, the first layer's in colour; their histogram and figures");

  fixture_open_sample (fixture, "parachute.png");
  rn_inspector_show_page (inspector, "weights");
  rn_document_select_layer (fixture->document, find_layer (fixture, "conv1"));
  fixture_wait (fixture, has_weights, "the first layer's weights");
  g_assert_cmpint (rn_weights_page_get_stats (page)->n, ==, (gint64) 7 * 7 * 3 * 64);
  maps = rn_gallery_get_maps (rn_weights_page_get_gallery (page));
  g_assert_cmpint (maps->n_channels, ==, 64);
  g_assert_cmpint (gdk_texture_get_width (maps->tiles[0]), ==, 56);
  fixture_screenshot (fixture, "weights-colour");

  rn_document_select_layer (fixture->document, find_layer (fixture, "res3a_branch2b"));
  fixture_wait (fixture, has_kernels, "kernels");
  rn_weights_page_choose (page, 0, 17);
  fixture_screenshot (fixture, "weights-kernels");
  rn_document_select_layer (fixture->document, find_layer (fixture, "fc1000"));
  fixture_wait (fixture, has_weights, "the classifier's weights");
  fixture_screenshot (fixture, "weights-matrix");
}

static gboolean
has_dissection (Fixture *fixture)
{
  const RnDissection *dissection = rn_block_page_get_dissection (
      rn_inspector_get_block (rn_window_get_inspector (fixture->window)));

  return dissection != NULL && dissection->parts[0] != NULL;
}

static void
test_block (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnBlockPage *page = rn_inspector_get_block (inspector);
  const RnDissection *dissection;

  g_test_summary ("A block's shortcut, branch, sum and output on one scale; every block in a chart");

  fixture_open_sample (fixture, "parachute.png");
  rn_inspector_show_page (inspector, "block");
  rn_document_select_layer (fixture->document, find_layer (fixture, "res4b_branch2b"));
  fixture_wait (fixture, has_dissection, "the block's parts");
  dissection = rn_block_page_get_dissection (page);
  g_assert_cmpint (dissection->n_blocks, ==, 16);
  g_assert_cmpint (dissection->n_channels, ==, 1024);
  g_assert_cmpfloat (dissection->range.low, ==, -dissection->range.high);
  g_assert_cmpint (rn_bar_chart_get_n (rn_block_page_get_ratios (page)), ==, 16);
  for (int b = 0; b < 16; b++)
    {
      g_assert_cmpfloat (dissection->balances[b].ratio, >, 0);
      g_assert_cmpfloat (fabs (dissection->balances[b].cosine), <=, 1);
      g_assert_cmpfloat (rn_bar_chart_get_value (rn_block_page_get_ratios (page), b), ==,
                         dissection->balances[b].ratio);
    }
  fixture_screenshot (fixture, "dissected");

  g_signal_emit_by_name (rn_block_page_get_ratios (page), "bar-activated", 2);
  g_assert_cmpint (rn_document_get_selection (fixture->document).block, ==, 2);
}

static void
test_overview (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  RnFactTable *facts = rn_inspector_get_facts (inspector);
  RnBarChart *chart = rn_growth_get_chart (rn_inspector_get_growth (inspector));
  const char *time;

  g_test_summary ("The overview writes the arithmetic out, and how the field grew, and the time");

  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, find_layer (fixture, "res3a_branch2b"));
  g_assert_cmpstr (rn_fact_table_find (facts, "Multiply-adds"), ==,
                   "28·28 · 3·3·128·128 = 115,605,504");
  g_assert_cmpstr (rn_fact_table_find (facts, "Grew"), ==, "35 + (3 − 1)·8 = 51 px");
  g_assert_cmpstr (rn_fact_table_find (facts, "Sees"), ==, "51 px, stride 8");
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Centre"), "first unit"));
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Share"), "of the multiply-adds"));
  time = rn_fact_table_find (facts, "Time");
  g_assert_nonnull (time);
  g_assert_nonnull (strstr (time, "GFLOP/s"));
  /* conv1, the pooling, three blocks' 3x3 convolutions and its own */
  g_assert_cmpint (rn_bar_chart_get_n (chart), ==, 6);
  g_assert_cmpfloat (rn_bar_chart_get_value (chart, 0), ==, 7);
  g_assert_cmpfloat (rn_bar_chart_get_value (chart, 5), ==, 51);
  fixture_screenshot (fixture, "overview");

  rn_document_select_layer (fixture->document, find_layer (fixture, "bn3a_branch2b"));
  g_assert_nonnull (strstr (rn_fact_table_find (facts, "Time"), "res3a_branch2b"));
}

/* Whether a label that is seen says this. */
static gboolean
says (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;

  return FALSE;
}

static void
test_late_facts (Fixture *fixture, gconstpointer unused)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);
  GtkWidget *facts = GTK_WIDGET (rn_inspector_get_facts (inspector));

  g_test_summary ("Facts that change while another page is shown are right when theirs is again");

  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, find_layer (fixture, "conv1_conv"));
  rn_window_test_settle (50);
  g_assert_true (says (facts, "Settings"));
  rn_inspector_show_page (inspector, "maps");
  rn_document_select_layer (fixture->document, find_layer (fixture, "conv2_block1_add"));
  rn_inspector_show_page (inspector, "overview");
  rn_window_test_settle (50);
  g_assert_true (says (facts, rn_fact_table_find (rn_inspector_get_facts (inspector), "Output")));
  g_assert_false (says (facts, "Settings"));
}

static gboolean
has_class_map (Fixture *fixture)
{
  return has_overlay (fixture)
         && !rn_class_map_bar_get_working (
             rn_prediction_list_get_maps (rn_window_get_predictions (fixture->window)));
}

static void
test_class_map (Fixture *fixture, gconstpointer unused)
{
  RnClassMapBar *bar = rn_prediction_list_get_maps (rn_window_get_predictions (fixture->window));

  g_test_summary ("A class activation map lies over the picture, of the first class or any other");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_class_map_bar_show (bar, RN_CLASS_MAP_ACTIVATION);
  fixture_wait (fixture, has_class_map, "the class activation map");
  g_assert_cmpstr (rn_document_get_overlay_title (fixture->document), ==, "Activation: golf ball");
  fixture_screenshot (fixture, "class-map");
  rn_class_map_bar_choose (bar, 3);
  fixture_wait (fixture, has_class_map, "another class");
  g_assert_cmpstr (rn_document_get_overlay_title (fixture->document), ==, "Activation: chain saw");
  rn_class_map_bar_show (bar, RN_CLASS_MAP_NONE);
  g_assert_false (has_overlay (fixture));
}

static void
test_class_names (Fixture *fixture, gconstpointer unused)
{
  RnClassMapBar *bar = rn_prediction_list_get_maps (rn_window_get_predictions (fixture->window));
  GObject *classes
      = gtk_widget_get_template_child (GTK_WIDGET (bar), RN_TYPE_CLASS_MAP_BAR, "classes");
  GtkWidget *list = gtk_widget_get_first_child (GTK_WIDGET (classes));

  g_test_summary ("Names of classes can be chosen among while they are those of the model shown");

  fixture_wait (fixture, shows_wanted, "a network");
  show_model (fixture, "resnet50");
  show_model (fixture, "resnet18");
  fixture_open_sample (fixture, "golf-ball.png");
  rn_class_map_bar_show (bar, RN_CLASS_MAP_ACTIVATION);
  fixture_wait (fixture, has_class_map, "the class activation map");
  g_assert_true (gtk_widget_is_sensitive (list));
  rn_document_set_model_id (fixture->document, "resnet50");
  g_assert_null (rn_document_get_run (fixture->document));
  g_assert_false (gtk_widget_is_sensitive (list));
  fixture_wait_run (fixture);
  g_assert_true (gtk_widget_is_sensitive (list));
}

static gboolean
has_some_progress (Fixture *fixture)
{
  return has_overlay (fixture)
         && rn_class_map_bar_get_progress (
                rn_prediction_list_get_maps (rn_window_get_predictions (fixture->window)))
                > 0.03;
}

static void
test_occlusion (Fixture *fixture, gconstpointer unused)
{
  RnClassMapBar *bar = rn_prediction_list_get_maps (rn_window_get_predictions (fixture->window));

  g_test_summary ("An occlusion map grows under way, and is cancelled by another overlay or by hand");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_class_map_bar_show (bar, RN_CLASS_MAP_OCCLUSION);
  fixture_wait (fixture, has_some_progress, "some of the occlusion map");
  fixture_screenshot (fixture, "occlusion");
  g_assert_true (rn_class_map_bar_get_working (bar));
  rn_document_claim_overlay (fixture->document, NULL);
  g_assert_cmpint (rn_class_map_bar_get_kind (bar), ==, RN_CLASS_MAP_NONE);
  g_assert_false (rn_class_map_bar_get_working (bar));
}

static void
test_saliency (Fixture *fixture, gconstpointer unused)
{
  RnClassMapBar *bar = rn_prediction_list_get_maps (rn_window_get_predictions (fixture->window));
  g_autoptr (GdkTexture) first = NULL;

  g_test_summary ("Saliency lies over the picture, of the first class or any other");

  fixture_open_sample (fixture, "golf-ball.png");
  rn_class_map_bar_show (bar, RN_CLASS_MAP_SALIENCY);
  fixture_wait (fixture, has_class_map, "saliency");
  g_assert_cmpstr (rn_document_get_overlay_title (fixture->document), ==, "Saliency: golf ball");
  fixture_screenshot (fixture, "saliency");
  first = g_object_ref (rn_document_get_overlay (fixture->document));
  rn_class_map_bar_choose (bar, 3);
  fixture_wait (fixture, has_class_map, "another class");
  g_assert_cmpstr (rn_document_get_overlay_title (fixture->document), ==, "Saliency: chain saw");
  g_assert_true (rn_document_get_overlay (fixture->document) != first);
  rn_class_map_bar_show (bar, RN_CLASS_MAP_NONE);
  g_assert_false (has_overlay (fixture));
}

static void
test_enter (Fixture *fixture, gconstpointer unused)
{
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));
  RnInspector *inspector = rn_window_get_inspector (fixture->window);

  g_test_summary ("Enter on a layer brings up its maps, whatever page was on top");

  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, find_layer (fixture, "conv1_relu"));
  rn_inspector_show_page (inspector, "overview");
  rn_window_show_right (fixture->window, "experiments");
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (canvas), "canvas.walk", "i", RN_WALK_IN));
  g_assert_cmpstr (rn_window_get_right (fixture->window), ==, "inspector");
  g_assert_cmpstr (rn_inspector_get_page (inspector), ==, "maps");
}

#define ADD(path, id, func)                                                                        \
  g_test_add ("/inspector/" path, Fixture, id, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("strip", "resnet18", test_strip);
  ADD ("left-run", "resnet50", test_left_run);
  ADD ("field", "resnet18", test_field);
  ADD ("gallery", "resnet50", test_gallery);
  ADD ("why", "resnet18", test_why);
  ADD ("overlay", "resnet18", test_overlay);
  ADD ("pins", "resnet18", test_pins);
  ADD ("save", "resnet18", test_save);
  ADD ("weights", "resnet50", test_weights);
  ADD ("block", "resnet50", test_block);
  ADD ("overview", "resnet50", test_overview);
  ADD ("late-facts", "resnet18", test_late_facts);
  ADD ("enter", "resnet18", test_enter);
  ADD ("class-map", "resnet18", test_class_map);
  ADD ("class-names", "resnet18", test_class_names);
  ADD ("occlusion", "resnet18", test_occlusion);
  ADD ("saliency", "resnet18", test_saliency);

  return g_test_run ();
}
