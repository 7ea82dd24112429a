#include "ui/learn/learn-start.h"

#include "engine/model/catalog.h"

#define VALIDATION_SHARE 5
#define SIZE 32

static gboolean
is_shapes (const RnLearnSetup *self)
{
  return g_str_equal (self->data, "shapes");
}

/**
 * rn_learn_setup_load:
 * @how: how pictures of files are read
 * @training: (out): so many pictures as the setup says, or all
 * @validation: (out): a fifth of that
 */
gboolean
rn_learn_setup_load (const RnLearnSetup *self,
                     const RnTrainDataReading *how,
                     RnDataSet **training,
                     RnDataSet **validation,
                     GError **error)
{
  int n = self->n_pictures;
  g_autoptr (RnTrainData) data =
      rn_train_data_open (self->data, self->seed, n > 0 ? n : RN_LEARN_SHAPES, error);

  if (data == NULL)
    return FALSE;
  if (n > 0)
    rn_train_data_take_part (data, n, MAX (n / VALIDATION_SHARE, 1), self->seed);

  return rn_train_data_load (data, SIZE, SIZE, training, validation, how, error);
}

/**
 * rn_learn_setup_new_trainer:
 * @run: which of the networks
 *
 * The same setup gives the same numbers, whoever trains.
 *
 * Returns: (transfer full) (nullable): before its first step
 */
RnTrainer *
rn_learn_setup_new_trainer (const RnLearnSetup *self,
                            int run,
                            RnDataSet *training,
                            RnDataSet *validation,
                            GError **error)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;

  variant.classes = training->n_classes;
  variant.input_size = SIZE;
  model = rn_catalog_build (self->nets[run], &variant, error);
  weights = model != NULL ? rn_weights_new_random (model, (guint32)self->seed, error) : NULL;
  binding = weights != NULL ? rn_binding_new (model, weights, error) : NULL;
  if (binding == NULL)
    return NULL;
  options.epochs = self->epochs;
  options.batch = MIN (self->batch, training->n_pictures);
  options.seed = self->seed;
  options.schedule.kind = self->schedule;
  options.schedule.learning_rate = self->learning_rate;
  /* Shapes lie anywhere as it is, and mean the same when their borders do not move in. */
  if (is_shapes (self))
    options.augmentation = (RnAugmentation){ 0 };

  return rn_trainer_new (binding, training, validation, &options, error);
}
