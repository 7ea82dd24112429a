/* A comparison's outcome in words. */
#include <glib/gi18n.h>

#include "engine/model/number.h"
#include "ui/compare/compare-work.h"

/* How it came out, in a line; free with g_free(). */
char *
rn_compare_result_get_verdict (const RnCompareResult *self)
{
  const RnComparison *comparison = self->comparison;
  gint64 more = rn_model_get_n_parameters (rn_comparison_get_b (comparison)) -
                rn_model_get_n_parameters (rn_comparison_get_a (comparison));
  g_autofree char *count = rn_number_to_string (ABS (more));

  if (rn_comparison_get_n (comparison) == 0)
    return g_strdup (_ ("The same: no difference"));
  if (rn_comparison_is_same (comparison))
    return g_strdup (_ ("Equivalent: written otherwise, but the same is computed"));
  if (more == 0)
    return g_strdup (_ ("Different, with as many parameters"));

  return g_strdup_printf (more > 0 ? _ ("Different; B has %s parameters more")
                                   : _ ("Different; A has %s parameters more"),
                          count);
}

/* What is known of the numbers, and what the models' files had to be warned of. */
char *
rn_compare_result_get_message (const RnCompareResult *self)
{
  const RnDeviations *deviations = self->deviations;
  const char *warning = self->warning;
  g_autofree char *numbers = NULL;

  if (deviations == NULL)
    numbers =
        g_strdup (_ ("By structure alone: weights and activations are compared where both sides "
                     "have weights."));
  else if (deviations->first_weights < 0 && deviations->first_activations < 0)
    numbers = g_strdup_printf (_ ("On the picture, the weights of %d layers are the same and the "
                                  "activations of %d layers agree."),
                               deviations->n_weights, deviations->n_activations);
  else
    numbers =
        g_strdup_printf (_ ("On the picture, the weights of %d layers and the activations of %d "
                            "layers were compared."),
                         deviations->n_weights, deviations->n_activations);

  return warning != NULL ? g_strdup_printf ("%s\n%s", numbers, warning)
                         : g_steal_pointer (&numbers);
}
