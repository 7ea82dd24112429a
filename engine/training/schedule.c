#include "engine/training/schedule.h"

#include <math.h>

static const char *const names[RN_N_SCHEDULES] = { "constant", "step", "cosine", "one-cycle" };

#define RISE 0.3       /* of one cycle */
#define START (1 / 25.0) /* of the largest rate; as PyTorch's OneCycleLR */
#define END 1e-4

/* From @a to @b along half a cosine. */
static double
along_cosine (double a, double b, double t)
{
  return b + (a - b) * (1 + cos (G_PI * t)) / 2;
}

/**
 * rn_schedule_get_rate:
 * @step: from 0
 * @n_steps: of the whole run
 *
 * Returns: the learning rate of that step
 */
double
rn_schedule_get_rate (const RnScheduleConfig *self, gint64 step, gint64 n_steps)
{
  double t = n_steps > 1 ? (double) step / n_steps : 0, rate = self->learning_rate;

  if (t < self->warm_up)
    return rate * (step + 1) / (self->warm_up * n_steps + 1);
  if (self->warm_up > 0)
    t = (t - self->warm_up) / (1 - self->warm_up);

  switch (self->kind)
    {
    case RN_SCHEDULE_STEP:
      return rate * (t < 0.5 ? 1 : t < 0.75 ? 0.1 : 0.01);
    case RN_SCHEDULE_COSINE:
      return along_cosine (rate, 0, t);
    case RN_SCHEDULE_ONE_CYCLE:
      return t < RISE ? along_cosine (rate * START, rate, t / RISE)
                      : along_cosine (rate, rate * END, (t - RISE) / (1 - RISE));
    default:
      return rate;
    }
}

const char *
rn_schedule_get_name (RnScheduleKind kind)
{
  g_return_val_if_fail ((guint) kind < RN_N_SCHEDULES, NULL);

  return names[kind];
}

/**
 * rn_schedule_from_name:
 * @name: "constant", "step", "cosine" or "one-cycle"
 * @kind: (out): which it is
 *
 * Returns: whether @name is known
 */
gboolean
rn_schedule_from_name (const char *name, RnScheduleKind *kind, GError **error)
{
  for (int i = 0; i < RN_N_SCHEDULES; i++)
    if (g_str_equal (name, names[i]))
      {
        *kind = i;
        return TRUE;
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "no schedule “%s”: constant, step, cosine or one-cycle would be right", name);

  return FALSE;
}
