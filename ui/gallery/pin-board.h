/* Channels of several layers side by side, as they were pinned. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/draw/color-map.h"

G_BEGIN_DECLS

#define RN_TYPE_PIN_BOARD (rn_pin_board_get_type ())
G_DECLARE_FINAL_TYPE (RnPinBoard, rn_pin_board, RN, PIN_BOARD, GtkWidget)

void       rn_pin_board_set_document (RnPinBoard *self,
                                      RnDocument *document);
void       rn_pin_board_set_colors   (RnPinBoard *self,
                                      RnColorMap  colors);
void       rn_pin_board_toggle       (RnPinBoard *self,
                                      int         layer,
                                      int         channel);
gboolean   rn_pin_board_has          (RnPinBoard *self,
                                      int         layer,
                                      int         channel);
int        rn_pin_board_get_n        (RnPinBoard *self);
GdkPaintable *rn_pin_board_get_map   (RnPinBoard *self,
                                      int         i);

G_END_DECLS
