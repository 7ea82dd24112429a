#include "ui/inspector/gradient-work.h"

#include <math.h>

#include "engine/training/gradients.h"

void
rn_layer_gradients_free (gpointer data)
{
  RnLayerGradients *self = data;

  g_free (self->norms);
  g_free (self);
}

void
rn_gradient_request_free (gpointer data)
{
  RnGradientRequest *request = data;

  rn_network_unref (request->network);
  rn_run_unref (request->run);
  g_free (request);
}

/* Edits leave names alone, though not numbers. */
static RnLayerGradients *
take (const RnGradients *gradients, const RnModel *edited, const RnModel *shown, int class_index)
{
  RnLayerGradients *self = g_new0 (RnLayerGradients, 1);

  self->loss = gradients->loss;
  self->class_index = class_index;
  self->n_layers = rn_model_get_n_layers (shown);
  self->norms = g_new (double, self->n_layers);
  for (int i = 0; i < self->n_layers; i++)
    {
      const RnLayer *layer = rn_model_find_layer (edited, rn_model_get_layer (shown, i)->name, NULL);

      self->norms[i] = layer != NULL ? gradients->gradient_norm[layer->index] : NAN;
    }

  return self;
}

/* An #RnWorkFunc: the #RnLayerGradients of an #RnGradientRequest. */
gpointer
rn_gradient_work (gpointer data, GCancellable *cancellable, GError **error)
{
  const RnGradientRequest *request = data;
  g_autoptr (RnBinding) binding
      = rn_network_get_run_binding (request->network, request->run, error);
  g_autoptr (RnTensor) input = NULL;
  g_autoptr (RnGradients) gradients = NULL;

  if (binding == NULL)
    return NULL;
  input = rn_network_make_input (request->network, request->run->picture, error);
  if (input == NULL)
    return NULL;
  gradients = rn_gradients_new (binding, input, request->class_index, RN_GRADIENTS_NORMS, 0,
                                cancellable, error);

  return gradients != NULL ? take (gradients, rn_binding_get_model (binding), request->run->model,
                                   request->class_index)
                           : NULL;
}
