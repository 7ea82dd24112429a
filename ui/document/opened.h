/* A file, or what was pasted, read on a worker. */
#pragma once

#include <gdk/gdk.h>

#include "engine/tensor/picture.h"
#include "engine/tensor/weights.h"
#include "ui/pictures/picture-reader.h"

G_BEGIN_DECLS

/* Of what a network sees of a picture, in pixels. */
typedef struct
{
  int width;
  int height;
} RnInputSize;

/**
 * RnOpened:
 * @name: what to call it, e.g. the file's base name
 * @picture: (nullable): if it was a picture
 * @seen: the part of @picture that a network sees, as a texture
 * @path: (nullable): of a file of weights or of a model
 * @model: (nullable): if it was a file of a model
 * @weights: (nullable): if it was a file of weights, or of a model with weights
 * @warning: (nullable): what to know of it, though it was read
 */
typedef struct
{
  char *name;
  RnPicture *picture;
  GdkTexture *seen;
  char *path;
  RnModel *model;
  RnWeights *weights;
  char *warning;
} RnOpened;

void      rn_opened_free       (RnOpened             *self);
void      rn_opened_read_async (GFile                *file,
                                RnInputSize           size,
                                const char           *reader_program,
                                RnPictureReader      *pictures,
                                const char           *data_dir,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
void      rn_opened_take_bytes_async
                               (GBytes               *bytes,
                                const char           *name,
                                RnInputSize           size,
                                RnPictureReader      *pictures,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
void      rn_opened_crop_async (RnPicture            *picture,
                                RnInputSize           size,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
RnOpened *rn_opened_finish     (GAsyncResult         *result,
                                GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnOpened, rn_opened_free)

G_END_DECLS
