#include "app/resnet/command.h"

#include <stdio.h>

#include "engine/runtime/edit.h"

/**
 * rn_command_new_context:
 * @model_options: (nullable): where the options that say which model is meant go, for commands that
 *   mean one
 *
 * Returns: (transfer full): a parser to which the command adds the options of its own
 */
GOptionContext *
rn_command_new_context (const RnCommand *command, RnModelOptions *model_options)
{
  GOptionContext *context = g_option_context_new (command->arguments);

  g_option_context_set_summary (context, command->description);
  if (model_options != NULL)
    rn_model_options_add_to (model_options, context);

  return context;
}

/**
 * rn_command_parse:
 * @args: the words from the command's own name on
 * @model_options: (nullable): as given to rn_command_new_context()
 * @positional: (out) (transfer full): the words that are no options, %NULL-terminated
 *
 * Returns: whether the words make sense; else %G_OPTION_ERROR. `--help` prints and does not return.
 */
gboolean
rn_command_parse (GOptionContext *context,
                  char **args,
                  RnModelOptions *model_options,
                  char ***positional,
                  GError **error)
{
  g_auto (GStrv) words = g_strdupv (args);
  g_autofree char *program = g_strconcat ("resnet ", args[0], NULL);

  /* The first word is what the help calls the program. */
  g_free (words[0]);
  words[0] = g_steal_pointer (&program);
  g_set_prgname (words[0]);
  if (!g_option_context_parse_strv (context, &words, error))
    return FALSE;
  if (model_options != NULL && !rn_model_options_check (model_options, error))
    return FALSE;
  *positional = g_strdupv (words + 1);

  /* A “--” that ends the options stays in front of the words behind it. */
  if ((*positional)[0] != NULL && g_str_equal ((*positional)[0], "--"))
    {
      g_strfreev (*positional);
      *positional = g_strdupv (words + 2);
    }

  return TRUE;
}

/**
 * rn_command_take_model:
 * @positional: the command's words that are no options: exactly one, the model, unless `--model`
 *   was given
 *
 * Returns: whether a model is named once; else %G_OPTION_ERROR
 */
gboolean
rn_command_take_model (RnModelOptions *model_options, char **positional, GError **error)
{
  guint n_words = g_strv_length (positional);

  if (n_words + (model_options->model != NULL) == 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "no MODEL given; “resnet models” lists the built-in ones");
      return FALSE;
    }
  if (n_words + (model_options->model != NULL) > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s”: one MODEL is enough",
                   positional[n_words - 1]);
      return FALSE;
    }
  if (n_words == 1)
    model_options->model = g_strdup (positional[0]);

  return TRUE;
}

/**
 * rn_command_take_output:
 * @path: (nullable): what `-o` was given
 * @endings: (nullable): the endings that it may have, %NULL-terminated
 * @ending: (out) (optional): which it has
 *
 * Returns: whether there is one, with a right ending; else %G_OPTION_ERROR
 */
gboolean
rn_command_take_output (const char *path, const char *const *endings, int *ending, GError **error)
{
  g_autofree char *right = g_strjoinv (", ", (char **)endings);
  g_autofree char *lower = path != NULL ? g_ascii_strdown (path, -1) : NULL;

  if (path == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "no -o FILE given; its ending says what is written: %s", right);
      return FALSE;
    }
  for (int i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (lower, endings[i]))
      {
        *ending = i;
        return TRUE;
      }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "-o %s: an ending of %s would be right", path, right);

  return FALSE;
}

/**
 * rn_command_load_binding:
 * @edits: (nullable): what `--edit` was given, in order
 *
 * Loads model and weights and edits them.
 *
 * Returns: (transfer full) (nullable): the network, or %NULL with an error
 */
RnBinding *
rn_command_load_binding (const RnModelOptions *model_options, char **edits, GError **error)
{
  g_autoptr (RnBinding) binding = NULL;

  for (int i = 0; edits != NULL && edits[i] != NULL; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (RnEdit) edit = rn_edit_parse (edits[i], &local);

      if (edit == NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--edit %s",
                       local->message);
          return NULL;
        }
    }
  binding = rn_model_options_load_binding (model_options, error);

  return binding != NULL ? rn_edits_apply ((const char *const *)edits, binding, error) : NULL;
}

/**
 * rn_command_warn_untrained:
 * @binding: the network whose numbers have just been given
 *
 * Says on stderr if they are those of random weights.
 */
void
rn_command_warn_untrained (const RnCommand *command, RnBinding *binding)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  g_autofree char *message = NULL;

  if (info->trained)
    return;
  message =
      g_strdup_printf ("%s is untrained (random weights): its numbers say nothing of pictures",
                       rn_model_get_name (rn_binding_get_model (binding)));
  rn_command_warn (command->name, message);
}

/**
 * rn_command_warn:
 * @command: (nullable): whose message it is
 * @message: one line; line breaks within become spaces
 *
 * Says it on stderr. Not g_printerr(), which would spell “ ” and × as ? where the locale is C.
 */
void
rn_command_warn (const char *command, const char *message)
{
  g_autofree char *line = g_strdelimit (g_strdup (message), "\n\r", ' ');

  if (command != NULL)
    fprintf (stderr, "resnet %s: %s\n", command, line);
  else
    fprintf (stderr, "resnet: %s\n", line);
}
