/* Pictures to learn from that are not here yet: what they are, and a button that fetches them. */
#pragma once

#include "ui/weights/weights-store.h"

G_BEGIN_DECLS

#define RN_TYPE_DATA_FETCH (rn_data_fetch_get_type ())
G_DECLARE_FINAL_TYPE (RnDataFetch, rn_data_fetch, RN, DATA_FETCH, GtkWidget)

void        rn_data_fetch_set_store (RnDataFetch    *self,
                                     RnWeightsStore *store);
const char *rn_data_fetch_get_verb  (RnDataFetch    *self);
const char *rn_data_fetch_get_text  (RnDataFetch    *self);
void        rn_data_fetch_act       (RnDataFetch    *self);

G_END_DECLS
