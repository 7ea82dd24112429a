#include "ui/inspector/why-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* Returns: (transfer full): which unit it is, and its value, in markup */
char *
rn_why_describe_unit (const RnModel *model, const RnExplanation *explanation)
{
  const RnExplanationStep *last
      = rn_explanation_get_step (explanation, explanation->steps->len - 1);
  const RnLayer *layer = rn_model_get_layer (model, last->layer);

  if (layer->output_shape.rank != 3)
    return g_markup_printf_escaped (_ ("%s, unit %d = %.5g"), layer->name, last->unit.channel,
                                    last->activation);

  return g_markup_printf_escaped (_ ("%s, channel %d at row %d, column %d = %.5g"), layer->name,
                                  last->unit.channel, last->unit.y, last->unit.x,
                                  last->activation);
}

static char *
describe_sum (const RnLayer *layer, const RnExplanationStep *step)
{
  guint n = step->terms->len;

  switch (layer->kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return g_strdup_printf (_ ("patch × kernel + bias, %u terms"), n);
    case RN_LAYER_DENSE:
      return g_strdup_printf (_ ("inputs × weights + bias, %u terms"), n);
    case RN_LAYER_BATCH_NORM:
      return g_strdup (_ ("× scale + shift"));
    case RN_LAYER_ADD:
      return g_strdup (_ ("shortcut + branch"));
    default:
      return g_strdup_printf (g_dngettext (NULL, "the mean of %u value", "the mean of %u values", n),
                              n);
    }
}

static char *
describe_rule (const RnLayer *layer, const RnExplanationStep *step)
{
  switch (step->rule)
    {
    case RN_RULE_SUM:
      return describe_sum (layer, step);
    case RN_RULE_MAX:
      return g_strdup_printf (
          g_dngettext (NULL, "the largest of %u value", "the largest of %u values",
                       step->terms->len),
          step->terms->len);
    case RN_RULE_PRODUCT:
      return g_strdup (_ ("the product"));
    case RN_RULE_INPUT:
      return g_strdup (_ ("the picture, pre-processed"));
    default:
      if (step->terms->len == 0)
        return g_strdup (_ ("a border of zeros"));
      return g_strdup (step->function != RN_ACTIVATION_LINEAR
                           ? rn_activation_get_keras_name (step->function)
                           : _ ("passed on as it is"));
    }
}

/* Returns: (transfer full): the layer and what it does, in markup, with a link to the layer */
char *
rn_why_describe_step (const RnModel *model, const RnExplanationStep *step)
{
  const RnLayer *layer = rn_model_get_layer (model, step->layer);
  g_autofree char *rule = describe_rule (layer, step);

  return g_markup_printf_escaped ("<a href=\"layer:%d\">%s</a> · %s: %s", layer->index, layer->name,
                                  rn_layer_kind_get_keras_class (layer->kind), rule);
}

/**
 * rn_why_describe_place:
 * @brief: whether it goes without saying which layer it comes from
 *
 * Returns: (transfer full): where a term comes from, in markup
 */
char *
rn_why_describe_place (const RnModel *model, const RnTerm *term, gboolean brief)
{
  const RnLayer *source;

  if (term->source < 0)
    return g_strdup (g_str_equal (term->constant, "bias") ? _ ("bias") : _ ("shift"));

  source = rn_model_get_layer (model, term->source);
  if (term->constant != NULL)
    return g_strdup_printf (_ ("depthwise #%d"), term->unit.channel);
  if (source->output_shape.rank != 3 && brief)
    return g_strdup_printf (_ ("input %d"), term->unit.channel);
  if (source->output_shape.rank != 3)
    return g_markup_printf_escaped ("%s #%d", source->name, term->unit.channel);
  if (brief)
    return g_strdup_printf (_ ("row %d, column %d, #%d"), term->unit.y, term->unit.x,
                            term->unit.channel);

  return g_markup_printf_escaped ("%s (%d, %d) #%d", source->name, term->unit.y, term->unit.x,
                                  term->unit.channel);
}

/* Returns: (transfer full): "value × factor"; "" where there is nothing to multiply by */
char *
rn_why_describe_product (const RnExplanationStep *step, const RnTerm *term)
{
  if (term->source < 0 || (term->factor == 1 && step->rule != RN_RULE_SUM)
      || (term->factor == 1 && step->terms->len <= 2))
    return g_strdup ("");

  return g_strdup_printf ("%.3g × %.3g", term->value, term->factor);
}

/* Returns: (transfer full): what the terms come to, what the function makes of it, and what the
 *   network has, in markup */
char *
rn_why_describe_result (const RnExplanationStep *step)
{
  const char *name = rn_activation_get_keras_name (step->function);

  if (step->function == RN_ACTIVATION_LINEAR)
    return g_strdup_printf (_ ("= <b>%.5g</b> · the network has %.5g"), step->result,
                            step->activation);
  if (step->function == RN_ACTIVATION_SOFTMAX)
    return g_strdup_printf (
        _ ("= %.5g; softmax: exp (%.5g − %.5g) = <b>%.5g</b> · the network has %.5g"), step->total,
        step->total, step->log_total, step->result, step->activation);

  return g_strdup_printf (_ ("= %.5g; %s: <b>%.5g</b> · the network has %.5g"), step->total, name,
                          step->result, step->activation);
}
