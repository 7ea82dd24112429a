/* The built-in models. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

/* Which generation of Keras names the layers (and sets batch norm's epsilon). */
typedef enum
{
  RN_NAMES_KERAS2, /* res2a_branch2a …; epsilon 1e-3 */
  RN_NAMES_KERAS3, /* conv2_block1_1_conv …; epsilon 1.001e-5 */
} RnNames;

/**
 * RnVariant:
 * @names: generation of layer names; only resnet50 has both, others pass over it
 * @top: whether global pooling and the classifier are there
 * @classes: outputs of the classifier; 0 for the model's own
 * @input_size: height and width of the input in pixels; 0 for the model's own
 * @stride_on_3x3: the strides on the 3x3 convolutions of the bottlenecks, as torchvision has them
 *   ("v1.5"), where Keras has them on the first 1x1; of resnet50, 101 and 152, others pass over it
 * @as_written: the code with its mistakes, which only resnet18-tf has; refused of others
 */
typedef struct
{
  RnNames names;
  gboolean top;
  int classes;
  int input_size;
  gboolean stride_on_3x3;
  gboolean as_written;
} RnVariant;

#define RN_VARIANT_DEFAULT ((RnVariant) { RN_NAMES_KERAS2, TRUE, 0, 0, FALSE, FALSE })

/**
 * RnCatalogEntry:
 * @id: the name on the command line
 * @title: the name for people
 * @input_size: default height and width of the input
 * @min_input_size: the smallest input that leaves a pixel at the end
 * @classes: default number of classes; 0 where the model has a classifier only if asked for classes
 * @preprocess: how pixels become input where no weights say otherwise:
 *   "caffe", "torch", "unit" or "raw"
 * @description: one line on what it is and where it comes from
 */
typedef struct
{
  const char *id;
  const char *title;
  int input_size;
  int min_input_size;
  int classes;
  const char *preprocess;
  const char *description;
} RnCatalogEntry;

const RnCatalogEntry *rn_catalog_list  (int              *n_entries);
const RnCatalogEntry *rn_catalog_find  (const char       *id,
                                        GError          **error);
RnModel              *rn_catalog_build (const char       *id,
                                        const RnVariant  *variant,
                                        GError          **error);

G_END_DECLS
