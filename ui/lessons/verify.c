#include "ui/lessons/verify.h"

#include <math.h>

#include "engine/runtime/edit.h"
#include "ui/lessons/judge.h"
#include "ui/lessons/lesson-parser.h"
#include "ui/lessons/lesson-text.h"

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, RN_LESSON_ERROR, RN_LESSON_ERROR_UNCONFIRMED, message);

  return FALSE;
}

static gboolean
check_text (const char *text, const RnQuantities *quantities, GError **error)
{
  g_autofree char *rendered =
      text != NULL ? rn_lesson_text_render (text, quantities, error) : g_strdup ("");

  return rendered != NULL;
}

static gboolean
check_focus (const RnStep *step, const RnModel *model, GError **error)
{
  const RnLayer *layer = NULL;

  if (step->layer != NULL)
    layer = rn_model_find_layer (model, step->layer, error);
  else if (step->block != NULL)
    layer = rn_model_find_layer (model, step->block, error);
  if ((step->layer != NULL || step->block != NULL) && layer == NULL)
    return FALSE;
  if (step->block != NULL &&
      rn_structure_find_block (rn_model_get_structure (model), layer->index) == NULL)
    return refuse (error, "focus: “%s” is in no block", step->block);
  if (step->channel >= 0 && step->channel >= rn_shape_get_channels (&layer->output_shape))
    return refuse (error, "focus: “%s” has no channel %d", step->layer, step->channel);

  return TRUE;
}

static gboolean
check_confirmed (const char *expression,
                 gboolean wanted,
                 const RnQuantities *quantities,
                 GError **error)
{
  double holds;

  if (expression == NULL)
    return TRUE;
  if (!rn_quantities_compute_number (quantities, expression, &holds, error))
    return FALSE;
  if ((holds != 0) != wanted)
    return refuse (error, "“%s” is %s by the engine", expression, wanted ? "not so" : "so");

  return TRUE;
}

/* An answer that the engine finds must be judged as it was meant. */
static gboolean
check_answer (const RnTask *task,
              const RnQuantities *quantities,
              const char *language,
              gboolean right,
              GError **error)
{
  g_auto (RnAnswer) answer = RN_ANSWER_INIT;
  g_auto (RnVerdict) verdict = { 0 };

  if (!rn_task_solve (task, quantities, right, &answer, error) ||
      !rn_task_judge (task, quantities, language, &answer, &verdict, error))
    return FALSE;
  if (verdict.right != right)
    return refuse (error, "<%s>: a %s answer is judged %s", rn_task_kind_get_name (task->kind),
                   right ? "right" : "wrong", right ? "wrong" : "right");
  if (!right && verdict.reason == NULL)
    return refuse (error, "<%s>: a wrong answer gets no reason",
                   rn_task_kind_get_name (task->kind));

  return TRUE;
}

static gboolean
check_number (const RnTask *task,
              const RnQuantities *quantities,
              const char *language,
              GError **error)
{
  double wanted;

  if (!rn_quantities_compute_number (quantities, task->answer, &wanted, error))
    return FALSE;
  if (task->tolerance == 0 && wanted != floor (wanted))
    return refuse (error, "the answer %g is no whole number: a tolerance would be right", wanted);
  for (guint i = 0; i < task->wrongs->len; i++)
    {
      const RnWrong *wrong = g_ptr_array_index (task->wrongs, i);
      g_auto (RnAnswer) answer = RN_ANSWER_INIT;
      g_auto (RnVerdict) verdict = { 0 };
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      double number;

      if (wrong->when == NULL)
        continue;
      if (!rn_quantities_compute_number (quantities, wrong->when, &number, error))
        return FALSE;
      answer.text = g_strdup (g_ascii_dtostr (text, sizeof text, number));
      if (!rn_task_judge (task, quantities, language, &answer, &verdict, error))
        return FALSE;
      if (verdict.right)
        return refuse (error, "the wrong answer “%s” is right: %g", wrong->when, number);
    }

  return TRUE;
}

/* What the engine decides when it is asked has one right answer, whatever it was trained for. */
static gboolean
check_one_holds (const RnTask *task, const RnQuantities *quantities, GError **error)
{
  int n = 0;

  for (guint i = 0; i < task->options->len; i++)
    {
      const RnOption *option = g_ptr_array_index (task->options, i);
      double holds;

      if (!rn_quantities_compute_number (quantities, option->holds, &holds, error))
        return FALSE;
      n += holds != 0;
    }

  return n == 1 || refuse (error, "%d of the options hold: one would be right", n);
}

static gboolean
check_options (const RnTask *task, const RnQuantities *quantities, GError **error)
{
  gboolean open = rn_task_is_open (task);
  gboolean brief = open && rn_lesson_runs_is_brief (rn_lab_get_runs (quantities->lab));

  for (guint i = 0; i < task->options->len; i++)
    {
      const RnOption *option = g_ptr_array_index (task->options, i);

      if (!check_text (option->text, quantities, error) ||
          !check_text (option->reason, quantities, error) ||
          (!brief && !check_confirmed (option->holds, option->right, quantities, error)))
        return FALSE;
    }

  return !open || check_one_holds (task, quantities, error);
}

static gboolean
check_edits (const RnTask *task, const RnQuantities *quantities, GError **error)
{
  g_autoptr (RnBinding) binding = rn_lab_get_binding (quantities->lab, quantities->model, error);
  g_autoptr (RnBinding) edited = NULL;
  g_auto (RnAnswer) answer = RN_ANSWER_INIT;

  if (binding == NULL || !rn_task_solve (task, quantities, TRUE, &answer, error))
    return FALSE;
  edited = rn_edits_apply ((const char *const *)answer.edits, binding, error);

  return edited != NULL && check_confirmed (task->confirm, TRUE, quantities, error);
}

static gboolean
check_texts (const RnTask *task, const RnQuantities *quantities, GError **error)
{
  RnQuantities with_all = *quantities;

  /* Reasons may speak of what was selected or chosen, whatever it is. */
  with_all.it = 0;
  with_all.chosen_stride = with_all.chosen_filters = 1;
  for (guint i = 0; i < task->wrongs->len; i++)
    if (!check_text (((RnWrong *)g_ptr_array_index (task->wrongs, i))->reason, &with_all, error))
      return FALSE;

  return check_text (task->right, &with_all, error) &&
         check_text (task->hints[0], quantities, error) &&
         check_text (task->hints[1], quantities, error) &&
         check_text (task->solution, quantities, error);
}

static gboolean
check_task (const RnTask *task,
            const RnQuantities *quantities,
            const char *language,
            GError **error)
{
  if (!check_texts (task, quantities, error))
    return FALSE;
  if (task->kind == RN_TASK_NUMBER && !check_number (task, quantities, language, error))
    return FALSE;
  if (task->kind == RN_TASK_CHOICE && !check_options (task, quantities, error))
    return FALSE;
  if (task->kind == RN_TASK_EDIT && !check_edits (task, quantities, error))
    return FALSE;

  return check_answer (task, quantities, language, TRUE, error) &&
         check_answer (task, quantities, language, FALSE, error);
}

static gboolean
check_step (
    const RnLesson *lesson, const RnStep *step, const char *model_id, RnLab *lab, GError **error)
{
  const RnQuantities quantities = { lab, model_id, -1, 0, 0, step->learn, FALSE };
  g_autoptr (RnBinding) binding = rn_lab_get_binding (lab, model_id, error);

  if (step->learn != NULL && !rn_lesson_runs_learn (rn_lab_get_runs (lab), step->learn, error))
    return FALSE;

  return binding != NULL && check_focus (step, rn_binding_get_model (binding), error) &&
         check_text (step->text, &quantities, error) &&
         (step->task == NULL || check_task (step->task, &quantities, lesson->language, error));
}

/**
 * rn_lesson_verify:
 * @lab: with a picture
 *
 * Holds every step against every model that it claims: all names, texts, answers and wrong answers.
 * What a step's networks learn is learnt here, too, which may take half a minute.
 *
 * Returns: whether the engine confirms it all; else an error that names lesson and step
 */
gboolean
rn_lesson_verify (const RnLesson *lesson, RnLab *lab, GError **error)
{
  g_return_val_if_fail (lesson != NULL && lab != NULL, FALSE);

  for (guint m = 0; lesson->models[m] != NULL; m++)
    for (guint i = 0; i < lesson->steps->len; i++)
      {
        const RnStep *step = rn_lesson_get_step (lesson, i);

        if (step->model != NULL && !g_str_equal (step->model, lesson->models[m]))
          continue;
        if (!check_step (lesson, step, lesson->models[m], lab, error))
          {
            g_prefix_error (error, "%s:%d: lesson %s, step %s, model %s: ", lesson->label,
                            step->task != NULL ? step->task->line : step->line, lesson->id,
                            step->id, lesson->models[m]);
            return FALSE;
          }
      }

  return TRUE;
}
