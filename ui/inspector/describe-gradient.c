#include "ui/inspector/describe-gradient.h"

#include <glib/gi18n.h>
#include <math.h>

static char *
describe (const RnLayerGradients *gradients, gboolean trained, int layer, const char *label)
{
  double norm = gradients->norms[layer];
  g_autofree char *text = NULL;

  if (!isfinite (norm))
    return g_strdup (_ ("none arrives"));

  text = g_markup_printf_escaped (_ ("%.4g, of the loss were it %s"), norm, label);

  return g_strdup_printf ("%s%s%s", text, trained ? "" : " · ", trained ? "" : _ ("untrained"));
}

/**
 * rn_describe_gradient:
 * @facts: (element-type RnFact): where to add
 * @gradients: (nullable): %NULL where they are not known
 * @working: whether they are being looked for
 * @trained: whether the weights are; numbers of random ones are called untrained
 * @layer: index of the layer whose output is meant
 * @label: (nullable): of the class
 *
 * Adds how large the gradient is there, or a link `gradient:` that asks for it.
 */
void
rn_describe_gradient (GPtrArray *facts,
                      const RnLayerGradients *gradients,
                      gboolean working,
                      gboolean trained,
                      int layer,
                      const char *label)
{
  char *text;

  if (gradients != NULL)
    text = describe (gradients, trained, layer, label);
  else if (working)
    text = g_strdup (_ ("being worked out…"));
  else
    text = g_strdup_printf ("<a href=\"gradient:\">%s</a>", _ ("work it out"));
  rn_facts_add (facts, _ ("Gradient"), text);
}
