/* A small picture of what each layer computes, made on a worker and handed over in bunches. */
#pragma once

#include <gdk/gdk.h>

#include "ui/document/network.h"

G_BEGIN_DECLS

typedef struct _RnThumbnails RnThumbnails;

/**
 * RnThumbnailFunc:
 * @layer: index of a layer
 * @texture: the channel of its activation that varies most
 *
 * Called on the main context of whoever started the thumbnails, never after rn_thumbnails_stop().
 */
typedef void (*RnThumbnailFunc) (int         layer,
                                 GdkTexture *texture,
                                 gpointer    data);

RnThumbnails *rn_thumbnails_start (RnNetwork       *network,
                                   RnRun           *run,
                                   RnThumbnailFunc  func,
                                   gpointer         data);
void          rn_thumbnails_stop  (RnThumbnails    *self);

G_END_DECLS
