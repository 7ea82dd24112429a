/* A list of the classes that the network knows, of which the document's one is chosen. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_CLASS_CHOICE (rn_class_choice_get_type ())
G_DECLARE_FINAL_TYPE (RnClassChoice, rn_class_choice, RN, CLASS_CHOICE, GtkWidget)

void rn_class_choice_set_document (RnClassChoice *self,
                                   RnDocument    *document);

G_END_DECLS
