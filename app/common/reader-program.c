#include "app/common/reader-program.h"

#define PROGRAM "resnet-reader"

static gpointer
find_program (gpointer unused)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  const char *const places[] = { ".", RN_RELATIVE_LIBEXEC_DIR, "../app" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *relative = g_build_filename (places[i], PROGRAM, NULL);
      g_autofree char *path = g_canonicalize_filename (relative, folder);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }

  return g_build_filename (RN_INSTALL_LIBEXEC_DIR, PROGRAM, NULL);
}

/**
 * rn_reader_program_get:
 *
 * Beside the running program in a build tree (or beside its tests' folder); else in the prefix that
 * the running program was moved to; else where it was installed.
 *
 * Returns: (transfer none): an absolute path, the same at every call
 */
const char *
rn_reader_program_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_program, NULL);
}
