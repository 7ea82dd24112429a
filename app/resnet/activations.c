/* resnet activations: what a layer puts out for a picture, in a file. */
#include "app/common/input-image.h"
#include "app/resnet/command.h"
#include "engine/formats/hdf5-writer.h"
#include "engine/formats/npy.h"
#include "engine/runtime/session.h"
#include "ui/draw/feature-map.h"
#include "ui/draw/file-output.h"

static const char *const endings[] = { ".npy", ".h5", ".hdf5", ".png", NULL };

typedef struct
{
  RnModelOptions model;
  char *output;
  char *layer;
  char **edits;
} Options;

static void
options_clear (Options *self)
{
  rn_model_options_clear (&self->model);
  g_free (self->output);
  g_free (self->layer);
  g_strfreev (self->edits);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options *self, char **args, char ***words, GError **error)
{
  g_autoptr (GOptionContext) context =
      rn_command_new_context (&rn_command_activations, &self->model);
  const GOptionEntry entries[] = {
    { "layer", 'l', 0, G_OPTION_ARG_STRING, &self->layer, "The layer, as the summary names it",
      "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output, "Where to: .npy, .h5 or .png",
      "FILE" },
    { "edit", 'e', 0, G_OPTION_ARG_STRING_ARRAY, &self->edits,
      "Change the network first, e.g. cut-shortcut:add_1; may be repeated", "EDIT" },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &self->model, words, error))
    return FALSE;
  if (g_strv_length (*words) != 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "%u images given; one IMAGE would be right", g_strv_length (*words));
      return FALSE;
    }
  if (self->layer == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "no --layer NAME given; “resnet summary” names the layers");
      return FALSE;
    }

  return TRUE;
}

/* Runs the network on the picture. */
static RnTensor *
compute (const Options *self, RnBinding *binding, const char *image, GError **error)
{
  RnSessionOptions session_options = { .n_threads = self->model.threads };
  g_autoptr (RnTensor) input = NULL;
  g_autoptr (RnSession) session = NULL;
  const RnModel *model = rn_binding_get_model (binding);
  const RnLayer *layer = rn_model_find_layer (model, self->layer, error);

  if (layer == NULL)
    return NULL;
  input = rn_input_image_load (image, model,
                               rn_model_options_get_preprocess (&self->model, binding), error);
  if (input == NULL)
    return NULL;
  session = rn_session_new (binding, &session_options, error);
  if (session == NULL || !rn_session_run (session, input, NULL, error))
    return NULL;

  return rn_session_get_activation (session, layer->index, error);
}

static gboolean
write_output (const Options *self, int ending, RnTensor *activation, GError **error)
{
  g_autoptr (GBytes) npy = NULL;

  if (g_str_equal (endings[ending], ".png"))
    return rn_feature_sheet_write (activation, RN_SCALE_CHANNEL, RN_COLOR_MAP_VIRIDIS, 0,
                                   self->output, error);
  if (!g_str_equal (endings[ending], ".npy"))
    return rn_hdf5_write_tensor (activation, self->layer, self->output, error);
  npy = rn_npy_to_bytes (activation);

  return rn_file_output_write (self->output, g_bytes_get_data (npy, NULL), g_bytes_get_size (npy),
                               error);
}

static RnExit
run (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnTensor) activation = NULL;
  int ending;

  if (!parse (&options, args, &words, error) ||
      !rn_command_take_output (options.output, endings, &ending, error))
    return RN_EXIT_USAGE;
  binding = rn_command_load_binding (&options.model, options.edits, error);
  if (binding == NULL)
    return RN_EXIT_INPUT;
  activation = compute (&options, binding, words[0], error);
  if (activation == NULL || !write_output (&options, ending, activation, error))
    return RN_EXIT_INPUT;
  rn_command_warn_untrained (&rn_command_activations, binding);

  return RN_EXIT_DONE;
}

const RnCommand rn_command_activations = {
  "activations",
  "IMAGE --layer NAME -o FILE",
  "What a layer puts out for a picture, as .npy, .h5 or .png",
  run,
};
