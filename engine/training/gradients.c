#include "engine/training/gradients.h"

#include <math.h>
#include <string.h>

#include "engine/training/tape.h"

static double
get_weight_norm (const RnParameters *parameters, const RnLayer *layer)
{
  double total = 0;

  if (layer->n_weights == 0)
    return NAN;
  for (int i = 0; i < layer->n_weights; i++)
    {
      const float *gradient = parameters->gradient + parameters->offsets[layer->index][i];

      for (gint64 k = 0; k < rn_weight_spec_get_n_elements (&layer->weights[i]); k++)
        total += (double) gradient[k] * gradient[k];
    }

  return sqrt (total);
}

static void
take_norms (RnGradients *self, RnTape *tape, const RnParameters *parameters)
{
  for (int i = 0; i < self->n_layers; i++)
    {
      if (!rn_tape_get_gradient_norm (tape, i, &self->gradient_norm[i]))
        self->gradient_norm[i] = NAN;
      self->weight_gradient_norm[i] =
          get_weight_norm (parameters, rn_model_get_layer (parameters->model, i));
    }
}

/* The norm at the input is not of any operation's output, hence not among those measured. */
static double
get_norm (const float *values, gint64 n)
{
  double total = 0;

  for (gint64 i = 0; i < n; i++)
    total += (double) values[i] * values[i];

  return sqrt (total);
}

static void
take_saliency (RnGradients *self, const float *gradient)
{
  gint64 n_pixels = (gint64) self->height * self->width;

  self->score_gradient = g_memdup2 (gradient, n_pixels * self->channels * sizeof (float));
  self->saliency = g_new0 (float, n_pixels);
  for (gint64 i = 0; i < n_pixels * self->channels; i++)
    self->saliency[i / self->channels] =
        MAX (self->saliency[i / self->channels], fabsf (gradient[i]));
}

static gboolean
check (RnModel *model, const RnTensor *input, int class, GError **error)
{
  const RnShape *in = &rn_model_get_input (model)->output_shape;
  int n_classes = rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape);
  gint64 n = rn_tensor_get_n_elements (input);

  if (class < 0 || class >= n_classes)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s knows no class %d; 0 to %d would be right", rn_model_get_name (model), class,
                 n_classes - 1);
  else if (in->rank != 3 || input->dtype != RN_DTYPE_F32 || n != rn_shape_get_n_elements (in))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "the input has %" G_GINT64_FORMAT
                 " numbers, %s takes one picture of %" G_GINT64_FORMAT,
                 n, rn_model_get_name (model), rn_shape_get_n_elements (in));
  else
    return TRUE;

  return FALSE;
}

/* Goes back from the loss. */
static void
find_norms (RnGradients *self, RnTape *tape, const RnParameters *parameters)
{
  const RnLayer *input = rn_model_get_input (parameters->model);

  self->gradient_norm = g_new0 (double, self->n_layers);
  self->weight_gradient_norm = g_new0 (double, self->n_layers);
  rn_tape_backward (tape, TRUE);
  take_norms (self, tape, parameters);
  self->gradient_norm[input->index] = get_norm (rn_tape_get_input_gradient (tape),
                                                rn_shape_get_n_elements (&input->output_shape));
}

static RnTape *
new_tape (RnBinding *binding,
          RnParameters *parameters,
          RnPool *pool,
          GCancellable *cancellable,
          GError **error)
{
  RnTapeOptions options = {
    .batch = 1, .input_gradient = TRUE, .every_layer = TRUE, .cancellable = cancellable
  };
  RnIsa isa;

  if (!rn_isa_choose (&isa, error))
    return NULL;
  options.kernels = rn_kernels_get (isa);

  return rn_tape_new (binding, parameters, pool, &options, error);
}

/**
 * rn_gradients_new:
 * @binding: the network, ending in softmax
 * @input: float32 [1, height, width, channels]: one picture as the network's input
 * @class: which one is asked about
 * @parts: what is asked for
 * @n_threads: 0 for as many as the process may use
 * @cancellable: (nullable): looked at before each layer
 * @error: set to %G_IO_ERROR_INVALID_ARGUMENT, %G_IO_ERROR_CANCELLED, %RN_TAPE_ERROR or
 *   %RN_MEMORY_ERROR
 *
 * Runs the network as a prediction does (batch norm by its running statistics), layer by layer, and
 * goes back: once from the loss, once from the class's score.
 *
 * Returns: (transfer full) (nullable): the derivatives
 */
RnGradients *
rn_gradients_new (RnBinding *binding,
                  RnTensor *input,
                  int class,
                  RnGradientsParts parts,
                  int n_threads,
                  GCancellable *cancellable,
                  GError **error)
{
  RnModel *model = rn_binding_get_model (binding);
  const RnShape *shape = &rn_model_get_input (model)->output_shape;
  g_autoptr (RnGradients) self = NULL;
  g_autoptr (RnPool) pool = NULL;
  g_autoptr (RnParameters) parameters = NULL;
  g_autoptr (RnTape) tape = NULL;

  g_return_val_if_fail (binding != NULL && input != NULL, NULL);

  if (!check (model, input, class, error))
    return NULL;
  pool = rn_pool_new (n_threads);
  parameters = rn_parameters_new (binding, error);
  tape = parameters != NULL ? new_tape (binding, parameters, pool, cancellable, error) : NULL;
  if (tape == NULL)
    return NULL;
  self = g_new0 (RnGradients, 1);
  self->n_layers = rn_model_get_n_layers (model);
  self->height = shape->dims[0];
  self->width = shape->dims[1];
  self->channels = shape->dims[2];
  memcpy (rn_tape_get_input (tape), rn_tensor_f32 (input), rn_tensor_get_n_bytes (input));
  rn_tape_get_classes (tape)[0] = class;
  self->loss = rn_tape_forward (tape, 0, 0, NULL);
  if (parts & RN_GRADIENTS_NORMS)
    find_norms (self, tape, parameters);
  if (parts & RN_GRADIENTS_SALIENCY)
    {
      rn_tape_backward_score (tape, class, FALSE);
      take_saliency (self, rn_tape_get_input_gradient (tape));
    }

  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL : g_steal_pointer (&self);
}

void
rn_gradients_free (RnGradients *self)
{
  if (self == NULL)
    return;

  g_free (self->gradient_norm);
  g_free (self->weight_gradient_norm);
  g_free (self->score_gradient);
  g_free (self->saliency);
  g_free (self);
}
