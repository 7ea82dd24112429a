#include "engine/analysis/occlusion.h"

#include <string.h>

/**
 * Occlusion:
 * @input: as it was given; @covered: with a cover
 * @cell: pixels a side of a cell of the map; a cover is two cells wide and high
 * @n: covers in each direction: rows, columns
 * @sums: what all covers over a cell made the probability lose; @counts: how many those are
 */
typedef struct
{
  RnSession *session;
  RnTensor *input, *covered;
  int output, class_index;
  int cell;
  int n[2];
  float mean[16];
  RnTensor *map;
  double *sums;
  int *counts;
} Occlusion;

#define MAX_CHANNELS ((int) G_N_ELEMENTS (((Occlusion *) NULL)->mean))

static void
occlusion_clear (Occlusion *self)
{
  g_clear_pointer (&self->session, rn_session_unref);
  g_clear_pointer (&self->covered, rn_tensor_unref);
  g_clear_pointer (&self->map, rn_tensor_unref);
  g_free (self->sums);
  g_free (self->counts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Occlusion, occlusion_clear)

/* The cover has the picture's mean colour, which is no edge of its own to the network. */
static void
find_mean (Occlusion *self)
{
  gint64 n_channels = self->input->dims[3];
  gint64 n = rn_tensor_get_n_elements (self->input) / n_channels;
  double sums[MAX_CHANNELS] = { 0 };

  for (gint64 i = 0; i < n; i++)
    for (gint64 c = 0; c < n_channels; c++)
      sums[c] += rn_tensor_f32 (self->input)[i * n_channels + c];
  for (gint64 c = 0; c < n_channels; c++)
    self->mean[c] = sums[c] / n;
}

static gboolean
open_occlusion (Occlusion *self, RnBinding *binding, GError **error)
{
  RnSessionOptions options = { .keep = RN_KEEP_OUTPUTS };
  gint64 dims[4] = { 1, self->n[0] + 1, self->n[1] + 1, 1 };

  self->session = rn_session_new (binding, &options, error);
  self->covered = rn_tensor_new (4, self->input->dims, error);
  self->map = self->covered != NULL ? rn_tensor_new (4, dims, error) : NULL;
  if (self->session == NULL || self->map == NULL)
    {
      g_prefix_error (error, "no occlusion map: ");
      return FALSE;
    }

  memset (self->map->data, 0, rn_tensor_get_n_bytes (self->map));
  self->sums = g_new0 (double, dims[1] * dims[2]);
  self->counts = g_new0 (int, dims[1] * dims[2]);
  find_mean (self);

  return TRUE;
}

/* What the class gets for @input; a negative number with @error set where the run ends early. */
static double
run (Occlusion *self, RnTensor *input, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnTensor) scores = NULL;

  if (!rn_session_run (self->session, input, cancellable, error))
    return -1;

  scores = rn_session_get_activation (self->session, self->output, error);

  return scores != NULL ? rn_tensor_f32 (scores)[self->class_index] : -1;
}

static void
cover (Occlusion *self, int row, int column)
{
  int height = (int) self->input->dims[1], width = (int) self->input->dims[2];
  int n_channels = (int) self->input->dims[3];
  int bottom = MIN ((row + 2) * self->cell, height), right = MIN ((column + 2) * self->cell, width);

  memcpy (self->covered->data, self->input->data, rn_tensor_get_n_bytes (self->input));
  for (int y = row * self->cell; y < bottom; y++)
    for (int x = column * self->cell; x < right; x++)
      memcpy (rn_tensor_f32 (self->covered) + ((gint64) y * width + x) * n_channels, self->mean,
              n_channels * sizeof (float));
}

/* A cell is as important as the covers over it are on average. */
static void
note_loss (Occlusion *self, int row, int column, double loss)
{
  int n_columns = self->n[1] + 1;

  for (int i = row; i < row + 2; i++)
    for (int j = column; j < column + 2; j++)
      {
        int at = i * n_columns + j;

        self->sums[at] += loss;
        self->counts[at]++;
        rn_tensor_f32 (self->map)[at] = self->sums[at] / self->counts[at];
      }
}

/**
 * rn_occlusion_run:
 * @input: one picture as the network takes it, [1, H, W, C]
 * @class_index: which of the classifier's outputs
 * @cover: height and width in pixels of what covers the picture; it moves by half of that
 * @func: (nullable): told after each cover
 *
 * Covers one part of the picture after the other with its mean colour and runs the network (Zeiler
 * and Fergus 2014, "Visualizing and Understanding Convolutional Networks", arXiv:1311.2901, sec.
 * 4.2). Costs a run for each cover: 169 for 224 pixels and covers of 32.
 *
 * Returns: (transfer full) (nullable): F32 [1, rows, columns, 1] for the whole picture: how much
 *   probability the class loses, on average, where a cell is covered; negative where it gains.
 *   %NULL with an error, %G_IO_ERROR_CANCELLED among them
 */
RnTensor *
rn_occlusion_run (RnBinding *binding,
                  RnTensor *input,
                  int class_index,
                  int cover_size,
                  RnOcclusionFunc func,
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto (Occlusion) self = { .input = input, .class_index = class_index };
  const RnModel *model = rn_binding_get_model (binding);
  double base;
  int done = 0;

  g_return_val_if_fail (input != NULL && input->rank == 4 && input->dims[0] == 1, NULL);
  g_return_val_if_fail (input->dims[3] <= MAX_CHANNELS && cover_size >= 2, NULL);

  self.cell = cover_size / 2;
  self.output = rn_model_get_output (model, 0)->index;
  for (int axis = 0; axis < 2; axis++)
    self.n[axis] = MAX ((input->dims[axis + 1] + self.cell - 1) / self.cell - 1, 1);
  if (!open_occlusion (&self, binding, error))
    return NULL;
  base = run (&self, input, cancellable, error);
  if (base < 0)
    return NULL;

  for (int i = 0; i < self.n[0]; i++)
    for (int j = 0; j < self.n[1]; j++)
      {
        double left;

        cover (&self, i, j);
        left = run (&self, self.covered, cancellable, error);
        if (left < 0)
          return NULL;
        note_loss (&self, i, j, base - left);
        if (func != NULL)
          func (++done, self.n[0] * self.n[1], self.map, data);
      }

  return g_steal_pointer (&self.map);
}
