#include "ui/canvas/canvas-edits.h"

#include "ui/canvas/canvas-text.h"

G_DEFINE_FINAL_TYPE (RnCanvas, rn_canvas, GTK_TYPE_WIDGET)

enum
{
  PROP_MODEL = 1,
  PROP_LOOK,
  PROP_SELECTED_LAYER,
  PROP_SELECTED_BLOCK,
  PROP_SELECTED_PART,
  PROP_LEVEL,
  PROP_FOLD,
  PROP_WEIGH_EDGES,
  PROP_ZOOM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint layer_activated;

/* Whether what is drawn belongs to the model; not while another one is being laid out. */
gboolean
rn_canvas_shows_model (RnCanvas *self)
{
  return self->shown != NULL && self->shown->model == self->model;
}

void
rn_canvas_activate_layer (RnCanvas *self, int layer)
{
  g_signal_emit (self, layer_activated, 0, layer);
}

static void
describe_selection (RnCanvas *self)
{
  g_autofree char *text = NULL;

  if (self->model == NULL)
    text = g_strdup ("No model");
  else if (self->selected_layer >= 0)
    text = rn_canvas_layer_tooltip (self->model, self->selected_layer);
  else if (self->selected_block >= 0)
    text = rn_canvas_block_tooltip (self->model, self->selected_block);
  else if (self->selected_part >= 0)
    text = rn_canvas_part_tooltip (self->model, self->selected_part);
  else
    text = g_strdup_printf ("%d layers, nothing selected", rn_model_get_n_layers (self->model));
  g_strdelimit (text, "\n", ',');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
clear_model (RnCanvas *self)
{
  for (int i = 0; i < self->n_model_layers; i++)
    {
      g_clear_object (&self->thumbnails[i]);
      g_clear_pointer (&self->thumbnail_nodes[i], gsk_render_node_unref);
    }
  g_clear_pointer (&self->thumbnails, g_free);
  g_clear_pointer (&self->thumbnail_nodes, g_free);
  g_clear_pointer (&self->done, g_free);
  g_clear_pointer (&self->done_time, g_free);
  rn_canvas_clear_levels (self);
  rn_canvas_clear_history (self);
  g_hash_table_remove_all (self->marks);
  g_clear_pointer (&self->edits, rn_canvas_edits_free);
  self->n_model_layers = 0;
  self->running = FALSE;
  self->hovered = RN_NO_PLACE;
  g_clear_pointer (&self->model, rn_model_unref);
}

static void
clear_scenes (RnCanvas *self)
{
  rn_canvas_drop_nodes (self);
  g_clear_pointer (&self->layer_nodes, g_free);
  g_clear_pointer (&self->block_nodes, g_free);
  g_clear_pointer (&self->part_nodes, g_free);
  self->n_layers = self->n_blocks = self->n_parts = 0;
  g_clear_pointer (&self->motion_from, rn_scene_unref);
  g_clear_pointer (&self->shown, rn_scene_unref);
  g_clear_pointer (&self->scene, rn_scene_unref);
}

static void
rn_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  rn_canvas_apply_fit (RN_CANVAS (widget), FALSE);
}

static void
rn_canvas_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum = 200;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 720 : 600;
}

static gboolean
rn_canvas_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard_tip, GtkTooltip *tooltip)
{
  RnCanvas *self = RN_CANVAS (widget);
  g_autofree char *text = NULL;

  if (!rn_canvas_shows_model (self) || keyboard_tip)
    return FALSE;
  if (self->hovered.layer >= 0)
    text = rn_canvas_layer_tooltip (self->model, self->hovered.layer);
  else if (self->hovered.block >= 0)
    text = rn_canvas_block_tooltip (self->model, self->hovered.block);
  else if (self->hovered.part >= 0)
    text = rn_canvas_part_tooltip (self->model, self->hovered.part);
  if (text == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);

  return TRUE;
}

static void
rn_canvas_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RnCanvas *self = RN_CANVAS (object);

  switch (id)
    {
    case PROP_MODEL:
      g_value_set_pointer (value, self->model);
      break;
    case PROP_LOOK:
      g_value_set_int (value, self->look);
      break;
    case PROP_SELECTED_LAYER:
      g_value_set_int (value, self->selected_layer);
      break;
    case PROP_SELECTED_BLOCK:
      g_value_set_int (value, self->selected_block);
      break;
    case PROP_SELECTED_PART:
      g_value_set_int (value, self->selected_part);
      break;
    case PROP_LEVEL:
      g_value_set_int (value, rn_canvas_get_level (self));
      break;
    case PROP_FOLD:
      g_value_set_boolean (value, self->fold);
      break;
    case PROP_WEIGH_EDGES:
      g_value_set_boolean (value, self->weigh_edges);
      break;
    case PROP_ZOOM:
      g_value_set_double (value, rn_canvas_get_zoom (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rn_canvas_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RnCanvas *self = RN_CANVAS (object);

  switch (id)
    {
    case PROP_MODEL:
      rn_canvas_set_model (self, g_value_get_pointer (value));
      break;
    case PROP_LOOK:
      rn_canvas_set_look (self, g_value_get_int (value));
      break;
    case PROP_SELECTED_LAYER:
      rn_canvas_select_layer (self, g_value_get_int (value));
      break;
    case PROP_SELECTED_BLOCK:
      rn_canvas_select_block (self, g_value_get_int (value));
      break;
    case PROP_SELECTED_PART:
      rn_canvas_select_part (self, g_value_get_int (value));
      break;
    case PROP_LEVEL:
      if (g_value_get_int (value) >= 0)
        rn_canvas_set_level (self, g_value_get_int (value));
      break;
    case PROP_FOLD:
      rn_canvas_set_fold (self, g_value_get_boolean (value));
      break;
    case PROP_WEIGH_EDGES:
      rn_canvas_set_weigh_edges (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rn_canvas_dispose (GObject *object)
{
  RnCanvas *self = RN_CANVAS (object);

  if (self->layout != NULL)
    g_cancellable_cancel (self->layout);
  g_clear_object (&self->layout);
  g_clear_handle_id (&self->refine, g_source_remove);
  clear_scenes (self);
  if (self->marks != NULL)
    clear_model (self);
  g_clear_pointer (&self->marks, g_hash_table_unref);
  g_clear_pointer (&self->history, g_array_unref);
  g_clear_pointer (&self->undo, g_ptr_array_unref);

  G_OBJECT_CLASS (rn_canvas_parent_class)->dispose (object);
}

static void
add_properties (GObjectClass *object_class)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /* An RnModel is no GObject; the canvas holds a reference of its own. */
  properties[PROP_MODEL] = g_param_spec_pointer ("model", NULL, NULL, flags);
  properties[PROP_LOOK] = g_param_spec_int ("look", NULL, NULL, 0, RN_N_LOOKS - 1, 0, flags);
  properties[PROP_SELECTED_LAYER] =
      g_param_spec_int ("selected-layer", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_SELECTED_BLOCK] =
      g_param_spec_int ("selected-block", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_SELECTED_PART] =
      g_param_spec_int ("selected-part", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_LEVEL] = g_param_spec_int ("level", NULL, NULL, RN_LEVEL_MIXED, RN_N_LEVELS - 1,
                                             RN_LEVEL_BLOCKS, flags);
  properties[PROP_FOLD] = g_param_spec_boolean ("fold", NULL, NULL, FALSE, flags);
  properties[PROP_WEIGH_EDGES] = g_param_spec_boolean ("weigh-edges", NULL, NULL, FALSE, flags);
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rn_canvas_class_init (RnCanvasClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = rn_canvas_dispose;
  object_class->get_property = rn_canvas_get_property;
  object_class->set_property = rn_canvas_set_property;
  widget_class->snapshot = rn_canvas_snapshot;
  widget_class->size_allocate = rn_canvas_size_allocate;
  widget_class->measure = rn_canvas_measure;
  widget_class->query_tooltip = rn_canvas_query_tooltip;

  add_properties (object_class);
  /* Somebody asked for the selected layer by Enter or a double click: (canvas, layer). */
  layer_activated = g_signal_new ("layer-activated", RN_TYPE_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  rn_canvas_class_add_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

/* Unhinted glyphs keep their widths at any zoom, and are made in half the time. */
static void
set_font_options (RnCanvas *self)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  gtk_widget_set_font_options (GTK_WIDGET (self), options);
  cairo_font_options_destroy (options);
}

static void
rn_canvas_init (RnCanvas *self)
{
  self->view.zoom = 1;
  self->fit = RN_FIT_WHOLE;
  self->selected_layer = self->selected_block = self->selected_part = -1;
  self->hovered = RN_NO_PLACE;
  rn_canvas_init_history (self);
  self->marks = g_hash_table_new (NULL, NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Graph of the network", -1);
  set_font_options (self);
  rn_canvas_add_controllers (self);
}

GtkWidget *
rn_canvas_new (void)
{
  return g_object_new (RN_TYPE_CANVAS, NULL);
}

RnModel *
rn_canvas_get_model (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), NULL);

  return self->model;
}

/**
 * rn_canvas_set_model:
 * @model: (nullable): what to show
 *
 * Selection, run and thumbnails start anew. While plot_model's looks are being laid out the old
 * picture stays.
 */
void
rn_canvas_set_model (RnCanvas *self, RnModel *model)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (model == self->model)
    return;
  if (model != NULL)
    rn_model_ref (model);
  clear_model (self);
  self->model = model;
  rn_canvas_select_layer (self, -1);
  if (model == NULL)
    clear_scenes (self);
  else
    {
      g_autofree char *label = g_strdup_printf ("Graph of %s", rn_model_get_title (model));

      self->n_model_layers = rn_model_get_n_layers (model);
      self->thumbnails = g_new0 (GdkTexture *, self->n_model_layers);
      self->thumbnail_nodes = g_new0 (GskRenderNode *, self->n_model_layers);
      self->done = g_new0 (guint8, self->n_model_layers);
      self->done_time = g_new0 (gint64, self->n_model_layers);
      rn_canvas_start_levels (self);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      -1);
      rn_canvas_update_scene (self);
    }
  describe_selection (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
}

RnLook
rn_canvas_get_look (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), RN_LOOK_BLOCKS);

  return self->look;
}

void
rn_canvas_set_look (RnCanvas *self, RnLook look)
{
  g_return_if_fail (RN_IS_CANVAS (self));
  g_return_if_fail ((int)look >= 0 && look < RN_N_LOOKS);

  if (look == self->look)
    return;
  rn_canvas_remember_view (self);
  self->look = look;
  rn_canvas_update_scene (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOOK]);
}

/* Whether what is drawn is the model in its look, not what was there before. */
gboolean
rn_canvas_is_ready (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->model != NULL && self->ready && self->motion_from == NULL;
}

/**
 * rn_canvas_get_scene:
 *
 * Returns: (transfer none) (nullable): where things stand, or are on their way to
 */
RnScene *
rn_canvas_get_scene (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), NULL);

  return self->scene;
}

int
rn_canvas_get_selected_layer (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), -1);

  return self->selected_layer;
}

int
rn_canvas_get_selected_block (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), -1);

  return self->selected_block;
}

int
rn_canvas_get_selected_part (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), -1);

  return self->selected_part;
}

void
rn_canvas_set_selection (RnCanvas *self, RnScenePlace place)
{
  gboolean new_layer = place.layer != self->selected_layer;
  gboolean new_block = place.block != self->selected_block;
  gboolean new_part = place.part != self->selected_part;

  if (!new_layer && !new_block && !new_part)
    return;
  self->selected_layer = place.layer;
  self->selected_block = place.block;
  self->selected_part = place.part;
  rn_canvas_remember_selection (self);
  describe_selection (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_freeze_notify (G_OBJECT (self));
  if (new_layer)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_LAYER]);
  if (new_block)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_BLOCK]);
  if (new_part)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_PART]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * rn_canvas_select_layer:
 * @layer: index of a layer; -1 for nothing
 *
 * A selected layer takes the place of a selected block or part.
 */
void
rn_canvas_select_layer (RnCanvas *self, int layer)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  rn_canvas_set_selection (
      self, (RnScenePlace){ layer < self->n_model_layers ? MAX (layer, -1) : -1, -1, -1 });
}

/**
 * rn_canvas_select_block:
 * @block: index of a block in the model's structure; -1 for nothing
 */
void
rn_canvas_select_block (RnCanvas *self, int block)
{
  int n;

  g_return_if_fail (RN_IS_CANVAS (self));

  n = self->model != NULL ? rn_model_get_structure (self->model)->n_blocks : 0;
  rn_canvas_set_selection (self, (RnScenePlace){ -1, block < n ? MAX (block, -1) : -1, -1 });
}

/**
 * rn_canvas_select_part:
 * @part: 0 for the stem, then the stages, then the head; -1 for nothing
 */
void
rn_canvas_select_part (RnCanvas *self, int part)
{
  int n;

  g_return_if_fail (RN_IS_CANVAS (self));

  n = self->model != NULL ? rn_structure_get_n_parts (rn_model_get_structure (self->model)) : 0;
  rn_canvas_set_selection (self, (RnScenePlace){ -1, -1, part < n ? MAX (part, -1) : -1 });
}
