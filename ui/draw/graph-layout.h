/* A graph laid out: where its nodes and edges are, and the strokes and texts that draw them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double x, y;
} RnPoint;

typedef struct
{
  double x, y, width, height;
} RnRect;

typedef struct
{
  double red, green, blue, alpha; /* 0 to 1 */
} RnColor;

typedef enum
{
  RN_STROKE_POLYGON,
  RN_STROKE_POLYLINE,
  RN_STROKE_BEZIER,  /* 3n + 1 points of cubic curves that follow one another */
  RN_STROKE_ELLIPSE, /* two points: the centre, and the radii */
  RN_STROKE_TEXT,    /* one point: on the baseline */
} RnStrokeKind;

/**
 * RnStroke:
 * @pen: colour of outline or text
 * @fill: colour of the inside; alpha 0 for none
 * @line_width: of the outline in points
 * @dashed: whether the outline is
 * @points: @n_points of them
 * @text: what is written, or %NULL
 * @font: its family, e.g. "Times"
 * @font_size: in points
 * @bold: whether it is
 * @align: where the point lies in the text: 0 at its start, 0.5 in its middle, 1 at its end
 * @text_width: as the layout reckoned it, in points
 */
typedef struct
{
  RnStrokeKind kind;
  RnColor pen;
  RnColor fill;
  double line_width;
  gboolean dashed;
  int n_points;
  RnPoint *points;
  char *text;
  char *font;
  double font_size;
  gboolean bold;
  double align;
  double text_width;
} RnStroke;

/**
 * RnGraphNode:
 * @bounds: its box
 * @strokes: @n_strokes of them, in order of drawing
 */
typedef struct
{
  RnRect bounds;
  int n_strokes;
  RnStroke *strokes;
} RnGraphNode;

/**
 * RnGraphEdge:
 * @from: index of the node at the tail
 * @to: index of the node at the head
 * @bounds: the box around its strokes
 */
typedef struct
{
  int from;
  int to;
  RnRect bounds;
  int n_strokes;
  RnStroke *strokes;
} RnGraphEdge;

/**
 * RnGraphLayout:
 * @width: of the whole with its margin, in points (1/72 inch)
 * @height: likewise
 * @nodes: in the order of the graph's text, which is that of the model's layers
 * @edges: likewise
 *
 * The origin is at the top left, y grows downwards. Immutable, reference-counted; may be shared
 * between threads.
 */
typedef struct
{
  double width;
  double height;
  int n_nodes;
  RnGraphNode *nodes;
  int n_edges;
  RnGraphEdge *edges;

  /*< private >*/
  gint ref_count;
} RnGraphLayout;

RnGraphLayout *rn_graph_layout_new_from_dot (const char *dot, GError **error);
RnGraphLayout *rn_graph_layout_ref (RnGraphLayout *self);
void rn_graph_layout_unref (RnGraphLayout *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnGraphLayout, rn_graph_layout_unref)

G_END_DECLS
