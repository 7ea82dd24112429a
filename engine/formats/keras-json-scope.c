/* From the JSON of a model, and of models within it, to layers and their calls. */
#include "engine/formats/keras-json-private.h"

#define MAX_NESTING 16
#define MAX_NODES_A_LAYER 64

/* What an input of any size is drawn at: ImageNet's custom. */
#define ANY_SIZE 224

static void
node_free (gpointer data)
{
  RnKerasNode *node = data;

  g_array_unref (node->inputs);
  g_free (node->name);
  g_free (node);
}

static void
entry_free (gpointer data)
{
  RnKerasEntry *entry = data;

  rn_keras_layer_clear (&entry->parsed);
  g_ptr_array_unref (entry->nodes);
  g_free (entry);
}

void
rn_keras_scope_free (gpointer data)
{
  RnKerasScope *scope = data;

  g_free (scope->prefix);
  g_ptr_array_unref (scope->entries);
  g_hash_table_unref (scope->by_name);
  g_array_unref (scope->inputs);
  g_array_unref (scope->outputs);
  g_free (scope);
}

/* Sets the error with the file's name before it; control characters in it become question marks. */
gboolean
rn_keras_fail (const RnKerasReader *reader, GError **error, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  for (char *p = detail; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION, "%s: %s", reader->label, detail);

  return FALSE;
}

/* Collects [name, node, tensor, …] wherever it stands: alone, in lists, in the arguments of
 * Keras 3. The depth is that of the JSON, which is bounded. */
static void
collect_refs (JsonNode *json, GArray *refs)
{
  if (json != NULL && JSON_NODE_HOLDS_ARRAY (json))
    {
      JsonArray *array = json_node_get_array (json);
      guint n = json_array_get_length (array);
      JsonNode *first = n > 0 ? json_array_get_element (array, 0) : NULL;

      if (n >= 3 && JSON_NODE_HOLDS_VALUE (first) &&
          json_node_get_value_type (first) == G_TYPE_STRING)
        {
          JsonNode *node = json_array_get_element (array, 1);
          JsonNode *tensor = json_array_get_element (array, 2);

          if (JSON_NODE_HOLDS_VALUE (node) && JSON_NODE_HOLDS_VALUE (tensor))
            {
              RnKerasRef ref = { json_node_get_string (first), (int) json_node_get_int (node),
                                 (int) json_node_get_int (tensor) };

              g_array_append_val (refs, ref);
            }
          return;
        }
      for (guint i = 0; i < n; i++)
        collect_refs (json_array_get_element (array, i), refs);
    }
  else if (json != NULL && JSON_NODE_HOLDS_OBJECT (json))
    {
      JsonObject *object = json_node_get_object (json);
      g_autoptr (GList) members = NULL;

      if (rn_keras_member (object, "keras_history") != NULL)
        {
          collect_refs (rn_keras_member (object, "keras_history"), refs);
          return;
        }
      members = json_object_get_members (object);
      for (GList *l = members; l != NULL; l = l->next)
        collect_refs (json_object_get_member (object, l->data), refs);
    }
}

/* The layers of a model: config.layers, or config itself of the Sequential of early Keras 2. */
static JsonArray *
get_layers (JsonObject *model)
{
  JsonArray *layers = rn_keras_array (rn_keras_object (model, "config"), "layers");

  return layers != NULL ? layers : rn_keras_array (model, "config");
}

gboolean
rn_keras_is_model (JsonObject *layer)
{
  return get_layers (layer) != NULL;
}

static JsonObject *
get_element (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_name (JsonObject *layer)
{
  const char *name = rn_keras_string (layer, "name");

  return name != NULL ? name : rn_keras_string (rn_keras_object (layer, "config"), "name");
}

/* Whether a convolution or a pooling says channels_first. Flatten does not count: its default
 * follows the machine's configuration, not the model. */
gboolean
rn_keras_is_channels_first (JsonObject *model, int nesting)
{
  JsonArray *layers = get_layers (model);

  for (guint i = 0; nesting < MAX_NESTING && i < json_array_get_length (layers); i++)
    {
      JsonObject *layer = get_element (layers, i);
      const char *format;

      if (layer == NULL)
        continue;
      if (rn_keras_is_model (layer) && rn_keras_is_channels_first (layer, nesting + 1))
        return TRUE;
      format = rn_keras_string (rn_keras_object (layer, "config"), "data_format");
      if (g_strcmp0 (format, "channels_first") == 0 &&
          g_strcmp0 (rn_keras_string (layer, "class_name"), "Flatten") != 0)
        return TRUE;
    }

  return FALSE;
}

/* A name that no layer has yet: within a model within the model with that one's name before it. */
static char *
claim_name (RnKerasReader *reader, const RnKerasScope *scope, const char *layer, guint call)
{
  g_autofree char *base = call > 0 ? g_strdup_printf ("%s/%u", layer, call) : g_strdup (layer);
  char *name = g_strdup (base);

  if (g_hash_table_contains (reader->names, name) && scope->prefix != NULL)
    {
      g_free (name);
      name = g_strdup_printf ("%s/%s", scope->prefix, base);
    }
  g_hash_table_add (reader->names, g_strdup (name));

  return name;
}

static gboolean
has_weights (RnLayerKind kind)
{
  return kind == RN_LAYER_CONV || kind == RN_LAYER_DEPTHWISE_CONV ||
         kind == RN_LAYER_SEPARABLE_CONV || kind == RN_LAYER_BATCH_NORM || kind == RN_LAYER_DENSE;
}

static RnKerasNode *
add_node (RnKerasEntry *entry)
{
  RnKerasNode *node = g_new0 (RnKerasNode, 1);

  node->inputs = g_array_new (FALSE, TRUE, sizeof (RnKerasRef));
  g_ptr_array_add (entry->nodes, node);

  return node;
}

/* The calls of a layer; in a Sequential one, of the layer before it. */
static gboolean
add_nodes (RnKerasReader *reader,
           RnKerasEntry *entry,
           JsonObject *layer,
           const RnKerasRef *previous,
           GError **error)
{
  JsonArray *calls = rn_keras_array (layer, "inbound_nodes");
  guint n = calls != NULL ? json_array_get_length (calls) : 0;

  if (previous != NULL)
    {
      g_array_append_val (add_node (entry)->inputs, *previous);
      return TRUE;
    }
  if (n > MAX_NODES_A_LAYER)
    return rn_keras_fail (reader, error, "layer “%s” is called %u times; up to %d are supported",
                          entry->name, n, MAX_NODES_A_LAYER);

  for (guint i = 0; i < n; i++)
    collect_refs (json_array_get_element (calls, i), add_node (entry)->inputs);
  if (n == 0)
    add_node (entry);

  return TRUE;
}

static RnKerasScope *
scope_new (RnKerasReader *reader,
           RnKerasScope *parent,
           const RnKerasNode *caller,
           const char *prefix)
{
  RnKerasScope *scope = g_new0 (RnKerasScope, 1);

  scope->parent = parent;
  scope->caller = caller;
  scope->prefix = g_strdup (prefix);
  scope->entries = g_ptr_array_new_with_free_func (entry_free);
  scope->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  scope->inputs = g_array_new (FALSE, FALSE, sizeof (RnKerasRef));
  scope->outputs = g_array_new (FALSE, FALSE, sizeof (RnKerasRef));
  g_ptr_array_add (reader->scopes, scope);

  return scope;
}

/* Reads a layer that is a model itself. */
static gboolean
read_inner_model (RnKerasReader *reader,
                  RnKerasScope *scope,
                  RnKerasEntry *entry,
                  JsonObject *layer,
                  int nesting,
                  GError **error)
{
  g_autofree char *prefix = scope->prefix != NULL
                                ? g_strdup_printf ("%s/%s", scope->prefix, entry->name)
                                : g_strdup (entry->name);
  RnKerasNode *node = g_ptr_array_index (entry->nodes, 0);

  if (nesting >= MAX_NESTING)
    return rn_keras_fail (reader, error, "models are nested deeper than %d", MAX_NESTING);
  if (entry->nodes->len > 1)
    return rn_keras_fail (
        reader, error,
        "the model “%s” within the model is called %u times, which shares its weights; once is "
        "supported",
        entry->name, entry->nodes->len);
  node->inner = rn_keras_read_scope (reader, layer, scope, node, prefix, nesting + 1, error);

  return node->inner != NULL;
}

static gboolean
read_layer (RnKerasReader *reader,
            RnKerasScope *scope,
            JsonObject *layer,
            const RnKerasRef *previous,
            int nesting,
            GError **error)
{
  const char *name = layer != NULL ? get_name (layer) : NULL;
  const char *keras_class = layer != NULL ? rn_keras_string (layer, "class_name") : NULL;
  RnKerasEntry *entry;

  if (name == NULL || keras_class == NULL)
    return rn_keras_fail (reader, error, "layer %u has no name or no class_name",
                          scope->entries->len + 1);
  if (++reader->n_layers > RN_MODEL_MAX_LAYERS)
    return rn_keras_fail (reader, error, "more than %d layers", RN_MODEL_MAX_LAYERS);

  entry = g_new0 (RnKerasEntry, 1);
  entry->name = name;
  entry->keras_class = keras_class;
  entry->nodes = g_ptr_array_new_with_free_func (node_free);
  g_ptr_array_add (scope->entries, entry);
  if (!g_hash_table_insert (scope->by_name, (gpointer)name, entry))
    return rn_keras_fail (reader, error, "two layers are named “%s”; names must be unique", name);
  if (!add_nodes (reader, entry, layer, previous, error))
    return FALSE;
  if (rn_keras_is_model (layer))
    return read_inner_model (reader, scope, entry, layer, nesting, error);

  rn_keras_layer_parse (&entry->parsed, keras_class, rn_keras_object (layer, "config"),
                        reader->channels_first);
  if (entry->parsed.kind == RN_LAYER_INPUT && entry->parsed.reason == NULL)
    {
      gboolean any;

      if (!rn_keras_layer_parse_input (rn_keras_object (layer, "config"), reader->channels_first,
                                       ANY_SIZE, &entry->parsed.config.input, &any))
        return rn_keras_fail (
            reader, error,
            "the input “%s” has no shape [null, height, width, channels] or [null, units]", name);
      if (any && scope->caller == NULL)
        {
          g_autofree char *note = g_strdup_printf (
              "“%s” takes pictures of any size; drawn for %d×%d", name, ANY_SIZE, ANY_SIZE);

          rn_model_builder_add_note (reader->builder, note);
        }
    }
  if (entry->parsed.reason == NULL && entry->nodes->len > 1 && has_weights (entry->parsed.kind))
    entry->parsed.reason =
        g_strdup_printf ("it is called %u times, which shares its weights; once is "
                         "supported",
                         entry->nodes->len);
  if (entry->parsed.kind == RN_LAYER_INPUT && entry->parsed.reason == NULL && scope->caller != NULL)
    return TRUE; /* what the outer model feeds in stands for it */

  for (guint i = 0; i < entry->nodes->len; i++)
    ((RnKerasNode *)g_ptr_array_index (entry->nodes, i))->name =
        claim_name (reader, scope, name, i);

  return TRUE;
}

static RnKerasEntry *
get_entry (const RnKerasScope *scope, guint i)
{
  return g_ptr_array_index (scope->entries, i);
}

/* The configuration that tells what a Sequential model takes in: its first layer's, or that of the
 * first layer of the model that this is. */
static JsonObject *
find_input_config (JsonObject *model)
{
  for (int i = 0; i < MAX_NESTING; i++)
    {
      JsonArray *layers = get_layers (model);
      JsonObject *first = json_array_get_length (layers) > 0 ? get_element (layers, 0) : NULL;

      if (first == NULL || !rn_keras_is_model (first))
        return first != NULL ? rn_keras_object (first, "config") : NULL;
      model = first;
    }

  return NULL;
}

/* Keras 2 leaves the InputLayer of a Sequential model out. */
static gboolean
add_sequential_input (RnKerasReader *reader, RnKerasScope *scope, JsonObject *model, GError **error)
{
  const char *first = get_entry (scope, 0)->name;
  RnKerasNode *node = g_ptr_array_index (get_entry (scope, 0)->nodes, 0);
  g_autofree char *base = g_strconcat (first, "_input", NULL);
  g_autofree char *name = claim_name (reader, scope, base, 0);
  RnLayerConfig config = { 0 };
  gboolean any;

  if (!rn_keras_layer_parse_input (find_input_config (model), reader->channels_first, ANY_SIZE,
                                   &config.input, &any))
    return rn_keras_fail (reader, error,
                          "the first layer “%s” does not say what it takes in "
                          "(batch_input_shape)",
                          first);

  rn_model_builder_add (reader->builder, RN_LAYER_INPUT, name, &config, NULL);
  g_array_index (node->inputs, RnKerasRef, 0) =
      (RnKerasRef){ rn_model_builder_get_last (reader->builder), -1, 0 };

  return TRUE;
}

static gboolean
read_sequential (
    RnKerasReader *reader, RnKerasScope *scope, JsonObject *model, int nesting, GError **error)
{
  JsonArray *layers = get_layers (model);
  RnKerasRef previous = { NULL, 0, 0 };

  for (guint i = 0; i < json_array_get_length (layers); i++)
    {
      JsonObject *layer = get_element (layers, i);
      gboolean is_input =
          layer != NULL && g_strcmp0 (rn_keras_string (layer, "class_name"), "InputLayer") == 0;

      if (!read_layer (reader, scope, layer, is_input ? NULL : &previous, nesting, error))
        return FALSE;
      previous = (RnKerasRef){ get_entry (scope, i)->name, 0, 0 };
      if (i == 0 && is_input)
        g_array_append_val (scope->inputs, previous);
    }
  if (previous.layer == NULL)
    return rn_keras_fail (reader, error, "a Sequential model has no layers");
  g_array_append_val (scope->outputs, previous);
  if (scope->caller == NULL && scope->inputs->len == 0)
    return add_sequential_input (reader, scope, model, error);

  return TRUE;
}

/**
 * rn_keras_read_scope:
 * @model: a model's JSON, or that of one within it
 * @parent: (nullable): the scope around it
 * @caller: (nullable): the call that feeds it
 * @prefix: (nullable): of names that others have too
 *
 * Returns: (transfer none) (nullable): its layers, which are the reader's
 */
RnKerasScope *
rn_keras_read_scope (RnKerasReader *reader,
                     JsonObject *model,
                     RnKerasScope *parent,
                     const RnKerasNode *caller,
                     const char *prefix,
                     int nesting,
                     GError **error)
{
  RnKerasScope *scope = scope_new (reader, parent, caller, prefix);
  JsonObject *config = rn_keras_object (model, "config");
  JsonArray *layers = get_layers (model);

  if (config == NULL || rn_keras_member (config, "output_layers") == NULL)
    return read_sequential (reader, scope, model, nesting, error) ? scope : NULL;

  for (guint i = 0; i < json_array_get_length (layers); i++)
    if (!read_layer (reader, scope, get_element (layers, i), NULL, nesting, error))
      return NULL;
  collect_refs (rn_keras_member (config, "input_layers"), scope->inputs);
  collect_refs (rn_keras_member (config, "output_layers"), scope->outputs);
  if (scope->outputs->len == 0)
    {
      rn_keras_fail (reader, error, "the model has no output_layers");
      return NULL;
    }

  return scope;
}
