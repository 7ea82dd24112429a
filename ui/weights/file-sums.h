/* A file's checksums, computed on a worker. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RnFileSums:
 * @md5: 32 hexadecimal digits
 * @sha256: 64 of them
 */
typedef struct
{
  char *md5;
  char *sha256;
} RnFileSums;

void        rn_file_sums_free   (RnFileSums           *self);
void        rn_file_sums_async  (const char           *path,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
RnFileSums *rn_file_sums_finish (GAsyncResult         *result,
                                 GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnFileSums, rn_file_sums_free)

G_END_DECLS
