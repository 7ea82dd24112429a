#include "engine/tensor/weights.h"

#include <math.h>

#include "engine/tensor/random.h"

/* What a weight of this name starts as where it is a constant. */
static gboolean
get_constant (const char *name, float *value)
{
  if (g_str_equal (name, "gamma") || g_str_equal (name, "moving_variance"))
    *value = 1.0f;
  else if (g_str_equal (name, "bias") || g_str_equal (name, "beta") ||
           g_str_equal (name, "moving_mean"))
    *value = 0.0f;
  else
    return FALSE;

  return TRUE;
}

/* How many products are summed for one output: of a depthwise kernel [h, w, in, multiplier] only
 * its window, otherwise everything but the last dimension. */
static double
get_fan_in (const RnWeightSpec *spec)
{
  double fan_in = 1;
  gboolean depthwise = g_str_equal (spec->name, "depthwise_kernel");

  for (int i = 0; i < (depthwise ? 2 : spec->rank - 1); i++)
    fan_in *= spec->dims[i];

  return MAX (fan_in, 1);
}

static RnTensor *
new_random_tensor (const RnWeightSpec *spec, RnRandom *random, GError **error)
{
  gint64 dims[RN_TENSOR_MAX_RANK];
  RnTensor *tensor;
  float constant;
  gint64 n;

  for (int i = 0; i < spec->rank; i++)
    dims[i] = spec->dims[i];
  tensor = rn_tensor_new (spec->rank, dims, error);
  if (tensor == NULL)
    return NULL;

  n = rn_tensor_get_n_elements (tensor);
  if (get_constant (spec->name, &constant))
    {
      for (gint64 i = 0; i < n; i++)
        rn_tensor_f32 (tensor)[i] = constant;
    }
  else
    rn_random_fill_normal (random, rn_tensor_f32 (tensor), n, sqrt (2 / get_fan_in (spec)));

  return tensor;
}

/**
 * rn_weights_new_random:
 * @model: the network
 * @seed: the same seed gives the same numbers on every platform
 * @error: set where there is no memory
 *
 * Kernels are normal with variance 2 / fan-in (He et al., "Delving deep into rectifiers", ICCV
 * 2015, eq. 10), biases and beta 0, gamma 1, running mean 0 and variance 1.
 *
 * Returns: (transfer full) (nullable): weights whose info says that they are not trained
 */
RnWeights *
rn_weights_new_random (const RnModel *model, guint32 seed, GError **error)
{
  g_autoptr (RnWeights) self = NULL;
  guint64 stream = 0;

  g_return_val_if_fail (model != NULL, NULL);

  self = rn_weights_new ();
  rn_weights_get_info (self)->name = g_strdup ("untrained (random weights)");
  rn_weights_get_info (self)->trained = FALSE;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      for (int j = 0; j < layer->n_weights; j++)
        {
          g_autoptr (RnTensor) tensor = NULL;
          RnRandom random;

          rn_random_init (&random, seed, stream++);
          tensor = new_random_tensor (&layer->weights[j], &random, error);
          if (tensor == NULL ||
              !rn_weights_add (self, layer->name, layer->weights[j].name, tensor, error))
            return NULL;
        }
    }

  return g_steal_pointer (&self);
}
