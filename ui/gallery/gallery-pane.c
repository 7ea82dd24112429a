#include "ui/gallery/gallery-pane-private.h"

#include <glib/gi18n.h>

#include "ui/document/work.h"

enum
{
  EXPLAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnGalleryPane, rn_gallery_pane, GTK_TYPE_WIDGET)

static gboolean
is_trained (RnGalleryPane *self)
{
  return rn_network_get_weights (rn_document_get_network (self->document))->trained;
}

/* Whether the edits in force leave the layer out. */
static gboolean
is_lost (RnGalleryPane *self)
{
  const RnRun *run = rn_document_get_run (self->document);

  return run != NULL && self->layer >= 0 && !rn_run_has_layer (run, self->layer);
}

static void
show_title (RnGalleryPane *self)
{
  g_autofree char *title = NULL;

  if (self->maps == NULL)
    title = g_strdup (_ ("Feature maps"));
  else if (rn_maps_is_vector (self->maps))
    title = g_strdup_printf (g_dngettext (NULL, "%d value", "%d values", self->maps->n_channels),
                             self->maps->n_channels);
  else
    title = g_strdup_printf (g_dngettext (NULL, "%d map", "%d maps", self->maps->n_channels),
                             self->maps->n_channels);
  gtk_label_set_label (self->title, title);
  gtk_widget_set_visible (self->untrained, self->maps != NULL && !is_trained (self));
}

static void
show_vector (RnGalleryPane *self)
{
  g_autofree char *text = g_strdup_printf (_ ("from %.4g to %.4g"), self->maps->range.low,
                                           self->maps->range.high);

  rn_bars_set_maps (self->bars, self->maps);
  gtk_label_set_label (self->vector_range, text);
}

static void
show_legend (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);
  gboolean own = self->maps->options.scale == RN_MAPS_SCALE_CHANNEL;
  RnRange ends = rn_maps_get_ends (self->maps, MAX (channel, 0));

  rn_legend_set (self->legend, self->maps->options.colors, own && channel < 0 ? NULL : &ends);
}

static void
show_hint (RnGalleryPane *self)
{
  if (self->layer < 0)
    gtk_label_set_label (self->hint, _ ("Select a layer or a block: what it computes is shown here."));
  else if (rn_document_get_picture (self->document) == NULL)
    gtk_label_set_label (self->hint, _ ("Open a picture to see what this layer computes."));
  else if (is_lost (self))
    gtk_label_set_label (self->hint, _ ("An edit leaves this layer out: it computes nothing."));
  else
    gtk_label_set_label (self->hint, "");
}

static void
show (RnGalleryPane *self)
{
  gboolean is_vector = self->maps != NULL && rn_maps_is_vector (self->maps);
  gboolean has_maps = self->maps != NULL && !is_vector;

  show_title (self);
  gtk_widget_set_visible (self->options, has_maps);
  gtk_widget_set_visible (GTK_WIDGET (self->legend), has_maps);
  gtk_widget_set_visible (GTK_WIDGET (self->overlay), has_maps);
  gtk_widget_set_visible (GTK_WIDGET (self->pin), has_maps);
  gtk_widget_set_visible (self->save, self->maps != NULL);
  rn_gallery_set_maps (self->gallery, has_maps ? self->maps : NULL);
  if (self->maps == NULL)
    {
      show_hint (self);
      gtk_stack_set_visible_child_name (self->stack, "empty");
    }
  else if (is_vector)
    {
      show_vector (self);
      gtk_stack_set_visible_child_name (self->stack, "vector");
    }
  else
    {
      show_legend (self);
      rn_gallery_pane_show_channel (self);
      gtk_stack_set_visible_child_name (self->stack, "maps");
    }
}

static void
take_wanted (RnGalleryPane *self)
{
  if (self->wanted_channel >= 0 && !rn_maps_is_vector (self->maps)
      && self->wanted_channel < self->maps->n_channels)
    rn_gallery_set_selected (self->gallery, self->wanted_channel);
  self->wanted_channel = -1;
}

static void
set_maps (RnGalleryPane *self, RnMaps *maps)
{
  if (maps != NULL)
    rn_maps_ref (maps);
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  self->maps_layer = self->layer;
  rn_document_set_probe (self->document, NULL);
  show (self);
  if (maps != NULL)
    take_wanted (self);
  rn_gallery_pane_show_overlay (self);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnGalleryPane) self = data;
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RnMaps) maps = rn_maps_load_finish (result, &error);

  if (cancellable != self->cancellable)
    return;

  g_clear_object (&self->cancellable);
  if (maps != NULL)
    set_maps (self, maps);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    rn_document_report (self->document, error->message);
}

/* Asks for the maps of the layer; those shown stay until the others are there, so that nothing
 * flickers when pictures follow one another. */
static void
load (RnGalleryPane *self)
{
  RnRun *run = rn_document_get_run (self->document);
  RnMapsOptions options = {
    .tile_size = RN_GALLERY_TILE * gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .colors = gtk_drop_down_get_selected (self->colors),
    .scale = gtk_drop_down_get_selected (self->scale),
    .order = gtk_drop_down_get_selected (self->order),
  };

  rn_work_cancel (&self->cancellable);
  rn_pin_board_set_colors (self->pins, options.colors);
  if (self->layer < 0 || is_lost (self))
    set_maps (self, NULL);
  if (is_lost (self) && rn_document_get_overlay_owner (self->document) == self)
    rn_document_claim_overlay (self->document, NULL);
  if (self->layer < 0 || run == NULL || is_lost (self))
    {
      show_hint (self);
      return;
    }

  self->cancellable = g_cancellable_new ();
  rn_maps_load_async (rn_document_get_network (self->document), run, self->layer, &options,
                      self->cancellable, on_loaded, g_object_ref (self));
}

static void
on_option (RnGalleryPane *self)
{
  if (self->document != NULL)
    load (self);
}

static void
on_selected (RnGalleryPane *self)
{
  if (self->document == NULL || self->maps == NULL)
    return;

  rn_gallery_pane_show_channel (self);
  if (!rn_maps_is_vector (self->maps))
    show_legend (self);
  rn_gallery_pane_show_overlay (self);
}

static void
probe (RnGalleryPane *self, int channel, int y, int x)
{
  RnProbe unit = { self->maps_layer, { y, x, channel }, 0 };

  if (channel < 0 || y < 0 || self->maps == NULL)
    {
      rn_document_set_probe (self->document, NULL);
      return;
    }

  unit.value = rn_maps_get_value (self->maps, channel, y, x);
  rn_document_set_probe (self->document, &unit);
}

static void
on_gallery_unit (RnGalleryPane *self, int channel, int y, int x)
{
  probe (self, channel, y, x);
}

static void
on_view_unit (RnGalleryPane *self, int y, int x)
{
  probe (self, rn_gallery_get_selected (self->gallery), y, x);
  if (self->maps != NULL && rn_gallery_get_selected (self->gallery) >= 0)
    rn_gallery_pane_describe (self);
}

static void
on_view_activated (RnGalleryPane *self, int y, int x)
{
  g_signal_emit (self, signals[EXPLAIN], 0, self->maps_layer,
                 rn_gallery_get_selected (self->gallery), y, x);
}

static void
on_bar_unit (RnGalleryPane *self, int unit)
{
  probe (self, unit, unit >= 0 ? 0 : -1, 0);
}

static void
on_bar_activated (RnGalleryPane *self, int unit)
{
  g_signal_emit (self, signals[EXPLAIN], 0, self->maps_layer, unit, 0, 0);
}

static void
on_overlay_toggled (RnGalleryPane *self)
{
  gboolean active = gtk_toggle_button_get_active (self->overlay);

  if (self->document == NULL || active == (rn_document_get_overlay_owner (self->document) == self))
    return;

  rn_document_claim_overlay (self->document, active ? self : NULL);
  rn_gallery_pane_show_overlay (self);
}

static void
on_overlay_owner (RnGalleryPane *self)
{
  gtk_toggle_button_set_active (self->overlay,
                                rn_document_get_overlay_owner (self->document) == self);
}

static void
on_pin_toggled (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);

  if (channel >= 0 && self->maps != NULL
      && gtk_toggle_button_get_active (self->pin)
             != rn_pin_board_has (self->pins, self->maps_layer, channel))
    rn_pin_board_toggle (self->pins, self->maps_layer, channel);
}

static void
on_pins_changed (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);

  if (channel >= 0 && self->maps != NULL)
    gtk_toggle_button_set_active (self->pin,
                                  rn_pin_board_has (self->pins, self->maps_layer, channel));
}

static void
on_pin_activated (RnGalleryPane *self, int layer, int channel)
{
  rn_document_select_layer (self->document, layer);
  rn_gallery_pane_select_channel (self, channel);
}

static void
on_model (RnGalleryPane *self)
{
  /* The number of the layer means another one now; the owner says which. */
  self->layer = -1;
  set_maps (self, NULL);
}

static void
rn_gallery_pane_dispose (GObject *object)
{
  RnGalleryPane *self = RN_GALLERY_PANE (object);
  GtkWidget *child;

  rn_work_cancel (&self->cancellable);
  rn_work_cancel (&self->enlarging);
  rn_work_cancel (&self->overlaying);
  g_clear_object (&self->saving); /* a file that is being written is written to its end */
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->maps, rn_maps_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_gallery_pane_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, title);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, untrained);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, options);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, overlay);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, pin);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, save);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, order);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, scale);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, colors);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, legend);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, stack);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, hint);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, gallery);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, revealer);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, view);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, channel);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, bars);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, vector_range);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, pins);
}

static void
rn_gallery_pane_class_init (RnGalleryPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_gallery_pane_dispose;
  g_type_ensure (RN_TYPE_GALLERY);
  g_type_ensure (RN_TYPE_BARS);
  g_type_ensure (RN_TYPE_LEGEND);
  g_type_ensure (RN_TYPE_MAP_VIEW);
  g_type_ensure (RN_TYPE_PIN_BOARD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/gallery/gallery-pane.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_option);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_gallery_unit);
  gtk_widget_class_bind_template_callback (widget_class, on_view_unit);
  gtk_widget_class_bind_template_callback (widget_class, on_view_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_bar_unit);
  gtk_widget_class_bind_template_callback (widget_class, on_bar_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_overlay_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_pin_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_pins_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_pin_activated);
  gtk_widget_class_bind_template_callback (widget_class, rn_gallery_pane_choose_file);

  /* Somebody wants to know why a unit has its value: its layer, channel, row and column. */
  signals[EXPLAIN]
      = g_signal_new ("explain", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
}

static void
rn_gallery_pane_init (RnGalleryPane *self)
{
  self->layer = self->maps_layer = self->wanted_channel = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_gallery_pane_set_document (RnGalleryPane *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_GALLERY_PANE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  rn_pin_board_set_document (self->pins, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::picture-name", G_CALLBACK (show_hint), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (load), self);
  g_signal_connect_swapped (document, "notify::overlay", G_CALLBACK (on_overlay_owner), self);
  show (self);
}

/**
 * rn_gallery_pane_set_layer:
 * @layer: index of a layer of the document's model, or -1 for none
 */
void
rn_gallery_pane_set_layer (RnGalleryPane *self, int layer)
{
  g_return_if_fail (RN_IS_GALLERY_PANE (self));

  if (layer == self->layer)
    return;

  self->layer = layer;
  self->wanted_channel = -1;
  rn_gallery_set_selected (self->gallery, -1);
  load (self);
}

/**
 * rn_gallery_pane_select_channel:
 * @channel: of the layer; enlarged now or, where its map is still being made, then
 */
void
rn_gallery_pane_select_channel (RnGalleryPane *self, int channel)
{
  g_return_if_fail (RN_IS_GALLERY_PANE (self));

  self->wanted_channel = channel;
  if (self->maps != NULL && self->maps_layer == self->layer && self->cancellable == NULL)
    take_wanted (self);
}

/**
 * rn_gallery_pane_set_options:
 * @order: in which order the maps come
 * @scale: what the ends of the colours stand for
 * @colors: which colours
 */
void
rn_gallery_pane_set_options (RnGalleryPane *self,
                             RnChannelOrder order,
                             RnMapsScale scale,
                             RnColorMap colors)
{
  g_return_if_fail (RN_IS_GALLERY_PANE (self));

  gtk_drop_down_set_selected (self->order, order);
  gtk_drop_down_set_selected (self->scale, scale);
  gtk_drop_down_set_selected (self->colors, colors);
}

/* Whether the selected channel is laid over the picture. */
void
rn_gallery_pane_set_overlay (RnGalleryPane *self, gboolean overlay)
{
  gtk_toggle_button_set_active (self->overlay, overlay);
}

/* Returns: (transfer none) (nullable): what is shown */
RnMaps *
rn_gallery_pane_get_maps (RnGalleryPane *self)
{
  return self->maps;
}

RnGallery *
rn_gallery_pane_get_gallery (RnGalleryPane *self)
{
  return self->gallery;
}

RnMapView *
rn_gallery_pane_get_view (RnGalleryPane *self)
{
  return self->view;
}

RnLegend *
rn_gallery_pane_get_legend (RnGalleryPane *self)
{
  return self->legend;
}

RnPinBoard *
rn_gallery_pane_get_pins (RnGalleryPane *self)
{
  return self->pins;
}

RnBars *
rn_gallery_pane_get_bars (RnGalleryPane *self)
{
  return self->bars;
}

/* Returns: whether the maps shown are marked as those of random weights */
gboolean
rn_gallery_pane_get_untrained (RnGalleryPane *self)
{
  return gtk_widget_get_visible (self->untrained);
}
