/* A picture in one of the boxes, and what the classifier makes of it. */
#pragma once

#include <gdk/gdk.h>

#include "ui/teach/teach-network.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_PICTURE (rn_teach_picture_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachPicture, rn_teach_picture, RN, TEACH_PICTURE, GObject)

RnTeachPicture *rn_teach_picture_new          (const char     *name,
                                               RnPicture      *seen);
const char     *rn_teach_picture_get_name     (RnTeachPicture *self);
RnPicture      *rn_teach_picture_get_seen     (RnTeachPicture *self);
GdkTexture     *rn_teach_picture_get_texture  (RnTeachPicture *self);
void            rn_teach_picture_set_features (RnTeachPicture *self,
                                               RnTeachNetwork *network,
                                               GBytes         *features);
const float    *rn_teach_picture_get_features (RnTeachPicture *self,
                                               RnTeachNetwork *network,
                                               int            *n);
void            rn_teach_picture_judge        (RnTeachPicture *self,
                                               const char     *taken_for,
                                               double          probability);
const char     *rn_teach_picture_get_taken_for (RnTeachPicture *self,
                                               double         *probability);

G_END_DECLS
