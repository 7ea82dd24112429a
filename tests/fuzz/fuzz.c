#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *path;

static void
remove_file (void)
{
  unlink (path);
}

/* Returns: a file that holds the bytes, to be closed. It has a name, without which HDF5 opens none;
 * the next one takes its place. */
int
fuzz_file (const guint8 *bytes, size_t n_bytes)
{
  int fd;

  if (path == NULL)
    {
      close (g_file_open_tmp ("rn-fuzz-XXXXXX", &path, NULL));
      atexit (remove_file);
    }
  fd = open (path, O_RDWR | O_TRUNC | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, bytes, n_bytes), ==, (gssize) n_bytes);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);

  return fd;
}

/* Whatever is read succeeds without an error, or fails with one, of one line of valid UTF-8. */
void
fuzz_judge (gboolean done, const GError *error)
{
  g_assert_true (done == (error == NULL));
  if (error == NULL)
    return;
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (strchr (error->message, '\n') != NULL)
    {
      g_printerr ("more than one line: %s\n", error->message);
      abort ();
    }
}

/* A fuzzer sees abort(), and not the trap that GLib ends with. */
static void
on_log (const char *domain, GLogLevelFlags level, const char *message, gpointer unused)
{
  g_printerr ("%s: %s\n", domain != NULL ? domain : "program", message);
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_default_handler (on_log, NULL);

  return 0;
}
