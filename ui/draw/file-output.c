#include "ui/draw/file-output.h"

#include <errno.h>
#include <stdio.h>
#include <glib/gstdio.h>

/* A pipe or a device is written to, not replaced. */
static gboolean
write_special (const char *path, const void *data, gsize length)
{
  FILE *file = g_fopen (path, "wbe");
  gboolean success;
  int saved;

  if (file == NULL)
    return FALSE;
  success = fwrite (data, 1, length, file) == length;
  saved = errno;
  if (fclose (file) != 0)
    return FALSE;
  errno = saved;

  return success;
}

/**
 * rn_file_output_write:
 * @path: where to, in the file system's encoding
 *
 * Writes a file in one step: whoever looks sees the old one or the new one.
 *
 * Returns: %FALSE with @error set to one line, path and reason
 */
gboolean
rn_file_output_write (const char *path, const void *data, gsize length, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *target = NULL;
  GStatBuf info;

  g_return_val_if_fail (path != NULL, FALSE);

  if (g_stat (path, &info) == 0 && !S_ISREG (info.st_mode) && !S_ISDIR (info.st_mode))
    {
      if (write_special (path, data, length))
        return TRUE;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write %s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }

  /* Through a symbolic link to what it means, lest the link be replaced. */
  target = realpath (path, NULL);
  if (g_file_set_contents_full (target != NULL ? target : path, data, length,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0666, &failure))
    return TRUE;

  /* GLib's message speaks of its temporary file; the reason is its last part. */
  g_set_error (error, G_IO_ERROR,
               g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_ACCES)
                   ? G_IO_ERROR_PERMISSION_DENIED
                   : G_IO_ERROR_FAILED,
               "cannot write %s: %s", path,
               strrchr (failure->message, ':') != NULL ? strrchr (failure->message, ':') + 2
                                                       : failure->message);

  return FALSE;
}
