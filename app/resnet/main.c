/* resnet: everything that the window shows, on the command line. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>

#include "app/resnet/command.h"

static const RnCommand *const commands[] = {
  &rn_command_models,  &rn_command_summary,     &rn_command_plot,
  &rn_command_predict, &rn_command_activations, &rn_command_sweep,
  &rn_command_compare, &rn_command_export,      &rn_command_weights,
  &rn_command_lessons, &rn_command_bench,       &rn_command_gradients,
  &rn_command_train,   &rn_command_data,
};

static const RnCommand *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];

  return NULL;
}

/* Columns are counted in characters, which printf() does not. The shells' completion reads this. */
static void
print_commands (void)
{
  char *calls[G_N_ELEMENTS (commands)];
  int width = 0;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      calls[i] = g_strjoin (" ", commands[i]->name, commands[i]->arguments, NULL);
      width = MAX (width, g_utf8_strlen (calls[i], -1));
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      printf ("  %s%*s  %s\n", calls[i], width - (int)g_utf8_strlen (calls[i], -1), "",
              commands[i]->description);
      g_free (calls[i]);
    }
}

static void
print_help (void)
{
  puts ("Usage: resnet COMMAND [OPTION…]\n"
        "       resnet --version\n"
        "Residual networks, seen, poked and checked.\n");
  print_commands ();
  puts (
      "\n“resnet COMMAND --help” lists the options of a command.\n"
      "Exit status: 0 done; 1 the input is at fault; 2 wrong usage; 3 compare found differences.");
}

static RnExit
report_wrong_command (const char *name)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *message = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", commands[i]->name);
  if (name == NULL)
    message = g_strdup_printf ("no command given; the commands are %s", names->str);
  else
    message = g_strdup_printf ("no command “%s”; the commands are %s", name, names->str);
  rn_command_warn (NULL, message);

  return RN_EXIT_USAGE;
}

static RnExit
run_command (const RnCommand *command, char **args)
{
  g_autoptr (GError) error = NULL;
  RnExit status = command->run (args, &error);

  if (error != NULL)
    {
      rn_command_warn (command->name, error->message);
      return error->domain == G_OPTION_ERROR ? RN_EXIT_USAGE : RN_EXIT_INPUT;
    }
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      g_autofree char *message =
          g_strdup_printf ("cannot write the answer to stdout: %s", g_strerror (errno));

      rn_command_warn (command->name, message);
      return RN_EXIT_INPUT;
    }

  return status;
}

int
main (int argc, char **argv)
{
  const RnCommand *command;

  /* Names of files follow the locale, numbers do not. */
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");

  if (argc < 2)
    return report_wrong_command (NULL);
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help ();
      return RN_EXIT_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      puts ("resnet " RN_VERSION);
      return RN_EXIT_DONE;
    }
  command = find_command (argv[1]);
  if (command == NULL)
    return report_wrong_command (argv[1]);

  return run_command (command, argv + 1);
}
