#include "tests/unit/training/cifar10-maker.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* Records whose class is their number's last digit, or as much of them as fits. */
static guint8 *
make_records (gsize size)
{
  guint8 *bytes = g_malloc (MAX (size, 1));

  for (gsize i = 0; i < size; i++)
    bytes[i] = i % CIFAR10_RECORD == 0 ? (guint8) (i / CIFAR10_RECORD % 10)
                                       : (guint8) ((guint32) i * (guint32) i * 2654435761u >> 16);

  return bytes;
}

static void
add (struct archive *archive, const Cifar10Member *member)
{
  static const unsigned int types[] = { AE_IFREG, AE_IFDIR, AE_IFLNK, AE_IFREG, AE_IFIFO };
  struct archive_entry *entry = archive_entry_new ();
  g_autofree guint8 *bytes = make_records (member->size);

  archive_entry_set_pathname (entry, member->name);
  archive_entry_set_filetype (entry, types[member->kind]);
  archive_entry_set_perm (entry, 0644);
  if (member->kind == CIFAR10_SYMLINK)
    archive_entry_set_symlink (entry, member->target);
  if (member->kind == CIFAR10_HARDLINK)
    archive_entry_set_hardlink (entry, member->target);
  if (member->kind == CIFAR10_FILE)
    archive_entry_set_size (entry, (gint64) member->size);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  if (member->kind == CIFAR10_FILE)
    g_assert_cmpint (archive_write_data (archive, bytes, member->size), ==, (gssize) member->size);
  archive_entry_free (entry);
}

static gssize
collect (struct archive *archive, void *data, const void *bytes, gsize n_bytes)
{
  g_byte_array_append (data, bytes, (guint) n_bytes);

  return (gssize) n_bytes;
}

/* Returns: (transfer full): a gzipped tar archive of just these */
GBytes *
cifar10_make_with (const Cifar10Member *members, int n_members)
{
  GByteArray *bytes = g_byte_array_new ();
  struct archive *archive = archive_write_new ();

  g_assert_cmpint (archive_write_add_filter_gzip (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_format_pax_restricted (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_bytes_in_last_block (archive, 1), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open (archive, bytes, NULL, collect, NULL), ==, ARCHIVE_OK);
  for (int i = 0; i < n_members; i++)
    add (archive, &members[i]);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);

  return g_byte_array_free_to_bytes (bytes);
}

/**
 * cifar10_make:
 * @extra: (nullable): comes first where no member has its name, else in the place of that member; a
 *   file of no size only leaves that member out
 * @n_records: pictures a file
 *
 * Returns: (transfer full): an archive as it is published, but smaller
 */
GBytes *
cifar10_make (const Cifar10Member *extra, int n_records)
{
  static const char *const names[] = { "data_batch_1.bin", "batches.meta.txt", "data_batch_3.bin",
                                       "data_batch_4.bin", "test_batch.bin",   "readme.html",
                                       "data_batch_5.bin", "data_batch_2.bin" };
  Cifar10Member members[2 + G_N_ELEMENTS (names)] = { { CIFAR10_FOLDER, CIFAR10_DIRECTORY, 0,
                                                        NULL } };
  g_autoptr (GPtrArray) full_names = g_ptr_array_new_with_free_func (g_free);
  gboolean placed = extra == NULL;
  int n = 1;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *name = g_strconcat (CIFAR10_FOLDER, names[i], NULL);
      gboolean pictures = g_str_has_suffix (name, ".bin");

      g_ptr_array_add (full_names, name);
      if (extra == NULL || !g_str_equal (name, extra->name))
        members[n++] = (Cifar10Member) { name, CIFAR10_FILE,
                                         pictures ? (gsize) n_records * CIFAR10_RECORD : 61, NULL };
      else
        {
          placed = TRUE;
          if (extra->kind != CIFAR10_FILE || extra->size > 0)
            members[n++] = *extra;
        }
    }
  if (!placed)
    {
      memmove (&members[2], &members[1], (gsize) (n - 1) * sizeof members[0]);
      members[1] = *extra;
      n++;
    }

  return cifar10_make_with (members, n);
}
