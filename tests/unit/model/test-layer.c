#include "engine/model/layer.h"

#include <math.h>
#include <string.h>

/* Configurations that differ from each other in one field. */
static const struct
{
  RnLayerKind kind;
  RnLayerConfig config;
} cases[] = {
  { RN_LAYER_INPUT, { .input = { 3, { 8, 9, 3 } } } },
  { RN_LAYER_INPUT, { .input = { 3, { 8, 8, 3 } } } },
  { RN_LAYER_ZERO_PADDING, { .zero_padding = { 1, 2, 3, 4 } } },
  { RN_LAYER_ZERO_PADDING, { .zero_padding = { 1, 2, 3, 5 } } },
  { RN_LAYER_CONV, { .conv = { .filters = 8, .kernel = { 3, 3 } } } },
  { RN_LAYER_CONV, { .conv = { .filters = 8, .kernel = { 3, 3 }, .use_bias = TRUE } } },
  { RN_LAYER_CONV, { .conv = { .filters = 8, .kernel = { 3, 3 }, .dilation = { 2, 1 } } } },
  { RN_LAYER_BATCH_NORM, { .batch_norm = { 1e-3f, 0.9f, TRUE, TRUE } } },
  { RN_LAYER_BATCH_NORM, { .batch_norm = { 1e-5f, 0.9f, TRUE, TRUE } } },
  { RN_LAYER_BATCH_NORM, { .batch_norm = { 1e-3f, 0.8f, TRUE, TRUE } } },
  { RN_LAYER_BATCH_NORM, { .batch_norm = { 1e-3f, 0.9f, FALSE, TRUE } } },
  { RN_LAYER_BATCH_NORM, { .batch_norm = { 1e-3f, 0.9f, TRUE, FALSE } } },
  { RN_LAYER_RELU, { .activation = { RN_ACTIVATION_RELU, INFINITY } } },
  { RN_LAYER_RELU, { .activation = { RN_ACTIVATION_RELU, 6 } } },
  { RN_LAYER_RELU, { .activation = { RN_ACTIVATION_TANH, INFINITY } } },
  { RN_LAYER_AVERAGE_POOL, { .pool = { .pool = { 2, 2 } } } },
  { RN_LAYER_AVERAGE_POOL, { .pool = { .pool = { 2, 2 }, .count_padding = TRUE } } },
  { RN_LAYER_DROPOUT, { .dropout_rate = 0.5f } },
  { RN_LAYER_DROPOUT, { .dropout_rate = 0.25f } },
  { RN_LAYER_DENSE, { .dense = { 10, TRUE, RN_ACTIVATION_LINEAR } } },
  { RN_LAYER_DENSE, { .dense = { 10, TRUE, RN_ACTIVATION_SOFTMAX } } },
  { RN_LAYER_SHORTCUT_PADDING, { .shortcut_padding = { 2, 0, 8 } } },
  { RN_LAYER_SHORTCUT_PADDING, { .shortcut_padding = { 2, 8, 8 } } },
};

static void
test_config_equal (void)
{
  RnLayerConfig a, b;

  g_test_summary ("Configurations of a kind are equal if and only if all of their fields are");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < G_N_ELEMENTS (cases); j++)
      if (cases[i].kind == cases[j].kind)
        g_assert_cmpint (
            rn_layer_config_equal (cases[i].kind, &cases[i].config, &cases[j].config), ==, i == j);

  /* What no field of the kind covers does not count. */
  memset (&a, 0, sizeof a);
  memset (&b, 0xff, sizeof b);
  g_assert_true (rn_layer_config_equal (RN_LAYER_ADD, &a, &b));
  a.dropout_rate = b.dropout_rate = 0.5f;
  g_assert_true (rn_layer_config_equal (RN_LAYER_DROPOUT, &a, &b));
  a.activation.function = b.activation.function = RN_ACTIVATION_RELU;
  a.activation.max_value = b.activation.max_value = INFINITY;
  g_assert_true (rn_layer_config_equal (RN_LAYER_RELU, &a, &b));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/layer/config-equal", test_config_equal);

  return g_test_run ();
}
