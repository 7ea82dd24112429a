#include "ui/gallery/gallery.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/gallery/map-tile.h"
#include "ui/tooltip/tooltip.h"

#define MIN_GAP 4
#define BORDER RN_MAP_TILE_BORDER

/* Scrolls by itself (GtkScrollable), so that only the maps in view have a tile: of 2,048 some
 * seventy. Those that leave at one end come in again at the other. */
struct _RnGallery
{
  GtkWidget parent_instance;

  RnMaps *maps;
  int selected; /* channel, or -1 */
  int hovered;  /* likewise */

  GPtrArray *tiles;  /* RnMapTile: the map at place p is shown by number p modulo their number */
  GArray *tile_maps; /* of int: the channel that each tile shows, or -1 */

  GtkAdjustment *adjustments[2]; /* of GtkOrientation */
  guint policies[2];
};

enum
{
  UNIT_POINTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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

static double
get_top (RnGallery *self)
{
  return floor (gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]));
}

/* Where the map at a place of the order is shown. */
static graphene_rect_t
get_tile (RnGallery *self, int place)
{
  int n_columns = get_n_columns (self);
  int column = place % n_columns, row = place / n_columns;

  return GRAPHENE_RECT_INIT (
      BORDER + column * get_pitch (self),
      BORDER + row * get_row_height () - get_top (self),
      RN_GALLERY_TILE, RN_GALLERY_TILE);
}

/* The channel at a place of the widget, or -1; @tile is where its map is shown. */
static int
find_channel (RnGallery *self, double x, double y, graphene_rect_t *tile)
{
  int column = (int) floor ((x - BORDER) / get_pitch (self));
  int row = (int) floor ((y + get_top (self) - BORDER) / get_row_height ());
  int place = row * get_n_columns (self) + column;

  if (column < 0 || column >= get_n_columns (self) || place < 0 || place >= get_n_channels (self))
    return -1;

  *tile = get_tile (self, place);
  return graphene_rect_contains_point (tile, &GRAPHENE_POINT_INIT (x, y))
             ? self->maps->channels[place]
             : -1;
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
  int top = self->maps->places[channel] / get_n_columns (self) * get_row_height ();

  gtk_adjustment_clamp_page (vertical, top, top + RN_GALLERY_TILE + 2 * BORDER);
}

static void
make_tiles (RnGallery *self, int n)
{
  int none = -1;

  while (self->tiles->len < (guint) n)
    {
      GtkWidget *tile = rn_map_tile_new ();

      gtk_widget_set_parent (tile, GTK_WIDGET (self));
      g_ptr_array_add (self->tiles, tile);
      g_array_append_val (self->tile_maps, none);
    }
  while (self->tiles->len > (guint) n)
    {
      gtk_widget_unparent (self->tiles->pdata[self->tiles->len - 1]);
      g_ptr_array_set_size (self->tiles, self->tiles->len - 1);
    }
  if (self->tile_maps->len != (guint) n)
    {
      g_array_set_size (self->tile_maps, n);
      for (int i = 0; i < n; i++)
        g_array_index (self->tile_maps, int, i) = -1;
    }
}

static void
fill_tile (RnGallery *self, int number, int place)
{
  int channel = self->maps->channels[place];
  const RnChannelStats *stats = &self->maps->stats[channel];
  RnMapTile *tile = self->tiles->pdata[number];
  g_autofree char *label = NULL;

  if (g_array_index (self->tile_maps, int, number) != channel)
    {
      label = g_strdup_printf (_ ("Channel %d: from %.3g to %.3g, mean %.3g"), channel, stats->low,
                               stats->high, stats->mean);
      rn_map_tile_set (tile, self->maps->tiles[channel], label, place, self->maps->n_channels);
      g_array_index (self->tile_maps, int, number) = channel;
    }
  rn_map_tile_set_state (tile, channel == self->selected, channel == self->hovered);
}

/* Gives the maps in view their tiles, and these their places. */
static void
place_tiles (RnGallery *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self)), n_columns = get_n_columns (self);
  int n_rows = height / get_row_height () + 2;
  int n = MIN (n_rows * n_columns, get_n_channels (self));
  int first = (int) (get_top (self) / get_row_height ()) * n_columns;

  first = CLAMP (first, 0, get_n_channels (self) - n);
  make_tiles (self, n);
  for (int place = first; place < first + n; place++)
    {
      graphene_rect_t tile = get_tile (self, place);
      GtkAllocation allocation = { tile.origin.x - BORDER, tile.origin.y - BORDER,
                                   RN_GALLERY_TILE + 2 * BORDER, RN_GALLERY_TILE + 2 * BORDER };

      fill_tile (self, place % n, place);
      gtk_widget_size_allocate (self->tiles->pdata[place % n], &allocation, -1);
    }
}

/* Only outlines change. */
static void
mark_tiles (RnGallery *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    {
      int channel = g_array_index (self->tile_maps, int, i);

      rn_map_tile_set_state (self->tiles->pdata[i], channel >= 0 && channel == self->selected,
                             channel >= 0 && channel == self->hovered);
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
  RnGallery *self = RN_GALLERY (widget);

  configure_adjustment (self);
  place_tiles (self);
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
                               self->maps->stats[channel].low, self->maps->stats[channel].high);
  rn_tooltip_set (GTK_WIDGET (self), tooltip);
  mark_tiles (self);
}

static void
on_motion (RnGallery *self, double x, double y)
{
  graphene_rect_t tile;
  int channel = find_channel (self, x, y, &tile);

  set_hovered (self, channel);
  if (channel >= 0)
    {
      double zoom = RN_GALLERY_TILE / (double) MAX (self->maps->width, self->maps->height);
      int row = (int) ((y - tile.origin.y) / zoom), column = (int) ((x - tile.origin.x) / zoom);

      g_signal_emit (self, signals[UNIT_POINTED], 0, channel,
                     CLAMP (row, 0, self->maps->height - 1),
                     CLAMP (column, 0, self->maps->width - 1));
    }
  else
    g_signal_emit (self, signals[UNIT_POINTED], 0, -1, -1, -1);
}

static void
on_leave (RnGallery *self)
{
  set_hovered (self, -1);
  g_signal_emit (self, signals[UNIT_POINTED], 0, -1, -1, -1);
}

static void
on_pressed (RnGallery *self, int n_press, double x, double y)
{
  graphene_rect_t tile;
  int channel = find_channel (self, x, y, &tile);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (channel >= 0)
    rn_gallery_set_selected (self, channel);
}

static gboolean
on_key (RnGallery *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  int n_columns = get_n_columns (self), n_channels = get_n_channels (self), step, place;
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
  place = self->selected < 0
              ? 0
              : CLAMP (self->maps->places[self->selected] + step, 0, n_channels - 1);
  rn_gallery_set_selected (self, self->maps->channels[place]);
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
  g_signal_connect_swapped (*place, "value-changed", G_CALLBACK (gtk_widget_queue_allocate),
                            self);
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
  make_tiles (self, 0);
  g_clear_pointer (&self->maps, rn_maps_unref);

  G_OBJECT_CLASS (rn_gallery_parent_class)->dispose (object);
}

static void
rn_gallery_finalize (GObject *object)
{
  RnGallery *self = RN_GALLERY (object);

  g_ptr_array_unref (self->tiles);
  g_array_unref (self->tile_maps);

  G_OBJECT_CLASS (rn_gallery_parent_class)->finalize (object);
}

static void
rn_gallery_class_init (RnGalleryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = rn_gallery_set_property;
  object_class->get_property = rn_gallery_get_property;
  object_class->dispose = rn_gallery_dispose;
  object_class->finalize = rn_gallery_finalize;
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

  /* The pointer is over a unit: its channel, row and column, or -1 each. */
  signals[UNIT_POINTED]
      = g_signal_new ("unit-pointed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);

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
  self->tiles = g_ptr_array_new ();
  self->tile_maps = g_array_new (FALSE, FALSE, sizeof (int));
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
                             self->maps->n_channels, self->maps->stats[self->selected].low,
                             self->maps->stats[self->selected].high);
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
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  set_hovered (self, -1);
  if (self->selected >= get_n_channels (self))
    rn_gallery_set_selected (self, -1);
  for (guint i = 0; i < self->tile_maps->len; i++)
    g_array_index (self->tile_maps, int, i) = -1;
  configure_adjustment (self);
  describe (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
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
  mark_tiles (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

/* Returns: how many maps have a tile just now: those in view, and a few more */
int
rn_gallery_get_n_tiles (RnGallery *self)
{
  return self->tiles->len;
}
