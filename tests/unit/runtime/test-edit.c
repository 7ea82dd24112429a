#include "engine/model/net.h"
#include "engine/runtime/edit.h"
#include "engine/runtime/session.h"

#include <math.h>

#define SIZE 16
#define CHANNELS 8
#define CLASSES 5
#define TOLERANCE 1e-6

/* What is different in a network that is built with the change from scratch. */
typedef enum
{
  PLAIN,
  SHORTCUT_CUT,    /* of block b */
  PROJECTION_CUT,  /* of block a */
  BLOCK_DROPPED,   /* b */
  STRIDE_MOVED,    /* of block a */
  RELU_INSERTED,   /* behind bn_b2 */
  RELU_REMOVED,    /* relu_b1 */
} Change;

static const char *
pass_through (RnNet *net, const char *name, const char *input)
{
  RnLayerConfig config = { .activation = { RN_ACTIVATION_LINEAR, INFINITY } };

  return rn_model_builder_chain (net->builder, RN_LAYER_ACTIVATION, name, &config, input);
}

static const char *
conv_with_pads (RnNet *net, const char *name, int stride, const char *input)
{
  RnLayerConfig config = { .conv = { .filters = CHANNELS,
                                     .kernel = { 3, 3 },
                                     .stride = { stride, stride },
                                     .dilation = { 1, 1 },
                                     .groups = 1,
                                     .padding = RN_PADDING_EXPLICIT,
                                     .pads = { 1, 1, 1, 1 },
                                     .use_bias = TRUE } };

  return rn_model_builder_chain (net->builder, RN_LAYER_CONV, name, &config, input);
}

/* A projection block (1x1 of stride 2, 3x3) and an identity block. */
static const char *
build_blocks (RnNet *net, const char *input, Change change)
{
  int first = change == STRIDE_MOVED ? 1 : 2;
  const char *x, *shortcut;

  x = rn_net_conv (net, "conv_a1", CHANNELS, 1, first, RN_PADDING_VALID, input);
  x = rn_net_relu (net, "relu_a1", rn_net_batch_norm (net, "bn_a1", x));
  x = first == 1 ? conv_with_pads (net, "conv_a2", 2, x)
                 : rn_net_conv (net, "conv_a2", CHANNELS, 3, 1, RN_PADDING_SAME, x);
  x = rn_net_batch_norm (net, "bn_a2", x);
  if (change == PROJECTION_CUT)
    x = pass_through (net, "add_a", x);
  else
    {
      shortcut = rn_net_conv (net, "conv_a0", CHANNELS, 1, 2, RN_PADDING_VALID, input);
      x = rn_net_add (net, "add_a", x, rn_net_batch_norm (net, "bn_a0", shortcut));
    }
  shortcut = x = rn_net_relu (net, "relu_a", x);
  if (change == BLOCK_DROPPED)
    return rn_net_relu (net, "relu_b", pass_through (net, "add_b", x));

  x = rn_net_batch_norm (net, "bn_b1",
                         rn_net_conv (net, "conv_b1", CHANNELS, 3, 1, RN_PADDING_SAME, x));
  x = change == RELU_REMOVED ? pass_through (net, "relu_b1", x) : rn_net_relu (net, "relu_b1", x);
  x = rn_net_batch_norm (net, "bn_b2",
                         rn_net_conv (net, "conv_b2", CHANNELS, 3, 1, RN_PADDING_SAME, x));
  if (change == RELU_INSERTED)
    x = rn_net_relu (net, "bn_b2/relu", x);
  x = change == SHORTCUT_CUT ? pass_through (net, "add_b", x)
                             : rn_net_add (net, "add_b", x, shortcut);

  return rn_net_relu (net, "relu_b", x);
}

static RnModel *
build (Change change)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("net", "Net");
  g_autoptr (GError) error = NULL;
  RnNet net = { builder, TRUE, 1e-3f };
  const char *x = rn_net_input (&net, "input", SIZE, 3);
  RnModel *model;

  x = rn_net_relu (&net, "relu1",
                   rn_net_conv (&net, "conv1", CHANNELS, 3, 1, RN_PADDING_SAME, x));
  x = build_blocks (&net, x, change);
  x = rn_net_global_average (&net, "pool", x);
  rn_net_dense (&net, "dense", CLASSES, RN_ACTIVATION_SOFTMAX, x);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

/* Random statistics too, or batch norms would do nothing that could go wrong. */
static RnWeights *
make_weights (const RnModel *model)
{
  RnWeights *weights = rn_weights_new_random (model, 7, NULL);

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
      {
        const char *name;
        RnTensor *tensor = rn_weights_get_tensor (weights, i, j, &name);

        if (tensor->rank == 1)
          for (gint64 k = 0; k < tensor->dims[0]; k++)
            rn_tensor_f32 (tensor)[k] = 0.5 + g_test_rand_double ();
      }

  return weights;
}

/* The weights of @all that @model has. */
static RnBinding *
bind (RnModel *model, RnWeights *all)
{
  g_autoptr (RnWeights) own = rn_weights_new ();
  g_autoptr (GError) error = NULL;
  RnBinding *binding;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      for (int j = 0; j < layer->n_weights; j++)
        rn_weights_add (own, layer->name, layer->weights[j].name,
                        rn_weights_find (all, layer->name, layer->weights[j].name), NULL);
    }
  binding = rn_binding_new (model, own, &error);
  g_assert_no_error (error);

  return binding;
}

static RnSession *
run (RnBinding *binding, RnTensor *input)
{
  g_autoptr (GError) error = NULL;
  RnSessionOptions options = { 1 };
  RnSession *session = rn_session_new (binding, &options, &error);

  g_assert_no_error (error);
  rn_session_run (session, input, NULL, &error);
  g_assert_no_error (error);

  return session;
}

static RnTensor *
make_input (void)
{
  const gint64 dims[] = { 1, SIZE, SIZE, 3 };
  RnTensor *input = rn_tensor_new (4, dims, NULL);

  for (gint64 i = 0; i < rn_tensor_get_n_elements (input); i++)
    rn_tensor_f32 (input)[i] = g_test_rand_double_range (-1, 1);

  return input;
}

static RnTensor *
get_activation (RnSession *session, const char *name)
{
  const RnLayer *layer = rn_model_find_layer (rn_session_get_model (session), name, NULL);
  g_autoptr (GError) error = NULL;
  RnTensor *activation;

  g_assert_nonnull (layer);
  activation = rn_session_get_activation (session, layer->index, &error);
  g_assert_no_error (error);

  return activation;
}

static void
assert_equal (RnTensor *a, RnTensor *b)
{
  gint64 n = rn_tensor_get_n_elements (a);

  g_assert_cmpint (n, ==, rn_tensor_get_n_elements (b));
  for (gint64 i = 0; i < n; i++)
    g_assert_cmpfloat (fabsf (rn_tensor_f32 (a)[i] - rn_tensor_f32 (b)[i]), <=,
                       TOLERANCE * (1 + fabsf (rn_tensor_f32 (b)[i])));
}

static const struct
{
  const char *edit;
  Change change;
} structural_cases[] = {
  { "cut-shortcut:add_b", SHORTCUT_CUT },  { "cut-shortcut:add_a", PROJECTION_CUT },
  { "drop-block:add_b", BLOCK_DROPPED },   { "move-stride:add_a", STRIDE_MOVED },
  { "insert-relu:bn_b2", RELU_INSERTED },  { "remove-relu:relu_b1", RELU_REMOVED },
};

static void
test_structural (void)
{
  g_autoptr (RnModel) plain = build (PLAIN);
  g_autoptr (RnWeights) weights = make_weights (plain);
  g_autoptr (RnBinding) binding = bind (plain, weights);
  g_autoptr (RnTensor) input = make_input ();

  g_test_summary ("An edited network equals one built with the change, layer by layer");

  for (guint i = 0; i < G_N_ELEMENTS (structural_cases); i++)
    {
      const char *const edits[] = { structural_cases[i].edit, NULL };
      g_autoptr (RnModel) model = build (structural_cases[i].change);
      g_autoptr (RnBinding) scratch = bind (model, weights);
      g_autoptr (GError) error = NULL;
      g_autoptr (RnBinding) edited = rn_edits_apply (edits, binding, &error);
      g_autoptr (RnSession) expected = run (scratch, input);
      g_autoptr (RnSession) actual = NULL;

      g_assert_no_error (error);
      actual = run (edited, input);
      g_assert_cmpint (rn_model_get_n_layers (rn_session_get_model (actual)), ==,
                       rn_model_get_n_layers (model));
      for (int l = 0; l < rn_model_get_n_layers (model); l++)
        {
          const char *name = rn_model_get_layer (model, l)->name;
          g_autoptr (RnTensor) a = get_activation (actual, name);
          g_autoptr (RnTensor) b = get_activation (expected, name);

          assert_equal (a, b);
        }
    }
}

static const struct
{
  const char *edit;
  const char *layer;
  float factors[CHANNELS];
} channel_cases[] = {
  { "silence:conv1:0,3-4", "conv1", { 0, 1, 1, 0, 0, 1, 1, 1 } },
  { "keep:relu_b:2", "relu_b", { 0, 0, 1, 0, 0, 0, 0, 0 } },
  { "scale:bn_a1:6-7=-0.5", "bn_a1", { 1, 1, 1, 1, 1, 1, -0.5, -0.5 } },
  { "silence:pool:1", "pool", { 1, 0, 1, 1, 1, 1, 1, 1 } },
};

static void
test_channels (void)
{
  g_autoptr (RnModel) plain = build (PLAIN);
  g_autoptr (RnWeights) weights = make_weights (plain);
  g_autoptr (RnBinding) binding = bind (plain, weights);
  g_autoptr (RnTensor) input = make_input ();
  g_autoptr (RnSession) before = run (binding, input);

  g_test_summary ("Silenced, kept and scaled channels are the unedited ones times their factor");

  for (guint i = 0; i < G_N_ELEMENTS (channel_cases); i++)
    {
      const char *const edits[] = { channel_cases[i].edit, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (RnBinding) edited = rn_edits_apply (edits, binding, &error);
      g_autoptr (RnSession) after = NULL;
      g_autoptr (RnTensor) expected = get_activation (before, channel_cases[i].layer);
      g_autoptr (RnTensor) actual = NULL;
      g_autoptr (RnTensor) probabilities = NULL;

      g_assert_no_error (error);
      after = run (edited, input);
      actual = get_activation (after, channel_cases[i].layer);
      for (gint64 k = 0; k < rn_tensor_get_n_elements (expected); k++)
        rn_tensor_f32 (expected)[k] *= channel_cases[i].factors[k % CHANNELS];
      assert_equal (actual, expected);
      probabilities = get_activation (after, "dense");
      g_assert_cmpint (probabilities->dims[1], ==, CLASSES);
    }
}

static void
test_randomize (void)
{
  const char *const edits[] = { "randomize:conv_b1", NULL };
  g_autoptr (RnModel) plain = build (PLAIN);
  g_autoptr (RnWeights) weights = make_weights (plain);
  g_autoptr (RnBinding) binding = bind (plain, weights);
  g_autoptr (RnBinding) once = rn_edits_apply (edits, binding, NULL);
  g_autoptr (RnBinding) twice = rn_edits_apply (edits, binding, NULL);
  int conv = rn_model_find_layer (plain, "conv_b1", NULL)->index;
  int other = rn_model_find_layer (plain, "conv_b2", NULL)->index;
  RnTensor *a = rn_binding_get_tensor (once, conv, 0), *b = rn_binding_get_tensor (twice, conv, 0);

  g_test_summary ("Random weights replace one layer's, the same every time; the others are shared");

  g_assert_cmpmem (a->data, rn_tensor_get_n_bytes (a), b->data, rn_tensor_get_n_bytes (b));
  g_assert_true (memcmp (a->data, rn_binding_get_tensor (binding, conv, 0)->data,
                         rn_tensor_get_n_bytes (a)) != 0);
  g_assert_true (rn_binding_get_tensor (once, other, 0)
                 == rn_binding_get_tensor (binding, other, 0));
}

static void
test_randomize_runs (void)
{
  const char *const edits[] = { "randomize:conv_b1", NULL };
  g_autoptr (RnModel) plain = build (PLAIN);
  g_autoptr (RnWeights) weights = make_weights (plain);
  g_autoptr (RnBinding) binding = bind (plain, weights);
  g_autoptr (RnBinding) edited = rn_edits_apply (edits, binding, NULL);
  g_autoptr (RnTensor) input = make_input ();
  g_autoptr (RnWeights) replaced = rn_weights_new ();
  g_autoptr (RnBinding) scratch = NULL;
  g_autoptr (RnSession) actual = run (edited, input), expected = NULL;
  g_autoptr (RnTensor) a = NULL, b = NULL;

  g_test_summary ("A network with one layer's random weights runs as one bound to them");

  for (int i = 0; i < rn_model_get_n_layers (plain); i++)
    {
      const RnLayer *layer = rn_model_get_layer (plain, i);
      gboolean random = g_str_equal (layer->name, "conv_b1");

      for (int j = 0; j < layer->n_weights; j++)
        rn_weights_add (replaced, layer->name, layer->weights[j].name,
                        rn_binding_get_tensor (random ? edited : binding, i, j), NULL);
    }
  scratch = rn_binding_new (plain, replaced, NULL);
  expected = run (scratch, input);
  a = get_activation (actual, "dense");
  b = get_activation (expected, "dense");
  assert_equal (a, b);
}

static void
test_several (void)
{
  const char *const edits[] = { "silence:conv1:0", "cut-shortcut:add_b", "silence:conv1:1",
                                "insert-relu:bn_a2", NULL };
  g_autoptr (RnModel) plain = build (PLAIN);
  g_autoptr (RnWeights) weights = make_weights (plain);
  g_autoptr (RnBinding) binding = bind (plain, weights);
  g_autoptr (RnTensor) input = make_input ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) edited = rn_edits_apply (edits, binding, &error);
  g_autoptr (RnSession) session = NULL;
  g_autoptr (RnTensor) conv1 = NULL;

  g_test_summary ("Edits add up, also on the same layer");

  g_assert_no_error (error);
  session = run (edited, input);
  conv1 = get_activation (session, "conv1");
  for (gint64 k = 0; k < rn_tensor_get_n_elements (conv1); k++)
    if (k % CHANNELS < 2)
      g_assert_cmpfloat (rn_tensor_f32 (conv1)[k], ==, 0);
}

static const struct
{
  const char *edit;
  GQuark (*domain) (void);
  int code;
  const char *message;
} bad_cases[] = {
  { "cut", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "KIND:NAME" },
  { "cut:add_a", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "cut-shortcut, drop-block" },
  { "cut-shortcut:", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "cut-shortcut:ADD" },
  { "silence:conv1", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "silence:LAYER:0,4-7" },
  { "silence:conv1:x", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "silence:LAYER" },
  { "silence:conv1:4-2", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "silence:LAYER" },
  { "silence:conv1:1=2", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "silence:LAYER" },
  { "scale:conv1:1", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "=0.5" },
  { "scale:conv1:1=nan", rn_edit_error_quark, RN_EDIT_ERROR_SYNTAX, "=0.5" },
  { "silence:conv1:8", rn_edit_error_quark, RN_EDIT_ERROR_TARGET, "0 to 7" },
  { "cut-shortcut:conv1", rn_edit_error_quark, RN_EDIT_ERROR_TARGET, "add_a" },
  { "cut-shortcut:nowhere", rn_model_error_quark, RN_MODEL_ERROR_UNKNOWN, "nowhere" },
  { "move-stride:add_b", rn_edit_error_quark, RN_EDIT_ERROR_TARGET, "stride" },
  { "remove-relu:conv_a1", rn_edit_error_quark, RN_EDIT_ERROR_TARGET, "Conv2D" },
  { "randomize:relu_b", rn_edit_error_quark, RN_EDIT_ERROR_TARGET, "no weights" },
};

static void
test_bad (void)
{
  g_autoptr (RnModel) plain = build (PLAIN);
  g_autoptr (RnWeights) weights = make_weights (plain);
  g_autoptr (RnBinding) binding = bind (plain, weights);

  g_test_summary ("An edit that cannot be understood or done is refused with what would be right");

  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      const char *const edits[] = { bad_cases[i].edit, NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_edits_apply (edits, binding, &error));
      g_assert_error (error, bad_cases[i].domain (), bad_cases[i].code);
      if (strstr (error->message, bad_cases[i].message) == NULL)
        g_error ("“%s” is not in “%s”", bad_cases[i].message, error->message);
    }
}

static void
test_round_trip (void)
{
  const char *const texts[] = { "cut-shortcut:add_1", "silence:a/b:c:0,4-7", "scale:conv1:3=-0.25",
                                "keep:relu:1-2" };

  g_test_summary ("An edit's text is what it was made from, colons in names included");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnEdit) edit = rn_edit_parse (texts[i], &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = rn_edit_to_string (edit);
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/edit/structural", test_structural);
  g_test_add_func ("/edit/channels", test_channels);
  g_test_add_func ("/edit/randomize", test_randomize);
  g_test_add_func ("/edit/randomize-runs", test_randomize_runs);
  g_test_add_func ("/edit/several", test_several);
  g_test_add_func ("/edit/bad", test_bad);
  g_test_add_func ("/edit/round-trip", test_round_trip);

  return g_test_run ();
}
