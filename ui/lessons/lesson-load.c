/* Lessons read from files. */
#include "ui/lessons/lesson-parser.h"

/**
 * rn_lesson_load:
 * @label: what to call it in errors
 *
 * Reads at most %RN_LESSON_MAX_BYTES, whatever the file claims to be.
 */
RnLesson *
rn_lesson_load (GFile *file, const char *label, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *text = g_malloc (RN_LESSON_MAX_BYTES + 1);
  gsize length;

  g_return_val_if_fail (G_IS_FILE (file) && label != NULL, NULL);

  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    {
      g_prefix_error (error, "%s: ", label);
      return NULL;
    }
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, RN_LESSON_MAX_BYTES + 1, &length,
                                NULL, error))
    {
      g_prefix_error (error, "%s: ", label);
      return NULL;
    }

  return rn_lesson_parse (text, length, label, error);
}
