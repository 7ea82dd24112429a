/* Render nodes of edges. With GTK's cairo renderer a cairo node costs a picture of its whole box,
 * so that only what is curved or dashed becomes one, piece by piece; straight pieces are
 * rectangles. */
#include "ui/canvas/cairo-node.h"
#include "ui/canvas/canvas-edits.h"

#include <math.h>

typedef struct
{
  GtkSnapshot *snapshot;
  GdkRGBA color;
  double width;
  gboolean dashed;
} Pen;

static cairo_t *
open_cairo (const Pen *pen, RnRect box, double around)
{
  cairo_t *cr = rn_cairo_node_append (
      pen->snapshot, &GRAPHENE_RECT_INIT (box.x - around, box.y - around, box.width + 2 * around,
                                          box.height + 2 * around));

  gdk_cairo_set_source_rgba (cr, &pen->color);
  cairo_set_line_width (cr, pen->width);

  return cr;
}

/* The box of the control points. */
static RnRect
bound_points (const RnPoint *p, int n)
{
  RnRect box = { p[0].x, p[0].y, 0, 0 };

  for (int i = 1; i < n; i++)
    {
      double right = MAX (box.x + box.width, p[i].x), bottom = MAX (box.y + box.height, p[i].y);

      box.x = MIN (box.x, p[i].x);
      box.y = MIN (box.y, p[i].y);
      box.width = right - box.x;
      box.height = bottom - box.y;
    }

  return box;
}

static void
append_straight (const Pen *pen, const RnRect *box)
{
  gboolean upright = box->width < box->height;
  double half = pen->width / 2;

  gtk_snapshot_append_color (
      pen->snapshot, &pen->color,
      &GRAPHENE_RECT_INIT (box->x - (upright ? half : 0), box->y - (upright ? 0 : half),
                           upright ? pen->width : box->width, upright ? box->height : pen->width));
}

/* A round corner is two sides of a rounded border, which joins straight pieces without a seam: the
 * renderer moves cairo nodes to whole pixels. */
static void
append_corner (const Pen *pen, const RnRect *box, RnPoint corner)
{
  gboolean right = corner.x > box->x + box->width / 2, low = corner.y > box->y + box->height / 2;
  float half = pen->width / 2, w = pen->width;
  graphene_rect_t rect = GRAPHENE_RECT_INIT (box->x - (right ? 0 : half), box->y - (low ? 0 : half),
                                             box->width + half, box->height + half);
  graphene_size_t none = GRAPHENE_SIZE_INIT (0, 0);
  graphene_size_t round = GRAPHENE_SIZE_INIT (box->width + half, box->height + half);
  const float widths[] = { low ? 0 : w, right ? w : 0, low ? w : 0, right ? 0 : w };
  const GdkRGBA colors[] = { pen->color, pen->color, pen->color, pen->color };
  GskRoundedRect outline;

  gsk_rounded_rect_init (&outline, &rect, !low && !right ? &round : &none,
                         !low && right ? &round : &none, low && right ? &round : &none,
                         low && !right ? &round : &none);
  gtk_snapshot_append_border (pen->snapshot, &outline, widths, colors);
}

/* One cubic piece. */
static void
append_piece (const Pen *pen, const RnPoint *p)
{
  RnRect box = bound_points (p, 4);
  cairo_t *cr;

  if (box.width < 0.01 || box.height < 0.01)
    {
      append_straight (pen, &box);
      return;
    }
  if (p[1].x == p[2].x && p[1].y == p[2].y &&
      (fabs (p[0].x - p[1].x) < 0.01 || fabs (p[0].y - p[1].y) < 0.01))
    {
      append_corner (pen, &box, p[1]);
      return;
    }
  cr = open_cairo (pen, box, pen->width);
  cairo_move_to (cr, p[0].x, p[0].y);
  cairo_curve_to (cr, p[1].x, p[1].y, p[2].x, p[2].y, p[3].x, p[3].y);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* Dashes run on from piece to piece. */
static void
append_dashed (const Pen *pen, const RnSceneEdge *edge)
{
  const double dashes[] = { 5, 3.5 };
  const RnPoint *p = edge->points;
  cairo_t *cr = open_cairo (pen, edge->bounds, pen->width);

  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, p[0].x, p[0].y);
  for (int i = 1; i + 2 < edge->n_points; i += 3)
    cairo_curve_to (cr, p[i].x, p[i].y, p[i + 1].x, p[i + 1].y, p[i + 2].x, p[i + 2].y);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
append_arrow (const Pen *pen, const RnSceneEdge *edge, double size)
{
  const RnPoint *p = edge->points + edge->n_points - 1;
  double dx, dy, length;
  int back = 1;
  cairo_t *cr;

  /* The direction is that of the last control point that differs. */
  while (back < edge->n_points - 1 && hypot (p[0].x - p[-back].x, p[0].y - p[-back].y) < 0.1)
    back++;
  dx = p[0].x - p[-back].x;
  dy = p[0].y - p[-back].y;
  length = hypot (dx, dy);
  if (length < 0.1)
    return;
  dx *= size / length;
  dy *= size / length;
  cr = open_cairo (pen, (RnRect){ p[0].x, p[0].y, 0, 0 }, size + 1);
  cairo_move_to (cr, p[0].x, p[0].y);
  cairo_line_to (cr, p[0].x - dx + dy * 0.45, p[0].y - dy - dx * 0.45);
  cairo_line_to (cr, p[0].x - dx - dy * 0.45, p[0].y - dy + dx * 0.45);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_destroy (cr);
}

/* An edge of a plot as Graphviz drew it, arrowhead included. */
static void
append_plot_edge (const Pen *pen, const RnGraphEdge *edge)
{
  RnColor color = { pen->color.red, pen->color.green, pen->color.blue, pen->color.alpha };
  RnInk ink = { color, color };
  cairo_t *cr = open_cairo (pen, edge->bounds, 4);
  PangoLayout *text = pango_cairo_create_layout (cr);

  for (int i = 0; i < edge->n_strokes; i++)
    rn_stroke_draw (&edge->strokes[i], cr, text, &ink);
  g_object_unref (text);
  cairo_destroy (cr);
}

/* By the logarithm of how many numbers flow: 1,000 take a thin line, 800,000 one of 6 points. */
static double
edge_width (RnCanvas *self, const RnSceneEdge *edge)
{
  gint64 n;

  if (!self->weigh_edges)
    return edge->kind == RN_EDGE_FLOW ? 1.4 : 2;
  n = rn_shape_get_n_elements (&rn_model_get_layer (self->shown->model, edge->from)->output_shape);

  return CLAMP ((log2 (MAX (n, 1)) - 8) * 0.52, 0.8, 7);
}

static Pen
make_pen (RnCanvas *self, const RnSceneEdge *edge, gboolean strong)
{
  Pen pen = { .snapshot = gtk_snapshot_new (),
              .color = *rn_palette_get_edge_color (&self->palette, edge->kind),
              .width = edge_width (self, edge) + (strong ? 1.6 : 0),
              .dashed = edge->kind == RN_EDGE_PROJECTION };

  if (rn_canvas_shows_model (self) && rn_canvas_edits_stop_edge (self->edits, edge))
    pen.color.alpha *= 0.25;

  return pen;
}

/**
 * rn_canvas_make_edge_node:
 * @strong: thicker, as of the selection
 *
 * Returns: (transfer full) (nullable): the edge without its arrowhead, in scene coordinates
 */
GskRenderNode *
rn_canvas_make_edge_node (RnCanvas *self, int index, gboolean strong)
{
  const RnSceneEdge *edge = &self->shown->edges[index];
  Pen pen = make_pen (self, edge, strong);

  if (self->shown->plot != NULL && !strong && !self->weigh_edges)
    append_plot_edge (&pen, &self->shown->plot->edges[index]);
  else if (pen.dashed)
    append_dashed (&pen, edge);
  else
    for (int i = 0; i + 3 < edge->n_points; i += 3)
      append_piece (&pen, &edge->points[i]);

  return gtk_snapshot_free_to_node (pen.snapshot);
}

/**
 * rn_canvas_make_arrow_node:
 *
 * Returns: (transfer full) (nullable): the edge's arrowhead, in scene coordinates
 */
GskRenderNode *
rn_canvas_make_arrow_node (RnCanvas *self, int index, gboolean strong)
{
  const RnSceneEdge *edge = &self->shown->edges[index];
  Pen pen = make_pen (self, edge, strong);

  append_arrow (&pen, edge, MAX (strong ? 8 : RN_ARROW_SIZE, 2.2 * pen.width));

  return gtk_snapshot_free_to_node (pen.snapshot);
}
