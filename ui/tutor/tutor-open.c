/* Lessons found by name, or read from a file. */
#include "engine/model/catalog.h"
#include "ui/lessons/lesson-parser.h"
#include "ui/lessons/lesson-store.h"
#include "ui/tutor/tutor.h"

/* A teacher's own lesson; what is wrong with it is a message in the window. */
void
rn_tutor_open_file (RnTutor *self, GFile *file)
{
  g_autofree char *label = g_file_get_basename (file);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnLesson) lesson = rn_lesson_load (file, label != NULL ? label : "lesson", &error);

  for (guint i = 0; lesson != NULL && error == NULL && lesson->models[i] != NULL; i++)
    rn_catalog_find (lesson->models[i], &error);
  if (error != NULL)
    rn_document_report (rn_tutor_get_document (self), error->message);
  else
    rn_tutor_open_lesson (self, lesson);
}

/**
 * rn_tutor_open_named:
 * @name: language and id of a bundled lesson, as in "en/why-residual"
 */
gboolean
rn_tutor_open_named (RnTutor *self, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", 2);
  g_autoptr (GPtrArray) lessons = NULL;
  g_autoptr (GError) error = NULL;

  lessons = rn_lesson_store_load (rn_document_get_data_dir (rn_tutor_get_document (self)), parts[0], &error);
  if (lessons == NULL)
    rn_document_report (rn_tutor_get_document (self), error->message);
  for (guint i = 0; lessons != NULL && i < lessons->len; i++)
    if (g_strcmp0 (((RnLesson *)g_ptr_array_index (lessons, i))->id, parts[1]) == 0)
      {
        rn_tutor_open_lesson (self, g_ptr_array_index (lessons, i));
        return TRUE;
      }

  return FALSE;
}
