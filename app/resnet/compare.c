/* resnet compare: what differs between two models, in a teacher's words. */
#include "app/common/data-dir.h"
#include "app/common/input-image.h"
#include "app/resnet/command.h"
#include "app/resnet/comparison-output.h"

#define DEFAULT_PICTURE "samples/tench.png"

/* What the command line says beside the two models. */
typedef struct
{
  gboolean json;
  gboolean layers;
  gboolean structure;
  gboolean as_written;
  char *picture;
  char *weights[2];
  char *preprocess;
  int threads;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->picture);
  g_free (self->weights[0]);
  g_free (self->weights[1]);
  g_free (self->preprocess);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options *self, char **args, char ***words, GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Answer in JSON", NULL },
    { "layers", 0, 0, G_OPTION_ARG_NONE, &self->layers,
      "List the layers of both side by side, with their parameters", NULL },
    { "structure", 0, 0, G_OPTION_ARG_NONE, &self->structure,
      "Compare structure alone, whatever weights there are", NULL },
    { "picture", 0, 0, G_OPTION_ARG_FILENAME, &self->picture,
      "Where both have weights: run both on it (default: a sample)", "IMAGE" },
    { "weights-a", 0, 0, G_OPTION_ARG_FILENAME, &self->weights[0],
      "A's weights (default: those in its file, if any)", "FILE" },
    { "weights-b", 0, 0, G_OPTION_ARG_FILENAME, &self->weights[1], "B's weights, likewise",
      "FILE" },
    { "preprocess", 0, 0, G_OPTION_ARG_STRING, &self->preprocess,
      "How pixels become input of both (default: as the weights say)", "caffe|torch|unit|raw" },
    { "as-written", 0, 0, G_OPTION_ARG_NONE, &self->as_written,
      "Take the code of resnet18-tf as B with its mistakes", NULL },
    { "threads", 't', 0, G_OPTION_ARG_INT, &self->threads,
      "Threads that compute (default: all processors)", "N" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_compare, NULL);
  RnPreprocess preprocess;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, NULL, words, error))
    return FALSE;
  if (g_strv_length (*words) != 2)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "%u models given; two would be right: A, which is held to be right, and B",
                   g_strv_length (*words));
      return FALSE;
    }
  if (self->threads < 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--threads %d: a number from 1 would be right", self->threads);
      return FALSE;
    }

  return self->preprocess == NULL || rn_preprocess_from_name (self->preprocess, &preprocess, error);
}

/* Runs both sides on one picture and adds what their numbers tell. */
static RnDeviations *
measure (const Options *self,
         RnComparison *comparison,
         const RnSide *a,
         const RnSide *b,
         const char *path,
         GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (RnTensor) input_a =
      rn_input_image_load (path, a->model, rn_side_get_preprocess (a, b, self->preprocess), error);
  g_autoptr (RnTensor) input_b = NULL;
  g_autoptr (RnDeviations) deviations = NULL;

  if (input_a != NULL)
    input_b = rn_input_image_load (path, b->model, rn_side_get_preprocess (b, a, self->preprocess),
                                   error);
  if (input_b == NULL)
    return NULL;
  deviations = rn_deviations_new (comparison, a->binding, b->binding, input_a, input_b,
                                  self->threads, NULL, error);
  if (deviations != NULL)
    rn_deviations_report (deviations, comparison, name);

  return g_steal_pointer (&deviations);
}

static void
warn_notes (const RnSide *side)
{
  const char *const *notes = rn_model_get_notes (side->model);

  for (int i = 0; notes[i] != NULL; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s: %s", side->name, notes[i]);

      rn_command_warn (rn_command_compare.name, text);
    }
}

static RnExit
compare (Options *self, RnSide *a, RnSide *b, GError **error)
{
  g_autoptr (RnComparison) comparison = rn_comparison_new (a->model, b->model);
  g_autoptr (RnDeviations) deviations = NULL;
  g_autofree char *sample = NULL;
  RnComparisonOutput output;

  if (!self->structure && a->binding != NULL && b->binding != NULL)
    {
      sample = self->picture == NULL ? rn_data_dir_find (DEFAULT_PICTURE, error) : NULL;
      if (self->picture == NULL && sample == NULL)
        return RN_EXIT_INPUT;
      deviations = measure (self, comparison, a, b, sample != NULL ? sample : self->picture, error);
      if (deviations == NULL)
        return RN_EXIT_INPUT;
    }
  else if (self->picture != NULL)
    {
      rn_command_warn (
          rn_command_compare.name,
          "--picture: activations are compared only where both sides have weights and no "
          "--structure is given");
    }

  g_clear_pointer (&sample, g_free);
  sample = g_path_get_basename (self->picture != NULL ? self->picture : DEFAULT_PICTURE);
  output = (RnComparisonOutput){
    a, b, comparison, deviations, deviations != NULL ? sample : NULL, self->layers
  };
  if (self->json)
    rn_comparison_print_json (&output);
  else
    rn_comparison_print_text (&output);

  return rn_comparison_is_same (comparison) ? RN_EXIT_DONE : RN_EXIT_DIFFERENT;
}

static RnExit
run (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  g_auto (RnSide) a = { 0 };
  g_auto (RnSide) b = { 0 };

  if (!parse (&options, args, &words, error))
    return RN_EXIT_USAGE;
  if (g_str_equal (words[1], RN_SIDE_NEAREST))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "“nearest” as B: as A it would be right, with the model to be checked as B");
      return RN_EXIT_USAGE;
    }
  if (!rn_side_load (&a, words[0], options.weights[0], FALSE, error) ||
      !rn_side_load (&b, words[1], options.weights[1], options.as_written, error) ||
      !rn_side_adapt (&a, &b, error) || !rn_side_adapt (&b, &a, error))
    return RN_EXIT_INPUT;
  warn_notes (&a);
  warn_notes (&b);

  return compare (&options, &a, &b, error);
}

const RnCommand rn_command_compare = {
  "compare",
  "A B",
  "What differs between two models, in a teacher's words. A is held to be right, B is checked; "
  "each is a "
  "built-in model or a file, and A may be “nearest”: the built-in model that is nearest to B",
  run,
};
