/* A download from a server on loopback into a folder of the test's own. */
#pragma once

#include "tests/unit/download/test-server.h"
#include "ui/download/download.h"

G_BEGIN_DECLS

/**
 * DownloadFixture:
 * @md5: of what is served
 * @source: what to fetch; its md5 is that one
 * @from_publisher: ask the source's own address, once, and not the server's
 * @result: (nullable): of the last download; so is @error
 * @n_reports: calls of its progress, and what the last one said
 * @cancel_at: bytes at which it is cancelled; 0 for never
 */
typedef struct
{
  TestServer *server;
  char *base;
  char *directory;
  char *md5;
  RnSource source;
  gboolean from_publisher;

  GMainLoop *loop;
  GCancellable *cancellable;
  char *result;
  GError *error;
  int n_reports;
  guint64 last_done;
  guint64 cancel_at;
} DownloadFixture;

void download_fixture_set_up    (DownloadFixture *self,
                                 const char      *path);
void download_fixture_serve     (DownloadFixture *self,
                                 GBytes          *content);
void download_fixture_fetch     (DownloadFixture *self,
                                 Behaviour        behaviour);
void download_fixture_tear_down (DownloadFixture *self);

G_END_DECLS
