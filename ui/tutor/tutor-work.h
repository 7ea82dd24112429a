/* The tutor's questions to the engine, asked on a worker. */
#pragma once

#include "ui/document/document.h"
#include "ui/learn/learn-report.h"
#include "ui/lessons/judge.h"
#include "ui/lessons/lesson.h"

G_BEGIN_DECLS

typedef enum
{
  RN_TUTOR_RENDER, /* a step's text and options */
  RN_TUTOR_HELP,   /* one stage of help */
  RN_TUTOR_JUDGE,  /* an answer */
} RnTutorQuestion;

/**
 * RnTutorWork:
 * @stage: of %RN_TUTOR_HELP: 0 and 1 the hints, 2 the solution
 * @answer: of %RN_TUTOR_JUDGE
 * @text: (out): the rendered step, or the help
 * @options: (out): the rendered options; none where there are none
 * @verdict: (out): of %RN_TUTOR_JUDGE
 */
typedef struct
{
  RnTutorQuestion question;
  int stage;
  RnAnswer answer;
  char *text;
  char **options;
  RnVerdict verdict;

  /*< private >*/
  RnLab *lab;
  RnLesson *lesson;
  const RnStep *step;
  char *network_id;
  RnBinding *binding;
  RnPicture *picture;
  RnLearnReport *report;
} RnTutorWork;

RnTutorWork *rn_tutor_work_new (
    RnTutorQuestion question, RnLab *lab, RnLesson *lesson, int step, RnDocument *document,
    RnLearning *learning);
void rn_tutor_work_async (RnTutorWork *work,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
RnTutorWork *rn_tutor_work_finish (GAsyncResult *result, GError **error);

G_END_DECLS
