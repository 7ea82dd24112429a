#include "engine/kernels/conv/conv-op-private.h"

#include "engine/tensor/memory.h"

/* Ways of computing, from the fewest multiplications to the one that does every shape. Winograd's
 * transforms pay from this many channels on, and F(4x4)'s large tiles from this many pixels on:
 * below, too much of a tile lies outside the output. */
#define WINOGRAD_MIN_CHANNELS 32
#define WINOGRAD_4_MIN_SIZE 11

/* Tiles of seven pay where rows have more than one and a half of them; sums of fewer terms leave
 * the rounding error of the transforms no margin. */
#define PHASES_MIN_WIDTH 11
#define PHASES_MIN_TERMS 7

static RnConvAlgorithm
choose_algorithm (const RnConvShape *shape, gboolean plain_input, int n_threads)
{
  if (rn_conv_phases_can (shape, plain_input) && shape->out_width >= PHASES_MIN_WIDTH &&
      shape->kernel[0] * shape->in_channels >= PHASES_MIN_TERMS)
    return RN_CONV_WINOGRAD_PHASES;
  if (!rn_conv_winograd_can (shape, plain_input) || shape->in_channels < WINOGRAD_MIN_CHANNELS ||
      shape->out_channels < WINOGRAD_MIN_CHANNELS)
    return RN_CONV_DIRECT;
  if (MIN (shape->out_height, shape->out_width) >= WINOGRAD_4_MIN_SIZE)
    return RN_CONV_WINOGRAD_4;
  return RN_CONV_WINOGRAD_2;
}

/**
 * rn_conv_op_can:
 * @shape: sizes
 * @plain_input: whether the input is NHWC (a picture), else blocked
 * @algorithm: a way of computing
 *
 * The steps of falling back: Winograd does 3x3 windows of stride 1, and by phases
 * windows of seven or eight columns of a picture, two columns a step; the direct way does every
 * window, stride, dilation and padding, groups where they are whole blocks of channels, and plain
 * input without groups; what is left (depthwise, narrow groups) is for the generic kernels.
 *
 * Returns: whether @algorithm can compute @shape; for %RN_CONV_AUTO, whether any can
 */
gboolean
rn_conv_op_can (const RnConvShape *shape, gboolean plain_input, RnConvAlgorithm algorithm)
{
  g_return_val_if_fail (shape != NULL, FALSE);

  switch (algorithm)
    {
    case RN_CONV_WINOGRAD_4:
    case RN_CONV_WINOGRAD_2:
      return rn_conv_winograd_can (shape, plain_input);
    case RN_CONV_WINOGRAD_PHASES:
      return rn_conv_phases_can (shape, plain_input);
    default:
      return rn_conv_direct_can (shape, plain_input);
    }
}

/* Cuts the output channels into panels that no group's border runs through. */
static void
make_panels (RnConvOp *self)
{
  int groups = self->shape.groups;
  int n_channels = self->out.n_blocks * RN_BLOCK / groups;
  int n_blocks = self->in.n_blocks / groups;
  int per_group = (n_channels + self->kernels->panel - 1) / self->kernels->panel;

  self->n_panels = groups * per_group;
  self->panels = g_new0 (RnConvPanel, self->n_panels);
  for (int i = 0; i < self->n_panels; i++)
    {
      int first = i % per_group * self->kernels->panel;

      self->panels[i] = (RnConvPanel){
        .channel = i / per_group * n_channels + first,
        .width = MIN (n_channels - first, self->kernels->panel),
        .first_block = i / per_group * n_blocks,
      };
    }
}

static void
place_panels (RnConvOp *self)
{
  self->n_weights = 0;
  for (int i = 0; i < self->n_panels; i++)
    {
      self->panels[i].weights = self->n_weights;
      self->n_weights += self->n_rows * self->panels[i].width;
    }
}

static gboolean
make_epilogue (RnConvOp *self, const RnConvWeights *weights, GError **error)
{
  int n = self->shape.out_channels;
  int n_filled = self->out.n_blocks * RN_BLOCK;

  self->bias = rn_memory_alloc0 ((gsize) 3 * n_filled * sizeof (float), error);
  if (self->bias == NULL)
    return FALSE;

  self->scale = self->bias + n_filled;
  self->shift = self->scale + n_filled;
  for (int c = 0; c < n; c++)
    {
      self->bias[c] = weights->bias != NULL ? weights->bias[c] : 0;
      self->scale[c] = weights->scale != NULL ? weights->scale[c] : 1;
      self->shift[c] = self->bias[c] * self->scale[c];
      if (weights->shift != NULL)
        self->shift[c] += weights->shift[c];
    }

  return TRUE;
}

/**
 * rn_conv_op_new:
 * @shape: sizes that rn_conv_op_can() accepts
 * @plain_input: whether the input will be NHWC (a picture), else blocked
 * @weights: what the layer knows; copied, float16 converted on the way
 * @algorithm: %RN_CONV_AUTO, or one that rn_conv_op_can() accepts
 * @kernels: the instruction set to use
 * @pool: who packs; its number of threads is what the choice of algorithm goes by
 * @error: set when there is no memory
 *
 * Returns: (transfer full) (nullable): the operator
 */
RnConvOp *
rn_conv_op_new (const RnConvShape *shape,
                gboolean plain_input,
                const RnConvWeights *weights,
                RnConvAlgorithm algorithm,
                const RnKernels *kernels,
                RnPool *pool,
                GError **error)
{
  g_autoptr (RnConvOp) self = NULL;

  g_return_val_if_fail (shape != NULL && weights != NULL && kernels != NULL && pool != NULL, NULL);
  g_return_val_if_fail (rn_conv_op_can (shape, plain_input, algorithm), NULL);

  self = g_new0 (RnConvOp, 1);
  self->ref_count = 1;
  self->shape = *shape;
  self->plain_input = plain_input;
  self->kernels = kernels;
  self->in = rn_blocked_make (shape->batch, shape->in_height, shape->in_width, shape->in_channels);
  self->out =
      rn_blocked_make (shape->batch, shape->out_height, shape->out_width, shape->out_channels);
  self->algorithm = algorithm != RN_CONV_AUTO
                        ? algorithm
                        : choose_algorithm (shape, plain_input, rn_pool_get_n_threads (pool));

  make_panels (self);
  if (self->algorithm == RN_CONV_DIRECT)
    rn_conv_direct_prepare (self);
  else if (self->algorithm == RN_CONV_WINOGRAD_PHASES)
    rn_conv_phases_prepare (self, rn_pool_get_n_threads (pool));
  else
    rn_conv_winograd_prepare (self, rn_pool_get_n_threads (pool));
  place_panels (self);

  if (!make_epilogue (self, weights, error) || !rn_conv_pack (self, weights, pool, error))
    return NULL;

  return g_steal_pointer (&self);
}

RnConvOp *
rn_conv_op_ref (RnConvOp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_conv_op_unref (RnConvOp *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_memory_free (self->weights_block);
  rn_memory_free (self->bias);
  g_free (self->panels);
  g_free (self->segments);
  g_free (self->pixels);
  g_free (self->out_pixels);
  g_free (self);
}

/**
 * rn_conv_op_get_algorithm:
 *
 * Returns: the way of computing that was chosen
 */
RnConvAlgorithm
rn_conv_op_get_algorithm (const RnConvOp *self)
{
  g_return_val_if_fail (self != NULL, RN_CONV_AUTO);

  return self->algorithm;
}

/**
 * rn_conv_op_get_input:
 *
 * Returns: (transfer none): the input's layout; meaningless where the input is plain
 */
const RnBlocked *
rn_conv_op_get_input (const RnConvOp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->in;
}

/**
 * rn_conv_op_get_output:
 *
 * Returns: (transfer none): the output's layout, and that of the residual and of every tap
 */
const RnBlocked *
rn_conv_op_get_output (const RnConvOp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->out;
}

/**
 * rn_conv_op_get_scratch_size:
 *
 * Returns: bytes of #RnConvArgs.scratch that a run on as many threads as the pool given to
 *   rn_conv_op_new() takes; operators that run one after another may share it
 */
gsize
rn_conv_op_get_scratch_size (const RnConvOp *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->scratch_size;
}

/**
 * rn_conv_op_get_weights_size:
 *
 * Returns: bytes of packed weights
 */
gsize
rn_conv_op_get_weights_size (const RnConvOp *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_weights * sizeof (float);
}

RnConvSegment *
rn_conv_segments_new (int n_segments)
{
  return g_new0 (RnConvSegment, n_segments + RN_CONV_AHEAD);
}

/* Fills in the segments beyond the end; @tile: floats from a tile's input to the next one's. */
void
rn_conv_segments_extend (RnConvSegment *segments, int n_segments, gint64 tile)
{
  for (int i = 0; i < RN_CONV_AHEAD; i++)
    segments[n_segments + i].input = segments[MIN (i, n_segments - 1)].input + tile;
}

gboolean
rn_conv_op_is_cancelled (const RnConvArgs *args)
{
  return args->cancelled != NULL && g_atomic_int_get (args->cancelled) != 0;
}

/* Fills in where @panel of @picture goes; @place: floats from the output plane's start. */
void
rn_conv_op_begin_strip (const RnConvOp *self,
                        const RnConvArgs *args,
                        int picture,
                        int panel,
                        gint64 place,
                        RnConvStrip *strip,
                        RnConvTaps *taps)
{
  int channel = self->panels[panel].channel;
  gint64 offset = picture * self->out.picture + channel / RN_BLOCK * self->out.plane +
                  channel % RN_BLOCK + place;

  strip->width = self->panels[panel].width;
  strip->output = args->output + offset;
  strip->out_plane = self->out.plane;
  strip->residual = args->residual != NULL ? args->residual + offset : NULL;
  strip->scale = self->scale + channel;
  strip->shift = self->shift + channel;
  strip->relu = args->relu;
  strip->taps = NULL;

  if (args->conv_tap == NULL && args->norm_tap == NULL && args->sum_tap == NULL)
    return;

  taps->conv = args->conv_tap != NULL ? args->conv_tap + offset : NULL;
  taps->norm = args->norm_tap != NULL ? args->norm_tap + offset : NULL;
  taps->sum = args->sum_tap != NULL ? args->sum_tap + offset : NULL;
  taps->bias = self->bias + channel;
  strip->taps = taps;
}

/**
 * rn_conv_op_run:
 * @self: an operator
 * @args: buffers, epilogue, pool
 *
 * Returns: %FALSE if the run was cancelled; the output is then undefined inside its border
 */
gboolean
rn_conv_op_run (const RnConvOp *self, const RnConvArgs *args)
{
  g_return_val_if_fail (self != NULL && args != NULL, FALSE);
  g_return_val_if_fail (args->input != NULL && args->output != NULL && args->pool != NULL, FALSE);
  g_return_val_if_fail (args->scratch != NULL || self->scratch_size == 0, FALSE);

  if (self->algorithm == RN_CONV_DIRECT)
    return rn_conv_direct_run (self, args);
  if (self->algorithm == RN_CONV_WINOGRAD_PHASES)
    return rn_conv_phases_run (self, args);
  return rn_conv_winograd_run (self, args);
}
