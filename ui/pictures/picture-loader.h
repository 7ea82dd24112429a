/* Picture files made into pictures, by gdk-pixbuf. No display is needed. */
#pragma once

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

/* No picture's file may be larger. */
#define RN_PICTURE_MAX_FILE_BYTES (256 << 20)

#define RN_PICTURE_LOADER_ERROR (rn_picture_loader_error_quark ())
GQuark rn_picture_loader_error_quark (void);

typedef enum
{
  RN_PICTURE_LOADER_ERROR_FORMAT,  /* not a picture, or one of a kind that is not read */
  RN_PICTURE_LOADER_ERROR_DAMAGED, /* a picture that is cut off or broken */
  RN_PICTURE_LOADER_ERROR_LIMIT,   /* more pixels or bytes than are taken */
} RnPictureLoaderError;

void       rn_picture_loader_prepare (void);
int        rn_picture_file_open  (GFile         *file,
                                  GCancellable  *cancellable,
                                  GError       **error);
GBytes    *rn_picture_file_read  (int            fd,
                                  const char    *label,
                                  GError       **error);

RnPicture *rn_picture_load       (const char    *path,
                                  GError       **error);
RnPicture *rn_picture_load_file  (GFile         *file,
                                  GCancellable  *cancellable,
                                  GError       **error);
RnPicture *rn_picture_load_bytes (GBytes        *bytes,
                                  const char    *label,
                                  GError       **error);

G_END_DECLS
