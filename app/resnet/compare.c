/* resnet compare: what differs between two models, in a teacher's words. */
#include "engine/model/comparison.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

#include "app/resnet/command.h"
#include "engine/model/number.h"

/* One side: a built-in model or a file. */
typedef struct
{
  const char *name;
  gboolean builtin;
  RnModel *model;
  char *variant; /* which variant of a built-in was taken */
} Side;

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->model, rn_model_unref);
  g_clear_pointer (&side->variant, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

static gboolean
load_side (Side *side, const char *name, GError **error)
{
  g_auto (RnModelOptions) options = { 0 };

  side->name = name;
  side->builtin = rn_catalog_find (name, NULL) != NULL;
  options.model = g_strdup (name);
  side->model = rn_model_options_load_model (&options, error);

  return side->model != NULL;
}

/* Takes the variant of a built-in model that comes nearest to the other side. */
static gboolean
adapt_side (Side *side, const Side *other, GError **error)
{
  RnVariant variant;
  RnModel *model;
  int size;

  if (!side->builtin)
    return TRUE;

  model = rn_comparison_find_variant (side->name, other->model, &variant, error);
  if (model == NULL)
    return FALSE;
  side_clear (side);
  side->model = model;
  size = rn_model_get_input (model)->output_shape.dims[0];
  side->variant = g_strdup_printf (
      "%s%s, input %d×%d", g_str_equal (side->name, "resnet50")
                               ? (variant.names == RN_NAMES_KERAS3 ? "keras3 names, " : "keras2 names, ")
                               : "",
      rn_model_has_top (model) ? "with its classifier" : "without a classifier", size, size);

  return TRUE;
}

static void
add_side (JsonBuilder *json, const char *key, const Side *side)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "model");
  json_builder_add_string_value (json, side->name);
  json_builder_set_member_name (json, "variant");
  if (side->variant != NULL)
    json_builder_add_string_value (json, side->variant);
  else
    json_builder_add_null_value (json);
  json_builder_set_member_name (json, "parameters");
  json_builder_add_int_value (json, rn_model_get_n_parameters (side->model));
  json_builder_end_object (json);
}

static void
add_value (JsonBuilder *json, const char *key, const char *value)
{
  json_builder_set_member_name (json, key);
  if (value != NULL)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

/* `layers` are A's names, B's where A has none. */
static void
add_difference (JsonBuilder *json, const RnDifference *difference, const Side *a, const Side *b)
{
  json_builder_begin_object (json);
  add_value (json, "kind", difference->kind);
  add_value (json, "a", difference->a);
  add_value (json, "b", difference->b);
  json_builder_set_member_name (json, "layers");
  json_builder_begin_array (json);
  for (int i = 0; i < difference->n_layers; i++)
    {
      RnLayerPair pair = difference->layers[i];

      json_builder_add_string_value (json, pair.a >= 0 ? rn_model_get_layer (a->model, pair.a)->name
                                                       : rn_model_get_layer (b->model, pair.b)->name);
    }
  json_builder_end_array (json);
  add_value (json, "text", difference->text);
  json_builder_end_object (json);
}

static void
print_json (const RnComparison *comparison, const Side *a, const Side *b)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "same");
  json_builder_add_boolean_value (json, rn_comparison_is_same (comparison));
  add_side (json, "a", a);
  add_side (json, "b", b);
  json_builder_set_member_name (json, "differences");
  json_builder_begin_array (json);
  for (int i = 0; i < rn_comparison_get_n (comparison); i++)
    add_difference (json, rn_comparison_get (comparison, i), a, b);
  json_builder_end_array (json);
  json_builder_end_object (json);

  root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  puts (text);
}

static void
print_side (const char *letter, const Side *side)
{
  g_autofree char *parameters = rn_number_to_string (rn_model_get_n_parameters (side->model));

  printf ("%s: %s%s%s%s, %d layers, %s parameters\n", letter, side->name,
          side->variant != NULL ? " (" : "", side->variant != NULL ? side->variant : "",
          side->variant != NULL ? ")" : "", rn_model_get_n_layers (side->model), parameters);
}

static void
print_text (const RnComparison *comparison, const Side *a, const Side *b)
{
  int n = rn_comparison_get_n (comparison);

  print_side ("A", a);
  print_side ("B", b);
  if (n == 0)
    puts ("The same: no difference.");
  else if (rn_comparison_is_same (comparison))
    puts ("Equivalent: written otherwise, but the same is computed.");
  for (int i = 0; i < n; i++)
    printf ("- [%s] %s\n", rn_comparison_get (comparison, i)->kind,
            rn_comparison_get (comparison, i)->text);
}

static RnExit
run (char **args, GError **error)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Answer in JSON", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_compare, NULL);
  g_auto (GStrv) words = NULL;
  g_auto (Side) a = { 0 };
  g_auto (Side) b = { 0 };
  g_autoptr (RnComparison) comparison = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, NULL, &words, error))
    return RN_EXIT_USAGE;
  if (g_strv_length (words) != 2)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "%u models given; two would be right: A, which is held to be right, and B",
                   g_strv_length (words));
      return RN_EXIT_USAGE;
    }
  if (!load_side (&a, words[0], error) || !load_side (&b, words[1], error)
      || !adapt_side (&a, &b, error) || !adapt_side (&b, &a, error))
    return RN_EXIT_INPUT;

  comparison = rn_comparison_new (a.model, b.model);
  if (as_json)
    print_json (comparison, &a, &b);
  else
    print_text (comparison, &a, &b);

  return rn_comparison_is_same (comparison) ? RN_EXIT_DONE : RN_EXIT_DIFFERENT;
}

const RnCommand rn_command_compare = {
  "compare",
  "A B",
  "What differs between two models, in a teacher's words",
  run,
};
