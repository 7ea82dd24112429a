#include "ui/lessons/judge.h"

#include <math.h>
#include <string.h>

#include "engine/runtime/edit.h"
#include "ui/lessons/fit.h"
#include "ui/lessons/lesson-text.h"
#include "ui/lessons/words.h"

/* Longer answers are none. */
#define MAX_ANSWER 200

void
rn_answer_clear (RnAnswer *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->edits, g_strfreev);
}

void
rn_answer_copy (const RnAnswer *from, RnAnswer *to)
{
  *to = *from;
  to->text = g_strdup (from->text);
  to->edits = g_strdupv (from->edits);
}

void
rn_verdict_clear (RnVerdict *self)
{
  g_clear_pointer (&self->reason, g_free);
}

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

/* Characters that a keyboard for Chinese gives, as the others, and no commas between digits. */
static char *
normalize_number (const char *text)
{
  g_autofree char *plain = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
  GString *number = g_string_new (NULL);

  for (const char *c = plain; c != NULL && *c != '\0'; c++)
    {
      gboolean groups = (*c == ',' || *c == ' ') && c > plain && g_ascii_isdigit (c[-1]) &&
                        g_ascii_isdigit (c[1]);

      if (!groups)
        g_string_append_c (number, *c);
    }

  return g_string_free (number, FALSE);
}

static gboolean
read_number (const char *text, double *number)
{
  g_autofree char *plain = NULL;
  g_auto (RnValue) value = { 0 };

  if (text == NULL || strlen (text) > MAX_ANSWER)
    return FALSE;
  plain = normalize_number (text);
  g_strstrip (plain);
  if (g_str_has_suffix (plain, "%"))
    plain[strlen (plain) - 1] = '\0';
  if (!rn_expression_evaluate (plain, NULL, NULL, &value, NULL) || value.text != NULL)
    return FALSE;
  *number = value.number;

  return TRUE;
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
  double wanted;

  if (!read_number (answer->text, &typed.number))
    {
      verdict->reason = g_strdup_printf (rn_word_get (RN_WORD_NO_NUMBER, language),
                                         answer->text != NULL ? answer->text : "");
      return TRUE;
    }
  if (!rn_quantities_compute_number (quantities, task->answer, &wanted, error))
    return FALSE;
  verdict->right = is_near (task, typed.number, wanted);
  if (verdict->right)
    return say (task->right, quantities, verdict, error);

  return say_wrong (task, quantities, number_matches, &typed, verdict, error);
}

/* Numbers in any writing of a shape: (None, 56, 56, 256), 56x56x256, … */
static gboolean
read_shape (const char *text, RnShape *shape)
{
  g_autofree char *plain = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_NFKC);

  shape->rank = 0;
  for (const char *c = plain != NULL ? plain : ""; *c != '\0'; c++)
    {
      char *end;
      guint64 size;

      if (!g_ascii_isdigit (*c))
        continue;
      size = g_ascii_strtoull (c, &end, 10);
      if (shape->rank == RN_SHAPE_MAX_RANK || size > RN_MAX_DIMENSION)
        return FALSE;
      shape->dims[shape->rank++] = (int) size;
      c = end - 1;
    }

  return shape->rank == 1 || shape->rank == 3;
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
  *match = read_shape (text, &shape) && rn_shape_equal (&shape, answer);

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

  if (!read_shape (answer->text, &shape))
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
    judge_number, judge_shape, judge_choice, judge_select, judge_edit, judge_fit,
  };

  g_return_val_if_fail (task != NULL && quantities != NULL && answer != NULL, FALSE);

  *verdict = (RnVerdict){ 0 };

  return judges[task->kind](task, quantities, language, answer, verdict, error);
}
