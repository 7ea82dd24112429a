/* A network taught one's own classes: what the teach view shows.
 *
 * Pictures go into boxes, a box a class. A worker reads each picture once and has a trained network
 * compute its features; whenever boxes or features change, another trains a classifier on them,
 * which takes milliseconds. "changed" is emitted on the main thread when anything that a getter
 * returns has become something else.
 */
#pragma once

#include "ui/teach/teach-box.h"
#include "ui/teach/teach-tuning.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACHING (rn_teaching_get_type ())
G_DECLARE_FINAL_TYPE (RnTeaching, rn_teaching, RN, TEACHING, GObject)

RnTeaching     *rn_teaching_new                (const char          *data_dir,
                                                const char          *reader_program);

/* What is taught. */
GListModel     *rn_teaching_get_boxes          (RnTeaching          *self);
RnTeachBox     *rn_teaching_add_box            (RnTeaching          *self);
void            rn_teaching_remove_box         (RnTeaching          *self,
                                                RnTeachBox          *box);
gboolean        rn_teaching_rename_box         (RnTeaching          *self,
                                                RnTeachBox          *box,
                                                const char          *name,
                                                GError             **error);
void            rn_teaching_add_file           (RnTeaching          *self,
                                                RnTeachBox          *box,
                                                GFile               *file);
void            rn_teaching_add_bytes          (RnTeaching          *self,
                                                RnTeachBox          *box,
                                                GBytes              *bytes,
                                                const char          *name);
void            rn_teaching_remove_picture     (RnTeaching          *self,
                                                RnTeachBox          *box,
                                                RnTeachPicture      *picture);

/* What it is taught to. */
const char     *rn_teaching_get_base           (RnTeaching          *self);
void            rn_teaching_set_base           (RnTeaching          *self,
                                                const char          *id);
gboolean        rn_teaching_is_tuned           (RnTeaching          *self);
void            rn_teaching_tune               (RnTeaching          *self);
void            rn_teaching_stop_tuning        (RnTeaching          *self);
double          rn_teaching_get_tuning_share   (RnTeaching          *self);

/* How it goes. */
gboolean        rn_teaching_is_busy            (RnTeaching          *self);
int             rn_teaching_get_n_waiting      (RnTeaching          *self);
char           *rn_teaching_describe           (RnTeaching          *self);
const char     *rn_teaching_get_message        (RnTeaching          *self);
void            rn_teaching_dismiss            (RnTeaching          *self);
gboolean        rn_teaching_is_unsaved         (RnTeaching          *self);

/* What came of it. */
int             rn_teaching_get_n_classes      (RnTeaching          *self);
const char     *rn_teaching_get_label          (RnTeaching          *self,
                                                int                  class_index);
int             rn_teaching_get_n_judged       (RnTeaching          *self,
                                                int                 *n_right,
                                                int                 *n_folds);
int             rn_teaching_get_confusion      (RnTeaching          *self,
                                                int                  right,
                                                int                  taken_for);
double          rn_teaching_get_train_ms       (RnTeaching          *self);

/* The picture that is asked about. */
void            rn_teaching_set_test           (RnTeaching          *self,
                                                RnPicture           *picture,
                                                const char          *name);
void            rn_teaching_set_test_file      (RnTeaching          *self,
                                                GFile               *file);
void            rn_teaching_set_test_bytes     (RnTeaching          *self,
                                                GBytes              *bytes,
                                                const char          *name);
RnTeachPicture *rn_teaching_get_test           (RnTeaching          *self);
double          rn_teaching_get_probability    (RnTeaching          *self,
                                                int                  class_index);

/* What is kept. */
void            rn_teaching_save_async         (RnTeaching          *self,
                                                const char          *path,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean        rn_teaching_save_finish        (RnTeaching          *self,
                                                GAsyncResult        *result,
                                                GError             **error);

G_END_DECLS
