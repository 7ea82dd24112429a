/* Published files, listed and fetched: what `resnet weights` and `resnet data` have in common. */
#pragma once

#include "app/resnet/command.h"
#include "ui/download/source.h"

G_BEGIN_DECLS

gboolean      rn_fetch_parse        (const RnCommand   *command,
                                     char             **args,
                                     char            ***words,
                                     char             **mirror,
                                     GError           **error);
RnSourceList *rn_fetch_load_sources (GError      **error);
RnExit        rn_fetch_list         (gboolean      pictures,
                                     GError      **error);
RnExit        rn_fetch_one          (const char   *id,
                                     gboolean      pictures,
                                     const char   *mirror,
                                     GError      **error);

G_END_DECLS
