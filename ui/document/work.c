#include "ui/document/work.h"

typedef struct
{
  GCancellable **slot;
  RnWorkFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  RnWorkDoneFunc done;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->data_free != NULL)
    job->data_free (job->data);
  g_free (job);
}

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (task))
    return;

  result = job->func (job->data, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, job->result_free);
}

static void
on_done (GObject *owner, GAsyncResult *result, gpointer data)
{
  GTask *task = G_TASK (result);
  const Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gpointer value = g_task_propagate_pointer (task, &error);

  /* The owner lives as long as its task, and the slot within it. */
  if (g_task_get_cancellable (task) == *job->slot)
    {
      g_clear_object (job->slot);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        job->done (owner, g_steal_pointer (&value), error);
    }
  if (value != NULL && job->result_free != NULL)
    job->result_free (value);
}

/**
 * rn_work_start:
 * @slot: (inout): a field of @owner: what is under way there ends, and its result is dropped
 * @owner: a #GObject, kept until the work is over
 * @data: (transfer full): for @func
 * @data_free: (nullable): of @data
 * @result_free: (nullable): of what @func returns
 */
void
rn_work_start (GCancellable **slot,
               gpointer owner,
               RnWorkFunc func,
               gpointer data,
               GDestroyNotify data_free,
               GDestroyNotify result_free,
               RnWorkDoneFunc done)
{
  g_autoptr (GTask) task = NULL;
  Job *job = g_new (Job, 1);

  rn_work_cancel (slot);
  *slot = g_cancellable_new ();
  *job = (Job) { slot, func, data, data_free, result_free, done };
  task = g_task_new (owner, *slot, on_done, NULL);
  g_task_set_source_tag (task, rn_work_start);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work_in_thread);
}

/* Ends what is under way in @slot, if anything is. */
void
rn_work_cancel (GCancellable **slot)
{
  g_cancellable_cancel (*slot);
  g_clear_object (slot);
}
