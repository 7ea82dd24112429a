#include "app/reader/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Twice the float64 weights of the largest network that is built in (ResNet-152), and room for the
 * libraries; a picture of 100 megapixels needs less. */
#define MAX_ADDRESS_SPACE (G_GUINT64_CONSTANT (4) << 30)
#define MAX_FILE_SIZE (G_GUINT64_CONSTANT (2) << 30)
#define MAX_CPU_SECONDS 60
#define MAX_OPEN_FILES 64

/* What a process that parses a file has no business with: the network, other programs, other
 * processes, and changing anything on disk. */
static const int denied[] = {
  SCMP_SYS (socket),      SCMP_SYS (socketpair),  SCMP_SYS (connect),      SCMP_SYS (bind),
  SCMP_SYS (listen),      SCMP_SYS (accept),      SCMP_SYS (accept4),      SCMP_SYS (sendto),
  SCMP_SYS (sendmsg),     SCMP_SYS (sendmmsg),    SCMP_SYS (execve),       SCMP_SYS (execveat),
  SCMP_SYS (fork),        SCMP_SYS (vfork),       SCMP_SYS (kill),         SCMP_SYS (tkill),
  SCMP_SYS (ptrace),      SCMP_SYS (unlink),      SCMP_SYS (unlinkat),     SCMP_SYS (rename),
  SCMP_SYS (renameat),    SCMP_SYS (renameat2),   SCMP_SYS (mkdir),        SCMP_SYS (mkdirat),
  SCMP_SYS (rmdir),       SCMP_SYS (link),        SCMP_SYS (linkat),       SCMP_SYS (symlink),
  SCMP_SYS (symlinkat),   SCMP_SYS (chmod),       SCMP_SYS (fchmodat),     SCMP_SYS (chown),
  SCMP_SYS (fchownat),    SCMP_SYS (truncate),    SCMP_SYS (mount),        SCMP_SYS (umount2),
  SCMP_SYS (chroot),      SCMP_SYS (pivot_root),  SCMP_SYS (setns),        SCMP_SYS (unshare),
  SCMP_SYS (bpf),         SCMP_SYS (perf_event_open), SCMP_SYS (keyctl),   SCMP_SYS (add_key),
  SCMP_SYS (request_key), SCMP_SYS (process_vm_readv), SCMP_SYS (process_vm_writev),
  SCMP_SYS (memfd_create), SCMP_SYS (creat),
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

static int
deny_all (scmp_filter_ctx filter)
{
  /* Opening for writing; reading stays, since libraries load their modules and tables. */
  const struct scmp_arg_cmp write_only = SCMP_A2 (SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY);
  const struct scmp_arg_cmp read_write = SCMP_A2 (SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR);
  int status;

  status = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (openat), 1, &write_only);
  if (status == 0)
    status =
        seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (openat), 1, &read_write);
  for (guint i = 0; status == 0 && i < G_N_ELEMENTS (denied); i++)
    status = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), denied[i], 0, NULL);

  return status;
}

/**
 * rn_confine:
 *
 * Limits this process' memory, processor time, files and their size, for good, and denies it
 * the system calls that parsing does not need. Files already open stay usable.
 *
 * Returns: %FALSE where the kernel does not do it
 */
gboolean
rn_confine (GError **error)
{
  scmp_filter_ctx filter;
  int status;

  limit (RLIMIT_AS, MAX_ADDRESS_SPACE);
  limit (RLIMIT_CPU, MAX_CPU_SECONDS);
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
