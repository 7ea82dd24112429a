/* CIFAR-10 as it is published: a gzipped tar archive, unpacked into a folder. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean rn_cifar10_unpack      (const char    *archive,
                                 const char    *directory,
                                 GCancellable  *cancellable,
                                 GError       **error);
gboolean rn_cifar10_is_unpacked (const char    *directory);

G_END_DECLS
