/* Strangers' pictures, decoded by another process, which may crash. */
#pragma once

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

typedef struct _RnPictureReader RnPictureReader;

RnPictureReader *rn_picture_reader_new        (const char       *program);
RnPictureReader *rn_picture_reader_new_beside (const char       *reader_program);
RnPictureReader *rn_picture_reader_ref        (RnPictureReader  *self);
void             rn_picture_reader_unref      (RnPictureReader  *self);

RnPicture       *rn_picture_reader_load       (RnPictureReader  *self,
                                               GFile            *file,
                                               GCancellable     *cancellable,
                                               GError          **error);
RnPicture       *rn_picture_reader_load_bytes (RnPictureReader  *self,
                                               GBytes           *bytes,
                                               const char       *label,
                                               GCancellable     *cancellable,
                                               GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPictureReader, rn_picture_reader_unref)

G_END_DECLS
