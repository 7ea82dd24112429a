/* A network that learns.
 *
 * How to use it from a window: make a trainer, set an observer, and call rn_trainer_step() again
 * and again from one thread that is not the main one. To pause, do not call it. To stop, stop
 * calling it; rn_trainer_save() before that keeps the run. What the observer is told are copies:
 * hand them to the main thread. rn_trainer_get_binding() and rn_trainer_save() may be called from
 * any thread at any time; they wait for the step under way.
 */
#pragma once

#include "engine/training/augmentation.h"
#include "engine/training/data-set.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

G_BEGIN_DECLS

#define RN_TRAINER_ERROR (rn_trainer_error_quark ())
GQuark rn_trainer_error_quark (void);

typedef enum
{
  RN_TRAINER_ERROR_MODEL,      /* a model that cannot be trained as a classifier of this data */
  RN_TRAINER_ERROR_DIVERGED,   /* the loss is no number any more */
  RN_TRAINER_ERROR_CHECKPOINT, /* a checkpoint that is damaged or another run's */
} RnTrainerError;

/**
 * RnTrainerOptions:
 * @epochs: times through the training pictures
 * @batch: pictures a step; the last step of an epoch leaves out what does not fill it
 * @threads: 0 for as many as the process may use; results have the same bits with any number
 * @seed: of order and augmentation
 * @weight_decay: L2: so much times the weight is added to the gradient of kernels (not of biases,
 *   gamma and beta), which is Keras' l2 (weight_decay / 2)
 * @label_smoothing: 0 to below 1; of the training loss alone
 * @first_layer: index of the first layer that is trained; those before it stay as they are, batch
 *   norm's running statistics included
 * @measure_every: steps between two measurements of gradients and responses; 0 for none
 * @preprocess: how pixels become input
 */
typedef struct
{
  int epochs;
  int batch;
  int threads;
  guint64 seed;
  RnOptimizerConfig optimizer;
  RnScheduleConfig schedule;
  RnAugmentation augmentation;
  double weight_decay;
  double label_smoothing;
  int first_layer;
  int measure_every;
  RnPreprocess preprocess;
} RnTrainerOptions;

/* He et al. 2015, sec. 4.2, with a one-cycle schedule in place of the steps: what short runs
 * need. */
#define RN_TRAINER_DEFAULTS                                                                        \
  ((RnTrainerOptions) { .epochs = 10,                                                              \
                        .batch = 64,                                                               \
                        .seed = 1,                                                                 \
                        .optimizer = RN_OPTIMIZER_SGD_DEFAULTS,                                    \
                        .schedule = RN_SCHEDULE_DEFAULTS,                                          \
                        .augmentation = { 4, TRUE },                                               \
                        .weight_decay = 1e-4,                                                      \
                        .preprocess = RN_PREPROCESS_UNIT })

/**
 * RnTrainerProbe:
 * @layer: index of the layer whose output was measured: a residual block's last one; in a network
 *   without blocks each ReLU's
 * @gradient_norm: L2 norm of the mean loss's derivative by that output, over the batch
 * @weight_gradient_norm: L2 norm of the derivative by the weights of the block's layers (without
 *   blocks: of the convolution and batch norm before the ReLU)
 * @response: standard deviation of what the last batch norm of the branch puts out (He et al. 2015,
 *   fig. 7: after batch norm, before addition and ReLU); of the output where there is none
 */
typedef struct
{
  int layer;
  double gradient_norm;
  double weight_gradient_norm;
  double response;
} RnTrainerProbe;

/**
 * RnTrainerStep:
 * @step: from 1, over all epochs
 * @epoch: from 1
 * @step_of_epoch: from 1
 * @steps_per_epoch: how many there are
 * @loss: mean over the batch, without weight decay
 * @error: share of the batch that was taken for another class
 * @learning_rate: of this step
 * @ms: how long it took, reading of pictures included
 * @n_probes: 0 in steps that are not measured
 */
typedef struct
{
  gint64 step;
  int epoch, step_of_epoch, steps_per_epoch;
  double loss, error, learning_rate, ms;
  int n_probes;
  const RnTrainerProbe *probes;
} RnTrainerStep;

/**
 * RnTrainerEpoch:
 * @epoch: from 1
 * @loss: mean over the epoch's training pictures as they were learnt from, so is @error
 * @val_loss: over the validation pictures, by the weights at the epoch's end and the running
 *   statistics, without label smoothing; so is @val_error
 * @images_per_s: training pictures a second, without validation
 *
 * Errors are shares: 0.25 is a quarter taken for another class.
 */
typedef struct
{
  int epoch;
  double loss, error, val_loss, val_error, images_per_s;
} RnTrainerEpoch;

typedef struct _RnTrainer RnTrainer;

/**
 * RnTrainerObserver:
 * @step: (nullable): after every step
 * @epoch: (nullable): after every epoch, validation included
 *
 * Called from the thread that trains. What is pointed to is gone after the call.
 */
typedef struct
{
  void (*step) (RnTrainer *trainer, const RnTrainerStep *step, gpointer data);
  void (*epoch) (RnTrainer *trainer, const RnTrainerEpoch *epoch, gpointer data);
  gpointer data;
} RnTrainerObserver;

RnTrainer            *rn_trainer_new          (RnBinding                *binding,
                                               RnDataSet                *training,
                                               RnDataSet                *validation,
                                               const RnTrainerOptions   *options,
                                               GError                  **error);
RnTrainer            *rn_trainer_ref          (RnTrainer                *self);
void                  rn_trainer_unref        (RnTrainer                *self);
void                  rn_trainer_set_observer (RnTrainer                *self,
                                               const RnTrainerObserver  *observer);
gboolean              rn_trainer_step         (RnTrainer                *self,
                                               GCancellable             *cancellable,
                                               GError                  **error);
void                  rn_trainer_measure_next (RnTrainer                *self);
gboolean              rn_trainer_run          (RnTrainer                *self,
                                               GCancellable             *cancellable,
                                               GError                  **error);
gboolean              rn_trainer_is_done      (RnTrainer                *self);
gint64                rn_trainer_get_step     (RnTrainer                *self);
gint64                rn_trainer_get_n_steps  (RnTrainer                *self);
const RnTrainerEpoch *rn_trainer_get_epochs   (RnTrainer                *self,
                                               int                      *n_epochs);
RnModel              *rn_trainer_get_model    (RnTrainer                *self);
RnBinding            *rn_trainer_get_binding  (RnTrainer                *self,
                                               GError                  **error);
gboolean              rn_trainer_save         (RnTrainer                *self,
                                               const char               *path,
                                               GError                  **error);
gboolean              rn_trainer_resume       (RnTrainer                *self,
                                               const char               *path,
                                               GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTrainer, rn_trainer_unref)

G_END_DECLS
