/* resnet models: the built-in models, one a line. */
#include <stdio.h>

#include "app/resnet/command.h"
#include "engine/model/number.h"

static RnExit
run (char **args, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_models, NULL);
  g_auto (GStrv) words = NULL;
  const RnCatalogEntry *entries;
  int n_entries;

  if (!rn_command_parse (context, args, NULL, &words, error))
    return RN_EXIT_USAGE;
  if (words[0] != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s”: takes no arguments",
                   words[0]);
      return RN_EXIT_USAGE;
    }

  entries = rn_catalog_list (&n_entries);
  for (int i = 0; i < n_entries; i++)
    {
      g_autoptr (RnModel) model = rn_catalog_build (entries[i].id, &RN_VARIANT_DEFAULT, error);
      g_autofree char *input = NULL;
      g_autofree char *parameters = NULL;

      if (model == NULL)
        return RN_EXIT_INPUT;
      input = rn_shape_to_string (&rn_model_get_input (model)->output_shape);
      parameters = rn_number_to_string (rn_model_get_n_parameters (model));
      printf ("%-16s %-11s %11s  %s\n", entries[i].id, input, parameters, entries[i].description);
    }

  return RN_EXIT_DONE;
}

const RnCommand rn_command_models = {
  "models",
  NULL,
  "The built-in models, one a line: id, input, parameters, what it is",
  run,
};
