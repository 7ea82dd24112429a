/* Answers found by the engine: to check lessons with, and to play them in tests. */
#include <math.h>

#include "engine/runtime/edit.h"
#include "ui/lessons/fit.h"
#include "ui/lessons/judge.h"

static gboolean
solve_number (const RnTask *task,
              const RnQuantities *quantities,
              gboolean right,
              RnAnswer *answer,
              GError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double number;

  if (!rn_quantities_compute_number (quantities, task->answer, &number, error))
    return FALSE;
  if (!right)
    number += 1 + 3 * (task->relative ? task->tolerance * fabs (number) : task->tolerance);
  answer->text = g_strdup (g_ascii_dtostr (text, sizeof text, number));

  return TRUE;
}

static gboolean
solve_shape (const RnTask *task, RnModel *model, gboolean right, RnAnswer *answer, GError **error)
{
  const RnLayer *layer = rn_model_find_layer (model, task->layer, error);
  RnShape shape;

  if (layer == NULL)
    return FALSE;
  if (task->of_input && layer->n_inputs == 0)
    {
      g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNKNOWN, "“%s” has no input",
                   layer->name);
      return FALSE;
    }
  shape = task->of_input ? rn_model_get_input_shape (model, layer->index, 0) : layer->output_shape;
  shape.dims[0] += !right;
  answer->text = rn_shape_to_string (&shape);

  return TRUE;
}

/* Of several that are right, or are not, the first. */
static gboolean
solve_choice (const RnTask *task,
              const RnQuantities *quantities,
              gboolean right,
              RnAnswer *answer,
              GError **error)
{
  gboolean open = rn_task_is_open (task);

  for (guint i = 0; i < task->options->len && answer->option < 0; i++)
    {
      const RnOption *option = g_ptr_array_index (task->options, i);
      double holds = option->right;

      if (open && !rn_quantities_compute_number (quantities, option->holds, &holds, error))
        return FALSE;
      if ((holds != 0) == right)
        answer->option = i;
    }
  if (answer->option >= 0)
    return TRUE;
  g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNKNOWN, "%s of the options holds",
               right ? "none" : "each");

  return FALSE;
}

/* The first layer or block that is right, or is not. */
static gboolean
solve_select (const RnTask *task,
              const RnQuantities *quantities,
              RnModel *model,
              gboolean right,
              RnAnswer *answer,
              GError **error)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n = task->blocks ? structure->n_blocks : rn_model_get_n_layers (model);

  for (int i = 0; i < n; i++)
    {
      RnQuantities with_it = *quantities;
      double holds;

      with_it.it = task->blocks ? structure->blocks[i].add : i;
      if (!rn_quantities_compute_number (&with_it, task->where, &holds, error))
        return FALSE;
      if ((holds != 0) != right)
        continue;
      *(task->blocks ? &answer->block : &answer->layer) = i;
      return TRUE;
    }
  g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNKNOWN,
               "“%s” holds of %s of the %s", task->where, right ? "none" : "all",
               task->blocks ? "blocks" : "layers");

  return FALSE;
}

static gboolean
solve_edit (const RnTask *task, RnModel *model, gboolean right, RnAnswer *answer)
{
  const RnStructure *structure = rn_model_get_structure (model);

  if (!right)
    {
      answer->edits = g_new0 (char *, 1);
      return TRUE;
    }

  answer->edits = g_strsplit (task->apply, " ", -1);
  for (guint i = 0; answer->edits[i] != NULL; i++)
    if (g_str_has_suffix (answer->edits[i], ":*") && structure->n_blocks > 1)
      {
        /* Any block, so the second: the first of a stage is often a projection. */
        const RnLayer *add = rn_model_get_layer (model, structure->blocks[1].add);
        g_autofree char *pattern = answer->edits[i];

        pattern[strlen (pattern) - 1] = '\0';
        answer->edits[i] = g_strconcat (pattern, add->name, NULL);
      }

  return TRUE;
}

static gboolean
solve_fit (const RnTask *task, RnModel *model, gboolean right, RnAnswer *answer, GError **error)
{
  if (!rn_fit_find (model, task->block, &answer->stride, &answer->filters, error))
    return FALSE;
  if (!right)
    answer->filters /= 2;

  return TRUE;
}

/**
 * rn_task_solve:
 * @right: %FALSE for an answer that is wrong
 * @answer: (out): initialised by this function, cleared by the caller
 *
 * Returns: whether there is such an answer
 */
gboolean
rn_task_solve (const RnTask *task,
               const RnQuantities *quantities,
               gboolean right,
               RnAnswer *answer,
               GError **error)
{
  g_autoptr (RnBinding) binding = NULL;
  RnModel *model;

  g_return_val_if_fail (task != NULL && quantities != NULL && answer != NULL, FALSE);

  *answer = RN_ANSWER_INIT;
  binding = rn_lab_get_binding (quantities->lab, quantities->model, error);
  if (binding == NULL)
    return FALSE;
  model = rn_binding_get_model (binding);

  switch (task->kind)
    {
    case RN_TASK_NUMBER:
      return solve_number (task, quantities, right, answer, error);
    case RN_TASK_SHAPE:
      return solve_shape (task, model, right, answer, error);
    case RN_TASK_CHOICE:
      return solve_choice (task, quantities, right, answer, error);
    case RN_TASK_SELECT:
      return solve_select (task, quantities, model, right, answer, error);
    case RN_TASK_EDIT:
      return solve_edit (task, model, right, answer);
    case RN_TASK_FIT:
      return solve_fit (task, model, right, answer, error);
    case RN_TASK_RUN:
      answer->idle = !right;
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}
