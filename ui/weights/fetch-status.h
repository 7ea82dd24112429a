/* How far a file is fetched, how fast it comes, and what went wrong. */
#pragma once

#include <gtk/gtk.h>

#include "ui/weights/weights-item.h"

G_BEGIN_DECLS

#define RN_TYPE_FETCH_STATUS (rn_fetch_status_get_type ())
G_DECLARE_FINAL_TYPE (RnFetchStatus, rn_fetch_status, RN, FETCH_STATUS, GtkWidget)

void        rn_fetch_status_set_item (RnFetchStatus *self,
                                      RnWeightsItem *item);
const char *rn_fetch_status_get_text (RnFetchStatus *self);

G_END_DECLS
