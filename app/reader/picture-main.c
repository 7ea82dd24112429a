/* The process that decodes strangers' pictures: resnet-picture-reader, started by
 * ui/pictures/picture-reader.c, its only caller.
 *
 * It never looks at a picture itself: each is decoded by a child, which has limits on memory and
 * time, is denied what decoding does not need, and is gone afterwards. So a picture that takes its
 * decoder over sees no other picture, and the libraries are loaded once. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/reader/confine.h"
#include "engine/formats/parcel.h"
#include "ui/pictures/picture-loader.h"
#include "ui/pictures/picture-wire.h"

/* What a picture's size says of the time that it takes is little: a small file may hold the most
 * pixels that are taken, which are decoded in seconds. */
#define PICTURE_BYTES (30 << 20)

typedef struct
{
  char label[RN_PICTURE_WIRE_TEXT];
  int input;
  int output;
} Request;

/* Takes the next request, or nothing where the caller is gone. */
static gboolean
receive (Request *request)
{
  struct iovec text = { request->label, sizeof request->label };
  int fds[2];
  union
  {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof fds)];
  } control;
  struct msghdr message = { .msg_iov = &text,
                            .msg_iovlen = 1,
                            .msg_control = control.space,
                            .msg_controllen = sizeof control.space };
  struct cmsghdr *rights;
  ssize_t n;

  do
    n = recvmsg (RN_PICTURE_WIRE_FD, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  rights = n > 0 ? CMSG_FIRSTHDR (&message) : NULL;
  if (rights == NULL || rights->cmsg_type != SCM_RIGHTS
      || rights->cmsg_len != CMSG_LEN (sizeof fds))
    return FALSE;

  memcpy (fds, CMSG_DATA (rights), sizeof fds);
  request->input = fds[0];
  request->output = fds[1];
  request->label[n - 1] = '\0';

  return TRUE;
}

static gboolean
decode (const Request *request, GError **error)
{
  g_autoptr (GBytes) bytes = rn_picture_file_read (request->input, request->label, error);
  RnParcel parcel = { 0 };
  gboolean written;

  if (bytes == NULL)
    return FALSE;
  parcel.picture = rn_picture_load_bytes (bytes, request->label, error);
  if (parcel.picture == NULL)
    return FALSE;
  written = rn_parcel_write (&parcel, request->output, error);
  rn_picture_unref (parcel.picture);

  return written;
}

/* In the child: decodes, and leaves a reply in the pipe. */
static void
work (const Request *request, int pipe_end)
{
  RnPictureWireReply reply = { RN_PICTURE_WIRE_DONE };
  g_autoptr (GError) error = NULL;

  close (RN_PICTURE_WIRE_FD);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (!rn_confine (PICTURE_BYTES, &error))
    reply.outcome = RN_PICTURE_WIRE_FAILED;
  else if (!decode (request, &error))
    reply.outcome = error->domain == RN_PICTURE_LOADER_ERROR ? RN_PICTURE_WIRE_REFUSED
                                                             : RN_PICTURE_WIRE_FAILED;
  if (error != NULL)
    {
      reply.code = error->code;
      g_strlcpy (reply.text, error->message, sizeof reply.text);
    }

  _exit (write (pipe_end, &reply, sizeof reply) == sizeof reply ? EXIT_SUCCESS : EXIT_FAILURE);
}

static gboolean
read_reply (int fd, RnPictureWireReply *reply)
{
  ssize_t n;
  gsize at = 0;

  while (at < sizeof *reply)
    {
      n = read (fd, (char *) reply + at, sizeof *reply - at);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      at += n;
    }

  return TRUE;
}

static void
give_up (RnPictureWireReply *reply, const char *what)
{
  *reply = (RnPictureWireReply){ RN_PICTURE_WIRE_FAILED };
  g_snprintf (reply->text, sizeof reply->text, "%s: %s", what, g_strerror (errno));
}

static void
serve (const Request *request, RnPictureWireReply *reply)
{
  int ends[2], status = 0;
  gboolean replied;
  pid_t child;

  if (pipe (ends) != 0)
    {
      give_up (reply, "no pipe to a process for it");
      return;
    }
  child = fork ();
  if (child == 0)
    {
      close (ends[0]);
      work (request, ends[1]);
    }
  close (ends[1]);
  replied = child > 0 && read_reply (ends[0], reply);
  if (child < 0)
    give_up (reply, "no process for it");
  close (ends[0]);
  while (child > 0 && waitpid (child, &status, 0) < 0 && errno == EINTR)
    ;
  if (child > 0 && !replied)
    *reply = (RnPictureWireReply){ RN_PICTURE_WIRE_CRASHED,
                                   WIFSIGNALED (status) ? WTERMSIG (status) : SIGABRT };
}

int
main (int argc, char **argv)
{
  Request request;
  RnPictureWireReply reply;

  setlocale (LC_ALL, "");
  if (argc != 1)
    {
      g_printerr ("resnet-picture-reader: started by the explorer, not by hand\n");
      return 2;
    }

  /* Registers types and built-in decoders once, for all children. */
  rn_picture_loader_prepare ();
  while (receive (&request))
    {
      serve (&request, &reply);
      close (request.input);
      close (request.output);
      if (send (RN_PICTURE_WIRE_FD, &reply, sizeof reply, MSG_NOSIGNAL) != sizeof reply)
        break;
    }

  return EXIT_SUCCESS;
}
