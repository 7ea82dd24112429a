#include "engine/training/data-set.h"

G_DEFINE_QUARK (rn - data - set - error - quark, rn_data_set_error)

/**
 * rn_data_set_new:
 * @classes: %NULL-terminated, at least 2; so are @labels
 * @data: (transfer full): for @funcs
 *
 * Returns: (transfer full): a set whose @class_of is all 0, for its maker to fill in
 */
RnDataSet *
rn_data_set_new (const char *name,
                 int n_pictures,
                 int height,
                 int width,
                 const char *const *classes,
                 const char *const *labels,
                 const RnDataSetFuncs *funcs,
                 gpointer data)
{
  RnDataSet *self;

  g_return_val_if_fail (n_pictures > 0 && height > 0 && width > 0, NULL);
  g_return_val_if_fail (classes != NULL && labels != NULL && funcs != NULL, NULL);

  self = g_new0 (RnDataSet, 1);
  self->ref_count = 1;
  self->name = g_strdup (name);
  self->n_pictures = n_pictures;
  self->height = height;
  self->width = width;
  self->n_classes = g_strv_length ((char **) classes);
  self->classes = g_strdupv ((char **) classes);
  self->labels = g_strdupv ((char **) labels);
  self->class_of = g_new0 (guint16, n_pictures);
  self->funcs = funcs;
  self->data = data;

  return self;
}

RnDataSet *
rn_data_set_ref (RnDataSet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_data_set_unref (RnDataSet *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->funcs->free != NULL)
    self->funcs->free (self->data);
  g_free (self->name);
  g_strfreev (self->classes);
  g_strfreev (self->labels);
  g_free (self->class_of);
  g_free (self);
}

/**
 * rn_data_set_get_picture:
 *
 * Returns: (transfer full) (nullable): picture @index, or %NULL where there is no memory
 */
RnPicture *
rn_data_set_get_picture (RnDataSet *self, int index, GError **error)
{
  RnPicture *picture;

  g_return_val_if_fail (self != NULL && index >= 0 && index < self->n_pictures, NULL);

  picture = rn_picture_new (self->width, self->height, error);
  if (picture != NULL)
    self->funcs->read (self, index, picture->rgb);

  return picture;
}

/**
 * rn_data_set_get_fetched_folder:
 * @id: (nullable): of pictures that are published, "cifar10"; %NULL for the folder of all
 *
 * Returns: (transfer full): the folder that the user's are in once they were fetched,
 *   $XDG_DATA_HOME/resnet-explorer/pictures/ID
 */
char *
rn_data_set_get_fetched_folder (const char *id)
{
  return g_build_filename (g_get_user_data_dir (), "resnet-explorer", "pictures", id, NULL);
}
