#include "ui/experiments/sweep-job.h"

#include "ui/pictures/picture-loader.h"

typedef struct
{
  RnEditKind kind;
  RnNetwork *network;
  RnPicture *picture; /* or NULL */
  char *picture_name;
  char *samples; /* a folder */
  RnSweepTold told;
  gpointer data;

  GMutex lock; /* of what follows */
  double share;
  gboolean pending;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  rn_network_unref (job->network);
  g_clear_pointer (&job->picture, rn_picture_unref);
  g_free (job->picture_name);
  g_free (job->samples);
  g_mutex_clear (&job->lock);
  g_free (job);
}

void
rn_sweep_result_free (RnSweepResult *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->sweep, rn_sweep_free);
  g_clear_pointer (&self->model, rn_model_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

static gboolean
tell (gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  double share;

  g_mutex_lock (&job->lock);
  share = job->share;
  job->pending = FALSE;
  g_mutex_unlock (&job->lock);
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)) && !g_task_get_completed (task))
    job->told (share, job->data);

  return G_SOURCE_REMOVE;
}

/* On the worker: at most one idle is under way. */
static void
on_progress (int done, int total, gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  gboolean schedule;

  g_mutex_lock (&job->lock);
  job->share = (double) done / total;
  schedule = !job->pending;
  job->pending = TRUE;
  g_mutex_unlock (&job->lock);

  if (schedule)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell, g_object_ref (task), g_object_unref);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full): the names of the bundled pictures */
static GPtrArray *
list_samples (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  return names;
}

static gboolean
add_input (const Job *job, GPtrArray *inputs, RnPicture *picture, GError **error)
{
  RnTensor *input = picture != NULL ? rn_network_make_input (job->network, picture, error) : NULL;

  if (input != NULL)
    g_ptr_array_add (inputs, input);

  return input != NULL;
}

static GPtrArray *
load_inputs (const Job *job, RnSweepResult *result, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) inputs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rn_tensor_unref);

  result->names = list_samples (job->samples);
  for (guint i = 0; i < result->names->len; i++)
    {
      g_autoptr (GFile) file =
          g_file_new_build_filename (job->samples, g_ptr_array_index (result->names, i), NULL);
      g_autoptr (RnPicture) picture = rn_picture_load_file (file, cancellable, error);

      if (!add_input (job, inputs, picture, error))
        return NULL;
    }
  result->own = -1;
  if (job->picture != NULL)
    {
      if (!add_input (job, inputs, job->picture, error))
        return NULL;
      result->own = inputs->len - 1;
      g_ptr_array_add (result->names, g_strdup (job->picture_name));
    }

  return g_steal_pointer (&inputs);
}

static void
sweep_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autoptr (RnSweepResult) result = g_new0 (RnSweepResult, 1);
  g_autoptr (GPtrArray) inputs = NULL;
  GError *error = NULL;

  result->kind = job->kind;
  result->model = rn_model_ref (rn_network_get_model (job->network));
  inputs = load_inputs (job, result, cancellable, &error);
  if (inputs != NULL)
    result->sweep = rn_sweep_run (job->kind, rn_network_get_binding (job->network),
                                  (RnTensor *const *) inputs->pdata, inputs->len, NULL, on_progress,
                                  task, cancellable, &error);
  if (result->sweep != NULL)
    g_task_return_pointer (task, g_steal_pointer (&result),
                           (GDestroyNotify) rn_sweep_result_free);
  else
    g_task_return_error (task, error);
}

/**
 * rn_sweep_job_start:
 * @document: whose network, without its edits, and whose picture are meant
 * @kind: %RN_EDIT_CUT_SHORTCUT or %RN_EDIT_DROP_BLOCK
 * @told: called now and then with @user_data
 */
void
rn_sweep_job_start (RnDocument *document,
                    RnEditKind kind,
                    RnSweepTold told,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  RnPicture *picture = rn_document_get_picture (document);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_mutex_init (&job->lock);
  job->kind = kind;
  job->network = rn_network_ref (rn_document_get_network (document));
  job->picture = picture != NULL ? rn_picture_ref (picture) : NULL;
  job->picture_name = g_strdup (rn_document_get_picture_name (document));
  job->samples = g_build_filename (rn_document_get_data_dir (document), "samples", NULL);
  job->told = told;
  job->data = user_data;
  g_task_set_source_tag (task, rn_sweep_job_start);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, sweep_in_thread);
}

/* Returns: (transfer full) (nullable): what was found */
RnSweepResult *
rn_sweep_job_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
