/* How the learning rate changes while a network learns. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RN_SCHEDULE_CONSTANT,
  RN_SCHEDULE_STEP,      /* a tenth at 1/2 and again at 3/4 of the steps (He et al. 2015, sec. 4.2) */
  RN_SCHEDULE_COSINE,    /* half a cosine down to zero (Loshchilov and Hutter 2017) */
  RN_SCHEDULE_ONE_CYCLE, /* up for 3/10, down for the rest (Smith and Topin 2017) */
  RN_N_SCHEDULES
} RnScheduleKind;

/**
 * RnScheduleConfig:
 * @learning_rate: the largest
 * @warm_up: share of all steps over which the rate rises linearly from nothing first; 0 to 1
 */
typedef struct
{
  RnScheduleKind kind;
  double learning_rate;
  double warm_up;
} RnScheduleConfig;

#define RN_SCHEDULE_DEFAULTS { RN_SCHEDULE_ONE_CYCLE, 0.1, 0 }

double      rn_schedule_get_rate  (const RnScheduleConfig *self,
                                   gint64                  step,
                                   gint64                  n_steps);
const char *rn_schedule_get_name  (RnScheduleKind          kind);
gboolean    rn_schedule_from_name (const char             *name,
                                   RnScheduleKind         *kind,
                                   GError                **error);

G_END_DECLS
