/* resnet gradients: where the gradient of a class's loss goes, layer by layer. */
#include "engine/training/gradients.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>

#include "app/common/input-image.h"
#include "app/resnet/command.h"
#include "engine/formats/npy.h"
#include "ui/draw/file-output.h"

#define BAR_WIDTH 40

typedef struct
{
  RnModelOptions model;
  char **edits;
  char *output;
  int class;
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  rn_model_options_clear (&self->model);
  g_strfreev (self->edits);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options *self, char **args, char ***words, GError **error)
{
  static const char *const endings[] = { ".npy", NULL };
  g_autoptr (GOptionContext) context =
      rn_command_new_context (&rn_command_gradients, &self->model);
  const GOptionEntry entries[] = {
    { "class", 'c', 0, G_OPTION_ARG_INT, &self->class, "Number of the class that is asked about",
      "N" },
    { "edit", 'e', 0, G_OPTION_ARG_STRING_ARRAY, &self->edits,
      "Change the network first, e.g. cut-shortcut:add_1; may be repeated", "EDIT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      "Where the saliency of the picture goes: .npy, float32 [H,W]", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Answer in JSON", NULL },
    G_OPTION_ENTRY_NULL
  };
  int ending;

  self->class = -1;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &self->model, words, error))
    return FALSE;
  if (self->class < 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "no --class given; its number, from 0, would be right (“resnet predict --json” "
                   "says it)");
      return FALSE;
    }
  if (g_strv_length (*words) != 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "%u IMAGEs given; one would be right", g_strv_length (*words));
      return FALSE;
    }

  return self->output == NULL || rn_command_take_output (self->output, endings, &ending, error);
}

/* A number that is none, of a layer that no gradient reaches, is null. */
static void
add_norm (JsonBuilder *json, const char *name, double norm)
{
  json_builder_set_member_name (json, name);
  if (isfinite (norm))
    json_builder_add_double_value (json, norm);
  else
    json_builder_add_null_value (json);
}

static void
begin_entry (JsonBuilder *json, const char *name)
{
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "name");
  json_builder_add_string_value (json, name);
}

static void
add_blocks (JsonBuilder *json, const RnGradients *gradients, RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);

  json_builder_set_member_name (json, "blocks");
  json_builder_begin_array (json);
  for (int i = 0; i < structure->n_blocks; i++)
    {
      begin_entry (json, rn_model_get_layer (model, structure->blocks[i].add)->name);
      add_norm (json, "gradient_norm", gradients->gradient_norm[structure->blocks[i].output]);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_layers (JsonBuilder *json, const RnGradients *gradients, RnModel *model)
{
  json_builder_set_member_name (json, "layers");
  json_builder_begin_array (json);
  for (int i = 0; i < gradients->n_layers; i++)
    {
      begin_entry (json, rn_model_get_layer (model, i)->name);
      add_norm (json, "gradient_norm", gradients->gradient_norm[i]);
      if (rn_model_get_layer (model, i)->n_weights > 0)
        add_norm (json, "weight_gradient_norm", gradients->weight_gradient_norm[i]);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
print_json (const RnGradients *gradients, RnBinding *binding, int class)
{
  RnModel *model = rn_binding_get_model (binding);
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (json);
  add_norm (json, "loss", gradients->loss);
  json_builder_set_member_name (json, "model");
  json_builder_add_string_value (json, rn_model_get_name (model));
  json_builder_set_member_name (json, "class");
  json_builder_add_int_value (json, class);
  json_builder_set_member_name (json, "trained");
  json_builder_add_boolean_value (json, info->trained);
  add_blocks (json, gradients, model);
  add_layers (json, gradients, model);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, TRUE);
  puts (text);
}

static void
print_row (const char *name, double norm, double largest)
{
  int filled = isfinite (norm) && largest > 0 ? (int) lrint (BAR_WIDTH * norm / largest) : 0;
  g_autofree char *bar = g_strnfill (CLAMP (filled, 0, BAR_WIDTH), '#');

  printf ("  %-28s %12.4g  %s\n", name, norm, bar);
}

/* The blocks; without any, the layers that have weights. */
static void
print_table (const RnGradients *gradients, RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);
  double largest = 0;

  printf ("loss %.4f; norm of its derivative by the output of each %s:\n", gradients->loss,
          structure->n_blocks > 0 ? "block" : "layer with weights");
  for (int i = 0; i < gradients->n_layers; i++)
    if (isfinite (gradients->gradient_norm[i]) &&
        (structure->n_blocks == 0 || structure->block_of[i] >= 0))
      largest = MAX (largest, gradients->gradient_norm[i]);
  for (int i = 0; i < structure->n_blocks; i++)
    print_row (rn_model_get_layer (model, structure->blocks[i].add)->name,
               gradients->gradient_norm[structure->blocks[i].output], largest);
  for (int i = 0; structure->n_blocks == 0 && i < gradients->n_layers; i++)
    if (rn_model_get_layer (model, i)->n_weights > 0)
      print_row (rn_model_get_layer (model, i)->name, gradients->gradient_norm[i], largest);
}

static gboolean
write_saliency (const RnGradients *gradients, const char *path, GError **error)
{
  gint64 dims[] = { gradients->height, gradients->width };
  g_autoptr (RnTensor) tensor =
      rn_tensor_new_for_data (RN_DTYPE_F32, 2, dims, gradients->saliency, NULL, NULL);
  g_autoptr (GBytes) npy = rn_npy_to_bytes (tensor);

  return rn_file_output_write (path, g_bytes_get_data (npy, NULL), g_bytes_get_size (npy), error);
}

static RnExit
run (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnTensor) input = NULL;
  g_autoptr (RnGradients) gradients = NULL;

  if (!parse (&options, args, &words, error))
    return RN_EXIT_USAGE;
  binding = rn_command_load_binding (&options.model, options.edits, error);
  if (binding == NULL)
    return RN_EXIT_INPUT;
  input = rn_input_image_load (words[0], rn_binding_get_model (binding),
                               rn_model_options_get_preprocess (&options.model, binding), error);
  if (input == NULL)
    return RN_EXIT_INPUT;
  gradients = rn_gradients_new (binding, input, options.class, RN_GRADIENTS_ALL,
                                options.model.threads, NULL, error);
  if (gradients == NULL ||
      (options.output != NULL && !write_saliency (gradients, options.output, error)))
    return RN_EXIT_INPUT;
  rn_command_warn_untrained (&rn_command_gradients, binding);
  if (options.json)
    print_json (gradients, binding, options.class);
  else
    print_table (gradients, rn_binding_get_model (binding));

  return RN_EXIT_DONE;
}

const RnCommand rn_command_gradients = {
  "gradients",
  "IMAGE --class N",
  "Where the gradient of a class's loss goes, by block and layer",
  run,
};
