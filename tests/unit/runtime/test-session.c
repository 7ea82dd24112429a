#include "reference-net.h"

#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/model/model-builder.h"
#include "engine/runtime/session.h"

#include <math.h>
#include <string.h>

/* What a layer may differ from double precision, as a relative L2 distance. */
#define TOLERANCE 1e-4

static RnModel *
build_model (const char *id, RnNames names, int classes, int input_size)
{
  RnVariant variant = { names, TRUE, classes, input_size };
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_catalog_build (id, &variant, &error);

  g_assert_no_error (error);

  return model;
}

static RnBinding *
bind (RnModel *model, RnWeights *weights)
{
  g_autoptr (GError) error = NULL;
  RnBinding *binding = rn_binding_new (model, weights, &error);

  g_assert_no_error (error);

  return binding;
}

static RnSession *
new_session (RnBinding *binding, int n_threads)
{
  RnSessionOptions options = { .n_threads = n_threads };
  g_autoptr (GError) error = NULL;
  RnSession *session = rn_session_new (binding, &options, &error);

  g_assert_no_error (error);

  return session;
}

static void
run (RnSession *session, RnTensor *input)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = rn_session_run (session, input, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static RnTensor *
get_activation (RnSession *session, int layer)
{
  g_autoptr (GError) error = NULL;
  RnTensor *activation = rn_session_get_activation (session, layer, &error);

  g_assert_no_error (error);

  return activation;
}

/* Runs the binding's model on random pictures and compares every layer with the reference. */
static void
check_every_layer (RnBinding *binding, int batch, int n_threads)
{
  RnModel *model = rn_binding_get_model (binding);
  g_autoptr (RnTensor) input = reference_input_new_random (model, batch);
  g_autoptr (ReferenceNet) reference = reference_net_new (binding, input);
  g_autoptr (RnSession) session = new_session (binding, n_threads);

  run (session, input);
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      g_autoptr (RnTensor) activation = get_activation (session, i);
      double distance = reference_net_get_error (reference, i, activation);

      if (!(distance <= TOLERANCE))
        g_test_message ("layer %s (%s) is off", layer->name,
                        rn_layer_kind_get_keras_class (layer->kind));
      g_assert_cmpint (activation->rank, ==, layer->output_shape.rank + 1);
      g_assert_cmpint (activation->dims[0], ==, batch);
      g_assert_cmpfloat (distance, <=, TOLERANCE);
    }
}

/* Which built-in model, how. */
typedef struct
{
  const char *id;
  RnNames names;
  int input_size;
  int batch;
  int n_threads;
  enum
  {
    RANDOM,    /* everything differs from its neutral value */
    UNTRAINED, /* as a model starts */
    BUNDLED,   /* data/weights */
  } weights;
  gboolean slow;
} NetCase;

static const NetCase net_cases[] = {
  { "resnet18", RN_NAMES_KERAS3, 64, 1, 2, BUNDLED },
  { "resnet18", RN_NAMES_KERAS3, 33, 3, 1 },
  { "resnet18", RN_NAMES_KERAS3, 97, 1, 3, UNTRAINED },
  { "resnet18", RN_NAMES_KERAS3, 224, 1, 2, BUNDLED },
  { "resnet50", RN_NAMES_KERAS2, 64, 1, 2, BUNDLED },
  { "resnet50", RN_NAMES_KERAS3, 33, 2, 2 },
  { "resnet50", RN_NAMES_KERAS2, 97, 1, 4, UNTRAINED, TRUE },
  { "resnet50", RN_NAMES_KERAS2, 224, 1, 2, BUNDLED, TRUE },
};

static RnWeights *
get_weights (const NetCase *net, RnModel *model)
{
  g_autofree char *name = g_strconcat (net->id, ".h5", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", name, NULL);
  g_autoptr (GError) error = NULL;
  RnWeights *weights;

  if (net->weights == RANDOM)
    return reference_weights_new_random (model);

  weights = net->weights == BUNDLED ? rn_weights_load (path, &error)
                                    : rn_weights_new_random (model, 1, &error);
  g_assert_no_error (error);

  return weights;
}

static void
test_net (gconstpointer data)
{
  const NetCase *net = data;
  g_autoptr (RnModel) model = build_model (net->id, net->names, 10, net->input_size);
  g_autoptr (RnWeights) weights = get_weights (net, model);
  g_autoptr (RnBinding) binding = bind (model, weights);

  g_test_summary (
      "Every layer of a built-in model equals a double-precision reference within 1e-4.");
  if (net->slow && !g_test_slow ())
    {
      g_test_skip ("runs with -m slow");
      return;
    }
  check_every_layer (binding, net->batch, net->n_threads);
}

static void
test_repeatable (void)
{
  g_autoptr (RnModel) model = build_model ("resnet18", RN_NAMES_KERAS3, 10, 64);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnTensor) first = NULL;
  int last = rn_model_get_n_layers (model) - 1;

  g_test_summary ("Runs give the same bits again and again, with any number of threads.");
  for (int n_threads = 1; n_threads <= 4; n_threads++)
    {
      g_autoptr (RnSession) session = new_session (binding, n_threads);

      g_assert_cmpint (rn_session_get_n_threads (session), ==, n_threads);
      for (int i = 0; i < 2; i++)
        {
          g_autoptr (RnTensor) output = NULL;

          run (session, input);
          output = get_activation (session, last);
          if (first == NULL)
            first = rn_tensor_ref (output);
          g_assert_cmpmem (output->data, rn_tensor_get_n_bytes (output), first->data,
                           rn_tensor_get_n_bytes (first));
        }
    }
}

static void
test_batch_changes (void)
{
  g_autoptr (RnModel) model = build_model ("resnet18", RN_NAMES_KERAS3, 10, 33);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnSession) session = new_session (binding, 2);
  const int batches[] = { 1, 3, 2, 1 };

  g_test_summary ("One session takes another number of pictures each time.");
  for (int i = 0; i < G_N_ELEMENTS (batches); i++)
    {
      g_autoptr (RnTensor) input = reference_input_new_random (model, batches[i]);
      g_autoptr (ReferenceNet) reference = reference_net_new (binding, input);
      int last = rn_model_get_n_layers (model) - 1;
      g_autoptr (RnTensor) output = NULL;

      run (session, input);
      output = get_activation (session, last);
      g_assert_cmpint (output->dims[0], ==, batches[i]);
      g_assert_cmpfloat (reference_net_get_error (reference, last, output), <=, TOLERANCE);
    }
}

static void
note_layer (RnSession *session, int layer, gpointer data)
{
  GArray *seen = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnTensor) activation = rn_session_get_activation (session, layer, &error);

  g_assert_no_error (error);
  g_assert_nonnull (activation);
  g_array_append_val (seen, layer);
}

static void
test_observer (void)
{
  g_autoptr (RnModel) model = build_model ("resnet50", RN_NAMES_KERAS2, 10, 32);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnSession) session = new_session (binding, 2);
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree int *times = g_new0 (int, rn_model_get_n_layers (model));

  g_test_summary ("An observer hears of every layer once, when its activation can be had.");
  rn_session_set_observer (session, note_layer, seen);
  run (session, input);
  g_assert_cmpuint (seen->len, ==, rn_model_get_n_layers (model));
  for (guint i = 0; i < seen->len; i++)
    times[g_array_index (seen, int, i)]++;
  for (guint i = 0; i < seen->len; i++)
    g_assert_cmpint (times[i], ==, 1);
  g_assert_cmpfloat (rn_session_get_run_ms (session), >, 0);
}

static void
cancel_at (RnSession *session, int layer, gpointer data)
{
  if (layer == 20)
    g_cancellable_cancel (data);
}

static void
test_cancel (void)
{
  g_autoptr (RnModel) model = build_model ("resnet50", RN_NAMES_KERAS2, 10, 32);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnSession) session = new_session (binding, 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unknown = NULL;

  g_test_summary ("A cancelled run says so, leaves no result, and the next one is whole.");
  rn_session_set_observer (session, cancel_at, cancellable);
  g_assert_false (rn_session_run (session, input, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (rn_session_get_activation (session, rn_model_get_n_layers (model) - 1, &unknown));
  g_assert_error (unknown, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED);

  rn_session_set_observer (session, NULL, NULL);
  run (session, input);
  g_clear_pointer (&input, rn_tensor_unref); /* the session has taken what it needs */
  input = get_activation (session, rn_model_get_n_layers (model) - 1);
  g_assert_cmpint (input->dims[1], ==, 10);
}

/* Reads activations for as long as another thread runs the same picture again and again. */
typedef struct
{
  RnSession *session;
  RnSession *finished; /* another session that has run it */
  gint stop;
  int n_read;
} Reader;

static gpointer
read_activations (gpointer data)
{
  Reader *self = data;
  int n_layers = rn_model_get_n_layers (rn_session_get_model (self->session));

  for (int i = 0; !g_atomic_int_get (&self->stop); i = (i + 7) % n_layers)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) activation = rn_session_get_activation (self->session, i, &error);
      g_autoptr (RnTensor) right = NULL;

      if (activation == NULL)
        {
          g_assert_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED);
          continue;
        }
      right = get_activation (self->finished, i);
      g_assert_cmpmem (activation->data, rn_tensor_get_n_bytes (activation), right->data,
                       rn_tensor_get_n_bytes (right));
      self->n_read++;
    }

  return NULL;
}

static void
test_reading_while_running (void)
{
  g_autoptr (RnModel) model = build_model ("resnet18", RN_NAMES_KERAS3, 10, 32);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnSession) session = new_session (binding, 2);
  g_autoptr (RnSession) finished = new_session (binding, 1);
  Reader reader = { session, finished };
  GThread *thread;

  g_test_summary ("Activations read by one thread while another runs are whole and right.");
  run (session, input);
  run (finished, input);
  thread = g_thread_new ("reader", read_activations, &reader);
  for (int i = 0; i < 30; i++)
    run (session, input);
  g_usleep (20000); /* whatever the scheduler did, there was time to read */
  g_atomic_int_set (&reader.stop, TRUE);
  g_thread_join (thread);
  g_assert_cmpint (reader.n_read, >, 0);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (2000);
  g_cancellable_cancel (data);

  return GSIZE_TO_POINTER (g_get_monotonic_time ());
}

#define PROMPT_US 2000
#ifdef RN_SANITIZED /* with checks compiled in a time says nothing; that a run stops is tried */
#define MAX_TRIES 3
#else
#define MAX_TRIES 50
#endif

static void
test_cancel_is_prompt (void)
{
  g_autoptr (RnModel) model = build_model ("resnet50", RN_NAMES_KERAS2, 10, 224);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnSession) session = new_session (binding, 1);
  gint64 best = G_MAXINT64;

  g_test_summary ("A run stops within 2 ms of being cancelled, in the best of some tries.");
  run (session, input);
  for (int i = 0; i < MAX_TRIES && best > PROMPT_US; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("canceller", cancel_soon, cancellable);
      gboolean ok = rn_session_run (session, input, cancellable, &error);
      gint64 end = g_get_monotonic_time ();
      gint64 cancelled = GPOINTER_TO_SIZE (g_thread_join (thread));

      if (ok)
        continue; /* it was faster than that */
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      best = MIN (best, end - cancelled);
    }
  g_assert_cmpint (best, <, G_MAXINT64);
  g_test_message ("%.1f ms", best / 1e3);
#ifndef RN_SANITIZED
  g_assert_cmpint (best, <=, PROMPT_US);
#endif
}

typedef struct
{
  RnSession *session;
  RnTensor *input;
} Job;

static gpointer
run_twice (gpointer data)
{
  const Job *job = data;

  run (job->session, job->input);
  run (job->session, job->input);

  return NULL;
}

static void
test_beside (void)
{
  g_autoptr (RnModel) model = build_model ("resnet18", RN_NAMES_KERAS2, 10, 64);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnTensor) input = reference_input_new_random (model, 1);
  g_autoptr (RnSession) session = new_session (binding, 2);
  int last = rn_model_get_n_layers (model) - 1;
  g_autoptr (RnTensor) expected = NULL;
  GThread *threads[2];
  Job jobs[2];

  g_test_summary ("Sessions beside another run at the same time, to the same bits, and outlive it");

  run (session, input);
  expected = get_activation (session, last);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      jobs[i] = (Job){ rn_session_new_beside (session, 1, &error), input };
      g_assert_no_error (error);
    }
  g_clear_pointer (&session, rn_session_unref);
  for (int i = 0; i < 2; i++)
    threads[i] = g_thread_new ("beside", run_twice, &jobs[i]);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (RnTensor) activation = NULL;

      g_thread_join (threads[i]);
      activation = get_activation (jobs[i].session, last);
      g_assert_cmpmem (activation->data, 10 * sizeof (float), expected->data, 10 * sizeof (float));
      rn_session_unref (jobs[i].session);
    }
}

static void
test_bad_input (void)
{
  static const struct
  {
    int rank;
    gint64 dims[4];
  } bad[] = {
    { 4, { 1, 32, 32, 4 } }, { 4, { 1, 33, 32, 3 } }, { 4, { 0, 32, 32, 3 } },
    { 3, { 32, 32, 3 } },    { 2, { 1, 3072 } },
  };
  g_autoptr (RnModel) model = build_model ("resnet18", RN_NAMES_KERAS3, 10, 32);
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = bind (model, weights);
  g_autoptr (RnSession) session = new_session (binding, 1);

  g_test_summary ("An input of another shape is refused with a line that says what is wanted.");
  for (int i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (RnTensor) input = rn_tensor_new (bad[i].rank, bad[i].dims, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (rn_session_run (session, input, NULL, &error));
      g_assert_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, "(None, 32, 32, 3)"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (int i = 0; i < G_N_ELEMENTS (net_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/session/net/%s-%d-%d", net_cases[i].id,
                                               net_cases[i].input_size, net_cases[i].batch);

      g_test_add_data_func (path, &net_cases[i], test_net);
    }
  g_test_add_func ("/session/repeatable", test_repeatable);
  g_test_add_func ("/session/batch-changes", test_batch_changes);
  g_test_add_func ("/session/observer", test_observer);
  g_test_add_func ("/session/cancel", test_cancel);
  g_test_add_func ("/session/cancel-is-prompt", test_cancel_is_prompt);
  g_test_add_func ("/session/reading-while-running", test_reading_while_running);
  g_test_add_func ("/session/bad-input", test_bad_input);
  g_test_add_func ("/session/beside", test_beside);

  return g_test_run ();
}
