#include "engine/formats/hdf5-file-private.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/formats/hdf5-library.h"
#include "engine/tensor/file-bytes.h"

#define MAX_LINKS 100000

/* A file may hold compressed tensors, but not a thousandfold of itself. */
#define BUDGET_BASE (G_GUINT64_CONSTANT (64) << 20)
#define BUDGET_FACTOR 8

/* Where the superblock has said the file's size, whatever its version. */
#define HEAD_BYTES 64

/* Files in memory are never enlarged here, yet HDF5 wants to know by how much. */
#define IMAGE_INCREMENT 65536

/* HDF5 insists that no file of a file in memory's name exists: below a device, none can. */
#define IMAGE_NAME "/dev/null/image"

static herr_t
refuse_external_link (const char *parent_file,
                      const char *parent_group,
                      const char *child_file,
                      const char *child_object,
                      unsigned *flags,
                      hid_t access,
                      void *data)
{
  return -1;
}

/* Bytes that the superblock says the file has (HDF5 File Format Specification 3.0, II.A), 0 where
 * it cannot be told. */
static guint64
read_stated_size (const guint8 *head, gsize n_head)
{
  gsize at;
  guint64 stated = 0;

  if (n_head < HEAD_BYTES || memcmp (head, "\211HDF\r\n\032\n", 8) != 0)
    return 0;

  if (head[8] <= 1) /* versions 0 and 1: base, free space, end of file, after sizes and K values */
    {
      if (head[13] != 8)
        return 0;
      at = 24 + (head[8] == 1 ? 4 : 0) + 16;
    }
  else /* versions 2 and 3: base, extension, end of file */
    {
      if (head[9] != 8)
        return 0;
      at = 12 + 16;
    }
  memcpy (&stated, head + at, 8);

  return GUINT64_FROM_LE (stated);
}

static void
set_open_error (const char *label, const guint8 *head, gsize n_head, guint64 size, GError **error)
{
  guint64 stated = read_stated_size (head, n_head);

  if (size == 0)
    g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                 "%s: the file is empty: a Keras weight file (.h5) is needed", label);
  else if (stated > size)
    g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                 "%s: truncated: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                 " bytes are there; get the file again",
                 label, size, stated);
  else if (stated > 0)
    g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                 "%s: damaged: HDF5 cannot open it; get the file again", label);
  else
    g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                 "%s: not an HDF5 file: a Keras weight file (.h5) is needed", label);
}

/* A file by its path, or @image as a file in memory. */
static hid_t
open_quietly (const char *path, GBytes *image)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t file;

  H5Pset_fclose_degree (access, H5F_CLOSE_STRONG);
  if (image != NULL)
    {
      H5Pset_fapl_core (access, IMAGE_INCREMENT, FALSE);
      H5Pset_file_image (access, (void *) g_bytes_get_data (image, NULL), g_bytes_get_size (image));
    }
#if H5_VERSION_GE(1, 10, 7)
  /* Weights may lie on file systems that know no locks. */
  H5Pset_file_locking (access, FALSE, TRUE);
#endif
  file = H5Fopen (path, H5F_ACC_RDONLY, access);
  H5Pclose (access);

  return file;
}

static RnHdf5File *
new_file (hid_t file, const char *label, guint64 size)
{
  RnHdf5File *self = g_new0 (RnHdf5File, 1);

  self->label = g_strdup (label);
  self->size = size;
  self->budget = BUDGET_BASE + size * BUDGET_FACTOR;
  self->file = file;
  self->link_access = H5Pcreate (H5P_LINK_ACCESS);
  H5Pset_elink_cb (self->link_access, refuse_external_link, NULL);

  return self;
}

/**
 * rn_hdf5_file_open_fd:
 * @fd: a regular file, open for reading; not closed, and needed only during this call
 * @label: what to call the file in messages
 * @error: set to an #RnWeightsError where it is not a whole HDF5 file
 *
 * Returns: (transfer full) (nullable): the file
 */
RnHdf5File *
rn_hdf5_file_open_fd (int fd, const char *label, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  guint8 head[HEAD_BYTES];
  struct stat info;
  gssize n_head;
  hid_t file;

  g_return_val_if_fail (fd >= 0 && label != NULL, NULL);

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: not a regular file: a Keras weight file (.h5) is needed", label);
      return NULL;
    }

  rn_hdf5_library_lock ();
  file = open_quietly (path, NULL);
  if (file < 0)
    {
      n_head = pread (fd, head, sizeof head, 0);
      set_open_error (label, head, (gsize) MAX (n_head, 0), (guint64) info.st_size, error);
      rn_hdf5_library_unlock ();
      return NULL;
    }

  return new_file (file, label, (guint64) info.st_size);
}

/**
 * rn_hdf5_file_open_bytes:
 * @bytes: the content of an HDF5 file; needed only during this call
 *
 * As rn_hdf5_file_open_fd(), for a file within another.
 */
RnHdf5File *
rn_hdf5_file_open_bytes (GBytes *bytes, const char *label, GError **error)
{
  gsize size;
  const guint8 *data;
  hid_t file;

  g_return_val_if_fail (bytes != NULL && label != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  rn_hdf5_library_lock ();
  file = size > 0 ? open_quietly (IMAGE_NAME, bytes) : -1;
  if (file < 0)
    {
      set_open_error (label, data, size, size, error);
      rn_hdf5_library_unlock ();
      return NULL;
    }

  return new_file (file, label, size);
}

/**
 * rn_hdf5_file_open:
 * @path: of the file
 * @error: set where it cannot be read or is not a whole HDF5 file
 *
 * Returns: (transfer full) (nullable): the file
 */
RnHdf5File *
rn_hdf5_file_open (const char *path, GError **error)
{
  RnHdf5File *self;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = rn_file_open_any (path, error);
  if (fd < 0)
    return NULL;
  self = rn_hdf5_file_open_fd (fd, path, error);
  close (fd);

  return self;
}

void
rn_hdf5_file_close (RnHdf5File *self)
{
  g_return_if_fail (self != NULL);

  H5Pclose (self->link_access);
  H5Fclose (self->file);
  rn_hdf5_library_unlock ();
  g_free (self->label);
  g_free (self);
}

const char *
rn_hdf5_file_get_label (RnHdf5File *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->label;
}

/* An object of this very file by its path, to be closed with H5Oclose(). */
hid_t
rn_hdf5_file_open_object (RnHdf5File *self, const char *object, GError **error)
{
  hid_t id = H5Oopen (self->file, object, self->link_access);

  if (id < 0)
    g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                 "%s: '%s' is missing or damaged in the file", self->label, object);

  return id;
}

/**
 * rn_hdf5_file_has:
 *
 * Returns: whether there is an object of that path
 */
gboolean
rn_hdf5_file_has (RnHdf5File *self, const char *object)
{
  hid_t id;

  g_return_val_if_fail (self != NULL && object != NULL, FALSE);

  id = H5Oopen (self->file, object, self->link_access);
  if (id >= 0)
    H5Oclose (id);

  return id >= 0;
}

static herr_t
add_link (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  GPtrArray *names = data;

  if (names->len >= MAX_LINKS)
    return -1;
  g_ptr_array_add (names, g_strdup (name));

  return 0;
}

/**
 * rn_hdf5_file_list:
 * @group: path of a group
 * @error: set where it is none
 *
 * Returns: (transfer full) (nullable): the names in it, ascending by bytes
 */
char **
rn_hdf5_file_list (RnHdf5File *self, const char *group, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  hid_t id;
  herr_t status;

  g_return_val_if_fail (self != NULL && group != NULL, NULL);

  id = rn_hdf5_file_open_object (self, group, error);
  if (id < 0)
    return NULL;

  status = H5Iget_type (id) == H5I_GROUP
               ? H5Literate (id, H5_INDEX_NAME, H5_ITER_INC, NULL, add_link, names)
               : -1;
  H5Oclose (id);
  if (status < 0)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: '%s' cannot be listed: it must be a group of at most %d entries",
                   self->label, group, MAX_LINKS);
      return NULL;
    }

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}
