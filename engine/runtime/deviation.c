#include "engine/runtime/deviation.h"

#include <math.h>

#include "engine/runtime/session.h"

/* Whether a difference is more than rounding; not a number is. */
gboolean
rn_deviation_is_large (double difference, double scale)
{
  return !(difference <= RN_DEVIATION_TOLERANCE * scale);
}

/* The largest difference of two tensors of one shape, beside the largest number of the first; a
 * number on one side that is none on the other counts as infinite. */
static gboolean
measure (RnTensor *a, RnTensor *b, double *difference, double *scale, GError **error)
{
  g_autoptr (RnTensor) x = rn_tensor_to_f32 (a, error);
  g_autoptr (RnTensor) y = x != NULL ? rn_tensor_to_f32 (b, error) : NULL;
  gint64 n;

  if (y == NULL)
    return FALSE;

  *difference = *scale = 0;
  n = rn_tensor_get_n_elements (x);
  for (gint64 i = 0; i < n; i++)
    {
      float p = rn_tensor_f32 (x)[i], q = rn_tensor_f32 (y)[i];
      double gap = p == q || (isnan (p) && isnan (q)) ? 0 : fabs ((double)p - q);

      *difference = MAX (*difference, isnan (gap) ? INFINITY : gap);
      *scale = isfinite (p) ? MAX (*scale, fabs (p)) : *scale;
    }

  return TRUE;
}

static gboolean
have_same_shape (const RnTensor *a, const RnTensor *b)
{
  if (a->rank != b->rank)
    return FALSE;
  for (int i = 0; i < a->rank; i++)
    if (a->dims[i] != b->dims[i])
      return FALSE;

  return TRUE;
}

/* The weights of one pair, tensor by tensor; what only one side has (a bias) is a matter of
 * structure. */
static gboolean
measure_weights (RnDeviation *self, RnBinding *a, RnBinding *b, RnLayerPair pair, GError **error)
{
  const RnLayer *from = rn_model_get_layer (rn_binding_get_model (a), pair.a);
  const RnLayer *to = rn_model_get_layer (rn_binding_get_model (b), pair.b);
  double worst = -1;

  for (int i = 0; i < from->n_weights; i++)
    for (int k = 0; k < to->n_weights; k++)
      {
        RnTensor *x = rn_binding_get_tensor (a, pair.a, i);
        RnTensor *y = rn_binding_get_tensor (b, pair.b, k);
        double difference, scale, share;

        if (!g_str_equal (from->weights[i].name, to->weights[k].name) || !have_same_shape (x, y))
          continue;
        if (!measure (x, y, &difference, &scale, error))
          return FALSE;
        share = difference > 0 ? difference / scale : 0;
        self->has_weights = TRUE;
        if (share > worst)
          {
            worst = share;
            self->weights = difference;
            self->weights_scale = scale;
          }
      }

  return TRUE;
}

static gboolean
measure_activations (
    RnDeviation *self, RnSession *a, RnSession *b, RnLayerPair pair, GError **error)
{
  g_autoptr (RnTensor) x = rn_session_get_activation (a, pair.a, error);
  g_autoptr (RnTensor) y = x != NULL ? rn_session_get_activation (b, pair.b, error) : NULL;

  if (y == NULL)
    return FALSE;
  if (!have_same_shape (x, y))
    return TRUE;
  self->has_activations = TRUE;

  return measure (x, y, &self->activations, &self->activations_scale, error);
}

static RnSession *
run (RnBinding *binding, RnTensor *input, int n_threads, GCancellable *cancellable, GError **error)
{
  const RnSessionOptions options = { n_threads, RN_KEEP_STEPS };
  g_autoptr (RnSession) session = rn_session_new (binding, &options, error);

  if (session == NULL || !rn_session_run (session, input, cancellable, error))
    return NULL;

  return g_steal_pointer (&session);
}

static gboolean
measure_pair (RnDeviations *self,
              const RnComparison *comparison,
              RnSession *a,
              RnSession *b,
              int i,
              GError **error)
{
  int n;
  RnLayerPair pair = rn_comparison_get_pairs (comparison, &n)[i];
  RnDeviation *deviation = &self->pairs[i];

  if (rn_comparison_has_weights (comparison, i) &&
      !measure_weights (deviation, rn_session_get_binding (a), rn_session_get_binding (b), pair,
                        error))
    return FALSE;
  if (rn_comparison_has_activations (comparison, i) &&
      !measure_activations (deviation, a, b, pair, error))
    return FALSE;

  self->n_weights += deviation->has_weights;
  self->n_activations += deviation->has_activations;
  if (deviation->has_weights && self->first_weights < 0 &&
      rn_deviation_is_large (deviation->weights, deviation->weights_scale))
    self->first_weights = i;
  if (deviation->has_activations && self->first_activations < 0 &&
      rn_deviation_is_large (deviation->activations, deviation->activations_scale))
    self->first_activations = i;

  return TRUE;
}

/**
 * rn_deviations_new:
 * @comparison: of the models of both bindings
 * @a, @b: both networks with weights, runnable
 * @input_a, @input_b: one picture as each takes it, float32 [1, H, W, C]
 * @n_threads: 0 for as many as the process may use
 *
 * Runs both, one after the other, and compares weights and what each pair of layers puts out.
 *
 * Returns: (transfer full) (nullable): the differences, or %NULL with an error of the session's
 */
RnDeviations *
rn_deviations_new (const RnComparison *comparison,
                   RnBinding *a,
                   RnBinding *b,
                   RnTensor *input_a,
                   RnTensor *input_b,
                   int n_threads,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (RnDeviations) self = NULL;
  g_autoptr (RnSession) session_a = NULL;
  g_autoptr (RnSession) session_b = NULL;
  int n;

  g_return_val_if_fail (comparison != NULL && a != NULL && b != NULL, NULL);

  session_a = run (a, input_a, n_threads, cancellable, error);
  session_b = session_a != NULL ? run (b, input_b, n_threads, cancellable, error) : NULL;
  if (session_b == NULL)
    return NULL;

  rn_comparison_get_pairs (comparison, &n);
  self = g_new0 (RnDeviations, 1);
  self->n_pairs = n;
  self->pairs = g_new0 (RnDeviation, n);
  self->first_weights = self->first_activations = -1;
  for (int i = 0; i < n; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !measure_pair (self, comparison, session_a, session_b, i, error))
      return NULL;

  return g_steal_pointer (&self);
}

void
rn_deviations_free (RnDeviations *self)
{
  if (self == NULL)
    return;

  g_free (self->pairs);
  g_free (self);
}
