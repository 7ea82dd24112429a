#include "ui/prediction/class-map-work.h"

#include <math.h>

#include "engine/analysis/occlusion.h"
#include "engine/training/gradients.h"
#include "ui/gallery/map-texture.h"

/* A seventh of the picture each way: covers of 32 pixels for 224. */
#define COVERS_ACROSS 7

/* Pixels of the map that is laid over the picture. */
#define SIZE 224

/* Of the pixels so many per cent are below the end of saliency's colours: single ones are larger by
 * far, and would leave the others dark. */
#define SALIENCY_PERCENT 99

struct _RnClassMapRequest
{
  gint ref_count;
  RnNetwork *network;
  RnRun *run;
  RnClassMapKind kind;
  int class_index;

  RnClassMapProgressFunc func; /* on the main thread alone; NULL once muted */
  gpointer data;

  GMutex lock; /* of what follows */
  int done, total;
  GdkTexture *texture;
  gboolean pending;
};

RnClassMapRequest *
rn_class_map_request_new (RnNetwork *network,
                          RnRun *run,
                          RnClassMapKind kind,
                          int class_index,
                          RnClassMapProgressFunc func,
                          gpointer data)
{
  RnClassMapRequest *self = g_new0 (RnClassMapRequest, 1);

  self->ref_count = 1;
  self->network = rn_network_ref (network);
  self->run = rn_run_ref (run);
  self->kind = kind;
  self->class_index = class_index;
  self->func = func;
  self->data = data;
  g_mutex_init (&self->lock);

  return self;
}

RnClassMapRequest *
rn_class_map_request_ref (RnClassMapRequest *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_class_map_request_free (gpointer data)
{
  RnClassMapRequest *self = data;

  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_network_unref (self->network);
  rn_run_unref (self->run);
  g_clear_object (&self->texture);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* From now on its progress is nobody's business. */
void
rn_class_map_request_mute (RnClassMapRequest *self)
{
  self->func = NULL;
}

/* The same scale for both signs: red where it speaks for the class, blue where against. */
static GdkTexture *
paint (const RnTensor *map)
{
  RnRange range = rn_feature_map_get_range (map, 0, RN_COLOR_MAP_DIVERGING);

  return rn_map_texture_new_overlay (map, 0, range, RN_COLOR_MAP_DIVERGING, SIZE);
}

static gboolean
deliver (gpointer data)
{
  RnClassMapRequest *self = data;
  g_autoptr (GdkTexture) texture = NULL;
  int done, total;

  g_mutex_lock (&self->lock);
  texture = g_steal_pointer (&self->texture);
  done = self->done;
  total = self->total;
  self->pending = FALSE;
  g_mutex_unlock (&self->lock);
  if (self->func != NULL)
    self->func (done, total, texture, self->data);

  return G_SOURCE_REMOVE;
}

static void
on_progress (int done, int total, const RnTensor *map, gpointer data)
{
  RnClassMapRequest *self = data;
  gboolean schedule;

  g_mutex_lock (&self->lock);
  self->done = done;
  self->total = total;
  schedule = !self->pending;
  self->pending = TRUE;
  g_mutex_unlock (&self->lock);
  if (!schedule)
    return;

  g_mutex_lock (&self->lock);
  g_clear_object (&self->texture);
  self->texture = paint (map);
  g_mutex_unlock (&self->lock);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver, rn_class_map_request_ref (self),
                   rn_class_map_request_free);
}

static RnTensor *
occlude (RnClassMapRequest *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnBinding) binding = rn_network_get_run_binding (self->network, self->run, error);
  g_autoptr (RnTensor) input = NULL;

  if (binding == NULL)
    return NULL;
  input = rn_network_make_input (self->network, self->run->picture, error);
  if (input == NULL)
    return NULL;

  return rn_occlusion_run (binding, input, self->class_index,
                           MAX (input->dims[2] / COVERS_ACROSS, 2), on_progress, self, cancellable,
                           error);
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Brighter where a pixel matters more; the sign of a derivative says nothing of the class. */
static GdkTexture *
paint_saliency (const RnGradients *gradients)
{
  gint64 dims[] = { 1, gradients->height, gradients->width, 1 };
  gint64 n = dims[1] * dims[2];
  g_autofree float *sorted = g_memdup2 (gradients->saliency, n * sizeof (float));
  g_autoptr (RnTensor) map
      = rn_tensor_new_for_data (RN_DTYPE_F32, 4, dims, gradients->saliency, NULL, NULL);
  RnRange range = { 0, 1 };

  qsort (sorted, n, sizeof (float), compare_floats);
  range.high = sorted[(n - 1) * SALIENCY_PERCENT / 100];
  if (range.high <= 0 || !isfinite (range.high))
    range.high = MAX (sorted[n - 1], 1e-30f);

  return rn_map_texture_new_overlay (map, 0, range, RN_COLOR_MAP_MAGMA, SIZE);
}

/* Of the network as it ran, edits and all. */
static GdkTexture *
find_saliency (RnClassMapRequest *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnBinding) binding = rn_network_get_run_binding (self->network, self->run, error);
  g_autoptr (RnTensor) input = NULL;
  g_autoptr (RnGradients) gradients = NULL;

  if (binding == NULL)
    return NULL;
  input = rn_network_make_input (self->network, self->run->picture, error);
  if (input == NULL)
    return NULL;
  gradients = rn_gradients_new (binding, input, self->class_index, RN_GRADIENTS_SALIENCY, 0,
                                cancellable, error);

  return gradients != NULL ? paint_saliency (gradients) : NULL;
}

/* An #RnWorkFunc of an #RnClassMapRequest: a #GdkTexture to lay over the picture. */
gpointer
rn_class_map_work (gpointer data, GCancellable *cancellable, GError **error)
{
  RnClassMapRequest *self = data;
  g_autoptr (RnTensor) map = NULL;

  if (self->kind == RN_CLASS_MAP_SALIENCY)
    return find_saliency (self, cancellable, error);
  if (self->kind == RN_CLASS_MAP_ACTIVATION)
    map = rn_network_make_class_map (self->network, self->run, self->class_index, error);
  else
    map = occlude (self, cancellable, error);

  return map != NULL ? paint (map) : NULL;
}
