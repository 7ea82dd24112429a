/* Only files that belong to CIFAR-10 are taken out of the archive, each once, none larger than it
 * should be, and under names of our own: whatever else an archive holds, nothing can come to lie
 * elsewhere. They come together in a folder beside the place where they belong, which takes its
 * name once all are there. */
#include "engine/training/cifar10-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/formats/clean-text.h"
#include "engine/tensor/file-bytes.h"
#include "engine/training/data-set.h"

#define FOLDER "cifar-10-batches-bin/"
#define RECORD (1 + 3 * 32 * 32)
#define MAX_PICTURES (10000 * RECORD)
#define MAX_TEXT (64 << 10)
#define CHUNK (64 << 10)
#define MAX_NAME 256

/* Those before the first text are needed. */
static const char *const members[] = { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                       "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin",
                                       "batches.meta.txt", "readme.html" };
#define N_MEMBERS ((int) G_N_ELEMENTS (members))
#define N_NEEDED 6

/* An archive that is being unpacked. */
typedef struct
{
  const char *label;
  char *folder; /* where the files come together */
  int fd;       /* of the archive, locked */
  int folder_fd;
  struct archive *archive;
  guint taken; /* bit m: member m */
  GCancellable *cancellable;
} Unpacking;

static void
remove_members (const char *folder)
{
  for (int m = 0; m < N_MEMBERS; m++)
    {
      g_autofree char *path = g_build_filename (folder, members[m], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
unpacking_clear (Unpacking *self)
{
  if (self->archive != NULL)
    archive_read_free (self->archive);
  if (self->folder_fd >= 0)
    close (self->folder_fd);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Unpacking, unpacking_clear)

static gboolean
fail_format (const Unpacking *self, const char *what, GError **error)
{
  g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT,
               "%s: %s; cifar-10-binary.tar.gz as it is published would be right", self->label,
               what);

  return FALSE;
}

static gboolean
fail_errno (const char *path, const char *what, GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be %s: %s", path, what,
               g_strerror (code));

  return FALSE;
}

/* Opens the archive so that no other program unpacks it at the same time. */
static gboolean
open_archive (Unpacking *self, GError **error)
{
  gsize size;

  self->fd = rn_file_open (self->label, &size, error);
  if (self->fd < 0)
    return FALSE;
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   "%s is being unpacked by another program; wait for it or stop it", self->label);
      return FALSE;
    }
  self->archive = archive_read_new ();
  if (self->archive == NULL || archive_read_support_filter_gzip (self->archive) != ARCHIVE_OK ||
      archive_read_support_format_tar (self->archive) != ARCHIVE_OK ||
      archive_read_open_fd (self->archive, self->fd, CHUNK) != ARCHIVE_OK)
    return fail_format (self, "no tar archive packed by gzip, or a damaged one", error);

  return TRUE;
}

/* Makes the folder anew; what was left in it by a program that was killed goes. */
static gboolean
open_folder (Unpacking *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->folder);

  remove_members (self->folder);
  if (g_mkdir_with_parents (parent, 0700) != 0 || g_mkdir (self->folder, 0700) != 0)
    return fail_errno (self->folder, "made", error);
  self->folder_fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  return self->folder_fd >= 0 || fail_errno (self->folder, "opened", error);
}

static int
find_member (const char *name)
{
  if (name == NULL || !g_str_has_prefix (name, FOLDER))
    return -1;
  for (int m = 0; m < N_MEMBERS; m++)
    if (g_str_equal (name + strlen (FOLDER), members[m]))
      return m;

  return -1;
}

/* Returns: which member an entry is; -1 for its folder; -2 with @error where it should not be */
static int
identify (const Unpacking *self, struct archive_entry *entry, GError **error)
{
  const char *name = archive_entry_pathname (entry);
  g_autofree char *clean = rn_clean_text (name != NULL ? name : "?", MAX_NAME);
  g_autofree char *fault = NULL;
  gint64 size = archive_entry_size_is_set (entry) ? archive_entry_size (entry) : -1;
  int member = find_member (name);

  if (archive_entry_filetype (entry) == AE_IFDIR && g_strcmp0 (name, FOLDER) == 0)
    return -1;
  if (member < 0)
    fault = g_strdup_printf ("“%s” does not belong to CIFAR-10", clean);
  else if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_hardlink (entry) != NULL)
    fault = g_strdup_printf ("“%s” is a link or another thing that is no file", clean);
  else if (self->taken & 1u << member)
    fault = g_strdup_printf ("“%s” is there twice", clean);
  else if (size < 0 || size > (member < N_NEEDED ? MAX_PICTURES : MAX_TEXT) ||
           (member < N_NEEDED && (size == 0 || size % RECORD != 0)))
    fault = g_strdup_printf ("“%s” has %" G_GINT64_FORMAT " bytes, where %s", clean, size,
                             member < N_NEEDED ? "30730000 would be right" : "few would be right");
  else
    return member;
  fail_format (self, fault, error);

  return -2;
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      ssize_t n = write (fd, bytes, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      bytes += n;
      n_bytes -= (gsize) n;
    }

  return TRUE;
}

/* Copies an entry's content, @size bytes of it. */
static gboolean
copy (Unpacking *self, int fd, const char *name, gint64 size, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK);
  gint64 done = 0;

  for (;;)
    {
      gssize n = archive_read_data (self->archive, buffer, CHUNK);

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (n < 0 || done + n > size || (n == 0 && done < size))
        return fail_format (self, "damaged or cut off", error);
      if (n == 0)
        return TRUE;
      if (!write_all (fd, buffer, (gsize) n))
        return fail_errno (name, "written", error);
      done += n;
    }
}

static gboolean
take (Unpacking *self, int member, gint64 size, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, members[member], NULL);
  int fd = openat (self->folder_fd, members[member],
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean done;

  if (fd < 0)
    return fail_errno (path, "written", error);
  done = copy (self, fd, path, size, error);
  if (done && fsync (fd) != 0)
    done = fail_errno (path, "written", error);
  if (close (fd) != 0 && done)
    done = fail_errno (path, "written", error);
  self->taken |= 1u << member;

  return done;
}

static gboolean
take_all (Unpacking *self, GError **error)
{
  const guint needed = (1u << N_NEEDED) - 1;
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (self->archive, &entry)) != ARCHIVE_EOF)
    {
      int member;

      if (status < ARCHIVE_WARN)
        return fail_format (self, "damaged or cut off", error);
      member = identify (self, entry, error);
      if (member < -1 ||
          (member >= 0 && !take (self, member, archive_entry_size (entry), error)))
        return FALSE;
    }

  return (self->taken & needed) == needed || fail_format (self, "not all of CIFAR-10", error);
}

/* The folder takes its name; one that was there and lacks something goes. */
static gboolean
finish (Unpacking *self, const char *directory, GError **error)
{
  if (!rn_cifar10_is_unpacked (directory))
    remove_members (directory);
  if (g_rename (self->folder, directory) == 0)
    return TRUE;

  return fail_errno (directory, "written", error);
}

/**
 * rn_cifar10_unpack:
 * @archive: cifar-10-binary.tar.gz
 * @directory: where its files go, for rn_data_set_open_cifar10(); its parents are made
 * @cancellable: (nullable): ends it
 * @error: set to %RN_DATA_SET_ERROR_FORMAT where the archive is damaged or another, or to a
 *   %G_IO_ERROR
 *
 * Takes seconds: call it from a worker.
 *
 * Returns: whether all files are in @directory; else it is as it was before
 */
gboolean
rn_cifar10_unpack (const char *archive,
                   const char *directory,
                   GCancellable *cancellable,
                   GError **error)
{
  g_auto (Unpacking) self = { .label = archive,
                              .folder = g_strconcat (directory, ".part", NULL),
                              .fd = -1,
                              .folder_fd = -1,
                              .cancellable = cancellable };

  g_return_val_if_fail (archive != NULL && directory != NULL, FALSE);

  if (!open_archive (&self, error))
    return FALSE;
  if (open_folder (&self, error) && take_all (&self, error) && finish (&self, directory, error))
    return TRUE;
  remove_members (self.folder);

  return FALSE;
}

/* Whether the pictures of CIFAR-10 are in a folder, whatever is in them. */
gboolean
rn_cifar10_is_unpacked (const char *directory)
{
  g_return_val_if_fail (directory != NULL, FALSE);

  for (int m = 0; m < N_NEEDED; m++)
    {
      g_autofree char *path = g_build_filename (directory, members[m], NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return FALSE;
    }

  return TRUE;
}
