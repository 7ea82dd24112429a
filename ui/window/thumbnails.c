#include "ui/window/thumbnails.h"

#include "ui/draw/feature-map.h"
#include "ui/draw/vector-picture.h"

/* About how many pixels a thumbnail is wide. */
#define SIZE 64

typedef struct
{
  int layer;
  GdkTexture *texture;
} Thumbnail;

struct _RnThumbnails
{
  gint ref_count;
  RnNetwork *network;
  RnRun *run;
  RnThumbnailFunc func;
  gpointer data;
  GMainContext *context;
  GCancellable *cancellable;

  GMutex lock;   /* of what follows */
  GArray *ready; /* of Thumbnail */
  gboolean pending;
};

static void
thumbnail_clear (gpointer data)
{
  g_clear_object (&((Thumbnail *) data)->texture);
}

static GArray *
new_array (void)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (Thumbnail));

  g_array_set_clear_func (array, thumbnail_clear);

  return array;
}

static void
unref (gpointer data)
{
  RnThumbnails *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_network_unref (self->network);
  rn_run_unref (self->run);
  g_array_unref (self->ready);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static RnThumbnails *
ref (RnThumbnails *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static gboolean
hand_over (gpointer data)
{
  RnThumbnails *self = data;
  g_autoptr (GArray) ready = NULL;

  g_mutex_lock (&self->lock);
  ready = self->ready;
  self->ready = new_array ();
  self->pending = FALSE;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < ready->len && !g_cancellable_is_cancelled (self->cancellable); i++)
    self->func (g_array_index (ready, Thumbnail, i).layer,
                g_array_index (ready, Thumbnail, i).texture, self->data);

  return G_SOURCE_REMOVE;
}

/* Takes @texture; %NULL where there is nothing to be seen. */
static void
add (RnThumbnails *self, int layer, GdkTexture *texture)
{
  Thumbnail thumbnail = { layer, texture };
  gboolean schedule;

  g_mutex_lock (&self->lock);
  g_array_append_val (self->ready, thumbnail);
  schedule = !self->pending;
  self->pending = TRUE;
  g_mutex_unlock (&self->lock);

  if (schedule)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, hand_over, ref (self), unref);
      g_source_attach (source, self->context);
    }
}

static int
find_liveliest_channel (const RnTensor *activation)
{
  int n_channels = rn_feature_map_get_n_channels (activation), best = 0;
  gint64 n = rn_tensor_get_n_elements (activation) / n_channels;
  g_autofree double *sums = g_new0 (double, n_channels);
  g_autofree double *squares = g_new0 (double, n_channels);
  const float *values = rn_tensor_f32 (activation);
  double best_variance = -1;

  for (gint64 i = 0; i < n; i++, values += n_channels)
    for (int c = 0; c < n_channels; c++)
      {
        sums[c] += values[c];
        squares[c] += (double) values[c] * values[c];
      }
  for (int c = 0; c < n_channels; c++)
    {
      double variance = squares[c] - sums[c] * sums[c] / n;

      if (variance > best_variance)
        {
          best_variance = variance;
          best = c;
        }
    }

  return best;
}

static GdkTexture *
paint (const RnTensor *activation)
{
  int channel = find_liveliest_channel (activation), width, height, zoom;
  RnRange range = rn_feature_map_get_range (activation, channel, RN_COLOR_MAP_VIRIDIS);
  g_autoptr (GBytes) bytes = NULL;
  guint8 *pixels;
  gsize stride;

  rn_feature_map_get_size (activation, &width, &height);
  zoom = MAX (SIZE / MAX (width, height), 1);
  stride = (gsize) width * zoom * sizeof (guint32);
  pixels = g_malloc (stride * height * zoom);
  bytes = g_bytes_new_take (pixels, stride * height * zoom);
  rn_feature_map_paint (activation, channel, range, RN_COLOR_MAP_VIRIDIS, zoom, pixels,
                        (int) stride);

  return gdk_memory_texture_new (width * zoom, height * zoom, GDK_MEMORY_DEFAULT, bytes, stride);
}

static GdkTexture *
paint_vector (const RnTensor *activation)
{
  const gsize stride = SIZE * sizeof (guint32);
  guint32 *pixels = g_malloc (SIZE * stride);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, SIZE * stride);

  rn_vector_picture_paint (rn_tensor_f32 (activation), (int) rn_tensor_get_n_elements (activation),
                           SIZE, pixels);

  return gdk_memory_texture_new (SIZE, SIZE, GDK_MEMORY_DEFAULT, bytes, stride);
}

/* Returns: whether to go on with other layers */
static gboolean
make (RnThumbnails *self, int layer)
{
  int rank = rn_model_get_layer (self->run->model, layer)->output_shape.rank;
  g_autoptr (RnTensor) activation = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  if (rank != 3 && rank != 1)
    return TRUE;
  if (!rn_run_has_layer (self->run, layer))
    {
      add (self, layer, NULL);
      return TRUE;
    }

  activation = rn_network_get_activation (self->network, self->run, layer, NULL);
  if (activation == NULL)
    return FALSE;
  add (self, layer, rank == 3 ? paint (activation) : paint_vector (activation));

  return TRUE;
}

static gboolean
is_first_choice (const RnModel *model, int layer)
{
  const RnBlock *block = rn_structure_find_block (rn_model_get_structure (model), layer);

  return block == NULL || block->output == layer;
}

/* First what is seen while all blocks are closed, then what is inside of them. */
static void
make_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  RnThumbnails *self = data;
  int n_layers = rn_model_get_n_layers (self->run->model);

  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < n_layers; i++)
      if (is_first_choice (self->run->model, i) == (pass == 0) && !make (self, i))
        return;
}

/**
 * rn_thumbnails_start:
 * @run: the last run of @network
 *
 * Returns: (transfer full): to be given to rn_thumbnails_stop(), whether all are done or not
 */
RnThumbnails *
rn_thumbnails_start (RnNetwork *network, RnRun *run, RnThumbnailFunc func, gpointer data)
{
  RnThumbnails *self = g_new0 (RnThumbnails, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  self->ref_count = 1;
  self->network = rn_network_ref (network);
  self->run = rn_run_ref (run);
  self->func = func;
  self->data = data;
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->ready = new_array ();
  g_mutex_init (&self->lock);

  g_task_set_source_tag (task, rn_thumbnails_start);
  g_task_set_task_data (task, ref (self), unref);
  g_task_run_in_thread (task, make_in_thread);

  return self;
}

/* Ends the work, and lets go of it. */
void
rn_thumbnails_stop (RnThumbnails *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  unref (self);
}
