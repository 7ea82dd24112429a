#include "engine/tensor/tensor.h"

#include "engine/tensor/dtype.h"
#include "engine/tensor/memory.h"

/* Bytes of a tensor, or -1 with @error where a dimension or the whole is out of bounds. */
static gint64
check_size (RnDtype dtype, int rank, const gint64 *dims, GError **error)
{
  gint64 n = 1;

  for (int i = 0; i < rank; i++)
    {
      if (dims[i] < 0)
        {
          g_set_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT,
                       "dimension %d of a tensor is %" G_GINT64_FORMAT ": it must be 0 or more",
                       i + 1, dims[i]);
          return -1;
        }
      if (__builtin_mul_overflow (n, dims[i], &n) || n > RN_TENSOR_MAX_ELEMENTS)
        {
          g_set_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT,
                       "a tensor with a dimension of %" G_GINT64_FORMAT
                       " is too large: at most %" G_GINT64_FORMAT " numbers are allowed",
                       dims[i], (gint64) RN_TENSOR_MAX_ELEMENTS);
          return -1;
        }
    }

  return n * (gint64) rn_dtype_get_size (dtype);
}

/**
 * rn_tensor_new:
 * @rank: 0 to %RN_TENSOR_MAX_RANK
 * @dims: @rank sizes, outermost first
 * @error: set to an #RnMemoryError where the size is out of bounds or there is no memory
 *
 * Returns: (transfer full) (nullable): a float32 tensor of undefined contents
 */
RnTensor *
rn_tensor_new (int rank, const gint64 *dims, GError **error)
{
  return rn_tensor_new_typed (RN_DTYPE_F32, rank, dims, error);
}

/**
 * rn_tensor_new_typed:
 *
 * As rn_tensor_new(), for numbers stored as @dtype.
 */
RnTensor *
rn_tensor_new_typed (RnDtype dtype, int rank, const gint64 *dims, GError **error)
{
  gint64 n_bytes;
  void *data;

  g_return_val_if_fail (rank >= 0 && rank <= RN_TENSOR_MAX_RANK, NULL);
  g_return_val_if_fail (dims != NULL || rank == 0, NULL);

  n_bytes = check_size (dtype, rank, dims, error);
  if (n_bytes < 0)
    return NULL;

  data = rn_memory_alloc ((size_t) n_bytes, error);
  if (data == NULL)
    return NULL;

  return rn_tensor_new_for_data (dtype, rank, dims, data, data, rn_memory_free);
}

/**
 * rn_tensor_new_for_data:
 * @dims: @rank sizes whose product the caller has checked against @data
 * @data: the numbers, aligned to their size; must live until @owner_free is called
 * @owner: (nullable): what keeps @data alive
 * @owner_free: (nullable): called with @owner when the tensor goes
 *
 * Returns: (transfer full): a tensor on memory of somebody else
 */
RnTensor *
rn_tensor_new_for_data (RnDtype dtype,
                        int rank,
                        const gint64 *dims,
                        void *data,
                        gpointer owner,
                        GDestroyNotify owner_free)
{
  RnTensor *self;

  g_return_val_if_fail (rank >= 0 && rank <= RN_TENSOR_MAX_RANK, NULL);
  g_return_val_if_fail (data != NULL, NULL);

  self = g_new0 (RnTensor, 1);
  self->dtype = dtype;
  self->rank = rank;
  for (int i = 0; i < rank; i++)
    self->dims[i] = dims[i];
  self->data = data;
  self->ref_count = 1;
  self->owner = owner;
  self->owner_free = owner_free;

  return self;
}

RnTensor *
rn_tensor_ref (RnTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_tensor_unref (RnTensor *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->owner_free != NULL)
    self->owner_free (self->owner);
  g_free (self);
}

gint64
rn_tensor_get_n_elements (const RnTensor *self)
{
  gint64 n = 1;

  g_return_val_if_fail (self != NULL, 0);

  for (int i = 0; i < self->rank; i++)
    n *= self->dims[i];

  return n;
}

size_t
rn_tensor_get_n_bytes (const RnTensor *self)
{
  return (size_t) rn_tensor_get_n_elements (self) * rn_dtype_get_size (self->dtype);
}

/**
 * rn_tensor_to_f32:
 *
 * Returns: (transfer full) (nullable): @self where it is float32 already, otherwise a converted
 * copy
 */
RnTensor *
rn_tensor_to_f32 (RnTensor *self, GError **error)
{
  RnTensor *copy;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->dtype == RN_DTYPE_F32)
    return rn_tensor_ref (self);

  copy = rn_tensor_new (self->rank, self->dims, error);
  if (copy != NULL)
    rn_dtype_convert_to_f32 (self->dtype, self->data, (size_t) rn_tensor_get_n_elements (self),
                             rn_tensor_f32 (copy));

  return copy;
}

/**
 * rn_tensor_dims_to_string:
 *
 * Returns: (transfer full): the dimensions as people write them, e.g. "3×3×64×64"
 */
char *
rn_tensor_dims_to_string (const RnTensor *self)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < self->rank; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "×" : "", self->dims[i]);
  if (self->rank == 0)
    g_string_append (text, "scalar");

  return g_string_free (text, FALSE);
}
