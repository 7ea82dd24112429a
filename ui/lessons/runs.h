/* What the networks of a lesson have learnt, wherever they learnt it. */
#pragma once

#include "ui/learn/learn-report.h"

G_BEGIN_DECLS

/**
 * RnLessonRuns:
 *
 * The last result of each network: taken over from the learn view, or computed. Any thread may use
 * it; the functions that compute take their time.
 */
typedef struct _RnLessonRuns RnLessonRuns;

RnLessonRuns *rn_lesson_runs_new         (void);
void          rn_lesson_runs_free        (RnLessonRuns         *self);
void          rn_lesson_runs_set_brief   (RnLessonRuns         *self,
                                          const char           *brief);
gboolean      rn_lesson_runs_is_brief    (RnLessonRuns         *self);
char         *rn_lesson_runs_complete    (RnLessonRuns         *self,
                                          const char           *setup);
void          rn_lesson_runs_take        (RnLessonRuns         *self,
                                          const RnLearnReport  *report);
gboolean      rn_lesson_runs_find        (RnLessonRuns         *self,
                                          const char           *net,
                                          RnLearnResult        *result);
gboolean      rn_lesson_runs_learn       (RnLessonRuns         *self,
                                          const char           *setup,
                                          GError              **error);
gboolean      rn_lesson_runs_find_first  (RnLessonRuns         *self,
                                          const char           *setup,
                                          const char           *net,
                                          RnLearnResult        *result,
                                          GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLessonRuns, rn_lesson_runs_free)

G_END_DECLS
