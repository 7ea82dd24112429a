/* Layers that look at their input through a window: convolutions, pooling, and Dense. */
#include "engine/analysis/explanation-private.h"

/* The places of the input that a window covers, from @first on each axis; those outside are left
 * out. */
typedef struct
{
  int first[2];
  int size[2];
  int step[2];
} Window;

static gboolean
find_place (const RnExplainer *self, const Window *window, int i, int j, RnUnit *place)
{
  place->y = window->first[0] + i * window->step[0];
  place->x = window->first[1] + j * window->step[1];

  return place->y >= 0 && place->y < self->shapes[0].dims[0] && place->x >= 0
         && place->x < self->shapes[0].dims[1];
}

static Window
get_conv_window (const RnExplainer *self)
{
  const RnConvConfig *conv = &self->layer->config.conv;
  RnPads pads = rn_window_get_pads (conv->padding, &conv->pads, &self->shapes[0], conv->kernel,
                                    conv->stride, conv->dilation);
  const RnUnit *unit = &self->step->unit;

  return (Window) { { unit->y * conv->stride[0] - pads.top, unit->x * conv->stride[1] - pads.left },
                    { conv->kernel[0], conv->kernel[1] },
                    { conv->dilation[0], conv->dilation[1] } };
}

/* kernel [height, width, in of a group, out] */
static void
explain_plain (RnExplainer *self, const Window *window)
{
  const RnConvConfig *conv = &self->layer->config.conv;
  int n_in = self->shapes[0].dims[2] / conv->groups, n_out = conv->filters;
  int first = self->step->unit.channel / (n_out / conv->groups) * n_in;
  const float *kernel = rn_explainer_get_weight (self, "kernel");
  RnUnit place;

  for (int i = 0; i < window->size[0]; i++)
    for (int j = 0; j < window->size[1]; j++)
      if (find_place (self, window, i, j, &place))
        for (int c = 0; c < n_in; c++)
          {
            gint64 at = ((gint64) (i * window->size[1] + j) * n_in + c) * n_out;

            place.channel = first + c;
            rn_explainer_add (self, 0, place, kernel[at + self->step->unit.channel]);
          }
}

/* kernel [height, width, in, multiplier]; @channel counts what comes out */
static void
explain_depthwise (RnExplainer *self, const Window *window)
{
  int multiplier = self->layer->config.conv.depth_multiplier, n_in = self->shapes[0].dims[2];
  const float *kernel = rn_tensor_f32 (self->weights[0]);
  RnUnit place = { .channel = self->step->unit.channel / multiplier };

  for (int i = 0; i < window->size[0]; i++)
    for (int j = 0; j < window->size[1]; j++)
      if (find_place (self, window, i, j, &place))
        rn_explainer_add (self, 0, place,
                          kernel[(gint64) (i * window->size[1] + j) * n_in * multiplier
                                 + self->step->unit.channel]);
}

static double
convolve_depthwise (const RnExplainer *self, const Window *window, int channel)
{
  int multiplier = self->layer->config.conv.depth_multiplier, n_in = self->shapes[0].dims[2];
  const float *kernel = rn_tensor_f32 (self->weights[0]);
  RnUnit place = { .channel = channel / multiplier };
  double sum = 0;

  for (int i = 0; i < window->size[0]; i++)
    for (int j = 0; j < window->size[1]; j++)
      if (find_place (self, window, i, j, &place))
        sum += rn_explainer_get_value (self, 0, place)
               * kernel[(gint64) (i * window->size[1] + j) * n_in * multiplier + channel];

  return sum;
}

/* A depthwise convolution, whose channels are the terms, and a 1x1 convolution over them. */
static void
explain_separable (RnExplainer *self, const Window *window)
{
  int n_inner = self->shapes[0].dims[2] * self->layer->config.conv.depth_multiplier;
  const float *pointwise = rn_tensor_f32 (self->weights[1]);

  for (int c = 0; c < n_inner; c++)
    {
      RnTerm term = { .source = self->layer->inputs[0],
                      .unit = { self->step->unit.y, self->step->unit.x, c },
                      .constant = "depthwise",
                      .value = convolve_depthwise (self, window, c),
                      .factor = pointwise[(gint64) c * self->layer->config.conv.filters
                                          + self->step->unit.channel] };

      term.amount = term.value * term.factor;
      g_array_append_val (self->step->terms, term);
    }
}

static void
add_bias (RnExplainer *self)
{
  const float *bias = rn_explainer_get_weight (self, "bias");

  if (bias != NULL)
    rn_explainer_add_constant (self, "bias", bias[self->step->unit.channel]);
}

void
rn_explainer_explain_conv (RnExplainer *self)
{
  Window window = get_conv_window (self);

  if (self->layer->kind == RN_LAYER_CONV)
    explain_plain (self, &window);
  else if (self->layer->kind == RN_LAYER_DEPTHWISE_CONV)
    explain_depthwise (self, &window);
  else
    explain_separable (self, &window);
  add_bias (self);
  self->step->function = self->layer->config.conv.activation;
}

/* kernel [in, out] */
void
rn_explainer_explain_dense (RnExplainer *self)
{
  const float *kernel = rn_explainer_get_weight (self, "kernel");
  int n_units = self->layer->config.dense.units;

  for (int i = 0; i < self->shapes[0].dims[0]; i++)
    rn_explainer_add (self, 0, (RnUnit) { 0, 0, i },
                      kernel[(gint64) i * n_units + self->step->unit.channel]);
  add_bias (self);
  self->step->function = self->layer->config.dense.activation;
}

static Window
get_pool_window (const RnExplainer *self)
{
  const RnPoolConfig *pool = &self->layer->config.pool;
  const RnUnit *unit = &self->step->unit;
  RnPads pads;

  if (self->layer->kind == RN_LAYER_GLOBAL_AVERAGE_POOL
      || self->layer->kind == RN_LAYER_GLOBAL_MAX_POOL)
    return (Window) { { 0, 0 }, { self->shapes[0].dims[0], self->shapes[0].dims[1] }, { 1, 1 } };

  pads = rn_window_get_pads (pool->padding, &pool->pads, &self->shapes[0], pool->pool, pool->stride,
                             NULL);
  return (Window) { { unit->y * pool->stride[0] - pads.top, unit->x * pool->stride[1] - pads.left },
                    { pool->pool[0], pool->pool[1] },
                    { 1, 1 } };
}

/* An average is a sum with equal factors. */
void
rn_explainer_explain_pool (RnExplainer *self)
{
  gboolean largest = self->layer->kind == RN_LAYER_MAX_POOL
                     || self->layer->kind == RN_LAYER_GLOBAL_MAX_POOL;
  Window window = get_pool_window (self);
  RnUnit place = { .channel = self->step->unit.channel };
  int n = 0;

  for (int i = 0; i < window.size[0]; i++)
    for (int j = 0; j < window.size[1]; j++)
      n += find_place (self, &window, i, j, &place);
  if (self->layer->kind == RN_LAYER_AVERAGE_POOL && self->layer->config.pool.count_padding)
    n = window.size[0] * window.size[1];

  self->step->rule = largest ? RN_RULE_MAX : RN_RULE_SUM;
  for (int i = 0; i < window.size[0]; i++)
    for (int j = 0; j < window.size[1]; j++)
      if (find_place (self, &window, i, j, &place))
        rn_explainer_add (self, 0, place, largest ? 1 : 1.0 / n);
}
