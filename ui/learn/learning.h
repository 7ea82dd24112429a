/* Two networks that learn side by side: what the learn view shows.
 *
 * One worker, at a low priority, takes a step of each network in turn with all threads, so that both
 * are always at the same step and neither is starved. What it finds comes to the main thread in
 * bunches: "changed" is emitted there at most some ten times a second, and everything that the
 * getters return stays as it is until the next "changed".
 *
 * How a lesson uses it: activate the main window's action `win.learn-with` with a text such as
 * "nets=plain20,resnet20-paper; data=shapes; pictures=2000; epochs=4; run" (the window opens, the
 * fields are set, and with `run` both start; see rn_learning_apply()). Take the object by
 * rn_learn_actions_get_learning(), wait for "changed", and read rn_learning_get_state() and the
 * quantities below.
 */
#pragma once

#include "engine/tensor/weights.h"
#include "ui/learn/learn-setup.h"
#include "ui/learn/learn-shot.h"

G_BEGIN_DECLS

typedef enum
{
  RN_LEARN_IDLE,    /* nothing was started, or what was has been cleared */
  RN_LEARN_LOADING, /* pictures are read */
  RN_LEARN_RUNNING,
  RN_LEARN_PAUSED,
  RN_LEARN_DONE,    /* all epochs are done */
  RN_LEARN_STOPPED, /* by the user; what was found stays */
  RN_LEARN_FAILED,  /* no network goes on: see rn_learning_get_error() */
} RnLearnState;

/**
 * RnLearnStep:
 * @epoch: how far the run was after this step: 1.5 is half-way through the second epoch
 * @loss: mean over the batch
 * @error: share of the batch that was taken for another class
 */
typedef struct
{
  gint64 step;
  double epoch;
  double loss, error, learning_rate;
} RnLearnStep;

#define RN_TYPE_LEARNING (rn_learning_get_type ())
G_DECLARE_FINAL_TYPE (RnLearning, rn_learning, RN, LEARNING, GObject)

RnLearning           *rn_learning_new               (const char          *reader_program,
                                                     const char          *folder);

/* What to do. */
const RnLearnSetup   *rn_learning_get_setup         (RnLearning          *self);
gboolean              rn_learning_set_setup         (RnLearning          *self,
                                                     const RnLearnSetup  *setup,
                                                     GError             **error);
gboolean              rn_learning_apply             (RnLearning          *self,
                                                     const char          *text,
                                                     GError             **error);
void                  rn_learning_start             (RnLearning          *self);
gboolean              rn_learning_can_resume        (RnLearning          *self);
gboolean              rn_learning_resume            (RnLearning          *self,
                                                     GError             **error);
void                  rn_learning_pause             (RnLearning          *self);
void                  rn_learning_step              (RnLearning          *self);
void                  rn_learning_stop              (RnLearning          *self);

/* How it goes. */
RnLearnState          rn_learning_get_state         (RnLearning          *self);
gboolean              rn_learning_is_active         (RnLearning          *self);
double                rn_learning_get_share         (RnLearning          *self);
const char           *rn_learning_get_error         (RnLearning          *self);
const char           *rn_learning_get_run_error     (RnLearning          *self,
                                                     int                  run);
const char           *rn_learning_get_warning       (RnLearning          *self);
void                  rn_learning_get_loaded        (RnLearning          *self,
                                                     int                 *done,
                                                     int                 *total);
const char *const    *rn_learning_get_labels        (RnLearning          *self);
int                   rn_learning_get_n_pictures    (RnLearning          *self,
                                                     gboolean             validation);
double                rn_learning_get_images_per_s  (RnLearning          *self,
                                                     int                  run);

/* What was found. */
const RnLearnStep    *rn_learning_get_steps         (RnLearning          *self,
                                                     int                  run,
                                                     int                 *n_steps);
const RnTrainerEpoch *rn_learning_get_epochs        (RnLearning          *self,
                                                     int                  run,
                                                     int                 *n_epochs);
int                   rn_learning_get_n_shots       (RnLearning          *self);
RnLearnShot          *rn_learning_get_shot          (RnLearning          *self,
                                                     int                  run,
                                                     int                  index);
gsize                 rn_learning_get_shots_memory  (RnLearning          *self);
RnModel              *rn_learning_get_model         (RnLearning          *self,
                                                     int                  run);
const RnLearnSetup   *rn_learning_get_results_setup (RnLearning          *self);
gint64                rn_learning_get_n_steps       (RnLearning          *self,
                                                     int                  run);

/* The numbers that a lesson asks for. */
double                rn_learning_get_train_error   (RnLearning          *self,
                                                     int                  run);
double                rn_learning_get_val_error     (RnLearning          *self,
                                                     int                  run);
int                   rn_learning_get_n_blocks      (RnLearning          *self,
                                                     int                  run);
double                rn_learning_get_gradient_norm (RnLearning          *self,
                                                     int                  run,
                                                     int                  block);
double                rn_learning_get_response      (RnLearning          *self,
                                                     int                  run,
                                                     int                  block);

/* What is looked at. */
int                   rn_learning_get_shown         (RnLearning          *self);
void                  rn_learning_set_shown         (RnLearning          *self,
                                                     int                  index);
RnLearnShot          *rn_learning_get_shown_shot    (RnLearning          *self,
                                                     int                  run);
int                   rn_learning_get_picture       (RnLearning          *self);
void                  rn_learning_set_picture       (RnLearning          *self,
                                                     int                  index);

/* What is kept. */
void                  rn_learning_save_async        (RnLearning          *self,
                                                     int                  run,
                                                     const char          *path,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
gboolean              rn_learning_save_finish       (RnLearning          *self,
                                                     GAsyncResult        *result,
                                                     GError             **error);

G_END_DECLS
