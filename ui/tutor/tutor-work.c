#include "ui/tutor/tutor-work.h"

#include "ui/lessons/lesson-text.h"

static void
work_free (gpointer data)
{
  RnTutorWork *self = data;

  rn_answer_clear (&self->answer);
  g_free (self->text);
  g_strfreev (self->options);
  rn_verdict_clear (&self->verdict);
  rn_lab_unref (self->lab);
  rn_lesson_unref (self->lesson);
  g_free (self->network_id);
  g_clear_pointer (&self->binding, rn_binding_unref);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_clear_pointer (&self->report, rn_learn_report_free);
  g_free (self);
}

/* Whether it is one of the lesson's pairs of networks that learns the lesson's pictures. How long,
 * and of how many, is left to whoever lets it learn. */
static gboolean
is_of_lesson (const RnLesson *lesson, const RnLearnSetup *setup)
{
  for (guint i = 0; setup != NULL && i < lesson->steps->len; i++)
    {
      const RnStep *step = rn_lesson_get_step (lesson, i);
      g_auto (RnLearnSetup) wanted = { 0 };

      if (step->learn == NULL)
        continue;
      rn_learn_setup_init (&wanted);
      if (rn_learn_setup_parse (&wanted, step->learn, NULL) &&
          rn_learn_setup_is_alike (&wanted, setup))
        return TRUE;
    }

  return FALSE;
}

/**
 * rn_tutor_work_new:
 * @document: whose picture, and whose network, is asked
 * @learning: (nullable): whose networks are, as far as they are the lesson's
 *
 * Returns: (transfer full): to be given to rn_tutor_work_async()
 */
RnTutorWork *
rn_tutor_work_new (
    RnTutorQuestion question, RnLab *lab, RnLesson *lesson, int step, RnDocument *document,
    RnLearning *learning)
{
  RnTutorWork *self = g_new0 (RnTutorWork, 1);
  RnNetwork *network = rn_document_get_network (document);
  RnPicture *picture = rn_document_get_picture (document);

  self->question = question;
  self->answer = RN_ANSWER_INIT;
  self->lab = rn_lab_ref (lab);
  self->lesson = rn_lesson_ref (lesson);
  self->step = rn_lesson_get_step (lesson, step);
  if (network != NULL && rn_network_get_binding (network) != NULL)
    {
      self->network_id = g_strdup (rn_network_get_id (network));
      self->binding = rn_binding_ref (rn_network_get_binding (network));
    }
  if (picture != NULL)
    self->picture = rn_picture_ref (picture);
  if (learning != NULL && is_of_lesson (lesson, rn_learning_get_results_setup (learning)))
    self->report = rn_learn_report_new (learning);

  return self;
}

static gboolean
render_options (RnTutorWork *self, const RnQuantities *quantities, GError **error)
{
  GPtrArray *options = self->step->task != NULL ? self->step->task->options : NULL;

  self->options = g_new0 (char *, (options != NULL ? options->len : 0) + 1);
  for (guint i = 0; options != NULL && i < options->len; i++)
    {
      const RnOption *option = g_ptr_array_index (options, i);

      self->options[i] = rn_lesson_text_render (option->text, quantities, error);
      if (self->options[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
do_work (RnTutorWork *self, GError **error)
{
  const RnTask *task = self->step->task;
  const RnQuantities quantities = { self->lab, rn_lesson_get_model (self->lesson, self->step), -1,
                                    0, 0, self->step->learn, FALSE };

  if (self->binding != NULL &&
      !rn_lab_set_network (self->lab, self->network_id, self->binding, error))
    return FALSE;
  if (self->picture != NULL)
    rn_lab_set_picture (self->lab, self->picture);
  if (self->report != NULL)
    rn_lesson_runs_take (rn_lab_get_runs (self->lab), self->report);

  if (self->question == RN_TUTOR_JUDGE)
    return rn_task_judge (task, &quantities, self->lesson->language, &self->answer, &self->verdict,
                          error);
  if (self->question == RN_TUTOR_HELP)
    {
      self->text = rn_lesson_text_render (
          self->stage < 2 ? task->hints[self->stage] : task->solution, &quantities, error);
      return self->text != NULL;
    }

  self->text = rn_lesson_text_render (self->step->text, &quantities, error);

  return self->text != NULL && render_options (self, &quantities, error);
}

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (do_work (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* @work: (transfer full) */
void
rn_tutor_work_async (RnTutorWork *work,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, rn_tutor_work_async);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, work_in_thread);
}

/* Returns: (transfer none): the work with its results, as long as @result lives */
RnTutorWork *
rn_tutor_work_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? g_task_get_task_data (G_TASK (result))
                                                           : NULL;
}
