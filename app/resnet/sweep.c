/* resnet sweep: one edit on each block in turn, and what predictions lose by it. */
#include "engine/runtime/sweep.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/input-image.h"
#include "app/resnet/command.h"
#include "app/resnet/image-list.h"
#include "ui/draw/file-output.h"
#include "ui/draw/sweep-chart.h"

#define BAR_WIDTH 30

typedef struct
{
  RnModelOptions model;
  gboolean json;
  char *output;
} Options;

static void
options_clear (Options *self)
{
  rn_model_options_clear (&self->model);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
find_kind (const char *name, RnEditKind *kind, GError **error)
{
  const RnEditKind kinds[] = { RN_EDIT_CUT_SHORTCUT, RN_EDIT_DROP_BLOCK };

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (name, rn_edit_kind_get_name (kinds[i])))
      {
        *kind = kinds[i];
        return TRUE;
      }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“%s”: cut-shortcut or drop-block, and then the images, would be right",
               name != NULL ? name : "");

  return FALSE;
}

static gboolean
parse (Options *self, char **args, RnEditKind *kind, char ***words, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_sweep, &self->model);
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Answer in JSON", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      "Write the chart (.png) or all figures (.csv)", "FILE" },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &self->model, words, error)
      || !find_kind ((*words)[0], kind, error))
    return FALSE;
  if ((*words)[1] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "no IMAGE given; pictures or a folder of them would be right");
      return FALSE;
    }
  if (self->output != NULL && !g_str_has_suffix (self->output, ".png")
      && !g_str_has_suffix (self->output, ".csv"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "%s: a name that ends in .png or .csv would be right", self->output);
      return FALSE;
    }

  return TRUE;
}

static void
on_progress (int done, int total, gpointer data)
{
  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r%d of %d%s", done, total, done == total ? "\n" : "");
}

static const char *
class_label (RnBinding *binding, int index)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));

  if (index < info->n_classes)
    return info->labels != NULL ? info->labels[index] : info->classes[index];

  return "(not named)";
}

static char *
block_label (RnBinding *binding, int b)
{
  const RnStructure *structure = rn_model_get_structure (rn_binding_get_model (binding));

  return rn_block_get_label (&structure->blocks[b], structure->stages);
}

static void
print_table (const RnSweep *sweep, RnEditKind kind, RnBinding *binding, GPtrArray *paths)
{
  const RnModel *model = rn_binding_get_model (binding);
  double mean = 0;

  for (int i = 0; i < sweep->n_pictures; i++)
    {
      printf ("%5.1f %%  %-22s %s\n", 100 * sweep->probability[i],
              class_label (binding, sweep->top_class[i]), (char *) paths->pdata[i]);
      mean += sweep->probability[i] / sweep->n_pictures;
    }
  printf ("\n%s on each block of %s: what is left of these %.1f %% on average, and how many of the "
          "pictures get another class\n",
          rn_edit_kind_get_name (kind), rn_model_get_title (model), 100 * mean);
  for (int b = 0; b < sweep->n_blocks; b++)
    {
      g_autofree char *label = block_label (binding, b);
      double left = mean - rn_sweep_get_mean_loss (sweep, b);
      int filled = CLAMP ((int) (left * BAR_WIDTH + 0.5), 0, BAR_WIDTH);
      g_autofree char *bar = g_strnfill (filled, '#');

      printf ("%-5s %-18s %5.1f %%  %3.0f %%  %s\n", label,
              rn_model_get_layer (model, sweep->blocks[b].add)->name, 100 * left,
              100 * rn_sweep_get_share_changed (sweep, b), bar);
    }
}

static void
add_number (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value);
}

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
add_int (JsonBuilder *json, const char *name, int value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

static void
add_pictures (JsonBuilder *json, const RnSweep *sweep, RnBinding *binding, GPtrArray *paths)
{
  json_builder_set_member_name (json, "pictures");
  json_builder_begin_array (json);
  for (int i = 0; i < sweep->n_pictures; i++)
    {
      json_builder_begin_object (json);
      add_string (json, "image", paths->pdata[i]);
      add_int (json, "index", sweep->top_class[i]);
      add_string (json, "label", class_label (binding, sweep->top_class[i]));
      add_number (json, "probability", sweep->probability[i]);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_block (JsonBuilder *json, const RnSweep *sweep, RnBinding *binding, int b)
{
  const RnSweepBlock *block = &sweep->blocks[b];
  g_autofree char *label = block_label (binding, b);

  json_builder_begin_object (json);
  add_string (json, "name", rn_model_get_layer (rn_binding_get_model (binding), block->add)->name);
  add_string (json, "label", label);
  add_number (json, "mean_loss", rn_sweep_get_mean_loss (sweep, b));
  add_number (json, "share_changed", rn_sweep_get_share_changed (sweep, b));
  json_builder_set_member_name (json, "pictures");
  json_builder_begin_array (json);
  for (int i = 0; i < sweep->n_pictures; i++)
    {
      json_builder_begin_object (json);
      add_int (json, "index", block->top_class[i]);
      add_number (json, "probability", block->probability[i]);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void
print_json (const RnSweep *sweep, RnEditKind kind, RnBinding *binding, GPtrArray *paths)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (json);
  add_string (json, "kind", rn_edit_kind_get_name (kind));
  add_string (json, "model", rn_model_get_name (rn_binding_get_model (binding)));
  add_string (json, "weights", info->name != NULL ? info->name : "");
  json_builder_set_member_name (json, "trained");
  json_builder_add_boolean_value (json, info->trained);
  add_pictures (json, sweep, binding, paths);
  json_builder_set_member_name (json, "blocks");
  json_builder_begin_array (json);
  for (int b = 0; b < sweep->n_blocks; b++)
    add_block (json, sweep, binding, b);
  json_builder_end_array (json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, TRUE);
  puts (text);
}

static gboolean
write_file (const RnSweep *sweep,
            RnEditKind kind,
            const RnModel *model,
            GPtrArray *paths,
            const char *output,
            GError **error)
{
  g_autofree char *csv = NULL;
  g_autoptr (RnChart) chart = NULL;

  if (g_str_has_suffix (output, ".csv"))
    {
      csv = rn_sweep_write_csv (sweep, kind, model, paths);
      return rn_file_output_write (output, csv, strlen (csv), error);
    }
  chart = rn_sweep_chart_new (sweep, kind, model, -1, FALSE);

  return rn_chart_write_png (chart, output, error);
}

/* All pictures as inputs, or an error that names the first that is none. */
static GPtrArray *
load_inputs (GPtrArray *paths, const Options *options, RnBinding *binding, GError **error)
{
  g_autoptr (GPtrArray) inputs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rn_tensor_unref);
  RnPreprocess preprocess = rn_model_options_get_preprocess (&options->model, binding);

  for (guint i = 0; i < paths->len; i++)
    {
      RnTensor *input = rn_input_image_load (paths->pdata[i], rn_binding_get_model (binding),
                                             preprocess, error);

      if (input == NULL)
        return NULL;
      g_ptr_array_add (inputs, input);
    }

  return g_steal_pointer (&inputs);
}

static RnExit
run (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GPtrArray) faults = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GPtrArray) inputs = NULL;
  g_autoptr (RnSweep) sweep = NULL;
  RnSessionOptions session_options = { 0 };
  RnEditKind kind;

  if (!parse (&options, args, &kind, &words, error))
    return RN_EXIT_USAGE;
  paths = rn_image_list_new (words + 1, &faults);
  if (faults->len > 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, faults->pdata[0]);
      return RN_EXIT_INPUT;
    }
  binding = rn_command_load_binding (&options.model, NULL, error);
  if (binding == NULL || !rn_model_options_check_classifier (&options.model, binding, error))
    return RN_EXIT_INPUT;
  inputs = load_inputs (paths, &options, binding, error);
  if (inputs == NULL)
    return RN_EXIT_INPUT;

  session_options.n_threads = options.model.threads;
  sweep = rn_sweep_run (kind, binding, (RnTensor *const *) inputs->pdata, inputs->len,
                        &session_options, on_progress, NULL, NULL, error);
  if (sweep == NULL)
    return RN_EXIT_INPUT;
  rn_command_warn_untrained (&rn_command_sweep, binding);
  if (options.output != NULL
      && !write_file (sweep, kind, rn_binding_get_model (binding), paths, options.output, error))
    return RN_EXIT_INPUT;
  if (options.json)
    print_json (sweep, kind, binding, paths);
  else
    print_table (sweep, kind, binding, paths);

  return RN_EXIT_DONE;
}

const RnCommand rn_command_sweep = {
  "sweep",
  "cut-shortcut|drop-block IMAGE…",
  "The edit on each block in turn, and what predictions lose by it",
  run,
};
