/* Gradients that PyTorch computed: tests/golden/training/make_gradients.py says of what. */
#include <math.h>
#include <string.h>

#include "engine/formats/npy.h"
#include "engine/model/model-builder.h"
#include "engine/training/tape.h"

#define BATCH 4

static const char *const layers[] = { "conv_a", "conv_b", "norm", "deep",
                                      "conv_c", "apart",  "gate", "last" };

/* The numbers of the file, one after another. */
typedef struct
{
  RnTensor *tensor;
  gint64 place;
} Numbers;

static const float *
take (Numbers *self, gint64 n)
{
  const float *numbers = rn_tensor_f32 (self->tensor) + self->place;

  self->place += n;
  g_assert_cmpint (self->place, <=, rn_tensor_get_n_elements (self->tensor));

  return numbers;
}

static RnConvConfig
conv (int filters, int kernel, int stride, int dilation, int groups, gboolean bias)
{
  return (RnConvConfig) { .filters = filters,
                          .kernel = { kernel, kernel },
                          .stride = { stride, stride },
                          .dilation = { dilation, dilation },
                          .groups = groups,
                          .depth_multiplier = 1,
                          .padding = RN_PADDING_SAME,
                          .use_bias = bias };
}

static void
add_head (RnModelBuilder *b)
{
  RnLayerConfig config = { .conv = conv (16, 3, 1, 1, 1, TRUE) };

  config.conv.depth_multiplier = 2;
  rn_model_builder_chain (b, RN_LAYER_SEPARABLE_CONV, "apart", &config, "joined");
  config = (RnLayerConfig) { .activation = { RN_ACTIVATION_SWISH, INFINITY } };
  rn_model_builder_chain (b, RN_LAYER_ACTIVATION, "swish", &config, "apart");
  rn_model_builder_chain (b, RN_LAYER_GLOBAL_AVERAGE_POOL, "mean", NULL, "swish");
  config = (RnLayerConfig) { .dense = { 16, TRUE, RN_ACTIVATION_SIGMOID } };
  rn_model_builder_chain (b, RN_LAYER_DENSE, "gate", &config, "mean");
  config = (RnLayerConfig) { .reshape = rn_shape_image (1, 1, 16) };
  rn_model_builder_chain (b, RN_LAYER_RESHAPE, "wide", &config, "gate");
  rn_model_builder_merge (b, RN_LAYER_MULTIPLY, "gated", "swish", "wide");
  rn_model_builder_chain (b, RN_LAYER_GLOBAL_MAX_POOL, "largest", NULL, "gated");
  config = (RnLayerConfig) { .dense = { 5, TRUE, RN_ACTIVATION_SOFTMAX } };
  rn_model_builder_chain (b, RN_LAYER_DENSE, "last", &config, "largest");
}

static RnModel *
build (void)
{
  g_autoptr (RnModelBuilder) b = rn_model_builder_new ("golden", "Golden");
  RnLayerConfig config = { .input = rn_shape_image (12, 12, 3) };
  RnPoolConfig pool = { .pool = { 2, 2 }, .stride = { 2, 2 }, .padding = RN_PADDING_VALID };
  g_autoptr (GError) error = NULL;
  RnModel *model;

  rn_model_builder_chain (b, RN_LAYER_INPUT, "input", &config, NULL);
  config = (RnLayerConfig) { .conv = conv (16, 3, 2, 1, 1, TRUE) };
  config.conv.activation = RN_ACTIVATION_RELU;
  rn_model_builder_chain (b, RN_LAYER_CONV, "conv_a", &config, "input");
  config = (RnLayerConfig) { .zero_padding = { 1, 1, 1, 1 } };
  rn_model_builder_chain (b, RN_LAYER_ZERO_PADDING, "pad", &config, "conv_a");
  config = (RnLayerConfig) { .conv = conv (16, 3, 1, 1, 2, FALSE) };
  config.conv.padding = RN_PADDING_VALID;
  rn_model_builder_chain (b, RN_LAYER_CONV, "conv_b", &config, "pad");
  config = (RnLayerConfig) { .batch_norm = { 1e-3f, 0.9f, TRUE, TRUE } };
  rn_model_builder_chain (b, RN_LAYER_BATCH_NORM, "norm", &config, "conv_b");
  config = (RnLayerConfig) { .activation = { RN_ACTIVATION_RELU, INFINITY } };
  rn_model_builder_chain (b, RN_LAYER_RELU, "relu", &config, "norm");
  config = (RnLayerConfig) { .conv = conv (0, 3, 1, 1, 1, TRUE) };
  rn_model_builder_chain (b, RN_LAYER_DEPTHWISE_CONV, "deep", &config, "relu");
  rn_model_builder_merge (b, RN_LAYER_ADD, "sum", "conv_a", "deep");
  config = (RnLayerConfig) { .conv = conv (8, 3, 1, 2, 1, TRUE) };
  config.conv.activation = RN_ACTIVATION_TANH;
  rn_model_builder_chain (b, RN_LAYER_CONV, "conv_c", &config, "sum");
  config = (RnLayerConfig) { .pool = pool };
  rn_model_builder_chain (b, RN_LAYER_MAX_POOL, "max", &config, "sum");
  rn_model_builder_chain (b, RN_LAYER_AVERAGE_POOL, "average", &config, "conv_c");
  rn_model_builder_merge (b, RN_LAYER_CONCATENATE, "joined", "max", "average");
  add_head (b);
  model = rn_model_builder_build (b, &error);
  g_assert_no_error (error);

  return model;
}

static void
compare (const char *layer, const char *weight, const float *expected, const float *got, gint64 n)
{
  double largest = 1e-3;

  for (gint64 k = 0; k < n; k++)
    largest = MAX (largest, fabs (expected[k]));
  for (gint64 k = 0; k < n; k++)
    {
      if (fabs (expected[k] - got[k]) > 2e-5 * largest)
        g_test_message ("%s %s [%d]: %g, not %g", layer, weight, (int) k, got[k], expected[k]);
      g_assert_cmpfloat_with_epsilon (expected[k], got[k], 2e-5 * largest);
    }
}

static void
test_golden (gconstpointer data)
{
  RnIsa isa = GPOINTER_TO_INT (data);
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "golden", "training", "gradients.npy", NULL);
  g_autoptr (GError) error = NULL;
  Numbers numbers = { rn_npy_read (path, &error) };
  g_autoptr (RnModel) model = build ();
  g_autoptr (RnWeights) random = rn_weights_new_random (model, 1, NULL);
  g_autoptr (RnBinding) binding = rn_binding_new (model, random, NULL);
  g_autoptr (RnPool) pool = rn_pool_new (2);
  g_autoptr (RnParameters) parameters = rn_parameters_new (binding, NULL);
  g_autoptr (RnTape) tape = NULL;
  RnTapeOptions options = { .batch = BATCH, .training = TRUE, .kernels = NULL };
  const float *pictures, *gradients[G_N_ELEMENTS (layers)][RN_LAYER_MAX_WEIGHTS] = { { NULL } };
  const int classes[BATCH] = { 1, 4, 2, 0 };
  const gint64 n_floats = 432; /* a picture's: 12 x 12 x 3 */
  double loss;

  g_test_summary ("Every kind of layer has the gradient that PyTorch gives it");

  g_assert_no_error (error);
  options.kernels = isa != RN_ISA_REFERENCE ? rn_kernels_get (isa) : NULL;
  pictures = take (&numbers, BATCH * n_floats);
  loss = *take (&numbers, 1);
  for (guint l = 0; l < G_N_ELEMENTS (layers); l++)
    {
      const RnLayer *layer = rn_model_find_layer (model, layers[l], NULL);

      for (int i = 0; i < layer->n_weights; i++)
        {
          gint64 n = rn_weight_spec_get_n_elements (&layer->weights[i]);

          memcpy (parameters->values + parameters->offsets[layer->index][i], take (&numbers, n),
                  n * sizeof (float));
        }
      for (int i = 0; i < layer->n_weights; i++)
        if (layer->weights[i].trainable)
          gradients[l][i] = take (&numbers, rn_weight_spec_get_n_elements (&layer->weights[i]));
    }
  tape = rn_tape_new (binding, parameters, pool, &options, &error);
  g_assert_no_error (error);
  for (int i = 0; i < BATCH; i++)
    {
      memcpy (rn_tape_get_input (tape) + i * rn_tape_get_input_stride (tape),
              pictures + i * n_floats, n_floats * sizeof (float));
      rn_tape_get_classes (tape)[i] = classes[i];
    }
  g_assert_cmpfloat_with_epsilon (rn_tape_forward (tape, 0.1, 0, NULL), loss, 1e-5);
  rn_tape_backward (tape, FALSE);
  rn_tape_update_statistics (tape);
  for (guint l = 0; l < G_N_ELEMENTS (layers); l++)
    for (int i = 0; i < RN_LAYER_MAX_WEIGHTS; i++)
      if (gradients[l][i] != NULL)
        {
          const RnLayer *layer = rn_model_find_layer (model, layers[l], NULL);

          compare (layers[l], layer->weights[i].name, gradients[l][i],
                   parameters->gradient + parameters->offsets[layer->index][i],
                   rn_weight_spec_get_n_elements (&layer->weights[i]));
        }
  for (int i = 0; i < 2; i++)
    {
      const char *name = i == 0 ? "moving_mean" : "moving_variance";
      int norm = rn_model_find_layer (model, "norm", NULL)->index;

      compare ("norm", name, take (&numbers, 16),
               parameters->values + rn_parameters_find (parameters, norm, name), 16);
    }
  rn_tensor_unref (numbers.tensor);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (int isa = RN_ISA_REFERENCE; isa < RN_N_ISAS; isa++)
    if (rn_isa_is_available (isa))
      {
        g_autofree char *name = g_strdup_printf ("/training/golden/%s", rn_isa_get_name (isa));

        g_test_add_data_func (name, GINT_TO_POINTER (isa), test_golden);
      }

  return g_test_run ();
}
