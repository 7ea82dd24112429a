#include "ui/gallery/maps.h"

#include <math.h>

#include "ui/gallery/map-texture.h"

typedef struct
{
  RnNetwork *network;
  RnRun *run;
  int layer;
  RnMapsOptions options;
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
  g_free (self->stats);
  g_free (self->channels);
  g_free (self->places);
  rn_tensor_unref (self->activation);
  g_free (self);
}

/* Whether the layer gives numbers without places: pooled features, or probabilities. */
gboolean
rn_maps_is_vector (const RnMaps *self)
{
  return self->activation->rank == 2;
}

float
rn_maps_get_value (const RnMaps *self, int channel, int y, int x)
{
  return rn_tensor_f32 (self->activation)[((gint64) y * self->width + x) * self->n_channels
                                          + channel];
}

/* The diverging map has zero in its middle. */
static RnRange
make_symmetric (RnRange range, RnColorMap colors)
{
  if (colors == RN_COLOR_MAP_DIVERGING)
    {
      range.high = MAX (fabsf (range.low), fabsf (range.high));
      range.low = -range.high;
    }

  return range;
}

/* Returns: what the ends of the colours stand for in a channel's map */
RnRange
rn_maps_get_ends (const RnMaps *self, int channel)
{
  RnRange own = { self->stats[channel].low, self->stats[channel].high };

  return self->options.scale == RN_MAPS_SCALE_CHANNEL ? make_symmetric (own, self->options.colors)
                                                      : self->common;
}

static void
find_ranges (RnMaps *self, const RnRange *network)
{
  self->stats = rn_channel_stats_new (self->activation);
  self->range = (RnRange) { self->stats[0].low, self->stats[0].high };
  for (int c = 1; c < self->n_channels; c++)
    {
      self->range.low = MIN (self->range.low, self->stats[c].low);
      self->range.high = MAX (self->range.high, self->stats[c].high);
    }
  self->common = make_symmetric (network != NULL ? *network : self->range, self->options.colors);
}

static void
find_order (RnMaps *self)
{
  self->channels = rn_channel_stats_sort (self->stats, self->n_channels, self->options.order);
  self->places = g_new (int, self->n_channels);
  for (int i = 0; i < self->n_channels; i++)
    self->places[self->channels[i]] = i;
}

static gboolean
paint_tiles (RnMaps *self, GCancellable *cancellable, GError **error)
{
  int zoom = rn_map_texture_choose_zoom (self->activation, self->options.tile_size);

  self->tiles = g_new0 (GdkTexture *, self->n_channels);
  for (int c = 0; c < self->n_channels; c++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      self->tiles[c] = rn_map_texture_new (self->activation, c, rn_maps_get_ends (self, c),
                                           self->options.colors, zoom);
    }

  return TRUE;
}

static RnMaps *
new_unpainted (RnTensor *activation, const RnMapsOptions *options, const RnRange *network)
{
  RnMaps *self = g_new0 (RnMaps, 1);

  self->ref_count = 1;
  self->activation = rn_tensor_ref (activation);
  self->n_channels = rn_feature_map_get_n_channels (activation);
  rn_feature_map_get_size (activation, &self->width, &self->height);
  self->options = *options;
  find_ranges (self, network);
  find_order (self);

  return self;
}

/**
 * rn_maps_new:
 * @activation: F32 [1, height, width, channels] or [1, units]
 * @network: (nullable): the range of all layers, where the options ask for it
 *
 * Takes some milliseconds: for a worker.
 *
 * Returns: (transfer full) (nullable): the maps, painted, or %NULL with %G_IO_ERROR_CANCELLED
 */
RnMaps *
rn_maps_new (RnTensor *activation,
             const RnMapsOptions *options,
             const RnRange *network,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (RnMaps) self = new_unpainted (activation, options, network);

  if (!rn_maps_is_vector (self) && !paint_tiles (self, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * rn_maps_new_colored:
 * @activation: the numbers behind
 * @tiles: (transfer full) (array): pictures for its channels that are painted already
 *
 * Returns: (transfer full): the maps
 */
RnMaps *
rn_maps_new_colored (RnTensor *activation, GdkTexture **tiles, const RnMapsOptions *options)
{
  RnMaps *self = new_unpainted (activation, options, NULL);

  self->tiles = tiles;

  return self;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  gboolean whole = job->options.scale == RN_MAPS_SCALE_NETWORK;
  g_autoptr (RnTensor) activation = NULL;
  RnRange network = { 0, 0 };
  RnMaps *self = NULL;
  RnLayerKind kind = rn_model_get_layer (job->run->model, job->layer)->kind;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  activation = rn_network_get_activation (job->network, job->run, job->layer, &error);
  if (activation != NULL
      && (!whole
          || rn_network_get_range (job->network, job->run, kind, &network.low, &network.high,
                                   cancellable, &error)))
    self = rn_maps_new (activation, &job->options, whole ? &network : NULL, cancellable, &error);

  if (self != NULL)
    g_task_return_pointer (task, self, (GDestroyNotify) rn_maps_unref);
  else
    g_task_return_error (task, error);
}

/**
 * rn_maps_load_async:
 * @run: of @network; where another has taken its place there is %G_IO_ERROR_CANCELLED
 * @layer: index of a layer
 */
void
rn_maps_load_async (RnNetwork *network,
                    RnRun *run,
                    int layer,
                    const RnMapsOptions *options,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job) { rn_network_ref (network), rn_run_ref (run), layer, *options };
  g_task_set_source_tag (task, rn_maps_load_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, load_in_thread);
}

RnMaps *
rn_maps_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
