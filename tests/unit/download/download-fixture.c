#include "tests/unit/download/download-fixture.h"

#include "tests/remove-tree.h"

/* Of a file that lies at @path below a mirror; what it is comes with download_fixture_serve(). */
void
download_fixture_set_up (DownloadFixture *self, const char *path)
{
  self->directory = g_dir_make_tmp ("rn-download-XXXXXX", NULL);
  g_assert_nonnull (self->directory);
  self->source = (RnSource) { .id = (char *) "test",
                              .title = (char *) "Test",
                              .url = (char *) "http://127.0.0.1:1/nobody-listens-here",
                              .path = (char *) path };
  self->loop = g_main_loop_new (NULL, FALSE);
}

/* Serves what is given, whose checksum is known. */
void
download_fixture_serve (DownloadFixture *self, GBytes *content)
{
  g_clear_pointer (&self->server, test_server_free);
  g_free (self->base);
  g_free (self->md5);
  self->server = test_server_new (content);
  self->base = test_server_get_base (self->server);
  self->md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, content);
  self->source.md5 = self->md5;
}

static void
on_progress (guint64 done, guint64 total, double rate, gpointer data)
{
  DownloadFixture *self = data;

  self->n_reports++;
  self->last_done = done;
  if (self->cancel_at > 0 && done >= self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  DownloadFixture *self = data;

  self->result = rn_download_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

/* Fetches it once and waits for the end. */
void
download_fixture_fetch (DownloadFixture *self, Behaviour behaviour)
{
  RnDownloadOptions options = { .mirror = self->from_publisher ? NULL : self->base,
                                .directory = self->directory,
                                .timeout = 1,
                                .max_retries = self->from_publisher ? 1 : 2,
                                .progress = on_progress,
                                .progress_data = self };

  g_clear_pointer (&self->result, g_free);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  test_server_behave (self->server, behaviour);
  rn_download_async (&self->source, &options, self->cancellable, on_done, self);
  g_main_loop_run (self->loop);
}

void
download_fixture_tear_down (DownloadFixture *self)
{
  test_remove_tree (self->directory);
  test_server_free (self->server);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_main_loop_unref (self->loop);
  g_free (self->result);
  g_free (self->base);
  g_free (self->directory);
  g_free (self->md5);
}
