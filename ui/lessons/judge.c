#include "ui/lessons/judge.h"

#include <math.h>
#include <string.h>

#include "engine/runtime/edit.h"
#include "ui/lessons/answer-private.h"
#include "ui/lessons/fit.h"
#include "ui/lessons/lesson-text.h"
#include "ui/lessons/words.h"

static RnModel *
get_model (const RnQuantities *quantities, RnBinding **binding, GError **error)
{
  *binding = rn_lab_get_binding (quantities->lab, quantities->model, error);

  return *binding != NULL ? rn_binding_get_model (*binding) : NULL;
}

static gboolean
say (const char *text, const RnQuantities *quantities, RnVerdict *verdict, GError **error)
{
  if (text == NULL)
    return TRUE;
  verdict->reason = rn_lesson_text_render (text, quantities, error);

  return verdict->reason != NULL;
}

/* The reason of the first wrong answer that @matches, else that of any. */
static gboolean
say_wrong (const RnTask *task,
           const RnQuantities *quantities,
           gboolean (*matches) (const char *when,
                                const RnQuantities *quantities,
                                gconstpointer answer,
                                gboolean *match,
                                GError **error),
           gconstpointer answer,
           RnVerdict *verdict,
           GError **error)
{
  const RnWrong *chosen = NULL;

  for (guint i = 0; i < task->wrongs->len; i++)
    {
      const RnWrong *wrong = g_ptr_array_index (task->wrongs, i);
      gboolean match = FALSE;

      if (wrong->when != NULL && !matches (wrong->when, quantities, answer, &match, error))
        return FALSE;
      if (match)
        {
          chosen = wrong;
          break;
        }
      if (wrong->when == NULL && chosen == NULL)
        chosen = wrong;
    }

  return say (chosen->reason, quantities, verdict, error);
}

typedef struct
{
  const RnTask *task;
  double number;
} Typed;

/* Floating-point sums that a student writes out in another order are right too. */
static gboolean
is_near (const RnTask *task, double number, double wanted)
{
  double tolerance = task->relative ? task->tolerance * fabs (wanted) : task->tolerance;

  return fabs (number - wanted) <= tolerance + 1e-9 * fabs (wanted);
}

static gboolean
number_matches (const char *when,
                const RnQuantities *quantities,
                gconstpointer answer,
                gboolean *match,
                GError **error)
{
  const Typed *typed = answer;
  double number;

  if (!rn_quantities_compute_number (quantities, when, &number, error))
    return FALSE;
  *match = is_near (typed->task, typed->number, number);

  return TRUE;
}

static gboolean
judge_number (const RnTask *task,
              const RnQuantities *quantities,
              const char *language,
              const RnAnswer *answer,
              RnVerdict *verdict,
              GError **error)
{
  Typed typed = { task, 0 };
  g_autoptr (GError) trouble = NULL;
  double wanted;

  if (!rn_answer_read_number (answer->text, &typed.number))
    {
      verdict->reason = g_strdup_printf (rn_word_get (RN_WORD_NO_NUMBER, language),
                                         answer->text != NULL ? answer->text : "");
      return TRUE;
    }
  if (!rn_quantities_compute_number (quantities, task->answer, &wanted, &trouble))
    {
      if (!g_error_matches (trouble, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNLEARNT))
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return FALSE;
        }
      verdict->reason = g_strdup (rn_word_get (RN_WORD_UNLEARNT, language));
      return TRUE;
    }
  verdict->right = is_near (task, typed.number, wanted);
  if (verdict->right)
    return say (task->right, quantities, verdict, error);

  return say_wrong (task, quantities, number_matches, &typed, verdict, error);
}

static gboolean
shape_matches (const char *when,
               const RnQuantities *quantities,
               gconstpointer answer,
               gboolean *match,
               GError **error)
{
  g_autofree char *text = rn_lesson_text_render (when, quantities, error);
  RnShape shape;

  if (text == NULL)
    return FALSE;
  *match = rn_answer_read_shape (text, &shape) && rn_shape_equal (&shape, answer);

  return TRUE;
}

static gboolean
get_shape (const RnTask *task, const RnQuantities *quantities, RnShape *shape, GError **error)
{
  g_autoptr (RnBinding) binding = NULL;
  RnModel *model = get_model (quantities, &binding, error);
  const RnLayer *layer = model != NULL ? rn_model_find_layer (model, task->layer, error) : NULL;

  if (layer == NULL)
    return FALSE;
  *shape = task->of_input && layer->n_inputs > 0 ? rn_model_get_input_shape (model, layer->index, 0)
                                                 : layer->output_shape;

  return TRUE;
}

static gboolean
judge_shape (const RnTask *task,
             const RnQuantities *quantities,
             const char *language,
             const RnAnswer *answer,
             RnVerdict *verdict,
             GError **error)
{
  RnShape shape, wanted;

  if (!rn_answer_read_shape (answer->text, &shape))
    {
      verdict->reason = g_strdup_printf (rn_word_get (RN_WORD_NO_SHAPE, language),
                                         answer->text != NULL ? answer->text : "");
      return TRUE;
    }
  if (!get_shape (task, quantities, &wanted, error))
    return FALSE;
  verdict->right = rn_shape_equal (&shape, &wanted);
  if (verdict->right)
    return say (task->right, quantities, verdict, error);

  return say_wrong (task, quantities, shape_matches, &shape, verdict, error);
}

/* Evaluates a condition; what nobody has learnt far enough to tell does not hold. */
static gboolean
find_out (const RnQuantities *quantities,
          const char *condition,
          gboolean *holds,
          gboolean *unlearnt,
          GError **error)
{
  g_autoptr (GError) trouble = NULL;
  double number = 0;

  rn_quantities_compute_number (quantities, condition, &number, &trouble);
  *unlearnt = g_error_matches (trouble, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNLEARNT);
  *holds = trouble == NULL && number != 0;
  if (trouble == NULL || *unlearnt)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));

  return FALSE;
}

/* The engine says what is right. Where that is not what the author expected, nor is the reason. */
static gboolean
judge_open_choice (const RnOption *option,
                   const RnQuantities *quantities,
                   const char *language,
                   RnVerdict *verdict,
                   GError **error)
{
  gboolean unlearnt;

  if (!find_out (quantities, option->holds, &verdict->right, &unlearnt, error))
    return FALSE;
  if (unlearnt)
    verdict->reason = g_strdup (rn_word_get (RN_WORD_UNLEARNT, language));
  else if (verdict->right && !option->right)
    verdict->reason = g_strdup (rn_word_get (RN_WORD_UNEXPECTED, language));
  else if (!verdict->right && option->right)
    verdict->reason = g_strdup (rn_word_get (RN_WORD_OTHERWISE, language));
  else
    return say (option->reason, quantities, verdict, error);

  return TRUE;
}

static gboolean
judge_choice (const RnTask *task,
              const RnQuantities *quantities,
              const char *language,
              const RnAnswer *answer,
              RnVerdict *verdict,
              GError **error)
{
  const RnOption *option;

  if (answer->option < 0 || answer->option >= (int)task->options->len)
    {
      verdict->reason = g_strdup (rn_word_get (RN_WORD_NOTHING_CHOSEN, language));
      return TRUE;
    }
  option = g_ptr_array_index (task->options, answer->option);
  if (rn_task_is_open (task))
    return judge_open_choice (option, quantities, language, verdict, error);
  verdict->right = option->right;

  return say (option->reason, quantities, verdict, error);
}

static gboolean
selection_matches (const char *when,
                   const RnQuantities *quantities,
                   gconstpointer answer,
                   gboolean *match,
                   GError **error)
{
  RnQuantities with_it = *quantities;
  double holds;

  with_it.it = *(const int *)answer;
  if (!rn_quantities_compute_number (&with_it, when, &holds, error))
    return FALSE;
  *match = holds != 0;

  return TRUE;
}

static gboolean
judge_select (const RnTask *task,
              const RnQuantities *quantities,
              const char *language,
              const RnAnswer *answer,
              RnVerdict *verdict,
              GError **error)
{
  g_autoptr (RnBinding) binding = NULL;
  RnModel *model = get_model (quantities, &binding, error);
  RnQuantities with_it = *quantities;
  int it = answer->layer;

  if (model == NULL)
    return FALSE;
  if (task->blocks)
    it = answer->block >= 0 && answer->block < rn_model_get_structure (model)->n_blocks
             ? rn_model_get_structure (model)->blocks[answer->block].add
             : -1;
  if (it < 0 || it >= rn_model_get_n_layers (model))
    {
      verdict->reason = g_strdup (
          rn_word_get (task->blocks ? RN_WORD_SELECT_BLOCK : RN_WORD_SELECT_LAYER, language));
      return TRUE;
    }
  with_it.it = it;
  if (!selection_matches (task->where, &with_it, &it, &verdict->right, error))
    return FALSE;
  if (verdict->right)
    return say (task->right, &with_it, verdict, error);

  return say_wrong (task, &with_it, selection_matches, &it, verdict, error);
}

/* Whether @edits has every edit of @wanted; a target “*” is any. */
static gboolean
has_edits (char **edits, const char *wanted)
{
  g_auto (GStrv) words = g_strsplit (wanted, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean any = g_str_has_suffix (words[i], ":*"), found = FALSE;

      for (guint e = 0; edits != NULL && edits[e] != NULL; e++)
        found |= any ? strncmp (edits[e], words[i], strlen (words[i]) - 1) == 0
                     : g_str_equal (edits[e], words[i]);
      if (!found)
        return FALSE;
    }

  return TRUE;
}

static gboolean
edits_match (const char *when,
             const RnQuantities *quantities,
             gconstpointer answer,
             gboolean *match,
             GError **error)
{
  *match = has_edits (((const RnAnswer *)answer)->edits, when);

  return TRUE;
}

static gboolean
judge_edit (const RnTask *task,
            const RnQuantities *quantities,
            const char *language,
            const RnAnswer *answer,
            RnVerdict *verdict,
            GError **error)
{
  g_auto (GStrv) wanted = g_strsplit (task->apply, " ", -1);
  gboolean done = has_edits (answer->edits, task->apply);

  /* Figures of one edit are not those of several. */
  if (done && g_strv_length (answer->edits) > g_strv_length (wanted))
    {
      g_autofree char *all = g_strjoinv (", ", answer->edits);

      verdict->reason = g_strdup_printf (rn_word_get (RN_WORD_OTHER_EDITS, language), all);
      return TRUE;
    }
  verdict->right = done;
  if (verdict->right)
    return say (task->right, quantities, verdict, error);

  return say_wrong (task, quantities, edits_match, answer, verdict, error);
}

static gboolean
fit_matches (const char *when,
             const RnQuantities *quantities,
             gconstpointer answer,
             gboolean *match,
             GError **error)
{
  double holds;

  if (!rn_quantities_compute_number (quantities, when, &holds, error))
    return FALSE;
  *match = holds != 0;

  return TRUE;
}

static gboolean
judge_fit (const RnTask *task,
           const RnQuantities *quantities,
           const char *language,
           const RnAnswer *answer,
           RnVerdict *verdict,
           GError **error)
{
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GError) misfit = NULL;
  g_autofree char *reason = NULL;
  RnModel *model = get_model (quantities, &binding, error);
  RnQuantities chosen = *quantities;

  if (model == NULL)
    return FALSE;
  chosen.chosen_stride = answer->stride;
  chosen.chosen_filters = answer->filters;
  if (answer->stride < 1 || answer->filters < 1)
    {
      verdict->reason = g_strdup (rn_word_get (RN_WORD_NOTHING_CHOSEN, language));
      return TRUE;
    }
  verdict->right = rn_fit_try (model, task->block, answer->stride, answer->filters, &misfit);
  if (verdict->right)
    return say (task->right, &chosen, verdict, error);
  if (!say_wrong (task, &chosen, fit_matches, NULL, verdict, error))
    return FALSE;

  /* What the engine said when it tried to build the block belongs to the reason. */
  reason = verdict->reason;
  verdict->reason = g_strdup_printf ("%s\n\n`%s`", reason, misfit->message);

  return TRUE;
}

static gboolean
run_matches (const char *when,
             const RnQuantities *quantities,
             gconstpointer answer,
             gboolean *match,
             GError **error)
{
  gboolean unlearnt;

  return find_out (quantities, when, match, &unlearnt, error);
}

static gboolean
judge_run (const RnTask *task,
           const RnQuantities *quantities,
           const char *language,
           const RnAnswer *answer,
           RnVerdict *verdict,
           GError **error)
{
  RnQuantities now = *quantities;

  now.unlearnt |= answer->idle;
  if (!run_matches (task->until, &now, NULL, &verdict->right, error))
    return FALSE;
  if (verdict->right)
    return say (task->right, &now, verdict, error);

  return say_wrong (task, &now, run_matches, NULL, verdict, error);
}

/**
 * rn_task_judge:
 * @language: the lesson's
 * @verdict: (out): cleared by the caller
 *
 * Returns: whether the engine could tell; if not, @error says why
 */
gboolean
rn_task_judge (const RnTask *task,
               const RnQuantities *quantities,
               const char *language,
               const RnAnswer *answer,
               RnVerdict *verdict,
               GError **error)
{
  gboolean (*const judges[RN_N_TASK_KINDS]) (const RnTask *, const RnQuantities *, const char *,
                                             const RnAnswer *, RnVerdict *, GError **) = {
    judge_number, judge_shape, judge_choice, judge_select, judge_edit, judge_fit, judge_run,
  };

  g_return_val_if_fail (task != NULL && quantities != NULL && answer != NULL, FALSE);

  *verdict = (RnVerdict){ 0 };

  return judges[task->kind](task, quantities, language, answer, verdict, error);
}
