/* Pictures that are dropped on a widget or lie in the clipboard: files, folders, or pixels. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RnTeachTake:
 * @file: (nullable): a picture's file, or a folder
 * @texture: (nullable): where @file is %NULL
 */
typedef void (*RnTeachTake) (gpointer     data,
                             GFile       *file,
                             GdkTexture  *texture);

void rn_teach_drop_add   (GtkWidget    *widget,
                          RnTeachTake   take,
                          gpointer      data);
void rn_teach_drop_paste (GtkWidget    *widget,
                          RnTeachTake   take);

G_END_DECLS
