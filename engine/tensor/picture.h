/* A picture in memory, and how it becomes a network's input. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/* The largest picture that is taken. */
#define RN_PICTURE_MAX_PIXELS 100000000

/**
 * RnPicture:
 * @width: in pixels
 * @height: in pixels
 * @rgb: @height rows of @width pixels of three bytes, red first, without gaps
 *
 * Upright (EXIF already applied) and opaque (alpha already over white). Immutable,
 * reference-counted.
 */
typedef struct _RnPicture RnPicture;
struct _RnPicture
{
  int width;
  int height;
  guint8 *rgb;

  /*< private >*/
  gint ref_count;
};

typedef enum
{
  RN_PREPROCESS_CAFFE, /* BGR minus [103.939, 116.779, 123.68] */
  RN_PREPROCESS_TORCH, /* RGB / 255, minus [0.485, 0.456, 0.406], over [0.229, 0.224, 0.225] */
  RN_PREPROCESS_UNIT,  /* RGB / 255 */
  RN_PREPROCESS_RAW,   /* RGB as it is, 0 to 255 */
} RnPreprocess;

RnPicture  *rn_picture_new             (int               width,
                                        int               height,
                                        GError          **error);
RnPicture  *rn_picture_ref             (RnPicture        *self);
void        rn_picture_unref           (RnPicture        *self);

RnPicture  *rn_picture_crop_to         (RnPicture        *self,
                                        int               width,
                                        int               height,
                                        GError          **error);
RnTensor   *rn_picture_to_input        (RnPicture        *self,
                                        int               height,
                                        int               width,
                                        int               channels,
                                        RnPreprocess      preprocess,
                                        GError          **error);

gboolean    rn_preprocess_from_name    (const char       *name,
                                        RnPreprocess     *preprocess,
                                        GError          **error);
const char *rn_preprocess_get_name     (RnPreprocess      preprocess);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPicture, rn_picture_unref)

G_END_DECLS
