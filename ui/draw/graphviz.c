/* Layout by Graphviz' library, what plot_model itself calls. Its state is global and it is not made
 * for threads, so that everything here happens behind one lock. */
#include "ui/draw/graph-layout-private.h"

#include <locale.h>
#include <math.h>
#include <gio/gio.h>
#include <graphviz/gvc.h>

#include "ui/draw/xdot-reader.h"

/* Graphviz leaves this much around a picture (its attribute `pad`, 0.0555 inches). */
#define MARGIN 4.0

static GMutex lock;
static GVC_t *context;      /* under the lock; lives as long as the program */
static GString *complaints; /* under the lock: what Graphviz said during a call */

static int
note_complaint (char *text)
{
  if (complaints != NULL)
    g_string_append (complaints, text);

  return 0;
}

static char *
take_complaints (void)
{
  char *text =
      g_strdup (complaints != NULL ? g_strdelimit (g_strstrip (complaints->str), "\n", ' ') : "");

  g_string_truncate (complaints, 0);

  return text;
}

static gboolean
read_strokes (
    void *object, const char *const *attributes, RnPoint corner, int *n_strokes, RnStroke **strokes)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (RnStroke));
  gboolean success = TRUE;

  for (int i = 0; attributes[i] != NULL; i++)
    {
      const char *text = agget (object, (char *)attributes[i]);

      if (text != NULL && *text != '\0')
        success &= rn_xdot_read (text, corner.x, corner.y, all);
    }
  *n_strokes = all->len;
  *strokes = (RnStroke *)g_array_free (all, FALSE);

  return success;
}

static RnRect
bound_strokes (const RnStroke *strokes, int n)
{
  double left = G_MAXDOUBLE, top = G_MAXDOUBLE, right = -G_MAXDOUBLE, bottom = -G_MAXDOUBLE;

  for (int i = 0; i < n; i++)
    for (int k = 0; k < strokes[i].n_points; k++)
      {
        left = MIN (left, strokes[i].points[k].x);
        top = MIN (top, strokes[i].points[k].y);
        right = MAX (right, strokes[i].points[k].x);
        bottom = MAX (bottom, strokes[i].points[k].y);
      }
  if (left > right)
    return (RnRect){ 0 };

  return (RnRect){ left, top, right - left, bottom - top };
}

/* The index of a node goes into its record, for the edges to find. */
typedef struct
{
  Agrec_t header;
  int index;
} NodeIndex;

static char node_index_name[] = "rn_index";

static gboolean
read_node (Agnode_t *node, RnPoint corner, RnGraphNode *result)
{
  static const char *const attributes[] = { "_draw_", "_ldraw_", NULL };
  double width = ND_width (node) * 72, height = ND_height (node) * 72;
  pointf centre = ND_coord (node);

  result->bounds =
      (RnRect){ centre.x - corner.x - width / 2, corner.y - centre.y - height / 2, width, height };

  return read_strokes (node, attributes, corner, &result->n_strokes, &result->strokes);
}

static gboolean
read_edge (Agedge_t *edge, RnPoint corner, RnGraphEdge *result)
{
  static const char *const attributes[] = { "_draw_", "_tdraw_", "_hdraw_", NULL };
  NodeIndex *from = (NodeIndex *)aggetrec (agtail (edge), node_index_name, 0);
  NodeIndex *to = (NodeIndex *)aggetrec (aghead (edge), node_index_name, 0);

  result->from = from->index;
  result->to = to->index;
  if (!read_strokes (edge, attributes, corner, &result->n_strokes, &result->strokes))
    return FALSE;
  result->bounds = bound_strokes (result->strokes, result->n_strokes);

  return TRUE;
}

static RnGraphLayout *
read_graph (Agraph_t *graph)
{
  boxf box = GD_bb (graph);
  RnPoint corner = { box.LL.x - MARGIN, box.UR.y + MARGIN };
  RnGraphLayout *self = rn_graph_layout_alloc (agnnodes (graph), agnedges (graph));
  gboolean success = TRUE;
  int i = 0, e = 0;

  self->width = box.UR.x - box.LL.x + 2 * MARGIN;
  self->height = box.UR.y - box.LL.y + 2 * MARGIN;
  for (Agnode_t *node = agfstnode (graph); node != NULL; node = agnxtnode (graph, node))
    {
      NodeIndex *record = agbindrec (node, node_index_name, sizeof (NodeIndex), 0);

      record->index = i;
      success &= read_node (node, corner, &self->nodes[i++]);
    }
  for (Agnode_t *node = agfstnode (graph); node != NULL; node = agnxtnode (graph, node))
    for (Agedge_t *edge = agfstout (graph, node); edge != NULL; edge = agnxtout (graph, edge))
      success &= read_edge (edge, corner, &self->edges[e++]);
  if (!success)
    g_clear_pointer (&self, rn_graph_layout_unref);

  return self;
}

/* For the names of PostScript's fonts ("Times-Roman", its default, and "Helvetica") Graphviz' Pango
 * plugin takes some family of its own choice. A name that it does not know, such as "Times", goes
 * to fontconfig, as ours does when we draw; so text gets the room that it needs. */
static void
set_fonts (Agraph_t *graph)
{
  char attribute[] = "fontname", times[] = "Times", helvetica[] = "Helvetica,";

  if (agattr (graph, AGNODE, attribute, NULL) == NULL)
    agattr (graph, AGNODE, attribute, times);
  for (Agnode_t *node = agfstnode (graph); node != NULL; node = agnxtnode (graph, node))
    if (g_strcmp0 (agget (node, attribute), "Helvetica") == 0)
      agset (node, attribute, helvetica);
}

/* The drawing instructions come into being when the layout is rendered as xdot; the text that this
 * makes is not needed, the attributes that it leaves on the graph are. */
static RnGraphLayout *
lay_out_graph (Agraph_t *graph)
{
  g_autoptr (RnGraphLayout) layout = NULL;
  char *text = NULL;
  unsigned int length;

  set_fonts (graph);
  if (gvLayout (context, graph, "dot") != 0)
    return NULL;
  if (gvRenderData (context, graph, "xdot", &text, &length) == 0)
    layout = read_graph (graph);
  if (text != NULL)
    gvFreeRenderData (text);
  gvFreeLayout (context, graph);

  return g_steal_pointer (&layout);
}

static RnGraphLayout *
lay_out_locked (const char *dot, GError **error)
{
  RnGraphLayout *layout = NULL;
  Agraph_t *graph;

  if (context == NULL)
    {
      agseterrf (note_complaint);
      complaints = g_string_new (NULL);
      context = gvContext ();
    }
  graph = agmemread (dot);
  if (graph != NULL)
    {
      layout = lay_out_graph (graph);
      agclose (graph);
    }
  if (layout == NULL)
    {
      g_autofree char *why = take_complaints ();

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Graphviz cannot lay out the graph%s%s",
                   *why != '\0' ? ": " : "; is its `dot` layout (package libgvc6) installed?", why);
    }
  g_string_truncate (complaints, 0);

  return layout;
}

/**
 * rn_graph_layout_new_from_dot:
 * @dot: a graph in Graphviz' language
 *
 * Lays out a graph with Graphviz' `dot`. May be called from any thread; calls wait for one another.
 *
 * Returns: (transfer full): the layout, or %NULL with @error set
 */
RnGraphLayout *
rn_graph_layout_new_from_dot (const char *dot, GError **error)
{
  RnGraphLayout *layout;
  locale_t plain, old;

  g_return_val_if_fail (dot != NULL, NULL);

  /* Graphviz reads and writes numbers by the locale, where a comma may stand for the point. */
  plain = newlocale (LC_NUMERIC_MASK, "C", duplocale (uselocale (0)));
  old = uselocale (plain);
  g_mutex_lock (&lock);
  layout = lay_out_locked (dot, error);
  g_mutex_unlock (&lock);
  uselocale (old);
  freelocale (plain);

  return layout;
}
