#include "ui/pictures/picture-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/formats/parcel.h"
#include "engine/formats/reader.h"
#include "ui/pictures/picture-loader.h"
#include "ui/pictures/picture-wire.h"

#define PROGRAM "resnet-picture-reader"
#ifdef RN_SANITIZED /* with checks compiled in everything takes ten times as long */
#define TIMEOUT_MS (600 * 1000)
#else
#define TIMEOUT_MS (60 * 1000)
#endif
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

struct _RnPictureReader
{
  gint ref_count;
  char *program;

  GMutex mutex; /* one picture at a time; it guards what follows */
  GSubprocess *process;
  int socket; /* to the process; -1 while there is none */
};

/**
 * rn_picture_reader_new:
 * @program: path of `resnet-picture-reader`
 *
 * The process is started with the first picture, serves all others, and ends with this object. It
 * decodes every picture in a child of its own, with limits on memory and time, so that a picture
 * that brings its decoder down costs that picture alone.
 *
 * Returns: (transfer full): may be used by several threads, which take turns
 */
RnPictureReader *
rn_picture_reader_new (const char *program)
{
  RnPictureReader *self = g_new0 (RnPictureReader, 1);

  self->ref_count = 1;
  self->program = g_strdup (program);
  self->socket = -1;
  g_mutex_init (&self->mutex);

  return self;
}

/* As rn_picture_reader_new(), with the program that lies beside that of rn_reader_read(). */
RnPictureReader *
rn_picture_reader_new_beside (const char *reader_program)
{
  g_autofree char *folder = g_path_get_dirname (reader_program);
  g_autofree char *program = g_build_filename (folder, PROGRAM, NULL);

  return rn_picture_reader_new (program);
}

RnPictureReader *
rn_picture_reader_ref (RnPictureReader *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
stop (RnPictureReader *self)
{
  if (self->socket >= 0)
    close (self->socket);
  self->socket = -1;
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
}

void
rn_picture_reader_unref (RnPictureReader *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  stop (self);
  g_mutex_clear (&self->mutex);
  g_free (self->program);
  g_free (self);
}

static gboolean
fail_errno (GError **error, const char *label, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s: %s", label, what,
               g_strerror (code));

  return FALSE;
}

static gboolean
start (RnPictureReader *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) local = NULL;
  int ends[2];

  if (self->process != NULL)
    return TRUE;
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno (error, self->program, "no socket for it");

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_subprocess_launcher_take_fd (launcher, ends[1], RN_PICTURE_WIRE_FD);
  self->process = g_subprocess_launcher_spawn (launcher, &local, self->program, NULL);
  if (self->process == NULL)
    {
      close (ends[0]);
      g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_PROGRAM,
                   "%s: the program that reads pictures cannot be started: %s", self->program,
                   local->message);
      return FALSE;
    }
  self->socket = ends[0];

  return TRUE;
}

static gboolean
send_request (RnPictureReader *self, const char *label, int input, int output)
{
  const int fds[2] = { input, output };
  struct iovec text = { (void *) label, MIN (strlen (label), RN_PICTURE_WIRE_TEXT - 1) + 1 };
  union
  {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof fds)];
  } control = { .space = { 0 } };
  struct msghdr message = { .msg_iov = &text,
                            .msg_iovlen = 1,
                            .msg_control = control.space,
                            .msg_controllen = sizeof control.space };
  struct cmsghdr *rights = CMSG_FIRSTHDR (&message);

  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN (sizeof fds);
  memcpy (CMSG_DATA (rights), fds, sizeof fds);

  return sendmsg (self->socket, &message, MSG_NOSIGNAL) >= 0;
}

/* Sets @gone, and no error, where the process ended before it replied. */
static gboolean
await_reply (RnPictureReader *self,
             const char *label,
             RnPictureWireReply *reply,
             gboolean *gone,
             GCancellable *cancellable,
             GError **error)
{
  GPollFD fds[2] = { { .fd = self->socket, .events = G_IO_IN } };
  gboolean watched = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fds[1]);
  int n_ready;
  ssize_t n = 0;

  do
    n_ready = g_poll (fds, watched ? 2 : 1, TIMEOUT_MS);
  while (n_ready < 0 && errno == EINTR);
  if (watched)
    g_cancellable_release_fd (cancellable);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (n_ready == 0)
    {
      g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                   "%s: decoding it took more than %d seconds; it is damaged, or made to", label,
                   TIMEOUT_MS / 1000);
      return FALSE;
    }
  n = recv (self->socket, reply, sizeof *reply, 0);
  *gone = n != sizeof *reply;
  reply->text[RN_PICTURE_WIRE_TEXT - 1] = '\0';

  return !*gone;
}

static gboolean
judge (const RnPictureWireReply *reply, const char *label, GError **error)
{
  g_autofree char *text = g_utf8_make_valid (reply->text, -1);

  switch (reply->outcome)
    {
    case RN_PICTURE_WIRE_DONE:
      return TRUE;
    case RN_PICTURE_WIRE_REFUSED:
      g_set_error_literal (error, RN_PICTURE_LOADER_ERROR,
                           CLAMP (reply->code, 0, RN_PICTURE_LOADER_ERROR_LIMIT),
                           g_strdelimit (text, "\n", ' '));
      return FALSE;
    case RN_PICTURE_WIRE_CRASHED:
      g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                   "%s: decoding it brought the decoder down (%s); the picture is damaged, or made "
                   "to do that; nothing else is affected",
                   label, strsignal (reply->code));
      return FALSE;
    default:
      g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_PROGRAM, "%s: cannot be decoded: %s",
                   label, g_strdelimit (text, "\n", ' '));
      return FALSE;
    }
}

/* Pictures cannot bring the process down, but others may have killed it, between two pictures or at
 * this one: then another takes its place, once. */
static gboolean
exchange (RnPictureReader *self,
          const char *label,
          int input,
          int output,
          RnPictureWireReply *reply,
          GCancellable *cancellable,
          GError **error)
{
  gboolean gone = TRUE, replied = FALSE;

  for (int attempt = 0; attempt < 2 && gone && !replied; attempt++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !start (self, error))
        return FALSE;
      gone = !send_request (self, label, input, output);
      replied = !gone && await_reply (self, label, reply, &gone, cancellable, error);
      /* A later reply must not be taken for that to another picture. */
      if (!replied)
        stop (self);
    }
  if (gone)
    g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                 "%s: the process that reads pictures ended twice; open it again", label);

  return replied;
}

static RnPicture *
take_picture (int output, const char *label, GError **error)
{
  g_autoptr (RnParcel) parcel = NULL;

  if (fcntl (output, F_ADD_SEALS, SEALS) != 0)
    {
      fail_errno (error, label, "what was decoded cannot be sealed");
      return NULL;
    }
  parcel = rn_parcel_read (output, error);
  if (parcel != NULL && parcel->picture == NULL)
    g_set_error (error, RN_PARCEL_ERROR, RN_PARCEL_ERROR_DAMAGED,
                 "%s: the process that reads pictures handed back none", label);

  return parcel != NULL ? g_steal_pointer (&parcel->picture) : NULL;
}

/* Has what @input reads decoded, whatever becomes of its file. */
static RnPicture *
decode (RnPictureReader *self,
        int input,
        const char *label,
        GCancellable *cancellable,
        GError **error)
{
  int output = memfd_create ("resnet-picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  RnPicture *picture = NULL;
  RnPictureWireReply reply;
  gboolean replied;

  if (output < 0)
    {
      fail_errno (error, label, "no memory for its pixels");
      return NULL;
    }
  g_mutex_lock (&self->mutex);
  replied = exchange (self, label, input, output, &reply, cancellable, error);
  g_mutex_unlock (&self->mutex);
  if (replied && judge (&reply, label, error))
    picture = take_picture (output, label, error);
  close (output);

  return picture;
}

/**
 * rn_picture_reader_load:
 * @file: a picture file, local or not
 * @cancellable: (nullable): ends the decoding
 * @error: as rn_picture_load_file(), and %RN_READER_ERROR where decoding went wrong altogether
 *
 * As rn_picture_load_file(), with the decoding in another process. Blocks: call it from a worker.
 *
 * Returns: (transfer full) (nullable): the picture
 */
RnPicture *
rn_picture_reader_load (RnPictureReader *self,
                        GFile *file,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *label = NULL;
  RnPicture *picture;
  int input;

  g_return_val_if_fail (self != NULL && G_IS_FILE (file), NULL);

  label = g_file_get_parse_name (file);
  input = rn_picture_file_open (file, cancellable, error);
  if (input < 0)
    return NULL;
  picture = decode (self, input, label, cancellable, error);
  close (input);

  return picture;
}

/* Returns: a file in memory with these bytes; -1 where there is none */
static int
make_input (GBytes *bytes, const char *label, GError **error)
{
  int fd = memfd_create ("resnet-encoded", MFD_CLOEXEC);
  gsize size, at = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  while (fd >= 0 && at < size)
    {
      ssize_t n = write (fd, data + at, size - at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          close (fd);
          fd = -1;
          break;
        }
      at += n;
    }
  if (fd < 0)
    fail_errno (error, label, "no memory for it");

  return fd;
}

/**
 * rn_picture_reader_load_bytes:
 * @bytes: a picture as its file has it
 * @label: what to call it in messages
 *
 * As rn_picture_reader_load(), for what comes from another program and not from a file.
 */
RnPicture *
rn_picture_reader_load_bytes (RnPictureReader *self,
                              GBytes *bytes,
                              const char *label,
                              GCancellable *cancellable,
                              GError **error)
{
  RnPicture *picture;
  int input;

  g_return_val_if_fail (self != NULL && bytes != NULL && label != NULL, NULL);

  input = make_input (bytes, label, error);
  if (input < 0)
    return NULL;
  picture = decode (self, input, label, cancellable, error);
  close (input);

  return picture;
}
