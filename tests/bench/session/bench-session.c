/* How promptly a session answers: what the window's liveness rests on.
 *
 *   bench-session [--network ID] [--size N] [--weights FILE] [--isa NAME] [--threads N] [--rounds N]
 *
 * Measures, for a network of those weights or random ones: packing; a run with each choice of what is kept, and
 * with an observer; the recomputation of each single layer; a run from each stage on; and how long a
 * run goes on after it was cancelled. Minima, but for cancelling, where the slowest counts as well.
 */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/runtime/session.h"

/* The limits of one layer's recomputation and of a cancelled run's end, and of packing, in ms. */
#define RECALL_LIMIT 2.0
#define CANCEL_LIMIT 2.0

#define N_CANCELS 100
#define N_SLOWEST 8

static const char *network = "resnet50";
static int input_size;
static char *weights_path;
static char *isa_name;
static int n_threads;
static int n_rounds = 5;

typedef struct
{
  RnBinding *binding;
  RnModel *model;
  RnTensor *input;
  double run_ms;
} Bench;

static double
read_clock (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);

  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/* One thread is measured by its own time, so that other programs count less. */
static double
now_ms (void)
{
  return read_clock (n_threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC);
}

static RnSession *
new_session (const Bench *self, RnKeep keep)
{
  RnSessionOptions options = { .n_threads = n_threads, .keep = keep };
  g_autoptr (GError) error = NULL;
  RnSession *session = rn_session_new (self->binding, &options, &error);

  g_assert_no_error (error);

  return session;
}

static double
run (const Bench *self, RnSession *session)
{
  g_autoptr (GError) error = NULL;
  double start = now_ms ();

  rn_session_run (session, self->input, NULL, &error);
  g_assert_no_error (error);

  return now_ms () - start;
}

static void
measure_packing (const Bench *self)
{
  double best = INFINITY;

  for (int i = 0; i < n_rounds; i++)
    {
      double start = now_ms ();
      g_autoptr (RnSession) session = new_session (self, RN_KEEP_BLOCKS);

      g_assert_nonnull (session);
      best = MIN (best, now_ms () - start);
    }
  g_print ("packing %43.1f ms\n", best);
}

/* What a window does with each layer as it finishes: it notes the layer and goes on. */
static void
note_layer (RnSession *session, int layer, gpointer data)
{
  g_atomic_int_set ((gint *)data, layer);
}

/* In turn, so that a machine whose speed drifts slows all alike. */
static void
measure_runs (Bench *self)
{
  static const char *const names[]
      = { "outputs alone", "blocks", "all that is written", "blocks, with an observer" };
  static const RnKeep keeps[] = { RN_KEEP_OUTPUTS, RN_KEEP_BLOCKS, RN_KEEP_STEPS, RN_KEEP_BLOCKS };
  RnSession *sessions[G_N_ELEMENTS (keeps)];
  double best[G_N_ELEMENTS (keeps)];
  gint last_layer = 0;

  for (guint i = 0; i < G_N_ELEMENTS (keeps); i++)
    {
      best[i] = INFINITY;
      sessions[i] = new_session (self, keeps[i]);
      run (self, sessions[i]);
    }
  rn_session_set_observer (sessions[3], note_layer, &last_layer);

  for (int round = 0; round < 4 * n_rounds; round++)
    for (guint i = 0; i < G_N_ELEMENTS (keeps); i++)
      best[i] = MIN (best[i], run (self, sessions[i]));

  for (guint i = 0; i < G_N_ELEMENTS (keeps); i++)
    {
      g_print ("a run, keeping %-28s %7.2f ms\n", names[i], best[i]);
      rn_session_unref (sessions[i]);
    }
  self->run_ms = best[1];
}

typedef struct
{
  int layer;
  double ms;
} Recall;

static int
compare_recalls (const void *a, const void *b)
{
  double x = ((const Recall *)a)->ms, y = ((const Recall *)b)->ms;

  return (x < y) - (x > y);
}

/* A run forgets what was recomputed for the one before, so that each layer is asked for afresh. */
static void
measure_recalls (const Bench *self, RnKeep keep, const char *kept)
{
  int n_layers = rn_model_get_n_layers (self->model), n_above = 0;
  g_autoptr (RnSession) session = new_session (self, keep);
  g_autofree Recall *recalls = g_new (Recall, n_layers);

  for (int i = 0; i < n_layers; i++)
    recalls[i] = (Recall){ i, INFINITY };
  for (int round = 0; round < n_rounds; round++)
    for (int i = 0; i < n_layers; i++)
      {
        g_autoptr (RnTensor) activation = NULL;
        double start;

        run (self, session);
        start = now_ms ();
        activation = rn_session_get_activation (session, i, NULL);
        g_assert_nonnull (activation);
        recalls[i].ms = MIN (recalls[i].ms, now_ms () - start);
      }

  qsort (recalls, n_layers, sizeof *recalls, compare_recalls);
  for (int i = 0; i < n_layers; i++)
    n_above += recalls[i].ms > RECALL_LIMIT;
  g_print ("one layer's activation, %s kept: %d of %d layers above %.0f ms; the slowest:\n", kept,
           n_above, n_layers, RECALL_LIMIT);
  for (int i = 0; i < MIN (N_SLOWEST, n_layers); i++)
    g_print ("  %-48s %7.2f ms\n", rn_model_get_layer (self->model, recalls[i].layer)->name,
             recalls[i].ms);
}

/* What a change in a stage costs: its first block and all behind it. */
static void
measure_reruns (const Bench *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);
  g_autoptr (RnSession) session = new_session (self, RN_KEEP_BLOCKS);

  run (self, session);
  for (int i = 0; i < structure->n_stages && structure->n_blocks > 0; i++)
    {
      const RnStage *stage = &structure->stages[i];
      int first = structure->blocks[stage->first_block].layers[0];
      double best = INFINITY;

      for (int round = 0; round < 4 * n_rounds; round++)
        {
          double start = now_ms ();

          rn_session_touch_layer (session, first);
          g_assert_true (rn_session_rerun (session, NULL, NULL));
          best = MIN (best, now_ms () - start);
        }
      g_print ("again from stage %d on %30.2f ms\n", stage->number, best);
    }
}

typedef struct
{
  GCancellable *cancellable;
  double after_ms;
} Canceller;

static gpointer
cancel_later (gpointer data)
{
  const Canceller *self = data;
  double *when = g_new (double, 1);

  g_usleep ((gulong)(1e3 * self->after_ms));
  *when = read_clock (CLOCK_MONOTONIC);
  g_cancellable_cancel (self->cancellable);

  return when;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static void
measure_cancelling (const Bench *self)
{
  g_autoptr (RnSession) session = new_session (self, RN_KEEP_BLOCKS);
  double late[N_CANCELS];
  int n = 0;

  run (self, session);
  for (int i = 0; i < N_CANCELS; i++)
    {
      Canceller canceller = { g_cancellable_new (), self->run_ms * 0.95 * i / N_CANCELS };
      GThread *thread = g_thread_new ("canceller", cancel_later, &canceller);
      gboolean done = rn_session_run (session, self->input, canceller.cancellable, NULL);
      double end = read_clock (CLOCK_MONOTONIC);
      g_autofree double *when = g_thread_join (thread);

      if (!done)
        late[n++] = end - *when;
      g_object_unref (canceller.cancellable);
    }

  if (n == 0)
    return;
  qsort (late, n, sizeof *late, compare_doubles);
  g_print ("cancelled, ends after: median %.2f ms, 90%% %.2f ms, slowest of %d %.2f ms (limit %.0f)\n",
           late[n / 2], late[n * 9 / 10], n, late[n - 1], CANCEL_LIMIT);
}

static gboolean
prepare (Bench *self, GError **error)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnWeights) weights = NULL;
  const RnShape *shape;
  gint64 dims[4] = { 1 };

  if (weights_path != NULL)
    {
      weights = rn_weights_load (weights_path, error);
      if (weights == NULL)
        return FALSE;
      variant.classes = rn_weights_get_info (weights)->n_classes;
    }
  variant.input_size = input_size;
  self->model = rn_catalog_build (network, &variant, error);
  if (self->model == NULL)
    return FALSE;
  if (weights == NULL)
    weights = rn_weights_new_random (self->model, 1, error);
  if (weights != NULL)
    self->binding = rn_binding_new (self->model, weights, error);
  if (self->binding == NULL)
    return FALSE;

  shape = &rn_model_get_input (self->model)->output_shape;
  for (int i = 0; i < shape->rank; i++)
    dims[i + 1] = shape->dims[i];
  self->input = rn_tensor_new (shape->rank + 1, dims, error);
  for (gint64 i = 0; self->input != NULL && i < rn_tensor_get_n_elements (self->input); i++)
    rn_tensor_f32 (self->input)[i] = sinf (i * 0.01f);

  return self->input != NULL;
}

int
main (int argc, char *argv[])
{
  const GOptionEntry options[] = {
    { "network", 0, 0, G_OPTION_ARG_STRING, (gpointer)&network, "a built-in model", "ID" },
    { "size", 0, 0, G_OPTION_ARG_INT, &input_size, "height and width of the input", "N" },
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &weights_path, "a file of weights", "FILE" },
    { "isa", 0, 0, G_OPTION_ARG_STRING, &isa_name, "instruction set", "NAME" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "threads; 0 for all processors", "N" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "how often to take the minimum of", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (isa_name != NULL)
    g_setenv ("RN_ISA", isa_name, TRUE);
  if (!prepare (&bench, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_print ("%s, %d threads\n", rn_model_get_name (bench.model), n_threads);
  measure_packing (&bench);
  measure_runs (&bench);
  measure_recalls (&bench, RN_KEEP_BLOCKS, "blocks");
  measure_recalls (&bench, RN_KEEP_STEPS, "all that is written");
  measure_reruns (&bench);
  measure_cancelling (&bench);

  rn_tensor_unref (bench.input);
  rn_binding_unref (bench.binding);
  rn_model_unref (bench.model);

  return 0;
}
