/* A comparison for machines; the keys are in the README. */
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>

#include "app/resnet/comparison-output.h"

static void
add_string (JsonBuilder *json, const char *key, const char *value)
{
  json_builder_set_member_name (json, key);
  if (value != NULL)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_int (JsonBuilder *json, const char *key, gint64 value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_int_value (json, value);
}

static void
add_number (JsonBuilder *json, const char *key, gboolean known, double value)
{
  json_builder_set_member_name (json, key);
  if (known && isfinite (value))
    json_builder_add_double_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_side (JsonBuilder *json, const char *key, const RnSide *side)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_object (json);
  add_string (json, "model", side->name);
  add_string (json, "variant", side->variant);
  add_int (json, "layers", rn_model_get_n_layers (side->model));
  add_int (json, "parameters", rn_model_get_n_parameters (side->model));
  json_builder_set_member_name (json, "weights");
  json_builder_add_boolean_value (json, side->binding != NULL);
  json_builder_end_object (json);
}

/* `layers` are A's names, B's where A has none. */
static void
add_difference (JsonBuilder *json, const RnComparisonOutput *self, const RnDifference *difference)
{
  json_builder_begin_object (json);
  add_string (json, "kind", difference->kind);
  add_string (json, "a", difference->a);
  add_string (json, "b", difference->b);
  json_builder_set_member_name (json, "layers");
  json_builder_begin_array (json);
  for (int i = 0; i < difference->n_layers; i++)
    {
      RnLayerPair pair = difference->layers[i];

      json_builder_add_string_value (json, pair.a >= 0
                                               ? rn_model_get_layer (self->a->model, pair.a)->name
                                               : rn_model_get_layer (self->b->model, pair.b)->name);
    }
  json_builder_end_array (json);
  add_int (json, "parameters_a", difference->parameters_a);
  add_int (json, "parameters_b", difference->parameters_b);
  add_string (json, "text", difference->text);
  json_builder_end_object (json);
}

static void
add_layer (JsonBuilder *json, const char *letter, const RnModel *model, int index)
{
  const RnLayer *layer = index >= 0 ? rn_model_get_layer (model, index) : NULL;
  g_autofree char *parameters = g_strconcat ("parameters_", letter, NULL);

  add_string (json, letter, layer != NULL ? layer->name : NULL);
  json_builder_set_member_name (json, parameters);
  if (layer != NULL)
    json_builder_add_int_value (json, rn_layer_get_n_parameters (layer));
  else
    json_builder_add_null_value (json);
}

/* Both rows of layers side by side, with what the numbers tell of each pair. */
static void
add_pairs (JsonBuilder *json, const RnComparisonOutput *self)
{
  int n;
  const RnLayerPair *pairs = rn_comparison_get_pairs (self->comparison, &n);

  json_builder_set_member_name (json, "layers");
  json_builder_begin_array (json);
  for (int i = 0; i < n; i++)
    {
      const RnDeviation *deviation = self->deviations != NULL ? &self->deviations->pairs[i] : NULL;

      json_builder_begin_object (json);
      add_layer (json, "a", self->a->model, pairs[i].a);
      add_layer (json, "b", self->b->model, pairs[i].b);
      if (deviation != NULL)
        {
          add_number (json, "weights", deviation->has_weights, deviation->weights);
          add_number (json, "weights_scale", deviation->has_weights, deviation->weights_scale);
          add_number (json, "activations", deviation->has_activations, deviation->activations);
          add_number (json, "activations_scale", deviation->has_activations,
                      deviation->activations_scale);
        }
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

void
rn_comparison_print_json (const RnComparisonOutput *self)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "same");
  json_builder_add_boolean_value (json, rn_comparison_is_same (self->comparison));
  add_side (json, "a", self->a);
  add_side (json, "b", self->b);
  add_string (json, "picture", self->picture);
  json_builder_set_member_name (json, "differences");
  json_builder_begin_array (json);
  for (int i = 0; i < rn_comparison_get_n (self->comparison); i++)
    add_difference (json, self, rn_comparison_get (self->comparison, i));
  json_builder_end_array (json);
  if (self->layers || self->deviations != NULL)
    add_pairs (json, self);
  json_builder_end_object (json);

  root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  puts (text);
}
