#include "ui/lessons/lesson-store.h"

#include "ui/lessons/lesson-parser.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* The names of a folder that @suffix ends, sorted. */
static GPtrArray *
list_folder (const char *path, const char *suffix, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, error);
  const char *name;

  if (folder == NULL)
    return NULL;
  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, suffix))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  return g_steal_pointer (&names);
}

static gboolean
load_folder (GPtrArray *lessons, const char *folder, const char *language, GError **error)
{
  g_autofree char *path = g_build_filename (folder, language, NULL);
  g_autoptr (GPtrArray) names = list_folder (path, ".xml", error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      g_autofree char *label =
          g_build_filename ("lessons", language, g_ptr_array_index (names, i), NULL);
      g_autoptr (GFile) file = g_file_new_build_filename (path, g_ptr_array_index (names, i), NULL);
      RnLesson *lesson = rn_lesson_load (file, label, error);

      if (lesson == NULL)
        return FALSE;
      g_ptr_array_add (lessons, lesson);
    }

  return names != NULL;
}

/**
 * rn_lesson_store_load:
 * @data_dir: the folder of the bundled data
 * @language: (nullable): `en` or `zh_CN`; %NULL for all
 *
 * Returns: (transfer full) (element-type RnLesson) (nullable): the lessons in their order
 */
GPtrArray *
rn_lesson_store_load (const char *data_dir, const char *language, GError **error)
{
  g_autoptr (GPtrArray) lessons = g_ptr_array_new_with_free_func ((GDestroyNotify)rn_lesson_unref);
  g_autofree char *folder = NULL;
  g_autoptr (GPtrArray) languages = NULL;

  g_return_val_if_fail (data_dir != NULL, NULL);

  folder = g_build_filename (data_dir, "lessons", NULL);
  if (language != NULL)
    return load_folder (lessons, folder, language, error) ? g_steal_pointer (&lessons) : NULL;

  languages = list_folder (folder, "", error);
  if (languages == NULL)
    return NULL;
  for (guint i = 0; i < languages->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (languages, i), NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) &&
          !load_folder (lessons, folder, g_ptr_array_index (languages, i), error))
        return NULL;
    }

  return g_steal_pointer (&lessons);
}
