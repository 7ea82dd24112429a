#include "ui/download/official.h"

#include <json-glib/json-glib.h>

#define MAX_CLASSES 100000

/* An entry of the list of classes: [id, name], the name's words divided by underscores. */
static gboolean
read_label (JsonObject *object, int index, char **id, char **label)
{
  g_autofree char *key = g_strdup_printf ("%d", index);
  JsonNode *node = json_object_get_member (object, key);
  JsonArray *pair;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  pair = json_node_get_array (node);
  if (json_array_get_length (pair) != 2)
    return FALSE;
  for (int i = 0; i < 2; i++)
    if (json_node_get_value_type (json_array_get_element (pair, i)) != G_TYPE_STRING)
      return FALSE;

  *id = g_strdup (json_array_get_string_element (pair, 0));
  *label = g_strdelimit (g_strdup (json_array_get_string_element (pair, 1)), "_", ' ');

  return TRUE;
}

/**
 * rn_official_read_labels:
 * @path: a JSON object of "0": ["n01440764", "tench"], …, as Keras publishes for ImageNet
 * @info: gets the classes and labels
 *
 * Returns: %FALSE with %RN_DOWNLOAD_ERROR_LIST where the file is of another form; @info is then as
 *   before
 */
gboolean
rn_official_read_labels (const char *path, RnWeightsInfo *info, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  JsonNode *root;
  guint n = 0;

  if (!json_parser_load_from_file (parser, path, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    n = json_object_get_size (json_node_get_object (root));

  for (guint i = 0; i < n && n <= MAX_CLASSES; i++)
    {
      char *id, *label;

      if (!read_label (json_node_get_object (root), i, &id, &label))
        break;
      g_ptr_array_add (ids, id);
      g_ptr_array_add (labels, label);
    }
  if (n == 0 || ids->len != n)
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                   "%s: no list of classes; {\"0\": [\"id\", \"name\"], …} would be right", path);
      return FALSE;
    }

  g_strfreev (info->classes);
  g_strfreev (info->labels);
  g_ptr_array_add (ids, NULL);
  g_ptr_array_add (labels, NULL);
  info->n_classes = n;
  info->classes = (char **) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
  info->labels = (char **) g_ptr_array_free (g_steal_pointer (&labels), FALSE);

  return TRUE;
}

static gboolean
add_labels (RnWeightsInfo *info,
            const RnSourceList *sources,
            const char *id,
            const char *directory,
            GError **error)
{
  const RnSource *source = rn_source_list_find (sources, id, error);
  g_autofree char *path = NULL;

  if (source == NULL)
    return FALSE;
  path = rn_source_get_file (source, directory);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
                   "the names of the classes have not been fetched; `resnet weights fetch %s` does it",
                   id);
      return FALSE;
    }

  return rn_official_read_labels (path, info, error);
}

/**
 * rn_official_complete:
 * @weights: as read from a file; what the file says itself stays
 * @sources: the published files
 * @md5: the file's checksum
 * @directory: (nullable): where fetched files are kept; %NULL for the user's data folder
 *
 * Where the file is a published one, adds its title, licence, epsilon, pre-processing and, if their
 * list has been fetched, the names of its classes.
 *
 * Returns: %FALSE with an error where it is a published file but its classes cannot be named; the
 *   rest is set all the same
 */
gboolean
rn_official_complete (RnWeights *weights,
                      const RnSourceList *sources,
                      const char *md5,
                      const char *directory,
                      GError **error)
{
  const RnSource *source = rn_source_list_find_md5 (sources, md5);
  g_autofree char *default_directory = rn_source_get_default_directory ();
  RnWeightsInfo *info = rn_weights_get_info (weights);

  if (source == NULL)
    return TRUE;

  g_free (info->name);
  info->name = g_strdup (source->title);
  if (info->origin == NULL)
    info->origin = g_strdup (source->url);
  if (info->license == NULL)
    info->license = g_strdup (source->license);
  if (info->preprocess == NULL)
    info->preprocess = g_strdup (source->preprocess);
  if (source->epsilon > 0)
    info->epsilon = source->epsilon;
  if (source->labels == NULL || info->n_classes > 0)
    return TRUE;

  return add_labels (info, sources, source->labels, directory ?: default_directory, error);
}
