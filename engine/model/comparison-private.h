/* What the parts of the comparison share. */
#pragma once

#include "engine/model/comparison.h"

G_BEGIN_DECLS

typedef enum
{
  RN_TRAIT_INPUT,
  RN_TRAIT_FILTERS,
  RN_TRAIT_KERNEL,
  RN_TRAIT_STRIDE,
  RN_TRAIT_DILATION,
  RN_TRAIT_GROUPS,
  RN_TRAIT_POOL,
  RN_TRAIT_BIAS,
  RN_TRAIT_EPSILON,
  RN_TRAIT_SCALE,
  RN_TRAIT_ACTIVATION,
  RN_TRAIT_UNITS,
  RN_TRAIT_SHAPE,
  RN_TRAIT_PADDING,
  RN_N_TRAITS
} RnTrait;

/* How a thing is written where there are several ways. */
typedef enum
{
  RN_FORM_PLAIN,
  RN_FORM_WITHIN,       /* an activation as an argument of the layer before it */
  RN_FORM_RELU,         /* a ReLU layer instead of an Activation */
  RN_FORM_SAME,         /* padding='same' */
  RN_FORM_ZERO_PADDING, /* a ZeroPadding2D before it */
  RN_FORM_EXPLICIT,     /* borders of its own */
  RN_FORM_POOL,         /* a pooling of the map's size instead of a global one */
} RnForm;

/**
 * RnItem:
 * @kind: after what is only written otherwise has been made alike
 * @foreign: of a layer that is not supported its class, else %NULL
 * @layer: index of the layer that it comes from
 * @form: how it was written
 * @traits: up to three numbers each, all 0 where the kind has no such trait; of padding top, left and
 *   the sums of both directions
 * @inputs: items that feed it, a block's branch before its shortcut
 * @first_argument: the layer's own first input, as an index into @inputs
 */
typedef struct
{
  RnLayerKind kind;
  const char *foreign;
  int layer;
  RnForm form;
  double traits[RN_N_TRAITS][4];
  int n_inputs;
  int *inputs;
  int first_argument;
} RnItem;

struct _RnComparison
{
  RnModel *a, *b;
  GArray *items_a, *items_b; /* of RnItem */
  GArray *pairs;             /* of RnLayerPair, of items */
  GArray *layer_pairs;       /* likewise, of layers */
  int *partner_a, *partner_b;
  int *order_a, *order_b; /* of each item: which pair of blocks of another order it is in; 0: none */
  gboolean *told_a, *told_b; /* items of which all is said */
  gboolean folded; /* one side has its batch norms in its convolutions */
  GPtrArray *differences;
  GHashTable *groups; /* a difference's key to itself */
  double distance;
};

GArray  *rn_items_new      (const RnModel *model);
gboolean rn_items_alike    (const RnItem  *a,
                            const RnItem  *b);
gboolean rn_items_equal    (const RnItem  *a,
                            const RnItem  *b,
                            RnTrait        trait);
GArray  *rn_items_align    (const GArray  *a,
                            const GArray  *b);
char    *rn_item_to_string (const RnItem  *item,
                            RnTrait        trait);
char    *rn_item_get_title (const RnModel *model,
                            const RnItem  *item);

RnDifference *rn_comparison_add_place (RnComparison  *self,
                                       const char    *kind,
                                       const char    *topic,
                                       const char    *a,
                                       const char    *b,
                                       int            layer_a,
                                       int            layer_b);
void          rn_comparison_set_text  (RnComparison  *self,
                                       RnDifference  *difference,
                                       const char    *format,
                                       ...) G_GNUC_PRINTF (3, 4);
void          rn_comparison_blocks     (RnComparison  *self);
void          rn_comparison_order     (RnComparison  *self);
void          rn_comparison_collect   (RnComparison  *self);
const char   *rn_trait_get_kind       (RnTrait        trait);
const char   *rn_trait_get_title      (RnTrait        trait);
const char   *rn_trait_get_reason     (RnTrait        trait,
                                       const RnItem  *a,
                                       const RnItem  *b);
const char   *rn_item_get_reason      (const RnItem  *item);

G_END_DECLS
