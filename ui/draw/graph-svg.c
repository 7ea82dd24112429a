/* Written here and not by cairo's SVG surface, which turns text into outlines: this way a name in
 * the picture can be searched, selected and read aloud. */
#include "ui/draw/graph-svg.h"

static void
append_number (GString *svg, const char *before, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, before);
  g_string_append (svg, g_ascii_formatd (text, sizeof text, "%.8g", value));
}

static void
append_escaped (GString *svg, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (svg, escaped);
}

static void
append_color (GString *svg, const char *attribute, RnColor color)
{
  if (color.alpha <= 0)
    {
      g_string_append_printf (svg, " %s=\"none\"", attribute);
      return;
    }
  g_string_append_printf (svg, " %s=\"#%02x%02x%02x\"", attribute, (guint)(color.red * 255 + 0.5),
                          (guint)(color.green * 255 + 0.5), (guint)(color.blue * 255 + 0.5));
  if (color.alpha < 1)
    {
      g_string_append_printf (svg, " %s-opacity=", attribute);
      append_number (svg, "\"", color.alpha);
      g_string_append_c (svg, '"');
    }
}

static void
append_text (GString *svg, const RnStroke *stroke)
{
  const char *anchor = stroke->align < 0.25 ? "start" : stroke->align > 0.75 ? "end" : "middle";
  const char *generic = strcmp (stroke->font, "Times") == 0 ? "serif" : "sans-serif";

  append_number (svg, "<text x=\"", stroke->points[0].x);
  append_number (svg, "\" y=\"", stroke->points[0].y);
  g_string_append_printf (svg, "\" text-anchor=\"%s\" font-family=\"", anchor);
  append_escaped (svg, stroke->font);
  g_string_append_printf (svg, ",%s\"", generic);
  append_number (svg, " font-size=\"", stroke->font_size);
  g_string_append_printf (svg, "\"%s", stroke->bold ? " font-weight=\"bold\"" : "");
  append_color (svg, "fill", stroke->pen);
  g_string_append (svg, " xml:space=\"preserve\">");
  append_escaped (svg, stroke->text);
  g_string_append (svg, "</text>\n");
}

static void
append_path_points (GString *svg, const RnStroke *stroke)
{
  const char *between = stroke->kind == RN_STROKE_BEZIER ? "C" : "L";

  for (int i = 0; i < stroke->n_points; i++)
    {
      append_number (svg, i == 0 ? "M" : i == 1 ? between : " ", stroke->points[i].x);
      append_number (svg, ",", stroke->points[i].y);
    }
  if (stroke->kind == RN_STROKE_POLYGON)
    g_string_append_c (svg, 'Z');
}

static void
append_shape (GString *svg, const RnStroke *stroke)
{
  if (stroke->kind == RN_STROKE_ELLIPSE)
    {
      append_number (svg, "<ellipse cx=\"", stroke->points[0].x);
      append_number (svg, "\" cy=\"", stroke->points[0].y);
      append_number (svg, "\" rx=\"", stroke->points[1].x);
      append_number (svg, "\" ry=\"", stroke->points[1].y);
    }
  else
    {
      g_string_append (svg, "<path d=\"");
      append_path_points (svg, stroke);
    }
  g_string_append_c (svg, '"');
  append_color (svg, "fill", stroke->fill);
  append_color (svg, "stroke", stroke->pen);
  if (stroke->line_width != 1)
    {
      append_number (svg, " stroke-width=\"", stroke->line_width);
      g_string_append_c (svg, '"');
    }
  g_string_append_printf (svg, "%s/>\n", stroke->dashed ? " stroke-dasharray=\"5,3\"" : "");
}

static void
append_strokes (GString *svg, const RnStroke *strokes, int n)
{
  for (int i = 0; i < n; i++)
    if (strokes[i].n_points == 0)
      continue;
    else if (strokes[i].kind == RN_STROKE_TEXT)
      append_text (svg, &strokes[i]);
    else
      append_shape (svg, &strokes[i]);
  g_string_append (svg, "</g>\n");
}

static void
append_edge (GString *svg, const RnGraphEdge *edge, const char *const *names)
{
  g_autofree char *title = g_strdup_printf ("%s -> %s", names[edge->from], names[edge->to]);

  g_string_append (svg, "<g class=\"edge\"><title>");
  append_escaped (svg, title);
  g_string_append (svg, "</title>\n");
  append_strokes (svg, edge->strokes, edge->n_strokes);
}

/**
 * rn_graph_layout_to_svg:
 * @title: what the picture shows
 * @node_names: a name for each node
 *
 * Returns: (transfer full): an SVG document whose unit is the point; nodes and edges are groups of
 *   classes "node" and "edge" with titles, as in Graphviz' own
 */
char *
rn_graph_layout_to_svg (const RnGraphLayout *self, const char *title, const char *const *node_names)
{
  GString *svg = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<svg xmlns=\"http://www.w3.org/2000/svg\"");

  append_number (svg, " width=\"", self->width);
  append_number (svg, "pt\" height=\"", self->height);
  append_number (svg, "pt\" viewBox=\"0 0 ", self->width);
  append_number (svg, " ", self->height);
  g_string_append (svg, "\">\n<title>");
  append_escaped (svg, title);
  g_string_append (svg, "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
  for (int i = 0; i < self->n_nodes; i++)
    {
      g_string_append (svg, "<g class=\"node\"><title>");
      append_escaped (svg, node_names[i]);
      g_string_append (svg, "</title>\n");
      append_strokes (svg, self->nodes[i].strokes, self->nodes[i].n_strokes);
    }
  for (int i = 0; i < self->n_edges; i++)
    append_edge (svg, &self->edges[i], node_names);
  g_string_append (svg, "</svg>\n");

  return g_string_free (svg, FALSE);
}
