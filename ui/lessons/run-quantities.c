/* Quantities that take weights, or a run on the picture. */
#include <math.h>

#include "ui/lessons/quantities-private.h"

static RnTensor *
get_activation (const RnPlace *place, int layer, GError **error)
{
  return rn_lab_get_activation (place->lab, place->id, layer, error);
}

static gboolean
check_index (const RnPlace *place, const char *what, double index, gint64 size, GError **error)
{
  if (index == floor (index) && index >= 0 && index < size)
    return TRUE;

  return rn_quantity_fail (error, "“%s” has no %s %g: 0 to %" G_GINT64_FORMAT " would be right",
                           place->layer->name, what, index, size - 1);
}

/* What an activation holds: value (layer, channel[, row, column]). */
static gboolean
value (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnShape *shape = &place->layer->output_shape;
  g_autoptr (RnTensor) activation = NULL;
  int n_channels = rn_shape_get_channels (shape);
  gint64 pixel = 0;

  if (n != shape->rank)
    return rn_quantity_fail (error, "value: “%s” takes %d numbers", place->layer->name,
                             shape->rank);
  if (!check_index (place, "channel", x[0], n_channels, error))
    return FALSE;
  if (n == 3)
    {
      if (!check_index (place, "row", x[1], shape->dims[0], error) ||
          !check_index (place, "column", x[2], shape->dims[1], error))
        return FALSE;
      pixel = (gint64)x[1] * shape->dims[1] + (gint64)x[2];
    }
  activation = get_activation (place, place->layer->index, error);
  if (activation == NULL)
    return FALSE;
  result->number = rn_tensor_f32 (activation)[pixel * n_channels + (gint64)x[0]];

  return TRUE;
}

/* Calls @func for each number of the activation, or of one channel of it. */
static gboolean
fold (const RnPlace *place,
      const double *x,
      int n,
      void (*func) (double v, double *state),
      double *state,
      gint64 *n_values,
      GError **error)
{
  g_autoptr (RnTensor) activation = NULL;
  int n_channels = rn_shape_get_channels (&place->layer->output_shape);
  gint64 n_elements;

  if (n > 0 && !check_index (place, "channel", x[0], n_channels, error))
    return FALSE;
  activation = get_activation (place, place->layer->index, error);
  if (activation == NULL)
    return FALSE;

  n_elements = rn_tensor_get_n_elements (activation);
  *n_values = n > 0 ? n_elements / n_channels : n_elements;
  for (gint64 i = n > 0 ? (gint64)x[0] : 0; i<n_elements; i += n> 0 ? n_channels : 1)
    func (rn_tensor_f32 (activation)[i], state);

  return TRUE;
}

static void
add_up (double v, double *state)
{
  *state += v;
}

static void
add_up_squares (double v, double *state)
{
  *state += v * v;
}

static void
count_negative (double v, double *state)
{
  *state += v < 0;
}

static void
count_zero (double v, double *state)
{
  *state += v == 0;
}

static void
keep_lowest (double v, double *state)
{
  *state = MIN (*state, v);
}

static void
keep_highest (double v, double *state)
{
  *state = MAX (*state, v);
}

static gboolean
average (const RnPlace *place,
         const double *x,
         int n,
         void (*func) (double v, double *state),
         RnValue *result,
         GError **error)
{
  gint64 n_values;

  if (!fold (place, x, n, func, &result->number, &n_values, error))
    return FALSE;
  result->number /= n_values;

  return TRUE;
}

static gboolean
mean (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return average (place, x, n, add_up, result, error);
}

static gboolean
deviation (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  g_auto (RnValue) middle = { 0 };

  if (!average (place, x, n, add_up_squares, result, error) ||
      !average (place, x, n, add_up, &middle, error))
    return FALSE;
  result->number = sqrt (MAX (0, result->number - middle.number * middle.number));

  return TRUE;
}

static gboolean
negative (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return average (place, x, n, count_negative, result, error);
}

static gboolean
zero (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return average (place, x, n, count_zero, result, error);
}

static gboolean
lowest (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  gint64 n_values;

  result->number = INFINITY;

  return fold (place, x, n, keep_lowest, &result->number, &n_values, error);
}

static gboolean
highest (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  gint64 n_values;

  result->number = -INFINITY;

  return fold (place, x, n, keep_highest, &result->number, &n_values, error);
}

static RnTensor *
find_weight (const RnPlace *place, const char *name, GError **error)
{
  for (int i = 0; i < place->layer->n_weights; i++)
    if (g_str_equal (place->layer->weights[i].name, name))
      return rn_tensor_to_f32 (rn_binding_get_tensor (place->binding, place->layer->index, i),
                               error);
  rn_quantity_fail (error, "“%s” has no %s", place->layer->name, name);

  return NULL;
}

static gboolean
find_in_vector (const RnPlace *place, const char *name, double at, RnValue *result, GError **error)
{
  g_autoptr (RnTensor) weight = find_weight (place, name, error);

  if (weight == NULL ||
      !check_index (place, "channel", at, rn_tensor_get_n_elements (weight), error))
    return FALSE;
  result->number = rn_tensor_f32 (weight)[(gint64)at];

  return TRUE;
}

static gboolean
bias (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  /* A convolution without a bias adds nothing. */
  if (place->layer->kind == RN_LAYER_CONV && !place->layer->config.conv.use_bias)
    return TRUE;

  return find_in_vector (place, "bias", x[0], result, error);
}

static gboolean
gamma_of (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return find_in_vector (place, "gamma", x[0], result, error);
}

static gboolean
beta_of (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return find_in_vector (place, "beta", x[0], result, error);
}

static gboolean
moving_mean (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return find_in_vector (place, "moving_mean", x[0], result, error);
}

static gboolean
moving_variance (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return find_in_vector (place, "moving_variance", x[0], result, error);
}

static gboolean
epsilon (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  result->number = rn_binding_get_epsilon (place->binding, place->layer->index);

  return TRUE;
}

/* A convolution at one place: its kernel, its input, and where the kernel's corner lies there. */
typedef struct
{
  RnTensor *kernel;
  RnTensor *input;
  RnShape shape; /* of the input */
  int n_out;
  int top, left;
} Window;

static void
window_clear (Window *self)
{
  g_clear_pointer (&self->kernel, rn_tensor_unref);
  g_clear_pointer (&self->input, rn_tensor_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Window, window_clear)

static gboolean
open_window (const RnPlace *place, double row, double column, Window *self, GError **error)
{
  const RnLayer *layer = place->layer;
  const RnConvConfig *conv = &layer->config.conv;
  RnPads pads;

  if (layer->kind != RN_LAYER_CONV || conv->groups != 1 || conv->dilation[0] != 1)
    return rn_quantity_fail (error, "“%s” is no plain convolution", layer->name);
  if (!check_index (place, "row", row, layer->output_shape.dims[0], error) ||
      !check_index (place, "column", column, layer->output_shape.dims[1], error))
    return FALSE;
  self->kernel = find_weight (place, "kernel", error);
  self->input = self->kernel != NULL ? get_activation (place, layer->inputs[0], error) : NULL;
  if (self->input == NULL)
    return FALSE;

  self->shape = rn_model_get_input_shape (place->model, layer->index, 0);
  self->n_out = conv->filters;
  pads = rn_window_get_pads (conv->padding, &conv->pads, &self->shape, conv->kernel, conv->stride,
                             conv->dilation);
  self->top = (int) (row * conv->stride[0] - pads.top);
  self->left = (int) (column * conv->stride[1] - pads.left);

  return TRUE;
}

/* What lies under the kernel's row @y, column @x: zero where that is padding. */
static double
window_get (const Window *self, int y, int x, int channel)
{
  int row = self->top + y, column = self->left + x;

  if (row < 0 || column < 0 || row >= self->shape.dims[0] || column >= self->shape.dims[1])
    return 0;

  return rn_tensor_f32 (
      self->input)[((gint64)row * self->shape.dims[1] + column) * self->shape.dims[2] + channel];
}

static double
window_get_weight (const Window *self, const int *size, int y, int x, int in, int out)
{
  return rn_tensor_f32 (
      self->kernel)[(((gint64)y * size[1] + x) * self->shape.dims[2] + in) * self->n_out + out];
}

/* patch (layer, row, column, kernel's row, kernel's column, input channel) */
static gboolean
patch (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  g_auto (Window) window = { 0 };

  if (!open_window (place, x[0], x[1], &window, error))
    return FALSE;
  if (!check_index (place, "kernel row", x[2], place->layer->config.conv.kernel[0], error) ||
      !check_index (place, "kernel column", x[3], place->layer->config.conv.kernel[1], error) ||
      !check_index (place, "input channel", x[4], window.shape.dims[2], error))
    return FALSE;
  result->number = window_get (&window, (int) x[2], (int) x[3], (int) x[4]);

  return TRUE;
}

/* weight (layer, kernel's row, kernel's column, input channel, output channel) */
static gboolean
weight (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  g_autoptr (RnTensor) kernel = find_weight (place, "kernel", error);
  gint64 at = 0;

  if (kernel == NULL)
    return FALSE;
  if (n != kernel->rank)
    return rn_quantity_fail (error, "weight: the kernel of “%s” takes %d numbers",
                             place->layer->name, kernel->rank);
  for (int i = 0; i < n; i++)
    {
      if (!check_index (place, "kernel position", x[i], kernel->dims[i], error))
        return FALSE;
      at = at * kernel->dims[i] + (gint64)x[i];
    }
  result->number = rn_tensor_f32 (kernel)[at];

  return TRUE;
}

/* products (layer, output channel, row, column[, input channel]): patch times kernel, summed; of
 * one input channel or of all. */
static gboolean
products (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const int *size = place->layer->config.conv.kernel;
  g_auto (Window) window = { 0 };
  int n_in;

  if (!open_window (place, x[1], x[2], &window, error))
    return FALSE;
  n_in = window.shape.dims[2];
  if (!check_index (place, "channel", x[0], window.n_out, error) ||
      (n == 4 && !check_index (place, "input channel", x[3], n_in, error)))
    return FALSE;
  for (int ky = 0; ky < size[0]; ky++)
    for (int kx = 0; kx < size[1]; kx++)
      for (int in = n == 4 ? (int) x[3] : 0; in < (n == 4 ? x[3] + 1 : n_in); in++)
        result->number +=
            window_get (&window, ky, kx, in)
            * window_get_weight (&window, size, ky, kx, in, (int) x[0]);

  return TRUE;
}

const RnQuantityKind rn_run_quantities[] = {
  { "value", 1, 3, FALSE, value },
  { "mean", 0, 1, FALSE, mean },
  { "deviation", 0, 1, FALSE, deviation },
  { "negative", 0, 1, FALSE, negative },
  { "zero", 0, 1, FALSE, zero },
  { "lowest", 0, 1, FALSE, lowest },
  { "highest", 0, 1, FALSE, highest },
  { "bias", 1, 1, FALSE, bias },
  { "gamma", 1, 1, FALSE, gamma_of },
  { "beta", 1, 1, FALSE, beta_of },
  { "moving_mean", 1, 1, FALSE, moving_mean },
  { "moving_variance", 1, 1, FALSE, moving_variance },
  { "epsilon", 0, 0, FALSE, epsilon },
  { "patch", 5, 5, FALSE, patch },
  { "weight", 1, 4, FALSE, weight },
  { "products", 3, 4, FALSE, products },
  { NULL },
};
