/* Where in the picture a class is seen, found out on a worker. */
#pragma once

#include <gdk/gdk.h>

#include "ui/document/network.h"

G_BEGIN_DECLS

typedef enum
{
  RN_CLASS_MAP_NONE,
  RN_CLASS_MAP_ACTIVATION, /* exact: features times the class' weights */
  RN_CLASS_MAP_OCCLUSION,  /* what the class loses where the picture is covered */
  RN_CLASS_MAP_SALIENCY,   /* how much the class's score changes with each pixel */
} RnClassMapKind;

/**
 * RnClassMapProgressFunc:
 * @texture: (nullable): the map so far
 *
 * Called on the main thread, at most once a turn of its loop.
 */
typedef void (*RnClassMapProgressFunc) (int         done,
                                        int         total,
                                        GdkTexture *texture,
                                        gpointer    data);

typedef struct _RnClassMapRequest RnClassMapRequest;

RnClassMapRequest *rn_class_map_request_new  (RnNetwork              *network,
                                              RnRun                  *run,
                                              RnClassMapKind          kind,
                                              int                     class_index,
                                              RnClassMapProgressFunc  func,
                                              gpointer                data);
RnClassMapRequest *rn_class_map_request_ref  (RnClassMapRequest      *self);
void               rn_class_map_request_free (gpointer                data);
void               rn_class_map_request_mute (RnClassMapRequest      *self);
gpointer           rn_class_map_work         (gpointer                data,
                                              GCancellable           *cancellable,
                                              GError                **error);

G_END_DECLS
