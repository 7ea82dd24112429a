/* The networks that a lesson asks: what its figures and answers are computed with. */
#pragma once

#include "engine/tensor/picture.h"
#include "engine/tensor/weights.h"
#include "ui/lessons/runs.h"

G_BEGIN_DECLS

/**
 * RnLab:
 *
 * Built-in models with weights, one picture, and what networks have learnt. Networks are loaded,
 * and run, when they are first asked for, so that everything but rn_lab_set_*() may take seconds
 * and belongs on a worker; calls from several threads wait for one another. Reference-counted.
 */
typedef struct _RnLab RnLab;

RnLab *rn_lab_new (const char *data_dir);
RnLab *rn_lab_ref (RnLab *self);
void rn_lab_unref (RnLab *self);

gboolean rn_lab_set_network (RnLab *self, const char *id, RnBinding *binding, GError **error);
void rn_lab_set_picture (RnLab *self, RnPicture *picture);

RnLessonRuns *rn_lab_get_runs (RnLab *self);
RnBinding *rn_lab_get_binding (RnLab *self, const char *id, GError **error);
RnTensor *rn_lab_get_activation (RnLab *self, const char *id, int layer, GError **error);
RnTensor *rn_lab_get_prediction (RnLab *self, const char *id, const char *edits, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLab, rn_lab_unref)

G_END_DECLS
