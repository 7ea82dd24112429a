/* What the commands of `resnet` have in common. */
#pragma once

#include "app/common/model-options.h"

G_BEGIN_DECLS

/* Exit statuses, as documented. */
typedef enum
{
  RN_EXIT_DONE = 0,
  RN_EXIT_INPUT = 1,     /* the input is at fault */
  RN_EXIT_USAGE = 2,     /* the command line is */
  RN_EXIT_DIFFERENT = 3, /* compare found differences */
} RnExit;

/**
 * RnCommand:
 * @name: the word after `resnet`
 * @arguments: what may follow it, for the help
 * @description: what it does, for the help
 * @run: does it. @args are the words from the command's own name on. Writes the answer to stdout.
 *   Returns an exit status; with @error set the caller reports it and sees to the status.
 */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *description;
  RnExit (*run) (char **args, GError **error);
} RnCommand;

extern const RnCommand rn_command_activations;
extern const RnCommand rn_command_compare;
extern const RnCommand rn_command_bench;
extern const RnCommand rn_command_data;
extern const RnCommand rn_command_export;
extern const RnCommand rn_command_gradients;
extern const RnCommand rn_command_lessons;
extern const RnCommand rn_command_models;
extern const RnCommand rn_command_plot;
extern const RnCommand rn_command_predict;
extern const RnCommand rn_command_summary;
extern const RnCommand rn_command_sweep;
extern const RnCommand rn_command_train;
extern const RnCommand rn_command_weights;

GOptionContext *rn_command_new_context (const RnCommand  *command,
                                        RnModelOptions   *model_options);
gboolean        rn_command_parse       (GOptionContext   *context,
                                        char            **args,
                                        RnModelOptions   *model_options,
                                        char           ***positional,
                                        GError          **error);
gboolean        rn_command_take_model  (RnModelOptions   *model_options,
                                        char            **positional,
                                        GError          **error);
gboolean        rn_command_take_output (const char       *path,
                                        const char *const *endings,
                                        int              *ending,
                                        GError          **error);
RnBinding      *rn_command_load_binding (const RnModelOptions *model_options,
                                        char            **edits,
                                        GError          **error);
void            rn_command_warn_untrained (const RnCommand *command,
                                        RnBinding        *binding);
void            rn_command_warn        (const char       *command,
                                        const char       *message);

G_END_DECLS
