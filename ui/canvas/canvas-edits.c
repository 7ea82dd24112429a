/* How edits show on the canvas: a cut shortcut pale and with a sign across, a dropped branch hatched,
 * other changes by a badge at the layer or, where that is closed, at its block. */
#include "ui/canvas/canvas-edits.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/canvas/cairo-node.h"
#include "ui/canvas/canvas-text.h"

/* In points of the screen, below which a sign could not be seen. */
#define SIGN 6.5
#define BADGE 8.0

/* In points of the scene. */
#define HATCH 7.0

struct _RnCanvasEdits
{
  GPtrArray *edits; /* of RnEdit: those whose target the model has */
  int *places;      /* of each, its target: a layer */
  gboolean *gone;   /* for each layer whether a cut or a drop leaves it out */
  gboolean *cut;    /* for each block whether its shortcut is cut */
  gboolean *dropped;
};

static void
mark_gone (RnCanvasEdits *self, const int *layers, int n_layers)
{
  for (int i = 0; i < n_layers; i++)
    self->gone[layers[i]] = TRUE;
}

static int
find_block (const RnStructure *structure, int add)
{
  for (int b = 0; b < structure->n_blocks; b++)
    if (structure->blocks[b].add == add)
      return b;

  return -1;
}

static void
note_block (RnCanvasEdits *self, const RnStructure *structure, RnEditKind kind, int add)
{
  int b = find_block (structure, add);

  if (b < 0)
    return;
  if (kind == RN_EDIT_CUT_SHORTCUT)
    {
      self->cut[b] = TRUE;
      mark_gone (self, structure->blocks[b].shortcut, structure->blocks[b].n_shortcut);
    }
  else if (kind == RN_EDIT_DROP_BLOCK)
    {
      self->dropped[b] = TRUE;
      mark_gone (self, structure->blocks[b].branch, structure->blocks[b].n_branch);
    }
}

/**
 * rn_canvas_edits_new:
 * @edits: as rn_edit_parse() takes, %NULL-terminated; what @model does not have is passed over
 *
 * Returns: (transfer full): what is to be drawn of them
 */
RnCanvasEdits *
rn_canvas_edits_new (const RnModel *model, const char *const *edits)
{
  RnCanvasEdits *self = g_new0 (RnCanvasEdits, 1);
  const RnStructure *structure = rn_model_get_structure (model);

  self->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) rn_edit_free);
  self->places = g_new0 (int, g_strv_length ((char **) edits) + 1);
  self->gone = g_new0 (gboolean, rn_model_get_n_layers (model));
  self->cut = g_new0 (gboolean, structure->n_blocks + 1);
  self->dropped = g_new0 (gboolean, structure->n_blocks + 1);
  for (guint i = 0; edits[i] != NULL; i++)
    {
      g_autoptr (RnEdit) edit = rn_edit_parse (edits[i], NULL);
      const RnLayer *layer = edit != NULL ? rn_model_find_layer (model, edit->target, NULL) : NULL;

      if (layer == NULL)
        continue;
      note_block (self, structure, edit->kind, layer->index);
      self->places[self->edits->len] = layer->index;
      g_ptr_array_add (self->edits, g_steal_pointer (&edit));
    }

  return self;
}

void
rn_canvas_edits_free (RnCanvasEdits *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->edits);
  g_free (self->places);
  g_free (self->gone);
  g_free (self->cut);
  g_free (self->dropped);
  g_free (self);
}

/* Whether nothing flows along an edge any more. */
gboolean
rn_canvas_edits_stop_edge (const RnCanvasEdits *self, const RnSceneEdge *edge)
{
  if (self == NULL)
    return FALSE;

  return self->gone[edge->from] || self->gone[edge->to]
         || (edge->block >= 0 && self->cut[edge->block]);
}

static void
append_round (GtkSnapshot *snapshot, const RnRect *rect, double radius, GdkRGBA color)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (rect->x, rect->y, rect->width, rect->height);
  float width = MIN (rect->width, rect->height) / 2;
  const float widths[] = { width, width, width, width };
  const GdkRGBA colors[] = { color, color, color, color };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, radius);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

/* A round sign with a cross. */
static void
append_cross (RnCanvas *self, GtkSnapshot *snapshot, RnPoint at)
{
  double r = MAX (SIGN, SIGN / self->view.zoom), arm = r * 0.55, thick = r * 0.28;
  graphene_rect_t box = GRAPHENE_RECT_INIT (at.x - r, at.y - r, 2 * r, 2 * r);
  cairo_t *cr;

  append_round (snapshot, &(RnRect) { at.x - r, at.y - r, 2 * r, 2 * r }, r, self->palette.edited);
  cr = rn_cairo_node_append (snapshot, &box);
  gdk_cairo_set_source_rgba (cr, &self->palette.card);
  cairo_set_line_width (cr, thick);
  cairo_move_to (cr, at.x - arm, at.y - arm);
  cairo_line_to (cr, at.x + arm, at.y + arm);
  cairo_move_to (cr, at.x + arm, at.y - arm);
  cairo_line_to (cr, at.x - arm, at.y + arm);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* The middle of the longest piece of a block's shortcut. */
static gboolean
find_sign_place (const RnScene *scene, int block, RnPoint *place)
{
  double longest = -1;

  for (int i = 0; i < scene->n_edges; i++)
    {
      const RnSceneEdge *edge = &scene->edges[i];
      double size = edge->bounds.width + edge->bounds.height;
      int n_pieces = (edge->n_points - 1) / 3;

      if (edge->block != block || n_pieces < 1 || size <= longest)
        continue;
      longest = size;
      if (n_pieces % 2 == 0)
        *place = edge->points[(gint64) n_pieces / 2 * 3];
      else
        {
          const RnPoint *p = &edge->points[(gint64) n_pieces / 2 * 3];

          place->x = (p[0].x + 3 * p[1].x + 3 * p[2].x + p[3].x) / 8;
          place->y = (p[0].y + 3 * p[1].y + 3 * p[2].y + p[3].y) / 8;
        }
    }

  return longest >= 0;
}

static void
append_hatch (RnCanvas *self, GtkSnapshot *snapshot, const RnRect *rect)
{
  GdkRGBA veil = rn_color_with_alpha (self->palette.background, 0.6);
  double step = MAX (HATCH, HATCH / self->view.zoom);
  cairo_t *cr;

  if (rect->width <= 0 || rect->height <= 0)
    return;
  cr = rn_cairo_node_append (
      snapshot, &GRAPHENE_RECT_INIT (rect->x, rect->y, rect->width, rect->height));
  cairo_rectangle (cr, rect->x, rect->y, rect->width, rect->height);
  cairo_clip (cr);
  gdk_cairo_set_source_rgba (cr, &veil);
  cairo_paint (cr);
  gdk_cairo_set_source_rgba (cr, &self->palette.edited);
  cairo_set_line_width (cr, step * 0.2);
  for (double x = rect->x - rect->height; x < rect->x + rect->width; x += step)
    {
      cairo_move_to (cr, x, rect->y + rect->height);
      cairo_line_to (cr, x + rect->height, rect->y);
    }
  cairo_rectangle (cr, rect->x, rect->y, rect->width, rect->height);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static gboolean
in_sight (const RnRect *rect, const RnRect *sight)
{
  return rn_rect_intersects (rect, sight);
}

static void
draw_gone (RnCanvas *self, GtkSnapshot *snapshot, const RnRect *sight)
{
  const RnScene *scene = self->shown;

  for (int b = 0; b < scene->n_blocks; b++)
    if (self->edits->dropped[b] && scene->blocks[b].visible && !scene->blocks[b].open
        && scene->plot == NULL && in_sight (&scene->blocks[b].frame, sight))
      append_hatch (self, snapshot, &scene->blocks[b].frame);
  for (int i = 0; i < scene->n_layers; i++)
    if (self->edits->gone[i] && scene->layers[i].visible
        && in_sight (&scene->layers[i].bounds, sight))
      append_hatch (self, snapshot, &scene->layers[i].bounds);
}

static char *
describe_briefly (const RnEdit *edit)
{
  switch (edit->kind)
    {
    case RN_EDIT_CUT_SHORTCUT:
      return g_strdup (C_ ("badge", "shortcut cut"));
    case RN_EDIT_DROP_BLOCK:
      return g_strdup (C_ ("badge", "branch dropped"));
    case RN_EDIT_MOVE_STRIDE:
      return g_strdup (C_ ("badge", "stride moved"));
    case RN_EDIT_SILENCE:
      return g_strdup (C_ ("badge", "silenced"));
    case RN_EDIT_KEEP:
      return g_strdup (C_ ("badge", "kept only"));
    case RN_EDIT_SCALE:
      return g_strdup_printf ("× %g", edit->factor);
    case RN_EDIT_INSERT_RELU:
      return g_strdup (C_ ("badge", "+ ReLU"));
    case RN_EDIT_REMOVE_RELU:
      return g_strdup (C_ ("badge", "− ReLU"));
    case RN_EDIT_RANDOMIZE:
      return g_strdup (C_ ("badge", "random"));
    case RN_N_EDIT_KINDS:
    default:
      g_return_val_if_reached (g_strdup (""));
    }
}

static RnRect
get_badge_place (const RnCanvas *self, guint i)
{
  const RnEdit *edit = g_ptr_array_index (self->edits->edits, i);
  int layer = self->edits->places[i];
  int block = rn_model_get_structure (self->scene->model)->block_of[layer];

  if (edit->kind <= RN_EDIT_MOVE_STRIDE && block >= 0 && self->shown->blocks[block].visible)
    return self->shown->blocks[block].frame;

  return rn_scene_get_layer_bounds (self->shown, layer);
}

/* @row: how many badges stand there already */
static void
append_badge (RnCanvas *self, GtkSnapshot *snapshot, const char *text, const RnRect *place, int row)
{
  double size = CLAMP (BADGE / self->view.zoom, BADGE * 0.8, BADGE * 1.6);
  RnTextStyle style = { .size = size, .bold = TRUE };
  double width = rn_canvas_text_width (GTK_WIDGET (self), text, &style) + size;
  double height = size * 1.7;
  RnRect box = { place->x + place->width - width + 4, place->y - height * 0.7 + row * height * 1.08,
                 width, height };

  append_round (snapshot, &box, height / 2, self->palette.edited);
  rn_canvas_snapshot_text (snapshot, GTK_WIDGET (self), text, &style, &self->palette.card,
                           box.x + size / 2, box.y + height * 0.09);
}

static void
draw_badges (RnCanvas *self, GtkSnapshot *snapshot, const RnRect *sight)
{
  g_autofree RnRect *places = g_new (RnRect, self->edits->edits->len + 1);

  for (guint i = 0; i < self->edits->edits->len; i++)
    {
      g_autofree char *text = describe_briefly (g_ptr_array_index (self->edits->edits, i));
      int row = 0;

      places[i] = get_badge_place (self, i);
      for (guint k = 0; k < i; k++)
        row += places[k].x == places[i].x && places[k].y == places[i].y;
      if (in_sight (&places[i], sight))
        append_badge (self, snapshot, text, &places[i], row);
    }
}

/* @sight: the part of the scene in sight */
void
rn_canvas_draw_edits (RnCanvas *self, GtkSnapshot *snapshot, const RnRect *sight)
{
  if (self->edits == NULL)
    return;

  draw_gone (self, snapshot, sight);
  for (int b = 0; b < self->shown->n_blocks; b++)
    {
      RnPoint place = { 0, 0 };

      if (self->edits->cut[b] && find_sign_place (self->shown, b, &place))
        append_cross (self, snapshot, place);
    }
  draw_badges (self, snapshot, sight);
}

/**
 * rn_canvas_set_edits:
 * @edits: what is changed in the model that is shown, as rn_edit_parse() takes
 *
 * Marks them, until the next call or another model.
 */
void
rn_canvas_set_edits (RnCanvas *self, const char *const *edits)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  g_clear_pointer (&self->edits, rn_canvas_edits_free);
  if (self->model != NULL && edits != NULL && edits[0] != NULL)
    self->edits = rn_canvas_edits_new (self->model, edits);
  rn_canvas_drop_edge_nodes (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
