/* A lesson's networks, set up in the learn view. */
#include "ui/tutor/tutor-private.h"

/* Whether somebody lets networks learn that no step of the lesson is about. */
static gboolean
is_taken (RnTutor *self)
{
  const RnLearnSetup *setup = rn_learning_get_setup (self->learning);

  for (guint i = 0; i < self->lesson->steps->len; i++)
    {
      const RnStep *step = rn_lesson_get_step (self->lesson, i);
      g_auto (RnLearnSetup) own = { 0 };

      rn_learn_setup_init (&own);
      if (step->learn != NULL && rn_learn_setup_parse (&own, step->learn, NULL) &&
          rn_learn_setup_is_alike (&own, setup))
        return FALSE;
    }

  return rn_learning_is_active (self->learning);
}

/* Whether the networks that are wanted learn, or have learnt, whatever else was set: then they
 * stay. */
static gboolean
has_begun (RnLearning *learning, const RnLearnSetup *wanted)
{
  const RnLearnSetup *results = rn_learning_get_results_setup (learning);

  if (!rn_learn_setup_is_alike (wanted, rn_learning_get_setup (learning)))
    return FALSE;

  return rn_learning_is_active (learning) ||
         (results != NULL && rn_learn_setup_is_alike (wanted, results));
}

/* Begins, or goes on; what is done is done. */
static void
start (RnLearning *learning)
{
  const RnLearnSetup *results = rn_learning_get_results_setup (learning);
  RnLearnState state = rn_learning_get_state (learning);
  gboolean own = results != NULL &&
                 rn_learn_setup_is_alike (results, rn_learning_get_setup (learning));

  if (state == RN_LEARN_RUNNING || state == RN_LEARN_LOADING || (state == RN_LEARN_DONE && own))
    return;
  rn_learning_start (learning);
}

/**
 * rn_tutor_set_up_learning:
 * @asked: whether somebody asked for it
 * @now: whether both networks start, or go on
 *
 * Sets the step's networks up, unless they are. Others that learn are left in peace where nobody
 * asked.
 */
void
rn_tutor_set_up_learning (RnTutor *self, gboolean asked, gboolean now)
{
  const RnStep *step = rn_tutor_get_step_shown (self);
  g_auto (RnLearnSetup) wanted = { 0 };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (self->learning == NULL)
    return;
  text = rn_lesson_runs_complete (rn_lab_get_runs (self->lab), step->learn);
  rn_learn_setup_init (&wanted);
  if (!rn_learn_setup_parse (&wanted, text, &error))
    rn_document_report (self->document, error->message);
  else if (!has_begun (self->learning, &wanted))
    {
      if (!asked && is_taken (self))
        return;
      rn_learning_apply (self->learning, text, &error);
    }
  if (error == NULL && now)
    start (self->learning);
}

/**
 * rn_tutor_set_learning:
 * @learning: what the learn view shows
 */
void
rn_tutor_set_learning (RnTutor *self, RnLearning *learning)
{
  g_set_object (&self->learning, learning);
}

/* For tests: see rn_lesson_runs_set_brief(); of lessons that are opened from now on. */
void
rn_tutor_set_brief (RnTutor *self, const char *brief)
{
  g_free (self->brief);
  self->brief = g_strdup (brief);
}
