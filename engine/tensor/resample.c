/* Separable scaling with a triangle filter that widens with the reduction, so that every pixel of
 * the source counts: what Pillow calls BILINEAR and torchvision's Resize does by default, and what
 * the bundled weights were trained with. The arithmetic is Pillow's too (Pillow's documentation,
 * "Concepts: Filters"; Heckbert, "Fundamentals of texture mapping", 1989): coefficients in 22-bit
 * fixed point, horizontal pass first, rounded to bytes between the passes, so that results agree
 * with it to the byte. */
#include "engine/tensor/resample.h"

#include <math.h>

#include "engine/tensor/memory.h"

#define FRACTION_BITS 22

/* The filter for a range of outputs along one axis. */
typedef struct
{
  int n_outputs;
  int max_taps;
  int *first;  /* [n_outputs]: the first input that counts */
  int *n_taps; /* [n_outputs]: how many count */
  int *taps;   /* [n_outputs][max_taps]: fixed point; they sum to about 1 */
} Filter;

static void
filter_clear (Filter *self)
{
  g_free (self->first);
  g_free (self->n_taps);
  rn_memory_free (self->taps);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

static double
triangle (double x)
{
  return MAX (0, 1 - fabs (x));
}

/* One output's taps: the triangle about its centre, normalised over the inputs that exist. */
static void
set_taps (Filter *self, int output, double center, double scale, int n_inputs)
{
  int first = MAX (0, (int) (center - scale + 0.5));
  int end = MIN (n_inputs, (int) (center + scale + 0.5));
  int *taps = self->taps + (size_t) output * self->max_taps;
  double inverse = 1 / scale;
  double sum = 0;

  for (int i = first; i < end; i++)
    sum += triangle ((i - center + 0.5) * inverse);
  for (int i = first; i < end; i++)
    {
      double tap = triangle ((i - center + 0.5) * inverse) * (1 / sum);

      taps[i - first] = (int) (tap * (1 << FRACTION_BITS) + 0.5);
    }
  self->first[output] = first;
  self->n_taps[output] = end - first;
}

/* The filter from @n_inputs to @n_scaled pixels, for the @n_outputs from @offset on. */
static gboolean
filter_init (Filter *self, int n_inputs, int n_scaled, int offset, int n_outputs, GError **error)
{
  double ratio = (double) n_inputs / n_scaled;
  double scale = MAX (ratio, 1);

  self->n_outputs = n_outputs;
  self->max_taps = (int) ceil (scale) * 2 + 1;
  self->taps = rn_memory_alloc0 ((size_t) n_outputs * self->max_taps * sizeof (int), error);
  if (self->taps == NULL)
    return FALSE;

  self->first = g_new (int, n_outputs);
  self->n_taps = g_new (int, n_outputs);
  for (int i = 0; i < n_outputs; i++)
    set_taps (self, i, (offset + i + 0.5) * ratio, scale, n_inputs);

  return TRUE;
}

static inline guint8
to_byte (int sum)
{
  return (guint8) CLAMP (sum >> FRACTION_BITS, 0, 255);
}

/* rows @first_row … of @source, filtered along x, into @target [n_rows][n_outputs][3] */
static void
pass_horizontal (const Filter *filter,
                 const RnPicture *source,
                 int first_row,
                 int n_rows,
                 guint8 *target)
{
  for (int y = 0; y < n_rows; y++)
    {
      const guint8 *row = source->rgb + (size_t) (first_row + y) * source->width * 3;

      for (int x = 0; x < filter->n_outputs; x++)
        {
          const int *taps = filter->taps + (size_t) x * filter->max_taps;
          const guint8 *pixel = row + (size_t) filter->first[x] * 3;
          int sum[3] = { 1 << (FRACTION_BITS - 1), 1 << (FRACTION_BITS - 1),
                         1 << (FRACTION_BITS - 1) };

          for (int k = 0; k < filter->n_taps[x]; k++, pixel += 3)
            for (int c = 0; c < 3; c++)
              sum[c] += taps[k] * pixel[c];
          for (int c = 0; c < 3; c++)
            *target++ = to_byte (sum[c]);
        }
    }
}

/* @source [rows from first_row on][n_values], filtered along y, into @target [n_outputs][n_values]
 */
static void
pass_vertical (const Filter *filter,
               const guint8 *source,
               int first_row,
               int n_values,
               int *sums,
               guint8 *target)
{
  for (int y = 0; y < filter->n_outputs; y++)
    {
      const int *taps = filter->taps + (size_t) y * filter->max_taps;
      const guint8 *row = source + (size_t) (filter->first[y] - first_row) * n_values;

      for (int i = 0; i < n_values; i++)
        sums[i] = 1 << (FRACTION_BITS - 1);
      for (int k = 0; k < filter->n_taps[y]; k++, row += n_values)
        for (int i = 0; i < n_values; i++)
          sums[i] += taps[k] * row[i];
      for (int i = 0; i < n_values; i++)
        *target++ = to_byte (sums[i]);
    }
}

/**
 * rn_picture_resample:
 * @picture: the source
 * @window: the size to scale it to, and the part of the result that is wanted; the part lies inside
 * @error: set where there is no memory
 *
 * Only what the part needs is computed.
 *
 * Returns: (transfer full) (nullable): the part
 */
RnPicture *
rn_picture_resample (RnPicture *picture, const RnResampleWindow *window, GError **error)
{
  g_auto (Filter) horizontal = { 0 };
  g_auto (Filter) vertical = { 0 };
  g_autoptr (RnPicture) result = NULL;
  g_autofree int *sums = NULL;
  guint8 *rows;
  int first_row, n_rows;

  g_return_val_if_fail (picture != NULL && window != NULL, NULL);
  g_return_val_if_fail (window->x >= 0 && window->x + window->width <= window->scaled_width, NULL);
  g_return_val_if_fail (window->y >= 0 && window->y + window->height <= window->scaled_height,
                        NULL);
  g_return_val_if_fail (window->width > 0 && window->height > 0, NULL);

  if (!filter_init (&horizontal, picture->width, window->scaled_width, window->x, window->width,
                    error) ||
      !filter_init (&vertical, picture->height, window->scaled_height, window->y, window->height,
                    error))
    return NULL;

  first_row = vertical.first[0];
  n_rows = vertical.first[window->height - 1] + vertical.n_taps[window->height - 1] - first_row;
  result = rn_picture_new (window->width, window->height, error);
  if (result == NULL)
    return NULL;
  rows = rn_memory_alloc ((size_t) n_rows * window->width * 3, error);
  if (rows == NULL)
    return NULL;

  sums = g_new (int, (size_t) window->width * 3);
  pass_horizontal (&horizontal, picture, first_row, n_rows, rows);
  pass_vertical (&vertical, rows, first_row, window->width * 3, sums, result->rgb);
  rn_memory_free (rows);

  return g_steal_pointer (&result);
}
