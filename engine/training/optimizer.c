#include "engine/training/optimizer.h"

#include <math.h>

#include "engine/tensor/memory.h"

#define BLOCK 16384 /* parameters a unit of work */

/* What a step does to a parameter. */
enum
{
  FIXED,   /* running statistics, and layers that are not trained */
  FREE,    /* biases, gamma and beta: no weight decay */
  DECAYED, /* kernels */
};

static void
assign_roles (RnOptimizer *self, const RnParameters *parameters, int first_layer)
{
  for (int l = first_layer; l < rn_model_get_n_layers (parameters->model); l++)
    {
      const RnLayer *layer = rn_model_get_layer (parameters->model, l);

      for (int i = 0; i < layer->n_weights; i++)
        {
          const RnWeightSpec *spec = &layer->weights[i];
          gint64 first = parameters->offsets[l][i], n = rn_weight_spec_get_n_elements (spec);

          for (gint64 k = first; spec->trainable && k < first + n; k++)
            self->roles[k] = spec->rank > 1 ? DECAYED : FREE;
        }
    }
}

/**
 * rn_optimizer_new:
 * @first_layer: index of the first layer that is trained
 * @error: set where there is no memory
 *
 * Returns: (transfer full) (nullable): its moments are zero
 */
RnOptimizer *
rn_optimizer_new (const RnOptimizerConfig *config,
                  const RnParameters *parameters,
                  int first_layer,
                  GError **error)
{
  g_autoptr (RnOptimizer) self = g_new0 (RnOptimizer, 1);

  self->config = *config;
  self->n = parameters->n;
  self->n_moments = config->kind == RN_OPTIMIZER_ADAM ? 2 : 1;
  self->moments = rn_memory_alloc0 (MAX (self->n * self->n_moments, 1) * sizeof (float), error);
  self->roles = self->moments != NULL ? rn_memory_alloc0 (MAX (self->n, 1), error) : NULL;
  if (self->roles == NULL)
    return NULL;
  assign_roles (self, parameters, first_layer);

  return g_steal_pointer (&self);
}

void
rn_optimizer_free (RnOptimizer *self)
{
  if (self == NULL)
    return;

  rn_memory_free (self->moments);
  rn_memory_free (self->roles);
  g_free (self);
}

typedef struct
{
  RnOptimizer *self;
  RnParameters *parameters;
  double rate, decay;
} Step;

static void
step_sgd (const Step *step, gint64 first, gint64 end)
{
  const RnOptimizerConfig *config = &step->self->config;
  float *moments = step->self->moments, *values = step->parameters->values;
  float momentum = config->momentum, rate = step->rate, decay = step->decay;

  for (gint64 i = first; i < end; i++)
    {
      guint8 role = step->self->roles[i];
      float g = step->parameters->gradient[i] + (role == DECAYED ? decay * values[i] : 0);

      if (role == FIXED)
        continue;
      moments[i] = momentum * moments[i] + g;
      values[i] -= rate * (config->nesterov ? g + momentum * moments[i] : moments[i]);
    }
}

static void
step_adam (const Step *step, gint64 first, gint64 end)
{
  const RnOptimizerConfig *config = &step->self->config;
  float *means = step->self->moments, *squares = means + step->self->n;
  float *values = step->parameters->values;
  double n = step->self->n_steps;
  double rate = step->rate * sqrt (1 - pow (config->beta_2, n)) / (1 - pow (config->beta_1, n));
  double epsilon = config->epsilon * sqrt (1 - pow (config->beta_2, n));

  for (gint64 i = first; i < end; i++)
    {
      guint8 role = step->self->roles[i];
      double g = step->parameters->gradient[i] + (role == DECAYED ? step->decay * values[i] : 0);

      if (role == FIXED)
        continue;
      means[i] = config->beta_1 * means[i] + (1 - config->beta_1) * g;
      squares[i] = config->beta_2 * squares[i] + (1 - config->beta_2) * g * g;
      values[i] -= rate * means[i] / (sqrt (squares[i]) + epsilon);
    }
}

static void
step_block (int chunk, int thread, gpointer data)
{
  const Step *step = data;
  gint64 first = (gint64) chunk * BLOCK, end = MIN (first + BLOCK, step->self->n);

  (step->self->config.kind == RN_OPTIMIZER_ADAM ? step_adam : step_sgd) (step, first, end);
}

/**
 * rn_optimizer_step:
 * @parameters: whose gradient is applied to its values
 * @rate: learning rate
 * @weight_decay: times a kernel's weight is added to its gradient
 */
void
rn_optimizer_step (RnOptimizer *self,
                   RnParameters *parameters,
                   double rate,
                   double weight_decay,
                   RnPool *pool)
{
  Step step = { self, parameters, rate, weight_decay };

  self->n_steps++;
  rn_pool_run (pool, (int) ((self->n + BLOCK - 1) / BLOCK), step_block, &step);
}
