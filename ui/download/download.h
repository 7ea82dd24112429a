/* Fetches one file over HTTP so that it is there whole and right, or not at all. */
#pragma once

#include "ui/download/source.h"

G_BEGIN_DECLS

/**
 * RnDownloadProgress:
 * @done: bytes here so far, those of an earlier try included
 * @total: bytes in all; 0 where the server does not say
 * @rate: bytes a second of late; 0 at the start
 *
 * Called at most ten times a second, from the context that rn_download_async() was called in.
 */
typedef void (*RnDownloadProgress) (guint64  done,
                                    guint64  total,
                                    double   rate,
                                    gpointer data);

/**
 * RnDownloadOptions:
 * @mirror: (nullable): base address to fetch from instead of the publisher's
 * @directory: (nullable): where to keep the file; %NULL for the user's data folder
 * @timeout: seconds without a byte before a connection counts as broken; 0 for 30
 * @max_retries: tries in a row that bring nothing before giving up; 0 for 3
 * @progress: (nullable): told how far it is
 * @progress_data: for @progress
 */
typedef struct
{
  const char *mirror;
  const char *directory;
  guint timeout;
  guint max_retries;
  RnDownloadProgress progress;
  gpointer progress_data;
} RnDownloadOptions;

void  rn_download_async  (const RnSource           *source,
                          const RnDownloadOptions  *options,
                          GCancellable             *cancellable,
                          GAsyncReadyCallback       callback,
                          gpointer                  user_data);
char *rn_download_finish (GAsyncResult             *result,
                          GError                  **error);
char *rn_download_md5_of (const char               *path,
                          GCancellable             *cancellable,
                          GError                  **error);

G_END_DECLS
