#include "engine/formats/hdf5-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/formats/hdf5-library.h"

/* h5py and Keras split an attribute that is larger than this: an object's header ends at 64 KiB
 * (keras/src/legacy/saving/legacy_h5_format.py, HDF5_OBJECT_HEADER_LIMIT). */
#define ATTRIBUTE_LIMIT 64512

struct _RnHdf5Writer
{
  char *path;
  char *temporary; /* NULL once it has been moved */
  hid_t file;      /* -1 once it is closed */
};

static gboolean
fail (RnHdf5Writer *self, const char *what, const char *name, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "%s: cannot be written: HDF5 refuses %s '%s' (is the disk full?)", self->path, what,
               name);
  return FALSE;
}

/**
 * rn_hdf5_writer_new:
 * @path: where the file shall stand in the end
 * @error: set where it cannot be created
 *
 * Returns: (transfer full) (nullable): an empty file
 */
RnHdf5Writer *
rn_hdf5_writer_new (const char *path, GError **error)
{
  g_autofree char *temporary = NULL;
  RnHdf5Writer *self;
  int fd, code;

  g_return_val_if_fail (path != NULL, NULL);

  temporary = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  code = errno;
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: cannot be written: %s",
                   path, g_strerror (code));
      return NULL;
    }
  close (fd);

  rn_hdf5_library_lock ();
  self = g_new0 (RnHdf5Writer, 1);
  self->path = g_strdup (path);
  self->temporary = g_steal_pointer (&temporary);
  self->file = H5Fcreate (self->temporary, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (self->file < 0)
    {
      fail (self, "the file", path, error);
      rn_hdf5_writer_free (self);
      return NULL;
    }

  return self;
}

void
rn_hdf5_writer_free (RnHdf5Writer *self)
{
  g_return_if_fail (self != NULL);

  if (self->file >= 0)
    H5Fclose (self->file);
  rn_hdf5_library_unlock ();
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}

/* Lets HDF5 make the groups above what is being added. */
static hid_t
new_link_list (void)
{
  hid_t list = H5Pcreate (H5P_LINK_CREATE);

  H5Pset_create_intermediate_group (list, 1);
  return list;
}

/**
 * rn_hdf5_writer_add_group:
 * @group: its path; groups above it are made too
 *
 * Returns: whether there is such a group now
 */
gboolean
rn_hdf5_writer_add_group (RnHdf5Writer *self, const char *group, GError **error)
{
  hid_t links, id;

  g_return_val_if_fail (self != NULL && group != NULL, FALSE);

  /* It may be there already, made as the group above another: of “conv/before” and “conv”. */
  H5E_BEGIN_TRY
    id = H5Gopen2 (self->file, group, H5P_DEFAULT);
  H5E_END_TRY
  if (id < 0)
    {
      links = new_link_list ();
      id = H5Gcreate2 (self->file, group, links, H5P_DEFAULT, H5P_DEFAULT);
      H5Pclose (links);
    }
  if (id < 0)
    return fail (self, "the group", group, error);
  H5Gclose (id);

  return TRUE;
}

/* Little-endian, whatever the machine. bfloat16 has no type in HDF5: its callers convert it. */
static hid_t
new_type (RnDtype dtype)
{
  hid_t type;

  if (dtype == RN_DTYPE_F32)
    return H5Tcopy (H5T_IEEE_F32LE);
  if (dtype == RN_DTYPE_F64)
    return H5Tcopy (H5T_IEEE_F64LE);

  type = H5Tcopy (H5T_IEEE_F32LE);
  H5Tset_fields (type, 15, 10, 5, 0, 10);
  H5Tset_size (type, 2);
  H5Tset_ebias (type, 15);
  return type;
}

/**
 * rn_hdf5_writer_add_dataset:
 * @object: its path; groups above it are made too
 * @tensor: float32, float16 or float64; stored contiguously in its own format
 *
 * Returns: whether it was written
 */
gboolean
rn_hdf5_writer_add_dataset (RnHdf5Writer *self,
                            const char *object,
                            const RnTensor *tensor,
                            GError **error)
{
  hsize_t dims[RN_TENSOR_MAX_RANK];
  hid_t links, type, space, id;
  gboolean done = FALSE;

  g_return_val_if_fail (self != NULL && object != NULL && tensor != NULL, FALSE);
  g_return_val_if_fail (tensor->dtype != RN_DTYPE_BF16, FALSE);

  for (int i = 0; i < tensor->rank; i++)
    dims[i] = (hsize_t) tensor->dims[i];
  links = new_link_list ();
  type = new_type (tensor->dtype);
  space = H5Screate_simple (tensor->rank, dims, NULL);
  id = H5Dcreate2 (self->file, object, type, space, links, H5P_DEFAULT, H5P_DEFAULT);
  if (id >= 0)
    {
      hid_t memory = H5Tcopy (type);

      if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
        H5Tset_order (memory, H5T_ORDER_BE);
      done = H5Dwrite (id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor->data) >= 0;
      H5Tclose (memory);
      done = H5Dclose (id) >= 0 && done;
    }
  H5Sclose (space);
  H5Tclose (type);
  H5Pclose (links);

  return done ? TRUE : fail (self, "the dataset", object, error);
}

/* Creates an attribute and fills it. */
static gboolean
set_attribute (RnHdf5Writer *self,
               const char *object,
               const char *attribute,
               hid_t type,
               hid_t space,
               const void *value,
               GError **error)
{
  hid_t id = H5Acreate_by_name (self->file, object, attribute, type, space, H5P_DEFAULT,
                                H5P_DEFAULT, H5P_DEFAULT);
  gboolean done = id >= 0 && (value == NULL || H5Awrite (id, type, value) >= 0);

  if (id >= 0)
    H5Aclose (id);

  return done ? TRUE : fail (self, "the attribute", attribute, error);
}

static hid_t
new_string_type (size_t size, gboolean ascii)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  H5Tset_size (type, size);
  if (size != H5T_VARIABLE)
    H5Tset_strpad (type, H5T_STR_NULLPAD);
  H5Tset_cset (type, ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8);
  return type;
}

/**
 * rn_hdf5_writer_set_string:
 * @object: path of a group or dataset that is there
 * @attribute: name of a new attribute
 * @string: its value, stored as h5py stores a string
 *
 * Returns: whether it was written
 */
gboolean
rn_hdf5_writer_set_string (RnHdf5Writer *self,
                           const char *object,
                           const char *attribute,
                           const char *string,
                           GError **error)
{
  hid_t type, space;
  gboolean done;

  g_return_val_if_fail (self != NULL && object != NULL && attribute != NULL, FALSE);
  g_return_val_if_fail (string != NULL, FALSE);

  type = new_string_type (H5T_VARIABLE, g_str_is_ascii (string));
  space = H5Screate (H5S_SCALAR);
  done = set_attribute (self, object, attribute, type, space, &string, error);
  H5Sclose (space);
  H5Tclose (type);

  return done;
}

/* One attribute of @n strings of equal size, as NumPy's kind 'S'. */
static gboolean
set_fixed_strings (RnHdf5Writer *self,
                   const char *object,
                   const char *attribute,
                   const char *const *strings,
                   hsize_t n,
                   gsize size,
                   GError **error)
{
  g_autofree char *buffer = g_malloc0 (MAX (n * size, 1));
  gboolean ascii = TRUE;
  hid_t type, space = H5Screate_simple (1, &n, NULL);
  gboolean done;

  for (hsize_t i = 0; i < n; i++)
    {
      ascii = ascii && g_str_is_ascii (strings[i]);
      memcpy (buffer + i * size, strings[i], strlen (strings[i]));
    }
  /* h5py stores an empty list as float64s */
  type = n > 0 ? new_string_type (size, ascii) : H5Tcopy (H5T_IEEE_F64LE);
  done = set_attribute (self, object, attribute, type, space, n > 0 ? buffer : NULL, error);
  H5Tclose (type);
  H5Sclose (space);

  return done;
}

/**
 * rn_hdf5_writer_set_strings:
 * @strings: (array zero-terminated=1): the values
 *
 * As rn_hdf5_writer_set_string(), for a list; stored as Keras stores `layer_names`, over several
 * attributes where one would be too large.
 *
 * Returns: whether it was written
 */
gboolean
rn_hdf5_writer_set_strings (RnHdf5Writer *self,
                            const char *object,
                            const char *attribute,
                            const char *const *strings,
                            GError **error)
{
  gsize n, size = 1, n_parts = 1;

  g_return_val_if_fail (self != NULL && object != NULL && attribute != NULL, FALSE);
  g_return_val_if_fail (strings != NULL, FALSE);

  n = g_strv_length ((char **) strings);
  for (gsize i = 0; i < n; i++)
    size = MAX (size, strlen (strings[i]));
  while ((n + n_parts - 1) / n_parts * size > ATTRIBUTE_LIMIT && n_parts < n)
    n_parts++;
  if (n_parts == 1)
    return set_fixed_strings (self, object, attribute, strings, n, size, error);

  /* As numpy.array_split: the first parts are longer by one where it does not come out even. */
  for (gsize i = 0, at = 0; i < n_parts; i++)
    {
      gsize length = n / n_parts + (i < n % n_parts);
      g_autofree char *part = g_strdup_printf ("%s%" G_GSIZE_FORMAT, attribute, i);

      if (!set_fixed_strings (self, object, part, strings + at, length, size, error))
        return FALSE;
      at += length;
    }

  return TRUE;
}

/**
 * rn_hdf5_writer_set_number:
 * @number: the value; whole numbers are stored as int64
 *
 * As rn_hdf5_writer_set_string(), for a number.
 *
 * Returns: whether it was written
 */
gboolean
rn_hdf5_writer_set_number (RnHdf5Writer *self,
                           const char *object,
                           const char *attribute,
                           double number,
                           GError **error)
{
  gint64 whole = (gint64) number;
  hid_t space;
  gboolean done;

  g_return_val_if_fail (self != NULL && object != NULL && attribute != NULL, FALSE);

  space = H5Screate (H5S_SCALAR);
  if ((double) whole == number)
    done = set_attribute (self, object, attribute, H5T_NATIVE_INT64, space, &whole, error);
  else
    done = set_attribute (self, object, attribute, H5T_NATIVE_DOUBLE, space, &number, error);
  H5Sclose (space);

  return done;
}

/**
 * rn_hdf5_writer_finish:
 *
 * Closes the file and moves it to its place. Nothing can be added afterwards.
 *
 * Returns: whether all of it is there
 */
gboolean
rn_hdf5_writer_finish (RnHdf5Writer *self, GError **error)
{
  gboolean closed;
  int code;

  g_return_val_if_fail (self != NULL && self->file >= 0, FALSE);

  closed = H5Fclose (self->file) >= 0;
  self->file = -1;
  if (!closed)
    return fail (self, "to close", self->path, error);

  if (g_rename (self->temporary, self->path) != 0)
    {
      code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: cannot be written: %s",
                   self->path, g_strerror (code));
      return FALSE;
    }
  g_clear_pointer (&self->temporary, g_free);

  return TRUE;
}

/**
 * rn_hdf5_write_tensor:
 * @tensor: numbers of any #RnDtype; written as float32
 * @name: of the dataset, e.g. a layer's name
 * @path: of the file; what stands there is replaced once all is written
 * @error: set where it cannot be written
 *
 * Returns: whether a file with that one dataset was written
 */
gboolean
rn_hdf5_write_tensor (RnTensor *tensor, const char *name, const char *path, GError **error)
{
  g_autoptr (RnTensor) single = NULL;
  g_autoptr (RnHdf5Writer) writer = NULL;

  g_return_val_if_fail (tensor != NULL && name != NULL && path != NULL, FALSE);

  single = rn_tensor_to_f32 (tensor, error);
  if (single == NULL)
    return FALSE;
  writer = rn_hdf5_writer_new (path, error);

  return writer != NULL && rn_hdf5_writer_add_dataset (writer, name, single, error) &&
         rn_hdf5_writer_finish (writer, error);
}
