/* Builders of the networks of the catalogue. */
#pragma once

#include "engine/model/catalog.h"

G_BEGIN_DECLS

/**
 * RnRecipe:
 * @id: Keras' name of the model where the model has none of its own
 * @title: the name for people
 * @depth: the number in its name: layers with weights, as the papers count
 * @names: generation of layer names, of models that have both
 * @top: whether pooling and classifier are there
 * @classes: outputs of the classifier
 * @input_size: height and width of the input in pixels
 * @stride_on_3x3: of bottlenecks: v1.5
 * @as_written: of resnet18-tf: the code with its mistakes
 *
 * A variant of a catalogue entry, every value settled.
 */
typedef struct
{
  const char *id;
  const char *title;
  int depth;
  RnNames names;
  gboolean top;
  int classes;
  int input_size;
  gboolean stride_on_3x3;
  gboolean as_written;
} RnRecipe;

RnModel *rn_bottleneck_build         (const RnRecipe *recipe, GError **error);
RnModel *rn_basic_build              (const RnRecipe *recipe, GError **error);
RnModel *rn_resnet50_rebuilt_build   (const RnRecipe *recipe, GError **error);
RnModel *rn_resnet18_tf_build        (const RnRecipe *recipe, GError **error);
RnModel *rn_cifar10_resnet_v1_build  (const RnRecipe *recipe, GError **error);
RnModel *rn_cifar10_resnet_v2_build  (const RnRecipe *recipe, GError **error);
RnModel *rn_cifar_paper_build        (const RnRecipe *recipe, GError **error);

G_END_DECLS
