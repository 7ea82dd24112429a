/* What the parts of RnTeaching share. */
#pragma once

#include "ui/teach/teach-look.h"
#include "ui/teach/teaching.h"

G_BEGIN_DECLS

#define RN_TEACH_N_BASES 2
#define RN_TEACH_N_NAMED 3 /* so many pictures that cannot be read are named, the rest counted */

struct _RnTeaching
{
  GObject parent_instance;

  RnPictureReader *reader; /* or NULL */
  GListStore *boxes;
  RnTeachNetwork *bases[RN_TEACH_N_BASES];
  int base;
  RnTeachNetwork *tuned; /* NULL: the base as it is */
  gboolean unsaved;
  guint64 changes; /* so far: what has been saved may be old news by the time that it is */

  GQueue waiting;     /* of Wish: pictures to be looked at */
  GCancellable *look; /* of the one that is */
  struct _RnTeachWish *looking;
  GString *faults; /* what could not be read, in lines */
  int n_faults;
  char *news; /* what came of training the last stage, or NULL */
  char *message;

  GCancellable *training;
  RnHead *head;        /* NULL: there is not enough to learn from */
  GPtrArray *labels;   /* of the classes that it knows: char *, NULL behind them */
  GPtrArray *taught;   /* of RnTeachPicture: what it learnt from */
  int *class_of;       /* of each */
  int *confusion;      /* [n_classes, n_classes] */
  double train_ms;

  RnTeachPicture *test;
  float *probabilities; /* of the test picture; NULL: none */

  GCancellable *tuning_work;
  RnTeachTuning *tuning;
  guint tuning_tick;
};

void            rn_teaching_emit_changed   (RnTeaching  *self);
RnTeachNetwork *rn_teaching_get_network    (RnTeaching  *self);
void            rn_teaching_train          (RnTeaching  *self);
void            rn_teaching_predict        (RnTeaching  *self);
void            rn_teaching_clear_results  (RnTeaching  *self);
void            rn_teaching_look_again     (RnTeaching  *self);
void            rn_teaching_stop_looking   (RnTeaching  *self);
void            rn_teaching_touch          (RnTeaching  *self);
void            rn_teaching_say            (RnTeaching  *self);

G_END_DECLS
