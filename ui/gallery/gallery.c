#include "ui/gallery/gallery.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/canvas/texture-node.h"

#define MIN_GAP 4
#define BORDER 2

/* Scrolls by itself (GtkScrollable), so that only the tiles in view are drawn: of 2,048 maps some
 * seventy. */
struct _RnGallery
{
  GtkWidget parent_instance;

  RnMaps *maps;
  GskRenderNode **nodes; /* of the maps' tiles */
  int n_nodes;
  int selected; /* channel, or -1 */
  int hovered;  /* likewise */

  GtkAdjustment *adjustments[2]; /* of GtkOrientation */
  guint policies[2];
};

enum
{
  PROP_0,
  PROP_SELECTED,
  N_PROPS,

  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE_WITH_CODE (RnGallery,
                               rn_gallery,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static int
get_n_columns (RnGallery *self)
{
  int room = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * BORDER + MIN_GAP;

  return MAX (room / (RN_GALLERY_TILE + MIN_GAP), 1);
}

/* Tiles keep their size, for their values are whole numbers of pixels; the gaps take the rest. */
static int
get_pitch (RnGallery *self)
{
  int n_columns = get_n_columns (self);
  int room = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * BORDER - RN_GALLERY_TILE;

  return n_columns > 1 ? MIN (room / (n_columns - 1), RN_GALLERY_TILE + 2 * MIN_GAP)
                       : RN_GALLERY_TILE + MIN_GAP;
}

static int
get_row_height (void)
{
  return RN_GALLERY_TILE + MIN_GAP;
}

static int
get_n_channels (RnGallery *self)
{
  return self->maps != NULL && !rn_maps_is_vector (self->maps) ? self->maps->n_channels : 0;
}

static graphene_rect_t
get_tile (RnGallery *self, int channel)
{
  int n_columns = get_n_columns (self);

  return GRAPHENE_RECT_INIT (
      BORDER + channel % n_columns * get_pitch (self),
      BORDER + channel / n_columns * get_row_height ()
          - floor (gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL])),
      RN_GALLERY_TILE, RN_GALLERY_TILE);
}

static int
find_channel (RnGallery *self, double x, double y)
{
  double top = gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]);
  int column = (int) floor ((x - BORDER) / get_pitch (self));
  int row = (int) floor ((y + top - BORDER) / get_row_height ());
  int channel = row * get_n_columns (self) + column;
  graphene_rect_t tile;

  if (column < 0 || column >= get_n_columns (self) || channel < 0
      || channel >= get_n_channels (self))
    return -1;

  tile = get_tile (self, channel);
  return graphene_rect_contains_point (&tile, &GRAPHENE_POINT_INIT (x, y)) ? channel : -1;
}

static void
configure_adjustment (RnGallery *self)
{
  int n_rows = (get_n_channels (self) + get_n_columns (self) - 1) / get_n_columns (self);
  double page = gtk_widget_get_height (GTK_WIDGET (self));
  double height = MAX (n_rows * get_row_height () - MIN_GAP + 2 * BORDER, page);
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double width = gtk_widget_get_width (GTK_WIDGET (self));

  gtk_adjustment_configure (vertical, MIN (gtk_adjustment_get_value (vertical), height - page), 0,
                            height, get_row_height (), page * 0.9, page);
  gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL], 0, 0, width, 1, width,
                            width);
}

static void
scroll_to (RnGallery *self, int channel)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  int top = channel / get_n_columns (self) * get_row_height ();

  gtk_adjustment_clamp_page (vertical, top, top + RN_GALLERY_TILE + 2 * BORDER);
}

/* The node of a tile is made when it first comes into sight. */
static void
append_tile (RnGallery *self, GtkSnapshot *snapshot, int channel, const graphene_rect_t *tile)
{
  GskRenderNode **node = &self->nodes[channel];

  if (*node == NULL)
    *node = rn_texture_node_new (GTK_WIDGET (self), self->maps->tiles[channel],
                                 &GRAPHENE_RECT_INIT (0, 0, tile->size.width, tile->size.height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &tile->origin);
  gtk_snapshot_append_node (snapshot, *node);
  gtk_snapshot_restore (snapshot);
}

static void
drop_nodes (RnGallery *self)
{
  for (int c = 0; c < self->n_nodes; c++)
    g_clear_pointer (&self->nodes[c], gsk_render_node_unref);
  g_clear_pointer (&self->nodes, g_free);
  self->n_nodes = 0;
}

static void
rn_gallery_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnGallery *self = RN_GALLERY (widget);
  double top = gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]);
  int height = gtk_widget_get_height (widget), n_columns = get_n_columns (self);
  int first = (int) (top / get_row_height ()) * n_columns;
  int last = MIN (((int) ((top + height) / get_row_height ()) + 1) * n_columns,
                  get_n_channels (self));
  GdkRGBA accent = { 0.2, 0.5, 0.9, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "rn_accent", &accent);
  for (int c = MAX (first, 0); c < last; c++)
    {
      graphene_rect_t tile = get_tile (self, c);

      append_tile (self, snapshot, c, &tile);
      if (c == self->selected || c == self->hovered)
        {
          GskRoundedRect outline;
          float thin = c == self->selected ? BORDER : 1;
          float widths[4] = { thin, thin, thin, thin };
          GdkRGBA colors[4] = { accent, accent, accent, accent };

          graphene_rect_inset (&tile, -thin, -thin);
          gsk_rounded_rect_init_from_rect (&outline, &tile, 2);
          gtk_snapshot_append_border (snapshot, &outline, widths, colors);
        }
    }
}

static void
rn_gallery_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  *minimum = RN_GALLERY_TILE + 2 * BORDER;
  *natural = 5 * (RN_GALLERY_TILE + MIN_GAP);
}

static void
rn_gallery_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  configure_adjustment (RN_GALLERY (widget));
}

static void
set_hovered (RnGallery *self, int channel)
{
  g_autofree char *tooltip = NULL;

  if (channel == self->hovered)
    return;

  self->hovered = channel;
  if (channel >= 0)
    tooltip = g_strdup_printf (_ ("Channel %d: %.3g to %.3g"), channel,
                               self->maps->ranges[channel].low, self->maps->ranges[channel].high);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_motion (RnGallery *self, double x, double y)
{
  set_hovered (self, find_channel (self, x, y));
}

static void
on_leave (RnGallery *self)
{
  set_hovered (self, -1);
}

static void
on_pressed (RnGallery *self, int n_press, double x, double y)
{
  int channel = find_channel (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (channel >= 0)
    rn_gallery_set_selected (self, channel);
}

static gboolean
on_key (RnGallery *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  int n_columns = get_n_columns (self), n_channels = get_n_channels (self), step;
  int n_rows_in_view = MAX (gtk_widget_get_height (GTK_WIDGET (self)) / get_row_height (), 1);

  if (n_channels == 0 || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_Left:
      step = -1;
      break;
    case GDK_KEY_Right:
      step = 1;
      break;
    case GDK_KEY_Up:
      step = -n_columns;
      break;
    case GDK_KEY_Down:
      step = n_columns;
      break;
    case GDK_KEY_Page_Up:
      step = -n_columns * n_rows_in_view;
      break;
    case GDK_KEY_Page_Down:
      step = n_columns * n_rows_in_view;
      break;
    case GDK_KEY_Home:
      step = -n_channels;
      break;
    case GDK_KEY_End:
      step = n_channels;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  rn_gallery_set_selected (
      self, self->selected < 0 ? 0 : CLAMP (self->selected + step, 0, n_channels - 1));
  scroll_to (self, self->selected);

  return GDK_EVENT_STOP;
}

static void
set_adjustment (RnGallery *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place != NULL)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_clear_object (place);
  *place = g_object_ref_sink (adjustment != NULL ? adjustment
                                                 : gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_swapped (*place, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self);
}

static void
rn_gallery_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RnGallery *self = RN_GALLERY (object);

  switch (id)
    {
    case PROP_SELECTED:
      rn_gallery_set_selected (self, g_value_get_int (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[id - PROP_HSCROLL_POLICY] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rn_gallery_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RnGallery *self = RN_GALLERY (object);

  switch (id)
    {
    case PROP_SELECTED:
      g_value_set_int (value, self->selected);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[id - PROP_HSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rn_gallery_dispose (GObject *object)
{
  RnGallery *self = RN_GALLERY (object);

  for (int i = 0; i < 2; i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->adjustments[i], self);
      g_clear_object (&self->adjustments[i]);
    }
  drop_nodes (self);
  g_clear_pointer (&self->maps, rn_maps_unref);

  G_OBJECT_CLASS (rn_gallery_parent_class)->dispose (object);
}

static void
rn_gallery_class_init (RnGalleryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = rn_gallery_set_property;
  object_class->get_property = rn_gallery_get_property;
  object_class->dispose = rn_gallery_dispose;
  widget_class->snapshot = rn_gallery_snapshot;
  widget_class->measure = rn_gallery_measure;
  widget_class->size_allocate = rn_gallery_size_allocate;

  props[PROP_SELECTED]
      = g_param_spec_int ("selected", NULL, NULL, -1, G_MAXINT, -1,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  gtk_widget_class_set_css_name (widget_class, "gallery");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
rn_gallery_init (RnGallery *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->selected = self->hovered = -1;
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
describe (RnGallery *self)
{
  g_autofree char *label = NULL;

  if (self->selected >= 0)
    label = g_strdup_printf (_ ("Feature maps: channel %d of %d, from %.3g to %.3g"), self->selected,
                             self->maps->n_channels, self->maps->ranges[self->selected].low,
                             self->maps->ranges[self->selected].high);
  else
    label = g_strdup_printf (_ ("Feature maps: %d channels"), get_n_channels (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/**
 * rn_gallery_set_maps:
 * @maps: (nullable): what to show; the channel that was selected stays so where there is such
 */
void
rn_gallery_set_maps (RnGallery *self, RnMaps *maps)
{
  g_return_if_fail (RN_IS_GALLERY (self));

  if (maps != NULL)
    rn_maps_ref (maps);
  drop_nodes (self);
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  self->n_nodes = get_n_channels (self);
  self->nodes = g_new0 (GskRenderNode *, self->n_nodes + 1);
  set_hovered (self, -1);
  if (self->selected >= get_n_channels (self))
    rn_gallery_set_selected (self, -1);
  configure_adjustment (self);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Returns: (transfer none) (nullable): what is shown */
RnMaps *
rn_gallery_get_maps (RnGallery *self)
{
  return self->maps;
}

/* Returns: the channel that is selected, or -1 */
int
rn_gallery_get_selected (RnGallery *self)
{
  return self->selected;
}

/**
 * rn_gallery_set_selected:
 * @channel: a channel of the maps shown, or -1
 */
void
rn_gallery_set_selected (RnGallery *self, int channel)
{
  g_return_if_fail (RN_IS_GALLERY (self));
  g_return_if_fail (channel >= -1 && (channel < 0 || channel < get_n_channels (self)));

  if (channel == self->selected)
    return;

  self->selected = channel;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}
