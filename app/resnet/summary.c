/* resnet summary: model.summary() of Keras 2.3.1. */
#include "engine/model/summary.h"

#include <stdio.h>

#include "app/resnet/command.h"

static RnExit
run (char **args, GError **error)
{
  g_auto (RnModelOptions) options = { 0 };
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_summary, &options);
  g_auto (GStrv) words = NULL;
  g_autoptr (RnModel) model = NULL;
  g_autofree char *summary = NULL;

  if (!rn_command_parse (context, args, &options, &words, error) ||
      !rn_command_take_model (&options, words, error))
    return RN_EXIT_USAGE;
  model = rn_model_options_load_model (&options, error);
  if (model == NULL)
    return RN_EXIT_INPUT;
  for (int i = 0; rn_model_get_notes (model)[i] != NULL; i++)
    rn_command_warn (rn_command_summary.name, rn_model_get_notes (model)[i]);
  summary = rn_model_to_summary (model);
  fputs (summary, stdout);

  return RN_EXIT_DONE;
}

const RnCommand rn_command_summary = {
  "summary",
  "MODEL",
  "Layers, shapes and parameters, as Keras 2.3.1 prints them",
  run,
};
