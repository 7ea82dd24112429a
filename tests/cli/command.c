#include "tests/cli/command.h"

/**
 * command_run:
 * @line: the words behind `resnet`, quoted as for a shell
 *
 * Runs the program that the variable RN_RESNET names, with nothing on stdin, and waits for it.
 */
CommandResult *
command_run (const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *full = g_strconcat (g_getenv ("RN_RESNET"), " ", line, NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_auto (GStrv) words = NULL;
  CommandResult *result = g_new0 (CommandResult, 1);

  g_assert_nonnull (g_getenv ("RN_RESNET"));
  g_assert_true (g_shell_parse_argv (full, NULL, &words, &error));
  process =
      g_subprocess_newv ((const char *const *)words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_assert_true (
      g_subprocess_communicate_utf8 (process, NULL, NULL, &result->out, &result->err, &error));
  if (g_subprocess_get_if_exited (process))
    result->status = g_subprocess_get_exit_status (process);
  else
    result->status = 128 + g_subprocess_get_term_sig (process);

  return result;
}

void
command_result_free (CommandResult *result)
{
  g_free (result->out);
  g_free (result->err);
  g_free (result);
}

/**
 * command_check_bad:
 *
 * Asserts for each case the status, an empty stdout, and on stderr one line that says what it has
 * to.
 */
void
command_check_bad (const BadCase *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autoptr (CommandResult) result = command_run (cases[i].line);
      const char *end = strchr (result->err, '\n');

      g_test_message ("resnet %s: %d, %s", cases[i].line, result->status, result->err);
      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_cmpstr (result->out, ==, "");
      g_assert_nonnull (end);
      g_assert_cmpstr (end, ==, "\n");
      g_assert_nonnull (strstr (result->err, cases[i].says));
    }
}
