/* Maps written into a file. */
#pragma once

#include "ui/gallery/maps.h"

G_BEGIN_DECLS

typedef struct _RnSaveRequest RnSaveRequest;

RnSaveRequest *rn_save_request_new  (RnMaps        *maps,
                                     const char    *layer,
                                     const char    *path);
void           rn_save_request_free (gpointer       data);
gpointer       rn_save_maps         (gpointer       data,
                                     GCancellable  *cancellable,
                                     GError       **error);

G_END_DECLS
