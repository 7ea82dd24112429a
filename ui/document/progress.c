#include "ui/document/progress.h"

struct _RnProgress
{
  gint ref_count;
  RnProgressFunc func;
  gpointer data;
  GMainContext *context;
  gboolean stopped; /* of the main context's thread alone */

  GMutex lock; /* of what follows */
  GArray *layers;
  gboolean pending;
};

RnProgress *
rn_progress_new (RnProgressFunc func, gpointer data)
{
  RnProgress *self = g_new0 (RnProgress, 1);

  self->ref_count = 1;
  self->func = func;
  self->data = data;
  self->context = g_main_context_ref_thread_default ();
  self->layers = g_array_new (FALSE, FALSE, sizeof (int));
  g_mutex_init (&self->lock);

  return self;
}

RnProgress *
rn_progress_ref (RnProgress *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_progress_unref (RnProgress *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_array_unref (self->layers);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
tell (gpointer data)
{
  RnProgress *self = data;
  g_autoptr (GArray) layers = NULL;

  g_mutex_lock (&self->lock);
  layers = self->layers;
  self->layers = g_array_new (FALSE, FALSE, sizeof (int));
  self->pending = FALSE;
  g_mutex_unlock (&self->lock);

  if (!self->stopped)
    self->func ((const int *) layers->data, layers->len, self->data);

  return G_SOURCE_REMOVE;
}

/* Adds a layer; from any thread. However many are added, one idle call tells of them. */
void
rn_progress_add (RnProgress *self, int layer)
{
  gboolean schedule;

  g_mutex_lock (&self->lock);
  g_array_append_val (self->layers, layer);
  schedule = !self->pending;
  self->pending = TRUE;
  g_mutex_unlock (&self->lock);

  if (schedule)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, tell, rn_progress_ref (self),
                             (GDestroyNotify) rn_progress_unref);
      g_source_attach (source, self->context);
    }
}

/* Tells no more, whatever the worker still adds; from the main context's thread. */
void
rn_progress_stop (RnProgress *self)
{
  self->stopped = TRUE;
}
