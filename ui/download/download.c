#include "ui/download/download.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/training/cifar10-archive.h"
#include "engine/training/data-set.h"

#define CHUNK (64 << 10)
#define DEFAULT_TIMEOUT 30
#define DEFAULT_RETRIES 3
#define FIRST_PAUSE_MS 250
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)
#define RATE_WINDOW (2.0 * G_USEC_PER_SEC)

/* No weights of a residual network are larger; a server that sends more is not one. */
#define MAX_SIZE (G_GUINT64_CONSTANT (4) << 30)

/* One download, owned by its task and used by its worker alone. */
typedef struct
{
  char *address;
  char *md5;
  char *file;   /* where it ends up */
  char *part;   /* where it grows */
  char *folder; /* that an archive of pictures is unpacked into, or NULL */
  guint timeout;
  guint max_retries;
  RnDownloadProgress progress;
  gpointer progress_data;
  GMainContext *context;

  int fd;
  guint64 done;
  guint64 total;
  gboolean no_range; /* the server does not resume */
  gint64 reported_at;
  guint64 window_start_done;
  gint64 window_start;
  double rate;
} Download;

typedef struct
{
  RnDownloadProgress func;
  gpointer data;
  guint64 done, total;
  double rate;
} Report;

/* How one try ended. */
typedef enum
{
  TRY_COMPLETE,
  TRY_BROKEN, /* worth another try */
  TRY_FAILED,
} TryResult;

static void
download_free (gpointer data)
{
  Download *self = data;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->address);
  g_free (self->md5);
  g_free (self->file);
  g_free (self->part);
  g_free (self->folder);
  g_main_context_unref (self->context);
  g_free (self);
}

static gboolean
deliver_report (gpointer data)
{
  Report *report = data;

  report->func (report->done, report->total, report->rate, report->data);

  return G_SOURCE_REMOVE;
}

static void
report_progress (Download *self, gboolean last)
{
  gint64 now = g_get_monotonic_time ();
  Report *report;

  if (self->progress == NULL || (!last && now - self->reported_at < PROGRESS_INTERVAL))
    return;

  if (now - self->window_start >= RATE_WINDOW || (self->rate == 0 && now > self->window_start))
    {
      self->rate = (self->done - self->window_start_done) * (double) G_USEC_PER_SEC
                   / (now - self->window_start);
      self->window_start = now;
      self->window_start_done = self->done;
    }
  self->reported_at = now;

  report = g_new0 (Report, 1);
  *report = (Report) { self->progress, self->progress_data, self->done, self->total, self->rate };
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, deliver_report, report, g_free);
}

static gboolean
fail_errno (GError **error, const char *what, const char *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be %s: %s", path, what,
               g_strerror (code));

  return FALSE;
}

/* Opens the growing file so that no second process writes to it. */
static gboolean
open_part (Download *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->part);
  off_t size;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail_errno (error, "made", folder);
  self->fd = g_open (self->part, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return fail_errno (error, "written", self->part);
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_BUSY,
                   "%s is being downloaded by another program; wait for it or stop it", self->file);
      return FALSE;
    }
  size = lseek (self->fd, 0, SEEK_END);
  if (size < 0)
    return fail_errno (error, "read", self->part);
  self->done = size;

  return TRUE;
}

static gboolean
truncate_part (Download *self, GError **error)
{
  self->done = 0;
  if (ftruncate (self->fd, 0) != 0 || lseek (self->fd, 0, SEEK_SET) < 0)
    return fail_errno (error, "written", self->part);

  return TRUE;
}

static gboolean
check_space (Download *self, GError **error)
{
  struct statvfs stats;
  guint64 needed, available;

  if (self->total > MAX_SIZE)
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_SERVER,
                   "%s: the server offers more than any weights need", self->address);
      return FALSE;
    }
  if (fstatvfs (self->fd, &stats) != 0)
    return TRUE;

  needed = self->total > self->done ? self->total - self->done : 0;
  available = (guint64) stats.f_bavail * stats.f_frsize;
  if (available < needed)
    {
      g_autofree char *need = g_format_size (needed);
      g_autofree char *have = g_format_size (available);

      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_SPACE,
                   "%s needs %s more, and the disk has %s free", self->file, need, have);
      return FALSE;
    }

  return TRUE;
}

/* Reads the answer's head: whether it resumes, starts anew, or refuses. */
static TryResult
accept_answer (Download *self, SoupMessage *message, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  goffset start, end, total;

  if (status == SOUP_STATUS_PARTIAL_CONTENT
      && soup_message_headers_get_content_range (headers, &start, &end, &total)
      && (guint64) start == self->done)
    {
      self->total = total > 0 ? total : 0;
      return check_space (self, error) ? TRY_COMPLETE : TRY_FAILED;
    }
  if (status == SOUP_STATUS_OK)
    {
      if (!truncate_part (self, error))
        return TRY_FAILED;
      self->total = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
                        ? soup_message_headers_get_content_length (headers)
                        : 0;
      return check_space (self, error) ? TRY_COMPLETE : TRY_FAILED;
    }
  if (status == SOUP_STATUS_PARTIAL_CONTENT || status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE)
    {
      self->no_range = TRUE;
      return TRY_BROKEN;
    }

  g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_SERVER,
               "%s: the server answered %u %s; a mirror can be given as the base address",
               self->address, status, soup_message_get_reason_phrase (message));

  return SOUP_STATUS_IS_SERVER_ERROR (status) ? TRY_BROKEN : TRY_FAILED;
}

static gboolean
write_all (Download *self, const guint8 *data, gssize size, GError **error)
{
  while (size > 0)
    {
      ssize_t n = write (self->fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (error, "written", self->part);
      data += n;
      size -= n;
      self->done += n;
    }

  return TRUE;
}

static TryResult
receive (Download *self, GInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK);

  for (;;)
    {
      gssize n = g_input_stream_read (stream, buffer, CHUNK, cancellable, error);

      if (n < 0)
        return TRY_BROKEN;
      if (n == 0)
        break;
      if (!write_all (self, buffer, n, error))
        return TRY_FAILED;
      if (self->done > MAX_SIZE)
        {
          g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_SERVER,
                       "%s: the server sends more than any weights need", self->address);
          return TRY_FAILED;
        }
      report_progress (self, FALSE);
    }

  if (self->total > 0 && self->done < self->total)
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_SERVER,
                   "%s: the connection broke after %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                   " bytes; fetch again to go on from there",
                   self->address, self->done, self->total);
      return TRY_BROKEN;
    }

  return TRY_COMPLETE;
}

static TryResult
try_once (Download *self, SoupSession *session, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, self->address);
  g_autoptr (GInputStream) stream = NULL;
  TryResult result;

  if (message == NULL)
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                   "“%s” is not an address; http://… or https://… would be right", self->address);
      return TRY_FAILED;
    }

  if (self->no_range && !truncate_part (self, error))
    return TRY_FAILED;
  if (self->done > 0)
    soup_message_headers_set_range (soup_message_get_request_headers (message), self->done, -1);

  stream = soup_session_send (session, message, cancellable, error);
  if (stream == NULL)
    return TRY_BROKEN;
  result = accept_answer (self, message, error);
  if (result != TRY_COMPLETE)
    return result;

  return receive (self, stream, cancellable, error);
}

/* Waits, but not longer than until it is cancelled. */
static void
pause_for (guint ms, GCancellable *cancellable)
{
  GPollFD poll;

  if (g_cancellable_make_pollfd (cancellable, &poll))
    {
      g_poll (&poll, 1, ms);
      g_cancellable_release_fd (cancellable);
    }
  else
    g_usleep ((gulong) ms * 1000);
}

/* Tries until the file is whole, going on where a broken connection left it. */
static gboolean
fetch (Download *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupSession) session =
      soup_session_new_with_options ("timeout", self->timeout, "user-agent", "resnet-explorer ", NULL);
  guint idle_tries = 0;

  self->window_start = g_get_monotonic_time ();
  self->window_start_done = self->done;
  for (;;)
    {
      g_autoptr (GError) local = NULL;
      guint64 before = self->done;
      gboolean had_range = self->no_range;
      TryResult result = try_once (self, session, cancellable, &local);

      if (result == TRY_COMPLETE)
        return TRUE;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      if (self->no_range && !had_range)
        continue;
      idle_tries = self->done > before ? 0 : idle_tries + 1;
      if (result == TRY_FAILED || idle_tries >= self->max_retries)
        {
          if (local->domain != RN_DOWNLOAD_ERROR && result != TRY_FAILED)
            g_prefix_error (&local, "%s: ", self->address);
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      pause_for (FIRST_PAUSE_MS << idle_tries, cancellable);
    }
}

/* The file takes its name only whole and right. */
static gboolean
finish_part (Download *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *md5 = rn_download_md5_of (self->part, cancellable, error);

  if (md5 == NULL)
    return FALSE;
  if (!g_str_equal (md5, self->md5))
    {
      g_unlink (self->part);
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_CHECKSUM,
                   "%s: what came has MD5 %s; %s would be right; it was thrown away",
                   self->address, md5, self->md5);
      return FALSE;
    }
  if (fsync (self->fd) != 0)
    return fail_errno (error, "written", self->part);
  if (g_rename (self->part, self->file) != 0)
    return fail_errno (error, "written", self->file);

  return TRUE;
}

static gboolean
is_right (Download *self, const char *path, GCancellable *cancellable)
{
  g_autofree char *md5 = rn_download_md5_of (path, cancellable, NULL);

  return md5 != NULL && g_str_equal (md5, self->md5);
}

/* Whoever is told may ask again at once, and must not find the file locked. */
static void
unlock (Download *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
get_file (Download *self, GCancellable *cancellable, GError **error)
{
  return is_right (self, self->file, cancellable)
         || (open_part (self, error)
             && (is_right (self, self->part, cancellable) || fetch (self, cancellable, error))
             && finish_part (self, cancellable, error));
}

/* Unpacks an archive of pictures, which has then done its work. */
static gboolean
unpack (Download *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean done;

  report_progress (self, TRUE);
  unlock (self);
  done = rn_cifar10_unpack (self->file, self->folder, cancellable, &local);
  if (done || local->domain == RN_DATA_SET_ERROR)
    g_unlink (self->file);
  if (!done)
    g_propagate_error (error, g_steal_pointer (&local));

  return done;
}

static gboolean
get_folder (Download *self, GCancellable *cancellable, GError **error)
{
  return rn_cifar10_is_unpacked (self->folder)
         || (get_file (self, cancellable, error) && unpack (self, cancellable, error));
}

static void
download_in_thread (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  Download *self = data;
  g_autoptr (GMainContext) own = g_main_context_new ();
  GError *error = NULL;
  gboolean done;

  /* A SoupSession belongs to the thread, and the context, that made it. */
  g_main_context_push_thread_default (own);
  done = self->folder != NULL ? get_folder (self, cancellable, &error)
                              : get_file (self, cancellable, &error);
  report_progress (self, TRUE);
  g_main_context_pop_thread_default (own);
  unlock (self);

  if (done)
    g_task_return_pointer (task, g_strdup (self->folder ?: self->file), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * rn_download_async:
 * @source: what to fetch
 * @options: how; copied
 *
 * Fetches a file in a worker: resumes what an earlier try left, retries a broken connection, checks
 * the MD5 of the whole, and only then gives the file its name. A file that is already there and
 * right is not fetched again. Cancelling keeps what has come, for the next time. Pictures come as an
 * archive, which is unpacked into a folder that is there whole or not at all.
 */
void
rn_download_async (const RnSource *source,
                   const RnDownloadOptions *options,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Download *self = g_new0 (Download, 1);

  g_return_if_fail (source != NULL && options != NULL);

  self->fd = -1;
  self->address = rn_source_get_address (source, options->mirror);
  self->md5 = g_strdup (source->md5);
  self->file = rn_source_get_file (source, options->directory);
  if (source->kind == RN_SOURCE_PICTURES)
    self->folder = rn_source_get_place (source, options->directory);
  self->part = rn_source_get_part (self->file);
  self->timeout = options->timeout > 0 ? options->timeout : DEFAULT_TIMEOUT;
  self->max_retries = options->max_retries > 0 ? options->max_retries : DEFAULT_RETRIES;
  self->progress = options->progress;
  self->progress_data = options->progress_data;
  self->context = g_main_context_ref_thread_default ();

  g_task_set_source_tag (task, rn_download_async);
  g_task_set_task_data (task, self, download_free);
  g_task_run_in_thread (task, download_in_thread);
}

/**
 * rn_download_finish:
 *
 * Returns: (transfer full) (nullable): the path of the file, or of the folder of pictures; %NULL with
 *   %RN_DOWNLOAD_ERROR, %RN_DATA_SET_ERROR or %G_IO_ERROR
 */
char *
rn_download_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
