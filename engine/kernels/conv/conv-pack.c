/* Packing: the kernel, [height, width, in, out], into panels in the order that they are read in.
 *
 * conv_strip() then reads weights from the first to the last byte of a panel, which the processor's
 * prefetchers foresee. Winograd's filters are transformed on the way.
 *
 * The kernel itself is read in rows of all output channels: some panels are packed side by side, so
 * that each visit takes several lines of the cache from one page. Panel by panel, every row would be
 * a miss of the translation buffer for a line or half of one.
 */
#include "engine/kernels/conv/conv-op-private.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/kernels/conv/phases.h"
#include "engine/kernels/conv/winograd.h"
#include "engine/tensor/dtype.h"
#include "engine/tensor/memory.h"

#define MAX_PANEL 64

/* Panels that are packed side by side. */
#define PANELS_AT_ONCE 8

/* A large page of x86-64, and of arm64 with pages of 4 KiB. */
#define HUGE_PAGE (2 << 20)

typedef struct
{
  RnConvOp *op;
  const RnTensor *kernel;
} Packing;

/* One row of a panel: the weights of @width filters for input channel @channel of their group under
 * place @tap of the window; zeros where either does not exist. */
static void
read_row (const Packing *self, const RnConvPanel *panel, int tap, int channel, float *row)
{
  const RnConvShape *shape = &self->op->shape;
  int n_channels = shape->in_channels / shape->groups;
  int n = CLAMP (shape->out_channels - panel->channel, 0, panel->width);
  gint64 place = ((gint64)tap * n_channels + channel) * shape->out_channels + panel->channel;

  if (channel >= n_channels)
    n = 0;
  if (n > 0)
    rn_dtype_convert_to_f32 (
        self->kernel->dtype,
        (const char *)self->kernel->data + place * rn_dtype_get_size (self->kernel->dtype), n, row);
  memset (row + n, 0, (panel->width - n) * sizeof (float));
}

static void
pack_direct (int chunk, int thread, gpointer data)
{
  const Packing *self = data;
  const RnConvOp *op = self->op;
  int n_taps = op->shape.kernel[0] * op->shape.kernel[1];
  int n_channels = (int)(op->n_rows / n_taps);
  int first = chunk * PANELS_AT_ONCE, end = MIN (first + PANELS_AT_ONCE, op->n_panels);

  for (int tap = 0; tap < n_taps; tap++)
    for (int c = 0; c < n_channels; c++)
      for (int i = first; i < end; i++)
        {
          const RnConvPanel *panel = &op->panels[i];
          gint64 row = (gint64)tap * n_channels + c;

          read_row (self, panel, tap, c, op->weights + panel->weights + row * panel->width);
        }
}

/* Rows of Winograd's filter matrices, see winograd-inline.h: powers of the point over the product
 * of its distances from the others. */
static const float filter_matrix_4[6][3] = {
  { 1, 0, 0 },
  { -2.0f / 3, (float)(-2.0 / 3 * M_SQRT1_2), -1.0f / 3 },
  { -2.0f / 3, (float)(2.0 / 3 * M_SQRT1_2), -1.0f / 3 },
  { 1.0f / 6, (float)(M_SQRT2 / 6), 1.0f / 3 },
  { 1.0f / 6, (float)(-M_SQRT2 / 6), 1.0f / 3 },
  { 0, 0, 1 },
};
static const float filter_matrix_2[4][3] = {
  { 1, 0, 0 },
  { 0.5f, 0.5f, 0.5f },
  { 0.5f, -0.5f, 0.5f },
  { 0, 0, 1 },
};

/* Sixteen lanes of whatever width the compiler has: filters are independent of each other. */
typedef float Lanes __attribute__ ((vector_size (64), may_alias, aligned (4)));

/* Sixteen filters of one input channel, [9][16], to values at all points, @stride floats apart. */
static void
transform_filters (
    const float (*matrix)[3], int size, const float *taps, int width, float *values, gint64 stride)
{
  Lanes half[RN_WINOGRAD_MAX_TILE][3];

  for (int y = 0; y < size; y++)
    for (int x = 0; x < 3; x++)
      half[y][x] = matrix[y][0] * *(const Lanes *)(taps + (gint64) x * width) +
                   matrix[y][1] * *(const Lanes *)(taps + (gint64) (3 + x) * width) +
                   matrix[y][2] * *(const Lanes *)(taps + (gint64) (6 + x) * width);

  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      *(Lanes *)(values + (y * size + x) * stride) =
          matrix[x][0] * half[y][0] + matrix[x][1] * half[y][1] + matrix[x][2] * half[y][2];
}

/* A panel's weights for input channel @c; a panel's are [points][channels][width]. */
static void
pack_winograd_channel (const Packing *self, const RnConvPanel *panel, int c)
{
  const RnConvOp *op = self->op;
  int n_channels = op->in.n_blocks * RN_BLOCK;
  gint64 stride = (gint64)n_channels * panel->width;
  float *out = op->weights + panel->weights + (gint64)c * panel->width;
  _Alignas(64) float taps[9 * MAX_PANEL];
  float narrow[RN_WINOGRAD_MAX_POINTS * RN_BLOCK];
  int size = op->step + 2;
  const float (*matrix)[3] = op->step == 4 ? filter_matrix_4 : filter_matrix_2;

  if (panel->width < RN_BLOCK)
    memset (taps, 0, sizeof taps);
  for (int tap = 0; tap < 9; tap++)
    read_row (self, panel, tap, c, taps + (gint64) tap * MAX (panel->width, RN_BLOCK));

  if (panel->width < RN_BLOCK)
    {
      transform_filters (matrix, size, taps, RN_BLOCK, narrow, RN_BLOCK);
      for (int i = 0; i < size * size; i++)
        memcpy (out + i * stride, narrow + (gint64) i * RN_BLOCK, panel->width * sizeof (float));
      return;
    }
  for (int f = 0; f < panel->width; f += RN_BLOCK)
    transform_filters (matrix, size, taps + f, panel->width, out + f, stride);
}

static void
pack_winograd (int chunk, int thread, gpointer data)
{
  const Packing *self = data;
  const RnConvOp *op = self->op;
  int first = chunk * PANELS_AT_ONCE, end = MIN (first + PANELS_AT_ONCE, op->n_panels);

  for (int c = 0; c < op->in.n_blocks * RN_BLOCK; c++)
    for (int i = first; i < end; i++)
      pack_winograd_channel (self, &op->panels[i], c);
}

/* Rows of F(7, 4)'s filter matrix, see phases-inline.h. */
static void
make_phases_matrix (double matrix[RN_PHASES_POINTS][RN_PHASES_TAPS])
{
  static const double points[RN_PHASES_POINTS - 1] = {
    0, 7.0 / 16, -7.0 / 16, 25.0 / 32, -25.0 / 32, 21.0 / 16, -21.0 / 16, 9.0 / 4, -9.0 / 4,
  };

  for (int i = 0; i < RN_PHASES_POINTS - 1; i++)
    {
      double x = 1;

      for (int l = 0; l < RN_PHASES_POINTS - 1; l++)
        if (l != i)
          x /= points[i] - points[l];
      for (int j = 0; j < RN_PHASES_TAPS; j++, x *= points[i])
        matrix[i][j] = x;
    }
  for (int j = 0; j < RN_PHASES_TAPS; j++)
    matrix[RN_PHASES_POINTS - 1][j] = j == RN_PHASES_TAPS - 1;
}

/* One row of a panel at all points: phase @phase of row @y of the window. Weights of a point are
 * [rows][phases][channels][width]; the last has only the phases that have a fourth tap. */
static void
pack_phase (const Packing *self, const RnConvPanel *panel, int y, int phase, int channel)
{
  const RnConvOp *op = self->op;
  const RnConvShape *shape = &op->shape;
  int place = phase * shape->in_channels + channel;
  float taps[RN_PHASES_TAPS][MAX_PANEL] = { 0 };
  double matrix[RN_PHASES_POINTS][RN_PHASES_TAPS];

  make_phases_matrix (matrix);
  for (int j = 0; 2 * j + phase < shape->kernel[1]; j++)
    read_row (self, panel, y * shape->kernel[1] + 2 * j + phase, channel, taps[j]);

  for (int i = 0; i < RN_PHASES_POINTS; i++)
    {
      gboolean is_last = i == RN_PHASES_POINTS - 1;
      int length = is_last ? op->last_length : op->segment_length;
      gint64 row = (gint64)i * shape->kernel[0] * op->segment_length +
                   (gint64)y * length + place;
      float *out = op->weights + panel->weights + row * panel->width;

      if (place < length)
        for (int f = 0; f < panel->width; f++)
          out[f] = (float)(matrix[i][0] * taps[0][f] + matrix[i][1] * taps[1][f] +
                           matrix[i][2] * taps[2][f] + matrix[i][3] * taps[3][f]);
    }
}

static void
pack_phases (int chunk, int thread, gpointer data)
{
  const Packing *self = data;
  const RnConvOp *op = self->op;
  int first = chunk * PANELS_AT_ONCE, end = MIN (first + PANELS_AT_ONCE, op->n_panels);

  for (int y = 0; y < op->shape.kernel[0]; y++)
    for (int phase = 0; phase < 2; phase++)
      for (int c = 0; c < op->shape.in_channels; c++)
        for (int i = first; i < end; i++)
          pack_phase (self, &op->panels[i], y, phase, c);
}

/* Large weights are on large pages where the system has some: they are read from end to end by
 * every run, and each small page would cost a miss of the translation buffer. */
static gboolean
allocate_weights (RnConvOp *self, GError **error)
{
  gsize n_bytes = self->n_weights * sizeof (float);

  gboolean is_large = n_bytes >= HUGE_PAGE;

  self->weights_block = rn_memory_alloc (n_bytes + (is_large ? HUGE_PAGE : 0), error);
  if (self->weights_block == NULL)
    return FALSE;

  self->weights = self->weights_block;
  if (is_large)
    {
      self->weights =
          (float *)(((guintptr)self->weights_block + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
      madvise (self->weights, n_bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE); /* only a wish */
    }

  return TRUE;
}

/* Fills in the packed weights. @error: set when there is no memory. */
gboolean
rn_conv_pack (RnConvOp *self, const RnConvWeights *weights, RnPool *pool, GError **error)
{
  Packing packing = { self, weights->kernel };

  g_assert (self->kernels->panel <= MAX_PANEL);

  if (!allocate_weights (self, error))
    return FALSE;

  rn_pool_run (pool, (self->n_panels + PANELS_AT_ONCE - 1) / PANELS_AT_ONCE,
               self->algorithm == RN_CONV_DIRECT            ? pack_direct
               : self->algorithm == RN_CONV_WINOGRAD_PHASES ? pack_phases
                                                            : pack_winograd,
               &packing);

  return TRUE;
}
