/* The sign of a mark: a shape, a character and a colour, each of which alone tells it. */
#pragma once

#include <gtk/gtk.h>

#include "ui/canvas/palette.h"
#include "ui/compare/aligned-row.h"

G_BEGIN_DECLS

#define RN_MARK_SIGN_SIZE 18

void        rn_palette_init_for   (RnPalette       *palette,
                                   GtkWidget       *widget);
GdkRGBA     rn_mark_get_color     (RnMark           mark,
                                   const RnPalette *palette);
const char *rn_mark_get_title     (RnMark           mark);
RnMark      rn_mark_of_difference (const char      *kind);
void        rn_mark_snapshot      (GtkSnapshot     *snapshot,
                                   RnMark           mark,
                                   const RnPalette *palette,
                                   double           x,
                                   double           y);

#define RN_TYPE_MARK_SIGN (rn_mark_sign_get_type ())
G_DECLARE_FINAL_TYPE (RnMarkSign, rn_mark_sign, RN, MARK_SIGN, GtkWidget)

GtkWidget  *rn_mark_sign_new      (RnMark           mark);

G_END_DECLS
