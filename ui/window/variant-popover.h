/* Asks which variant of the model to show. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_VARIANT_POPOVER (rn_variant_popover_get_type ())
G_DECLARE_FINAL_TYPE (RnVariantPopover, rn_variant_popover, RN, VARIANT_POPOVER, GtkPopover)

void rn_variant_popover_set_document (RnVariantPopover *self,
                                      RnDocument       *document);
void rn_variant_popover_apply        (RnVariantPopover *self,
                                      const RnVariant  *variant);

G_END_DECLS
