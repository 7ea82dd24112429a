/* A file, or what was pasted, read on a worker. */
#pragma once

#include <gdk/gdk.h>

#include "engine/tensor/picture.h"
#include "engine/tensor/weights.h"
#include "ui/pictures/picture-reader.h"

G_BEGIN_DECLS

/**
 * RnOpened:
 * @name: what to call it, e.g. the file's base name
 * @picture: (nullable): if it was a picture
 * @seen: the part of @picture that a network sees, as a texture
 * @weights: (nullable): if it was a file of weights
 */
typedef struct
{
  char *name;
  RnPicture *picture;
  GdkTexture *seen;
  RnWeights *weights;
} RnOpened;

void      rn_opened_free       (RnOpened             *self);
void      rn_opened_read_async (GFile                *file,
                                int                   input_size,
                                const char           *reader_program,
                                RnPictureReader      *pictures,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
void      rn_opened_take_texture_async
                               (GdkTexture           *texture,
                                const char           *name,
                                int                   input_size,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
RnOpened *rn_opened_finish     (GAsyncResult         *result,
                                GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnOpened, rn_opened_free)

G_END_DECLS
