/* Two models side by side: what differs, why it matters, and where it is. */
#pragma once

#include <gtk/gtk.h>

#include "ui/compare/compare-work.h"
#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_COMPARE_WINDOW (rn_compare_window_get_type ())
G_DECLARE_FINAL_TYPE (RnCompareWindow, rn_compare_window, RN, COMPARE_WINDOW, GtkWindow)

GtkWidget             *rn_compare_window_new          (GtkWindow       *parent,
                                                       RnDocument      *document);
void                   rn_compare_window_choose       (RnCompareWindow *self,
                                                       int              side,
                                                       const char      *id);
void                   rn_compare_window_choose_file  (RnCompareWindow *self,
                                                       int              side,
                                                       GFile           *file);
gboolean               rn_compare_window_is_busy      (RnCompareWindow *self);
const RnCompareResult *rn_compare_window_get_result   (RnCompareWindow *self);
const char            *rn_compare_window_get_verdict  (RnCompareWindow *self);
const char            *rn_compare_window_get_message  (RnCompareWindow *self);
GListModel            *rn_compare_window_get_rows     (RnCompareWindow *self);
int                    rn_compare_window_get_selected (RnCompareWindow *self);
GtkListBox            *rn_compare_window_get_list     (RnCompareWindow *self);

G_END_DECLS
