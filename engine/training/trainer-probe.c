/* Where the gradient goes while a network learns, and how much each block adds. */
#include <math.h>

#include "engine/training/trainer-private.h"

/* What the derivatives by a layer's weights amount to, squared. */
static double
get_weight_gradient (RnTrainer *self, int layer)
{
  const RnLayer *l = rn_model_get_layer (self->model, layer);
  double total = 0;

  for (int i = 0; i < l->n_weights; i++)
    {
      const float *gradient = self->parameters->gradient + self->parameters->offsets[layer][i];

      for (gint64 k = 0; k < rn_weight_spec_get_n_elements (&l->weights[i]); k++)
        total += (double) gradient[k] * gradient[k];
    }

  return total;
}

static void
add_probe (RnTrainer *self, int layer, int response_of, double weight_gradient)
{
  RnTrainerProbe probe = { layer, 0, sqrt (weight_gradient), 0 };

  if (rn_tape_get_gradient_norm (self->tape, layer, &probe.gradient_norm) &&
      rn_tape_get_deviation (self->tape, response_of, &probe.response))
    g_array_append_val (self->probes, probe);
}

static void
probe_block (RnTrainer *self, const RnBlock *block)
{
  double total = 0;
  int response = block->output;

  for (int i = 0; i < block->n_layers; i++)
    total += get_weight_gradient (self, block->layers[i]);
  for (int i = 0; i < block->n_branch; i++)
    if (rn_model_get_layer (self->model, block->branch[i])->kind == RN_LAYER_BATCH_NORM)
      response = block->branch[i];
  add_probe (self, block->output, response, total);
}

/* Without blocks: each ReLU with what leads to it. */
static void
probe_plain (RnTrainer *self)
{
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, i);
      double total = 0;
      int response = i;

      if (layer->kind != RN_LAYER_RELU &&
          (layer->kind != RN_LAYER_ACTIVATION ||
           layer->config.activation.function != RN_ACTIVATION_RELU))
        continue;
      for (const RnLayer *l = layer; l->n_inputs == 1;)
        {
          l = rn_model_get_layer (self->model, l->inputs[0]);
          total += get_weight_gradient (self, l->index);
          if (l->kind == RN_LAYER_BATCH_NORM && response == i)
            response = l->index;
          if (l->kind == RN_LAYER_CONV)
            break;
        }
      add_probe (self, i, response, total);
    }
}

/* Measures the last step: what RnTrainerProbe says. */
void
rn_trainer_probe (RnTrainer *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  g_array_set_size (self->probes, 0);
  for (int i = 0; i < structure->n_blocks; i++)
    probe_block (self, &structure->blocks[i]);
  if (structure->n_blocks == 0)
    probe_plain (self);
}
