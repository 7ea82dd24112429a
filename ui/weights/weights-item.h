/* One file of weights or of a model that can be had, or a set of pictures: what it is, and how far it
 * is fetched. */
#pragma once

#include <gio/gio.h>

#include "ui/download/source.h"

G_BEGIN_DECLS

/* Where it comes from, in the order of the list. */
typedef enum
{
  RN_WEIGHTS_BUNDLED,
  RN_WEIGHTS_PUBLISHED,
  RN_WEIGHTS_RECENT,
  RN_WEIGHTS_PICTURES, /* none: a published set of pictures to learn from */
} RnWeightsKind;

typedef enum
{
  RN_WEIGHTS_ABSENT,
  RN_WEIGHTS_PARTIAL,  /* some of it is here, from an earlier try */
  RN_WEIGHTS_FETCHING,
  RN_WEIGHTS_READY,    /* it can be opened */
} RnWeightsState;

#define RN_TYPE_WEIGHTS_ITEM (rn_weights_item_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsItem, rn_weights_item, RN, WEIGHTS_ITEM, GObject)

RnWeightsItem  *rn_weights_item_new          (RnWeightsKind    kind,
                                              const char      *title,
                                              const char      *detail,
                                              const char      *path);
RnWeightsItem  *rn_weights_item_new_source   (const RnSource  *source,
                                              const char      *directory);
RnWeightsKind   rn_weights_item_get_kind     (RnWeightsItem   *self);
const char     *rn_weights_item_get_title    (RnWeightsItem   *self);
const char     *rn_weights_item_get_detail   (RnWeightsItem   *self);
const char     *rn_weights_item_get_path     (RnWeightsItem   *self);
const RnSource *rn_weights_item_get_source   (RnWeightsItem   *self);
RnWeightsState  rn_weights_item_get_state    (RnWeightsItem   *self);
void            rn_weights_item_set_state    (RnWeightsItem   *self,
                                              RnWeightsState   state);
void            rn_weights_item_look         (RnWeightsItem   *self);
const char     *rn_weights_item_get_error    (RnWeightsItem   *self);
void            rn_weights_item_set_error    (RnWeightsItem   *self,
                                              const char      *error);
double          rn_weights_item_get_fraction (RnWeightsItem   *self);
char           *rn_weights_item_get_progress (RnWeightsItem   *self);
void            rn_weights_item_set_progress (RnWeightsItem   *self,
                                              guint64          done,
                                              guint64          total,
                                              double           rate);

G_END_DECLS
