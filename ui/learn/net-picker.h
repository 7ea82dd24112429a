/* Chooses one of the paper's CIFAR networks: its depth, its shortcuts, what is changed about it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_NET_PICKER (rn_net_picker_get_type ())
G_DECLARE_FINAL_TYPE (RnNetPicker, rn_net_picker, RN, NET_PICKER, GtkWidget)

char       *rn_net_picker_get_id   (RnNetPicker *self);
void        rn_net_picker_set_id   (RnNetPicker *self,
                                    const char  *id);
void        rn_net_picker_set_name (RnNetPicker *self,
                                    const char  *name);

G_END_DECLS
