/* Lessons, and the sums in them. */
#include "tests/fuzz/fuzz.h"
#include "ui/lessons/expression.h"
#include "ui/lessons/lesson-parser.h"

/* Every quantity is known, and depends on its arguments. */
static gboolean
answer (const char *name,
        const RnValue *arguments,
        int n_arguments,
        RnValue *result,
        gpointer data,
        GError **error)
{
  result->number = name[0];
  for (int i = 0; i < n_arguments; i++)
    result->number += arguments[i].number;

  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autofree char *text = g_strndup ((const char *) bytes, n_bytes);
  g_autoptr (GError) lesson_error = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (RnValue) value = { 0 };
  RnLesson *lesson = rn_lesson_parse ((const char *) bytes, n_bytes, FUZZ_LABEL, &lesson_error);

  fuzz_judge (lesson != NULL, lesson_error);
  if (lesson != NULL)
    rn_lesson_unref (lesson);
  if (g_utf8_validate (text, -1, NULL))
    {
      gboolean done = rn_expression_evaluate (text, answer, NULL, &value, &error);

      fuzz_judge (done, error);
    }

  return 0;
}
