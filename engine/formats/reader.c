#include "engine/formats/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/formats/reader-fds.h"

#ifdef RN_SANITIZED /* with checks compiled in everything takes ten times as long */
#define DEFAULT_TIMEOUT_S 600
#else
#define DEFAULT_TIMEOUT_S 60
#endif
#define MAX_MESSAGE 2000
/* Whatever reads it may map it as a whole, beside what it makes of it. */
#define MAX_FILE_GIB 2

/* Whatever the reader process still holds, nobody changes the file after these. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

G_DEFINE_QUARK (rn-reader-error-quark, rn_reader_error)

static const char *const kind_names[] = { "weights", "model", "any", "array" };

/* A process under way, and what ends it early. */
typedef struct
{
  GSubprocess *process;
  gboolean timed_out;
  gboolean done;
  char *message; /* its standard error */
  GError *error;
} Wait;

const char *
rn_reader_kind_get_name (RnReaderKind kind)
{
  return kind_names[kind];
}

gboolean
rn_reader_kind_from_name (const char *name, RnReaderKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_str_equal (name, kind_names[i]))
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
fail_errno (GError **error, const char *path, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s: %s", path, what,
               g_strerror (code));

  return FALSE;
}

/* Opens the file here, so that the reader process needs no access to the file system. */
static int
open_input (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat stats;

  if (fd < 0)
    {
      fail_errno (error, path, "cannot be opened");
      return -1;
    }
  if (fstat (fd, &stats) != 0 || !S_ISREG (stats.st_mode))
    {
      g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_FILE,
                   "%s: not a regular file; a file of weights, a model or an array would be right",
                   path);
      close (fd);
      return -1;
    }
  if (stats.st_size > ((gint64) MAX_FILE_GIB << 30))
    {
      g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_FILE,
                   "%s: too large: files of up to %d GiB are taken", path, MAX_FILE_GIB);
      close (fd);
      return -1;
    }

  return fd;
}

static int
make_output (GError **error)
{
  int fd = memfd_create ("resnet-parcel", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    fail_errno (error, "reader", "no memory for what it reads");

  return fd;
}

static GSubprocess *
start (const char *program,
       RnReaderKind kind,
       const char *path,
       int input,
       int output,
       GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) local = NULL;

  g_subprocess_launcher_take_fd (launcher, input, RN_READER_INPUT_FD);
  g_subprocess_launcher_take_fd (launcher, fcntl (output, F_DUPFD_CLOEXEC, 0), RN_READER_OUTPUT_FD);
  process = g_subprocess_launcher_spawn (launcher, &local, program, rn_reader_kind_get_name (kind),
                                         path, NULL);
  if (process == NULL)
    g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_PROGRAM,
                 "%s: the program that reads files cannot be started: %s", program, local->message);

  return g_steal_pointer (&process);
}

static gboolean
on_timeout (gpointer data)
{
  Wait *wait = data;

  wait->timed_out = TRUE;
  g_subprocess_force_exit (wait->process);

  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_subprocess_force_exit (data);

  return G_SOURCE_REMOVE;
}

static void
on_ended (GObject *object, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  g_subprocess_communicate_utf8_finish (wait->process, result, NULL, &wait->message, &wait->error);
  wait->done = TRUE;
}

/* Waits in a context of its own: callers are workers, several at a time. */
static void
wait_for (Wait *wait, guint timeout_s, GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) timeout = g_timeout_source_new_seconds (timeout_s);
  g_autoptr (GSource) cancel = NULL;

  g_main_context_push_thread_default (context);
  g_source_set_callback (timeout, on_timeout, wait, NULL);
  g_source_attach (timeout, context);
  if (cancellable != NULL)
    {
      cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (cancel, G_SOURCE_FUNC (on_cancelled), wait->process, NULL);
      g_source_attach (cancel, context);
    }

  g_subprocess_communicate_utf8_async (wait->process, NULL, NULL, on_ended, wait);
  while (!wait->done)
    g_main_context_iteration (context, TRUE);

  g_source_destroy (timeout);
  if (cancel != NULL)
    g_source_destroy (cancel);
  g_main_context_pop_thread_default (context);
}

/* One line of what the process said last. */
static char *
get_last_line (const char *text)
{
  g_autofree char *copy = g_strndup (text != NULL ? text : "", MAX_MESSAGE);
  char *line;

  g_strchomp (copy);
  line = strrchr (copy, '\n');

  return g_strdup (line != NULL ? line + 1 : copy);
}

static gboolean
judge (const Wait *wait, const char *path, guint timeout_s, GError **error)
{
  g_autofree char *message = get_last_line (wait->message);

  if (g_subprocess_get_if_exited (wait->process)
      && g_subprocess_get_exit_status (wait->process) == 0)
    return TRUE;

  if (wait->timed_out)
    g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                 "%s: reading it took more than %u seconds; it is damaged, or made to", path,
                 timeout_s);
  else if (g_subprocess_get_if_signaled (wait->process)
           && (g_subprocess_get_term_sig (wait->process) == SIGPROF
               || g_subprocess_get_term_sig (wait->process) == SIGXCPU))
    g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                 "%s: reading it took far longer than a file of its size does; it is damaged, or "
                 "made to; get the file again",
                 path);
  else if (g_subprocess_get_if_exited (wait->process) && *message != '\0')
    g_set_error_literal (error, RN_READER_ERROR, RN_READER_ERROR_FILE, message);
  else if (g_subprocess_get_if_signaled (wait->process))
    g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                 "%s: reading it brought the reader down (%s); the file is damaged, or made to do "
                 "that; nothing else is affected",
                 path, strsignal (g_subprocess_get_term_sig (wait->process)));
  else
    g_set_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED,
                 "%s: the reader gave up on it without a word", path);

  return FALSE;
}

static RnParcel *
read_from (const char *program,
           RnReaderKind kind,
           const char *path,
           int output,
           guint timeout_s,
           GCancellable *cancellable,
           GError **error)
{
  int input = open_input (path, error);
  g_autoptr (GSubprocess) process = NULL;
  Wait wait = { 0 };
  gboolean fine;

  if (input < 0)
    return NULL;
  process = start (program, kind, path, input, output, error);
  if (process == NULL)
    return NULL;

  wait.process = process;
  wait_for (&wait, timeout_s, cancellable);
  fine = !g_cancellable_set_error_if_cancelled (cancellable, error)
         && judge (&wait, path, timeout_s, error);
  g_free (wait.message);
  g_clear_error (&wait.error);
  if (!fine)
    return NULL;

  if (fcntl (output, F_ADD_SEALS, SEALS) != 0)
    {
      fail_errno (error, path, "what was read of it cannot be sealed");
      return NULL;
    }

  return rn_parcel_read (output, error);
}

/* Weights go by their file where a format has no word for a name, as ONNX has none. */
static void
name_weights (RnWeights *weights, const char *path)
{
  RnWeightsInfo *info = rn_weights_get_info (weights);

  if (info->name == NULL)
    info->name = g_path_get_basename (path);
}

/**
 * rn_reader_read:
 * @program: path of the reader program (`resnet-reader`)
 * @kind: what to look for
 * @path: the file; opened here, handed over as a descriptor
 * @timeout_s: seconds it may take; 0 for 60
 * @cancellable: (nullable): ends the process
 *
 * Has a file parsed in a short-lived process that may open nothing else and has limits on memory
 * and time. What comes back lies in a sealed file in memory, which is mapped and checked. Blocks:
 * call it from a worker.
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with %RN_READER_ERROR
 */
RnParcel *
rn_reader_read (const char *program,
                RnReaderKind kind,
                const char *path,
                guint timeout_s,
                GCancellable *cancellable,
                GError **error)
{
  RnParcel *parcel;
  int output;

  g_return_val_if_fail (program != NULL && path != NULL, NULL);

  output = make_output (error);
  if (output < 0)
    return NULL;
  parcel = read_from (program, kind, path, output, timeout_s > 0 ? timeout_s : DEFAULT_TIMEOUT_S,
                      cancellable, error);
  close (output);
  if (parcel != NULL && parcel->weights != NULL)
    name_weights (parcel->weights, path);

  return parcel;
}
