#include "ui/teach/teach-look.h"

#include <glib/gi18n.h>

#include "ui/pictures/picture-loader.h"

/* Pictures of one folder; a teacher with more has a data set, which `resnet train` takes. */
#define MAX_FILES 500

void
rn_teach_look_free (gpointer data)
{
  RnTeachLook *self = data;

  if (self == NULL)
    return;

  g_clear_pointer (&self->network, rn_teach_network_unref);
  g_clear_pointer (&self->reader, rn_picture_reader_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_clear_object (&self->known);
  g_free (self->name);
  g_free (self);
}

void
rn_teach_seen_free (gpointer data)
{
  RnTeachSeen *self = data;

  if (self == NULL)
    return;

  g_clear_object (&self->picture);
  g_clear_pointer (&self->features, g_bytes_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  g_autofree char *x = g_file_get_basename (*(GFile *const *) a);
  g_autofree char *y = g_file_get_basename (*(GFile *const *) b);

  return g_strcmp0 (x, y);
}

/* The files of a folder in the order of their names, hidden ones and folders left out. */
static GPtrArray *
list_folder (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) children =
      g_file_enumerate_children (folder, "standard::name,standard::type,standard::is-hidden",
                                 G_FILE_QUERY_INFO_NONE, cancellable, error);
  GFileInfo *info;
  GFile *child;

  if (children == NULL)
    return NULL;
  do
    {
      if (!g_file_enumerator_iterate (children, &info, &child, cancellable, error))
        return NULL;
      if (info != NULL && g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR &&
          !g_file_info_get_is_hidden (info))
        g_ptr_array_add (files, g_object_ref (child));
    }
  while (info != NULL);
  g_ptr_array_sort (files, compare_names);
  if (files->len == 0 || files->len > MAX_FILES)
    {
      g_autofree char *name = g_file_get_basename (folder);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   files->len == 0
                       ? _ ("%s: no pictures in this folder; drop the folder that holds them")
                       : _ ("%s: more than 500 files; for so many “resnet train” would be right"),
                   name);
      return NULL;
    }

  return g_steal_pointer (&files);
}

static RnPicture *
get_picture (const RnTeachLook *self, GCancellable *cancellable, GError **error)
{
  if (self->known != NULL)
    return rn_picture_ref (rn_teach_picture_get_seen (self->known));
  if (self->picture != NULL)
    return rn_picture_ref (self->picture);
  if (self->bytes != NULL && self->reader != NULL)
    return rn_picture_reader_load_bytes (self->reader, self->bytes, self->name, cancellable, error);
  if (self->bytes != NULL)
    return rn_picture_load_bytes (self->bytes, self->name, error);
  if (self->reader != NULL)
    return rn_picture_reader_load (self->reader, self->file, cancellable, error);

  return rn_picture_load_file (self->file, cancellable, error);
}

static gboolean
look (const RnTeachLook *self, RnTeachSeen *seen, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnPicture) picture = get_picture (self, cancellable, error);
  g_autoptr (RnPicture) crop =
      picture != NULL ? rn_teach_network_crop (self->network, picture, error) : NULL;

  if (crop == NULL)
    return FALSE;
  seen->features = rn_teach_network_get_features (self->network, crop, cancellable, error);
  if (seen->features == NULL)
    return FALSE;
  seen->picture = self->known != NULL ? g_object_ref (self->known)
                                      : rn_teach_picture_new (self->name, crop);

  return TRUE;
}

/* An #RnWorkFunc of an #RnTeachLook: an #RnTeachSeen. */
gpointer
rn_teach_look_work (gpointer data, GCancellable *cancellable, GError **error)
{
  const RnTeachLook *self = data;
  RnTeachSeen *seen = g_new0 (RnTeachSeen, 1);
  gboolean done;

  if (self->file != NULL && g_file_query_file_type (self->file, G_FILE_QUERY_INFO_NONE,
                                                    cancellable) == G_FILE_TYPE_DIRECTORY)
    {
      seen->files = list_folder (self->file, cancellable, error);
      done = seen->files != NULL;
    }
  else
    done = look (self, seen, cancellable, error);
  if (!done)
    g_clear_pointer (&seen, rn_teach_seen_free);

  return seen;
}
