/* Draws the canvas: what is in sight, as finely as can be seen. */
#include "ui/canvas/canvas-frame.h"

#include <math.h>

#include "ui/canvas/canvas-edits.h"
#include "ui/canvas/canvas-text.h"
#include "ui/canvas/texture-node.h"

/* Text smaller than this on screen says nothing and costs most. While the zoom changes every glyph
 * has to be made anew, and only what is easy to read is worth that. */
#define LEGIBLE 3.8
#define LEGIBLE_ZOOMING 7.0
#define ZOOMING_US G_GINT64_CONSTANT (120000)

static void
clear_nodes (GskRenderNode **nodes, int n)
{
  for (int i = 0; i < n; i++)
    g_clear_pointer (&nodes[i], gsk_render_node_unref);
}

/* After the edges have moved. */
void
rn_canvas_drop_edge_nodes (RnCanvas *self)
{
  clear_nodes (self->edge_nodes, self->n_edges);
  clear_nodes (self->arrow_nodes, self->n_edges);
  g_clear_pointer (&self->edge_nodes, g_free);
  g_clear_pointer (&self->arrow_nodes, g_free);
  self->n_edges = 0;
  g_clear_pointer (&self->map_node, gsk_render_node_unref);
}

/* After anything that changes how things look. */
void
rn_canvas_drop_nodes (RnCanvas *self)
{
  clear_nodes (self->layer_nodes, self->n_layers);
  clear_nodes (self->block_nodes, self->n_blocks);
  clear_nodes (self->part_nodes, self->n_parts);
  clear_nodes (self->column_nodes, self->n_columns);
  g_clear_pointer (&self->column_nodes, g_free);
  self->n_columns = 0;
  rn_canvas_drop_edge_nodes (self);
}

gboolean
rn_frame_sees (const RnFrame *frame, const RnRect *rect)
{
  RnRect box = *rect;

  if (frame->whole)
    return TRUE;
  box.width = MAX (box.width, 1);
  box.height = MAX (box.height, 1);

  return rn_rect_intersects (&box, &frame->sight);
}

static graphene_rect_t
to_graphene (const RnRect *rect)
{
  return GRAPHENE_RECT_INIT (rect->x, rect->y, rect->width, rect->height);
}

static void
append_at (const RnFrame *frame, GskRenderNode *node, double x, double y)
{
  if (node == NULL)
    return;
  gtk_snapshot_save (frame->snapshot);
  gtk_snapshot_translate (frame->snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_node (frame->snapshot, node);
  gtk_snapshot_restore (frame->snapshot);
}

void
rn_frame_append_outline (
    const RnFrame *frame, const RnRect *rect, double grow, double width, GdkRGBA color)
{
  double scale = frame->self->view.zoom;
  double thick = width / scale, margin = grow / MAX (scale, 0.5) + thick;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (rect->x - margin, rect->y - margin,
                                               rect->width + 2 * margin, rect->height + 2 * margin);
  const float widths[] = { thick, thick, thick, thick };
  const GdkRGBA colors[] = { color, color, color, color };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, 5);
  gtk_snapshot_append_border (frame->snapshot, &outline, widths, colors);
}

void
rn_frame_append_fill (const RnFrame *frame, const RnRect *rect, GdkRGBA color)
{
  graphene_rect_t bounds = to_graphene (rect);

  gtk_snapshot_append_color (frame->snapshot, &color, &bounds);
}

static void
draw_columns (const RnFrame *frame)
{
  RnCanvas *self = frame->self;

  if (self->column_nodes == NULL)
    {
      self->n_columns = self->scene->n_columns;
      self->column_nodes = g_new0 (GskRenderNode *, self->n_columns + 1);
    }
  for (int i = 0; i < self->n_columns && i < self->shown->n_columns; i++)
    if (rn_frame_sees (frame, &self->shown->columns[i].header))
      {
        if (self->column_nodes[i] == NULL)
          self->column_nodes[i] = rn_canvas_make_column_node (self, i);
        append_at (frame, self->column_nodes[i], self->shown->columns[i].header.x,
                   self->shown->columns[i].header.y);
      }
}

static void
draw_picture (const RnFrame *frame, int layer, const RnRect *place)
{
  RnCanvas *self = frame->self;
  GdkTexture *texture;
  double width, height, scale;

  if (!frame->current)
    return;
  texture = self->thumbnails[layer];
  if (texture == NULL || place->width <= 0 || place->width * self->view.zoom < 3)
    return;
  if (self->thumbnail_nodes[layer] == NULL)
    self->thumbnail_nodes[layer]
        = rn_texture_node_new (GTK_WIDGET (self), texture, &GRAPHENE_RECT_INIT (0, 0, 1, 1));
  width = gdk_texture_get_width (texture);
  height = gdk_texture_get_height (texture);
  scale = MIN (place->width / width, place->height / height);
  width *= scale;
  height *= scale;
  gtk_snapshot_save (frame->snapshot);
  gtk_snapshot_translate (frame->snapshot,
                          &GRAPHENE_POINT_INIT (place->x + (place->width - width) / 2,
                                                place->y + (place->height - height) / 2));
  gtk_snapshot_scale (frame->snapshot, width, height);
  gtk_snapshot_append_node (frame->snapshot, self->thumbnail_nodes[layer]);
  gtk_snapshot_restore (frame->snapshot);
}

static void
draw_open_frame (const RnFrame *frame, int index)
{
  RnCanvas *self = frame->self;
  const RnSceneBlock *place = &self->shown->blocks[index];
  gboolean identity =
      rn_model_get_structure (self->scene->model)->blocks[index].kind == RN_SHORTCUT_IDENTITY;
  GdkRGBA color = identity ? self->palette.identity : self->palette.projection;

  rn_frame_append_fill (frame, &place->frame, rn_color_with_alpha (color, self->palette.dark ? 0.08 : 0.05));
  rn_frame_append_outline (frame, &place->frame, 0, 1, rn_color_with_alpha (color, 0.55));
}

/* A card without its texts. */
static void
append_plain (const RnFrame *frame, const RnRect *rect)
{
  rn_frame_append_fill (frame, rect, frame->self->palette.card);
  rn_frame_append_outline (frame, rect, 0, 1, frame->self->palette.border);
}

static void
draw_block (const RnFrame *frame, int index)
{
  RnCanvas *self = frame->self;
  const RnSceneBlock *place = &self->shown->blocks[index];
  RnRect reach = place->frame;

  reach.height += 20; /* the plus sign */
  if (!place->visible || !rn_frame_sees (frame, &reach))
    return;
  if (place->open)
    draw_open_frame (frame, index);
  if (!frame->fine)
    {
      if (!place->open)
        append_plain (frame, &place->frame);
    }
  else
    {
      if (self->block_nodes[index] == NULL)
        self->block_nodes[index] = rn_canvas_make_block_node (self, index);
      append_at (frame, self->block_nodes[index], place->frame.x, place->frame.y);
    }
  if (!place->open)
    draw_picture (frame, rn_model_get_structure (self->scene->model)->blocks[index].output,
                  &place->thumbnail);
}

static void
draw_part (const RnFrame *frame, int index)
{
  RnCanvas *self = frame->self;
  const RnScenePart *place = &self->shown->parts[index];

  if (place->open || !rn_frame_sees (frame, &place->frame))
    return;
  if (!frame->fine)
    append_plain (frame, &place->frame);
  else
    {
      if (self->part_nodes[index] == NULL)
        self->part_nodes[index] = rn_canvas_make_part_node (self, index);
      append_at (frame, self->part_nodes[index], place->frame.x, place->frame.y);
    }
  draw_picture (frame, place->last, &place->thumbnail);
}

static void
append_and_unref (const RnFrame *frame, GskRenderNode *node)
{
  if (node == NULL)
    return;
  gtk_snapshot_append_node (frame->snapshot, node);
  gsk_render_node_unref (node);
}

static void
append_cached (const RnFrame *frame,
               GskRenderNode **node,
               int edge,
               GskRenderNode *(*make) (RnCanvas *, int, gboolean))
{
  if (*node == NULL)
    *node = make (frame->self, edge, FALSE);
  if (*node != NULL)
    gtk_snapshot_append_node (frame->snapshot, *node);
}

/* Arrowheads of a few pixels are left out: they cost as much as all the rest. */
void
rn_frame_draw_edge (const RnFrame *frame, int index, gboolean strong)
{
  RnCanvas *self = frame->self;
  gboolean arrow = self->shown->edges[index].arrow
                   && (frame->whole || RN_ARROW_SIZE * self->view.zoom >= LEGIBLE);

  if (strong)
    {
      append_and_unref (frame, rn_canvas_make_edge_node (self, index, TRUE));
      if (arrow)
        append_and_unref (frame, rn_canvas_make_arrow_node (self, index, TRUE));
      return;
    }
  if (self->edge_nodes == NULL)
    {
      self->n_edges = self->shown->n_edges;
      self->edge_nodes = g_new0 (GskRenderNode *, self->n_edges + 1);
      self->arrow_nodes = g_new0 (GskRenderNode *, self->n_edges + 1);
    }
  append_cached (frame, &self->edge_nodes[index], index, rn_canvas_make_edge_node);
  if (arrow)
    append_cached (frame, &self->arrow_nodes[index], index, rn_canvas_make_arrow_node);
}

static void
draw_edges (const RnFrame *frame)
{
  const RnScene *scene = frame->self->shown;

  for (int i = 0; i < scene->n_edges; i++)
    if (scene->edges[i].n_points > 0 && rn_frame_sees (frame, &scene->edges[i].bounds))
      rn_frame_draw_edge (frame, i, FALSE);
}

static void
draw_layer (const RnFrame *frame, int index)
{
  RnCanvas *self = frame->self;
  const RnSceneLayer *place = &self->shown->layers[index];
  RnRect reach = rn_rect_union (&place->bounds, &place->thumbnail);

  if (!place->visible || !rn_frame_sees (frame, &reach))
    return;
  if (!frame->fine)
    {
      GdkRGBA color = rn_palette_get_kind_color (
          &self->palette, rn_model_get_layer (self->scene->model, index)->kind);

      rn_frame_append_fill (frame, &place->bounds, self->palette.card);
      rn_frame_append_fill (frame, &place->bounds, rn_color_with_alpha (color, 0.5));
    }
  else
    {
      if (self->layer_nodes[index] == NULL)
        self->layer_nodes[index] = self->shown->plot != NULL
                                       ? rn_canvas_make_plot_node (self, index)
                                       : rn_canvas_make_layer_node (self, index);
      if (self->shown->plot != NULL)
        append_at (frame, self->layer_nodes[index], 0, 0);
      else
        rn_canvas_append_row_box (self, frame->snapshot, index, &place->bounds);
      if (self->shown->plot == NULL)
        append_at (frame, self->layer_nodes[index], place->bounds.x, place->bounds.y);
    }
  draw_picture (frame, rn_scene_get_fold_end (self->shown, index), &place->thumbnail);
}

/* A layer, or what stands for it. */
void
rn_frame_draw_place (const RnFrame *frame, RnScenePlace place)
{
  if (place.layer >= 0)
    draw_layer (frame, place.layer);
  else if (place.block >= 0)
    draw_block (frame, place.block);
  else if (place.part >= 0)
    draw_part (frame, place.part);
}

static void
draw_scene (RnFrame *frame)
{
  RnCanvas *self = frame->self;

  draw_columns (frame);
  for (int i = 0; i < self->shown->n_parts; i++)
    draw_part (frame, i);
  for (int i = 0; i < self->shown->n_blocks; i++)
    draw_block (frame, i);
  draw_edges (frame);
  for (int i = 0; i < self->shown->n_layers; i++)
    draw_layer (frame, i);
  if (frame->current && !frame->whole)
    {
      rn_frame_draw_progress (frame);
      rn_frame_draw_highlights (frame);
      rn_canvas_draw_edits (self, frame->snapshot, &frame->sight);
    }
}

/* The theme may have changed since the last frame. */
static void
follow_theme (RnCanvas *self)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA text;
  gboolean dark;

  gtk_style_context_get_color (style, &text);
  dark = 0.2126 * text.red + 0.7152 * text.green + 0.0722 * text.blue > 0.5;
  if (dark == self->palette.dark && self->palette.card.alpha > 0)
    return;
  rn_palette_init (&self->palette, dark);
  rn_canvas_drop_nodes (self);
}

static gboolean
on_refine (gpointer data)
{
  RnCanvas *self = data;

  self->refine = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

/* What size of text is worth drawing; once zooming has stopped there is another, finer frame. */
static double
find_legible (RnCanvas *self)
{
  gint64 since = g_get_monotonic_time () - self->zoomed_at;

  if (self->zoomed_at == 0 || since >= ZOOMING_US)
    return LEGIBLE;
  if (self->refine == 0)
    self->refine = g_timeout_add ((ZOOMING_US - since) / 1000 + 1, on_refine, self);

  return LEGIBLE_ZOOMING;
}

/* Snapshots the scene as it is seen, without what helps to move in it. */
static void
snapshot_sight (RnFrame *frame, const graphene_rect_t *area)
{
  RnCanvas *self = frame->self;

  gtk_snapshot_append_color (frame->snapshot, &self->palette.background, area);
  if (self->shown == NULL)
    return;
  rn_canvas_get_view (self, &frame->sight);
  frame->now = g_get_monotonic_time ();
  frame->current = rn_canvas_shows_model (self);
  frame->fine |= self->view.zoom * (self->shown->plot != NULL ? 14 : 9) >= find_legible (self);
  gtk_snapshot_push_clip (frame->snapshot, area);
  gtk_snapshot_save (frame->snapshot);
  gtk_snapshot_translate (frame->snapshot, &GRAPHENE_POINT_INIT (self->view.x, self->view.y));
  gtk_snapshot_scale (frame->snapshot, self->view.zoom, self->view.zoom);
  draw_scene (frame);
  gtk_snapshot_restore (frame->snapshot);
  gtk_snapshot_pop (frame->snapshot);
}

/**
 * rn_canvas_record:
 * @whole: the whole graph with its texts, without selection and marks; otherwise what is seen
 *
 * Returns: (transfer full) (nullable): a picture of the graph; %NULL before there is one
 */
RnGraphic *
rn_canvas_record (RnCanvas *self, gboolean whole)
{
  RnFrame frame = { .self = self, .whole = whole, .fine = whole };
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr (RnGraphic) graphic = NULL;
  RnView view = self->view;
  GskRenderNode *node;
  cairo_t *cr;

  g_return_val_if_fail (RN_IS_CANVAS (self), NULL);

  if (self->shown == NULL || width <= 0)
    return NULL;
  follow_theme (self);
  if (whole)
    {
      self->view = (RnView){ 1, 0, 0 };
      width = self->shown->width;
      height = self->shown->height;
    }
  frame.snapshot = gtk_snapshot_new ();
  snapshot_sight (&frame, &GRAPHENE_RECT_INIT (0, 0, width, height));
  self->view = view;
  node = gtk_snapshot_free_to_node (frame.snapshot);

  graphic = rn_graphic_new (rn_model_get_title (self->shown->model), width, height);
  cr = cairo_create (graphic->recording);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  gsk_render_node_unref (node);

  return g_steal_pointer (&graphic);
}

void
rn_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnCanvas *self = RN_CANVAS (widget);
  RnFrame frame = { .self = self, .snapshot = snapshot };
  graphene_rect_t area =
      GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  follow_theme (self);
  snapshot_sight (&frame, &area);
  if (self->shown != NULL)
    rn_frame_draw_map (&frame);
  if (gtk_widget_has_visible_focus (widget))
    {
      const float widths[] = { 2, 2, 2, 2 };
      GdkRGBA c = self->palette.accent;
      const GdkRGBA colors[] = { c, c, c, c };
      GskRoundedRect outline;

      gsk_rounded_rect_init_from_rect (&outline, &area, 0);
      gtk_snapshot_append_border (snapshot, &outline, widths, colors);
    }
}
