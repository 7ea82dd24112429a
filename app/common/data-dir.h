/* Where the bundled data lies. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

const char *rn_data_dir_get       (void);
char       *rn_data_dir_find      (const char  *relative,
                                   GError     **error);

G_END_DECLS
