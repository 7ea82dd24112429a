#include "app/common/data-dir.h"

#include "app/common/place.h"

/* What tells the data folder from others of that name. */
#define MARK "weights/sources.json"

/* The sources that a build folder belongs to: around it, or where they were when it was configured.
 * Either may have been moved without the other. */
static char *
find_source_data (const char *build)
{
  g_autofree char *around = g_canonicalize_filename ("../data", build);
  g_autofree char *mark = g_build_filename (around, MARK, NULL);

  if (g_file_test (mark, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&around);

  return g_strdup (RN_SOURCE_DATA_DIR);
}

static gpointer
find_data_dir (gpointer unused)
{
  const char *forced = g_getenv ("RN_DATA_DIR");
  const char *build = rn_place_get_build ();

  if (forced != NULL && forced[0] != '\0')
    return g_strdup (forced);
  if (build != NULL)
    return find_source_data (build);

  return rn_place_find (NULL, RN_RELATIVE_DATA_DIR, RN_INSTALL_DATA_DIR);
}

/**
 * rn_data_dir_get:
 *
 * The folder of the bundled data: the one that the variable RN_DATA_DIR names; for a program in its
 * build tree the sources', even if either was moved; else the one beside the program in its prefix, wherever that was moved.
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
