#include "ui/inspector/weights-work.h"

#include <math.h>

#include "ui/gallery/map-texture.h"

void
rn_weights_view_free (gpointer data)
{
  RnWeightsView *self = data;

  g_clear_pointer (&self->maps, rn_maps_unref);
  g_clear_object (&self->matrix);
  g_free (self);
}

void
rn_weights_request_free (gpointer data)
{
  RnWeightsRequest *request = data;

  rn_network_unref (request->network);
  g_free (request);
}

static RnRange
get_range (const RnWeightStats *stats)
{
  float most = MAX (fabs (stats->low), fabs (stats->high));

  return (RnRange) { -most, most };
}

static void
free_tensor (gpointer tensor)
{
  rn_tensor_unref (tensor);
}

/* The same numbers by other dimensions. */
static RnTensor *
view_as (RnTensor *tensor, gint64 height, gint64 width, gint64 n)
{
  const gint64 dims[4] = { 1, height, width, n };

  return rn_tensor_new_for_data (RN_DTYPE_F32, 4, dims, tensor->data, rn_tensor_ref (tensor),
                                 free_tensor);
}

/* A filter in colour: zero is grey, the largest weight of either sign full. */
static GdkTexture *
paint_colored (const RnTensor *kernel, int filter, gboolean blue_first, int zoom)
{
  int height = (int) kernel->dims[0], width = (int) kernel->dims[1], n = (int) kernel->dims[3];
  gsize stride = (gsize) width * zoom * 3;
  guint8 *pixels = g_malloc (stride * height * zoom);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, stride * height * zoom);
  const float *x = rn_tensor_f32 (kernel) + filter;
  float most = 1e-12f;

  for (int i = 0; i < height * width * 3; i++)
    most = MAX (most, fabsf (x[(gint64) i * n]));
  for (int y = 0; y < height * zoom; y++)
    for (int j = 0; j < width * zoom; j++)
      for (int c = 0; c < 3; c++)
        {
          int place = y / zoom * width + j / zoom;
          float value = x[(gint64) (place * 3 + (blue_first ? 2 - c : c)) * n] / most;

          pixels[y * stride + (gsize) j * 3 + c] = lroundf (127.5f + 127.5f * CLAMP (value, -1, 1));
        }

  return gdk_memory_texture_new (width * zoom, height * zoom, GDK_MEMORY_R8G8B8, bytes, stride);
}

/* One filter's numbers, [1, height, width, in]. */
static RnTensor *
cut_filter (const RnTensor *kernel, int filter, GError **error)
{
  const gint64 dims[4] = { 1, kernel->dims[0], kernel->dims[1], kernel->dims[2] };
  RnTensor *cut = rn_tensor_new (4, dims, error);

  for (gint64 i = 0; cut != NULL && i < rn_tensor_get_n_elements (cut); i++)
    rn_tensor_f32 (cut)[i] = rn_tensor_f32 (kernel)[i * kernel->dims[3] + filter];

  return cut;
}

static gboolean
show_colored (RnWeightsView *self, const RnWeightsRequest *request, RnTensor *kernel)
{
  RnMapsOptions options = { request->tile_size, RN_COLOR_MAP_GREY, RN_MAPS_SCALE_CHANNEL,
                            RN_CHANNEL_ORDER_INDEX };
  int n = (int) kernel->dims[3], size = MAX (kernel->dims[0], kernel->dims[1]);
  g_autoptr (RnTensor) activation = view_as (kernel, kernel->dims[0], kernel->dims[1] * 3, n);
  GdkTexture **tiles = g_new (GdkTexture *, n);
  gboolean blue_first = rn_network_get_preprocess (request->network) == RN_PREPROCESS_CAFFE;

  for (int f = 0; f < n; f++)
    tiles[f] = paint_colored (kernel, f, blue_first, MAX (request->tile_size / size, 1));
  self->maps = rn_maps_new_colored (activation, tiles, &options);

  return TRUE;
}

static gboolean
show_slices (RnWeightsView *self,
             const RnWeightsRequest *request,
             RnTensor *kernel,
             gboolean depthwise,
             GCancellable *cancellable,
             GError **error)
{
  RnMapsOptions options = { request->tile_size, RN_COLOR_MAP_DIVERGING, RN_MAPS_SCALE_NETWORK,
                            RN_CHANNEL_ORDER_INDEX };
  RnRange range = get_range (&self->stats);
  g_autoptr (RnTensor) slices = NULL;

  self->n_filters = depthwise ? 0 : (int) kernel->dims[3];
  slices = depthwise ? view_as (kernel, kernel->dims[0], kernel->dims[1],
                                kernel->dims[2] * kernel->dims[3])
                     : cut_filter (kernel, MIN (request->filter, kernel->dims[3] - 1), error);
  if (slices != NULL)
    self->maps = rn_maps_new (slices, &options, &range, cancellable, error);

  return self->maps != NULL;
}

static gboolean
show_kernel (RnWeightsView *self,
             const RnWeightsRequest *request,
             RnTensor *kernel,
             GCancellable *cancellable,
             GError **error)
{
  const RnWeightSpec *spec
      = &rn_model_get_layer (rn_network_get_model (request->network), request->layer)
             ->weights[request->weight];
  gboolean depthwise = strstr (spec->name, "depthwise") != NULL;
  g_autoptr (RnTensor) matrix = NULL;

  if (kernel->rank == 4 && kernel->dims[2] == 3 && kernel->dims[0] * kernel->dims[1] > 1
      && !depthwise)
    return show_colored (self, request, kernel);
  if (kernel->rank == 4 && kernel->dims[0] * kernel->dims[1] > 1)
    return show_slices (self, request, kernel, depthwise, cancellable, error);
  if (kernel->rank < 2)
    return TRUE;

  matrix = view_as (kernel, kernel->dims[kernel->rank - 2], kernel->dims[kernel->rank - 1], 1);
  self->matrix = rn_map_texture_new (matrix, 0, get_range (&self->stats), RN_COLOR_MAP_DIVERGING, 1);

  return TRUE;
}

/* An #RnWorkFunc: the #RnWeightsView of an #RnWeightsRequest. */
gpointer
rn_weights_work (gpointer data, GCancellable *cancellable, GError **error)
{
  const RnWeightsRequest *request = data;
  RnTensor *tensor = rn_binding_get_tensor (rn_network_get_binding (request->network),
                                            request->layer, request->weight);
  g_autoptr (RnTensor) kernel = rn_tensor_to_f32 (tensor, error);
  RnWeightsView *self;

  if (kernel == NULL)
    return NULL;

  self = g_new0 (RnWeightsView, 1);
  if (!rn_weight_stats_measure (kernel, &self->stats, error)
      || !show_kernel (self, request, kernel, cancellable, error))
    g_clear_pointer (&self, rn_weights_view_free);

  return self;
}
