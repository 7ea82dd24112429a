/* A class to be taught: a name and its pictures. */
#pragma once

#include <gio/gio.h>

#include "ui/teach/teach-picture.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_BOX (rn_teach_box_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachBox, rn_teach_box, RN, TEACH_BOX, GObject)

RnTeachBox *rn_teach_box_new          (const char     *name);
const char *rn_teach_box_get_name     (RnTeachBox     *self);
void        rn_teach_box_set_name     (RnTeachBox     *self,
                                       const char     *name);
GListModel *rn_teach_box_get_pictures (RnTeachBox     *self);
int         rn_teach_box_get_n        (RnTeachBox     *self);
void        rn_teach_box_add          (RnTeachBox     *self,
                                       RnTeachPicture *picture);
gboolean    rn_teach_box_remove       (RnTeachBox     *self,
                                       RnTeachPicture *picture);

G_END_DECLS
