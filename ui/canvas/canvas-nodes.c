/* Render nodes of single boxes, edges and titles: made once, drawn at every frame. Nodes of the
 * Blocks look have their box's corner as origin, so that they can move; plots do not move. */
#include "ui/canvas/canvas-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/canvas/cairo-node.h"
#include "ui/canvas/canvas-text.h"
#include "ui/draw/scene-metrics.h"

/* A border as thick as half the box fills it: one shape to draw, where a rounded clip takes a mask.
 */
static void
append_rounded (GtkSnapshot *snapshot, const GskRoundedRect *outline, float width, GdkRGBA color)
{
  const float widths[] = { width, width, width, width };
  const GdkRGBA colors[] = { color, color, color, color };

  gtk_snapshot_append_border (snapshot, outline, widths, colors);
}

static void
append_box (
    GtkSnapshot *snapshot, double width, double height, double radius, GdkRGBA fill, GdkRGBA border)
{
  graphene_rect_t rect = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &rect, radius);
  append_rounded (snapshot, &outline, MIN (width, height) / 2, fill);
  append_rounded (snapshot, &outline, 1, border);
}

static void
append_rect (GtkSnapshot *snapshot, GdkRGBA color, double x, double y, double width, double height)
{
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* The plus sign of an Add: a circle with a cross. */
static void
append_plus (GtkSnapshot *snapshot, const RnPalette *palette, RnPoint centre, double radius)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (centre.x - radius, centre.y - radius));
  append_box (snapshot, 2 * radius, 2 * radius, radius, palette->card, palette->identity);
  append_rect (snapshot, palette->identity, radius * 0.45, radius - 0.8, radius * 1.1, 1.6);
  append_rect (snapshot, palette->identity, radius - 0.8, radius * 0.45, 1.6, radius * 1.1);
  gtk_snapshot_restore (snapshot);
}

/* An Add among its block's layers is no box with texts. */
static gboolean
is_plus (const RnLayer *layer, const RnRect *bounds)
{
  return layer->kind == RN_LAYER_ADD && bounds->width == bounds->height;
}

/* Below this zoom round corners cannot be told from square ones, which are drawn in a tenth of the
 * time. */
#define ROUND_ZOOM 1.25

static void
append_square (GtkSnapshot *snapshot, const RnRect *rect, GdkRGBA fill, GdkRGBA border)
{
  double x = rect->x, y = rect->y, width = rect->width, height = rect->height;

  append_rect (snapshot, border, x, y, width, height);
  append_rect (snapshot, fill, x + 1, y + 1, width - 2, height - 2);
}

/**
 * rn_canvas_append_row_box:
 *
 * What stands behind a layer's texts in the Blocks look: a box with a stripe in the kind's colour.
 */
void
rn_canvas_append_row_box (RnCanvas *self, GtkSnapshot *snapshot, int index, const RnRect *bounds)
{
  const RnPalette *palette = &self->palette;
  const RnLayer *layer = rn_model_get_layer (self->scene->model, index);

  if (is_plus (layer, bounds))
    return;
  if (self->view.zoom < ROUND_ZOOM)
    append_square (snapshot, bounds, palette->card, palette->border);
  else
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (bounds->x, bounds->y));
      append_box (snapshot, bounds->width, bounds->height, 4, palette->card, palette->border);
      gtk_snapshot_restore (snapshot);
    }
  append_rect (snapshot, rn_palette_get_kind_color (palette, layer->kind), bounds->x + 1,
               bounds->y + 3, 3, bounds->height - 6);
}

/* The texts of a row of the Blocks look: the name, what it does. */
static void
append_row (RnCanvas *self, GtkSnapshot *snapshot, const RnLayer *layer, const RnRect *bounds)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const RnPalette *palette = &self->palette;
  g_autofree char *what = rn_canvas_folded_text (self->scene, layer);
  double room = bounds->width - 10 -
                (self->scene->layers[layer->index].thumbnail.width > 0
                     ? self->scene->layers[layer->index].thumbnail.width + 5
                     : 0);
  RnTextStyle name = { .size = 8.6, .width = room }, detail = { .size = 8.5, .width = room };

  if (rn_scene_is_major (layer))
    {
      rn_canvas_snapshot_text (snapshot, widget, layer->name, &name, &palette->text, 8, 3.5);
      rn_canvas_snapshot_text (snapshot, widget, what, &detail, &palette->dim_text, 8, 17);
    }
  else
    {
      g_autofree char *both = g_strdup_printf ("%s · %s", what, layer->name);

      rn_canvas_snapshot_text (snapshot, widget, both, &detail, &palette->dim_text, 8, 3.5);
    }
}

GskRenderNode *
rn_canvas_make_layer_node (RnCanvas *self, int index)
{
  const RnLayer *layer = rn_model_get_layer (self->scene->model, index);
  const RnRect *bounds = &self->scene->layers[index].bounds;
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  if (is_plus (layer, bounds))
    append_plus (snapshot, &self->palette, (RnPoint){ bounds->width / 2, bounds->height / 2 },
                 bounds->width / 2);
  else
    append_row (self, snapshot, layer, bounds);

  return gtk_snapshot_free_to_node (snapshot);
}

/* One bar for each layer with a kernel on the branch, filled by its share of 2,048 channels (by the
 * logarithm, for they double from stage to stage). */
static void
append_bars (RnCanvas *self, GtkSnapshot *snapshot, const RnBlock *block)
{
  const RnModel *model = self->scene->model;
  double x = 6 + RN_THUMBNAIL + 4, width = RN_ROW_WIDTH - x - 6, y = RN_CARD_HEADER + 1;
  int n = 0;

  for (int i = 0; i < block->n_branch; i++)
    n += rn_model_get_layer (model, block->branch[i])->kind == RN_LAYER_CONV;
  for (int i = 0, k = 0; i < block->n_branch && k < 3; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, block->branch[i]);
      GdkRGBA color = rn_palette_get_kind_color (&self->palette, layer->kind);
      RnTextStyle style = { .size = 7.2, .width = width };
      g_autofree char *text = NULL;
      double share;

      if (layer->kind != RN_LAYER_CONV && layer->kind != RN_LAYER_DEPTHWISE_CONV)
        continue;
      share = CLAMP (log2 (rn_shape_get_channels (&layer->output_shape)) / 11, 0.1, 1);
      text = n > 3 && k == 2 ? g_strdup_printf (_ ("+ %d more"), n - 2)
                             : g_strdup_printf ("%d×%d %d", layer->config.conv.kernel[0],
                                                layer->config.conv.kernel[1],
                                                rn_shape_get_channels (&layer->output_shape));
      append_rect (snapshot, rn_color_with_alpha (color, 0.14), x, y, width, 12.5);
      append_rect (snapshot, rn_color_with_alpha (color, 0.34), x, y, width * share, 12.5);
      rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), text, &style, &self->palette.text,
                               x + 2, y + 1.6);
      y += 15.5;
      k++;
    }
}

/* A closed block: its name, where its picture goes, its kernels, its shape, and the plus behind. */
static void
append_card (RnCanvas *self, GtkSnapshot *snapshot, int index)
{
  const RnPalette *palette = &self->palette;
  const RnStructure *structure = rn_model_get_structure (self->scene->model);
  const RnBlock *block = &structure->blocks[index];
  const RnSceneBlock *place = &self->scene->blocks[index];
  const RnLayer *output = rn_model_get_layer (self->scene->model, block->output);
  g_autofree char *label = rn_block_get_label (block, structure->stages);
  g_autofree char *shape = rn_canvas_shape_text (&output->output_shape);
  const char *kind = _ (rn_shortcut_kind_get_label (block->kind));
  const GdkRGBA *color =
      block->kind == RN_SHORTCUT_IDENTITY ? &palette->identity : &palette->projection;
  RnTextStyle title = { .size = 12, .bold = TRUE }, small = { .size = 8.5 };
  double width = rn_canvas_text_width (GTK_WIDGET (self), kind, &small);
  RnPoint sum = { place->sum.x - place->frame.x, place->sum.y - place->frame.y };

  append_box (snapshot, RN_ROW_WIDTH, RN_CARD_HEIGHT, 7, palette->card, palette->border);
  rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), label, &title, &palette->text, 7, 2.5);
  rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), kind, &small, color,
                           RN_ROW_WIDTH - 7 - width, 5.5);
  append_rect (snapshot, rn_color_with_alpha (palette->border, 0.35),
               place->thumbnail.x - place->frame.x, place->thumbnail.y - place->frame.y,
               place->thumbnail.width, place->thumbnail.height);
  append_bars (self, snapshot, block);
  rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), shape, &small, &palette->dim_text, 7,
                           RN_CARD_HEIGHT - 17);
  append_rect (snapshot, palette->flow, sum.x - 0.7, RN_CARD_HEIGHT, 1.4, 5);
  append_plus (snapshot, palette, sum, RN_SUM_RADIUS);
}

/* The frame's label; of a closed block all of it. The frame itself changes size and is no node. */
GskRenderNode *
rn_canvas_make_block_node (RnCanvas *self, int index)
{
  const RnBlock *block = &rn_model_get_structure (self->scene->model)->blocks[index];
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  if (self->scene->blocks[index].open)
    {
      g_autofree char *text = rn_canvas_block_text (self->scene->model, index);
      double beside_line = RN_FRAME_PADDING + RN_OPEN_WIDTH / 2 + 8;
      RnTextStyle style = { .size = self->look == RN_LOOK_BLOCKS ? 11 : 12, .bold = TRUE };
      const GdkRGBA *color =
          block->kind == RN_SHORTCUT_IDENTITY ? &self->palette.identity : &self->palette.projection;

      rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), text, &style, color,
                               self->look == RN_LOOK_BLOCKS ? beside_line : 8, 2);
    }
  else
    append_card (self, snapshot, index);

  return gtk_snapshot_free_to_node (snapshot);
}

/* A closed part: where its picture goes, what it is made of, and how large what leaves it is. */
GskRenderNode *
rn_canvas_make_part_node (RnCanvas *self, int index)
{
  const RnPalette *palette = &self->palette;
  const RnScenePart *part = &self->scene->parts[index];
  const RnRect *place = &part->thumbnail;
  const RnModel *model = self->scene->model;
  g_autofree char *text = rn_canvas_part_text (model, index);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  double y = 8 + RN_THUMBNAIL + 8;

  append_box (snapshot, RN_ROW_WIDTH, RN_PART_HEIGHT, 7, palette->card, palette->border);
  if (rn_model_get_layer (model, part->last)->output_shape.rank > 0)
    append_rect (snapshot, rn_color_with_alpha (palette->border, 0.35), place->x - part->frame.x,
                 place->y - part->frame.y, place->width, place->height);
  for (int i = 0; lines[i] != NULL; i++, y += 15)
    {
      RnTextStyle style = { .size = i == 0 ? 11 : 9, .bold = i == 0, .width = RN_ROW_WIDTH - 14 };

      rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), lines[i], &style,
                               i == 0 ? &palette->text : &palette->dim_text, 7, y);
    }

  return gtk_snapshot_free_to_node (snapshot);
}

GskRenderNode *
rn_canvas_make_column_node (RnCanvas *self, int index)
{
  const RnSceneColumn *column = &self->scene->columns[index];
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  RnTextStyle title = { .size = 13, .bold = TRUE }, small = { .size = 9.5 };
  g_autofree char *text = g_strconcat (
      self->scene->parts[column->part].open ? "▾ " : "▸ ", column->title, NULL);

  rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), text, &title, &self->palette.text,
                           0, 0);
  rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), column->subtitle, &small,
                           &self->palette.dim_text, 0, 17);

  return gtk_snapshot_free_to_node (snapshot);
}

/* A plot's box as Graphviz drew it, in the theme's ink. */
GskRenderNode *
rn_canvas_make_plot_node (RnCanvas *self, int index)
{
  const RnGraphNode *node = &self->scene->plot->nodes[index];
  const RnRect *b = &node->bounds;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  RnInk ink = rn_palette_get_ink (&self->palette);
  cairo_t *cr = rn_cairo_node_append (
      snapshot, &GRAPHENE_RECT_INIT (b->x - 1, b->y - 1, b->width + 2, b->height + 2));
  PangoLayout *text = pango_cairo_create_layout (cr);
  GdkRGBA paper = self->palette.card;

  /* Without a box of its own colour a plot's node would be transparent. */
  gdk_cairo_set_source_rgba (cr, &paper);
  cairo_rectangle (cr, b->x, b->y, b->width, b->height);
  cairo_fill (cr);
  for (int i = 0; i < node->n_strokes; i++)
    rn_stroke_draw (&node->strokes[i], cr, text, &ink);
  g_object_unref (text);
  cairo_destroy (cr);

  return gtk_snapshot_free_to_node (snapshot);
}

/* The whole scene as a handful of colours, in scene coordinates. */
GskRenderNode *
rn_canvas_make_map_node (RnCanvas *self)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  const RnScene *scene = self->shown;

  for (int i = 0; i < scene->n_parts; i++)
    if (!scene->parts[i].open)
      append_rect (snapshot, rn_color_with_alpha (self->palette.accent, 0.55),
                   scene->parts[i].frame.x, scene->parts[i].frame.y, scene->parts[i].frame.width,
                   scene->parts[i].frame.height);
  for (int i = 0; i < scene->n_blocks; i++)
    if (scene->blocks[i].visible)
      append_rect (snapshot,
                   rn_color_with_alpha (self->palette.accent, scene->blocks[i].open ? 0.25 : 0.55),
                   scene->blocks[i].frame.x, scene->blocks[i].frame.y, scene->blocks[i].frame.width,
                   scene->blocks[i].frame.height);
  for (int i = 0; i < scene->n_layers; i++)
    if (scene->layers[i].visible)
      append_rect (
          snapshot,
          rn_color_with_alpha (rn_palette_get_kind_color (
                                   &self->palette, rn_model_get_layer (scene->model, i)->kind),
                               0.8),
          scene->layers[i].bounds.x, scene->layers[i].bounds.y, scene->layers[i].bounds.width,
          scene->layers[i].bounds.height);

  return gtk_snapshot_free_to_node (snapshot);
}
