/* One layer as a row of model.summary(). */
#pragma once

#include <glib-object.h>

#include "engine/model/model.h"

G_BEGIN_DECLS

#define RN_TYPE_SUMMARY_ROW (rn_summary_row_get_type ())
G_DECLARE_FINAL_TYPE (RnSummaryRow, rn_summary_row, RN, SUMMARY_ROW, GObject)

typedef enum
{
  RN_SUMMARY_LAYER,      /* "conv1 (Conv2D)" */
  RN_SUMMARY_SHAPE,      /* "(None, 112, 112, 64)" */
  RN_SUMMARY_PARAMETERS, /* "9472" */
  RN_SUMMARY_INPUTS,     /* "conv1_pad[0][0]" */
  RN_N_SUMMARY_COLUMNS
} RnSummaryColumn;

RnSummaryRow *rn_summary_row_new       (RnModel         *model,
                                        int              layer);
int           rn_summary_row_get_layer (RnSummaryRow    *self);
char         *rn_summary_row_get_text  (RnSummaryRow    *self,
                                        RnSummaryColumn  column);

G_END_DECLS
