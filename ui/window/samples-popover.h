/* The bundled pictures, to choose one. */
#pragma once

#include "ui/document/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_SAMPLES_POPOVER (rn_samples_popover_get_type ())
G_DECLARE_FINAL_TYPE (RnSamplesPopover, rn_samples_popover, RN, SAMPLES_POPOVER, GtkPopover)

void rn_samples_popover_set_document  (RnSamplesPopover *self,
                                       RnDocument       *document);
int  rn_samples_popover_get_n_samples (RnSamplesPopover *self);
void rn_samples_popover_choose        (RnSamplesPopover *self,
                                       int               sample);

G_END_DECLS
