/* Zip archives from strangers, read by libarchive. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnZipWantedFunc:
 * @name: of an entry
 *
 * Returns: whether its content is wanted
 */
typedef gboolean (*RnZipWantedFunc) (const char *name,
                                     gpointer    data);

/**
 * RnZipEntryFunc:
 * @name: of an entry
 * @content: its content
 *
 * Returns: whether to go on; %FALSE with @error set
 */
typedef gboolean (*RnZipEntryFunc)  (const char  *name,
                                     GBytes      *content,
                                     gpointer     data,
                                     GError     **error);

gboolean rn_zip_detect (const guint8     *bytes,
                        gsize             n_bytes);
gboolean rn_zip_read   (const guint8     *bytes,
                        gsize             n_bytes,
                        const char       *label,
                        RnZipWantedFunc   wanted,
                        RnZipEntryFunc    on_entry,
                        gpointer          data,
                        GError          **error);

G_END_DECLS
