/* A classifier on features that do not change: softmax regression, trained in one go. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RnHeadOptions:
 * @weight_decay: of the squared weights, features scaled to a mean square of 1; more is smoother
 * @leave_one_out: whether each picture is also judged by a classifier that has not seen it
 */
typedef struct
{
  double weight_decay;
  gboolean leave_one_out;
} RnHeadOptions;

#define RN_HEAD_DEFAULTS ((RnHeadOptions) { 1e-2, TRUE })

/**
 * RnHead:
 * @kernel: [n_features, n_classes], for a Dense layer with softmax on the features as they are
 * @bias: [n_classes]
 * @loss: mean cross-entropy over the pictures
 * @probabilities: [n, n_classes], of the pictures by the classifier that learnt from them
 * @left_out: (nullable): [n, n_classes], of each by one that did not: leave-one-out, or with more
 *   than 150 pictures in 50 parts
 * @n_folds: how many classifiers that took; @n where each was left out by itself
 *
 * Plain data; the same input gives the same bits.
 */
typedef struct
{
  int n, n_features, n_classes;
  float *kernel;
  float *bias;
  double loss;
  float *probabilities;
  float *left_out;
  int n_folds;
} RnHead;

RnHead *rn_head_train        (const float          *features,
                              const int            *classes,
                              int                   n,
                              int                   n_features,
                              int                   n_classes,
                              const RnHeadOptions  *options,
                              GCancellable         *cancellable,
                              GError              **error);
void    rn_head_free         (RnHead               *self);
void    rn_head_predict      (const RnHead         *self,
                              const float          *features,
                              float                *probabilities);
void    rn_head_get_confusion (const RnHead        *self,
                              const int            *classes,
                              gboolean              left_out,
                              int                  *confusion);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnHead, rn_head_free)

G_END_DECLS
