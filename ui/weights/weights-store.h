/* All weights that can be shown: bundled, published, opened before; and the fetching of them. */
#pragma once

#include <gtk/gtk.h>

#include "ui/weights/weights-item.h"

G_BEGIN_DECLS

#define RN_TYPE_WEIGHTS_STORE (rn_weights_store_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsStore, rn_weights_store, RN, WEIGHTS_STORE, GObject)

RnWeightsStore *rn_weights_store_new           (const char       *data_dir,
                                                GtkRecentManager *recent);
GListModel     *rn_weights_store_get_items     (RnWeightsStore   *self);
GMenuModel     *rn_weights_store_get_recent    (RnWeightsStore   *self);
RnWeightsItem  *rn_weights_store_get_pictures  (RnWeightsStore   *self);
const char     *rn_weights_store_get_directory (RnWeightsStore   *self);
const char     *rn_weights_store_get_trouble   (RnWeightsStore   *self);
void            rn_weights_store_look          (RnWeightsStore   *self);
void            rn_weights_store_fetch         (RnWeightsStore   *self,
                                                RnWeightsItem    *item);
void            rn_weights_store_cancel        (RnWeightsStore   *self,
                                                RnWeightsItem    *item);
void            rn_weights_store_remember      (RnWeightsStore   *self,
                                                const char       *path);
void            rn_weights_store_stop          (RnWeightsStore   *self);

G_END_DECLS
