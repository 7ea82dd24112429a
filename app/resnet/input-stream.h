/* Pictures decoded on a thread of their own while the network runs on those before them. */
#pragma once

#include "engine/model/model.h"
#include "engine/tensor/picture.h"

G_BEGIN_DECLS

/**
 * RnStreamedInput:
 * @path: what was read
 * @tensor: (nullable): the input that it makes
 * @error: (nullable): why there is none
 */
typedef struct
{
  const char *path;
  RnTensor *tensor;
  GError *error;
} RnStreamedInput;

typedef struct _RnInputStream RnInputStream;

RnInputStream   *rn_input_stream_new     (GPtrArray        *paths,
                                          RnModel          *model,
                                          RnPreprocess      preprocess);
void             rn_input_stream_free    (RnInputStream    *self);
RnStreamedInput *rn_input_stream_next    (RnInputStream    *self);
void             rn_streamed_input_free  (RnStreamedInput  *input);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnInputStream, rn_input_stream_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnStreamedInput, rn_streamed_input_free)

G_END_DECLS
