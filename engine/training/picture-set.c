/* Pictures that somebody has decoded, brought to one size. */
#include <string.h>

#include "engine/training/data-set.h"

typedef struct
{
  gsize size;
  guint8 *rgb;
} Pixels;

static void
pixels_free (gpointer data)
{
  Pixels *self = data;

  g_free (self->rgb);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pixels, pixels_free)

static void
read_picture (const RnDataSet *set, int index, guint8 *rgb)
{
  const Pixels *pixels = set->data;

  memcpy (rgb, pixels->rgb + index * pixels->size, pixels->size);
}

static gboolean
check_classes (const char *name,
               const guint16 *class_of,
               guint n_pictures,
               const char *const *classes,
               GError **error)
{
  guint n_classes = g_strv_length ((char **) classes);
  g_autofree guint *counts = g_new0 (guint, n_classes + 1);

  if (n_classes < 2)
    {
      g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_CLASSES,
                   "%s: %u class%s; two or more, each a subfolder of pictures, would be right",
                   name, n_classes, n_classes == 1 ? "" : "es");
      return FALSE;
    }
  for (guint i = 0; i < n_pictures; i++)
    if (class_of[i] < n_classes)
      counts[class_of[i]]++;
  for (guint c = 0; c < n_classes; c++)
    if (counts[c] == 0)
      {
        g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_CLASSES,
                     "%s: class “%s” has no pictures; at least one would be right, or no such class",
                     name, classes[c]);
        return FALSE;
      }

  return TRUE;
}

/**
 * rn_data_set_new_pictures:
 * @name: what to call it
 * @pictures: (element-type RnPicture): of any sizes
 * @class_of: for each its class
 * @classes: their names, %NULL-terminated
 * @height: to bring them to, cropping as rn_picture_crop_to() does, which is what a prediction
 *   does; so is @width
 * @error: set to %RN_DATA_SET_ERROR_CLASSES where there are fewer than two classes or one is empty
 *
 * Returns: (transfer full) (nullable): a copy of the pictures at that size
 */
RnDataSet *
rn_data_set_new_pictures (const char *name,
                          GPtrArray *pictures,
                          const guint16 *class_of,
                          const char *const *classes,
                          int height,
                          int width,
                          GError **error)
{
  static const RnDataSetFuncs funcs = { read_picture, pixels_free };
  g_autoptr (Pixels) pixels = g_new0 (Pixels, 1);
  RnDataSet *set;

  g_return_val_if_fail (pictures != NULL && classes != NULL && height > 0 && width > 0, NULL);

  if (!check_classes (name, class_of, pictures->len, classes, error))
    return NULL;
  pixels->size = (gsize) height * width * 3;
  pixels->rgb = g_try_malloc_n (pictures->len, pixels->size);
  if (pixels->rgb == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "%s: no memory for %u pictures of %d×%d; fewer or smaller ones would be right",
                   name, pictures->len, width, height);
      return NULL;
    }
  for (guint i = 0; i < pictures->len; i++)
    {
      g_autoptr (RnPicture) crop = rn_picture_crop_to (pictures->pdata[i], width, height, error);

      if (crop == NULL)
        return NULL;
      memcpy (pixels->rgb + i * pixels->size, crop->rgb, pixels->size);
    }
  set = rn_data_set_new (name, pictures->len, height, width, classes, classes, &funcs,
                         g_steal_pointer (&pixels));
  memcpy (set->class_of, class_of, pictures->len * sizeof *class_of);

  return set;
}
