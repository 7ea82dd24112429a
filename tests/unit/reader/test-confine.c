/* rn_confine() is for good, so that every attempt is made in a child of its own. */
#include "app/reader/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child's exit statuses besides errno. */
#define SUCCEEDED 0
#define UNCONFINED 255

/* Larger than what a reader may have. */
#define TOO_MUCH (G_GUINT64_CONSTANT (8) << 30)

static char *victim; /* a file that is there */
static int memory_file; /* as the caller of a reader hands it over */
static pid_t parent;

/* Each tries something: 0 if it could, otherwise errno. */
typedef int (*AttemptFunc) (void);

static int
errno_of (long result)
{
  return result < 0 ? errno : SUCCEEDED;
}

static int
try_socket (void)
{
  return errno_of (socket (AF_INET, SOCK_STREAM, 0));
}

static int
try_exec (void)
{
  char *const nothing[] = { NULL };

  return errno_of (execve ("/bin/true", nothing, nothing));
}

static int
try_fork (void)
{
  return errno_of (fork ());
}

static int
try_write (void)
{
  return errno_of (open (victim, O_WRONLY));
}

static int
try_create (void)
{
  g_autofree char *path = g_strconcat (victim, ".new", NULL);

  return errno_of (open (path, O_RDONLY | O_CREAT, 0600));
}

static int
try_truncate (void)
{
  return errno_of (open (victim, O_RDONLY | O_TRUNC));
}

static int
try_remove (void)
{
  return errno_of (unlink (victim));
}

static int
try_kill (void)
{
  return errno_of (kill (parent, 0));
}

static int
try_kill_thread (void)
{
  return errno_of (syscall (SYS_tgkill, parent, parent, 0));
}

static int
try_queue_signal (void)
{
  return errno_of (sigqueue (parent, SIGWINCH, (union sigval){ 0 }));
}

static int
try_signal_by_file (void)
{
  return errno_of (fcntl (STDIN_FILENO, F_SETOWN, parent));
}

static int
try_typing (void)
{
  return errno_of (ioctl (STDOUT_FILENO, TIOCSTI, "x"));
}

static int
try_limits_of_others (void)
{
  struct rlimit limit;

  return errno_of (prlimit (parent, RLIMIT_CPU, NULL, &limit));
}

static int
try_trace (void)
{
  return errno_of (ptrace (PTRACE_ATTACH, parent, NULL, NULL));
}

#ifndef RN_SANITIZED /* sanitizers reserve more than any limit grants */
static int
try_memory (void)
{
  void *block = mmap (NULL, TOO_MUCH, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  return block == MAP_FAILED ? errno : SUCCEEDED;
}
#endif

static int
try_read (void)
{
  return errno_of (open (victim, O_RDONLY));
}

static gpointer
do_nothing (gpointer unused)
{
  return NULL;
}

static int
try_thread (void)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_try_new ("idle", do_nothing, NULL, &error);

  if (thread == NULL)
    return EAGAIN;
  g_thread_join (thread);

  return SUCCEEDED;
}

static const struct
{
  const char *name;
  AttemptFunc func;
  int result;
} attempts[] = {
  { "a socket", try_socket, EPERM },
  { "another program", try_exec, EPERM },
  { "another process", try_fork, EPERM },
  { "opening for writing", try_write, EPERM },
  { "creating a file by opening it for reading", try_create, EPERM },
  { "emptying a file by opening it for reading", try_truncate, EPERM },
  { "removing a file", try_remove, EPERM },
  { "a signal to another process", try_kill, EPERM },
  { "a signal to its thread", try_kill_thread, EPERM },
  { "a queued signal", try_queue_signal, EPERM },
  { "a signal by way of a file", try_signal_by_file, EPERM },
  { "typing into the terminal", try_typing, EPERM },
  { "limits of another process", try_limits_of_others, EPERM },
  { "tracing another process", try_trace, EPERM },
#ifndef RN_SANITIZED
  { "more memory than its share", try_memory, ENOMEM },
#endif
  { "reading a file", try_read, SUCCEEDED },
  { "a thread", try_thread, SUCCEEDED },
};

/* Returns: how the child ended, as waitpid() says it */
static int
run_confined (AttemptFunc func)
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    _exit (rn_confine (0, NULL) ? func () : UNCONFINED);
  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);

  return status;
}

static void
test_attempts (void)
{
  g_test_summary ("A confined process reads and computes, and can do no harm");

  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      int status = run_confined (attempts[i].func);

      g_test_message ("%s: %s", attempts[i].name,
                      WIFEXITED (status) ? g_strerror (WEXITSTATUS (status)) : "ended by a signal");
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, attempts[i].result);
    }
  g_assert_true (g_file_test (victim, G_FILE_TEST_IS_REGULAR));
}

static int
end_itself (void)
{
  abort ();
}

static int
write_too_much (void)
{
  return errno_of (ftruncate (memory_file, TOO_MUCH));
}

static void
test_ends (void)
{
  int status;

  g_test_summary ("A failed assertion and an answer without end are the end of a confined process");

  status = run_confined (end_itself);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGABRT);
  status = run_confined (write_too_much);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGXFSZ);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-confine-XXXXXX", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  victim = g_build_filename (folder, "victim", NULL);
  g_assert_true (g_file_set_contents (victim, "precious", -1, NULL));
  memory_file = memfd_create ("confine", MFD_CLOEXEC);
  parent = getpid ();

  g_test_add_func ("/confine/attempts", test_attempts);
  g_test_add_func ("/confine/ends", test_ends);

  status = g_test_run ();
  g_unlink (victim);
  g_rmdir (folder);
  g_free (victim);

  return status;
}
