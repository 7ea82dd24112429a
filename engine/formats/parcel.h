/* What the reader process hands back: weights, a model, a picture, an array, in one
 * file in memory.
 *
 * A parcel is an index (a GVariant, safe to read whoever wrote it) and the numbers behind it, each
 * aligned, so that the receiver maps the file and copies nothing. The receiver trusts none of it:
 * every offset and size is checked, and a model is built anew through RnModelBuilder. */
#pragma once

#include "engine/tensor/picture.h"
#include "engine/tensor/weights.h"

G_BEGIN_DECLS

#define RN_PARCEL_ERROR (rn_parcel_error_quark ())
GQuark rn_parcel_error_quark (void);

typedef enum
{
  RN_PARCEL_ERROR_DAMAGED, /* the parcel itself is wrong: its writer misbehaved */
} RnParcelError;

/**
 * RnParcel:
 * @weights: (nullable)
 * @model: (nullable)
 * @picture: (nullable)
 * @array: (nullable)
 */
typedef struct
{
  RnWeights *weights;
  RnModel *model;
  RnPicture *picture;
  RnTensor *array;
} RnParcel;

void      rn_parcel_free  (RnParcel        *self);
gboolean  rn_parcel_write (const RnParcel  *self,
                           int              fd,
                           GError         **error);
RnParcel *rn_parcel_read  (int              fd,
                           GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnParcel, rn_parcel_free)

G_END_DECLS
