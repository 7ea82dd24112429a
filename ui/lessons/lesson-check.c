#include "ui/lessons/lesson-check.h"

#include "ui/learn/learn-setup.h"

/* Returns: (transfer full) (nullable): what is wrong with the networks that learn in a step; of
 * pictures only those are taken that every computer has */
char *
rn_step_find_learn_fault (const RnStep *step)
{
  g_auto (RnLearnSetup) setup = { 0 };
  g_autoptr (GError) error = NULL;

  if (step->learn == NULL)
    return step->start ? g_strdup ("start: what learns is missing: learn=\"nets=…\"") : NULL;

  rn_learn_setup_init (&setup);
  if (!rn_learn_setup_parse (&setup, step->learn, &error))
    return g_strdup (error->message);
  if (!g_str_equal (setup.data, "shapes"))
    return g_strdup_printf ("data=%s: shapes would be right, which every computer has",
                            setup.data);

  return NULL;
}

static char *
find_choice_fault (const RnTask *task)
{
  int n_right = 0;

  for (guint i = 0; i < task->options->len; i++)
    n_right += ((RnOption *) g_ptr_array_index (task->options, i))->right;
  if (task->options->len >= 2 && n_right == 1)
    return NULL;

  return g_strdup_printf ("<choice>: %u options of which %d are right: two or more, one "
                          "right=\"yes\", would be right",
                          task->options->len, n_right);
}

/* Returns: (transfer full) (nullable): what is wrong with a task that is complete; %NULL: nothing */
char *
rn_task_find_fault (const RnTask *task)
{
  const char *name = rn_task_kind_get_name (task->kind);
  gboolean any = FALSE;

  if (task->hints[1] == NULL || task->solution == NULL)
    return g_strdup_printf ("<%s>: two <hint>s and a <solution> would be right", name);
  if (task->kind == RN_TASK_CHOICE)
    return find_choice_fault (task);
  for (guint i = 0; i < task->wrongs->len; i++)
    any |= ((RnWrong *) g_ptr_array_index (task->wrongs, i))->when == NULL;
  if (any)
    return NULL;

  return g_strdup_printf ("<%s>: a <wrong> without “when” would be right: the reason that other "
                          "wrong answers get",
                          name);
}

/* Returns: (nullable): what is missing from a lesson; %NULL: nothing */
const char *
rn_lesson_find_fault (const RnLesson *lesson)
{
  if (lesson->id == NULL)
    return "no <lesson>";
  if (lesson->about == NULL)
    return "no <about>: one sentence on what the lesson is about";
  if (lesson->steps->len == 0)
    return "no <step>";

  return NULL;
}
