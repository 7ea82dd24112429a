/* A block of numbers with a shape. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RN_TENSOR_MAX_RANK 4

/* Sizes beyond this are refused before anything is allocated for them. */
#define RN_TENSOR_MAX_ELEMENTS (G_GINT64_CONSTANT (1) << 31)

typedef enum
{
  RN_DTYPE_F32,
  RN_DTYPE_F16,
  RN_DTYPE_BF16,
  RN_DTYPE_F64,
} RnDtype;

/**
 * RnTensor:
 * @dtype: how each number is stored
 * @rank: number of dimensions
 * @dims: outermost first; activations are [N, H, W, C] or [N, C]
 * @data: contiguous, row-major, aligned to 64 bytes when the tensor owns it
 *
 * Reference-counted. Whoever made a tensor may fill it; once it is shared it does not change.
 */
typedef struct _RnTensor RnTensor;
struct _RnTensor
{
  RnDtype dtype;
  int rank;
  gint64 dims[RN_TENSOR_MAX_RANK];
  void *data;

  /*< private >*/
  gint ref_count;
  GDestroyNotify owner_free;
  gpointer owner;
};

RnTensor    *rn_tensor_new            (int             rank,
                                       const gint64   *dims,
                                       GError        **error);
RnTensor    *rn_tensor_new_typed      (RnDtype         dtype,
                                       int             rank,
                                       const gint64   *dims,
                                       GError        **error);
RnTensor    *rn_tensor_new_for_data   (RnDtype         dtype,
                                       int             rank,
                                       const gint64   *dims,
                                       void           *data,
                                       gpointer        owner,
                                       GDestroyNotify  owner_free);
RnTensor    *rn_tensor_ref            (RnTensor       *self);
void         rn_tensor_unref          (RnTensor       *self);

gint64       rn_tensor_get_n_elements (const RnTensor *self);
size_t       rn_tensor_get_n_bytes    (const RnTensor *self);
RnTensor    *rn_tensor_to_f32         (RnTensor       *self,
                                       GError        **error);
char        *rn_tensor_dims_to_string (const RnTensor *self);

size_t       rn_dtype_get_size        (RnDtype         dtype);
const char  *rn_dtype_get_name        (RnDtype         dtype);

/* The numbers of an F32 tensor. */
static inline float *
rn_tensor_f32 (const RnTensor *self)
{
  return self->data;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTensor, rn_tensor_unref)

G_END_DECLS
