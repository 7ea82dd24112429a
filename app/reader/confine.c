#include "app/reader/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* Twice the float64 weights of the largest network that is built in (ResNet-152), and room for the
 * libraries; a picture of 100 megapixels needs less. */
#define MAX_ADDRESS_SPACE (G_GUINT64_CONSTANT (4) << 30)
#define MAX_FILE_SIZE (G_GUINT64_CONSTANT (2) << 30)

/* A mebibyte of weights takes some milliseconds, a model that is all words 0.2 seconds; a damaged
 * file sends HDF5 round for ever. */
#define BASE_CPU_MS 800
#define CPU_BYTES_PER_SECOND (1 << 20)
#define MAX_CPU_SECONDS 60
#ifdef RN_SANITIZED
#define CPU_FACTOR 30
#else
#define CPU_FACTOR 1
#endif

#define MAX_OPEN_FILES 64

/* What a process that parses a file has no business with: the network, other programs, other
 * processes, the terminal (ioctl), and changing anything on disk. */
static const int denied[] = {
  SCMP_SYS (socket),      SCMP_SYS (socketpair),  SCMP_SYS (connect),      SCMP_SYS (bind),
  SCMP_SYS (listen),      SCMP_SYS (accept),      SCMP_SYS (accept4),      SCMP_SYS (sendto),
  SCMP_SYS (sendmsg),     SCMP_SYS (sendmmsg),    SCMP_SYS (execve),       SCMP_SYS (execveat),
  SCMP_SYS (fork),        SCMP_SYS (vfork),       SCMP_SYS (kill),         SCMP_SYS (tkill),
  SCMP_SYS (ptrace),      SCMP_SYS (unlink),      SCMP_SYS (unlinkat),     SCMP_SYS (rename),
  SCMP_SYS (renameat),    SCMP_SYS (renameat2),   SCMP_SYS (mkdir),        SCMP_SYS (mkdirat),
  SCMP_SYS (rmdir),       SCMP_SYS (link),        SCMP_SYS (linkat),       SCMP_SYS (symlink),
  SCMP_SYS (symlinkat),   SCMP_SYS (chmod),       SCMP_SYS (fchmodat),     SCMP_SYS (chown),
  SCMP_SYS (lchown),      SCMP_SYS (fchmod),      SCMP_SYS (fchown),       SCMP_SYS (fchownat),
  SCMP_SYS (truncate),    SCMP_SYS (mknod),       SCMP_SYS (mknodat),      SCMP_SYS (utimensat),
  SCMP_SYS (setxattr),    SCMP_SYS (lsetxattr),   SCMP_SYS (fsetxattr),    SCMP_SYS (removexattr),
  SCMP_SYS (mount),       SCMP_SYS (umount2),     SCMP_SYS (move_mount),   SCMP_SYS (open_tree),
  SCMP_SYS (fsopen),      SCMP_SYS (chroot),      SCMP_SYS (pivot_root),   SCMP_SYS (setns),
  SCMP_SYS (unshare),     SCMP_SYS (bpf),         SCMP_SYS (keyctl),       SCMP_SYS (add_key),
  SCMP_SYS (request_key), SCMP_SYS (userfaultfd), SCMP_SYS (perf_event_open),
  SCMP_SYS (process_vm_readv), SCMP_SYS (process_vm_writev), SCMP_SYS (pidfd_open),
  SCMP_SYS (pidfd_getfd), SCMP_SYS (pidfd_send_signal), SCMP_SYS (open_by_handle_at),
  SCMP_SYS (memfd_create), SCMP_SYS (shmget),     SCMP_SYS (msgget),       SCMP_SYS (semget),
  SCMP_SYS (mq_open),     SCMP_SYS (creat),       SCMP_SYS (ioctl),        SCMP_SYS (rt_sigqueueinfo),
  SCMP_SYS (rt_tgsigqueueinfo),
};

/* Newer ways to do the same, whose arguments a filter cannot see. Libraries take the older ones
 * where these are missing. */
static const int absent[] = {
  SCMP_SYS (clone3),         SCMP_SYS (openat2),           SCMP_SYS (io_uring_setup),
  SCMP_SYS (io_uring_enter), SCMP_SYS (io_uring_register),
};

static void
limit (int resource, rlim_t most)
{
  struct rlimit limit;

  if (getrlimit (resource, &limit) != 0)
    return;
  limit.rlim_cur = MIN (limit.rlim_cur, most);
  limit.rlim_max = limit.rlim_cur;
  setrlimit (resource, &limit);
}

/* A timer ends it, to the millisecond; the limit, which counts whole seconds, ends what has stopped
 * the timer. The signal of either comes before the end that cannot be told from others. */
static void
limit_time (guint64 n_bytes)
{
  guint64 seconds = MIN (n_bytes / CPU_BYTES_PER_SECOND, MAX_CPU_SECONDS);
  guint64 ms = CPU_FACTOR * (1000 * seconds + BASE_CPU_MS);
  struct itimerval timer = { .it_value = { .tv_sec = (time_t) (ms / 1000),
                                           .tv_usec = (suseconds_t) (ms % 1000 * 1000) } };
  struct rlimit limits;

  setitimer (ITIMER_PROF, &timer, NULL);
  if (getrlimit (RLIMIT_CPU, &limits) != 0)
    return;
  limits.rlim_cur = MIN (limits.rlim_cur, ms / 1000 + 1);
  limits.rlim_max = MIN (limits.rlim_max, ms / 1000 + 2);
  setrlimit (RLIMIT_CPU, &limits);
}

/* Ways to open a file that change it, in flags that are masked; reading stays, since libraries load
 * their modules and tables. The third kind of access is for ioctl() alone. */
static const struct
{
  int mask, flags;
} changing[] = {
  { O_ACCMODE, O_WRONLY }, { O_ACCMODE, O_RDWR }, { O_ACCMODE, O_ACCMODE },
  { O_CREAT, O_CREAT },    { O_TRUNC, O_TRUNC },
};

static int
deny_writing (scmp_filter_ctx filter, int call, guint argument)
{
  int status = 0;

  for (guint i = 0; status == 0 && i < G_N_ELEMENTS (changing); i++)
    {
      const struct scmp_arg_cmp flags =
          SCMP_CMP (argument, SCMP_CMP_MASKED_EQ, changing[i].mask, changing[i].flags);

      status = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), call, 1, &flags);
    }

  return status;
}

/* What is meant for other processes. Ending by a signal of its own stays, for assertions. */
static int
deny_others (scmp_filter_ctx filter)
{
  const struct scmp_arg_cmp other = SCMP_A0 (SCMP_CMP_NE, getpid ());
  const struct scmp_arg_cmp named = SCMP_A0 (SCMP_CMP_NE, 0);
  const struct scmp_arg_cmp owner = SCMP_A1 (SCMP_CMP_EQ, F_SETOWN);
  const struct scmp_arg_cmp new_owner = SCMP_A1 (SCMP_CMP_EQ, F_SETOWN_EX);
  const struct
  {
    int call;
    const struct scmp_arg_cmp *argument;
  } rules[] = {
    { SCMP_SYS (tgkill), &other },
    { SCMP_SYS (prlimit64), &named },
    { SCMP_SYS (fcntl), &owner },
    { SCMP_SYS (fcntl), &new_owner },
  };
  int status = 0;

  for (guint i = 0; status == 0 && i < G_N_ELEMENTS (rules); i++)
    status = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), rules[i].call, 1,
                                     rules[i].argument);

  return status;
}

static int
deny_all (scmp_filter_ctx filter)
{
  /* A thread is fine, a process is not; fork() is clone() without this flag. */
  const struct scmp_arg_cmp no_thread = SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
  int status = deny_writing (filter, SCMP_SYS (openat), 2);

  if (status == 0)
    status = deny_writing (filter, SCMP_SYS (open), 1);
  if (status == 0)
    status = deny_others (filter);
  if (status == 0)
    status =
        seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1, &no_thread);
  for (guint i = 0; status == 0 && i < G_N_ELEMENTS (denied); i++)
    status = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), denied[i], 0, NULL);
  for (guint i = 0; status == 0 && i < G_N_ELEMENTS (absent); i++)
    status = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (ENOSYS), absent[i], 0, NULL);

  return status;
}

/**
 * rn_confine:
 * @n_bytes: size of the file to be read, which decides how much processor time that may take
 *
 * Limits this process' memory, processor time, files and their size, for good, and denies it
 * the system calls that parsing does not need. Files already open stay usable.
 *
 * Returns: %FALSE where the kernel does not do it
 */
gboolean
rn_confine (guint64 n_bytes, GError **error)
{
  scmp_filter_ctx filter;
  int status;

#ifndef RN_SANITIZED
  limit (RLIMIT_AS, MAX_ADDRESS_SPACE);
#endif
  limit_time (n_bytes);
  limit (RLIMIT_FSIZE, MAX_FILE_SIZE);
  limit (RLIMIT_NOFILE, MAX_OPEN_FILES);
  limit (RLIMIT_CORE, 0);
  prctl (PR_SET_DUMPABLE, 0);

  filter = seccomp_init (SCMP_ACT_ALLOW);
  status = filter != NULL ? deny_all (filter) : -ENOMEM;
  if (status == 0)
    status = seccomp_load (filter);
  if (filter != NULL)
    seccomp_release (filter);
  if (status != 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (-status),
                 "the reader cannot confine itself: %s", g_strerror (-status));

  return status == 0;
}

#ifdef RN_SANITIZED
/* Looking for leaks at exit takes system calls that are denied by then; the parsers are looked at in
 * tests of their own. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif
