#include "app/resnet/crew.h"

#include "app/common/input-image.h"

/* Where there are fewer pictures for each thread than this, each picture gets all threads: its
 * answer comes sooner, and sessions more would take longer to make than they save. */
#define MIN_PICTURES 2

struct _RnCrew
{
  GPtrArray *paths;
  RnModel *model;
  RnPreprocess preprocess;
  int n_top;

  GPtrArray *threads;    /* of GThread */
  GAsyncQueue *sessions; /* of RnSession: those that are free */
  GMutex mutex;
  GCond changed;
  RnAnswer **answers; /* for each path; under the mutex, as is all that follows */
  guint n_taken, n_given;
  gboolean stopping;
};

static RnAnswer *
answer_new (const char *path)
{
  RnAnswer *self = g_new0 (RnAnswer, 1);

  self->path = path;
  self->predictions = g_ptr_array_new_with_free_func ((GDestroyNotify)rn_prediction_free);

  return self;
}

void
rn_answer_free (RnAnswer *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->predictions);
  g_clear_error (&self->error);
  g_free (self);
}

/* Runs the network on an input and adds what it says, of each of its pictures. */
static gboolean
ask (const RnCrew *self, RnSession *session, RnTensor *input, RnAnswer *answer)
{
  RnBinding *binding = rn_session_get_binding (session);
  const RnLayer *output = rn_model_get_output (self->model, 0);
  g_autoptr (RnTensor) activation = NULL;

  if (!rn_session_run (session, input, NULL, &answer->error))
    return FALSE;
  activation = rn_session_get_activation (session, output->index, &answer->error);
  if (activation == NULL)
    return FALSE;
  for (gint64 i = 0; i < activation->dims[0]; i++)
    {
      RnPrediction *prediction =
          rn_prediction_new (answer->path, binding, activation, i, self->n_top, &answer->error);

      if (prediction == NULL)
        return FALSE;
      g_ptr_array_add (answer->predictions, prediction);
    }

  return TRUE;
}

/* Reads while others compute; as many compute at a time as there are sessions. */
static RnAnswer *
find_answer (RnCrew *self, const char *path)
{
  RnAnswer *answer = answer_new (path);
  g_autoptr (RnTensor) input =
      rn_input_image_load (path, self->model, self->preprocess, &answer->error);
  RnSession *session;

  if (input == NULL)
    return answer;
  session = g_async_queue_pop (self->sessions);
  ask (self, session, input, answer);
  g_async_queue_push (self->sessions, session);

  return answer;
}

static gpointer
work (gpointer data)
{
  RnCrew *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->stopping && self->n_taken < self->paths->len)
    {
      guint i = self->n_taken++;
      RnAnswer *answer;

      g_mutex_unlock (&self->mutex);
      answer = find_answer (self, self->paths->pdata[i]);
      g_mutex_lock (&self->mutex);
      self->answers[i] = answer;
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->mutex);

  return NULL;
}

/* The network as it is, or one of a single thread for each of its threads. */
static gboolean
make_sessions (RnCrew *self, RnSession *session, GError **error)
{
  guint n_threads = rn_session_get_n_threads (session);

  if (n_threads == 1 || self->paths->len < n_threads * MIN_PICTURES)
    {
      g_async_queue_push (self->sessions, rn_session_ref (session));
      return TRUE;
    }
  for (guint i = 0; i < n_threads; i++)
    {
      RnSession *one = rn_session_new_beside (session, 1, error);

      if (one == NULL)
        return FALSE;
      g_async_queue_push (self->sessions, one);
    }

  return TRUE;
}

/**
 * rn_crew_new:
 * @session: the network; not to be run meanwhile
 * @paths: what to read, in order; pictures and .npy files
 * @n_top: how many classes to name of each
 * @error: set where there is no memory
 *
 * Returns: (transfer full) (nullable): begins at once
 */
RnCrew *
rn_crew_new (
    RnSession *session, GPtrArray *paths, RnPreprocess preprocess, int n_top, GError **error)
{
  g_autoptr (RnCrew) self = g_new0 (RnCrew, 1);
  int n_sessions;

  self->paths = g_ptr_array_ref (paths);
  self->model = rn_model_ref (rn_session_get_model (session));
  self->preprocess = preprocess;
  self->n_top = n_top;
  self->answers = g_new0 (RnAnswer *, paths->len);
  self->threads = g_ptr_array_new ();
  self->sessions = g_async_queue_new_full ((GDestroyNotify)rn_session_unref);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  if (!make_sessions (self, session, error))
    return NULL;

  /* One more than compute, so that a picture is read meanwhile. */
  n_sessions = g_async_queue_length (self->sessions);
  for (int i = 0; i < n_sessions + 1; i++)
    g_ptr_array_add (self->threads, g_thread_new ("crew", work, self));

  return g_steal_pointer (&self);
}

/* Waits for the pictures that are in work; no more are taken. */
void
rn_crew_free (RnCrew *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);

  for (guint i = 0; i < self->paths->len; i++)
    rn_answer_free (self->answers[i]);
  g_free (self->answers);
  g_ptr_array_unref (self->threads);
  g_async_queue_unref (self->sessions);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_ptr_array_unref (self->paths);
  rn_model_unref (self->model);
  g_free (self);
}

/**
 * rn_crew_next:
 *
 * Returns: (transfer full) (nullable): the answer to the next path, in their order; %NULL behind
 * the last
 */
RnAnswer *
rn_crew_next (RnCrew *self)
{
  RnAnswer *answer;

  if (self->n_given == self->paths->len)
    return NULL;

  g_mutex_lock (&self->mutex);
  while (self->answers[self->n_given] == NULL)
    g_cond_wait (&self->changed, &self->mutex);
  answer = g_steal_pointer (&self->answers[self->n_given]);
  self->n_given++;
  g_mutex_unlock (&self->mutex);

  return answer;
}
