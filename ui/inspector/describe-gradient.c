#include "ui/inspector/describe-gradient.h"

#include <glib/gi18n.h>
#include <math.h>

static char *
describe (const RnLayerGradients *gradients, int layer, const char *label)
{
  double norm = gradients->norms[layer];

  if (!isfinite (norm))
    return g_strdup (_ ("none arrives"));

  return g_markup_printf_escaped (_ ("%.4g, of the loss were it %s"), norm, label);
}

/**
 * rn_describe_gradient:
 * @facts: (element-type RnFact): where to add
 * @gradients: (nullable): %NULL where they are not known
 * @working: whether they are being looked for
 * @layer: index of the layer whose output is meant
 * @label: (nullable): of the class
 *
 * Adds how large the gradient is there, or a link `gradient:` that asks for it.
 */
void
rn_describe_gradient (GPtrArray *facts,
                      const RnLayerGradients *gradients,
                      gboolean working,
                      int layer,
                      const char *label)
{
  RnFact *fact = g_new0 (RnFact, 1);

  fact->title = g_strdup (_ ("Gradient"));
  if (gradients != NULL)
    fact->text = describe (gradients, layer, label);
  else if (working)
    fact->text = g_strdup (_ ("being worked out…"));
  else
    fact->text = g_strdup_printf ("<a href=\"gradient:\">%s</a>", _ ("work it out"));
  g_ptr_array_add (facts, fact);
}
