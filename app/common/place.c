#include "app/common/place.h"

/* What Meson leaves at the top of every build folder. */
#define BUILD_MARK "meson-private"

typedef struct
{
  char *folder; /* of the program; NULL where /proc does not tell */
  char *build;  /* the build folder around it; NULL where there is none */
} Place;

static char *
find_build (const char *folder)
{
  g_autofree char *at = g_strdup (folder);

  while (!g_str_equal (at, "/") && !g_str_equal (at, "."))
    {
      g_autofree char *mark = g_build_filename (at, BUILD_MARK, NULL);
      char *parent;

      if (g_file_test (mark, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&at);
      parent = g_path_get_dirname (at);
      g_free (at);
      at = parent;
    }

  return NULL;
}

static gpointer
find_place (gpointer unused)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  Place *place = g_new0 (Place, 1);

  if (program != NULL)
    {
      place->folder = g_path_get_dirname (program);
      place->build = find_build (place->folder);
    }

  return place;
}

static const Place *
get_place (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_place, NULL);
}

/**
 * rn_place_get_build:
 *
 * Returns: (transfer none) (nullable): the build folder that the running program is in, wherever
 *   that was moved; %NULL for an installed one
 */
const char *
rn_place_get_build (void)
{
  return get_place ()->build;
}

static char *
resolve_if_there (const char *relative, const char *folder)
{
  g_autofree char *path = NULL;

  if (relative == NULL || folder == NULL)
    return NULL;
  path = g_canonicalize_filename (relative, folder);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

/**
 * rn_place_find:
 * @in_build: (nullable): where it lies below a build folder
 * @beside: (nullable): where it lies in a prefix, seen from the folder of the programs, so that a
 *   prefix may be moved
 * @installed: absolute path to which it was to be installed
 *
 * Looks in these places for a file or a folder of the program's own.
 *
 * Returns: (transfer full): an absolute path; @installed where it is in no other place
 */
char *
rn_place_find (const char *in_build, const char *beside, const char *installed)
{
  const Place *place = get_place ();
  char *path = resolve_if_there (in_build, place->build);

  g_return_val_if_fail (installed != NULL, NULL);

  if (path == NULL && place->build == NULL)
    path = resolve_if_there (beside, place->folder);

  return path != NULL ? path : g_strdup (installed);
}
