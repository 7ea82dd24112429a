/* What numbers tell, in sentences. */
#include <math.h>

#include "engine/runtime/deviation.h"

/* The name of a pair's layer: A's, and B's where it has another. */
static char *
get_name (const RnComparison *comparison, int i)
{
  int n;
  RnLayerPair pair = rn_comparison_get_pairs (comparison, &n)[i];
  const char *a = rn_model_get_layer (rn_comparison_get_a (comparison), pair.a)->name;
  const char *b = rn_model_get_layer (rn_comparison_get_b (comparison), pair.b)->name;

  return g_str_equal (a, b) ? g_strdup (a) : g_strdup_printf ("%s / %s", a, b);
}

static GArray *
collect_weights (const RnDeviations *self, const RnComparison *comparison, int *worst)
{
  int n;
  const RnLayerPair *pairs = rn_comparison_get_pairs (comparison, &n);
  GArray *places = g_array_new (FALSE, FALSE, sizeof (RnLayerPair));

  for (int i = 0; i < n; i++)
    {
      const RnDeviation *pair = &self->pairs[i];

      if (!pair->has_weights || !rn_deviation_is_large (pair->weights, pair->weights_scale))
        continue;
      g_array_append_val (places, pairs[i]);
      if (*worst < 0 || pair->weights > self->pairs[*worst].weights)
        *worst = i;
    }

  return places;
}

static void
report_weights (const RnDeviations *self, RnComparison *comparison)
{
  int worst = -1;
  g_autoptr (GArray) places = collect_weights (self, comparison, &worst);
  g_autofree char *first = get_name (comparison, self->first_weights);
  g_autofree char *most = get_name (comparison, worst);

  rn_comparison_add (
      comparison, "weights", NULL, NULL, (const RnLayerPair *)places->data, places->len,
      g_strdup_printf (
          "the weights differ in %u of the %d layers whose weights can be compared, first "
          "in %s, most in %s (by up to %.3g, where A's largest is %.3g): the two were "
          "trained apart, or one file lost what it had learnt",
          places->len, self->n_weights, first, most, self->pairs[worst].weights,
          self->pairs[worst].weights_scale));
}

static void
report_activations (const RnDeviations *self, RnComparison *comparison, const char *picture)
{
  int n, before = 0;
  const RnLayerPair *pairs = rn_comparison_get_pairs (comparison, &n);
  const RnDeviation *first = &self->pairs[self->first_activations];
  g_autofree char *name = get_name (comparison, self->first_activations);

  for (int i = 0; i < self->first_activations; i++)
    before += self->pairs[i].has_activations;
  rn_comparison_add (
      comparison, "activations", NULL, NULL, &pairs[self->first_activations], 1,
      g_strdup_printf (
          "on %s the two part first at %s: by up to %.3g, where A's largest number is %.3g; "
          "%s: what differs there, or just before, is where to look",
          picture, name, first->activations, first->activations_scale,
          before > 0 ? "all layers before it agree" : "it is the first that both have"));
}

/**
 * rn_deviations_report:
 * @comparison: that this was made with
 * @picture: what to call the picture
 *
 * Adds what the numbers tell to the differences: kinds "weights" and "activations", each only where
 * the two are apart by more than rounding.
 */
void
rn_deviations_report (const RnDeviations *self, RnComparison *comparison, const char *picture)
{
  if (self->first_weights >= 0)
    report_weights (self, comparison);
  if (self->first_activations >= 0)
    report_activations (self, comparison, picture);
}
