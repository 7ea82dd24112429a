#include "ui/download/download.h"

#define CHUNK (64 << 10)

/**
 * rn_download_md5_of:
 * @path: a file
 *
 * Reads the whole file: call it from a worker.
 *
 * Returns: (transfer full) (nullable): its MD5 as 32 hexadecimal digits
 */
char *
rn_download_md5_of (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree guint8 *buffer = g_malloc (CHUNK);
  gssize n;

  if (stream == NULL)
    return NULL;
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, CHUNK, cancellable, error)) > 0)
    g_checksum_update (checksum, buffer, n);

  return n == 0 ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}
