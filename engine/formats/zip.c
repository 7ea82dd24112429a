#include "engine/formats/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "engine/formats/clean-text.h"
#include "engine/tensor/memory.h"

/* Weights hardly compress: what expands to more than this is no weight file. */
#define BUDGET_BASE (G_GUINT64_CONSTANT (64) << 20)
#define BUDGET_FACTOR 8

#define MAX_ENTRIES 100000
#define MAX_NAME 4096

typedef struct archive Archive;

static void
close_archive (Archive *archive)
{
  archive_read_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, close_archive)

static gboolean
fail (const char *label, const char *what, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT, "%s: %s", label, what);
  return FALSE;
}

static gboolean
fail_large (const char *label, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_LIMIT,
               "%s: expands to many times its size, as no weight file does", label);
  return FALSE;
}

/**
 * rn_zip_detect:
 *
 * Returns: whether the file begins as a zip archive does
 */
gboolean
rn_zip_detect (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes >= 4 && (memcmp (bytes, "PK\3\4", 4) == 0 || memcmp (bytes, "PK\5\6", 4) == 0);
}

/* One entry's content, of whatever size it turns out to have; @budget is what may still be read. */
static GBytes *
read_content (Archive *archive, guint64 stated, const char *label, guint64 *budget, GError **error)
{
  gsize n_allocated = MIN (stated, *budget) + 1;
  gsize n_read = 0;
  guint8 *content = rn_memory_alloc (n_allocated, error);

  if (content == NULL)
    return NULL;

  for (;;)
    {
      gssize n = archive_read_data (archive, content + n_read, n_allocated - n_read);

      if (n < 0)
        {
          fail (label, "a damaged zip archive: an entry cannot be unpacked; get the file again",
                error);
          break;
        }
      n_read += (gsize) n;
      if (n == 0)
        {
          *budget -= MIN (n_read, *budget);
          return g_bytes_new_with_free_func (content, n_read, rn_memory_free, content);
        }
      if (n_read == n_allocated) /* one byte more than was stated or may be */
        {
          fail_large (label, error);
          break;
        }
    }

  rn_memory_free (content);
  return NULL;
}

static gboolean
read_entry (Archive *archive,
            struct archive_entry *entry,
            const char *label,
            guint64 *budget,
            RnZipEntryFunc on_entry,
            gpointer data,
            GError **error)
{
  g_autofree char *name = rn_clean_text (archive_entry_pathname (entry), MAX_NAME);
  gboolean has_size = archive_entry_size_is_set (entry);
  guint64 stated = has_size ? (guint64) MAX (archive_entry_size (entry), 0) : *budget;
  g_autoptr (GBytes) content = NULL;

  if (stated > *budget)
    return fail_large (label, error);
  content = read_content (archive, stated, label, budget, error);

  return content != NULL && on_entry (name, content, data, error);
}

/**
 * rn_zip_read:
 * @bytes: the whole archive
 * @n_bytes: its size
 * @label: what to call it in messages
 * @wanted: asked for each entry
 * @on_entry: called for each one that is wanted, in the order of the archive
 * @data: for both
 * @error: set to an #RnWeightsError where it is damaged or expands to too much
 *
 * Returns: whether all entries were read
 */
gboolean
rn_zip_read (const guint8 *bytes,
             gsize n_bytes,
             const char *label,
             RnZipWantedFunc wanted,
             RnZipEntryFunc on_entry,
             gpointer data,
             GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  guint64 budget = BUDGET_BASE + BUDGET_FACTOR * (guint64) n_bytes;
  struct archive_entry *entry;
  int status;

  g_return_val_if_fail (bytes != NULL && label != NULL, FALSE);
  g_return_val_if_fail (wanted != NULL && on_entry != NULL, FALSE);

  if (archive == NULL || archive_read_support_format_zip_seekable (archive) != ARCHIVE_OK ||
      archive_read_open_memory (archive, bytes, n_bytes) != ARCHIVE_OK)
    return fail (label, "a damaged zip archive; get the file again", error);

  for (int i = 0; (status = archive_read_next_header (archive, &entry)) != ARCHIVE_EOF; i++)
    {
      if (status < ARCHIVE_WARN || i >= MAX_ENTRIES)
        return fail (label, "a damaged or truncated zip archive; get the file again", error);
      if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_pathname (entry) == NULL ||
          !wanted (archive_entry_pathname (entry), data))
        continue;
      if (!read_entry (archive, entry, label, &budget, on_entry, data, error))
        return FALSE;
    }

  return TRUE;
}
