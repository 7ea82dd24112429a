#include "ui/learn/learn-report.h"

#include <math.h>

#include "ui/learn/learn-start.h"

void
rn_learn_result_copy (const RnLearnResult *from, RnLearnResult *to)
{
  *to = *from;
  to->net = g_strdup (from->net);
  to->bars = g_memdup2 (from->bars, from->n_bars * sizeof *from->bars);
}

void
rn_learn_result_clear (RnLearnResult *self)
{
  g_clear_pointer (&self->net, g_free);
  g_clear_pointer (&self->bars, g_free);
}

void
rn_learn_report_free (RnLearnReport *self)
{
  if (self == NULL)
    return;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    rn_learn_result_clear (&self->results[r]);
  rn_learn_setup_clear (&self->setup);
  g_free (self);
}

static void
take_bars (RnLearnResult *self, const RnLearnShot *shot)
{
  g_free (self->bars);
  self->n_bars = shot->n_bars;
  self->bars = g_memdup2 (shot->bars, shot->n_bars * sizeof *shot->bars);
}

static void
take_epochs (RnLearnResult *self, const RnTrainerEpoch *epochs, int n)
{
  self->n_epochs = n;
  self->train_error = n > 0 ? epochs[n - 1].error : NAN;
  self->val_error = n > 0 ? epochs[n - 1].val_error : NAN;
}

/**
 * rn_learn_report_new:
 *
 * Returns: (transfer full) (nullable): what the networks of the last run that has any have learnt
 *   by now; %NULL where there was none
 */
RnLearnReport *
rn_learn_report_new (RnLearning *learning)
{
  const RnLearnSetup *setup = rn_learning_get_results_setup (learning);
  RnLearnReport *self;

  if (setup == NULL)
    return NULL;

  self = g_new0 (RnLearnReport, 1);
  rn_learn_setup_copy (setup, &self->setup);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      RnLearnResult *result = &self->results[r];
      int n_epochs, n_steps;
      const RnTrainerEpoch *epochs = rn_learning_get_epochs (learning, r, &n_epochs);
      const RnLearnStep *steps = rn_learning_get_steps (learning, r, &n_steps);
      const RnLearnShot *shot = rn_learning_get_shot (learning, r, -1);

      result->net = g_strdup (setup->nets[r]);
      result->n_steps = n_steps > 0 ? steps[n_steps - 1].step : 0;
      result->all_steps = rn_learning_get_n_steps (learning, r);
      take_epochs (result, epochs, n_epochs);
      if (shot != NULL)
        take_bars (result, shot);
    }

  return self;
}

/* Of the last step that was measured. */
static void
on_step (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  g_autoptr (RnLearnShot) shot = NULL;

  if (step->n_probes == 0)
    return;
  shot = rn_learn_shot_new ();
  rn_learn_shot_set_bars (shot, rn_trainer_get_model (trainer), step->probes, step->n_probes);
  take_bars (data, shot);
}

static gboolean
learn (RnLearnResult *self, RnTrainer *trainer, int most_steps, GError **error)
{
  const RnTrainerObserver observer = { .step = on_step, .data = self };
  const RnTrainerEpoch *epochs;
  int n_epochs;

  self->all_steps = rn_trainer_get_n_steps (trainer);
  rn_trainer_set_observer (trainer, &observer);
  while (!rn_trainer_is_done (trainer) && (most_steps == 0 || self->n_steps < most_steps))
    {
      if (self->n_steps == 0 || self->n_steps + 1 == self->all_steps)
        rn_trainer_measure_next (trainer);
      if (!rn_trainer_step (trainer, NULL, error))
        return FALSE;
      self->n_steps = rn_trainer_get_step (trainer);
    }
  epochs = rn_trainer_get_epochs (trainer, &n_epochs);
  take_epochs (self, epochs, n_epochs);

  return TRUE;
}

/**
 * rn_learn_report_compute:
 * @most_steps: how many at most; 0 to the end
 *
 * Lets both networks learn here and now, which takes its time: the same numbers come out as in the
 * learn view. Measured are the first and the last step.
 */
RnLearnReport *
rn_learn_report_compute (const RnLearnSetup *setup, int most_steps, GError **error)
{
  const RnTrainDataReading how = { 0 };
  g_autoptr (RnLearnReport) self = g_new0 (RnLearnReport, 1);
  g_autoptr (RnDataSet) training = NULL;
  g_autoptr (RnDataSet) validation = NULL;

  rn_learn_setup_copy (setup, &self->setup);
  if (!rn_learn_setup_load (setup, &how, &training, &validation, error))
    return NULL;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autoptr (RnTrainer) trainer =
          rn_learn_setup_new_trainer (setup, r, training, validation, error);

      self->results[r].net = g_strdup (setup->nets[r]);
      if (trainer == NULL || !learn (&self->results[r], trainer, most_steps, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}
