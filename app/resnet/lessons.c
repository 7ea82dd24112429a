/* resnet lessons: the tutor's lessons, one a line; --check holds them against the engine. */
#include <stdio.h>

#include "app/common/data-dir.h"
#include "app/resnet/command.h"
#include "ui/lessons/lesson-parser.h"
#include "ui/lessons/lesson-store.h"
#include "ui/lessons/verify.h"
#include "ui/pictures/picture-loader.h"

/* What a lesson without a picture of its own is checked on. */
#define DEFAULT_PICTURE "golf-ball.png"

static GPtrArray *
load_lessons (char **paths, GError **error)
{
  g_autoptr (GPtrArray) lessons = NULL;

  if (paths[0] == NULL)
    return rn_lesson_store_load (rn_data_dir_get (), NULL, error);

  lessons = g_ptr_array_new_with_free_func ((GDestroyNotify)rn_lesson_unref);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (paths[i]);
      RnLesson *lesson = rn_lesson_load (file, paths[i], error);

      if (lesson == NULL)
        return NULL;
      g_ptr_array_add (lessons, lesson);
    }

  return g_steal_pointer (&lessons);
}

static gboolean
check_lesson (const RnLesson *lesson, RnLab *lab, GError **error)
{
  const char *name = lesson->picture != NULL ? lesson->picture : DEFAULT_PICTURE;
  g_autofree char *relative = g_build_filename ("samples", name, NULL);
  g_autofree char *path = NULL;
  g_autoptr (RnPicture) picture = NULL;

  if (strchr (name, G_DIR_SEPARATOR) == NULL)
    path = rn_data_dir_find (relative, NULL);
  if (path == NULL)
    {
      g_set_error (error, RN_LESSON_ERROR, RN_LESSON_ERROR_FORMAT,
                   "%s:1: picture “%s”: the name of a bundled sample would be right", lesson->label,
                   name);
      return FALSE;
    }
  picture = rn_picture_load (path, error);
  if (picture == NULL)
    return FALSE;
  rn_lab_set_picture (lab, picture);

  return rn_lesson_verify (lesson, lab, error);
}

static RnExit
run (char **args, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_lessons, NULL);
  gboolean check = FALSE;
  const GOptionEntry entries[] = { { "check", 'c', 0, G_OPTION_ARG_NONE, &check,
                                     "Hold every step against every model that it claims", NULL },
                                   G_OPTION_ENTRY_NULL };
  g_auto (GStrv) paths = NULL;
  g_autoptr (GPtrArray) lessons = NULL;
  g_autoptr (RnLab) lab = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, NULL, &paths, error))
    return RN_EXIT_USAGE;
  lessons = load_lessons (paths, error);
  if (lessons == NULL)
    return RN_EXIT_INPUT;

  lab = rn_lab_new (rn_data_dir_get ());
  for (guint i = 0; i < lessons->len; i++)
    {
      const RnLesson *lesson = g_ptr_array_index (lessons, i);

      if (check && !check_lesson (lesson, lab, error))
        return RN_EXIT_INPUT;
      printf ("%-20s %-6s %2u  %s\n", lesson->id, lesson->language, lesson->steps->len,
              lesson->title);
    }

  return RN_EXIT_DONE;
}

const RnCommand rn_command_lessons = {
  "lessons",
  "[FILE…]",
  "The tutor's lessons, one a line: id, language, steps, title",
  run,
};
