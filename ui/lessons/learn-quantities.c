/* What a lesson may ask of networks that learn: of the learn view's, and of the first step. */
#include <math.h>

#include "ui/lessons/quantities-private.h"
#include "ui/lessons/runs.h"

static gboolean
fail_unlearnt (const char *net, GError **error)
{
  g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNLEARNT,
               "%s has not learnt that far", net);

  return FALSE;
}

/* The bar of a block: from 0, or from the end where it is negative. */
static gboolean
get_bar (const RnLearnResult *self, double block, RnLearnBar *bar, GError **error)
{
  double index = block < 0 ? block + self->n_bars : block;

  if (self->n_bars == 0)
    return fail_unlearnt (self->net, error);
  if (index < 0 || index >= self->n_bars || index != floor (index))
    return rn_quantity_fail (error, "%s has no block %g: 0 to %d, or -1 for the last, would be "
                             "right", self->net, block, self->n_bars - 1);
  *bar = self->bars[(int)index];

  return TRUE;
}

static gboolean
get_block (const RnLearnResult *self,
           gboolean response,
           double block,
           RnValue *value,
           GError **error)
{
  RnLearnBar bar = { 0 };

  if (!get_bar (self, block, &bar, error))
    return FALSE;
  value->number = response ? bar.response : bar.gradient;

  return TRUE;
}

static gboolean
get_error (const RnLearnResult *self, gboolean training, RnValue *value, GError **error)
{
  value->number = training ? self->train_error : self->val_error;

  return isfinite (value->number) || fail_unlearnt (self->net, error);
}

/* Whether @setup, of the step, speaks of the network; others cannot be meant. */
static gboolean
check_net (const char *net, GError **error)
{
  g_auto (RnLearnSetup) setup = { 0 };
  g_autofree char *text = g_strdup_printf ("nets=%s,%s", net, net);

  rn_learn_setup_init (&setup);

  return rn_learn_setup_parse (&setup, text, error);
}

static gboolean
find (const RnQuantities *self,
      gboolean first,
      const char *net,
      RnLearnResult *result,
      GError **error)
{
  RnLessonRuns *runs = rn_lab_get_runs (self->lab);

  if (!check_net (net, error))
    return FALSE;
  if (!first)
    {
      if (self->unlearnt || !rn_lesson_runs_find (runs, net, result))
        *result = (RnLearnResult){ .net = g_strdup (net), .train_error = NAN, .val_error = NAN };
      return TRUE;
    }
  if (self->learn == NULL)
    return rn_quantity_fail (error, "a <focus learn=\"…\"> of the step would be right: it says how "
                                    "%s learns", net);

  return rn_lesson_runs_find_first (runs, self->learn, net, result, error);
}

gboolean
rn_learn_quantity_is_one (const char *name)
{
  static const char *const names[] = { "train_error",    "val_error",      "steps",
                                       "epochs",         "progress",       "gradient",
                                       "response",       "first_gradient", "first_response",
                                       "learnt_blocks",  NULL };

  return g_strv_contains (names, name);
}

static gboolean
compute (const RnLearnResult *result,
         const char *name,
         double block,
         RnValue *value,
         GError **error)
{
  if (g_str_has_suffix (name, "gradient") || g_str_has_suffix (name, "response"))
    return get_block (result, g_str_has_suffix (name, "response"), block, value, error);
  if (g_str_has_suffix (name, "_error"))
    return get_error (result, g_str_equal (name, "train_error"), value, error);

  if (g_str_equal (name, "learnt_blocks"))
    value->number = result->n_bars;
  else if (g_str_equal (name, "epochs"))
    value->number = result->n_epochs;
  else if (g_str_equal (name, "steps"))
    value->number = result->n_steps;
  else
    value->number = result->all_steps > 0 ? (double)result->n_steps / result->all_steps : 0;

  return TRUE;
}

/**
 * rn_learn_quantity_compute:
 * @name: for which rn_learn_quantity_is_one() holds
 *
 * Returns: whether it can be had; %RN_EXPRESSION_ERROR_UNLEARNT where the network has not learnt as
 *   far as that
 */
gboolean
rn_learn_quantity_compute (const RnQuantities *self,
                           const char *name,
                           const RnValue *arguments,
                           int n_arguments,
                           RnValue *value,
                           GError **error)
{
  gboolean block = g_str_has_suffix (name, "gradient") || g_str_has_suffix (name, "response");
  g_auto (RnLearnResult) result = { 0 };

  if (n_arguments != 1 + block || arguments[0].text == NULL || (block && arguments[1].text != NULL))
    return rn_quantity_fail (error, block ? "%s: a network and a block's number would be right, as "
                                            "in %s('plain20', 0)"
                                          : "%s: a network would be right, as in %s('plain20')",
                             name, name);

  return find (self, g_str_has_prefix (name, "first_"), arguments[0].text, &result, error) &&
         compute (&result, name, block ? arguments[1].number : 0, value, error);
}
