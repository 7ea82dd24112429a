/* A row of the outline: a part of the network, a block, or a layer. */
#pragma once

#include <gio/gio.h>

#include "engine/model/model.h"

G_BEGIN_DECLS

#define RN_TYPE_OUTLINE_ITEM (rn_outline_item_get_type ())
G_DECLARE_FINAL_TYPE (RnOutlineItem, rn_outline_item, RN, OUTLINE_ITEM, GObject)

GListModel *rn_outline_item_list         (RnModel       *model);
GListModel *rn_outline_item_get_children (RnOutlineItem *self);
const char *rn_outline_item_get_title    (RnOutlineItem *self);
const char *rn_outline_item_get_detail   (RnOutlineItem *self);
double      rn_outline_item_get_share    (RnOutlineItem *self);
int         rn_outline_item_get_layer    (RnOutlineItem *self);
int         rn_outline_item_get_block    (RnOutlineItem *self);
gboolean    rn_outline_item_contains     (RnOutlineItem *self,
                                          int            layer,
                                          int            block);

G_END_DECLS
