#include "app/resnet/input-stream.h"

#include "app/common/input-image.h"

/* How many inputs may wait: enough that a slow picture among quick ones holds nothing up, few
 * enough that a folder of thousands does not fill the memory. */
#define MAX_WAITING 4

struct _RnInputStream
{
  GPtrArray *paths;
  RnModel *model;
  RnPreprocess preprocess;
  guint n_taken;

  GThread *thread;
  GMutex mutex;
  GCond changed;
  GQueue ready;      /* under the mutex */
  gboolean stopping; /* likewise */
};

/* Waits for room; FALSE where nobody wants more. */
static gboolean
offer (RnInputStream *self, RnStreamedInput *input)
{
  gboolean stopping;

  g_mutex_lock (&self->mutex);
  while (!self->stopping && self->ready.length >= MAX_WAITING)
    g_cond_wait (&self->changed, &self->mutex);
  g_queue_push_tail (&self->ready, input);
  stopping = self->stopping;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);

  return !stopping;
}

static gpointer
decode_all (gpointer data)
{
  RnInputStream *self = data;

  for (guint i = 0; i < self->paths->len; i++)
    {
      RnStreamedInput *input = g_new0 (RnStreamedInput, 1);

      input->path = self->paths->pdata[i];
      input->tensor =
          rn_input_image_load (input->path, self->model, self->preprocess, &input->error);
      if (!offer (self, input))
        break;
    }

  return NULL;
}

/**
 * rn_input_stream_new:
 * @paths: what to read, in order; pictures and .npy files
 * @model: whose input they are to be
 *
 * Returns: (transfer full): starts to decode at once
 */
RnInputStream *
rn_input_stream_new (GPtrArray *paths, RnModel *model, RnPreprocess preprocess)
{
  RnInputStream *self = g_new0 (RnInputStream, 1);

  self->paths = g_ptr_array_ref (paths);
  self->model = rn_model_ref (model);
  self->preprocess = preprocess;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->ready);
  self->thread = g_thread_new ("decode", decode_all, self);

  return self;
}

/* Waits for the picture that is being decoded; no more are. */
void
rn_input_stream_free (RnInputStream *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  g_queue_clear_full (&self->ready, (GDestroyNotify)rn_streamed_input_free);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_ptr_array_unref (self->paths);
  rn_model_unref (self->model);
  g_free (self);
}

/**
 * rn_input_stream_next:
 *
 * Returns: (transfer full) (nullable): the next input, or why there is none; %NULL behind the last
 */
RnStreamedInput *
rn_input_stream_next (RnInputStream *self)
{
  RnStreamedInput *input;

  if (self->n_taken == self->paths->len)
    return NULL;
  self->n_taken++;

  g_mutex_lock (&self->mutex);
  while (self->ready.length == 0)
    g_cond_wait (&self->changed, &self->mutex);
  input = g_queue_pop_head (&self->ready);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);

  return input;
}

void
rn_streamed_input_free (RnStreamedInput *input)
{
  g_clear_pointer (&input->tensor, rn_tensor_unref);
  g_clear_error (&input->error);
  g_free (input);
}
