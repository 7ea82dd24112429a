#include "ui/lessons/runs.h"

struct _RnLessonRuns
{
  GMutex lock; /* of what follows */
  char *brief;
  GHashTable *last;    /* network → RnLearnResult */
  GHashTable *reports; /* "steps setup" → RnLearnReport that was computed */
};

static void
result_free (gpointer data)
{
  rn_learn_result_clear (data);
  g_free (data);
}

RnLessonRuns *
rn_lesson_runs_new (void)
{
  RnLessonRuns *self = g_new0 (RnLessonRuns, 1);

  g_mutex_init (&self->lock);
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, result_free);
  self->reports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)rn_learn_report_free);

  return self;
}

void
rn_lesson_runs_free (RnLessonRuns *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->last);
  g_hash_table_unref (self->reports);
  g_mutex_clear (&self->lock);
  g_free (self->brief);
  g_free (self);
}

/**
 * rn_lesson_runs_set_brief:
 * @brief: (nullable): fields of a setup that take the place of every setup's own, such as
 *   "pictures=32; epochs=1", for those who want to see that all goes its way, not what comes out
 *
 * Before anything learns.
 */
void
rn_lesson_runs_set_brief (RnLessonRuns *self, const char *brief)
{
  g_free (self->brief);
  self->brief = g_strdup (brief);
}

gboolean
rn_lesson_runs_is_brief (RnLessonRuns *self)
{
  return self->brief != NULL;
}

/* Returns: (transfer full): what is learnt where a lesson says @setup */
char *
rn_lesson_runs_complete (RnLessonRuns *self, const char *setup)
{
  return g_strdup_printf ("%s; %s", setup, self->brief != NULL ? self->brief : "");
}

static void
take (RnLessonRuns *self, const RnLearnReport *report)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      RnLearnResult *result = g_new0 (RnLearnResult, 1);

      rn_learn_result_copy (&report->results[r], result);
      g_hash_table_replace (self->last, result->net, result);
    }
}

/* Both networks' results become their last ones. */
void
rn_lesson_runs_take (RnLessonRuns *self, const RnLearnReport *report)
{
  g_mutex_lock (&self->lock);
  take (self, report);
  g_mutex_unlock (&self->lock);
}

/**
 * rn_lesson_runs_find:
 * @result: (out): cleared by the caller
 *
 * Returns: whether the network has been seen learning
 */
gboolean
rn_lesson_runs_find (RnLessonRuns *self, const char *net, RnLearnResult *result)
{
  const RnLearnResult *found;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->last, net);
  if (found != NULL)
    rn_learn_result_copy (found, result);
  g_mutex_unlock (&self->lock);

  return found != NULL;
}

/* The report on a setup after so many steps, computed once. */
static const RnLearnReport *
compute (RnLessonRuns *self, const char *setup, int most_steps, GError **error)
{
  g_auto (RnLearnSetup) parsed = { 0 };
  g_autofree char *text = rn_lesson_runs_complete (self, setup);
  g_autofree char *key = g_strdup_printf ("%d %s", most_steps, text);
  RnLearnReport *report = g_hash_table_lookup (self->reports, key);

  if (report != NULL)
    return report;

  rn_learn_setup_init (&parsed);
  if (!rn_learn_setup_parse (&parsed, text, error))
    return NULL;
  report = rn_learn_report_compute (&parsed, most_steps, error);
  if (report != NULL)
    g_hash_table_insert (self->reports, g_steal_pointer (&key), report);

  return report;
}

/**
 * rn_lesson_runs_learn:
 * @setup: of a step's focus
 *
 * Lets both networks learn to the end, as a student would in the learn view.
 */
gboolean
rn_lesson_runs_learn (RnLessonRuns *self, const char *setup, GError **error)
{
  const RnLearnReport *report;

  g_mutex_lock (&self->lock);
  report = compute (self, setup, 0, error);
  if (report != NULL)
    take (self, report);
  g_mutex_unlock (&self->lock);

  return report != NULL;
}

/**
 * rn_lesson_runs_find_first:
 * @setup: how a network learns; its networks do not matter
 * @result: (out): cleared by the caller
 *
 * What is measured of @net in the first step of all, whoever has learnt what.
 */
gboolean
rn_lesson_runs_find_first (RnLessonRuns *self,
                           const char *setup,
                           const char *net,
                           RnLearnResult *result,
                           GError **error)
{
  g_autofree char *text = g_strdup_printf ("%s; nets=%s,plain8", setup, net);
  const RnLearnReport *report;

  g_mutex_lock (&self->lock);
  report = compute (self, text, 1, error);
  if (report != NULL)
    rn_learn_result_copy (&report->results[0], result);
  g_mutex_unlock (&self->lock);

  return report != NULL;
}
