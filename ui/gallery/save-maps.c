#include "ui/gallery/save-maps.h"

#include "engine/formats/hdf5-writer.h"
#include "engine/formats/npy.h"
#include "ui/draw/file-output.h"

struct _RnSaveRequest
{
  RnMaps *maps;
  char *layer;
  char *path;
};

/**
 * rn_save_request_new:
 * @layer: what the numbers are to be called in HDF5
 * @path: where to: .png is a sheet of the maps as they are shown, in that order; .npy and .h5 have
 *   the numbers
 */
RnSaveRequest *
rn_save_request_new (RnMaps *maps, const char *layer, const char *path)
{
  RnSaveRequest *self = g_new (RnSaveRequest, 1);

  *self = (RnSaveRequest) { rn_maps_ref (maps), g_strdup (layer), g_strdup (path) };

  return self;
}

void
rn_save_request_free (gpointer data)
{
  RnSaveRequest *self = data;

  rn_maps_unref (self->maps);
  g_free (self->layer);
  g_free (self->path);
  g_free (self);
}

static gboolean
save_sheet (const RnSaveRequest *self, GError **error)
{
  g_autofree RnRange *ranges = g_new (RnRange, self->maps->n_channels);

  for (int c = 0; c < self->maps->n_channels; c++)
    ranges[c] = rn_maps_get_ends (self->maps, c);

  return rn_feature_sheet_write_ranges (self->maps->activation, ranges, self->maps->channels,
                                        self->maps->options.colors, 0, self->path, error);
}

/* An #RnWorkFunc of an #RnSaveRequest; returns %NULL in either case. */
gpointer
rn_save_maps (gpointer data, GCancellable *cancellable, GError **error)
{
  const RnSaveRequest *self = data;
  g_autofree char *folded = g_ascii_strdown (self->path, -1);
  g_autoptr (GBytes) npy = NULL;

  if (g_str_has_suffix (folded, ".png"))
    save_sheet (self, error);
  else if (g_str_has_suffix (folded, ".h5") || g_str_has_suffix (folded, ".hdf5"))
    rn_hdf5_write_tensor (self->maps->activation, self->layer, self->path, error);
  else if (g_str_has_suffix (folded, ".npy"))
    {
      npy = rn_npy_to_bytes (self->maps->activation);
      rn_file_output_write (self->path, g_bytes_get_data (npy, NULL), g_bytes_get_size (npy),
                            error);
    }
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                 "%s ends in none of .png, .npy and .h5, which say what to write", self->path);

  return NULL;
}
