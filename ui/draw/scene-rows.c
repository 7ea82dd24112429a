/* The things that stand in the columns of the Blocks look: layers, blocks and closed parts. */
#include "ui/draw/scene-builder.h"
#include "ui/draw/scene-metrics.h"
#include "ui/draw/scene-path.h"
#include "ui/draw/scene-private.h"

#include <math.h>

static RnRect
row_rect (const RnLayer *layer, double centre, double y, double width)
{
  double height = rn_scene_is_major (layer) ? RN_MAJOR_HEIGHT : RN_MINOR_HEIGHT;

  return (RnRect){ centre - width / 2, y, width, height };
}

static void
place_layer (RnSceneBuilder *b, int index, RnRect bounds)
{
  RnSceneLayer *layer = &b->scene->layers[index];
  double side = MIN (bounds.height - 6, 26);

  layer->bounds = bounds;
  layer->visible = TRUE;
  layer->thumbnail = (RnRect){ bounds.x + bounds.width - side - 3,
                               bounds.y + (bounds.height - side) / 2, side, side };
}

/* Takes the points over. */
void
rn_scene_builder_add_edge (RnSceneBuilder *b, int from, int to, RnEdgeKind kind, int block, gboolean arrow, GArray *points)
{
  RnSceneEdge edge = { from, to, block, kind, arrow, .n_points = points->len };

  edge.points = (RnPoint *)g_array_free (points, FALSE);
  edge.bounds = rn_points_bounds (edge.points, edge.n_points);
  g_array_append_val (b->edges, edge);
}

/* The line from what was placed last to something at @x, @y; round the corner into a new column. */
void
rn_scene_builder_flow_to (RnSceneBuilder *b, int layer, double x, double y)
{
  if (b->last < 0)
    return;
  if (fabs (b->last_spine - x) < 1e-6)
    {
      GArray *points = rn_path_new (x, b->last_y);

      rn_path_line_to (points, x, y);
      rn_scene_builder_add_edge (b, b->last, layer, RN_EDGE_FLOW, -1, TRUE, points);
    }
  else
    {
      double gutter = b->x - RN_COLUMN_GAP / 2;
      const RnPoint way[] = { { b->last_spine, b->last_y }, { b->last_spine, b->last_y + 12 },
                              { gutter, b->last_y + 12 },   { gutter, RN_HEADER_HEIGHT + 2 },
                              { x, RN_HEADER_HEIGHT + 2 },  { x, y } };

      rn_scene_builder_add_edge (b, b->last, layer, RN_EDGE_FLOW, -1, TRUE, rn_path_route (way, G_N_ELEMENTS (way)));
    }
}

void
rn_scene_builder_flow_from (RnSceneBuilder *b, int layer, double y)
{
  b->last = layer;
  b->last_spine = b->spine;
  b->last_y = y;
}

/* The shortcut beside a closed block: from the line above to the plus sign below. */
static void
add_arc (RnSceneBuilder *b, int index, double top)
{
  const RnBlock *block = &b->structure->blocks[index];
  const RnSceneBlock *result = &b->scene->blocks[index];
  double right = result->frame.x + result->frame.width + RN_ARC_WIDTH;
  double end = result->sum.y, middle = (top + end) / 2;
  RnEdgeKind kind = block->kind == RN_SHORTCUT_IDENTITY ? RN_EDGE_IDENTITY : RN_EDGE_PROJECTION;
  GArray *points = rn_path_new (b->spine, top);

  rn_path_add (points, b->spine + 0.62 * (right - b->spine), top);
  rn_path_add (points, right, top + 0.1 * (end - top));
  rn_path_add (points, right, middle);
  rn_path_add (points, right, end - 0.1 * (end - top));
  rn_path_add (points, b->spine + 0.62 * (right - b->spine), end);
  rn_path_add (points, b->spine + RN_SUM_RADIUS, end);
  rn_scene_builder_add_edge (b, block->n_shortcut > 0 ? block->shortcut[0] : block->input, block->add, kind, index,
            TRUE, points);
}

static void
place_closed_block (RnSceneBuilder *b, int index)
{
  const RnBlock *block = &b->structure->blocks[index];
  RnSceneBlock *result = &b->scene->blocks[index];
  double top = b->y + RN_BRANCH_OFF, card = b->y + RN_BLOCK_LEAD;
  double side = rn_scene_thumbnail_side (rn_model_get_layer (b->scene->model, block->output));
  double left = b->spine - RN_ROW_WIDTH / 2, centre = RN_THUMBNAIL / 2;

  result->visible = TRUE;
  result->frame = (RnRect){ left, card, RN_ROW_WIDTH, RN_CARD_HEIGHT };
  result->header = (RnRect){ left, card, RN_ROW_WIDTH, RN_CARD_HEADER };
  result->sum = (RnPoint){ b->spine, card + RN_CARD_HEIGHT + RN_SUM_RADIUS + 4 };
  result->thumbnail = (RnRect){ left + 6 + centre - side / 2,
                                card + RN_CARD_HEADER + centre - side / 2, side, side };
  rn_scene_builder_flow_to (b, block->n_branch > 0 ? block->branch[0] : block->add, b->spine, card);
  add_arc (b, index, top);
  b->y = result->sum.y + RN_SUM_RADIUS;
  rn_scene_builder_flow_from (b, block->output, b->y);
  b->column_width = MAX (b->column_width, left + RN_ROW_WIDTH + RN_ARC_WIDTH - b->x);
}

/* Rows of layers below each other, with lines between them; those folded into another have no row.
 * Returns their lower end. */
static double
stack_layers (RnSceneBuilder *b,
              const int *layers,
              int n,
              double centre,
              double y,
              RnEdgeKind kind,
              int block)
{
  int before = -1;

  for (int i = 0; i < n; i++)
    {
      const RnLayer *layer = rn_model_get_layer (b->scene->model, layers[i]);
      RnRect bounds = row_rect (layer, centre, y, RN_OPEN_WIDTH);

      if (b->scene->layers[layers[i]].host != layers[i])
        continue;
      place_layer (b, layers[i], bounds);
      if (before >= 0)
        {
          GArray *points = rn_path_new (centre, y - RN_ROW_GAP);

          rn_path_line_to (points, centre, y);
          rn_scene_builder_add_edge (b, before, layers[i], kind, block, TRUE, points);
        }
      before = rn_scene_get_fold_end (b->scene, layers[i]);
      y += bounds.height + RN_ROW_GAP;
    }

  return n > 0 ? y - RN_ROW_GAP : y;
}

static double
measure_layers (const RnSceneBuilder *b, const int *layers, int n)
{
  double height = -RN_ROW_GAP;

  for (int i = 0; i < n; i++)
    if (b->scene->layers[layers[i]].host == layers[i])
      height += row_rect (rn_model_get_layer (b->scene->model, layers[i]), 0, 0, 0).height +
                RN_ROW_GAP;

  return height;
}

/* The shortcut of an open block: down on the right side, through its layers where it has some. */
static void
place_open_shortcut (RnSceneBuilder *b, int index, double top, double body, double end)
{
  const RnBlock *block = &b->structure->blocks[index];
  double x = b->spine + RN_OPEN_WIDTH / 2 + RN_SHORTCUT_GAP;
  RnSceneLayer *add = &b->scene->layers[block->add];
  double sum_y = add->bounds.y + add->bounds.height / 2;
  double sum_x = add->bounds.x + add->bounds.width;

  if (block->n_shortcut == 0)
    {
      const RnPoint way[] = { { b->spine, top }, { x, top }, { x, sum_y }, { sum_x, sum_y } };

      rn_scene_builder_add_edge (b, block->input, block->add, RN_EDGE_IDENTITY, index, TRUE, rn_path_route (way, 4));
      return;
    }
  else
    {
      double centre = x + RN_OPEN_WIDTH / 2;
      double height = measure_layers (b, block->shortcut, block->n_shortcut);
      double first = body + MAX (0, (end - body - height) / 2), last;
      const RnPoint in[] = { { b->spine, top }, { centre, top }, { centre, first } };
      RnPoint out[3];

      last = stack_layers (b, block->shortcut, block->n_shortcut, centre, first, RN_EDGE_PROJECTION,
                           index);
      out[0] = (RnPoint){ centre, last };
      out[1] = (RnPoint){ centre, sum_y };
      out[2] = (RnPoint){ sum_x, sum_y };
      rn_scene_builder_add_edge (b, block->input, block->shortcut[0], RN_EDGE_PROJECTION, index, TRUE,
                rn_path_route (in, 3));
      rn_scene_builder_add_edge (b, block->shortcut[block->n_shortcut - 1], block->add, RN_EDGE_PROJECTION, index,
                TRUE, rn_path_route (out, 3));
    }
}

static void
add_line (RnSceneBuilder *b, int from, int to, double y0, double y1)
{
  GArray *points = rn_path_new (b->spine, y0);

  rn_path_line_to (points, b->spine, y1);
  rn_scene_builder_add_edge (b, from, to, RN_EDGE_FLOW, -1, TRUE, points);
}

static void
place_open_block (RnSceneBuilder *b, int index)
{
  const RnBlock *block = &b->structure->blocks[index];
  const RnLayer *output = rn_model_get_layer (b->scene->model, block->output);
  RnSceneBlock *result = &b->scene->blocks[index];
  double frame = b->y + RN_BLOCK_LEAD, body = frame + RN_CARD_HEADER + RN_BRANCH_OFF;
  double top = body - RN_BRANCH_OFF / 2;
  double spine = b->spine, left = spine - RN_OPEN_WIDTH / 2 - RN_FRAME_PADDING;
  double end, y, width;

  rn_scene_builder_flow_to (b, block->n_branch > 0 ? block->branch[0] : block->add, spine, body);
  end = stack_layers (b, block->branch, block->n_branch, spine, body, RN_EDGE_FLOW, -1);
  y = end + RN_ROW_GAP;
  place_layer (b, block->add, (RnRect){ spine - RN_PLUS / 2, y, RN_PLUS, RN_PLUS });
  b->scene->layers[block->add].thumbnail
      = (RnRect){ spine - 3 * RN_PLUS / 2 - RN_ROW_GAP / 2, y, RN_PLUS, RN_PLUS };
  if (block->n_branch > 0)
    add_line (b, block->branch[block->n_branch - 1], block->add, end, y);
  place_open_shortcut (b, index, top, body, end);
  y += RN_PLUS;
  if (block->output != block->add)
    {
      add_line (b, block->add, block->output, y, y + RN_ROW_GAP);
      y += RN_ROW_GAP;
      place_layer (b, block->output, row_rect (output, spine, y, RN_OPEN_WIDTH));
      y += b->scene->layers[block->output].bounds.height;
    }
  width = 2 * RN_FRAME_PADDING + RN_OPEN_WIDTH + RN_SHORTCUT_GAP +
          (block->n_shortcut > 0 ? RN_OPEN_WIDTH : 0);
  result->visible = TRUE;
  result->open = TRUE;
  result->frame = (RnRect){ left, frame, width, y + RN_FRAME_PADDING - frame };
  result->header = (RnRect){ left, frame, width, RN_CARD_HEADER };
  result->sum = (RnPoint){ spine, b->scene->layers[block->add].bounds.y + RN_PLUS / 2 };
  b->y = y + RN_FRAME_PADDING;
  rn_scene_builder_flow_from (b, block->output, y);
  b->column_width = MAX (b->column_width, left + width - b->x);
}

/* A layer that stands in no block. */
void
rn_scene_builder_place_layer (RnSceneBuilder *b, int index)
{
  const RnLayer *layer = rn_model_get_layer (b->scene->model, index);
  double y = b->y + RN_ROW_GAP + 4;

  place_layer (b, index, row_rect (layer, b->spine, y, RN_ROW_WIDTH));
  if (layer->n_inputs > 0)
    rn_scene_builder_flow_to (b, index, b->spine, y);
  b->y = y + b->scene->layers[index].bounds.height;
  rn_scene_builder_flow_from (b, rn_scene_get_fold_end (b->scene, index), b->y);
  b->column_width = MAX (b->column_width, b->spine + RN_ROW_WIDTH / 2 - b->x);
}

/* A block with its layers, or as one. */
void
rn_scene_builder_place_block (RnSceneBuilder *b, int index)
{
  if (b->levels->open_blocks != NULL && b->levels->open_blocks[index])
    place_open_block (b, index);
  else
    place_closed_block (b, index);
}

/* The shortcuts of a closed part: beside its card, one below the other. */
static void
add_part_arcs (RnSceneBuilder *b, const RnStage *stage, const RnRect *card)
{
  double right = card->x + card->width, step = card->height / stage->n_blocks;

  for (int i = 0; i < stage->n_blocks; i++)
    {
      int index = stage->first_block + i;
      const RnBlock *block = &b->structure->blocks[index];
      RnEdgeKind kind =
          block->kind == RN_SHORTCUT_IDENTITY ? RN_EDGE_IDENTITY : RN_EDGE_PROJECTION;
      double top = card->y + (i + 0.12) * step, end = card->y + (i + 0.88) * step;
      GArray *points = rn_path_new (right, top);

      rn_path_add (points, right + RN_ARC_WIDTH * 0.9, top);
      rn_path_add (points, right + RN_ARC_WIDTH * 0.9, end);
      rn_path_add (points, right, end);
      rn_scene_builder_add_edge (b, block->n_shortcut > 0 ? block->shortcut[0] : block->input,
                                 block->add, kind, index, FALSE, points);
    }
}

/* A part of the network as one card. */
void
rn_scene_builder_place_part (RnSceneBuilder *b, int index)
{
  RnScenePart *part = &b->scene->parts[index];
  const RnLayer *output = rn_model_get_layer (b->scene->model, part->last);
  double y = b->y + RN_BLOCK_LEAD, left = b->spine - RN_ROW_WIDTH / 2;
  double side = rn_scene_thumbnail_side (output);

  part->open = FALSE;
  part->frame = (RnRect){ left, y, RN_ROW_WIDTH, RN_PART_HEIGHT };
  part->thumbnail = (RnRect){ left + 6 + (RN_THUMBNAIL - side) / 2,
                              y + 8 + (RN_THUMBNAIL - side) / 2, side, side };
  rn_scene_builder_flow_to (b, part->first, b->spine, y);
  if (index > 0 && index <= b->structure->n_stages)
    add_part_arcs (b, &b->structure->stages[index - 1], &part->frame);
  b->y = y + RN_PART_HEIGHT;
  rn_scene_builder_flow_from (b, part->last, b->y);
  b->column_width = MAX (b->column_width, left + RN_ROW_WIDTH + RN_ARC_WIDTH - b->x);
}
