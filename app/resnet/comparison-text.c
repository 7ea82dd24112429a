/* A comparison for people. */
#include <stdio.h>

#include "app/resnet/comparison-output.h"
#include "engine/model/number.h"

#define NAME_WIDTH 28

static void
print_side (const char *letter, const RnSide *side)
{
  g_autofree char *parameters = rn_number_to_string (rn_model_get_n_parameters (side->model));

  printf ("%s: %s%s%s%s, %d layers, %s parameters\n", letter, side->name,
          side->variant != NULL ? " (" : "", side->variant != NULL ? side->variant : "",
          side->variant != NULL ? ")" : "", rn_model_get_n_layers (side->model), parameters);
}

static void
print_verdict (const RnComparisonOutput *self)
{
  gint64 more =
      rn_model_get_n_parameters (self->b->model) - rn_model_get_n_parameters (self->a->model);
  g_autofree char *count = rn_number_to_string (ABS (more));

  if (rn_comparison_get_n (self->comparison) == 0)
    puts ("The same: no difference.");
  else if (rn_comparison_is_same (self->comparison))
    puts ("Equivalent: written otherwise, but the same is computed.");
  else if (more == 0)
    puts ("Different, with as many parameters:");
  else
    printf ("Different; %s has %s parameters more:\n", more > 0 ? "B" : "A", count);
}

/* What the numbers say where nothing parts. */
static void
print_agreement (const RnComparisonOutput *self)
{
  const RnDeviations *deviations = self->deviations;
  double largest = 0;

  for (int i = 0; i < deviations->n_pairs; i++)
    if (deviations->pairs[i].has_activations)
      largest = MAX (largest, deviations->pairs[i].activations);
  if (deviations->first_weights < 0 && deviations->n_weights > 0)
    printf ("Weights: those of all %d layers that can be compared are the same.\n",
            deviations->n_weights);
  if (deviations->first_activations < 0 && deviations->n_activations > 0)
    printf (
        "Activations on %s: all %d layers that can be compared agree (largest difference %.2g).\n",
        self->picture, deviations->n_activations, largest);
}

static void
print_number (gboolean known, double difference, double scale)
{
  if (known)
    printf (" %9.3g%s", difference, rn_deviation_is_large (difference, scale) ? "*" : " ");
  else
    printf (" %9s ", "–");
}

static void
print_layer (const RnModel *model, int index)
{
  const RnLayer *layer = index >= 0 ? rn_model_get_layer (model, index) : NULL;
  g_autofree char *parameters =
      layer != NULL ? rn_number_to_string (rn_layer_get_n_parameters (layer)) : g_strdup ("");

  printf ("%-*s %10s  ", NAME_WIDTH, layer != NULL ? layer->name : "–", parameters);
}

/* Both rows of layers side by side, parameters, and the largest differences of numbers. */
static void
print_layers (const RnComparisonOutput *self)
{
  int n;
  const RnLayerPair *pairs = rn_comparison_get_pairs (self->comparison, &n);

  printf ("\n%-*s %10s  %-*s %10s  %s\n", NAME_WIDTH, "A", "parameters", NAME_WIDTH, "B",
          "parameters",
          self->deviations != NULL ? "largest difference of weights, activations (*: not rounding)"
                                   : "");
  for (int i = 0; i < n; i++)
    {
      print_layer (self->a->model, pairs[i].a);
      print_layer (self->b->model, pairs[i].b);
      if (self->deviations != NULL)
        {
          const RnDeviation *pair = &self->deviations->pairs[i];

          print_number (pair->has_weights, pair->weights, pair->weights_scale);
          print_number (pair->has_activations, pair->activations, pair->activations_scale);
        }
      putchar ('\n');
    }
}

void
rn_comparison_print_text (const RnComparisonOutput *self)
{
  print_side ("A", self->a);
  print_side ("B", self->b);
  print_verdict (self);
  for (int i = 0; i < rn_comparison_get_n (self->comparison); i++)
    printf ("- [%s] %s\n", rn_comparison_get (self->comparison, i)->kind,
            rn_comparison_get (self->comparison, i)->text);
  if (self->deviations != NULL)
    print_agreement (self);
  if (self->layers)
    print_layers (self);
}
