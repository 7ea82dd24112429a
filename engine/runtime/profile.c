#include "engine/runtime/profile.h"

#include "engine/model/costs.h"

#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

static gint64
get_peak_rss (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return usage.ru_maxrss * G_GINT64_CONSTANT (1024); /* Linux counts in KiB */
}

/* Some smooth picture: what is in it makes no difference to the time. */
static RnTensor *
make_input (const RnModel *model, int batch, GError **error)
{
  const RnShape *shape = &rn_model_get_input (model)->output_shape;
  gint64 dims[RN_TENSOR_MAX_RANK] = { batch };
  RnTensor *input;

  for (int i = 0; i < shape->rank; i++)
    dims[i + 1] = shape->dims[i];
  input = rn_tensor_new (shape->rank + 1, dims, error);
  if (input == NULL)
    return NULL;

  for (gint64 i = 0; i < rn_tensor_get_n_elements (input); i++)
    rn_tensor_f32 (input)[i] = sinf (i * 0.01f) + cosf (i * 0.0007f);

  return input;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_median (double *values, int n)
{
  qsort (values, n, sizeof *values, compare_doubles);

  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* 2 * @macs operations in @ms milliseconds, in 10⁹ a second. */
static double
get_gflops (gint64 macs, double ms)
{
  return ms > 0 ? 2e-6 * macs / ms : 0;
}

static void
note_run (RnProfile *self, RnSession *session, int run)
{
  for (int i = 0; i < self->n_layers; i++)
    {
      double ms = rn_session_get_layer_ms (session, i);

      self->layer_ms[i] = run == 0 ? ms : MIN (self->layer_ms[i], ms);
    }
}

static void
finish (RnProfile *self, const RnModel *model, double *run_ms)
{
  self->median_ms = get_median (run_ms, self->n_runs);
  self->min_ms = run_ms[0]; /* sorted by now */
  self->gflops = get_gflops (rn_model_get_n_macs (model) * self->batch, self->min_ms);
  for (int i = 0; i < self->n_layers; i++)
    self->layer_gflops[i]
      = get_gflops (rn_model_get_layer_macs (model, i) * self->batch, self->layer_ms[i]);
  self->peak_rss = get_peak_rss ();
}

/**
 * rn_profile_new:
 * @session: what to measure; its observer, if any, is measured with it
 * @batch: pictures a run, at least 1
 * @n_runs: how often, at least 1
 * @cancellable: (nullable): ends it early
 *
 * Returns: (transfer full) (nullable): the figures; %NULL where a run fails
 */
RnProfile *
rn_profile_new (RnSession *session, int batch, int n_runs, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnProfile) self = g_new0 (RnProfile, 1);
  RnModel *model = rn_session_get_model (session);
  g_autofree double *run_ms = NULL;
  g_autoptr (RnTensor) input = NULL;

  g_return_val_if_fail (batch >= 1 && n_runs >= 1, NULL);

  input = make_input (model, batch, error);
  if (input == NULL)
    return NULL;

  run_ms = g_new (double, n_runs);
  self->n_runs = n_runs;
  self->batch = batch;
  self->n_layers = rn_model_get_n_layers (model);
  self->layer_ms = g_new0 (double, self->n_layers);
  self->layer_gflops = g_new0 (double, self->n_layers);

  if (!rn_session_run (session, input, cancellable, error)) /* touches all memory */
    return NULL;
  for (int i = 0; i < n_runs; i++)
    {
      if (!rn_session_run (session, input, cancellable, error))
        return NULL;
      run_ms[i] = rn_session_get_run_ms (session);
      note_run (self, session, i);
    }
  finish (self, model, run_ms);
  self->peak_gflops = rn_session_measure_peak (session);

  return g_steal_pointer (&self);
}

void
rn_profile_free (RnProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->layer_ms);
  g_free (self->layer_gflops);
  g_free (self);
}
