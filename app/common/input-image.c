#include "app/common/input-image.h"

#include "app/common/reader-program.h"
#include "engine/formats/reader.h"

/* Takes [H, W, C] for [1, H, W, C], and nothing that the model does not take. */
static RnTensor *
shape_as_input (RnTensor *tensor, const char *path, const RnShape *shape, GError **error)
{
  int extra = tensor->rank - shape->rank;
  gboolean fits = (extra == 0 || extra == 1) && rn_tensor_get_n_elements (tensor) > 0;
  gint64 dims[RN_TENSOR_MAX_RANK] = { 1 };

  for (int i = 0; fits && i < shape->rank; i++)
    fits = tensor->dims[extra + i] == shape->dims[i];
  if (!fits)
    {
      g_autofree char *given = rn_tensor_dims_to_string (tensor);
      g_autofree char *right = rn_shape_to_string (shape);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: a tensor of %s does not fit the input; %s would be right, or N×%s", path,
                   given, right, right);
      return NULL;
    }
  if (extra == 1)
    return rn_tensor_ref (tensor);
  for (int i = 0; i < shape->rank; i++)
    dims[i + 1] = shape->dims[i];

  return rn_tensor_new_for_data (RN_DTYPE_F32, shape->rank + 1, dims, tensor->data,
                                 rn_tensor_ref (tensor), (GDestroyNotify)rn_tensor_unref);
}

/* Numbers are a stranger's file too. */
static RnTensor *
load_array (const char *path, const RnShape *shape, GError **error)
{
  g_autoptr (RnParcel) parcel =
      rn_reader_read (rn_reader_program_get (), RN_READER_ARRAY, path, 0, NULL, error);

  if (parcel == NULL)
    return NULL;
  if (parcel->array == NULL || parcel->array->dtype != RN_DTYPE_F32)
    {
      g_set_error (error, RN_PARCEL_ERROR, RN_PARCEL_ERROR_DAMAGED,
                   "%s: the process that reads files handed back no such numbers", path);
      return NULL;
    }

  return shape_as_input (parcel->array, path, shape, error);
}

/**
 * rn_input_image_load:
 * @path: a picture, or where it ends in .npy the input itself: [H, W, C] or [N, H, W, C]
 * @model: whose input it is to be
 * @preprocess: how the pixels of a picture become numbers
 *
 * Returns: (transfer full) (nullable): float32 [N, H, W, C], or %NULL with an error that names
 * @path
 */
RnTensor *
rn_input_image_load (const char *path,
                     const RnModel *model,
                     RnPreprocess preprocess,
                     GError **error)
{
  const RnShape *shape = &rn_model_get_input (model)->output_shape;
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autoptr (GFile) file = NULL;
  g_autoptr (RnPicture) picture = NULL;

  if (*path == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                           "“”: an empty name; that of a picture or .npy file would be right");
      return NULL;
    }
  if (g_str_has_suffix (lower, ".npy"))
    return load_array (path, shape, error);
  if (shape->rank != 3)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: %s takes no pictures; a .npy file would be right", path,
                   rn_model_get_name (model));
      return NULL;
    }
  file = g_file_new_for_path (path);
  picture = rn_picture_reader_load (rn_reader_program_get_pictures (), file, NULL, error);
  if (picture == NULL)
    return NULL;

  return rn_picture_to_input (picture, shape->dims[0], shape->dims[1], shape->dims[2], preprocess,
                              error);
}
