#include "engine/training/trainer.h"

#include <math.h>
#include <string.h>

#include "engine/training/trainer-private.h"

G_DEFINE_QUARK (rn - trainer - error - quark, rn_trainer_error)

static gboolean
check_fit (RnModel *model, const RnDataSet *set, GError **error)
{
  const RnShape *in = &rn_model_get_input (model)->output_shape;
  int n_classes = rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape);

  if (in->rank == 3 && in->dims[0] == set->height && in->dims[1] == set->width &&
      in->dims[2] == 3 && n_classes == set->n_classes)
    return TRUE;
  g_set_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_MODEL,
               "%s takes %d×%d×%d and knows %d classes, %s has pictures of %d×%d×3 in %d classes; "
               "the same would be right",
               rn_model_get_name (model), in->dims[0], in->dims[1], in->dims[2], n_classes,
               set->name, set->height, set->width, set->n_classes);

  return FALSE;
}

static gboolean
check_options (const RnTrainerOptions *options, const RnDataSet *training, GError **error)
{
  const char *fault = NULL;

  if (options->epochs < 1 || options->epochs > 100000)
    fault = "1 to 100000 epochs would be right";
  else if (options->batch < 1 || options->batch > training->n_pictures)
    fault = "a batch from 1 picture to as many as there are to learn from would be right";
  else if (!(options->schedule.learning_rate > 0 && options->schedule.learning_rate < 1e3))
    fault = "a learning rate above 0 would be right, e.g. 0.1";
  else if (!(options->label_smoothing >= 0 && options->label_smoothing < 1))
    fault = "label smoothing from 0 to below 1 would be right";
  else if (!(options->weight_decay >= 0 && options->weight_decay < 1))
    fault = "weight decay from 0 to below 1 would be right";
  else if (!(options->augmentation.crop >= 0 && options->augmentation.crop < 1) ||
           options->augmentation.shift < 0)
    fault = "a shift from 0 and a crop from 0 to below 1 would be right";
  if (fault == NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, fault);

  return FALSE;
}

static gboolean
prepare (RnTrainer *self, GError **error)
{
  RnTapeOptions options = { .batch = self->options.batch,
                            .training = TRUE,
                            .first_layer = self->options.first_layer };
  RnIsa isa;

  if (!rn_isa_choose (&isa, error))
    return FALSE;
  options.kernels = rn_kernels_get (isa);
  self->parameters = rn_parameters_new (self->binding, error);
  if (self->parameters == NULL)
    return FALSE;
  self->tape = rn_tape_new (self->binding, self->parameters, self->pool, &options, error);
  if (self->tape == NULL)
    return FALSE;
  self->optimizer = rn_optimizer_new (&self->options.optimizer, self->parameters,
                                      self->options.first_layer, error);

  return self->optimizer != NULL;
}

/**
 * rn_trainer_new:
 * @binding: the model and the weights to start from, e.g. rn_weights_new_random()
 * @training: what to learn from; pictures of the model's input size, as many classes as its output
 * @validation: (nullable): what to test by after every epoch
 * @error: set to %RN_TRAINER_ERROR_MODEL, %RN_TAPE_ERROR, %G_IO_ERROR_INVALID_ARGUMENT or
 *   %RN_MEMORY_ERROR
 *
 * Returns: (transfer full) (nullable): before its first step
 */
RnTrainer *
rn_trainer_new (RnBinding *binding,
                RnDataSet *training,
                RnDataSet *validation,
                const RnTrainerOptions *options,
                GError **error)
{
  g_autoptr (RnTrainer) self = NULL;

  g_return_val_if_fail (binding != NULL && training != NULL && options != NULL, NULL);

  if (!check_fit (rn_binding_get_model (binding), training, error) ||
      (validation != NULL && !check_fit (rn_binding_get_model (binding), validation, error)) ||
      !check_options (options, training, error))
    return NULL;
  self = g_new0 (RnTrainer, 1);
  self->ref_count = 1;
  self->model = rn_model_ref (rn_binding_get_model (binding));
  self->binding = rn_binding_ref (binding);
  self->training = rn_data_set_ref (training);
  self->validation = validation != NULL ? rn_data_set_ref (validation) : NULL;
  self->options = *options;
  self->pool = rn_pool_new (options->threads);
  g_mutex_init (&self->mutex);
  self->steps_per_epoch = training->n_pictures / options->batch;
  self->order = g_new (int, training->n_pictures);
  self->order_epoch = -1;
  self->epochs = g_array_new (FALSE, TRUE, sizeof (RnTrainerEpoch));
  self->probes = g_array_new (FALSE, TRUE, sizeof (RnTrainerProbe));
  if (!prepare (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

RnTrainer *
rn_trainer_ref (RnTrainer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_trainer_unref (RnTrainer *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->tape, rn_tape_free);
  g_clear_pointer (&self->optimizer, rn_optimizer_free);
  g_clear_pointer (&self->parameters, rn_parameters_free);
  g_clear_pointer (&self->validation, rn_data_set_unref);
  rn_data_set_unref (self->training);
  rn_pool_unref (self->pool);
  rn_binding_unref (self->binding);
  rn_model_unref (self->model);
  g_array_unref (self->epochs);
  g_array_unref (self->probes);
  g_free (self->order);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Who is told; %NULL for nobody. */
void
rn_trainer_set_observer (RnTrainer *self, const RnTrainerObserver *observer)
{
  g_return_if_fail (self != NULL);

  self->observer = observer != NULL ? *observer : (RnTrainerObserver) { 0 };
}

/* A shuffle (Fisher and Yates) that follows from seed and epoch, so that a resumed run goes on with
 * the same pictures. */
static void
shuffle (RnTrainer *self, int epoch)
{
  int n = self->training->n_pictures;
  RnRandom random;

  if (self->order_epoch == epoch)
    return;
  rn_random_init (&random, self->options.seed, (guint64) epoch + 1);
  for (int i = 0; i < n; i++)
    self->order[i] = i;
  for (int i = n - 1; i > 0; i--)
    {
      int j = (int) (rn_random_uniform (&random) * (i + 1)), swapped = self->order[i];

      self->order[i] = self->order[j];
      self->order[j] = swapped;
    }
  self->order_epoch = epoch;
}

typedef struct
{
  RnTrainer *self;
  int epoch;
  int first; /* place in the epoch's order */
} Batch;

/* One picture, seen anew, as the network's input. */
static void
fill_picture (int i, int thread, gpointer data)
{
  const Batch *batch = data;
  RnTrainer *self = batch->self;
  RnDataSet *set = self->training;
  int place = batch->first + i, index = self->order[place];
  gsize size = (gsize) set->height * set->width * 3;
  g_autoptr (RnPicture) picture = rn_data_set_get_picture (set, index, NULL);
  g_autoptr (RnPicture) view = rn_picture_new (set->width, set->height, NULL);
  g_autoptr (RnTensor) input = NULL;
  RnRandom random;

  if (picture == NULL || view == NULL)
    return;
  rn_random_init (&random, self->options.seed ^ G_GUINT64_CONSTANT (0x5eed),
                  (guint64) batch->epoch * set->n_pictures + place);
  rn_augmentation_apply (&self->options.augmentation, &random, picture->rgb, set->height,
                         set->width, view->rgb);
  input = rn_picture_to_input (view, set->height, set->width, 3, self->options.preprocess, NULL);
  if (input == NULL)
    return;
  memcpy (rn_tape_get_input (self->tape) + i * rn_tape_get_input_stride (self->tape),
          rn_tensor_f32 (input), size * sizeof (float));
  rn_tape_get_classes (self->tape)[i] = set->class_of[index];
}

static void
fill_batch (RnTrainer *self, int epoch, int step_of_epoch)
{
  Batch batch = { self, epoch, step_of_epoch * self->options.batch };

  shuffle (self, epoch);
  rn_pool_run (self->pool, self->options.batch, fill_picture, &batch);
}

static gboolean
report_diverged (RnTrainer *self, GError **error)
{
  int layer = rn_tape_find_not_finite (self->tape);

  self->diverged = TRUE;
  g_set_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_DIVERGED,
               "step %" G_GINT64_FORMAT ": the loss is no number any more, first in layer “%s”; a "
               "smaller learning rate (now %g), a warm-up or a larger batch would be right",
               self->step + 1, layer >= 0 ? rn_model_get_layer (self->model, layer)->name : "loss",
               self->options.schedule.learning_rate);

  return FALSE;
}

static gboolean
has_finite_gradient (RnTrainer *self)
{
  double sum = 0;

  for (gint64 i = 0; i < self->parameters->n; i++)
    sum += self->parameters->gradient[i];

  return isfinite (sum);
}

/* The step itself; the weights change only if all numbers are finite. */
static gboolean
take_step (RnTrainer *self, RnTrainerStep *report, GError **error)
{
  gint64 n_steps = rn_trainer_get_n_steps (self), start = g_get_monotonic_time ();
  int every = self->options.measure_every, wrong;
  int epoch = (int) (self->step / self->steps_per_epoch);
  int step_of_epoch = (int) (self->step % self->steps_per_epoch);
  gboolean asked = g_atomic_int_exchange (&self->measure_next, FALSE);
  gboolean measured = asked || (every > 0 && self->step % every == 0);

  fill_batch (self, epoch, step_of_epoch);
  report->loss = rn_tape_forward (self->tape, self->options.label_smoothing,
                                  self->options.seed + self->step, &wrong);
  if (!isfinite (report->loss))
    return report_diverged (self, error);
  rn_tape_backward (self->tape, measured);
  if (!has_finite_gradient (self))
    return report_diverged (self, error);
  if (measured)
    rn_trainer_probe (self);
  report->learning_rate = rn_schedule_get_rate (&self->options.schedule, self->step, n_steps);
  rn_optimizer_step (self->optimizer, self->parameters, report->learning_rate,
                     self->options.weight_decay, self->pool);
  rn_tape_update_statistics (self->tape);

  report->step = ++self->step;
  report->epoch = epoch + 1;
  report->step_of_epoch = step_of_epoch + 1;
  report->steps_per_epoch = self->steps_per_epoch;
  report->error = wrong / (double) self->options.batch;
  report->ms = (g_get_monotonic_time () - start) / 1e3;
  report->n_probes = measured ? (int) self->probes->len : 0;
  report->probes = (const RnTrainerProbe *) self->probes->data;
  self->sum_of_losses += report->loss;
  self->n_wrong += wrong;
  self->seconds += report->ms / 1e3;

  return TRUE;
}

static gboolean
end_epoch (RnTrainer *self, GCancellable *cancellable, GError **error)
{
  RnTrainerEpoch epoch = { .epoch = (int) (self->step / self->steps_per_epoch) };
  double n = (double) self->steps_per_epoch * self->options.batch;

  epoch.loss = self->sum_of_losses / self->steps_per_epoch;
  epoch.error = self->n_wrong / n;
  epoch.images_per_s = n / MAX (self->seconds, 1e-9);
  if (self->validation != NULL && !rn_trainer_validate (self, cancellable, &epoch, error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->sum_of_losses = self->seconds = 0;
  self->n_wrong = 0;
  g_array_append_val (self->epochs, epoch);
  g_mutex_unlock (&self->mutex);
  if (self->observer.epoch != NULL)
    self->observer.epoch (self, &epoch, self->observer.data);

  return TRUE;
}

/* Whether the last epoch's steps are done and its validation is not, which a cancel can lead to. */
static gboolean
owes_epoch (RnTrainer *self)
{
  return self->step % self->steps_per_epoch == 0 &&
         self->step / self->steps_per_epoch > self->epochs->len;
}

/* Has the next step measured, whatever the options say. Any thread may ask. */
void
rn_trainer_measure_next (RnTrainer *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_int_set (&self->measure_next, TRUE);
}

/* Steps done, before a resumed run was broken off included. */
gint64
rn_trainer_get_step (RnTrainer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->step;
}

/**
 * rn_trainer_step:
 * @cancellable: (nullable): looked at before the step and during validation
 * @error: set to %RN_TRAINER_ERROR_DIVERGED (the weights are then those before this step), to
 *   %G_IO_ERROR_CANCELLED, or to what went wrong in validation
 *
 * Learns from one batch, and after the last one of an epoch validates. Blocks: call it from a
 * thread of your own, always the same one at a time.
 *
 * Returns: whether it was done; nothing is done, with success, once all epochs are
 */
gboolean
rn_trainer_step (RnTrainer *self, GCancellable *cancellable, GError **error)
{
  RnTrainerStep report = { 0 };
  gboolean done;

  g_return_val_if_fail (self != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (owes_epoch (self))
    return end_epoch (self, cancellable, error);
  if (rn_trainer_is_done (self))
    return TRUE;

  g_mutex_lock (&self->mutex);
  done = take_step (self, &report, error);
  g_mutex_unlock (&self->mutex);
  if (!done)
    return FALSE;
  if (self->observer.step != NULL)
    self->observer.step (self, &report, self->observer.data);

  return !owes_epoch (self) || end_epoch (self, cancellable, error);
}

/**
 * rn_trainer_run:
 *
 * Takes steps until all epochs are done, @cancellable is cancelled or something goes wrong.
 *
 * Returns: whether all epochs are done; else @error as rn_trainer_step()
 */
gboolean
rn_trainer_run (RnTrainer *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  while (!rn_trainer_is_done (self))
    if (!rn_trainer_step (self, cancellable, error))
      return FALSE;

  return TRUE;
}

gboolean
rn_trainer_is_done (RnTrainer *self)
{
  return self->step >= rn_trainer_get_n_steps (self) && !owes_epoch (self);
}

/* Steps of all epochs. */
gint64
rn_trainer_get_n_steps (RnTrainer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (gint64) self->steps_per_epoch * self->options.epochs;
}

/**
 * rn_trainer_get_epochs:
 * @n_epochs: (out): how many have been done, before a resumed run was broken off included
 *
 * Returns: (transfer none): good until the next step
 */
const RnTrainerEpoch *
rn_trainer_get_epochs (RnTrainer *self, int *n_epochs)
{
  g_return_val_if_fail (self != NULL && n_epochs != NULL, NULL);

  *n_epochs = (int) self->epochs->len;
  return (const RnTrainerEpoch *) self->epochs->data;
}

RnModel *
rn_trainer_get_model (RnTrainer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->model;
}

static void
describe (RnTrainer *self, RnWeightsInfo *info)
{
  RnDataSet *set = self->training;
  const RnWeightsInfo *from = rn_weights_get_info (rn_binding_get_weights (self->binding));

  *info = (RnWeightsInfo) { .trained = TRUE,
                            .epsilon = from->epsilon, /* batch norm was trained with it */
                            .license = from->license,
                            .input_size = set->height == set->width ? set->height : 0,
                            .n_classes = set->n_classes,
                            .classes = set->classes,
                            .labels = set->labels };
  info->name = g_strdup_printf ("%s trained on %s", rn_model_get_name (self->model), set->name);
  info->origin = g_strdup_printf ("trained here on %s for %.1f epochs", set->name,
                                  self->step / (double) self->steps_per_epoch);
  info->preprocess = g_strdup (rn_preprocess_get_name (self->options.preprocess));
}

/**
 * rn_trainer_get_binding:
 * @error: set where there is no memory
 *
 * May be called from any thread; waits for the step under way.
 *
 * Returns: (transfer full) (nullable): the model with a copy of the weights as they are now, which
 *   know their classes, pre-processing and origin: to be shown, run or saved
 */
RnBinding *
rn_trainer_get_binding (RnTrainer *self, GError **error)
{
  g_autoptr (RnWeights) weights = NULL;
  RnWeightsInfo info;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  describe (self, &info);
  weights = rn_parameters_to_weights (self->parameters, &info, error);
  g_mutex_unlock (&self->mutex);
  g_free (info.name);
  g_free (info.origin);
  g_free (info.preprocess);

  return weights != NULL ? rn_binding_new (self->model, weights, error) : NULL;
}
