/* The document's work on other threads: making networks ready, and running them. */
#pragma once

#include "ui/document/network.h"
#include "ui/document/progress.h"

G_BEGIN_DECLS

void        rn_loading_load_file_async    (const char           *id,
                                           const char           *path,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
void        rn_loading_load_opened_async  (const char           *id,
                                           RnModel              *model,
                                           RnWeights            *weights,
                                           const char           *path,
                                           guint                 serial,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
RnNetwork  *rn_loading_load_finish        (GAsyncResult         *result,
                                           char                **warning,
                                           GError              **error);
const char *rn_loading_get_id             (GAsyncResult         *result);
const char *rn_loading_get_path           (GAsyncResult         *result);
const char *rn_loading_get_misfit         (GAsyncResult         *result);
guint       rn_loading_get_serial         (GAsyncResult         *result);

void        rn_loading_run_async          (RnNetwork            *network,
                                           RnPicture            *picture,
                                           const char *const    *edits,
                                           RnProgress           *progress,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
RnRun      *rn_loading_run_finish         (GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
