#include "ui/document/run.h"

/* Returns: (transfer full): a run without results; whoever makes it fills it before it is shared */
RnRun *
rn_run_new (RnModel *model, RnPicture *picture)
{
  RnRun *self = g_new0 (RnRun, 1);

  self->ref_count = 1;
  self->model = rn_model_ref (model);
  self->picture = rn_picture_ref (picture);

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
  rn_model_unref (self->model);
  rn_picture_unref (self->picture);
  g_free (self);
}
