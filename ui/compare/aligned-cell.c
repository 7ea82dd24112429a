#include "ui/compare/aligned-cell.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/canvas/canvas-text.h"
#include "ui/compare/mark-sign.h"
#include "ui/tooltip/tooltip.h"

#define HEIGHT 30
#define GAP 4      /* above and below a box */
#define LANE 20    /* beside the boxes, for the shortcuts */
#define LANE_X 9   /* of the line in it, from the outer side */
#define GUTTER 148 /* between the boxes: the sign, and numbers */
#define STRIPE 4   /* of the kind's colour */
#define TEXT_SIZE 11.5
#define PADDING 8

struct _RnAlignedCell
{
  GtkWidget parent_instance;

  RnAlignedRow *row;
};

G_DEFINE_FINAL_TYPE (RnAlignedCell, rn_aligned_cell, GTK_TYPE_WIDGET)

/* What is drawn, while it is. */
typedef struct
{
  GtkWidget *widget;
  GtkSnapshot *snapshot;
  RnPalette palette;
  const RnAlignedRow *row;
  double width;
} Frame;

static graphene_rect_t
get_box (const Frame *frame, int side)
{
  double width = (frame->width - GUTTER) / 2 - LANE;

  return GRAPHENE_RECT_INIT (side == 0 ? LANE : frame->width - LANE - width, GAP, width,
                             HEIGHT - 2 * GAP);
}

/* The data's way along the boxes' outer edges, from row to row. */
static void
draw_flow (const Frame *frame, const graphene_rect_t *box, double top, double bottom)
{
  double x = box->origin.x + (STRIPE - 2) / 2.0;

  gtk_snapshot_append_color (frame->snapshot, &frame->palette.flow,
                             &GRAPHENE_RECT_INIT (x, top, 2, bottom - top));
}

/* The shortcut beside a box: whole for the identity, broken for a projection. */
static void
draw_lane (const Frame *frame, int side)
{
  const RnAlignedSide *half = &frame->row->sides[side];
  double x = side == 0 ? LANE_X : frame->width - LANE_X, middle = HEIGHT / 2.0;
  double to = side == 0 ? LANE : frame->width - LANE;
  cairo_t *cr;

  if (half->lane == 0)
    return;
  cr = gtk_snapshot_append_cairo (
      frame->snapshot, &GRAPHENE_RECT_INIT (side == 0 ? 0 : frame->width - LANE, 0, LANE, HEIGHT));
  cairo_set_line_width (cr, 2);
  for (int i = 0; i < 2; i++)
    {
      RnEdgeKind kind = i == 0 ? half->lane_kind : half->next_kind;
      const double dashes[] = { 4, 2 };

      gdk_cairo_set_source_rgba (cr, rn_palette_get_edge_color (&frame->palette, kind));
      cairo_set_dash (cr, dashes, kind == RN_EDGE_PROJECTION ? 2 : 0, 0);
      if (i == 0 && (half->lane & RN_LANE_UP) != 0)
        cairo_move_to (cr, x, 0), cairo_line_to (cr, x, HEIGHT);
      if (i == 0 && (half->lane & RN_LANE_TO) != 0)
        cairo_move_to (cr, x, 0), cairo_line_to (cr, x, middle - 3),
            cairo_line_to (cr, to, middle - 3);
      if (i == 1 && (half->lane & RN_LANE_FROM) != 0)
        cairo_move_to (cr, to, middle + 3), cairo_line_to (cr, x, middle + 3),
            cairo_line_to (cr, x, HEIGHT);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
draw_text (const Frame *frame,
           const char *text,
           gboolean bold,
           const GdkRGBA *color,
           double x,
           double width)
{
  const RnTextStyle style = { TEXT_SIZE, bold, width };

  if (text != NULL && width > 20)
    rn_canvas_snapshot_text (frame->snapshot, frame->widget, text, &style, color, x,
                             (HEIGHT - 1.3 * TEXT_SIZE) / 2);
}

/* The place of a layer that the other side has: dashed, and said. */
static void
draw_absent (const Frame *frame, const graphene_rect_t *box)
{
  GdkRGBA color = rn_color_with_alpha (frame->palette.dim_text, 0.6);
  const double dashes[] = { 3, 3 };
  cairo_t *cr = gtk_snapshot_append_cairo (frame->snapshot, box);

  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, box->origin.x + STRIPE + 0.5, box->origin.y + 0.5,
                   box->size.width - STRIPE - 1, box->size.height - 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
  draw_text (frame, _ ("nothing here"), FALSE, &color, box->origin.x + STRIPE + PADDING,
             box->size.width - STRIPE - 2 * PADDING);
}

static void
draw_frame (const Frame *frame, const graphene_rect_t *box, const RnAlignedSide *half)
{
  gboolean marked = frame->row->mark != RN_MARK_SAME;
  GdkRGBA color =
      marked ? rn_mark_get_color (frame->row->mark, &frame->palette) : frame->palette.border;
  GdkRGBA tint = rn_color_with_alpha (color, marked ? 0.12 : 0);
  GdkRGBA kind = rn_palette_get_kind_color (&frame->palette, half->kind);
  float widths[4] = { 1, 1, 1, 1 };
  GskRoundedRect rounded;

  if (marked)
    widths[0] = widths[1] = widths[2] = widths[3] = 1.5;
  gsk_rounded_rect_init_from_rect (&rounded, box, 4);
  gtk_snapshot_push_rounded_clip (frame->snapshot, &rounded);
  gtk_snapshot_append_color (frame->snapshot, &frame->palette.card, box);
  gtk_snapshot_append_color (frame->snapshot, &tint, box);
  gtk_snapshot_append_color (
      frame->snapshot, &kind,
      &GRAPHENE_RECT_INIT (box->origin.x, box->origin.y, STRIPE, box->size.height));
  gtk_snapshot_pop (frame->snapshot);
  gtk_snapshot_append_border (frame->snapshot, &rounded, widths,
                              (GdkRGBA[]){ color, color, color, color });
}

static void
draw_layer (const Frame *frame, int side)
{
  const RnAlignedSide *half = &frame->row->sides[side];
  graphene_rect_t box = get_box (frame, side);
  double inner = box.size.width - 2 * PADDING - STRIPE;
  const RnTextStyle style = { TEXT_SIZE, FALSE, 0 };
  double detail;

  draw_flow (frame, &box, 0, half->layer < 0 ? HEIGHT : GAP);
  draw_flow (frame, &box, HEIGHT - GAP, HEIGHT);
  if (half->layer < 0)
    {
      draw_absent (frame, &box);
      return;
    }
  draw_frame (frame, &box, half);
  detail = MIN (rn_canvas_text_width (frame->widget, half->detail, &style) + 1, inner * 0.55);
  draw_text (frame, half->name, TRUE, &frame->palette.text, box.origin.x + STRIPE + PADDING,
             inner - detail - PADDING);
  draw_text (frame, half->detail, FALSE, &frame->palette.dim_text,
             box.origin.x + box.size.width - PADDING - detail, detail);
}

/* Several layers that are the same, in one box on each side. */
static void
draw_folded (const Frame *frame, int side)
{
  const RnAlignedSide *half = &frame->row->sides[side];
  graphene_rect_t box = get_box (frame, side);
  g_autofree char *text = g_strdup_printf ("%s … %s", half->name, half->detail);

  draw_flow (frame, &box, 0, HEIGHT);
  draw_text (frame, text, FALSE, &frame->palette.dim_text, box.origin.x + STRIPE + PADDING,
             box.size.width - STRIPE - 2 * PADDING);
}

static void
draw_gutter (const Frame *frame)
{
  const RnAlignedRow *row = frame->row;
  double middle = frame->width / 2, y = HEIGHT / 2.0;
  GdkRGBA color = rn_mark_get_color (row->mark, &frame->palette);
  g_autofree char *count = NULL;
  const RnTextStyle style = { TEXT_SIZE - 2, FALSE, GUTTER - 12 };
  const char *text = row->numbers;
  double width;
  int n_lines;

  if (row->last > row->first)
    text = count = g_strdup_printf (_ ("%d layers, the same"), row->last - row->first + 1);
  if (text == NULL)
    {
      rn_mark_snapshot (frame->snapshot, row->mark, &frame->palette, middle, y);
      return;
    }
  if (row->mark == RN_MARK_SAME && row->numbers != NULL)
    color = frame->palette.projection;
  width = MIN (rn_canvas_text_width (frame->widget, text, &style), style.width);
  if (row->mark != RN_MARK_SAME)
    {
      rn_mark_snapshot (frame->snapshot, row->mark, &frame->palette, middle - GUTTER / 2.0 + 14, y);
      middle += 10;
      width = MIN (width, GUTTER - 36);
    }
  n_lines = strchr (text, '\n') != NULL ? 2 : 1;
  rn_canvas_snapshot_text (frame->snapshot, frame->widget, text,
                           &(RnTextStyle){ style.size, FALSE, width + 1 }, &color,
                           middle - width / 2, y - 0.62 * style.size * n_lines - 1);
}

static void
rn_aligned_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnAlignedCell *self = RN_ALIGNED_CELL (widget);
  Frame frame = { widget, snapshot, { 0 }, self->row, gtk_widget_get_width (widget) };

  if (self->row == NULL)
    return;
  rn_palette_init_for (&frame.palette, widget);
  for (int side = 0; side < 2; side++)
    {
      draw_lane (&frame, side);
      if (self->row->last > self->row->first)
        draw_folded (&frame, side);
      else
        draw_layer (&frame, side);
    }
  draw_gutter (&frame);
}

static void
rn_aligned_cell_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? GUTTER + 2 * (LANE + 90) : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? GUTTER + 2 * (LANE + 260) : HEIGHT;
}

static void
rn_aligned_cell_dispose (GObject *object)
{
  g_clear_object (&RN_ALIGNED_CELL (object)->row);

  G_OBJECT_CLASS (rn_aligned_cell_parent_class)->dispose (object);
}

static void
rn_aligned_cell_class_init (RnAlignedCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_aligned_cell_dispose;
  widget_class->measure = rn_aligned_cell_measure;
  widget_class->snapshot = rn_aligned_cell_snapshot;
  gtk_widget_class_set_css_name (widget_class, "alignedcell");
}

static void
rn_aligned_cell_init (RnAlignedCell *self)
{
}

GtkWidget *
rn_aligned_cell_new (void)
{
  return g_object_new (RN_TYPE_ALIGNED_CELL, NULL);
}

void
rn_aligned_cell_set_row (RnAlignedCell *self, RnAlignedRow *row)
{
  g_autofree char *text = row != NULL ? rn_aligned_row_to_string (row) : NULL;

  g_set_object (&self->row, row);
  rn_tooltip_set (GTK_WIDGET (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
