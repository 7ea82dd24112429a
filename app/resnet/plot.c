/* resnet plot: plot_model's picture of a network, in a file. */
#include "ui/draw/plot.h"

#include "app/resnet/command.h"

static const char *const endings[] = { ".png", ".svg", ".pdf", ".dot", NULL };

/* What the command line says of the picture's looks. */
typedef struct
{
  char *output;
  char *style;
  char *rankdir;
  char *splines;
  double dpi;
  gboolean show_shapes;
  gboolean show_dtype;
  gboolean show_layer_names;
  gboolean show_layer_activations;
  gboolean show_trainable;
  gboolean expand_nested;
} Looks;

static void
looks_clear (Looks *self)
{
  g_free (self->output);
  g_free (self->style);
  g_free (self->rankdir);
  g_free (self->splines);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Looks, looks_clear)

static void
looks_add_to (Looks *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output, "Where to: .png, .svg, .pdf or .dot",
      "FILE" },
    { "style", 0, 0, G_OPTION_ARG_STRING, &self->style,
      "Whose plot_model: Keras 2.3's or Keras 3's (default: keras2)", "keras2|keras3" },
    { "show-shapes", 0, 0, G_OPTION_ARG_NONE, &self->show_shapes, "Show input and output shapes",
      NULL },
    { "show-layer-names", 0, 0, G_OPTION_ARG_NONE, &self->show_layer_names,
      "Show the layers' names (so it is by default)", NULL },
    { "no-show-layer-names", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &self->show_layer_names,
      "Show their classes alone", NULL },
    { "rankdir", 0, 0, G_OPTION_ARG_STRING, &self->rankdir, "Where the data flows (default: TB)",
      "TB|BT|LR|RL" },
    { "expand-nested", 0, 0, G_OPTION_ARG_NONE, &self->expand_nested,
      "Show the layers of models within the model", NULL },
    { "dpi", 0, 0, G_OPTION_ARG_DOUBLE, &self->dpi,
      "Dots per inch of a .png (default: 96; style keras3: 200)", "N" },
    { "show-dtype", 0, 0, G_OPTION_ARG_NONE, &self->show_dtype,
      "Show the type of the numbers (style keras3)", NULL },
    { "show-layer-activations", 0, 0, G_OPTION_ARG_NONE, &self->show_layer_activations,
      "Show the layers' activations (style keras3)", NULL },
    { "show-trainable", 0, 0, G_OPTION_ARG_NONE, &self->show_trainable,
      "Show whether layers are trainable (style keras3)", NULL },
    { "splines", 0, 0, G_OPTION_ARG_STRING, &self->splines,
      "How edges run (style keras3; default: ortho)", "ortho|curved|polyline|spline|line" },
    G_OPTION_ENTRY_NULL
  };

  self->show_layer_names = TRUE;
  g_option_context_add_main_entries (context, entries, NULL);
}

/* Whether something is asked for that Keras 2.3's picture does not know. */
static const char *
find_keras3_option (const Looks *self)
{
  if (self->show_dtype)
    return "--show-dtype";
  if (self->show_layer_activations)
    return "--show-layer-activations";
  if (self->show_trainable)
    return "--show-trainable";

  return self->splines != NULL ? "--splines" : NULL;
}

static gboolean
looks_to_options (const Looks *self, RnPlotOptions *options, GError **error)
{
  gboolean keras3 = self->style != NULL && g_str_equal (self->style, "keras3");
  const char *keras3_option = find_keras3_option (self);
  g_autoptr (GError) local = NULL;

  if (self->style != NULL && !keras3 && !g_str_equal (self->style, "keras2"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--style %s: keras2 or keras3 would be right", self->style);
      return FALSE;
    }
  if (!keras3 && keras3_option != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s: Keras 2.3's picture has no such thing; add --style keras3", keras3_option);
      return FALSE;
    }
  *options = keras3 ? RN_PLOT_OPTIONS_KERAS3 : RN_PLOT_OPTIONS_DEFAULT;
  options->show_shapes = self->show_shapes;
  options->show_dtype = self->show_dtype;
  options->show_layer_names = self->show_layer_names;
  options->show_layer_activations = self->show_layer_activations;
  options->show_trainable = self->show_trainable;
  options->expand_nested = self->expand_nested;
  if (self->rankdir != NULL)
    options->rankdir = self->rankdir;
  if (self->splines != NULL)
    options->splines = self->splines;
  if (self->dpi != 0)
    options->dpi = self->dpi;
  if (!rn_plot_options_check (options, &local))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, local->message);
      return FALSE;
    }

  return TRUE;
}

static RnExit
run (char **args, GError **error)
{
  g_auto (RnModelOptions) model_options = { 0 };
  g_auto (Looks) looks = { 0 };
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_plot, &model_options);
  g_auto (GStrv) words = NULL;
  g_autoptr (RnModel) model = NULL;
  RnPlotOptions options;
  int ending;

  looks_add_to (&looks, context);
  if (!rn_command_parse (context, args, &model_options, &words, error) ||
      !rn_command_take_model (&model_options, words, error) ||
      !rn_command_take_output (looks.output, endings, &ending, error) ||
      !looks_to_options (&looks, &options, error))
    return RN_EXIT_USAGE;
  model = rn_model_options_load_model (&model_options, error);
  if (model == NULL || !rn_plot_write (model, &options, looks.output, error))
    return RN_EXIT_INPUT;

  return RN_EXIT_DONE;
}

const RnCommand rn_command_plot = {
  "plot",
  "MODEL -o FILE",
  "plot_model's picture of a network, as .png, .svg, .pdf or .dot",
  run,
};
