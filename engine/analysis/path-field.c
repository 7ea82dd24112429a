#include "engine/analysis/path-field.h"

/* How much of the field may lie outside of the box at each side. */
#define RIM 0.025

/* Paths from each place of a layer to the unit, and where there are any. */
typedef struct
{
  int height, width;
  double *counts; /* NULL while there are none */
  int first[2], last[2];
} Grid;

/* The places of its input that a place of a layer looks at, on each axis. */
typedef struct
{
  int size[2];
  int stride[2];
  int dilation[2];
  int before[2];
} Window;

static Window
get_window (const RnLayer *layer, const RnShape *input)
{
  const RnConvConfig *conv = &layer->config.conv;
  const RnPoolConfig *pool = &layer->config.pool;
  Window window = { { 1, 1 }, { 1, 1 }, { 1, 1 }, { 0, 0 } };
  RnPads pads = { 0 };

  switch (layer->kind)
    {
    case RN_LAYER_ZERO_PADDING:
      pads = layer->config.zero_padding;
      break;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      pads = rn_window_get_pads (conv->padding, &conv->pads, input, conv->kernel, conv->stride,
                                 conv->dilation);
      for (int axis = 0; axis < 2; axis++)
        {
          window.size[axis] = conv->kernel[axis];
          window.stride[axis] = conv->stride[axis];
          window.dilation[axis] = conv->dilation[axis];
        }
      break;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      pads = rn_window_get_pads (pool->padding, &pool->pads, input, pool->pool, pool->stride, NULL);
      for (int axis = 0; axis < 2; axis++)
        {
          window.size[axis] = pool->pool[axis];
          window.stride[axis] = pool->stride[axis];
        }
      break;
    case RN_LAYER_SHORTCUT_PADDING:
      window.stride[0] = window.stride[1] = layer->config.shortcut_padding.stride;
      break;
    default:
      break;
    }
  window.before[0] = pads.top;
  window.before[1] = pads.left;

  return window;
}

static void
grid_open (Grid *self, const RnShape *shape)
{
  if (self->counts != NULL)
    return;

  self->height = shape->rank == 3 ? shape->dims[0] : 1;
  self->width = shape->rank == 3 ? shape->dims[1] : 1;
  self->counts = g_new0 (double, (gsize) self->height * self->width);
  self->first[0] = self->first[1] = G_MAXINT;
  self->last[0] = self->last[1] = -1;
}

static void
grid_add (Grid *self, int y, int x, double n)
{
  if (y < 0 || y >= self->height || x < 0 || x >= self->width)
    return;

  self->counts[y * self->width + x] += n;
  self->first[0] = MIN (self->first[0], y);
  self->first[1] = MIN (self->first[1], x);
  self->last[0] = MAX (self->last[0], y);
  self->last[1] = MAX (self->last[1], x);
}

/* A number for the whole picture, pooled, gated or flattened, is reached from every place. */
static void
spread_all (const Grid *from, Grid *to)
{
  double n = 0;

  for (int i = 0; i < from->height * from->width; i++)
    n += from->counts[i];
  for (int y = 0; y < to->height; y++)
    for (int x = 0; x < to->width; x++)
      grid_add (to, y, x, n);
}

/* An input without places, or with one for all, of a layer that has them. */
static void
gather_all (const Grid *from, Grid *to)
{
  for (int i = 0; i < from->height * from->width; i++)
    grid_add (to, 0, 0, from->counts[i]);
}

static void
spread (const Grid *from, const Window *window, Grid *to)
{
  for (int y = from->first[0]; y <= from->last[0]; y++)
    for (int x = from->first[1]; x <= from->last[1]; x++)
      {
        double n = from->counts[y * from->width + x];

        for (int i = 0; i < window->size[0] && n > 0; i++)
          for (int j = 0; j < window->size[1]; j++)
            grid_add (to, y * window->stride[0] - window->before[0] + i * window->dilation[0],
                      x * window->stride[1] - window->before[1] + j * window->dilation[1], n);
      }
}

static void
step_back (const RnModel *model, const RnLayer *layer, Grid *grids)
{
  const Grid *from = &grids[layer->index];

  for (int k = 0; k < layer->n_inputs; k++)
    {
      RnShape input = rn_model_get_input_shape (model, layer->index, k);
      Window window = get_window (layer, &input);
      Grid *to = &grids[layer->inputs[k]];

      grid_open (to, &input);
      if (from->last[0] < 0)
        continue;
      if (layer->output_shape.rank != 3 || layer->kind == RN_LAYER_RESHAPE)
        spread_all (from, to);
      else if (layer->kind == RN_LAYER_MULTIPLY && to->height * to->width == 1)
        gather_all (from, to);
      else
        spread (from, &window, to);
    }
}

/* Between which rows (@axis 0) or columns the field lies, but for its rim. */
static void
find_extent (RnPathField *self, int axis)
{
  int n = axis == 0 ? self->height : self->width;
  g_autofree double *sums = g_new0 (double, n);
  double before = 0, behind = 0;
  int first = 0, last = n - 1;
  int *range = self->box + (axis == 0 ? 0 : 2);

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      sums[axis == 0 ? y : x] += self->shares[y * self->width + x];
  while (first < last && before + sums[first] <= RIM)
    before += sums[first++];
  while (last > first && behind + sums[last] <= RIM)
    behind += sums[last--];
  range[0] = first;
  range[1] = last;
}

/* Takes the counts of the input, which then are shares of their sum. */
static RnPathField *
finish (Grid *grid)
{
  RnPathField *self = g_new0 (RnPathField, 1);
  double sum = 0;

  self->height = grid->height;
  self->width = grid->width;
  self->shares = g_steal_pointer (&grid->counts);
  for (int i = 0; i < self->height * self->width; i++)
    sum += self->shares[i];
  for (int i = 0; i < self->height * self->width && sum > 0; i++)
    self->shares[i] /= sum;
  find_extent (self, 0);
  find_extent (self, 1);

  return self;
}

/**
 * rn_path_field_new:
 * @layer: index of a layer
 * @unit: a unit of it; its channel does not matter
 *
 * Takes some milliseconds: for a worker.
 *
 * Returns: (transfer full): its field
 */
RnPathField *
rn_path_field_new (const RnModel *model, int layer, RnUnit unit)
{
  int input = rn_model_get_input (model)->index;
  g_autofree Grid *grids = g_new0 (Grid, rn_model_get_n_layers (model));
  RnPathField *self;

  g_return_val_if_fail (layer >= 0 && layer < rn_model_get_n_layers (model), NULL);

  grid_open (&grids[layer], &rn_model_get_layer (model, layer)->output_shape);
  grid_open (&grids[input], &rn_model_get_input (model)->output_shape);
  grid_add (&grids[layer], unit.y, unit.x, 1);
  for (int i = layer; i >= 0; i--)
    if (grids[i].counts != NULL)
      {
        step_back (model, rn_model_get_layer (model, i), grids);
        if (i != input)
          g_clear_pointer (&grids[i].counts, g_free);
      }
  self = finish (&grids[input]);

  return self;
}

void
rn_path_field_free (RnPathField *self)
{
  if (self == NULL)
    return;

  g_free (self->shares);
  g_free (self);
}
