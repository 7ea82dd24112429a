#include "engine/tensor/file-bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void
set_errno (GError **error, const char *label, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s: %s", label, what,
               g_strerror (code));
}

/**
 * rn_file_open_any:
 * @path: of a file, or whatever else is there
 *
 * Returns: a descriptor to read from, to be closed; -1 where there is nothing that can be read
 */
int
rn_file_open_any (const char *path, GError **error)
{
  int fd;

  g_return_val_if_fail (path != NULL, -1);

  /* A pipe that nobody writes to is not waited for. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    set_errno (error, path, "cannot be read");

  return fd;
}

/**
 * rn_file_open:
 * @path: of a regular file
 * @size: (out): how long it is now
 *
 * Returns: a descriptor to read from, to be closed; -1 where there is no such file
 */
int
rn_file_open (const char *path, gsize *size, GError **error)
{
  int fd;
  struct stat stats;

  g_return_val_if_fail (path != NULL && size != NULL, -1);

  /* A pipe that nobody writes to is not waited for. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      set_errno (error, path, "cannot be opened");
      return -1;
    }
  if (fstat (fd, &stats) != 0 || !S_ISREG (stats.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   "%s: not a regular file, which would be right", path);
      close (fd);
      return -1;
    }
  *size = (gsize) stats.st_size;

  return fd;
}

/**
 * rn_file_read:
 * @fd: from rn_file_open()
 * @offset: of the first byte
 * @bytes: (array length=n_bytes): where to put them
 * @label: what to call the file in messages
 * @error: set, to %G_IO_ERROR_PARTIAL_INPUT where there are fewer
 *
 * Returns: whether @n_bytes were read
 */
gboolean
rn_file_read (int fd, gsize offset, void *bytes, gsize n_bytes, const char *label, GError **error)
{
  gsize done = 0;

  g_return_val_if_fail ((bytes != NULL || n_bytes == 0) && label != NULL, FALSE);

  while (done < n_bytes)
    {
      ssize_t n = pread (fd, (guint8 *) bytes + done, n_bytes - done, (off_t) (offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_errno (error, label, "cannot be read");
          return FALSE;
        }
      if (n == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       "%s: became shorter while it was read; try again once it is whole", label);
          return FALSE;
        }
      done += (gsize) n;
    }

  return TRUE;
}
