#include "tests/window/window-test.h"

#include "engine/model/catalog.h"
#include "ui/canvas/canvas.h"
#include "ui/canvas/canvas-walk.h"

typedef struct
{
  GtkWidget *window;
  RnCanvas *canvas;
  RnModel *model;
  const RnStructure *structure;
} Fixture;

static gboolean
is_ready (gpointer canvas)
{
  return rn_canvas_is_ready (canvas) && gtk_widget_get_width (canvas) > 0;
}

static RnModel *
build (const char *id)
{
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, &error);

  g_assert_no_error (error);

  return model;
}

static void
set_up (Fixture *fixture, gconstpointer look)
{
  fixture->window = gtk_window_new ();
  fixture->canvas = RN_CANVAS (rn_canvas_new ());
  fixture->model = build ("resnet50");
  fixture->structure = rn_model_get_structure (fixture->model);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 850);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->canvas));
  rn_canvas_set_look (fixture->canvas, GPOINTER_TO_INT (look));
  rn_canvas_set_model (fixture->canvas, fixture->model);
  gtk_window_present (GTK_WINDOW (fixture->window));
  rn_window_test_wait (is_ready, fixture->canvas);
  rn_window_test_settle (50);
}

static void
tear_down (Fixture *fixture, gconstpointer look)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  rn_model_unref (fixture->model);
}

/* A click of the primary button, through the canvas' own gestures. */
static void
click (Fixture *fixture, double x, double y, int n_press)
{
  GtkWidget *canvas = GTK_WIDGET (fixture->canvas);
  GtkEventController *drag = rn_window_test_controller (canvas, GTK_TYPE_GESTURE_DRAG);
  GtkEventController *press = rn_window_test_controller (canvas, GTK_TYPE_GESTURE_CLICK);

  g_signal_emit_by_name (drag, "drag-begin", x, y);
  g_signal_emit_by_name (drag, "drag-end", 0.0, 0.0);
  g_signal_emit_by_name (press, "released", n_press, x, y);
}

static void
to_widget (Fixture *fixture, double scene_x, double scene_y, double *x, double *y)
{
  double zoom = rn_canvas_get_zoom (fixture->canvas);
  RnRect view;

  rn_canvas_get_view (fixture->canvas, &view);
  *x = (scene_x - view.x) * zoom;
  *y = (scene_y - view.y) * zoom;
}

static void
click_scene (Fixture *fixture, double scene_x, double scene_y, int n_press)
{
  double x, y;

  to_widget (fixture, scene_x, scene_y, &x, &y);
  click (fixture, x, y, n_press);
}

static int
find (Fixture *fixture, const char *name)
{
  return rn_model_find_layer (fixture->model, name, NULL)->index;
}

static void
test_fit (Fixture *fixture, gconstpointer look)
{
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  RnRect view;

  g_test_summary ("the whole of ResNet-50 in blocks is in sight at once, and can be read");
  rn_canvas_get_view (fixture->canvas, &view);
  g_assert_cmpfloat (view.x, <=, 0.5);
  g_assert_cmpfloat (view.y, <=, 0.5);
  g_assert_cmpfloat (view.x + view.width, >=, scene->width - 0.5);
  g_assert_cmpfloat (view.y + view.height, >=, scene->height - 0.5);
  g_assert_cmpfloat (rn_canvas_get_zoom (fixture->canvas), >=, 0.9);
  for (int i = 0; i < scene->n_blocks; i++)
    for (int k = 0; k < i; k++)
      g_assert_false (rn_rect_intersects (&scene->blocks[i].frame, &scene->blocks[k].frame));
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-blocks");
}

static void
test_click (Fixture *fixture, gconstpointer look)
{
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  int conv1 = find (fixture, "conv1");
  const RnRect *box = &scene->layers[conv1].bounds;
  const RnRect *frame = &scene->blocks[4].frame;

  g_test_summary ("a click selects a layer, a block by its frame or its shortcut, or nothing");
  click_scene (fixture, box->x + 5, box->y + 5, 1);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, conv1);
  g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, -1);
  click_scene (fixture, frame->x + 10, frame->y + 10, 1);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, -1);
  g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, 4);
  for (int i = 0; i < scene->n_edges; i++)
    if (scene->edges[i].block == 6)
      {
        const RnPoint *middle = &scene->edges[i].points[scene->edges[i].n_points / 2];

        g_assert_false (rn_rect_contains (&scene->blocks[6].frame, middle->x, middle->y));
        click_scene (fixture, middle->x + 2, middle->y, 1);
        g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, 6);
      }
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-block-selected");
  click_scene (fixture, scene->width - 5, scene->height - 5, 1);
  g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, -1);
}

static void
test_open (Fixture *fixture, gconstpointer look)
{
  const RnBlock *block = &fixture->structure->blocks[3];
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  const RnRect *frame = &scene->blocks[3].frame;

  g_test_summary ("a double click opens a block: its layers stand inside its frame");
  g_assert_false (scene->layers[block->add].visible);
  click_scene (fixture, frame->x + 10, frame->y + 10, 2);
  rn_window_test_wait (is_ready, fixture->canvas);
  scene = rn_canvas_get_scene (fixture->canvas);
  g_assert_true (rn_canvas_get_block_open (fixture->canvas, 3));
  for (int i = 0; i < block->n_layers; i++)
    {
      const RnRect *box = &scene->layers[block->layers[i]].bounds;
      RnRect both = rn_rect_union (box, &scene->blocks[3].frame);

      g_assert_true (scene->layers[block->layers[i]].visible);
      g_assert_cmpfloat (both.width, ==, scene->blocks[3].frame.width);
      g_assert_cmpfloat (both.height, ==, scene->blocks[3].frame.height);
      for (int k = 0; k < i; k++)
        g_assert_false (rn_rect_intersects (box, &scene->layers[block->layers[k]].bounds));
    }
  rn_canvas_select_layer (fixture->canvas, block->branch[3]);
  rn_window_test_settle (50);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-block-open");

  rn_canvas_set_level (fixture->canvas, RN_LEVEL_LAYERS);
  rn_window_test_wait (is_ready, fixture->canvas);
  scene = rn_canvas_get_scene (fixture->canvas);
  for (int i = 0; i < scene->n_layers; i++)
    g_assert_true (scene->layers[i].visible);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-all-open");
}

static void
test_zoom (Fixture *fixture, gconstpointer look)
{
  GtkWidget *canvas = GTK_WIDGET (fixture->canvas);
  GtkEventController *motion = rn_window_test_controller (canvas, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *scroll = rn_window_test_controller (canvas, GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  GtkEventController *drag = rn_window_test_controller (canvas, GTK_TYPE_GESTURE_DRAG);
  double zoom = rn_canvas_get_zoom (fixture->canvas);
  RnRect before, after;
  gboolean handled;

  g_test_summary ("the wheel zooms about the pointer, dragging moves, keys fit");
  rn_canvas_get_view (fixture->canvas, &before);
  g_signal_emit_by_name (motion, "motion", 300.0, 200.0);
  g_signal_emit_by_name (scroll, "scroll", 0.0, -3.0, &handled);
  g_assert_true (handled);
  g_assert_cmpfloat (rn_canvas_get_zoom (fixture->canvas), >, 1.4 * zoom);
  rn_canvas_get_view (fixture->canvas, &after);
  g_assert_cmpfloat_with_epsilon (before.x + 300 / zoom,
                                  after.x + 300 / rn_canvas_get_zoom (fixture->canvas), 1e-6);
  g_assert_cmpfloat_with_epsilon (before.y + 200 / zoom,
                                  after.y + 200 / rn_canvas_get_zoom (fixture->canvas), 1e-6);

  rn_window_test_shoot (canvas, "canvas-zoomed");
  before = after;
  g_signal_emit_by_name (drag, "drag-begin", 300.0, 200.0);
  g_signal_emit_by_name (drag, "drag-update", 50.0, 20.0);
  g_signal_emit_by_name (drag, "drag-end", 50.0, 20.0);
  rn_canvas_get_view (fixture->canvas, &after);
  g_assert_cmpfloat_with_epsilon (after.x, before.x - 50 / rn_canvas_get_zoom (fixture->canvas),
                                  1e-6);

  g_assert_true (gtk_widget_activate_action (canvas, "canvas.fit", NULL));
  rn_window_test_settle (400);
  g_assert_cmpfloat_with_epsilon (rn_canvas_get_zoom (fixture->canvas), zoom, 1e-6);
  g_assert_true (gtk_widget_activate_action (canvas, "canvas.zoom-in", NULL));
  g_assert_cmpfloat (rn_canvas_get_zoom (fixture->canvas), >, zoom);
  g_assert_true (gtk_widget_activate_action (canvas, "canvas.zoom-out", NULL));
  g_assert_cmpfloat_with_epsilon (rn_canvas_get_zoom (fixture->canvas), zoom, 1e-6);
}

static void
test_reveal (Fixture *fixture, gconstpointer look)
{
  const RnRect *box = &rn_canvas_get_scene (fixture->canvas)->blocks[15].frame;
  RnRect before, after;

  g_test_summary ("what is selected comes into sight, and stays where it is if it is in sight");
  rn_canvas_get_view (fixture->canvas, &before);
  for (int i = 0; i < rn_model_get_n_layers (fixture->model); i++)
    {
      rn_canvas_select_layer (fixture->canvas, i);
      rn_canvas_reveal_selection (fixture->canvas);
      rn_window_test_settle (1);
      rn_canvas_get_view (fixture->canvas, &after);
      g_assert_cmpfloat_with_epsilon (after.x, before.x, 1e-6);
      g_assert_cmpfloat_with_epsilon (after.y, before.y, 1e-6);
    }

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  rn_canvas_zoom_at (fixture->canvas, 4, 0, 0);
  rn_canvas_select_block (fixture->canvas, 15);
  rn_canvas_reveal_selection (fixture->canvas);
  rn_canvas_get_view (fixture->canvas, &after);
  g_assert_cmpfloat (after.x, <, box->x);
  g_assert_cmpfloat (after.y, <, box->y);
  g_assert_cmpfloat (after.x + after.width, >, box->x + box->width);
  g_assert_cmpfloat (after.y + after.height, >, box->y + box->height);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
}

/* Where the title of a part stands in the widget. */
static double
find_title (Fixture *fixture, int part)
{
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  double x = 0, y;

  for (int i = 0; i < scene->n_columns; i++)
    if (scene->columns[i].part == part)
      to_widget (fixture, scene->columns[i].header.x, 0, &x, &y);

  return x;
}

static void
test_toggle (Fixture *fixture, gconstpointer look)
{
  g_autoptr (RnModel) other = build ("resnet18");
  double zoom = rn_canvas_get_zoom (fixture->canvas), x, y;
  const RnRect *box = &rn_canvas_get_scene (fixture->canvas)->blocks[12].frame;

  g_test_summary ("another network shows the stage that was looked at, as large");
  rn_canvas_zoom_at (fixture->canvas, 2.5, 0, 0);
  to_widget (fixture, box->x, box->y, &x, &y);
  rn_canvas_pan (fixture->canvas, 400 - x, 400 - y);
  x = find_title (fixture, 3);
  rn_canvas_set_block_open (fixture->canvas, 2, TRUE); /* makes stage 2 wider */
  rn_canvas_set_block_open (fixture->canvas, 2, FALSE);
  rn_canvas_set_model (fixture->canvas, other);
  rn_window_test_wait (is_ready, fixture->canvas);
  g_assert_cmpfloat_with_epsilon (rn_canvas_get_zoom (fixture->canvas), 2.5 * zoom, 1e-6);
  g_assert_cmpfloat_with_epsilon (find_title (fixture, 3), x, 1e-6);

  rn_canvas_fit (fixture->canvas);
  rn_window_test_settle (300);
  rn_canvas_set_model (fixture->canvas, fixture->model);
  rn_window_test_wait (is_ready, fixture->canvas);
  g_assert_cmpfloat_with_epsilon (rn_canvas_get_zoom (fixture->canvas), zoom, 1e-6);
}

static void
test_minimap (Fixture *fixture, gconstpointer look)
{
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  double width = gtk_widget_get_width (GTK_WIDGET (fixture->canvas));
  double height = gtk_widget_get_height (GTK_WIDGET (fixture->canvas));
  GtkEventController *drag
      = rn_window_test_controller (GTK_WIDGET (fixture->canvas), GTK_TYPE_GESTURE_DRAG);
  int selected = find (fixture, "conv1");
  RnRect view;

  g_test_summary ("a press in the minimap's corner moves the view there, and selects nothing");
  rn_canvas_select_layer (fixture->canvas, selected);
  rn_canvas_zoom_at (fixture->canvas, 4, 0, 0);
  rn_canvas_get_view (fixture->canvas, &view);
  g_assert_cmpfloat (view.x + view.width / 2, <, 0.4 * scene->width);
  g_signal_emit_by_name (drag, "drag-begin", width - 20, height - 20);
  g_signal_emit_by_name (drag, "drag-end", 0.0, 0.0);
  rn_canvas_get_view (fixture->canvas, &view);
  g_assert_cmpfloat (view.x + view.width / 2, >, 0.8 * scene->width);
  g_assert_cmpfloat (view.y + view.height / 2, >, 0.8 * scene->height);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, selected);
}

static void
test_still (Fixture *fixture, gconstpointer look)
{
  GtkSettings *settings = gtk_settings_get_default ();
  RnRect whole, view;

  g_test_summary ("where the desktop asks for no motion, things are where they go at once");
  rn_canvas_get_view (fixture->canvas, &whole);
  rn_canvas_zoom_at (fixture->canvas, 2, 0, 0);
  rn_canvas_fit (fixture->canvas);
  rn_canvas_get_view (fixture->canvas, &view);
  g_assert_cmpfloat (view.width, <, 0.6 * whole.width); /* on its way */
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  rn_canvas_zoom_at (fixture->canvas, 2, 0, 0);
  rn_canvas_fit (fixture->canvas);
  rn_canvas_get_view (fixture->canvas, &view);
  g_assert_cmpfloat_with_epsilon (view.width, whole.width, 1e-6);
  rn_canvas_set_level (fixture->canvas, RN_LEVEL_PARTS);
  rn_window_test_wait (is_ready, fixture->canvas);
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
}

static void
walk (Fixture *fixture, RnWalk step)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), "canvas.walk", "i", step));
}

static void
test_walk (Fixture *fixture, gconstpointer look)
{
  const RnBlock *blocks = fixture->structure->blocks;
  RnCanvas *canvas = fixture->canvas;

  g_test_summary ("arrow keys walk the data flow, Enter opens, Escape steps out");
  rn_canvas_select_layer (canvas, find (fixture, "pool1_pad"));
  walk (fixture, RN_WALK_DOWN);
  g_assert_cmpint (rn_canvas_get_selected_layer (canvas), ==, blocks[0].input);
  walk (fixture, RN_WALK_DOWN);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 0);
  walk (fixture, RN_WALK_DOWN);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 1);
  walk (fixture, RN_WALK_UP);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 0);
  walk (fixture, RN_WALK_RIGHT);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 3);
  walk (fixture, RN_WALK_LEFT);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 0);
  walk (fixture, RN_WALK_IN);
  g_assert_cmpint (rn_canvas_get_selected_layer (canvas), ==, blocks[0].branch[0]);
  g_assert_true (rn_canvas_get_block_open (canvas, 0));
  walk (fixture, RN_WALK_RIGHT);
  g_assert_cmpint (rn_canvas_get_selected_layer (canvas), ==, blocks[0].shortcut[0]);
  walk (fixture, RN_WALK_LEFT);
  g_assert_cmpint (rn_canvas_get_selected_layer (canvas), ==, blocks[0].branch[0]);
  walk (fixture, RN_WALK_OUT);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 0);
  walk (fixture, RN_WALK_OUT);
  g_assert_false (rn_canvas_get_block_open (canvas, 0));
  walk (fixture, RN_WALK_OUT);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, -1);
  g_assert_cmpint (rn_canvas_get_selected_part (canvas), ==, 1);
  walk (fixture, RN_WALK_OUT);
  g_assert_false (rn_canvas_get_part_open (canvas, 1));
  walk (fixture, RN_WALK_DOWN);
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 3);
  walk (fixture, RN_WALK_UP);
  g_assert_cmpint (rn_canvas_get_selected_part (canvas), ==, 1);
  walk (fixture, RN_WALK_IN);
  g_assert_true (rn_canvas_get_part_open (canvas, 1));
  g_assert_cmpint (rn_canvas_get_selected_block (canvas), ==, 0);
  walk (fixture, RN_WALK_OUT);
  walk (fixture, RN_WALK_OUT);
  walk (fixture, RN_WALK_OUT);
  g_assert_cmpint (rn_canvas_get_selected_part (canvas), ==, -1);
}

static void
test_levels (Fixture *fixture, gconstpointer look)
{
  RnCanvas *canvas = fixture->canvas;
  int n_parts = rn_structure_get_n_parts (fixture->structure);
  RnScene *scene;

  g_test_summary ("the network closes to parts, to blocks, opens to layers, and takes it back");
  g_assert_cmpint (rn_canvas_get_level (canvas), ==, RN_LEVEL_BLOCKS);
  rn_canvas_set_block_open (canvas, 5, TRUE);
  g_assert_cmpint (rn_canvas_get_level (canvas), ==, RN_LEVEL_MIXED);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (canvas), "canvas.level", "i", RN_LEVEL_PARTS));
  rn_window_test_settle (60); /* another change interrupts the motion */
  rn_canvas_set_part_open (canvas, 2, TRUE);
  rn_window_test_wait (is_ready, canvas);
  scene = rn_canvas_get_scene (canvas);
  for (int p = 0; p < n_parts; p++)
    g_assert_true (scene->parts[p].open == (p == 2));
  g_assert_cmpint (rn_scene_get_place (scene, 0).part, ==, 0);
  rn_canvas_select_part (canvas, 3);
  rn_window_test_settle (50);
  rn_window_test_shoot (GTK_WIDGET (canvas), "canvas-parts");
  click_scene (fixture, scene->parts[3].frame.x + 5, scene->parts[3].frame.y + 5, 2);
  g_assert_true (rn_canvas_get_part_open (canvas, 3));
  rn_canvas_set_level (canvas, RN_LEVEL_LAYERS);
  g_assert_cmpint (rn_canvas_get_level (canvas), ==, RN_LEVEL_LAYERS);
  g_assert_true (rn_canvas_get_block_open (canvas, 0));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (canvas), "canvas.undo", NULL));
  g_assert_true (rn_canvas_get_part_open (canvas, 3));
  g_assert_false (rn_canvas_get_part_open (canvas, 4));
  rn_canvas_undo (canvas);
  g_assert_true (rn_canvas_get_block_open (canvas, 5));
  g_assert_false (rn_canvas_get_block_open (canvas, 4));
  g_assert_cmpint (rn_canvas_get_level (canvas), ==, RN_LEVEL_MIXED);
  g_assert_false (rn_canvas_can_undo (canvas));
  rn_canvas_undo (canvas);
  rn_window_test_wait (is_ready, canvas);
}

static void
test_fold (Fixture *fixture, gconstpointer look)
{
  RnCanvas *canvas = fixture->canvas;
  int conv = fixture->structure->blocks[2].branch[0];
  const RnLayer *layer = rn_model_get_layer (fixture->model, conv);

  g_test_summary ("folded layers are walked past and found at their convolution's box");
  rn_canvas_set_level (canvas, RN_LEVEL_LAYERS);
  rn_canvas_set_fold (canvas, TRUE);
  rn_canvas_set_weigh_edges (canvas, TRUE);
  rn_window_test_wait (is_ready, canvas);
  rn_canvas_select_layer (canvas, conv);
  rn_window_test_settle (50);
  rn_window_test_shoot (GTK_WIDGET (canvas), "canvas-folded");
  walk (fixture, RN_WALK_DOWN);
  g_assert_cmpint (rn_model_get_layer (fixture->model, rn_canvas_get_selected_layer (canvas))->kind,
                   ==, RN_LAYER_CONV);
  walk (fixture, RN_WALK_UP);
  g_assert_cmpint (rn_scene_get_place (rn_canvas_get_scene (canvas),
                                       rn_canvas_get_selected_layer (canvas))
                       .layer,
                   ==, conv);
  rn_canvas_select_layer (canvas, layer->outputs[0]);
  walk (fixture, RN_WALK_DOWN);
  g_assert_cmpint (rn_model_get_layer (fixture->model, rn_canvas_get_selected_layer (canvas))->kind,
                   ==, RN_LAYER_CONV);
}

static void
test_history (Fixture *fixture, gconstpointer look)
{
  GtkWidget *canvas = GTK_WIDGET (fixture->canvas);

  g_test_summary ("back and forward lead through what was selected");
  g_assert_false (rn_canvas_can_go (fixture->canvas, -1));
  rn_canvas_select_layer (fixture->canvas, 3);
  rn_canvas_select_block (fixture->canvas, 4);
  rn_canvas_select_layer (fixture->canvas, 7);
  g_assert_true (gtk_widget_activate_action (canvas, "canvas.go", "i", -1));
  g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, 4);
  rn_canvas_go (fixture->canvas, -1);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, 3);
  rn_canvas_go (fixture->canvas, -1);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, 3);
  rn_canvas_go (fixture->canvas, 1);
  g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, 4);
  rn_canvas_select_layer (fixture->canvas, 9);
  g_assert_false (rn_canvas_can_go (fixture->canvas, 1));
  rn_canvas_select_layer (fixture->canvas, -1);
  rn_canvas_go (fixture->canvas, -1);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, 9);
}

static void
test_neighbours (Fixture *fixture, gconstpointer look)
{
  const RnBlock *blocks = fixture->structure->blocks;
  int conv1 = find (fixture, "conv1");

  g_test_summary ("what is selected stands out with what feeds it and what it feeds, nothing else");
  g_assert_true (rn_canvas_stands_out (fixture->canvas, conv1));
  rn_canvas_select_layer (fixture->canvas, conv1);
  g_assert_true (rn_canvas_stands_out (fixture->canvas, conv1));
  g_assert_true (rn_canvas_stands_out (fixture->canvas, find (fixture, "conv1_pad")));
  g_assert_true (rn_canvas_stands_out (fixture->canvas, find (fixture, "bn_conv1")));
  g_assert_false (rn_canvas_stands_out (fixture->canvas, find (fixture, "activation_1")));

  rn_canvas_select_block (fixture->canvas, 4);
  for (int b = 0; b < 16; b++)
    g_assert_true (rn_canvas_stands_out (fixture->canvas, blocks[b].add) == (b >= 3 && b <= 5));
  rn_window_test_settle (50);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-neighbours");
  rn_canvas_set_block_open (fixture->canvas, 5, TRUE);
  rn_window_test_wait (is_ready, fixture->canvas);
  g_assert_true (rn_canvas_stands_out (fixture->canvas, blocks[5].branch[0]));
  g_assert_false (rn_canvas_stands_out (fixture->canvas, blocks[5].branch[1]));

  rn_canvas_set_level (fixture->canvas, RN_LEVEL_PARTS);
  rn_window_test_wait (is_ready, fixture->canvas);
  rn_canvas_select_part (fixture->canvas, 2);
  g_assert_true (rn_canvas_stands_out (fixture->canvas, blocks[0].add));
  g_assert_false (rn_canvas_stands_out (fixture->canvas, conv1));
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer count)
{
  ++*(int *)count;
}

static void
test_notify (Fixture *fixture, gconstpointer look)
{
  int n = 0;

  g_test_summary ("a selection is told once, and not again when it is the same");
  g_signal_connect (fixture->canvas, "notify::selected-layer", G_CALLBACK (count_notify), &n);
  rn_canvas_select_layer (fixture->canvas, 5);
  rn_canvas_select_layer (fixture->canvas, 5);
  g_assert_cmpint (n, ==, 1);
  rn_canvas_select_block (fixture->canvas, 2);
  g_assert_cmpint (n, ==, 2);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, -1);
  rn_canvas_select_layer (fixture->canvas, 100000);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, -1);
}

static GdkTexture *
make_texture (guint32 color)
{
  guint32 pixels[64];
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < 64; i++)
    pixels[i] = color;
  bytes = g_bytes_new (pixels, sizeof pixels);

  return gdk_memory_texture_new (8, 8, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, 32);
}

static void
test_run (Fixture *fixture, gconstpointer look)
{
  int n = rn_model_get_n_layers (fixture->model);

  g_test_summary ("a run lights layers up one after another, each with its picture");
  rn_canvas_begin_run (fixture->canvas);
  for (int i = 0; i < n / 2; i++)
    {
      g_autoptr (GdkTexture) texture = make_texture (0xff000000 | i * 0x00010203);

      rn_canvas_set_layer_done (fixture->canvas, i, TRUE);
      rn_canvas_set_thumbnail (fixture->canvas, i, texture);
    }
  rn_window_test_settle (30);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-run");
  for (int i = n / 2; i < n; i++)
    rn_canvas_set_layer_done (fixture->canvas, i, TRUE);
  rn_canvas_end_run (fixture->canvas);
  rn_canvas_set_layer_done (fixture->canvas, n, TRUE);
  rn_canvas_set_thumbnail (fixture->canvas, -1, NULL);
  rn_window_test_settle (30);
}

static void
test_plot (Fixture *fixture, gconstpointer look)
{
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  const RnBlock *block = &fixture->structure->blocks[1];
  const RnRect *frame = &scene->blocks[1].frame;
  const RnRect *box = &scene->layers[3].bounds;
  int n_edges = 0;

  g_test_summary ("plot_model's look: every layer, frames around blocks, clicks as everywhere");
  for (int i = 0; i < scene->n_layers; i++)
    g_assert_true (scene->layers[i].visible);
  click_scene (fixture, box->x + box->width / 2, box->y + box->height / 2, 1);
  g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, 3);
  click_scene (fixture, frame->x + 3, frame->y + 3, 1);
  g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, 1);
  for (int i = 0; i < scene->n_edges; i++)
    if (scene->edges[i].from == block->input && scene->edges[i].to == block->add)
      {
        const RnPoint *middle = &scene->edges[i].points[(gint64) scene->edges[i].n_points / 6 * 3];

        n_edges++;
        g_assert_cmpint (scene->edges[i].kind, ==, RN_EDGE_IDENTITY);
        rn_canvas_select_block (fixture->canvas, -1);
        click_scene (fixture, middle->x, middle->y, 1);
        g_assert_cmpint (rn_canvas_get_selected_block (fixture->canvas), ==, 1);
      }
  g_assert_cmpint (n_edges, ==, 1);
  rn_canvas_reveal_selection (fixture->canvas);
  rn_window_test_settle (400);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), GPOINTER_TO_INT (look) == RN_LOOK_KERAS2
                                                          ? "canvas-keras2"
                                                          : "canvas-keras3");
}

/* How far down a column of the surface dark pixels reach from @top, as a part of @height. */
static double
measure_ink (cairo_surface_t *surface, int x, int top, int height)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface), last = 0;

  for (int y = 0; y <= height; y++)
    if (data[(top + y) * stride + 4 * x] < 100)
      last = y;

  return last / (double)height;
}

static void
test_far_down (Fixture *fixture, gconstpointer look)
{
  RnScene *scene = rn_canvas_get_scene (fixture->canvas);
  const RnRect *box = &scene->layers[find (fixture, "fc1000")].bounds;
  cairo_surface_t *surface;
  double x, y;

  g_test_summary ("the last box of a long plot is drawn where it stands, and whole, at any zoom");
  rn_canvas_zoom_at (fixture->canvas, 0.63 / rn_canvas_get_zoom (fixture->canvas), 0, 0);
  to_widget (fixture, box->x, box->y, &x, &y);
  rn_canvas_pan (fixture->canvas, 200 - x, 300 - y);
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-far-down");
  surface = rn_window_test_draw (GTK_WIDGET (fixture->canvas));
  /* its left border, from top to bottom */
  g_assert_cmpfloat (measure_ink (surface, 201, 300, 0.63 * box->height), >, 0.9);
  cairo_surface_destroy (surface);
}

static void
test_change (Fixture *fixture, gconstpointer look)
{
  g_autoptr (RnModel) other = build ("resnet18");

  g_test_summary ("another model or look replaces what is shown, whatever is under way");
  for (int i = 0; i < 4; i++)
    {
      rn_canvas_set_look (fixture->canvas, i % RN_N_LOOKS);
      rn_canvas_select_layer (fixture->canvas, 10);
      rn_canvas_set_model (fixture->canvas, i % 2 == 0 ? other : fixture->model);
      g_assert_cmpint (rn_canvas_get_selected_layer (fixture->canvas), ==, -1);
      rn_canvas_set_layer_done (fixture->canvas, 10, TRUE);
      rn_window_test_settle (5);
    }
  rn_canvas_set_model (fixture->canvas, other);
  rn_window_test_wait (is_ready, fixture->canvas);
  g_assert_true (rn_canvas_get_scene (fixture->canvas)->model == other);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-resnet18");
  rn_canvas_set_model (fixture->canvas, NULL);
  rn_window_test_settle (20);
  g_assert_null (rn_canvas_get_scene (fixture->canvas));
}

static void
test_dark (Fixture *fixture, gconstpointer look)
{
  GtkSettings *settings = gtk_settings_get_default ();

  g_test_summary ("the dark theme is followed at once");
  g_object_set (settings, "gtk-application-prefer-dark-theme", TRUE, NULL);
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (fixture->canvas), "canvas-dark");
  g_object_set (settings, "gtk-application-prefer-dark-theme", FALSE, NULL);
}

#define ADD(name, look, func)                                                                      \
  g_test_add (name, Fixture, GINT_TO_POINTER (look), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("/canvas/fit", RN_LOOK_BLOCKS, test_fit);
  ADD ("/canvas/click", RN_LOOK_BLOCKS, test_click);
  ADD ("/canvas/open", RN_LOOK_BLOCKS, test_open);
  ADD ("/canvas/zoom", RN_LOOK_BLOCKS, test_zoom);
  ADD ("/canvas/reveal", RN_LOOK_BLOCKS, test_reveal);
  ADD ("/canvas/toggle", RN_LOOK_BLOCKS, test_toggle);
  ADD ("/canvas/minimap", RN_LOOK_BLOCKS, test_minimap);
  ADD ("/canvas/still", RN_LOOK_BLOCKS, test_still);
  ADD ("/canvas/walk", RN_LOOK_BLOCKS, test_walk);
  ADD ("/canvas/levels", RN_LOOK_BLOCKS, test_levels);
  ADD ("/canvas/fold", RN_LOOK_BLOCKS, test_fold);
  ADD ("/canvas/history", RN_LOOK_BLOCKS, test_history);
  ADD ("/canvas/neighbours", RN_LOOK_BLOCKS, test_neighbours);
  ADD ("/canvas/notify", RN_LOOK_BLOCKS, test_notify);
  ADD ("/canvas/run", RN_LOOK_BLOCKS, test_run);
  ADD ("/canvas/keras2", RN_LOOK_KERAS2, test_plot);
  ADD ("/canvas/keras3", RN_LOOK_KERAS3, test_plot);
  ADD ("/canvas/far-down", RN_LOOK_KERAS3, test_far_down);
  ADD ("/canvas/change", RN_LOOK_BLOCKS, test_change);
  ADD ("/canvas/dark", RN_LOOK_BLOCKS, test_dark);

  return g_test_run ();
}
