#include "app/resnet/image-list.h"

static gboolean
has_image_ending (const char *name)
{
  static const char *const endings[] = { ".png", ".jpg",  ".jpeg", ".webp", ".gif", ".bmp",
                                         ".tif", ".tiff", ".ppm",  ".pgm",  ".npy" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;

  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The pictures of a folder, in the order of their names; folders within it are passed over. */
static gboolean
add_folder (GPtrArray *paths, const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.' && has_image_ending (name))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  if (names->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "%s: no pictures in this folder; .png, .jpg, .webp or .npy would be right",
                   folder);
      return FALSE;
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_extend_and_steal (paths, g_steal_pointer (&names));

  return TRUE;
}

/**
 * rn_image_list_new:
 * @words: files and folders, %NULL-terminated
 * @faults: (out) (transfer full): a message for every folder without pictures
 *
 * Returns: (transfer full): the files, a folder's in its place
 */
GPtrArray *
rn_image_list_new (char **words, GPtrArray **faults)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  *faults = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; words[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!g_file_test (words[i], G_FILE_TEST_IS_DIR))
        g_ptr_array_add (paths, g_strdup (words[i]));
      else if (!add_folder (paths, words[i], &error))
        g_ptr_array_add (*faults, g_strdup (error->message));
    }

  return paths;
}
