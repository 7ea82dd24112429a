/* resnet predict: what a network says of pictures. */
#include <stdio.h>
#include <unistd.h>

#include "app/resnet/command.h"
#include "app/resnet/crew.h"
#include "app/resnet/image-list.h"

#define DEFAULT_TOP 5

typedef struct
{
  RnModelOptions model;
  int top;
  char **edits;
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  rn_model_options_clear (&self->model);
  g_strfreev (self->edits);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A run over pictures. */
typedef struct
{
  RnSession *session;
  int n_top;
  JsonBuilder *builder; /* NULL where people read */
  int n_answered;
  int n_failed;
} Run;

static gboolean
parse (Options *self, char **args, char ***words, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_predict, &self->model);
  const GOptionEntry entries[] = {
    { "top", 'k', 0, G_OPTION_ARG_INT, &self->top, "How many classes to name (default: 5)", "K" },
    { "edit", 'e', 0, G_OPTION_ARG_STRING_ARRAY, &self->edits,
      "Change the network first, e.g. cut-shortcut:add_1; may be repeated", "EDIT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Answer in JSON", NULL },
    G_OPTION_ENTRY_NULL
  };

  self->top = DEFAULT_TOP;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &self->model, words, error))
    return FALSE;
  if (self->top < 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--top %d: a number from 1 would be right", self->top);
      return FALSE;
    }
  if ((*words)[0] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "no IMAGE given; a picture, a folder of pictures or a .npy file would be right");
      return FALSE;
    }

  return TRUE;
}

static void
give (Run *self, const RnAnswer *answer)
{
  for (guint i = 0; i < answer->predictions->len; i++)
    {
      const RnPrediction *prediction = answer->predictions->pdata[i];

      if (self->builder != NULL)
        rn_prediction_build (prediction, self->builder);
      else
        rn_prediction_print (prediction);
      self->n_answered++;
    }
  if (answer->error != NULL)
    {
      rn_command_warn ("predict", answer->error->message);
      self->n_failed++;
    }
}

static void
show_progress (guint done, guint total)
{
  if (total > 1 && isatty (STDERR_FILENO) && !isatty (STDOUT_FILENO))
    fprintf (stderr, "\r%u of %u%s", done, total, done == total ? "\n" : "");
}

static gboolean
answer_all (Run *self, GPtrArray *paths, RnPreprocess preprocess, GError **error)
{
  g_autoptr (RnCrew) crew = rn_crew_new (self->session, paths, preprocess, self->n_top, error);

  if (crew == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (RnAnswer) answer = rn_crew_next (crew);

      give (self, answer);
      show_progress (i + 1, paths->len);
    }

  return TRUE;
}

static void
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  puts (text);
}

/* Answers for every picture that can be read, and says of every other why it cannot. */
static RnExit
run_on (Run *self, char **words, RnPreprocess preprocess, GError **error)
{
  g_autoptr (GPtrArray) faults = NULL;
  g_autoptr (GPtrArray) paths = rn_image_list_new (words, &faults);

  for (guint i = 0; i < faults->len; i++)
    rn_command_warn ("predict", faults->pdata[i]);
  if (self->builder != NULL)
    json_builder_begin_array (self->builder);
  if (!answer_all (self, paths, preprocess, error))
    return RN_EXIT_INPUT;
  if (self->n_answered > 0)
    {
      rn_command_warn_untrained (&rn_command_predict, rn_session_get_binding (self->session));
      if (self->builder != NULL)
        {
          json_builder_end_array (self->builder);
          print_json (self->builder);
        }
    }

  return self->n_failed + faults->len > 0 ? RN_EXIT_INPUT : RN_EXIT_DONE;
}

static RnExit
run (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnSession) session = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  RnSessionOptions session_options = { .keep = RN_KEEP_OUTPUTS };
  Run state = { 0 };

  if (!parse (&options, args, &words, error))
    return RN_EXIT_USAGE;
  binding = rn_command_load_binding (&options.model, options.edits, error);
  if (binding == NULL || !rn_model_options_check_classifier (&options.model, binding, error))
    return RN_EXIT_INPUT;
  session_options.n_threads = options.model.threads;
  session = rn_session_new (binding, &session_options, error);
  if (session == NULL)
    return RN_EXIT_INPUT;

  builder = options.json ? json_builder_new () : NULL;
  state.session = session;
  state.n_top = options.top;
  state.builder = builder;

  return run_on (&state, words, rn_model_options_get_preprocess (&options.model, binding), error);
}

const RnCommand rn_command_predict = {
  "predict",
  "IMAGE…",
  "What a network says of pictures, folders of pictures and .npy inputs",
  run,
};
