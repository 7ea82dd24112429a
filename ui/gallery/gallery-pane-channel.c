/* What the gallery pane does with one channel: enlarge it, lay it over the picture, save it all. */
#include "ui/gallery/gallery-pane-private.h"

#include <glib/gi18n.h>

#include "ui/document/work.h"
#include "ui/gallery/map-texture.h"
#include "ui/gallery/save-maps.h"

/* Logical pixels of the map that is enlarged. */
#define ENLARGED_SIZE 168

/* Pixels of the map that is laid over the picture. */
#define OVERLAY_SIZE 224

typedef struct
{
  RnMaps *maps;
  int channel;
  int size;
} Job;

static Job *
job_new (RnMaps *maps, int channel, int size)
{
  Job *job = g_new (Job, 1);

  *job = (Job) { rn_maps_ref (maps), channel, size };

  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  rn_maps_unref (job->maps);
  g_free (job);
}

static gpointer
enlarge_on_worker (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;

  return rn_map_texture_new (job->maps->activation, job->channel,
                             rn_maps_get_ends (job->maps, job->channel), job->maps->options.colors,
                             rn_map_texture_choose_zoom (job->maps->activation, job->size));
}

static gpointer
overlay_on_worker (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;

  return rn_map_texture_new_overlay (job->maps->activation, job->channel,
                                     rn_maps_get_ends (job->maps, job->channel),
                                     job->maps->options.colors, job->size);
}

/* Says what the selected channel is like, and the unit pointed at. */
void
rn_gallery_pane_describe (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);
  const RnChannelStats *stats = &self->maps->stats[channel];
  const RnProbe *probe = rn_document_get_probe (self->document);
  g_autofree char *unit = NULL;
  g_autofree char *text = NULL;

  if (probe != NULL && probe->layer == self->maps_layer && probe->unit.channel == channel)
    unit = g_strdup_printf (_ ("\nrow %d, column %d: <b>%.4g</b>\nClick: why this value"),
                            probe->unit.y, probe->unit.x, probe->value);
  text = g_strdup_printf (
      _ ("<b>Channel %d</b> of %d\n%d×%d values\nfrom %.4g to %.4g\nmean %.4g, %.0f %% zeros%s"),
      channel, self->maps->n_channels, self->maps->height, self->maps->width, stats->low,
      stats->high, stats->mean, 100 * stats->zeros, unit != NULL ? unit : "");
  gtk_label_set_label (self->channel, text);
}

static void
on_enlarged (gpointer owner, gpointer result, const GError *error)
{
  RnGalleryPane *self = owner;
  g_autoptr (GdkTexture) texture = result;
  int channel = rn_gallery_get_selected (self->gallery);

  if (channel >= 0 && self->maps != NULL)
    rn_map_view_set_map (self->view, self->maps, channel, texture);
}

/* Shows the selected channel, and whether it is pinned. The map before stays until the new one is
 * painted, so that nothing flickers. */
void
rn_gallery_pane_show_channel (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);
  gboolean any = channel >= 0 && self->maps != NULL;

  gtk_revealer_set_reveal_child (self->revealer, any);
  gtk_widget_set_sensitive (GTK_WIDGET (self->overlay), any);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pin), any);
  gtk_toggle_button_set_active (self->pin,
                                any && rn_pin_board_has (self->pins, self->maps_layer, channel));
  if (!any)
    {
      rn_work_cancel (&self->enlarging);
      rn_map_view_set_map (self->view, NULL, -1, NULL);
      return;
    }

  rn_gallery_pane_describe (self);
  rn_work_start (&self->enlarging, self, enlarge_on_worker,
                 job_new (self->maps, channel,
                          ENLARGED_SIZE * gtk_widget_get_scale_factor (GTK_WIDGET (self))),
                 job_free, g_object_unref, on_enlarged);
}

static void
on_overlaid (gpointer owner, gpointer result, const GError *error)
{
  RnGalleryPane *self = owner;
  g_autoptr (GdkTexture) texture = result;
  g_autofree char *title = NULL;

  if (texture == NULL || self->maps == NULL)
    return;

  title = g_strdup_printf (
      "%s #%d", rn_model_get_layer (rn_document_get_model (self->document), self->maps_layer)->name,
      rn_gallery_get_selected (self->gallery));
  rn_document_set_overlay (self->document, self, texture, title);
}

/* Lays the selected channel over the picture, where that is wanted. */
void
rn_gallery_pane_show_overlay (RnGalleryPane *self)
{
  int channel = rn_gallery_get_selected (self->gallery);

  rn_work_cancel (&self->overlaying);
  if (rn_document_get_overlay_owner (self->document) != self || channel < 0 || self->maps == NULL)
    return;

  rn_work_start (&self->overlaying, self, overlay_on_worker,
                 job_new (self->maps, channel, OVERLAY_SIZE), job_free, g_object_unref,
                 on_overlaid);
}

static void
on_saved (gpointer owner, gpointer result, const GError *error)
{
  RnGalleryPane *self = owner;

  if (error != NULL)
    rn_document_report (self->document, error->message);
}

/**
 * rn_gallery_pane_save:
 * @path: where to; its ending says what: .png the sheet of all maps as they are shown, .npy and .h5
 *   the numbers
 *
 * Writes the maps that are shown. What goes wrong is a message of the document.
 */
void
rn_gallery_pane_save (RnGalleryPane *self, const char *path)
{
  const RnLayer *layer;

  g_return_if_fail (RN_IS_GALLERY_PANE (self) && self->maps != NULL);

  layer = rn_model_get_layer (rn_document_get_model (self->document), self->maps_layer);
  rn_work_start (&self->saving, self, rn_save_maps,
                 rn_save_request_new (self->maps, layer->name, path), rn_save_request_free, NULL,
                 on_saved);
}

/* Returns: whether a file is being written */
gboolean
rn_gallery_pane_get_saving (RnGalleryPane *self)
{
  return self->saving != NULL;
}

static void
on_chosen (RnGalleryPane *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && self->maps != NULL)
    {
      if (path != NULL)
        rn_gallery_pane_save (self, path);
      else
        rn_document_report (self->document, _ ("Maps can only be saved on this computer."));
    }
  g_clear_object (&self->chooser);
}

/* Asks where the maps are to be saved. */
void
rn_gallery_pane_choose_file (RnGalleryPane *self)
{
  static const char *const suffixes[] = { "png", "npy", "h5" };
  const char *const names[] = { _ ("Picture of all maps"), _ ("Numbers for NumPy"),
                                _ ("Numbers in HDF5") };
  const RnLayer *layer
      = rn_model_get_layer (rn_document_get_model (self->document), self->maps_layer);
  g_autofree char *name = g_strconcat (layer->name, ".png", NULL);

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (
          _ ("Save the feature maps"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
          GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
      for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
        {
          g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
          g_autofree char *title = g_strdup_printf ("%s (.%s)", names[i], suffixes[i]);

          gtk_file_filter_set_name (filter, title);
          gtk_file_filter_add_suffix (filter, suffixes[i]);
          gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
        }
      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
      g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_chosen), self);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
