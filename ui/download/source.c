#include "ui/download/source.h"

#include <json-glib/json-glib.h>

#include "engine/training/cifar10-archive.h"
#include "engine/training/data-set.h"

G_DEFINE_QUARK (rn-download-error-quark, rn_download_error)

struct _RnSourceList
{
  GPtrArray *sources;
};

static void
source_free (gpointer data)
{
  RnSource *source = data;

  g_free (source->id);
  g_free (source->title);
  g_free (source->model);
  g_free (source->names);
  g_free (source->preprocess);
  g_free (source->labels);
  g_free (source->url);
  g_free (source->path);
  g_free (source->md5);
  g_free (source->license);
  g_free (source);
}

static gboolean
is_md5 (const char *text)
{
  return strlen (text) == 32 && strspn (text, "0123456789abcdef") == 32;
}

/* A path that stays below the folder it is put in. */
static gboolean
is_safe_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] == '\0' || parts[i][0] == '.')
      return FALSE;

  return parts[0] != NULL;
}

static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_dup_string (node);
}

/* Returns: the kind that an entry names, or that it is of where it names none; -1 for another */
static int
parse_kind (JsonObject *object)
{
  static const char *const names[] = { "weights", "labels", "pictures" };
  g_autofree char *name = dup_member (object, "kind");

  if (!json_object_has_member (object, "kind"))
    return json_object_has_member (object, "model") ? RN_SOURCE_WEIGHTS : RN_SOURCE_LABELS;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return (int) i;

  return -1;
}

static RnSource *
parse_source (JsonObject *object)
{
  RnSource *source = g_new0 (RnSource, 1);

  source->kind = (RnSourceKind) parse_kind (object);
  source->id = dup_member (object, "id");
  source->title = dup_member (object, "title");
  source->model = dup_member (object, "model");
  source->names = dup_member (object, "names");
  source->top = json_object_get_boolean_member_with_default (object, "top", FALSE);
  source->epsilon = json_object_get_double_member_with_default (object, "epsilon", 0);
  source->preprocess = dup_member (object, "preprocess");
  source->labels = dup_member (object, "labels");
  source->url = dup_member (object, "url");
  source->path = dup_member (object, "path");
  source->md5 = dup_member (object, "md5");
  source->license = dup_member (object, "license");
  source->size = MAX (0, json_object_get_int_member_with_default (object, "size", 0));

  return source;
}

/* Pictures are kept under their id. */
static gboolean
check_source (const RnSource *source, const char *path, guint i, GError **error)
{
  if (source->id == NULL || source->title == NULL || source->url == NULL || source->path == NULL ||
      !is_safe_path (source->path) || source->md5 == NULL || !is_md5 (source->md5))
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                   "%s: entry %u needs “id”, “title”, “url”, a relative “path” and an “md5” of "
                   "32 hexadecimal digits",
                   path, i + 1);
      return FALSE;
    }
  if (source->kind != RN_SOURCE_WEIGHTS && source->kind != RN_SOURCE_LABELS &&
      (source->kind != RN_SOURCE_PICTURES || !g_str_equal (source->id, "cifar10")))
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                   "%s: entry %u: a “kind” of “weights” or “labels”, or “pictures” with the “id” "
                   "“cifar10”, would be right",
                   path, i + 1);
      return FALSE;
    }

  return TRUE;
}

static gboolean
parse_list (RnSourceList *self, JsonNode *root, const char *path, GError **error)
{
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                   "%s: not a list of sources; a JSON array of objects would be right", path);
      return FALSE;
    }

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      RnSource *source;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                       "%s: entry %u is not an object", path, i + 1);
          return FALSE;
        }
      source = parse_source (json_node_get_object (node));
      g_ptr_array_add (self->sources, source);
      if (!check_source (source, path, i, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_source_list_load:
 * @path: a JSON file as data/weights/README.md describes
 *
 * Returns: (transfer full) (nullable): the list, or %NULL with %RN_DOWNLOAD_ERROR_LIST
 */
RnSourceList *
rn_source_list_load (const char *path, GError **error)
{
  g_autoptr (RnSourceList) self = g_new0 (RnSourceList, 1);
  g_autoptr (JsonParser) parser = json_parser_new ();

  self->sources = g_ptr_array_new_with_free_func (source_free);
  if (!json_parser_load_from_file (parser, path, error))
    {
      g_prefix_error (error, "%s: the list of sources cannot be read: ", path);
      return NULL;
    }
  if (!parse_list (self, json_parser_get_root (parser), path, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
rn_source_list_free (RnSourceList *self)
{
  g_ptr_array_unref (self->sources);
  g_free (self);
}

guint
rn_source_list_get_n (const RnSourceList *self)
{
  return self->sources->len;
}

const RnSource *
rn_source_list_get (const RnSourceList *self, guint i)
{
  g_return_val_if_fail (i < self->sources->len, NULL);

  return g_ptr_array_index (self->sources, i);
}

/* The entry of that id, or %NULL with an error that names the ids there are. */
const RnSource *
rn_source_list_find (const RnSourceList *self, const char *id, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < self->sources->len; i++)
    {
      const RnSource *source = g_ptr_array_index (self->sources, i);

      if (g_str_equal (source->id, id))
        return source;
      g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", source->id);
    }
  g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
               "nothing to fetch is called “%s”; there are %s", id, ids->str);

  return NULL;
}

/* The entry whose content has that checksum, or %NULL. */
const RnSource *
rn_source_list_find_md5 (const RnSourceList *self, const char *md5)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      const RnSource *source = g_ptr_array_index (self->sources, i);

      if (g_str_equal (source->md5, md5))
        return source;
    }

  return NULL;
}

/**
 * rn_source_get_address:
 * @mirror: (nullable): base address of a mirror, e.g. a classroom's server
 *
 * Returns: (transfer full): where to fetch from: the publisher's address, or the entry's path below
 *   the mirror's
 */
char *
rn_source_get_address (const RnSource *self, const char *mirror)
{
  if (mirror == NULL || *mirror == '\0')
    return g_strdup (self->url);

  return g_strconcat (mirror, g_str_has_suffix (mirror, "/") ? "" : "/", self->path, NULL);
}

/**
 * rn_source_get_file:
 * @directory: (nullable): where fetched files are kept; %NULL for the user's folder
 *
 * Returns: (transfer full): the file that is fetched
 */
char *
rn_source_get_file (const RnSource *self, const char *directory)
{
  g_autofree char *folder = NULL;

  if (directory != NULL)
    folder = g_strdup (directory);
  else if (self->kind == RN_SOURCE_PICTURES)
    folder = rn_data_set_get_fetched_folder (NULL);
  else
    folder = rn_source_get_default_directory ();

  return g_build_filename (folder, self->path, NULL);
}

/**
 * rn_source_get_place:
 * @directory: (nullable): where fetched files are kept; %NULL for the user's folder
 *
 * Returns: (transfer full): what there is once all is done: the file, or the folder of pictures
 *   that the file, an archive, is unpacked into
 */
char *
rn_source_get_place (const RnSource *self, const char *directory)
{
  if (self->kind != RN_SOURCE_PICTURES)
    return rn_source_get_file (self, directory);

  return directory != NULL ? g_build_filename (directory, self->id, NULL)
                           : rn_data_set_get_fetched_folder (self->id);
}

/* Whether it is there; what is in it is not looked at. */
gboolean
rn_source_is_fetched (const RnSource *self, const char *directory)
{
  g_autofree char *place = rn_source_get_place (self, directory);

  return self->kind == RN_SOURCE_PICTURES ? rn_cifar10_is_unpacked (place)
                                          : g_file_test (place, G_FILE_TEST_EXISTS);
}

/* Where a file grows until it is whole. */
char *
rn_source_get_part (const char *file)
{
  return g_strconcat (file, ".part", NULL);
}

/* The user's folder for weights that were fetched: $XDG_DATA_HOME/resnet-explorer/weights. */
char *
rn_source_get_default_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "resnet-explorer", "weights", NULL);
}
