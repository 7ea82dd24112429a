/* What was taught is written as a network of its own. */
#include <glib/gi18n.h>

#include "ui/draw/save-task.h"
#include "ui/teach/teaching-private.h"

typedef struct
{
  RnTeachNetwork *network;
  RnTeachHead *head;
  guint64 changes;
} SaveJob;

static void
save_job_free (gpointer data)
{
  SaveJob *job = data;

  rn_teach_network_unref (job->network);
  rn_teach_head_free (job->head);
  g_free (job);
}

static gboolean
save_network (gpointer data, const char *path, GError **error)
{
  const SaveJob *job = data;

  return rn_teach_network_write (job->network, job->head, path, error);
}

/**
 * rn_teaching_save_async:
 * @path: where the whole network with the new classifier goes, as a Keras model: .h5
 */
void
rn_teaching_save_async (RnTeaching *self,
                        const char *path,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  SaveJob *job;

  g_task_set_source_tag (task, rn_teaching_save_async);
  if (self->head == NULL || rn_teaching_is_busy (self))
    {
      g_task_return_new_error (
          task, G_IO_ERROR, G_IO_ERROR_BUSY,
          self->head == NULL ? _ ("There is nothing to save before two boxes have pictures.")
                             : _ ("Pictures are still being looked at; save again once that is done."));
      return;
    }
  job = g_new0 (SaveJob, 1);
  job->network = rn_teach_network_ref (rn_teaching_get_network (self));
  job->head = rn_teach_head_new (self->head, (const char *const *) self->labels->pdata);
  job->changes = self->changes;
  rn_save_task_run (task, save_network, job, save_job_free, path);
}

gboolean
rn_teaching_save_finish (RnTeaching *self, GAsyncResult *result, GError **error)
{
  const SaveJob *job = rn_save_task_get_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (job->changes == self->changes)
    self->unsaved = FALSE;
  rn_teaching_emit_changed (self);

  return TRUE;
}
