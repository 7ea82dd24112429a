#include "engine/formats/parcel-private.h"

#include <math.h>

#include "engine/model/model-builder.h"

#define MODEL_LAYERS_TYPE "a(susasad)"

/* Walks through a configuration's fields, writing them to a row of numbers or reading them from it:
 * one list of fields serves both ways, so that they cannot part. */
typedef struct
{
  gboolean reading;
  GArray *numbers; /* double */
  guint next;
  gboolean damaged;
} Codec;

static double
code_number (Codec *codec, double value)
{
  if (!codec->reading)
    {
      g_array_append_val (codec->numbers, value);
      return value;
    }
  if (codec->next >= codec->numbers->len)
    {
      codec->damaged = TRUE;
      return 0;
    }

  return g_array_index (codec->numbers, double, codec->next++);
}

static int
code_int (Codec *codec, int value, int min, int max)
{
  double number = code_number (codec, value);

  if (!(number >= min && number <= max) || number != floor (number))
    {
      codec->damaged = TRUE;
      return min;
    }

  return (int) number;
}

static int
code_size (Codec *codec, int value)
{
  return code_int (codec, value, G_MININT, G_MAXINT);
}

static void
code_pair (Codec *codec, int pair[2])
{
  pair[0] = code_size (codec, pair[0]);
  pair[1] = code_size (codec, pair[1]);
}

static void
code_pads (Codec *codec, RnPads *pads)
{
  pads->top = code_size (codec, pads->top);
  pads->bottom = code_size (codec, pads->bottom);
  pads->left = code_size (codec, pads->left);
  pads->right = code_size (codec, pads->right);
}

static void
code_shape (Codec *codec, RnShape *shape)
{
  shape->rank = code_int (codec, shape->rank, 1, RN_SHAPE_MAX_RANK);
  for (int i = 0; i < shape->rank; i++)
    shape->dims[i] = code_size (codec, shape->dims[i]);
}

static void
code_conv (Codec *codec, RnConvConfig *conv)
{
  conv->filters = code_size (codec, conv->filters);
  code_pair (codec, conv->kernel);
  code_pair (codec, conv->stride);
  code_pair (codec, conv->dilation);
  conv->groups = code_size (codec, conv->groups);
  conv->depth_multiplier = code_size (codec, conv->depth_multiplier);
  conv->padding = code_int (codec, conv->padding, 0, RN_PADDING_EXPLICIT);
  code_pads (codec, &conv->pads);
  conv->use_bias = code_int (codec, conv->use_bias, 0, 1);
  conv->activation = code_int (codec, conv->activation, 0, RN_N_ACTIVATIONS - 1);
}

static void
code_pool (Codec *codec, RnPoolConfig *pool)
{
  code_pair (codec, pool->pool);
  code_pair (codec, pool->stride);
  pool->padding = code_int (codec, pool->padding, 0, RN_PADDING_EXPLICIT);
  code_pads (codec, &pool->pads);
  pool->count_padding = code_int (codec, pool->count_padding, 0, 1);
}

static void
code_config (Codec *codec, RnLayerKind kind, RnLayerConfig *config)
{
  switch (kind)
    {
    case RN_LAYER_INPUT:
      code_shape (codec, &config->input);
      break;
    case RN_LAYER_RESHAPE:
      code_shape (codec, &config->reshape);
      break;
    case RN_LAYER_ZERO_PADDING:
      code_pads (codec, &config->zero_padding);
      break;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      code_conv (codec, &config->conv);
      break;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      code_pool (codec, &config->pool);
      break;
    case RN_LAYER_BATCH_NORM:
      config->batch_norm.epsilon = code_number (codec, config->batch_norm.epsilon);
      config->batch_norm.momentum = code_number (codec, config->batch_norm.momentum);
      config->batch_norm.scale = code_int (codec, config->batch_norm.scale, 0, 1);
      config->batch_norm.center = code_int (codec, config->batch_norm.center, 0, 1);
      break;
    case RN_LAYER_ACTIVATION:
    case RN_LAYER_RELU:
      config->activation.function =
          code_int (codec, config->activation.function, 0, RN_N_ACTIVATIONS - 1);
      config->activation.max_value = code_number (codec, config->activation.max_value);
      break;
    case RN_LAYER_DENSE:
      config->dense.units = code_size (codec, config->dense.units);
      config->dense.use_bias = code_int (codec, config->dense.use_bias, 0, 1);
      config->dense.activation = code_int (codec, config->dense.activation, 0, RN_N_ACTIVATIONS - 1);
      break;
    case RN_LAYER_DROPOUT:
      config->dropout_rate = code_number (codec, config->dropout_rate);
      break;
    case RN_LAYER_SHORTCUT_PADDING:
      config->shortcut_padding.stride = code_size (codec, config->shortcut_padding.stride);
      config->shortcut_padding.before = code_size (codec, config->shortcut_padding.before);
      config->shortcut_padding.after = code_size (codec, config->shortcut_padding.after);
      break;
    case RN_LAYER_UNSUPPORTED:
      config->unsupported.rank = code_int (codec, config->unsupported.rank, 0, RN_SHAPE_MAX_RANK);
      for (int i = 0; i < config->unsupported.rank; i++)
        config->unsupported.dims[i] = code_size (codec, config->unsupported.dims[i]);
      break;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
    case RN_LAYER_ADD:
    case RN_LAYER_CONCATENATE:
    case RN_LAYER_MULTIPLY:
    case RN_LAYER_FLATTEN:
      break;
    case RN_N_LAYER_KINDS:
    default:
      g_assert_not_reached ();
    }
}

static GVariant *
pack_layer (const RnModel *model, const RnLayer *layer)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  Codec codec = { FALSE, numbers, 0, FALSE };
  RnLayerConfig config = layer->config;
  GVariantBuilder inputs;

  g_variant_builder_init (&inputs, G_VARIANT_TYPE_STRING_ARRAY);
  for (int k = 0; k < layer->n_inputs; k++)
    g_variant_builder_add (&inputs, "s", rn_model_get_layer (model, layer->inputs[k])->name);
  code_config (&codec, layer->kind, &config);

  return g_variant_new ("(susas@ad)", layer->name, (guint32) layer->kind, layer->keras_class, &inputs,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers->data,
                                                   numbers->len, sizeof (double)));
}

/* A model as a value of RN_PARCEL_MODEL_TYPE (floating). */
GVariant *
rn_parcel_pack_model (const RnModel *model)
{
  GVariantBuilder layers, outputs;

  g_variant_builder_init (&layers, G_VARIANT_TYPE (MODEL_LAYERS_TYPE));
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    g_variant_builder_add_value (&layers, pack_layer (model, rn_model_get_layer (model, i)));
  g_variant_builder_init (&outputs, G_VARIANT_TYPE_STRING_ARRAY);
  for (int i = 0; i < rn_model_get_n_outputs (model); i++)
    g_variant_builder_add (&outputs, "s", rn_model_get_output (model, i)->name);

  return g_variant_new ("(ss" MODEL_LAYERS_TYPE "as^as)", rn_model_get_name (model),
                        rn_model_get_title (model), &layers, &outputs,
                        rn_model_get_notes (model));
}

static gboolean
unpack_layer (RnModelBuilder *builder, GVariant *value, GError **error)
{
  const char *name, *keras_class;
  guint32 kind;
  g_autofree const char **inputs = NULL;
  g_autoptr (GVariant) row = NULL;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  Codec codec = { TRUE, numbers, 0, FALSE };
  RnLayerConfig config = { 0 };
  const double *data;
  gsize n;

  g_variant_get (value, "(&su&s^a&s@ad)", &name, &kind, &keras_class, &inputs, &row);
  if (kind >= RN_N_LAYER_KINDS)
    return rn_parcel_fail (error, "a layer of no known kind");

  data = g_variant_get_fixed_array (row, &n, sizeof (double));
  g_array_append_vals (numbers, data, n);
  code_config (&codec, kind, &config);
  if (codec.damaged || codec.next != n)
    return rn_parcel_fail (error, "a layer's configuration");
  if (kind == RN_LAYER_UNSUPPORTED)
    rn_model_builder_add_unsupported (builder, keras_class, name, &config.unsupported, inputs);
  else
    rn_model_builder_add (builder, kind, name, &config, inputs);

  return TRUE;
}

/* Builds the model anew, with every check of RnModelBuilder. */
RnModel *
rn_parcel_unpack_model (GVariant *value, GError **error)
{
  g_autoptr (RnModelBuilder) builder = NULL;
  g_autoptr (GVariant) layers = NULL;
  g_autofree const char **outputs = NULL;
  g_autofree const char **notes = NULL;
  const char *name, *title;

  g_variant_get (value, "(&s&s@" MODEL_LAYERS_TYPE "^a&s^a&s)", &name, &title, &layers, &outputs,
                 &notes);
  builder = rn_model_builder_new (name, title);
  for (gsize i = 0; i < g_variant_n_children (layers); i++)
    {
      g_autoptr (GVariant) layer = g_variant_get_child_value (layers, i);

      if (!unpack_layer (builder, layer, error))
        return NULL;
    }
  for (gsize i = 0; outputs[i] != NULL; i++)
    rn_model_builder_add_output (builder, outputs[i]);
  for (gsize i = 0; notes[i] != NULL; i++)
    rn_model_builder_add_note (builder, notes[i]);

  return rn_model_builder_build (builder, error);
}
