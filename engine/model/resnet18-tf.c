/* The TensorFlow ResNet-18 of the tutorial's second half, for small pictures and 100 classes: as it was
 * meant, and as it is written. Three mistakes part the two; rn_resnet18_tf_build() names them in the
 * model's notes. Names are those that TensorFlow 2 gives in the order in which the classes make their
 * layers. */
#include <math.h>

#include "engine/model/auto-net.h"
#include "engine/model/resnet.h"

#define KERAS2_EPSILON 1e-3f
#define N_STAGES 4
#define BLOCKS_A_STAGE 2

/* The code while it runs; shapes are followed to see where Keras would stop. */
typedef struct
{
  RnAutoNet net;
  gboolean as_written;
  int n_relus;
  int size;     /* height and width of the map */
  int channels; /* of the map */
  char *failed; /* where Keras stops */
} Code;

/* tf.nn.relu, a function and no layer of the code: TensorFlow names it itself. */
static const char *
nn_relu (Code *code, const char *input)
{
  g_autofree char *name = code->n_relus > 0 ? g_strdup_printf ("tf.nn.relu_%d", code->n_relus)
                                            : g_strdup ("tf.nn.relu");
  RnLayerConfig config = { .activation = { RN_ACTIVATION_RELU, INFINITY } };

  code->n_relus++;

  return rn_model_builder_chain (code->net.net.builder, RN_LAYER_RELU, name, &config, input);
}

/* layers.add ([out, identity]); where the channels differ Keras refuses, and so is it drawn. */
static const char *
add (Code *code, const char *out, const char *identity, int channels)
{
  const char *const inputs[] = { out, identity, NULL };
  RnShape shape = rn_shape_image (code->size, code->size, channels);
  RnModelBuilder *builder = code->net.net.builder;
  g_autofree char *name = NULL;

  if (channels == code->channels || !code->as_written)
    return rn_auto_net_add (&code->net, out, identity);

  name = rn_auto_net_next_name (&code->net, RN_LAYER_ADD);
  if (code->failed == NULL)
    code->failed = g_strdup_printf ("“%s” then adds (%d, %d, %d) and (%d, %d, %d): ValueError: Operands "
                                    "could not be broadcast together with shapes (%d, %d, %d) "
                                    "(%d, %d, %d)",
                                    name, code->size, code->size, channels, code->size, code->size,
                                    code->channels, code->size, code->size, channels, code->size,
                                    code->size, code->channels);
  rn_model_builder_add_unsupported (builder, "Add", name, &shape, inputs);

  return rn_model_builder_get_last (builder);
}

static const char *
basic_block (Code *code, int filters, int stride, const char *input)
{
  RnAutoNet *net = &code->net;
  const char *out = rn_auto_net_conv (net, filters, 3, stride, RN_PADDING_SAME, input);
  const char *identity = input;

  out = rn_auto_net_batch_norm (net, out);
  out = rn_auto_net_relu (net, out);
  out = rn_auto_net_conv (net, filters, 3, 1, RN_PADDING_SAME, out);
  out = rn_auto_net_batch_norm (net, out);
  if (stride != 1)
    identity = rn_auto_net_conv (net, filters, 1, stride, RN_PADDING_VALID, input);
  code->size = (code->size + stride - 1) / stride;
  out = add (code, out, identity, filters);
  code->channels = filters;

  return nn_relu (code, out);
}

static void
note_mistakes (Code *code)
{
  RnModelBuilder *builder = code->net.net.builder;
  g_autofree char *third = g_strdup_printf (
      "mistake 3: BasicBlock gives its shortcut a 1x1 convolution only where stride != 1; it misses the "
      "case of other channels with stride 1 (stride != 1 or other channels would be right). %s",
      code->failed);

  rn_model_builder_add_note (
      builder, "mistake 1: BasicBlock calls Conv2D (…, stride=…) three times; the keyword is strides. "
               "Keras stops there: TypeError: ('Keyword argument not understood:', 'stride')");
  rn_model_builder_add_note (
      builder, "mistake 2: build_resblock (filter_num, blocks, stride=1) ignores its argument stride: it "
               "makes BasicBlock (filter_num, stride=1) where stride=stride would be right, so that no "
               "stage halves the map");
  rn_model_builder_add_note (builder, third);
}

/* Builds resnet18-tf; see rn_catalog_build(). */
RnModel *
rn_resnet18_tf_build (const RnRecipe *recipe, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("res_net", recipe->title);
  Code code = { .net = { .net = { builder, TRUE, KERAS2_EPSILON }, .tensorflow = TRUE },
                .as_written = recipe->as_written,
                .size = recipe->input_size - 2,
                .channels = 64 };
  const char *x = rn_auto_net_input (&code.net, recipe->input_size, 3);

  x = rn_auto_net_conv (&code.net, 64, 3, 1, RN_PADDING_VALID, x);
  x = rn_auto_net_batch_norm (&code.net, x);
  x = rn_auto_net_relu (&code.net, x);
  x = rn_auto_net_max_pool (&code.net, 2, 1, RN_PADDING_SAME, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int b = 0; b < BLOCKS_A_STAGE; b++)
      x = basic_block (&code, 64 << s, s > 0 && b == 0 && !code.as_written ? 2 : 1, x);
  if (recipe->top)
    {
      x = rn_auto_net_global_average (&code.net, x);
      rn_auto_net_dense (&code.net, recipe->classes, RN_ACTIVATION_LINEAR, x);
    }
  if (code.as_written)
    note_mistakes (&code);
  g_free (code.failed);

  return rn_model_builder_build (builder, error);
}
