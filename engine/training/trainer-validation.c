/* How well a network that is being trained does on pictures that it does not learn from. */
#include <math.h>
#include <string.h>

#include "engine/runtime/session.h"
#include "engine/training/trainer-private.h"

/* Pictures at a time. */
#define VALIDATION_BATCH 32

/* The validation pictures from @first on. */
static RnTensor *
get_inputs (RnTrainer *self, int first, int n, GError **error)
{
  RnDataSet *set = self->validation;
  gsize size = (gsize) set->height * set->width * 3;
  g_autoptr (RnTensor) inputs =
      rn_tensor_new (4, (gint64[]) { n, set->height, set->width, 3 }, error);

  for (int i = 0; inputs != NULL && i < n; i++)
    {
      g_autoptr (RnPicture) picture = rn_data_set_get_picture (set, first + i, error);
      g_autoptr (RnTensor) input =
          picture != NULL ? rn_picture_to_input (picture, set->height, set->width, 3,
                                                 self->options.preprocess, error)
                          : NULL;

      if (input == NULL)
        return NULL;
      memcpy (rn_tensor_f32 (inputs) + i * size, rn_tensor_f32 (input), size * sizeof (float));
    }

  return g_steal_pointer (&inputs);
}

static void
judge (const RnTensor *output, const guint16 *class_of, RnTrainerEpoch *epoch)
{
  int n_classes = (int) output->dims[1];

  for (gint64 i = 0; i < output->dims[0]; i++)
    {
      const float *p = rn_tensor_f32 (output) + i * n_classes;
      int best = 0;

      for (int c = 1; c < n_classes; c++)
        if (p[c] > p[best])
          best = c;
      epoch->val_error += best != class_of[i];
      epoch->val_loss -= log (MAX (p[class_of[i]], 1e-30));
    }
}

/* By a session, which is what makes predictions, so that they are the same. */
gboolean
rn_trainer_validate (RnTrainer *self,
                     GCancellable *cancellable,
                     RnTrainerEpoch *epoch,
                     GError **error)
{
  RnSessionOptions options = { .n_threads = self->options.threads, .keep = RN_KEEP_OUTPUTS };
  int output = rn_model_get_output (self->model, 0)->index, n = self->validation->n_pictures;
  g_autoptr (RnBinding) binding = rn_trainer_get_binding (self, error);
  g_autoptr (RnSession) session =
      binding != NULL ? rn_session_new (binding, &options, error) : NULL;

  if (session == NULL)
    return FALSE;
  for (int first = 0; first < n; first += VALIDATION_BATCH)
    {
      g_autoptr (RnTensor) inputs =
          get_inputs (self, first, MIN (VALIDATION_BATCH, n - first), error);
      g_autoptr (RnTensor) activation = NULL;

      if (inputs == NULL || !rn_session_run (session, inputs, cancellable, error))
        return FALSE;
      activation = rn_session_get_activation (session, output, error);
      if (activation == NULL)
        return FALSE;
      judge (activation, self->validation->class_of + first, epoch);
    }
  epoch->val_error /= n;
  epoch->val_loss /= n;

  return TRUE;
}
