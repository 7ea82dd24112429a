/* What can be asked of a tape after a run. */
#include <math.h>

#include "engine/training/tape-private.h"

/**
 * rn_tape_get_probabilities:
 *
 * Returns: (transfer none): of the last run: [batch, classes]
 */
const float *
rn_tape_get_probabilities (RnTape *self)
{
  return self->probabilities;
}

/**
 * rn_tape_get_input_gradient:
 *
 * Returns: (transfer none) (nullable): the derivative by the pictures, as rn_tape_get_input();
 *   %NULL where that was not wanted
 */
const float *
rn_tape_get_input_gradient (RnTape *self)
{
  return rn_tape_value (self, self->value_of[rn_model_get_input (self->model)->index])->gradient;
}

/**
 * rn_tape_get_gradient_norm:
 * @norm: (out): L2 norm, over the batch, of the derivative by the layer's output
 *
 * Returns: whether it was measured: a layer that is fused to another has none of its own
 */
gboolean
rn_tape_get_gradient_norm (RnTape *self, int layer, double *norm)
{
  int value = self->value_of[layer];
  double total = 0;

  if (value < 0 || rn_tape_value (self, value)->slot < 0)
    return FALSE;
  for (int chunk = 0; chunk < self->n_chunks; chunk++)
    total += self->norms[chunk * self->values->len + value];
  *norm = sqrt (total);

  return TRUE;
}

/* The operation that computes a layer; of a batch norm also where it goes by another's name. */
static const RnTapeOp *
find_op (RnTape *self, int layer)
{
  for (guint i = 0; i < self->ops->len; i++)
    {
      const RnTapeOp *op = self->ops->pdata[i];

      if (op->layer->index == layer && op->state_free != NULL)
        return op;
    }

  return NULL;
}

/* Over all pictures; the zeros around a blocked map do not count. */
static double
get_value_deviation (RnTape *self, const RnTapeValue *value)
{
  double sum = 0, squares = 0;
  double n = (double) rn_shape_get_n_elements (&value->shape) * self->options.batch;

  for (gint64 i = 0; i < value->size * self->options.batch; i++)
    {
      sum += value->data[i];
      squares += (double) value->data[i] * value->data[i];
    }

  return sqrt (MAX (squares / n - sum / n * (sum / n), 0));
}

/**
 * rn_tape_get_deviation:
 * @layer: index of a layer
 * @deviation: (out): the standard deviation of what it put out in the last run; of a batch norm
 *   before what is fused to it
 *
 * Returns: whether it is known: a layer that is fused to another has no tensor of its own
 */
gboolean
rn_tape_get_deviation (RnTape *self, int layer, double *deviation)
{
  const RnTapeOp *op = find_op (self, layer);

  if (op != NULL && op->layer->kind == RN_LAYER_BATCH_NORM)
    {
      *deviation = rn_tape_norm_get_deviation (self, op);
      return TRUE;
    }
  if (self->value_of[layer] < 0)
    return FALSE;
  *deviation = get_value_deviation (self, rn_tape_value (self, self->value_of[layer]));

  return TRUE;
}

/**
 * rn_tape_find_not_finite:
 *
 * Returns: index of the first layer whose output in the last run is not all finite numbers; -1
 */
int
rn_tape_find_not_finite (RnTape *self)
{
  for (guint i = 0; i < self->ops->len; i++)
    {
      const RnTapeOp *op = self->ops->pdata[i];
      const RnTapeValue *value = rn_tape_value (self, op->output);

      for (gint64 k = 0; k < value->size * self->options.batch; k++)
        if (!isfinite (value->data[k]))
          return op->layer->index;
    }

  return -1;
}
