#include "ui/weights/file-sums.h"

/* Bytes read at a time. */
#define CHUNK (1 << 18)

void
rn_file_sums_free (RnFileSums *self)
{
  if (self == NULL)
    return;

  g_free (self->md5);
  g_free (self->sha256);
  g_free (self);
}

static RnFileSums *
compute (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (CHUNK);
  RnFileSums *sums;
  gssize n;

  if (stream == NULL)
    return NULL;
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, CHUNK, cancellable, error)) > 0)
    {
      g_checksum_update (md5, buffer, n);
      g_checksum_update (sha256, buffer, n);
    }
  if (n < 0)
    return NULL;

  sums = g_new0 (RnFileSums, 1);
  sums->md5 = g_strdup (g_checksum_get_string (md5));
  sums->sha256 = g_strdup (g_checksum_get_string (sha256));

  return sums;
}

static void
compute_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  RnFileSums *sums = compute (data, cancellable, &error);

  if (sums != NULL)
    g_task_return_pointer (task, sums, (GDestroyNotify) rn_file_sums_free);
  else
    g_task_return_error (task, error);
}

void
rn_file_sums_async (const char *path,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, rn_file_sums_async);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, compute_in_thread);
}

/* Returns: (transfer full) (nullable): the sums */
RnFileSums *
rn_file_sums_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
