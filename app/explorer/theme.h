/* Light or dark: as the desktop says, or as was chosen. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_THEME (rn_theme_get_type ())
G_DECLARE_FINAL_TYPE (RnTheme, rn_theme, RN, THEME, GObject)

RnTheme    *rn_theme_new        (void);
const char *rn_theme_get_scheme (RnTheme    *self);
void        rn_theme_set_scheme (RnTheme    *self,
                                 const char *scheme);

G_END_DECLS
