/* What all of the program's widgets need before the first of them is made. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_RESOURCE_PATH "/org/resnet_explorer/ResNetExplorer"

void rn_ui_init (void);

G_END_DECLS
