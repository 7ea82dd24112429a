#include "ui/tutor/progress-file.h"

struct _RnLessonProgress
{
  char *path;
  GKeyFile *file;
};

/**
 * rn_lesson_progress_new:
 * @path: a file that need not exist; one that cannot be read counts as none
 */
RnLessonProgress *
rn_lesson_progress_new (const char *path)
{
  RnLessonProgress *self = g_new0 (RnLessonProgress, 1);

  self->path = g_strdup (path);
  self->file = g_key_file_new ();
  g_key_file_load_from_file (self->file, path, G_KEY_FILE_NONE, NULL);

  return self;
}

void
rn_lesson_progress_free (RnLessonProgress *self)
{
  g_key_file_unref (self->file);
  g_free (self->path);
  g_free (self);
}

/* What cannot be written is forgotten with the program: no reason to stop a lesson. */
static void
save (RnLessonProgress *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_mkdir_with_parents (folder, 0700);
  g_key_file_save_to_file (self->file, self->path, NULL);
}

int
rn_lesson_progress_get_step (RnLessonProgress *self, const char *lesson)
{
  return MAX (0, g_key_file_get_integer (self->file, lesson, "step", NULL));
}

void
rn_lesson_progress_set_step (RnLessonProgress *self, const char *lesson, int step)
{
  g_key_file_set_integer (self->file, lesson, "step", step);
  save (self);
}

gboolean
rn_lesson_progress_is_done (RnLessonProgress *self, const char *lesson)
{
  return g_key_file_get_boolean (self->file, lesson, "done", NULL);
}

void
rn_lesson_progress_set_done (RnLessonProgress *self, const char *lesson)
{
  g_key_file_set_boolean (self->file, lesson, "done", TRUE);
  g_key_file_set_integer (self->file, lesson, "step", 0);
  save (self);
}

void
rn_lesson_progress_reset (RnLessonProgress *self)
{
  g_key_file_unref (self->file);
  self->file = g_key_file_new ();
  save (self);
}
