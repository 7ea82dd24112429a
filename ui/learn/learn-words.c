#include "ui/learn/learn-words.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/learn/learn-figures.h"

static char *
describe_progress (RnLearning *self)
{
  int n_steps, n_other;
  const RnLearnStep *steps = rn_learning_get_steps (self, 0, &n_steps);
  const RnLearnStep *other = rn_learning_get_steps (self, 1, &n_other);
  const RnLearnStep *last = NULL;
  GString *text = g_string_new (NULL);

  if (n_steps > 0)
    last = &steps[n_steps - 1];
  if (n_other > 0 && (last == NULL || other[n_other - 1].step > last->step))
    last = &other[n_other - 1];
  if (last != NULL)
    g_string_append_printf (text, _ ("epoch %.1f of %d · step %d"), last->epoch,
                            rn_learning_get_setup (self)->epochs, (int)last->step);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      double error = rn_learning_get_val_error (self, r);

      if (!isnan (error))
        g_string_append_printf (text, _ (" · %c errs in %.1f %%"), 'A' + r, 100 * error);
    }

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): what the networks are doing, and how far they are */
char *
rn_learn_describe_state (RnLearning *self)
{
  g_autofree char *progress = describe_progress (self);
  int done, total;

  switch (rn_learning_get_state (self))
    {
    case RN_LEARN_LOADING:
      rn_learning_get_loaded (self, &done, &total);
      return total > 0 ? g_strdup_printf (_ ("reading pictures: %d of %d"), done, total)
                       : g_strdup (_ ("getting ready"));
    case RN_LEARN_RUNNING:
      return g_strdup (progress);
    case RN_LEARN_PAUSED:
      return g_strdup_printf ("%s · %s", _ ("paused"), progress);
    case RN_LEARN_DONE:
      return g_strdup_printf ("%s · %s", _ ("done"), progress);
    case RN_LEARN_STOPPED:
    case RN_LEARN_FAILED:
      return g_strdup_printf ("%s · %s", _ ("stopped"), progress);
    case RN_LEARN_IDLE:
    default:
      return g_strdup (_ ("Choose two networks and start them."));
    }
}

/* Returns: (transfer full): what a screen reader says of the curves */
char *
rn_learn_describe_errors (RnLearning *self)
{
  GString *text = g_string_new (NULL);

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autofree char *title = rn_learn_get_title (self, r);
      double error = rn_learning_get_train_error (self, r);

      if (!isnan (error))
        g_string_append_printf (text, _ ("%s: training %.1f %%, validation %.1f %%. "), title,
                                100 * error, 100 * rn_learning_get_val_error (self, r));
    }

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): likewise of the bars */
char *
rn_learn_describe_blocks (RnLearning *self, gboolean responses)
{
  GString *text = g_string_new (NULL);

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnLearnShot *shot = rn_learning_get_shown_shot (self, r);
      g_autofree char *title = rn_learn_get_title (self, r);
      const RnLearnBar *last;

      if (shot == NULL || shot->n_bars == 0)
        continue;
      last = &shot->bars[shot->n_bars - 1];
      g_string_append_printf (text, _ ("%s: first block %.3g, last block %.3g. "), title,
                              responses ? shot->bars[0].response : shot->bars[0].gradient,
                              responses ? last->response : last->gradient);
    }

  return g_string_free (text, FALSE);
}
