/* Many pictures, several at a time: each worker reads one and has a network of its own, of one
 * thread, say what it is. */
#pragma once

#include "app/resnet/prediction.h"
#include "engine/runtime/session.h"
#include "engine/tensor/picture.h"

G_BEGIN_DECLS

/**
 * RnAnswer:
 * @path: what was read
 * @predictions: (element-type RnPrediction): one for each picture in it
 * @error: (nullable): why there are none, or no more
 */
typedef struct
{
  const char *path;
  GPtrArray *predictions;
  GError *error;
} RnAnswer;

typedef struct _RnCrew RnCrew;

RnCrew *rn_crew_new (
    RnSession *session, GPtrArray *paths, RnPreprocess preprocess, int n_top, GError **error);
void rn_crew_free (RnCrew *self);
RnAnswer *rn_crew_next (RnCrew *self);
void rn_answer_free (RnAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnCrew, rn_crew_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnAnswer, rn_answer_free)

G_END_DECLS
