#include "app/common/data-dir.h"

/* Whether @path lies below @folder. */
static gboolean
is_below (const char *path, const char *folder)
{
  size_t length = strlen (folder);

  return strncmp (path, folder, length) == 0 && path[length] == G_DIR_SEPARATOR;
}

static gpointer
find_data_dir (gpointer unused)
{
  const char *forced = g_getenv ("RN_DATA_DIR");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *relative = NULL;
  g_autofree char *folder = NULL;

  if (forced != NULL && forced[0] != '\0')
    return g_strdup (forced);
  if (program == NULL)
    return g_strdup (RN_INSTALL_DATA_DIR);
  if (is_below (program, RN_BUILD_ROOT))
    return g_strdup (RN_SOURCE_DATA_DIR);

  folder = g_path_get_dirname (program);
  relative = g_canonicalize_filename (RN_RELATIVE_DATA_DIR, folder);
  if (g_file_test (relative, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&relative);

  return g_strdup (RN_INSTALL_DATA_DIR);
}

/**
 * rn_data_dir_get:
 *
 * The folder of the bundled data: the one that the variable RN_DATA_DIR names; for a program in its
 * build tree the sources'; else the one beside the program in its prefix, wherever that was moved.
 *
 * Returns: (transfer none): an absolute path, the same at every call
 */
const char *
rn_data_dir_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_data_dir, NULL);
}

/**
 * rn_data_dir_find:
 * @relative: e.g. "weights/resnet50.h5"
 *
 * Returns: (transfer full) (nullable): the file's path, or %NULL with %G_IO_ERROR_NOT_FOUND if it
 *   is not bundled
 */
char *
rn_data_dir_find (const char *relative, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (relative != NULL, NULL);

  path = g_build_filename (rn_data_dir_get (), relative, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "the program's data has no %s: there is no %s; install it again, or name the "
                   "folder in RN_DATA_DIR",
                   relative, path);
      return NULL;
    }

  return g_steal_pointer (&path);
}
