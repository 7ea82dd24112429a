#include "ui/draw/save-task.h"

typedef struct
{
  RnSaveFunc save;
  gpointer data;
  GDestroyNotify free_data;
  char *path;
} Save;

static void
save_free (gpointer data)
{
  Save *self = data;

  self->free_data (self->data);
  g_free (self->path);
  g_free (self);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Save *self = data;
  GError *error = NULL;

  if (self->save (self->data, self->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * rn_save_task_run:
 * @task: returns whether the file was written
 * @save: called by the worker with @data and @path
 * @data: (transfer full): a copy of what is to be saved, which nobody else changes
 * @free_data: for @data
 * @path: where to
 */
void
rn_save_task_run (
    GTask *task, RnSaveFunc save, gpointer data, GDestroyNotify free_data, const char *path)
{
  Save *self = g_new (Save, 1);

  *self = (Save) { save, data, free_data, g_strdup (path) };
  g_task_set_task_data (task, self, save_free);
  g_task_run_in_thread (task, save_in_thread);
}

/* Returns: (transfer none): what rn_save_task_run() was given; %NULL before that */
gpointer
rn_save_task_get_data (GTask *task)
{
  const Save *self = g_task_get_task_data (task);

  return self != NULL ? self->data : NULL;
}
