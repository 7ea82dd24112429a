/* resnet bench: how fast a network runs on this machine. */
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "app/resnet/command.h"
#include "engine/runtime/profile.h"

#define DEFAULT_RUNS 50
#define MAX_RUNS 1000000
#define MAX_BATCH 1024

typedef struct
{
  RnModelOptions model;
  int runs;
  int batch;
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  rn_model_options_clear (&self->model);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check_range (const char *option, int value, int max, GError **error)
{
  if (value >= 1 && value <= max)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--%s %d: a number from 1 to %d would be right", option, value, max);

  return FALSE;
}

static gboolean
parse (Options *self, char **args, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_bench, &self->model);
  g_auto (GStrv) words = NULL;
  const GOptionEntry entries[] = {
    { "runs", 'n', 0, G_OPTION_ARG_INT, &self->runs, "How many timed runs (default: 50)", "N" },
    { "batch", 'b', 0, G_OPTION_ARG_INT, &self->batch, "Pictures a run (default: 1)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Answer in JSON", NULL },
    G_OPTION_ENTRY_NULL
  };

  self->runs = DEFAULT_RUNS;
  self->batch = 1;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &self->model, &words, error))
    return FALSE;
  if (words[0] != NULL && !rn_command_take_model (&self->model, words, error))
    return FALSE;

  return check_range ("runs", self->runs, MAX_RUNS, error)
         && check_range ("batch", self->batch, MAX_BATCH, error);
}

static double
get_share (const RnProfile *profile, double gflops)
{
  return profile->peak_gflops > 0 ? gflops / profile->peak_gflops : 0;
}

static void
print_table (RnSession *session, const RnProfile *profile)
{
  RnModel *model = rn_session_get_model (session);

  printf ("%-24s %-22s %9s %9s %6s\n", "Layer", "Class", "ms", "GFLOP/s", "peak");
  for (int i = 0; i < profile->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      if (profile->layer_ms[i] > 0)
        printf ("%-24s %-22s %9.3f %9.1f %5.0f%%\n", layer->name,
                rn_layer_kind_get_keras_class (layer->kind), profile->layer_ms[i],
                profile->layer_gflops[i], 100 * get_share (profile, profile->layer_gflops[i]));
    }
  printf ("\n%s on %d threads, %s, batch %d, %d runs: minimum %.2f ms, median %.2f ms "
          "(%.1f pictures a second)\n",
          rn_model_get_name (model), rn_session_get_n_threads (session),
          rn_session_get_isa (session), profile->batch, profile->n_runs, profile->min_ms,
          profile->median_ms, 1e3 * profile->batch / profile->median_ms);
  printf ("%.1f GFLOP/s, %.0f%% of the %.1f that the multiply-add units do; %.1f MiB at most\n",
          profile->gflops, 100 * get_share (profile, profile->gflops), profile->peak_gflops,
          profile->peak_rss / 1048576.0);
}

static void
add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
add_integer (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
build_layers (JsonBuilder *builder, const RnModel *model, const RnProfile *profile)
{
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (int i = 0; i < profile->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      json_builder_begin_object (builder);
      add_string (builder, "name", layer->name);
      add_string (builder, "kind", rn_layer_kind_get_keras_class (layer->kind));
      add_number (builder, "ms", profile->layer_ms[i]);
      add_number (builder, "gflops", profile->layer_gflops[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (RnSession *session, const RnProfile *profile, double prepare_ms)
{
  RnModel *model = rn_session_get_model (session);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "model", rn_model_get_name (model));
  add_integer (builder, "threads", rn_session_get_n_threads (session));
  add_string (builder, "isa", rn_session_get_isa (session));
  add_integer (builder, "batch", profile->batch);
  add_integer (builder, "runs", profile->n_runs);
  add_number (builder, "prepare_ms", prepare_ms);
  add_number (builder, "min_ms", profile->min_ms);
  add_number (builder, "median_ms", profile->median_ms);
  add_number (builder, "gflops", profile->gflops);
  add_number (builder, "peak_gflops", profile->peak_gflops);
  add_number (builder, "peak_share", get_share (profile, profile->gflops));
  add_integer (builder, "peak_rss_bytes", profile->peak_rss);
  build_layers (builder, model, profile);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  puts (text);
}

static RnExit
run (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnSession) session = NULL;
  g_autoptr (RnProfile) profile = NULL;
  RnSessionOptions session_options = { .keep = RN_KEEP_OUTPUTS };
  gint64 start;
  double prepare_ms;

  if (!parse (&options, args, error))
    return RN_EXIT_USAGE;
  binding = rn_command_load_binding (&options.model, NULL, error);
  if (binding == NULL)
    return RN_EXIT_INPUT;

  session_options.n_threads = options.model.threads;
  start = g_get_monotonic_time ();
  session = rn_session_new (binding, &session_options, error);
  prepare_ms = (g_get_monotonic_time () - start) / 1e3;
  if (session == NULL)
    return RN_EXIT_INPUT;
  profile = rn_profile_new (session, options.batch, options.runs, NULL, error);
  if (profile == NULL)
    return RN_EXIT_INPUT;

  if (options.json)
    print_json (session, profile, prepare_ms);
  else
    print_table (session, profile);

  return RN_EXIT_DONE;
}

const RnCommand rn_command_bench = {
  "bench",
  "[MODEL]",
  "How fast a network runs here: latency, layer by layer, memory",
  run,
};
