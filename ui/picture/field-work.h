/* A unit's receptive field on the picture: the theoretical box, and the effective field. */
#pragma once

#include <gtk/gtk.h>

#include "engine/analysis/path-field.h"
#include "engine/model/costs.h"

G_BEGIN_DECLS

/**
 * RnSeenField:
 * @texture: the effective field, as large as the network's input, translucent
 * @core: where most of its paths begin, in pixels of the input
 */
typedef struct
{
  GdkTexture *texture;
  graphene_rect_t core;
} RnSeenField;

/* What a worker needs; made by rn_field_request_new(). */
typedef struct _RnFieldRequest RnFieldRequest;

graphene_rect_t  rn_field_get_box      (const RnReceptiveField *field,
                                        const RnShape          *input,
                                        RnUnit                  unit);
RnFieldRequest  *rn_field_request_new  (RnModel                *model,
                                        int                     layer,
                                        RnUnit                  unit);
void             rn_field_request_free (gpointer                data);
gpointer         rn_field_work         (gpointer                data,
                                        GCancellable           *cancellable,
                                        GError                **error);
void             rn_seen_field_free    (gpointer                data);

G_END_DECLS
