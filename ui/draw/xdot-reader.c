/* The language is described at https://graphviz.org/docs/outputs/canon/#xdot; libxdot parses it. */
#include "ui/draw/xdot-reader.h"

#include <math.h>
#include <graphviz/xdot.h>

/* What the instructions so far have set. */
typedef struct
{
  double left, top; /* of the picture, in Graphviz' coordinates, whose y grows upwards */
  RnColor pen;
  RnColor fill;
  double line_width;
  gboolean dashed;
  const char *font;
  double font_size;
  gboolean bold;
  GArray *strokes;
} Reader;

/* "#rrggbb", "#rrggbbaa", or one of the names that plots use. */
static RnColor
parse_color (const char *text)
{
  static const struct
  {
    const char *name;
    guint32 rgb;
  } names[] = { { "black", 0x000000 },
                { "white", 0xffffff },
                { "forestgreen", 0x228b22 },
                { "firebrick", 0xb22222 },
                { "transparent", 0 } };
  guint32 rgba = 0xff;

  if (text[0] == '#')
    {
      guint32 value = g_ascii_strtoull (text + 1, NULL, 16);

      rgba = strlen (text) > 7 ? value : value << 8 | 0xff;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (text, names[i].name) == 0)
      rgba = names[i].rgb << 8 | (strcmp (text, "transparent") == 0 ? 0 : 0xff);

  return (RnColor){ (rgba >> 24) / 255.0, (rgba >> 16 & 0xff) / 255.0, (rgba >> 8 & 0xff) / 255.0,
                    (rgba & 0xff) / 255.0 };
}

static RnPoint
convert_point (const Reader *reader, double x, double y)
{
  return (RnPoint){ x - reader->left, reader->top - y };
}

static void
add_points (Reader *reader, RnStrokeKind kind, const xdot_polyline *line, gboolean filled)
{
  RnStroke stroke = { .kind = kind,
                      .pen = reader->pen,
                      .line_width = reader->line_width,
                      .dashed = reader->dashed,
                      .n_points = line->cnt };

  stroke.points = g_new (RnPoint, line->cnt);
  for (int i = 0; i < line->cnt; i++)
    stroke.points[i] = convert_point (reader, line->pts[i].x, line->pts[i].y);
  if (filled)
    stroke.fill = reader->fill;
  g_array_append_val (reader->strokes, stroke);
}

static void
add_ellipse (Reader *reader, const xdot_rect *rect, gboolean filled)
{
  RnStroke stroke = { .kind = RN_STROKE_ELLIPSE,
                      .pen = reader->pen,
                      .line_width = reader->line_width,
                      .dashed = reader->dashed,
                      .n_points = 2 };

  stroke.points = g_new (RnPoint, 2);
  stroke.points[0] = convert_point (reader, rect->x, rect->y);
  stroke.points[1] = (RnPoint){ rect->w, rect->h };
  if (filled)
    stroke.fill = reader->fill;
  g_array_append_val (reader->strokes, stroke);
}

/* "Times" of PostScript's "Times-Roman", "Helvetica" of the list "Helvetica,". */
static char *
font_family (const char *name)
{
  return g_strndup (name, strcspn (name, "-,"));
}

static void
add_text (Reader *reader, const xdot_text *text)
{
  static const double align[] = { [xd_left] = 0, [xd_center] = 0.5, [xd_right] = 1 };
  RnStroke stroke = { .kind = RN_STROKE_TEXT,
                      .pen = reader->pen,
                      .n_points = 1,
                      .font_size = reader->font_size,
                      .bold = reader->bold,
                      .align = align[text->align],
                      .text_width = text->width };

  stroke.points = g_new (RnPoint, 1);
  stroke.points[0] = convert_point (reader, text->x, text->y);
  stroke.text = g_utf8_make_valid (text->text, -1);
  stroke.font = font_family (reader->font);
  g_array_append_val (reader->strokes, stroke);
}

static void
set_style (Reader *reader, const char *style)
{
  if (g_str_has_prefix (style, "setlinewidth("))
    reader->line_width = g_ascii_strtod (style + strlen ("setlinewidth("), NULL);
  else if (strcmp (style, "dashed") == 0 || strcmp (style, "solid") == 0)
    reader->dashed = style[0] == 'd';
}

static void
read_op (Reader *reader, const xdot_op *op)
{
  switch ((int)op->kind)
    {
    case xd_filled_ellipse:
    case xd_unfilled_ellipse:
      add_ellipse (reader, &op->u.ellipse, op->kind == xd_filled_ellipse);
      break;
    case xd_filled_polygon:
    case xd_unfilled_polygon:
      add_points (reader, RN_STROKE_POLYGON, &op->u.polygon, op->kind == xd_filled_polygon);
      break;
    case xd_filled_bezier:
    case xd_unfilled_bezier:
      add_points (reader, RN_STROKE_BEZIER, &op->u.bezier, op->kind == xd_filled_bezier);
      break;
    case xd_polyline:
      add_points (reader, RN_STROKE_POLYLINE, &op->u.polyline, FALSE);
      break;
    case xd_text:
      add_text (reader, &op->u.text);
      break;
    case xd_fill_color:
      reader->fill = parse_color (op->u.color);
      break;
    case xd_pen_color:
      reader->pen = parse_color (op->u.color);
      break;
    case xd_font:
      reader->font = op->u.font.name;
      reader->font_size = op->u.font.size;
      break;
    case xd_fontchar:
      reader->bold = (op->u.fontchar & 1) != 0;
      break;
    case xd_style:
      set_style (reader, op->u.style);
      break;
    default: /* pictures and gradients, which no plot has */
      break;
    }
}

/**
 * rn_xdot_read:
 * @instructions: the text of one attribute
 * @left: x of the picture's left edge, in Graphviz' coordinates
 * @top: y of its upper edge, likewise
 * @strokes: (element-type RnStroke): where the strokes are appended
 *
 * Returns: %FALSE where the text cannot be read
 */
gboolean
rn_xdot_read (const char *instructions, double left, double top, GArray *strokes)
{
  g_autofree char *copy = g_strdup (instructions);
  xdot *parsed = parseXDot (copy);
  Reader reader = { .left = left,
                    .top = top,
                    .pen = { 0, 0, 0, 1 },
                    .fill = { 0, 0, 0, 1 },
                    .line_width = 1,
                    .font = "Times-Roman",
                    .font_size = 14,
                    .strokes = strokes };
  gboolean whole;

  if (parsed == NULL)
    return FALSE;

  for (int i = 0; i < parsed->cnt; i++)
    read_op (&reader, &parsed->ops[i]);
  whole = (parsed->flags & XDOT_PARSE_ERROR) == 0;
  freeXDot (parsed);

  return whole;
}
