/* A window beside the main one: the model as model.summary() and as Keras code. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_SHEET (rn_sheet_get_type ())
G_DECLARE_FINAL_TYPE (RnSheet, rn_sheet, RN, SHEET, GtkWindow)

typedef enum
{
  RN_SHEET_SUMMARY,
  RN_SHEET_CODE,
} RnSheetPage;

RnSheet       *rn_sheet_new            (RnDocument  *document);
void           rn_sheet_show_page      (RnSheet     *self,
                                        RnSheetPage  page);
void           rn_sheet_set_whole_code (RnSheet     *self,
                                        gboolean     whole);
const char    *rn_sheet_get_code       (RnSheet     *self);
GtkSelectionModel *
               rn_sheet_get_rows       (RnSheet     *self);
gboolean       rn_sheet_shows_code     (RnSheet     *self);

G_END_DECLS
