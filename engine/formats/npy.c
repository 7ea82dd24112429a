/* The format is described in NumPy's documentation, numpy.lib.format: the magic, a version, the
 * length of a header, the header (a Python dictionary in ASCII), the numbers. */
#include "engine/formats/npy.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/tensor/file-bytes.h"

#define MAGIC "\x93NUMPY"
#define MAGIC_LENGTH 6

/* What precedes the header in version 1; later versions write its length in four bytes, not two. */
#define PREAMBLE_1 10
#define PREAMBLE_2 12

/* NumPy itself reads no longer header from a stranger (format.py, _MAX_HEADER_SIZE). */
#define MAX_HEADER 10000

/* The numbers start at a multiple of this. */
#define ALIGNMENT 64

G_DEFINE_QUARK (rn - npy - error, rn_npy_error)

/* The header's three entries. */
typedef struct
{
  RnDtype dtype;
  int rank;
  gint64 dims[RN_TENSOR_MAX_RANK];
} Header;

static void
set_error (GError **error, RnNpyError code, const char *path, const char *what)
{
  g_set_error (error, RN_NPY_ERROR, code, "%s: %s", path, what);
}

/* Where the value of @key starts in the header, or NULL. */
static const char *
find_value (const char *header, const char *key)
{
  g_autofree char *quoted = g_strdup_printf ("'%s':", key);
  const char *at = strstr (header, quoted);

  if (at == NULL)
    return NULL;
  for (at += strlen (quoted); *at == ' '; at++)
    ;

  return at;
}

static gboolean
parse_dtype (const char *header, RnDtype *dtype)
{
  const char *value = find_value (header, "descr");

  if (value == NULL)
    return FALSE;
  if (g_str_has_prefix (value, "'<f4'"))
    *dtype = RN_DTYPE_F32;
  else if (g_str_has_prefix (value, "'<f2'"))
    *dtype = RN_DTYPE_F16;
  else if (g_str_has_prefix (value, "'<f8'"))
    *dtype = RN_DTYPE_F64;
  else
    return FALSE;

  return TRUE;
}

/* "(1, 224, 224, 3)", "(10,)" */
static gboolean
parse_shape (const char *header, Header *parsed)
{
  const char *at = find_value (header, "shape");

  if (at == NULL || *at++ != '(')
    return FALSE;
  for (parsed->rank = 0; parsed->rank < RN_TENSOR_MAX_RANK; parsed->rank++)
    {
      char *end;

      while (*at == ' ')
        at++;
      if (*at == ')')
        return TRUE;
      if (!g_ascii_isdigit (*at))
        return FALSE;
      errno = 0;
      parsed->dims[parsed->rank] = g_ascii_strtoll (at, &end, 10);
      if (errno != 0)
        return FALSE;
      at = end + (*end == ',');
    }
  while (*at == ' ')
    at++;

  return *at == ')';
}

static gboolean
parse_header (const char *header, const char *path, Header *parsed, GError **error)
{
  const char *fortran = find_value (header, "fortran_order");

  if (!parse_dtype (header, &parsed->dtype))
    {
      set_error (error, RN_NPY_ERROR_UNSUPPORTED, path,
                 "its numbers are of another type; little-endian float32 (“<f4”) would be right");
      return FALSE;
    }
  if (fortran == NULL || !g_str_has_prefix (fortran, "False"))
    {
      set_error (error, RN_NPY_ERROR_UNSUPPORTED, path,
                 "its numbers are in Fortran's order; save np.ascontiguousarray (…) of it");
      return FALSE;
    }
  if (!parse_shape (header, parsed))
    {
      set_error (error, RN_NPY_ERROR_UNSUPPORTED, path,
                 "its shape has no sense here; at most four dimensions would be right");
      return FALSE;
    }

  return TRUE;
}

/* Copies the header out, which ends at *@data_start, of the @n_bytes that a file starts with. */
static char *
read_header (const char *bytes, gsize n_bytes, const char *path, gsize *data_start, GError **error)
{
  const guint8 *u = (const guint8 *)bytes;
  gsize preamble, length;

  if (n_bytes < PREAMBLE_2 || memcmp (bytes, MAGIC, MAGIC_LENGTH) != 0)
    {
      set_error (error, RN_NPY_ERROR_FORMAT, path, "not a NumPy file: its first bytes differ");
      return NULL;
    }
  if (u[6] == 1)
    {
      preamble = PREAMBLE_1;
      length = u[8] | u[9] << 8;
    }
  else
    {
      preamble = PREAMBLE_2;
      length = u[8] | u[9] << 8 | u[10] << 16 | (gsize)u[11] << 24;
    }
  if (u[6] < 1 || u[6] > 3 || length > MAX_HEADER || length > n_bytes - preamble)
    {
      set_error (error, RN_NPY_ERROR_FORMAT, path, "damaged: its header makes no sense");
      return NULL;
    }
  *data_start = preamble + length;

  return g_strndup (bytes + preamble, length);
}

/* Whether the file has as many numbers as the shape says: what is there bounds what is allocated.
 */
static gboolean
fits_in (const Header *header, gsize n_data)
{
  gint64 n = 1;

  for (int i = 0; i < header->rank; i++)
    if (__builtin_mul_overflow (n, header->dims[i], &n))
      return FALSE;

  return (guint64)n <= n_data;
}

/* Makes room for the numbers of a file of @n_bytes, of which the first @n_head are at @head. */
static RnTensor *
make_tensor (const char *head,
             gsize n_head,
             gsize n_bytes,
             const char *label,
             gsize *data_start,
             GError **error)
{
  g_autofree char *header = read_header (head, n_head, label, data_start, error);
  Header parsed;

  if (header == NULL || !parse_header (header, label, &parsed, error))
    return NULL;
  if (!fits_in (&parsed, (n_bytes - *data_start) / rn_dtype_get_size (parsed.dtype)))
    {
      set_error (error, RN_NPY_ERROR_FORMAT, label, "damaged: shorter than its shape says");
      return NULL;
    }

  return rn_tensor_new_typed (parsed.dtype, parsed.rank, parsed.dims, error);
}

/**
 * rn_npy_parse:
 * @bytes: a whole .npy file
 * @n_bytes: its size
 * @label: what to call it in messages
 *
 * Returns: (transfer full) (nullable): its numbers in their own format, or %NULL with %RN_NPY_ERROR
 */
RnTensor *
rn_npy_parse (const char *bytes, gsize n_bytes, const char *label, GError **error)
{
  RnTensor *tensor;
  gsize data_start;

  g_return_val_if_fail ((bytes != NULL || n_bytes == 0) && label != NULL, NULL);

  tensor = make_tensor (bytes, n_bytes, n_bytes, label, &data_start, error);
  if (tensor != NULL)
    memcpy (tensor->data, bytes + data_start, rn_tensor_get_n_bytes (tensor));

  return tensor;
}

/* As rn_npy_parse(), of a file of @n_bytes. */
static RnTensor *
read_tensor (int fd, gsize n_bytes, const char *path, GError **error)
{
  char head[PREAMBLE_2 + MAX_HEADER];
  gsize n_head = MIN (n_bytes, sizeof head);
  g_autoptr (RnTensor) tensor = NULL;
  gsize data_start;

  if (!rn_file_read (fd, 0, head, n_head, path, error))
    return NULL;
  tensor = make_tensor (head, n_head, n_bytes, path, &data_start, error);
  if (tensor == NULL
      || !rn_file_read (fd, data_start, tensor->data, rn_tensor_get_n_bytes (tensor), path, error))
    return NULL;

  return g_steal_pointer (&tensor);
}

/**
 * rn_npy_read_fd:
 * @fd: a .npy file open for reading, which stays the caller's
 * @label: what to call the file in messages
 *
 * As rn_npy_read(), for a process that may open no files.
 */
RnTensor *
rn_npy_read_fd (int fd, const char *label, GError **error)
{
  g_autoptr (RnTensor) tensor = NULL;
  struct stat info;

  g_return_val_if_fail (fd >= 0 && label != NULL, NULL);

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      set_error (error, RN_NPY_ERROR_FORMAT, label, "not a regular file");
      return NULL;
    }
  tensor = read_tensor (fd, (gsize) info.st_size, label, error);

  return tensor != NULL ? rn_tensor_to_f32 (tensor, error) : NULL;
}

/**
 * rn_npy_read:
 * @path: a .npy file of float32 (or 16 or 64) numbers in C's order, of at most four dimensions
 *
 * Returns: (transfer full) (nullable): its numbers as float32, or %NULL with %RN_NPY_ERROR or an
 *   error of reading
 */
RnTensor *
rn_npy_read (const char *path, GError **error)
{
  RnTensor *tensor;
  gsize n_bytes;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = rn_file_open (path, &n_bytes, error);
  if (fd < 0)
    return NULL;
  tensor = rn_npy_read_fd (fd, path, error);
  close (fd);

  return tensor;
}

/* The header of version 1.0, preamble and all, padded as NumPy pads it. */
static GString *
make_header (const RnTensor *tensor)
{
  GString *text = g_string_new_len (MAGIC "\x01\x00\x00\x00", PREAMBLE_1);
  gsize length;

  g_string_append (text, "{'descr': '<f4', 'fortran_order': False, 'shape': (");
  for (int i = 0; i < tensor->rank; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", tensor->dims[i]);
  g_string_append (text, tensor->rank == 1 ? ",), }" : "), }");
  while ((text->len + 1) % ALIGNMENT != 0)
    g_string_append_c (text, ' ');
  g_string_append_c (text, '\n');
  length = text->len - PREAMBLE_1;
  text->str[8] = (char)(length & 0xff);
  text->str[9] = (char)(length >> 8);

  return text;
}

/**
 * rn_npy_to_bytes:
 * @tensor: float32 numbers
 *
 * Returns: (transfer full): the file that numpy.load() reads
 */
GBytes *
rn_npy_to_bytes (const RnTensor *tensor)
{
  GString *file;

  g_return_val_if_fail (tensor->dtype == RN_DTYPE_F32, NULL);

  file = make_header (tensor);
  g_string_append_len (file, tensor->data, (gssize)rn_tensor_get_n_bytes (tensor));

  return g_string_free_to_bytes (file);
}
