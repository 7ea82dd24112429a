/* Runs a fuzz target over kept files: fuzz-NAME FILE-OR-FOLDER… */
#include <glib/gstdio.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

static int n_replayed;

static void
replay (const char *path)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GError) error = NULL;
  const char *name;
  gsize size;

  if (dir == NULL)
    {
      g_assert_true (g_file_get_contents (path, &bytes, &size, &error));
      LLVMFuzzerTestOneInput ((const guint8 *) bytes, size);
      n_replayed++;
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      replay (inner);
    }
}

int
main (int argc, char **argv)
{
  LLVMFuzzerInitialize (&argc, &argv);
  for (int i = 1; i < argc; i++)
    {
      n_replayed = 0;
      replay (argv[i]);
      printf ("ok %d - %d inputs of %s\n", i, n_replayed, argv[i]);
    }
  printf ("1..%d\n", argc - 1);

  return 0;
}
