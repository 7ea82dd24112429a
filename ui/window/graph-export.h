/* The graph as a file, on the clipboard and on paper. */
#pragma once

#include "ui/canvas/canvas.h"
#include "ui/document/document.h"

G_BEGIN_DECLS

void               rn_graph_export_write_async  (RnCanvas             *canvas,
                                                 gboolean              whole,
                                                 const char           *path,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean           rn_graph_export_write_finish (GAsyncResult         *result,
                                                 GError              **error);
void               rn_graph_export_save         (RnCanvas             *canvas,
                                                 gboolean              whole,
                                                 const char           *path,
                                                 RnDocument           *document);
void               rn_graph_export_choose       (RnCanvas             *canvas,
                                                 gboolean              whole,
                                                 RnDocument           *document);
void               rn_graph_export_copy         (RnCanvas             *canvas,
                                                 gboolean              whole,
                                                 RnDocument           *document);
GtkPrintOperation *rn_graph_export_new_print    (RnCanvas             *canvas,
                                                 gboolean              whole);
void               rn_graph_export_print        (RnCanvas             *canvas,
                                                 gboolean              whole,
                                                 RnDocument           *document);

G_END_DECLS
