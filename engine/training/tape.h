/* A model made ready to be run forwards and backwards on batches of pictures. */
#pragma once

#include "engine/kernels/vector/kernels.h"
#include "engine/training/parameters.h"

G_BEGIN_DECLS

#define RN_TAPE_ERROR (rn_tape_error_quark ())
GQuark rn_tape_error_quark (void);

typedef enum
{
  RN_TAPE_ERROR_MODEL, /* no classifier, or something that cannot be differentiated here */
} RnTapeError;

/**
 * RnTapeOptions:
 * @batch: pictures at a time
 * @training: whether batch norm goes by the batch and dropout acts; otherwise all is as in a
 *   prediction
 * @first_layer: index of the first layer whose weights' derivatives are wanted; batch norm before
 *   it goes by its running statistics
 * @input_gradient: whether the derivative by the pictures is wanted
 * @every_layer: whether each layer's activation and derivative are computed by themselves, nothing
 *   fused: slower, and every layer can be asked about
 * @kernels: (nullable): the instruction set to use; %NULL for plain loops and OpenBLAS alone
 * @cancellable: (nullable): looked at before each layer; once it is cancelled, what is computed is
 *   worth nothing. It has to live as long as the tape
 */
typedef struct
{
  int batch;
  gboolean training;
  int first_layer;
  gboolean input_gradient;
  gboolean every_layer;
  const RnKernels *kernels;
  GCancellable *cancellable;
} RnTapeOptions;

/**
 * RnTape:
 *
 * The model as a list of operations on whole batches, all memory for them, and the loss behind it:
 * mean cross-entropy of softmax. A softmax at the model's end is part of the loss: what is said of
 * the last layer is said of what goes into it. Results have the same bits whatever the number of
 * threads: pictures fall into the same parts, whose sums are added up in the same order.
 */
typedef struct _RnTape RnTape;

RnTape       *rn_tape_new               (RnBinding            *binding,
                                         RnParameters         *parameters,
                                         RnPool               *pool,
                                         const RnTapeOptions  *options,
                                         GError              **error);
void          rn_tape_free              (RnTape               *self);
float        *rn_tape_get_input         (RnTape               *self);
gint64        rn_tape_get_input_stride  (RnTape               *self);
int          *rn_tape_get_classes       (RnTape               *self);
double        rn_tape_forward           (RnTape               *self,
                                         double                label_smoothing,
                                         guint64               seed,
                                         int                  *n_wrong);
void          rn_tape_backward          (RnTape               *self,
                                         gboolean              measure);
void          rn_tape_backward_score    (RnTape               *self,
                                         int                   class,
                                         gboolean              measure);
const float  *rn_tape_get_probabilities (RnTape               *self);
const float  *rn_tape_get_input_gradient (RnTape              *self);
gboolean      rn_tape_get_gradient_norm (RnTape               *self,
                                         int                   layer,
                                         double               *norm);
gboolean      rn_tape_get_deviation     (RnTape               *self,
                                         int                   layer,
                                         double               *deviation);
int           rn_tape_find_not_finite   (RnTape               *self);
void          rn_tape_update_statistics (RnTape               *self);
gsize         rn_tape_get_memory        (RnTape               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTape, rn_tape_free)

G_END_DECLS
