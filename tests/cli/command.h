/* Runs the built `resnet` as a user would, in a process of its own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CommandResult:
 * @status: exit status; 128 and the signal's number where one ended it
 * @out: all of stdout
 * @err: all of stderr
 */
typedef struct
{
  int status;
  char *out;
  char *err;
} CommandResult;

/**
 * BadCase:
 * @line: the words behind `resnet`, as a shell would take them
 * @status: the exit status that is right
 * @says: what the line on stderr has to contain
 */
typedef struct
{
  const char *line;
  int status;
  const char *says;
} BadCase;

CommandResult *command_run       (const char     *line);
void           command_result_free (CommandResult *result);
void           command_check_bad (const BadCase  *cases,
                                  guint           n_cases);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CommandResult, command_result_free)

G_END_DECLS
