/* resnet export: a network as Keras or ONNX has it. */
#include "app/resnet/command.h"
#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/formats/onnx-writer.h"

typedef enum
{
  FORMAT_JSON, /* the structure alone */
  FORMAT_ONNX,
  FORMAT_HDF5,
} Format;

static const char *const endings[] = { ".json", ".onnx", ".h5", ".hdf5", NULL };

static gboolean
write_structure (const RnModelOptions *options, const char *path, GError **error)
{
  g_autoptr (RnModel) model = rn_model_options_load_model (options, error);

  return model != NULL && rn_model_write_keras_json (model, path, error);
}

static gboolean
write_whole (const RnModelOptions *options,
             char **edits,
             Format format,
             const char *path,
             GError **error)
{
  g_autoptr (RnBinding) binding = rn_command_load_binding (options, edits, error);
  g_autofree char *config = NULL;

  if (binding == NULL)
    return FALSE;
  rn_command_warn_untrained (&rn_command_export, binding);
  if (format == FORMAT_ONNX)
    return rn_onnx_write (binding, path, error);

  config = rn_binding_to_keras_json (binding, error);

  return config != NULL && rn_keras_hdf5_write (binding, config, path, error);
}

static RnExit
run (char **args, GError **error)
{
  g_auto (RnModelOptions) model = { 0 };
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_export, &model);
  g_autofree char *output = NULL;
  g_auto (GStrv) edits = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      "Where to: .onnx, .h5 (whole model) or .json (structure alone)", "FILE" },
    { "edit", 'e', 0, G_OPTION_ARG_STRING_ARRAY, &edits,
      "Change the network first, e.g. cut-shortcut:add_1; may be repeated", "EDIT" },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = NULL;
  int ending;
  gboolean written;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &model, &words, error)
      || !rn_command_take_model (&model, words, error)
      || !rn_command_take_output (output, endings, &ending, error))
    return RN_EXIT_USAGE;
  if (ending == FORMAT_JSON && edits != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "--edit goes with .onnx and .h5; a .json file holds the structure alone");
      return RN_EXIT_USAGE;
    }

  written = ending == FORMAT_JSON ? write_structure (&model, output, error)
                                  : write_whole (&model, edits, ending, output, error);

  return written ? RN_EXIT_DONE : RN_EXIT_INPUT;
}

const RnCommand rn_command_export = {
  "export",
  "MODEL -o FILE",
  "The network as a file of Keras (.h5, .json) or ONNX (.onnx)",
  run,
};
