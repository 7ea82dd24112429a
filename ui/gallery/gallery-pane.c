#include "ui/gallery/gallery-pane.h"

#include <glib/gi18n.h>

/* Logical pixels of the map that is enlarged. */
#define ENLARGED_SIZE 168

struct _RnGalleryPane
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *title;
  GtkWidget *untrained;
  GtkDropDown *scale;
  GtkDropDown *colors;
  GtkStack *stack;
  GtkLabel *hint;
  RnGallery *gallery;
  GtkRevealer *revealer;
  GtkPicture *enlarged;
  GtkLabel *channel;
  RnBars *bars;
  GtkLabel *vector_range;

  /* owned */
  RnDocument *document;
  int layer;                 /* whose maps are wanted, or -1 */
  int wanted_channel;        /* to be enlarged as soon as its map is there, or -1 */
  RnMaps *maps;              /* what is shown */
  GCancellable *cancellable; /* of the maps being made */
};

G_DEFINE_FINAL_TYPE (RnGalleryPane, rn_gallery_pane, GTK_TYPE_WIDGET)

static gboolean
is_trained (RnGalleryPane *self)
{
  return rn_network_get_weights (rn_document_get_network (self->document))->trained;
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
show_enlarged (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (self->revealer, channel >= 0);
  if (channel < 0)
    return;

  texture = rn_maps_enlarge (self->maps, channel,
                             ENLARGED_SIZE * gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  text = g_strdup_printf (
      _ ("<b>Channel %d</b> of %d\n%d×%d values\nfrom %.4g to %.4g\nmean %.4g"), channel,
      self->maps->n_channels, self->maps->height, self->maps->width,
      self->maps->ranges[channel].low, self->maps->ranges[channel].high,
      rn_maps_get_mean (self->maps, channel));
  gtk_picture_set_paintable (self->enlarged, GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (self->enlarged, text);
  gtk_label_set_label (self->channel, text);
}

static void
show_vector (RnGalleryPane *self)
{
  g_autofree char *text = g_strdup_printf (_ ("from %.4g to %.4g"), self->maps->range.low,
                                           self->maps->range.high);

  rn_bars_set_maps (self->bars, self->maps);
  gtk_label_set_label (self->vector_range, text);
}

/* Whether the edits in force leave the layer out. */
static gboolean
is_lost (RnGalleryPane *self)
{
  const RnRun *run = rn_document_get_run (self->document);

  return run != NULL && self->layer >= 0 && !rn_run_has_layer (run, self->layer);
}

static void
show_hint (RnGalleryPane *self)
{
  if (self->layer < 0)
    gtk_label_set_label (self->hint, _ ("What a layer computes is shown here."));
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

  show_title (self);
  gtk_widget_set_visible (GTK_WIDGET (self->scale), self->maps != NULL && !is_vector);
  gtk_widget_set_visible (GTK_WIDGET (self->colors), self->maps != NULL && !is_vector);
  rn_gallery_set_maps (self->gallery, is_vector ? NULL : self->maps);
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
      show_enlarged (self);
      gtk_stack_set_visible_child_name (self->stack, "maps");
    }
}

static void
set_maps (RnGalleryPane *self, RnMaps *maps)
{
  if (maps != NULL)
    rn_maps_ref (maps);
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  show (self);
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
    {
      set_maps (self, maps);
      take_wanted (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    rn_document_report (self->document, error->message);
}

/* Asks for the maps of the layer; those shown stay until the others are there, so that nothing
 * flickers when pictures follow one another. */
static void
load (RnGalleryPane *self)
{
  RnRun *run = rn_document_get_run (self->document);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->layer < 0 || is_lost (self))
    set_maps (self, NULL);
  if (self->layer < 0 || run == NULL || is_lost (self))
    {
      show_hint (self);
      return;
    }

  self->cancellable = g_cancellable_new ();
  rn_maps_load_async (rn_document_get_network (self->document), run, self->layer,
                      RN_GALLERY_TILE * gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                      gtk_drop_down_get_selected (self->colors),
                      gtk_drop_down_get_selected (self->scale) == 0 ? RN_SCALE_CHANNEL
                                                                    : RN_SCALE_LAYER,
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
  show_enlarged (self);
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

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->maps, rn_maps_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_gallery_pane_parent_class)->dispose (object);
}

static void
rn_gallery_pane_class_init (RnGalleryPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_gallery_pane_dispose;
  g_type_ensure (RN_TYPE_GALLERY);
  g_type_ensure (RN_TYPE_BARS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/gallery/gallery-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, title);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, untrained);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, scale);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, colors);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, stack);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, hint);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, gallery);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, revealer);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, enlarged);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, channel);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, bars);
  gtk_widget_class_bind_template_child (widget_class, RnGalleryPane, vector_range);
  gtk_widget_class_bind_template_callback (widget_class, on_option);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
}

static void
rn_gallery_pane_init (RnGalleryPane *self)
{
  self->layer = self->wanted_channel = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_gallery_pane_set_document (RnGalleryPane *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_GALLERY_PANE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (load), self);
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
  if (self->maps != NULL && self->cancellable == NULL)
    take_wanted (self);
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

/* Returns: whether the maps shown are marked as those of random weights */
gboolean
rn_gallery_pane_get_untrained (RnGalleryPane *self)
{
  return gtk_widget_get_visible (self->untrained);
}
