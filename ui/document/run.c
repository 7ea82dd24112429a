#include "ui/document/run.h"

/* Returns: (transfer full): a run without results; whoever makes it fills it before it is shared */
RnRun *
rn_run_new (RnModel *model, RnPicture *picture, const char *const *edits)
{
  RnRun *self = g_new0 (RnRun, 1);

  self->ref_count = 1;
  self->model = rn_model_ref (model);
  self->picture = rn_picture_ref (picture);
  self->edits = g_strdupv ((char **) edits);
  self->layer_ms = g_new0 (double, rn_model_get_n_layers (model));

  return self;
}

RnRun *
rn_run_ref (RnRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_run_unref (RnRun *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int i = 0; i < self->n_predictions; i++)
    g_free (self->predictions[i].label);
  g_clear_pointer (&self->before, rn_run_unref);
  g_strfreev (self->edits);
  g_free (self->lost);
  g_free (self->probabilities);
  rn_model_unref (self->model);
  rn_picture_unref (self->picture);
  g_free (self->layer_ms);
  g_free (self);
}

/* Whether this is what @picture and @edits give. */
gboolean
rn_run_is_of (const RnRun *self, const RnPicture *picture, const char *const *edits)
{
  return self->picture == picture && g_strv_equal ((const char *const *) self->edits, edits);
}

/* Whether a layer of the model was part of the network as it was edited. */
gboolean
rn_run_has_layer (const RnRun *self, int layer)
{
  return self->lost == NULL || !self->lost[layer];
}
