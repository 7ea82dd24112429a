#include "ui/pictures/picture-loader.h"

#include <errno.h>
#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK (rn-picture-loader-error-quark, rn_picture_loader_error)

#define PORTION_BYTES (64 << 10)

/* The pixels of a JPEG, in which 0xFF is always followed by zero, end with the marker EOI, 0xFF
 * 0xD9 (ITU-T T.81, B.1.1); thumbnails in the segments before them have markers of their own, so
 * these are skipped. */
static gboolean
is_whole_jpeg (const guint8 *data, gsize size)
{
  gsize at = 2;

  while (at + 4 <= size && data[at] == 0xff && data[at + 1] != 0xda)
    at += data[at + 1] == 0xff ? 1 : 2 + ((gsize) data[at + 2] << 8 | data[at + 3]);

  return at < size && memmem (data + at, size - at, "\377\331", 2) != NULL;
}

/* A PNG ends with the chunk IEND. */
static gboolean
is_whole_png (const guint8 *data, gsize size)
{
  return memmem (data, size, "IEND\256\102\140\202", 8) != NULL;
}

/* A WebP is a RIFF file: its length, without these first 8 bytes, stands at 4. */
static gboolean
is_whole_webp (const guint8 *data, gsize size)
{
  guint32 stated;

  memcpy (&stated, data + 4, sizeof stated);
  return (guint64) GUINT32_FROM_LE (stated) + 8 <= size;
}

/* Decoders fill up with grey or black what a cut-off file lacks and say nothing: @is_whole tells.
 */
typedef struct
{
  const char *title; /* for people */
  const char *name;  /* gdk-pixbuf's */
  const char *package; /* where Debian keeps a loader that gdk-pixbuf does not bring itself */
  gboolean (*is_whole) (const guint8 *data, gsize size);
} Format;

static const Format formats[] = {
  { "PNG", "png", NULL, is_whole_png },
  { "JPEG", "jpeg", NULL, is_whole_jpeg },
  { "WebP", "webp", "webp-pixbuf-loader", is_whole_webp },
};

/* The format is told here, by the first bytes, so that a file cannot choose among all the loaders
 * that a system may have. */
static const Format *
find_format (const guint8 *data, gsize size)
{
  if (size >= 8 && memcmp (data, "\211PNG\r\n\032\n", 8) == 0)
    return &formats[0];
  if (size >= 3 && memcmp (data, "\377\330\377", 3) == 0)
    return &formats[1];
  if (size >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return &formats[2];

  return NULL;
}

/* Called with the size that the header claims, before any pixel is decoded. */
static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  gboolean *too_large = data;

  if ((gint64) width * height > RN_PICTURE_MAX_PIXELS)
    {
      *too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0); /* the loaders give up */
    }
}

static gboolean
write_portions (GdkPixbufLoader *loader, GBytes *bytes, const gboolean *too_large, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize at = 0; at < size && !*too_large; at += PORTION_BYTES)
    if (!gdk_pixbuf_loader_write (loader, data + at, MIN (PORTION_BYTES, size - at), error))
      return FALSE;

  return TRUE;
}

static GdkPixbufLoader *
new_loader (const Format *format, const char *label, GError **error)
{
  GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type (format->name, NULL);

  if (loader == NULL && format->package != NULL)
    g_set_error (
        error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_FORMAT,
        "%s: a %s picture, which this system cannot read: install %s, or convert it to PNG", label,
        format->title, format->package);
  else if (loader == NULL)
    g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_FORMAT,
                 "%s: a %s picture, which this system's gdk-pixbuf cannot read", label,
                 format->title);

  return loader;
}

/* Decodes and turns upright. */
static GdkPixbuf *
decode (GBytes *bytes, const Format *format, const char *label, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = new_loader (format, label, error);
  g_autoptr (GError) reason = NULL;
  gboolean too_large = FALSE;
  gboolean done;
  GdkPixbuf *pixbuf;

  if (loader == NULL)
    return NULL;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &too_large);
  done = write_portions (loader, bytes, &too_large, &reason);
  /* Must be closed in any case; of two errors the first says more. */
  done = gdk_pixbuf_loader_close (loader, done ? &reason : NULL) && done;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);

  if (too_large)
    {
      g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_LIMIT,
                   "%s: too large: pictures of up to %d million pixels are taken", label,
                   RN_PICTURE_MAX_PIXELS / 1000000);
      return NULL;
    }
  if (!done || pixbuf == NULL)
    {
      g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_DAMAGED,
                   "%s: a damaged or incomplete %s picture (%s)", label, format->title,
                   reason != NULL ? g_strdelimit (reason->message, "\n", ' ') : "no pixels");
      return NULL;
    }

  return gdk_pixbuf_apply_embedded_orientation (pixbuf);
}

static inline guint8
over_white (guint8 value, guint8 alpha)
{
  return (guint8) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

static RnPicture *
copy_pixels (GdkPixbuf *pixbuf, GError **error)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  int n_channels = gdk_pixbuf_get_n_channels (pixbuf);
  gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  RnPicture *picture = rn_picture_new (width, height, error);
  guint8 *rgb = picture != NULL ? picture->rgb : NULL;

  for (int y = 0; picture != NULL && y < height; y++)
    {
      const guint8 *pixel = pixels + (gsize) y * stride;

      for (int x = 0; x < width; x++, pixel += n_channels)
        for (int c = 0; c < 3; c++)
          *rgb++ = has_alpha ? over_white (pixel[c], pixel[3]) : pixel[c];
    }

  return picture;
}

/**
 * rn_picture_loader_prepare:
 *
 * Does what the first picture would otherwise wait for: the system's list of decoders.
 */
void
rn_picture_loader_prepare (void)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type ("png", NULL);

  if (loader != NULL)
    gdk_pixbuf_loader_close (loader, NULL);
}

/**
 * rn_picture_load_bytes:
 * @bytes: a whole picture file
 * @label: what to call it in messages
 * @error: set to an #RnPictureLoaderError where it is no picture, damaged, or too large
 *
 * Reads PNG, JPEG and, where the system has a loader for it, WebP. The size that the file claims is
 * checked before its pixels are decoded. EXIF orientation is applied, alpha laid over white.
 *
 * Returns: (transfer full) (nullable): the picture
 */
RnPicture *
rn_picture_load_bytes (GBytes *bytes, const char *label, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  const Format *format;
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (bytes != NULL && label != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  format = find_format (data, size);
  if (format == NULL)
    {
      g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_FORMAT,
                   "%s: not a picture this program can read (PNG, JPEG, WebP)", label);
      return NULL;
    }
  if (!format->is_whole (data, size))
    {
      g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_DAMAGED,
                   "%s: an incomplete %s picture: its end is missing; get the file again", label,
                   format->title);
      return NULL;
    }

  pixbuf = decode (bytes, format, label, error);
  return pixbuf != NULL ? copy_pixels (pixbuf, error) : NULL;
}

static gboolean
fail_large (const char *label, GError **error)
{
  g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_LIMIT,
               "%s: too large: picture files of up to %d MiB are taken", label,
               RN_PICTURE_MAX_FILE_BYTES >> 20);

  return FALSE;
}

static gboolean
fail_errno (const char *label, GError **error)
{
  int code = errno;
  const char *text = code == ENOENT ? "there is no such file" : g_strerror (code);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: cannot be read: %s", label,
               text);

  return FALSE;
}

/**
 * rn_picture_file_read:
 * @fd: a file open for reading, which stays the caller's
 * @label: what to call it in messages
 *
 * Reads all of it, wherever the descriptor stands; it is not mapped, since it may change meanwhile.
 *
 * Returns: (transfer full) (nullable): the whole file
 */
GBytes *
rn_picture_file_read (int fd, const char *label, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree guint8 *portion = g_malloc (PORTION_BYTES);

  while (content->len <= RN_PICTURE_MAX_FILE_BYTES)
    {
      ssize_t n = pread (fd, portion, PORTION_BYTES, content->len);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (label, error), NULL;
      if (n == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&content));
      g_byte_array_append (content, portion, (guint) n);
    }
  fail_large (label, error);

  return NULL;
}

static int
open_local (const char *path, const char *label, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat stats;

  if (fd < 0)
    {
      fail_errno (label, error);
      return -1;
    }
  if (fstat (fd, &stats) == 0 && S_ISREG (stats.st_mode))
    return fd;

  g_set_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_FORMAT,
               "%s: not a file but a %s: a picture file is needed (PNG, JPEG, WebP)", label,
               S_ISDIR (stats.st_mode) ? "folder" : "device");
  close (fd);

  return -1;
}

/* GIO's messages name the file again, at length. */
static void
set_read_error (const char *label, const GError *reason, GError **error)
{
  const char *text = reason->message;

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    text = "there is no such file";
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    text = "permission denied";
  g_set_error (error, reason->domain, reason->code, "%s: cannot be read: %s", label, text);
}

static gboolean
fetch_into (int fd, GInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *portion = g_malloc (PORTION_BYTES);
  gsize total = 0;
  gssize n;

  while ((n = g_input_stream_read (stream, portion, PORTION_BYTES, cancellable, error)) > 0)
    {
      total += n;
      if (total > RN_PICTURE_MAX_FILE_BYTES || write (fd, portion, n) != n)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "more than %d MiB",
                       RN_PICTURE_MAX_FILE_BYTES >> 20);
          return FALSE;
        }
    }

  return n == 0;
}

/* What is not on this computer is fetched into memory first. */
static int
open_remote (GFile *file, const char *label, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &reason);
  int fd = memfd_create ("resnet-fetched", MFD_CLOEXEC);

  if (fd < 0)
    fail_errno (label, error);
  else if (stream == NULL || !fetch_into (fd, G_INPUT_STREAM (stream), cancellable, &reason))
    {
      set_read_error (label, reason, error);
      close (fd);
      fd = -1;
    }

  return fd;
}

/**
 * rn_picture_file_open:
 * @file: local or not
 * @cancellable: (nullable)
 * @error: set where it is no file that can be read
 *
 * Returns: a descriptor open for reading, -1 where there is none
 */
int
rn_picture_file_open (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *label = g_file_get_parse_name (file);
  const char *path = g_file_peek_path (file);

  if (path != NULL)
    return open_local (path, label, error);

  return open_remote (file, label, cancellable, error);
}

/**
 * rn_picture_load_file:
 * @file: a picture file, local or not
 * @cancellable: (nullable): stops the reading of one that is not local
 * @error: set where it cannot be read, and as by rn_picture_load_bytes()
 *
 * Blocks: call it from a worker where there is a window. Decodes in this process: for strangers'
 * files there is rn_picture_reader_load().
 *
 * Returns: (transfer full) (nullable): the picture
 */
RnPicture *
rn_picture_load_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *label = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int fd;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  label = g_file_get_parse_name (file);
  fd = rn_picture_file_open (file, cancellable, error);
  if (fd < 0)
    return NULL;
  bytes = rn_picture_file_read (fd, label, error);
  close (fd);

  return bytes != NULL ? rn_picture_load_bytes (bytes, label, error) : NULL;
}

/**
 * rn_picture_load:
 * @path: of a picture file
 *
 * As rn_picture_load_file(), for a local file.
 */
RnPicture *
rn_picture_load (const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_file_new_for_path (path);
  return rn_picture_load_file (file, NULL, error);
}
