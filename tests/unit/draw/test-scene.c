#include "ui/draw/scene.h"

#include "engine/model/catalog.h"
#include "engine/model/net.h"

static RnModel *
build (const char *id)
{
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, &error);

  g_assert_no_error (error);

  return model;
}

/* A chain of many layers without a block, and a connection past some of them. */
static RnModel *
build_plain (int n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("plain", "Plain");
  RnNet net = { builder, TRUE, 1e-3f };
  const char *x = rn_net_input (&net, "in", 8, 3);
  RnModel *model;

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("conv_%d", i);

      x = rn_net_conv (&net, name, 4, 3, 1, RN_PADDING_SAME, x);
    }
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

static gboolean *
all (const RnModel *model, gboolean open)
{
  int n = rn_model_get_structure (model)->n_blocks;
  gboolean *states = g_new (gboolean, n + 1);

  for (int i = 0; i < n; i++)
    states[i] = open;

  return states;
}

/* The Blocks look with these blocks open. */
static RnScene *
blocks (RnModel *model, const gboolean *open)
{
  const RnSceneLevels levels = { .open_blocks = open };

  return rn_scene_new_blocks (model, &levels);
}

static gboolean
has_edge (const RnScene *scene, int from, int to)
{
  for (int i = 0; i < scene->n_edges; i++)
    if (scene->edges[i].from == from && scene->edges[i].to == to)
      return TRUE;

  return FALSE;
}

static void
check_inside (const RnScene *scene, const RnRect *rect)
{
  g_assert_cmpfloat (rect->width, >, 0);
  g_assert_cmpfloat (rect->height, >, 0);
  g_assert_cmpfloat (rect->x, >=, 0);
  g_assert_cmpfloat (rect->y, >=, 0);
  g_assert_cmpfloat (rect->x + rect->width, <=, scene->width);
  g_assert_cmpfloat (rect->y + rect->height, <=, scene->height);
}

static void
test_open (gconstpointer id)
{
  g_autoptr (RnModel) model = build (id);
  g_autofree gboolean *open = all (model, TRUE);
  g_autoptr (RnScene) scene = blocks (model, open);

  g_test_summary ("opened, every layer and connection of a model is there; nothing overlaps");
  for (int i = 0; i < scene->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      g_assert_true (scene->layers[i].visible);
      check_inside (scene, &scene->layers[i].bounds);
      for (int k = 0; k < i; k++)
        g_assert_false (rn_rect_intersects (&scene->layers[i].bounds, &scene->layers[k].bounds));
      for (int k = 0; k < layer->n_inputs; k++)
        g_assert_true (has_edge (scene, layer->inputs[k], i));
    }
  for (int i = 0; i < scene->n_edges; i++)
    g_assert_cmpint (scene->edges[i].n_points % 3, ==, 1);
}

static void
test_closed (gconstpointer id)
{
  g_autoptr (RnModel) model = build (id);
  const RnStructure *structure = rn_model_get_structure (model);
  g_autofree gboolean *open = all (model, FALSE);
  g_autoptr (RnScene) scene = blocks (model, open);

  g_test_summary ("closed, a block hides its layers and keeps its shortcut, marked as what it is");
  for (int i = 0; i < scene->n_layers; i++)
    g_assert_true (scene->layers[i].visible == (structure->block_of[i] < 0));
  g_assert_cmpint (scene->n_columns, ==, structure->n_stages + 2);
  for (int b = 0; b < scene->n_blocks; b++)
    {
      const RnSceneBlock *place = &scene->blocks[b];
      int n_arcs = 0;

      check_inside (scene, &place->frame);
      g_assert_cmpint (rn_scene_find_block (scene, place->frame.x + 2, place->frame.y + 2), ==, b);
      for (int i = 0; i < scene->n_edges; i++)
        if (scene->edges[i].block == b)
          {
            const RnPoint *middle = &scene->edges[i].points[3];
            int hit = rn_scene_find_edge (scene, middle->x + 1, middle->y, 3);

            n_arcs++;
            g_assert_cmpint (scene->edges[i].kind, ==,
                             structure->blocks[b].kind == RN_SHORTCUT_IDENTITY
                                 ? RN_EDGE_IDENTITY
                                 : RN_EDGE_PROJECTION);
            g_assert_cmpint (hit, ==, i);
          }
      g_assert_cmpint (n_arcs, ==, 1);
    }
}

static void
test_parts (gconstpointer id)
{
  g_autoptr (RnModel) model = build (id);
  const RnStructure *structure = rn_model_get_structure (model);
  int n_parts = rn_structure_get_n_parts (structure);
  g_autofree gboolean *closed = g_new (gboolean, n_parts);
  RnSceneLevels levels = { .closed_parts = closed };
  g_autoptr (RnScene) scene = NULL;

  g_test_summary ("a closed part is one card that stands for its layers and keeps its shortcuts");
  for (int p = 0; p < n_parts; p++)
    closed[p] = p != 2;
  scene = rn_scene_new_blocks (model, &levels);
  for (int p = 0; p < n_parts; p++)
    {
      const RnRect *frame = &scene->parts[p].frame;

      g_assert_true (scene->parts[p].open == !closed[p]);
      check_inside (scene, frame);
      g_assert_cmpint (rn_scene_find_part (scene, frame->x + 1, frame->y + 1), ==, p);
    }
  for (int i = 0; i < scene->n_layers; i++)
    {
      RnScenePlace place = rn_scene_get_place (scene, i);
      int part = rn_structure_find_part (structure, i);

      if (closed[part])
        g_assert_cmpint (place.part, ==, part);
      else
        g_assert_cmpint (place.block, ==, structure->block_of[i]);
    }
  for (int b = 0; b < scene->n_blocks; b++)
    {
      int n_arcs = 0;

      for (int i = 0; i < scene->n_edges; i++)
        n_arcs += scene->edges[i].block == b;
      g_assert_cmpint (n_arcs, ==, 1);
    }
  for (int i = 0; i < scene->n_edges; i++)
    g_assert_cmpint (scene->edges[i].n_points % 3, ==, 1);
}

static void
test_fold (gconstpointer id)
{
  g_autoptr (RnModel) model = build (id);
  g_autofree gboolean *open = all (model, TRUE);
  RnSceneLevels levels = { .open_blocks = open, .fold = TRUE };
  g_autoptr (RnScene) scene = rn_scene_new_blocks (model, &levels);

  g_test_summary ("folded, batch norm and ReLU stand in their convolution's box, and nothing is cut");
  for (int i = 0; i < scene->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      int host = scene->layers[i].host, from = host;

      g_assert_true (scene->layers[i].visible == (host == i));
      g_assert_cmpint (rn_scene_get_place (scene, i).layer, ==, host);
      /* In a ResNet of the first version every batch norm follows a convolution. */
      g_assert_true (layer->kind != RN_LAYER_BATCH_NORM || host != i);
      while (from != i)
        {
          g_assert_cmpint (rn_model_get_layer (model, from)->n_outputs, ==, 1);
          from = rn_model_get_layer (model, from)->outputs[0];
        }
      for (int k = 0; k < layer->n_inputs; k++)
        g_assert_true (scene->layers[layer->inputs[k]].host == host
                       || has_edge (scene, layer->inputs[k], i));
    }
}

static void
test_plain (void)
{
  g_autoptr (RnModel) model = build_plain (60);
  g_autofree gboolean *open = all (model, FALSE);
  g_autoptr (RnScene) scene = blocks (model, open);

  g_test_summary ("a long network without blocks goes on in further columns");
  g_assert_cmpint (scene->n_columns, >, 1);
  for (int i = 0; i < scene->n_layers; i++)
    {
      RnRect box = scene->layers[i].bounds;

      check_inside (scene, &box);
      g_assert_cmpint (rn_scene_find_layer (scene, box.x + 1, box.y + 1), ==, i);
    }
  g_assert_cmpint (rn_scene_find_layer (scene, -5, -5), ==, -1);
}

static void
test_motion (void)
{
  g_autoptr (RnModel) model = build ("resnet50");
  g_autofree gboolean *closed = all (model, FALSE);
  g_autofree gboolean *open = all (model, TRUE);
  g_autoptr (RnScene) from = blocks (model, closed);
  g_autoptr (RnScene) to = blocks (model, open);
  g_autoptr (RnScene) start = rn_scene_interpolate (from, to, 0);
  g_autoptr (RnScene) half = rn_scene_interpolate (from, to, 0.5);
  g_autoptr (RnScene) end = rn_scene_interpolate (from, to, 1);

  g_test_summary ("motion begins at one scene and ends at the other");
  g_assert_cmpfloat (start->width, ==, from->width);
  g_assert_cmpfloat (end->width, ==, to->width);
  g_assert_cmpfloat_with_epsilon (half->width, (from->width + to->width) / 2, 1e-6);
  for (int i = 0; i < end->n_layers; i++)
    {
      g_assert_cmpfloat (end->layers[i].bounds.x, ==, to->layers[i].bounds.x);
      if (from->layers[i].visible)
        g_assert_cmpfloat (start->layers[i].bounds.y, ==, from->layers[i].bounds.y);
    }
}

static void
test_plot (void)
{
  g_autoptr (RnModel) model = build ("resnet18");
  const RnStructure *structure = rn_model_get_structure (model);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnScene) scene = rn_scene_new_plot (model, RN_LOOK_KERAS2, &error);

  g_test_summary ("plot_model's picture has a frame around each block, apart from the others");
  g_assert_no_error (error);
  for (int b = 0; b < scene->n_blocks; b++)
    {
      const RnBlock *block = &structure->blocks[b];

      for (int i = 0; i < block->n_layers; i++)
        {
          RnRect box = scene->layers[block->layers[i]].bounds;
          RnRect both = rn_rect_union (&box, &scene->blocks[b].frame);

          g_assert_cmpfloat (both.width, ==, scene->blocks[b].frame.width);
          g_assert_cmpfloat (both.height, ==, scene->blocks[b].frame.height);
        }
      for (int k = 0; k < b; k++)
        g_assert_false (rn_rect_intersects (&scene->blocks[b].frame, &scene->blocks[k].frame));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/scene/open/resnet50", "resnet50", test_open);
  g_test_add_data_func ("/scene/open/resnet18", "resnet18", test_open);
  g_test_add_data_func ("/scene/closed/resnet50", "resnet50", test_closed);
  g_test_add_data_func ("/scene/closed/resnet18", "resnet18", test_closed);
  g_test_add_data_func ("/scene/parts/resnet50", "resnet50", test_parts);
  g_test_add_data_func ("/scene/parts/resnet20", "resnet20", test_parts);
  g_test_add_data_func ("/scene/fold/resnet50", "resnet50", test_fold);
  g_test_add_data_func ("/scene/fold/resnet18", "resnet18", test_fold);
  g_test_add_func ("/scene/plain", test_plain);
  g_test_add_func ("/scene/motion", test_motion);
  g_test_add_func ("/scene/plot", test_plot);

  return g_test_run ();
}
