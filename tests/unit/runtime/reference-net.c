#include "reference-net.h"

#include <math.h>
#include <string.h>

/* One layer of one picture at work: the shapes, and where its numbers are. */
typedef struct
{
  RnBinding *binding;
  const RnLayer *layer;
  RnShape in, out;
  const double *const *inputs;
  const RnShape *in_shapes;
  double *output;
} Work;

static double
weight_at (const Work *work, const char *name, gint64 i)
{
  for (int w = 0; w < work->layer->n_weights; w++)
    if (g_str_equal (work->layer->weights[w].name, name))
      {
        RnTensor *tensor = rn_binding_get_tensor (work->binding, work->layer->index, w);
        g_autoptr (RnTensor) numbers = rn_tensor_to_f32 (tensor, NULL);

        return rn_tensor_f32 (numbers)[i];
      }

  g_assert_not_reached ();
}

static float *
copy_weight (const Work *work, int i)
{
  RnTensor *tensor = rn_binding_get_tensor (work->binding, work->layer->index, i);
  g_autoptr (RnTensor) numbers = rn_tensor_to_f32 (tensor, NULL);

  return g_memdup2 (rn_tensor_f32 (numbers), rn_tensor_get_n_bytes (numbers));
}

static void
activate (double *x, gint64 n_pixels, int n_channels, RnActivation function, double max_value)
{
  for (gint64 p = 0; p < n_pixels; p++, x += n_channels)
    {
      double sum = 0, largest = -INFINITY;

      for (int c = 0; c < n_channels; c++)
        largest = fmax (largest, x[c]);
      for (int c = 0; c < n_channels; c++)
        switch (function)
          {
          case RN_ACTIVATION_RELU:
            x[c] = fmin (fmax (x[c], 0), max_value);
            break;
          case RN_ACTIVATION_SIGMOID:
            x[c] = 1 / (1 + exp (-x[c]));
            break;
          case RN_ACTIVATION_SWISH:
            x[c] = x[c] / (1 + exp (-x[c]));
            break;
          case RN_ACTIVATION_TANH:
            x[c] = tanh (x[c]);
            break;
          case RN_ACTIVATION_SOFTMAX:
            sum += exp (x[c] - largest);
            break;
          default:
            break;
          }
      for (int c = 0; c < n_channels && function == RN_ACTIVATION_SOFTMAX; c++)
        x[c] = exp (x[c] - largest) / sum;
    }
}

static gint64
count_pixels (const RnShape *shape)
{
  return rn_shape_get_n_elements (shape) / rn_shape_get_channels (shape);
}

/* Adds one pixel's share, input_c through kernel[c][f], to output_f. */
static void
add_pixel (const double *input_c, const float *kernel, int n_in, int n_out, int stride, double *out)
{
  for (int c = 0; c < n_in; c++)
    for (int f = 0; f < n_out; f++)
      out[f] += input_c[c] * kernel[(gint64) c * stride + f];
}

static void
convolve_pixel (const Work *work, const float *kernel, const RnPads *pads, int y, int x, double *out)
{
  const RnConvConfig *config = &work->layer->config.conv;
  gboolean depthwise = work->layer->kind != RN_LAYER_CONV;
  int channels = work->in.dims[2], m = config->depth_multiplier;
  int groups = depthwise ? channels : config->groups;
  int n_in = channels / groups, n_out = depthwise ? m : config->filters / groups;

  for (int ky = 0; ky < config->kernel[0]; ky++)
    for (int kx = 0; kx < config->kernel[1]; kx++)
      for (int g = 0; g < groups; g++)
        {
          int in_y = y * config->stride[0] + ky * config->dilation[0] - pads->top;
          int in_x = x * config->stride[1] + kx * config->dilation[1] - pads->left;
          gint64 tap = ky * config->kernel[1] + kx;

          if (in_y < 0 || in_y >= work->in.dims[0] || in_x < 0 || in_x >= work->in.dims[1])
            continue;
          add_pixel (work->inputs[0] + ((gint64) in_y * work->in.dims[1] + in_x) * channels
                       + (gint64) g * n_in,
                     kernel + (tap * n_in * groups + g) * n_out,
                     n_in, n_out, groups * n_out, out + (gint64) g * n_out);
        }
}

static void
run_conv (const Work *work)
{
  const RnConvConfig *config = &work->layer->config.conv;
  gboolean separable = work->layer->kind == RN_LAYER_SEPARABLE_CONV;
  RnPads pads = rn_window_get_pads (config->padding, &config->pads, &work->in, config->kernel,
                                    config->stride, config->dilation);
  int n_out = work->out.dims[2];
  int n_middle = separable ? work->in.dims[2] * config->depth_multiplier : n_out;
  g_autofree float *kernel = copy_weight (work, 0);
  g_autofree float *pointwise = separable ? copy_weight (work, 1) : NULL;
  g_autofree float *bias = config->use_bias ? copy_weight (work, separable ? 2 : 1) : NULL;
  g_autofree double *middle = g_new (double, n_middle);

  for (int y = 0; y < work->out.dims[0]; y++)
    for (int x = 0; x < work->out.dims[1]; x++)
      {
        double *out = work->output + ((gint64) y * work->out.dims[1] + x) * n_out;

        memset (middle, 0, sizeof (double) * n_middle);
        convolve_pixel (work, kernel, &pads, y, x, middle);
        for (int f = 0; f < n_out; f++)
          out[f] = bias != NULL ? bias[f] : 0;
        if (separable)
          add_pixel (middle, pointwise, n_middle, n_out, n_out, out);
        else
          for (int f = 0; f < n_out; f++)
            out[f] += middle[f];
      }
  activate (work->output, count_pixels (&work->out), n_out, config->activation, INFINITY);
}

static void
run_dense (const Work *work)
{
  const RnDenseConfig *config = &work->layer->config.dense;
  g_autofree float *kernel = copy_weight (work, 0);
  g_autofree float *bias = config->use_bias ? copy_weight (work, 1) : NULL;

  for (int u = 0; u < config->units; u++)
    work->output[u] = bias != NULL ? bias[u] : 0;
  add_pixel (work->inputs[0], kernel, work->in.dims[0], config->units, config->units,
             work->output);
  activate (work->output, 1, config->units, config->activation, INFINITY);
}

static void
run_batch_norm (const Work *work)
{
  const RnBatchNormConfig *config = &work->layer->config.batch_norm;
  int n_channels = rn_shape_get_channels (&work->out);
  double epsilon = rn_binding_get_epsilon (work->binding, work->layer->index);

  for (int c = 0; c < n_channels; c++)
    {
      double gamma = config->scale ? weight_at (work, "gamma", c) : 1;
      double beta = config->center ? weight_at (work, "beta", c) : 0;
      double mean = weight_at (work, "moving_mean", c);
      double deviation = sqrt (weight_at (work, "moving_variance", c) + epsilon);

      for (gint64 p = 0; p < count_pixels (&work->out); p++)
        work->output[p * n_channels + c]
          = gamma * (work->inputs[0][p * n_channels + c] - mean) / deviation + beta;
    }
}

static void
run_pool (const Work *work)
{
  RnLayerKind kind = work->layer->kind;
  gboolean global = kind == RN_LAYER_GLOBAL_MAX_POOL || kind == RN_LAYER_GLOBAL_AVERAGE_POOL;
  gboolean mean = kind == RN_LAYER_AVERAGE_POOL || kind == RN_LAYER_GLOBAL_AVERAGE_POOL;
  RnPoolConfig config = work->layer->config.pool;
  RnPads pads = { 0 };
  int channels = work->in.dims[2], height = work->out.dims[0], width = work->out.dims[1];

  if (global)
    {
      config = (RnPoolConfig) { { work->in.dims[0], work->in.dims[1] }, { 1, 1 } };
      height = width = 1;
    }
  else
    pads = rn_window_get_pads (config.padding, &config.pads, &work->in, config.pool, config.stride,
                               NULL);

  for (gint64 i = 0; i < (gint64) height * width * channels; i++)
    {
      int c = (int) (i % channels), n = 0;
      int x = (int) (i / channels % width), y = (int) (i / channels / width);
      double sum = 0, largest = -INFINITY;

      for (int w = 0; w < config.pool[0] * config.pool[1]; w++)
        {
          int in_y = y * config.stride[0] - pads.top + w / config.pool[1];
          int in_x = x * config.stride[1] - pads.left + w % config.pool[1];
          double value;

          if (in_y < 0 || in_y >= work->in.dims[0] || in_x < 0 || in_x >= work->in.dims[1])
            continue;
          value = work->inputs[0][((gint64) in_y * work->in.dims[1] + in_x) * channels + c];
          sum += value;
          largest = fmax (largest, value);
          n++;
        }
      if (!global && config.count_padding)
        n = config.pool[0] * config.pool[1];
      work->output[i] = mean ? sum / n : largest;
    }
}

static void
run_merge (const Work *work)
{
  int n_channels = rn_shape_get_channels (&work->out);
  gint64 n = rn_shape_get_n_elements (&work->out);

  for (gint64 e = 0; e < n; e++)
    {
      double value = work->layer->kind == RN_LAYER_MULTIPLY ? 1 : 0;

      for (int i = 0; i < work->layer->n_inputs; i++)
        {
          gboolean whole = rn_shape_get_n_elements (&work->in_shapes[i]) == n;
          double x = work->inputs[i][whole ? e : e % n_channels];

          value = work->layer->kind == RN_LAYER_MULTIPLY ? value * x : value + x;
        }
      work->output[e] = value;
    }
}

static void
run_concatenate (const Work *work)
{
  double *out = work->output;

  for (gint64 p = 0; p < count_pixels (&work->out); p++)
    for (int i = 0; i < work->layer->n_inputs; i++)
      {
        int n = rn_shape_get_channels (&work->in_shapes[i]);

        for (int c = 0; c < n; c++)
          *out++ = work->inputs[i][p * n + c];
      }
}

/* ZeroPadding2D and the parameter-free shortcut: pixels placed elsewhere, zeros around them. */
static void
run_padding (const Work *work)
{
  const RnShortcutPaddingConfig *option_a = &work->layer->config.shortcut_padding;
  const RnPads *pads = &work->layer->config.zero_padding;
  gboolean borders = work->layer->kind == RN_LAYER_ZERO_PADDING;

  for (int y = 0; y < work->out.dims[0]; y++)
    for (int x = 0; x < work->out.dims[1]; x++)
      for (int c = 0; c < work->out.dims[2]; c++)
        {
          int in_y = borders ? y - pads->top : y * option_a->stride;
          int in_x = borders ? x - pads->left : x * option_a->stride;
          int in_c = borders ? c : c - option_a->before;
          gboolean inside = in_y >= 0 && in_y < work->in.dims[0] && in_x >= 0
                            && in_x < work->in.dims[1] && in_c >= 0 && in_c < work->in.dims[2];

          work->output[((gint64) y * work->out.dims[1] + x) * work->out.dims[2] + c]
            = inside ? work->inputs[0][((gint64) in_y * work->in.dims[1] + in_x) * work->in.dims[2]
                                       + in_c]
                     : 0;
        }
}

static void
copy_input (const Work *work)
{
  memcpy (work->output, work->inputs[0], sizeof (double) * rn_shape_get_n_elements (&work->out));
}

static void
run_activation (const Work *work)
{
  const RnActivationConfig *config = &work->layer->config.activation;
  gboolean relu = work->layer->kind == RN_LAYER_RELU;

  copy_input (work);
  activate (work->output, count_pixels (&work->out), rn_shape_get_channels (&work->out),
            relu ? RN_ACTIVATION_RELU : config->function, relu ? config->max_value : INFINITY);
}

static void (*const run_funcs[RN_N_LAYER_KINDS]) (const Work *) = {
  [RN_LAYER_ZERO_PADDING] = run_padding,
  [RN_LAYER_CONV] = run_conv,
  [RN_LAYER_DEPTHWISE_CONV] = run_conv,
  [RN_LAYER_SEPARABLE_CONV] = run_conv,
  [RN_LAYER_BATCH_NORM] = run_batch_norm,
  [RN_LAYER_ACTIVATION] = run_activation,
  [RN_LAYER_RELU] = run_activation,
  [RN_LAYER_MAX_POOL] = run_pool,
  [RN_LAYER_AVERAGE_POOL] = run_pool,
  [RN_LAYER_GLOBAL_MAX_POOL] = run_pool,
  [RN_LAYER_GLOBAL_AVERAGE_POOL] = run_pool,
  [RN_LAYER_ADD] = run_merge,
  [RN_LAYER_CONCATENATE] = run_concatenate,
  [RN_LAYER_MULTIPLY] = run_merge,
  [RN_LAYER_FLATTEN] = copy_input,
  [RN_LAYER_RESHAPE] = copy_input,
  [RN_LAYER_DROPOUT] = copy_input,
  [RN_LAYER_DENSE] = run_dense,
  [RN_LAYER_SHORTCUT_PADDING] = run_padding,
};

static void
run_layer (ReferenceNet *self, RnBinding *binding, const RnLayer *layer, int picture)
{
  RnModel *model = rn_binding_get_model (binding);
  g_autofree const double **inputs = g_new0 (const double *, layer->n_inputs);
  g_autofree RnShape *in_shapes = g_new0 (RnShape, layer->n_inputs);
  gint64 size = rn_shape_get_n_elements (&layer->output_shape);
  Work work = { binding, layer, .out = layer->output_shape, .inputs = inputs, .in_shapes = in_shapes,
                .output = self->values[layer->index] + picture * size };

  for (int i = 0; i < layer->n_inputs; i++)
    {
      in_shapes[i] = rn_model_get_input_shape (model, layer->index, i);
      inputs[i]
        = self->values[layer->inputs[i]] + picture * rn_shape_get_n_elements (&in_shapes[i]);
    }
  work.in = in_shapes[0];
  run_funcs[layer->kind](&work);
}

/* Runs the network on float32 pictures [N, …]. */
ReferenceNet *
reference_net_new (RnBinding *binding, const RnTensor *input)
{
  ReferenceNet *self = g_new0 (ReferenceNet, 1);
  RnModel *model = rn_binding_get_model (binding);
  int batch = (int) input->dims[0];

  self->n_layers = rn_model_get_n_layers (model);
  self->values = g_new0 (double *, self->n_layers);
  for (int i = 0; i < self->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      gint64 n = batch * rn_shape_get_n_elements (&layer->output_shape);

      self->values[i] = g_new0 (double, n);
      for (gint64 e = 0; layer->kind == RN_LAYER_INPUT && e < n; e++)
        self->values[i][e] = rn_tensor_f32 (input)[e];
      for (int p = 0; layer->kind != RN_LAYER_INPUT && p < batch; p++)
        run_layer (self, binding, layer, p);
    }

  return self;
}

void
reference_net_free (ReferenceNet *self)
{
  for (int i = 0; i < self->n_layers; i++)
    g_free (self->values[i]);
  g_free (self->values);
  g_free (self);
}

/* The relative L2 distance of an activation from what is right. */
double
reference_net_get_error (const ReferenceNet *self, int layer, const RnTensor *activation)
{
  const double *right = self->values[layer];
  double distance = 0, norm = 0;

  for (gint64 i = 0; i < rn_tensor_get_n_elements (activation); i++)
    {
      double difference = rn_tensor_f32 (activation)[i] - right[i];

      distance += difference * difference;
      norm += right[i] * right[i];
    }

  return sqrt (distance / fmax (norm, 1e-30));
}

/* Tens of millions of numbers: Vigna's splitmix64, seeded from the test's seed. */
static double
random_uniform (guint64 *state, double from, double to)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ z >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return from + (to - from) * ((z ^ z >> 31) >> 11) * 0x1p-53;
}

static guint64
random_seed (void)
{
  return (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
}

static RnTensor *
random_weight (const RnWeightSpec *spec)
{
  gint64 dims[4], fan_in = 1;
  guint64 state = random_seed ();
  double spread;
  RnTensor *tensor;

  for (int i = 0; i < spec->rank; i++)
    dims[i] = spec->dims[i];
  for (int i = 0; i < spec->rank - 1; i++)
    fan_in *= spec->dims[i];
  if (g_str_equal (spec->name, "depthwise_kernel"))
    fan_in = (gint64) spec->dims[0] * spec->dims[1];

  tensor = rn_tensor_new (spec->rank, dims, NULL);
  spread = sqrt (6.0 / fan_in); /* He et al. 2015's variance of 2 / fan_in */
  for (gint64 i = 0; i < rn_weight_spec_get_n_elements (spec); i++)
    if (g_str_equal (spec->name, "gamma")) /* small, or sixteen blocks add up to large numbers */
      rn_tensor_f32 (tensor)[i] = random_uniform (&state, 0.2, 0.6);
    else if (g_str_equal (spec->name, "moving_variance"))
      rn_tensor_f32 (tensor)[i] = random_uniform (&state, 0.5, 1.5);
    else if (spec->rank == 1)
      rn_tensor_f32 (tensor)[i] = random_uniform (&state, -0.3, 0.3);
    else
      rn_tensor_f32 (tensor)[i] = random_uniform (&state, -spread, spread);

  return tensor;
}

/* Weights in which everything differs from its neutral value: biases, statistics and all. */
RnWeights *
reference_weights_new_random (const RnModel *model)
{
  RnWeights *weights = rn_weights_new ();

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      rn_weights_add_layer (weights, layer->name);
      for (int w = 0; w < layer->n_weights; w++)
        {
          g_autoptr (RnTensor) tensor = random_weight (&layer->weights[w]);
          gboolean ok
            = rn_weights_add (weights, layer->name, layer->weights[w].name, tensor, NULL);

          g_assert_true (ok);
        }
    }

  return weights;
}

RnTensor *
reference_input_new_random (const RnModel *model, int batch)
{
  const RnShape *shape = &rn_model_get_input (model)->output_shape;
  gint64 dims[4] = { batch };
  guint64 state = random_seed ();
  RnTensor *input;

  for (int i = 0; i < shape->rank; i++)
    dims[i + 1] = shape->dims[i];
  input = rn_tensor_new (shape->rank + 1, dims, NULL);
  for (gint64 i = 0; i < rn_tensor_get_n_elements (input); i++)
    rn_tensor_f32 (input)[i] = random_uniform (&state, -1.7, 1.7);

  return input;
}
