/* A file written on a worker. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: whether @path is written, otherwise @error is set */
typedef gboolean (*RnSaveFunc) (gpointer     data,
                                const char  *path,
                                GError     **error);

void     rn_save_task_run      (GTask           *task,
                                RnSaveFunc       save,
                                gpointer         data,
                                GDestroyNotify   free_data,
                                const char      *path);
gpointer rn_save_task_get_data (GTask           *task);

G_END_DECLS
