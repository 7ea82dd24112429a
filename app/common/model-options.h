/* The options that say which model is meant, alike in every command. */
#pragma once

#include "engine/model/catalog.h"
#include "engine/tensor/picture.h"
#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnModelOptions:
 * @model: (nullable): a built-in id or a file; %NULL for "resnet50"
 * @names: (nullable): "keras2" or "keras3", of built-in models
 * @no_top: leave out global pooling and classifier
 * @classes: outputs of the classifier; 0 where not said
 * @input_size: height and width of the input in pixels; 0 where not said
 * @as_written: the tutorial's code with its mistakes (resnet18-tf)
 * @weights: (nullable): a file, or "none" for random ones
 * @preprocess: (nullable): how pixels become input
 * @threads: 0 for as many as the process may use
 *
 * Zero-initialise. What the command line says is only good once rn_model_options_check() has passed.
 */
typedef struct
{
  char *model;
  char *names;
  gboolean no_top;
  int classes;
  int input_size;
  gboolean as_written;
  char *weights;
  char *preprocess;
  int threads;
} RnModelOptions;

void          rn_model_options_clear            (RnModelOptions        *self);
void          rn_model_options_add_to           (RnModelOptions        *self,
                                                 GOptionContext        *context);
gboolean      rn_model_options_check            (RnModelOptions        *self,
                                                 GError               **error);
RnModel      *rn_model_options_load_model       (const RnModelOptions  *self,
                                                 GError               **error);
RnBinding    *rn_model_options_load_binding     (const RnModelOptions  *self,
                                                 GError               **error);
gboolean      rn_model_options_check_classifier (const RnModelOptions  *self,
                                                 RnBinding             *binding,
                                                 GError               **error);
RnModel      *rn_model_options_load_parts       (const RnModelOptions  *self,
                                                 RnWeights            **weights,
                                                 GError               **error);
RnPreprocess  rn_model_options_get_preprocess   (const RnModelOptions  *self,
                                                 RnBinding             *binding);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnModelOptions, rn_model_options_clear)

G_END_DECLS
