#include "app/common/model-options.h"

/* What a number is that the command line does not mention. */
#define NOT_SAID G_MININT

void
rn_model_options_clear (RnModelOptions *self)
{
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->names, g_free);
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->preprocess, g_free);
}

/**
 * rn_model_options_add_to:
 * @context: a command's options; it writes into @self as it parses
 */
void
rn_model_options_add_to (RnModelOptions *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &self->model,
      "A built-in model or a file (default: resnet50)", "ID|FILE" },
    { "names", 0, 0, G_OPTION_ARG_STRING, &self->names,
      "Generation of the built-in models' layer names (default: keras2)", "keras2|keras3" },
    { "no-top", 0, 0, G_OPTION_ARG_NONE, &self->no_top,
      "Leave out global pooling and the classifier", NULL },
    { "classes", 0, 0, G_OPTION_ARG_INT, &self->classes,
      "Number of classes (default: the weights', else the model's)", "N" },
    { "input-size", 0, 0, G_OPTION_ARG_INT, &self->input_size,
      "Height and width of the input (default: the model's)", "N" },
    { "as-written", 0, 0, G_OPTION_ARG_NONE, &self->as_written,
      "The code of resnet18-tf as it is written, its mistakes named", NULL },
    { "weights", 'w', 0, G_OPTION_ARG_FILENAME, &self->weights,
      "Weights to use, or none for random ones", "FILE|none" },
    { "preprocess", 0, 0, G_OPTION_ARG_STRING, &self->preprocess,
      "How pixels become input (default: as the weights say)", "caffe|torch|unit|raw" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &self->threads,
      "Threads that compute (default: all processors)", "N" },
    G_OPTION_ENTRY_NULL
  };

  self->classes = self->input_size = self->threads = NOT_SAID;
  g_option_context_add_main_entries (context, entries, NULL);
}

static gboolean
check_number (const char *option, int *value, GError **error)
{
  if (*value == NOT_SAID)
    *value = 0;
  else if (*value < 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s %d: a number from 1 would be right", option, *value);
      return FALSE;
    }

  return TRUE;
}

/**
 * rn_model_options_check:
 *
 * To be called once the command line is parsed.
 *
 * Returns: whether every value is one that the options can have at all; else %G_OPTION_ERROR
 */
gboolean
rn_model_options_check (RnModelOptions *self, GError **error)
{
  RnPreprocess preprocess;

  if (!check_number ("--classes", &self->classes, error) ||
      !check_number ("--input-size", &self->input_size, error) ||
      !check_number ("--threads", &self->threads, error))
    return FALSE;
  if (self->names != NULL && !g_str_equal (self->names, "keras2") &&
      !g_str_equal (self->names, "keras3"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--names %s: keras2 or keras3 would be right", self->names);
      return FALSE;
    }
  if (self->preprocess != NULL && !rn_preprocess_from_name (self->preprocess, &preprocess, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--preprocess %s: caffe, torch, unit or raw would be right", self->preprocess);
      return FALSE;
    }

  return TRUE;
}
