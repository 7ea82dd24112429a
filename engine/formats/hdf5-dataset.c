#include "engine/formats/hdf5-file-private.h"

/* Compressed data may expand, but a small file must not ask for gigabytes. */
#define EXPANSION_BASE (G_GUINT64_CONSTANT (16) << 20)
#define EXPANSION_FACTOR 64

#define NATIVE_ORDER (G_BYTE_ORDER == G_LITTLE_ENDIAN ? H5T_ORDER_LE : H5T_ORDER_BE)

/* A dataset that is open, and what it says of itself. */
typedef struct
{
  RnHdf5File *file;
  const char *name;
  hid_t dataset, type, space, layout;
  int rank;
  gint64 dims[RN_TENSOR_MAX_RANK];
  RnDtype dtype;
} Dataset;

static void
dataset_clear (Dataset *self)
{
  if (self->layout >= 0)
    H5Pclose (self->layout);
  if (self->space >= 0)
    H5Sclose (self->space);
  if (self->type >= 0)
    H5Tclose (self->type);
  if (self->dataset >= 0)
    H5Oclose (self->dataset);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Dataset, dataset_clear)

static gboolean
fail (const Dataset *self, RnWeightsError code, const char *what, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, code, "%s: dataset '%s' %s", self->file->label, self->name,
               what);
  return FALSE;
}

/* The four floating-point formats, told by their fields: HDF5 1.10 has no name for two of them. */
static gboolean
find_dtype (hid_t type, RnDtype *dtype)
{
  static const struct
  {
    RnDtype dtype;
    size_t size, exponent_bits, fraction_bits, bias;
  } known[] = {
    { RN_DTYPE_F32, 4, 8, 23, 127 },
    { RN_DTYPE_F16, 2, 5, 10, 15 },
    { RN_DTYPE_BF16, 2, 8, 7, 127 },
    { RN_DTYPE_F64, 8, 11, 52, 1023 },
  };
  size_t sign, exponent_at, exponent_bits, fraction_at, fraction_bits;
  size_t size = H5Tget_size (type);

  if (H5Tget_class (type) != H5T_FLOAT ||
      H5Tget_fields (type, &sign, &exponent_at, &exponent_bits, &fraction_at, &fraction_bits) < 0)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (size == known[i].size && sign == size * 8 - 1 && fraction_at == 0 &&
        exponent_at == fraction_bits && exponent_bits == known[i].exponent_bits &&
        fraction_bits == known[i].fraction_bits && H5Tget_ebias (type) == known[i].bias)
      {
        *dtype = known[i].dtype;
        return TRUE;
      }

  return FALSE;
}

/* Keras 3 has h5py write bfloat16, which that knows nothing of, as two bytes of no type, and says in
 * an attribute what they are (keras/src/saving/saving_lib.py, H5Entry). */
static gboolean
find_opaque_dtype (Dataset *self, RnDtype *dtype, gboolean *found, GError **error)
{
  g_autofree char *name = NULL;

  *found = FALSE;
  if (H5Tget_class (self->type) != H5T_OPAQUE || H5Tget_size (self->type) != 2)
    return TRUE;
  if (!rn_hdf5_file_read_string (self->file, self->name, "dtype", &name, error))
    return FALSE;

  *found = g_strcmp0 (name, "bfloat16") == 0;
  *dtype = RN_DTYPE_BF16;
  return TRUE;
}

static gboolean
read_dims (Dataset *self, GError **error)
{
  hsize_t dims[H5S_MAX_RANK];
  gint64 n = 1;

  self->rank = H5Sget_simple_extent_dims (self->space, dims, NULL);
  if (self->rank < 0)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "has no shape: it is damaged", error);
  if (self->rank > RN_TENSOR_MAX_RANK)
    return fail (self, RN_WEIGHTS_ERROR_LIMIT, "has more than 4 dimensions, which no weight has",
                 error);

  for (int i = 0; i < self->rank; i++)
    {
      self->dims[i] = dims[i] <= G_MAXINT64 ? (gint64) dims[i] : G_MAXINT64;
      if (__builtin_mul_overflow (n, self->dims[i], &n) || n > RN_TENSOR_MAX_ELEMENTS)
        return fail (self, RN_WEIGHTS_ERROR_LIMIT,
                     "claims more numbers than any weight has (at most 2^31 are taken)", error);
    }

  return TRUE;
}

static guint64
get_n_bytes (const Dataset *self)
{
  guint64 n = rn_dtype_get_size (self->dtype);

  for (int i = 0; i < self->rank; i++)
    n *= (guint64) self->dims[i];

  return n;
}

/* Whether the bytes that the shape claims can come from the bytes that lie in the file. */
static gboolean
check_storage (Dataset *self, GError **error)
{
  guint64 n_bytes = get_n_bytes (self);
  guint64 stored = H5Dget_storage_size (self->dataset);
  H5D_layout_t layout = H5Pget_layout (self->layout);

  if (H5Pget_external_count (self->layout) != 0 || layout == H5D_VIRTUAL || layout < 0)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "lies outside the file: it must lie inside", error);
  if (stored > self->file->size)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "claims more bytes than the file has", error);
  if (layout != H5D_CHUNKED && stored < n_bytes)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "has fewer bytes in the file than its shape needs",
                 error);

  if (layout == H5D_CHUNKED)
    {
      hsize_t chunk[H5S_MAX_RANK];
      guint64 chunk_bytes = H5Tget_size (self->type);
      int rank = H5Pget_chunk (self->layout, H5S_MAX_RANK, chunk);

      for (int i = 0; i < rank; i++)
        if (__builtin_mul_overflow (chunk_bytes, (guint64) chunk[i], &chunk_bytes))
          chunk_bytes = G_MAXUINT64;
      if (MAX (n_bytes, chunk_bytes) > EXPANSION_BASE + stored * EXPANSION_FACTOR)
        return fail (self, RN_WEIGHTS_ERROR_LIMIT,
                     "claims far more numbers than its bytes in the file can hold", error);
    }

  if (n_bytes > self->file->budget)
    return fail (self, RN_WEIGHTS_ERROR_LIMIT,
                 "brings the weights to many times the size of the file", error);

  return TRUE;
}

/* Little-endian numbers are read as they lie there, whatever their format: HDF5's own conversion of
 * float16 takes 57 ns a number. */
static gboolean
read_values (Dataset *self, RnTensor *tensor, GError **error)
{
  hid_t type = H5Tcopy (self->type);
  herr_t status;

  if (H5Tget_class (type) == H5T_FLOAT && H5Tget_order (type) != NATIVE_ORDER)
    H5Tset_order (type, NATIVE_ORDER);
  status = H5Dread (self->dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, tensor->data);
  H5Tclose (type);
  if (status < 0)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "cannot be read: the file is damaged", error);

  return TRUE;
}

static gboolean
dataset_open (Dataset *self, GError **error)
{
  self->dataset = rn_hdf5_file_open_object (self->file, self->name, error);
  if (self->dataset < 0)
    return FALSE;
  if (H5Iget_type (self->dataset) != H5I_DATASET)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "is something else: it must be a dataset", error);

  self->type = H5Dget_type (self->dataset);
  self->space = H5Dget_space (self->dataset);
  self->layout = H5Dget_create_plist (self->dataset);
  if (self->type < 0 || self->space < 0 || self->layout < 0)
    return fail (self, RN_WEIGHTS_ERROR_FORMAT, "is damaged", error);

  return TRUE;
}

/**
 * rn_hdf5_file_read_dataset:
 * @object: path of a dataset
 * @tensor: (out) (transfer full): its numbers in their own format; %NULL where it holds something
 *   else than floating-point numbers (Keras keeps seeds and counters there too)
 * @error: set where the dataset is missing, damaged or too large
 *
 * Returns: whether there was no error
 */
gboolean
rn_hdf5_file_read_dataset (RnHdf5File *self, const char *object, RnTensor **tensor, GError **error)
{
  g_auto (Dataset) dataset = { self, object, -1, -1, -1, -1 };
  g_autoptr (RnTensor) result = NULL;
  gboolean found;

  g_return_val_if_fail (self != NULL && object != NULL && tensor != NULL, FALSE);

  *tensor = NULL;
  if (!dataset_open (&dataset, error))
    return FALSE;
  found = find_dtype (dataset.type, &dataset.dtype);
  if (!found && !find_opaque_dtype (&dataset, &dataset.dtype, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  if (!read_dims (&dataset, error) || !check_storage (&dataset, error))
    return FALSE;

  result = rn_tensor_new_typed (dataset.dtype, dataset.rank, dataset.dims, error);
  if (result == NULL || !read_values (&dataset, result, error))
    return FALSE;

  self->budget -= rn_tensor_get_n_bytes (result);
  *tensor = g_steal_pointer (&result);
  return TRUE;
}
