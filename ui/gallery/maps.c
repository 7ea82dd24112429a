#include "ui/gallery/maps.h"

typedef struct
{
  RnNetwork *network;
  RnRun *run;
  int layer;
  int tile_size;
  RnColorMap colors;
  RnScale scale;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  rn_network_unref (job->network);
  rn_run_unref (job->run);
  g_free (job);
}

RnMaps *
rn_maps_ref (RnMaps *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_maps_unref (RnMaps *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int i = 0; self->tiles != NULL && i < self->n_channels; i++)
    g_clear_object (&self->tiles[i]);
  g_free (self->tiles);
  g_free (self->ranges);
  rn_tensor_unref (self->activation);
  g_free (self);
}

/* Whether the layer gives numbers without places: pooled features, or probabilities. */
gboolean
rn_maps_is_vector (const RnMaps *self)
{
  return self->activation->rank == 2;
}

/* Returns: the mean of a channel's values */
double
rn_maps_get_mean (const RnMaps *self, int channel)
{
  const float *values = rn_tensor_f32 (self->activation) + channel;
  gint64 n = (gint64) self->width * self->height;
  double sum = 0;

  for (gint64 i = 0; i < n; i++)
    sum += values[i * self->n_channels];

  return sum / n;
}

static RnRange
choose_range (const RnMaps *self, int channel)
{
  return rn_feature_map_get_range (self->activation, self->scale == RN_SCALE_CHANNEL ? channel : -1,
                                   self->colors);
}

/* The whole number of pixels for a value that makes a map about @size pixels wide. */
static int
choose_zoom (const RnMaps *self, int size)
{
  return MAX (size / MAX (self->width, self->height), 1);
}

static GdkTexture *
paint (const RnMaps *self, int channel, RnRange range, int zoom)
{
  gsize width = (gsize) self->width * zoom, height = (gsize) self->height * zoom;
  gsize stride = width * sizeof (guint32);
  guint8 *pixels = g_malloc (stride * height);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, stride * height);

  rn_feature_map_paint (self->activation, channel, range, self->colors, zoom, pixels, stride);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

/**
 * rn_maps_enlarge:
 * @channel: which map
 * @size: about how many pixels it should be wide
 *
 * Returns: (transfer full): the map with every value as a square of its own
 */
GdkTexture *
rn_maps_enlarge (const RnMaps *self, int channel, int size)
{
  return paint (self, channel, choose_range (self, channel), choose_zoom (self, size));
}

static void
find_ranges (RnMaps *self)
{
  self->range = rn_feature_map_get_range (self->activation, -1, RN_COLOR_MAP_GREY);
  self->ranges = g_new (RnRange, self->n_channels);
  for (int c = 0; c < self->n_channels; c++)
    self->ranges[c] = rn_feature_map_get_range (self->activation, c, RN_COLOR_MAP_GREY);
}

static gboolean
paint_tiles (RnMaps *self, int size, GCancellable *cancellable, GError **error)
{
  RnRange common = rn_feature_map_get_range (self->activation, -1, self->colors);
  int zoom = choose_zoom (self, size);

  self->tiles = g_new0 (GdkTexture *, self->n_channels);
  for (int c = 0; c < self->n_channels; c++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      self->tiles[c] = paint (
          self, c, self->scale == RN_SCALE_CHANNEL ? choose_range (self, c) : common, zoom);
    }

  return TRUE;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autoptr (RnMaps) self = NULL;
  RnTensor *activation;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  activation = rn_network_get_activation (job->network, job->run, job->layer, &error);
  if (activation == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self = g_new0 (RnMaps, 1);
  self->ref_count = 1;
  self->activation = activation;
  self->n_channels = rn_feature_map_get_n_channels (activation);
  rn_feature_map_get_size (activation, &self->width, &self->height);
  self->colors = job->colors;
  self->scale = job->scale;
  find_ranges (self);

  if (!rn_maps_is_vector (self) && !paint_tiles (self, job->tile_size, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) rn_maps_unref);
}

/**
 * rn_maps_load_async:
 * @run: of @network; where another has taken its place there is %G_IO_ERROR_CANCELLED
 * @layer: index of a layer
 * @tile_size: about how many pixels a map should be wide
 */
void
rn_maps_load_async (RnNetwork *network,
                    RnRun *run,
                    int layer,
                    int tile_size,
                    RnColorMap colors,
                    RnScale scale,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job) { rn_network_ref (network), rn_run_ref (run), layer, tile_size, colors, scale };
  g_task_set_source_tag (task, rn_maps_load_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, load_in_thread);
}

RnMaps *
rn_maps_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
