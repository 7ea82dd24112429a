#include "engine/formats/keras-json.h"

#include <string.h>

#include "engine/formats/json-text.h"
#include "engine/formats/keras-json-private.h"

#define MAX_NESTING 16
#define MAX_NODES_A_LAYER 64
#define MAX_NOTES 20

/* What an input of any size is drawn at: ImageNet's custom. */
#define ANY_SIZE 224

typedef struct _Scope Scope;

/* A tensor as Keras names it. @layer is %NULL for what the surrounding model feeds in. */
typedef struct
{
  const char *layer;
  int node;
  int tensor;
} Ref;

/* One call of a layer. */
typedef struct
{
  GArray *inputs; /* of Ref */
  char *name;     /* of the layer that it becomes; NULL for a model within the model */
  Scope *inner;   /* (borrowed) that model's layers */
} Node;

typedef struct
{
  const char *name; /* of the JSON */
  const char *keras_class;
  RnKerasLayer parsed;
  GPtrArray *nodes; /* of Node */
} Entry;

/* The layers of a model, or of a model within it. */
struct _Scope
{
  Scope *parent;
  const Node *caller; /* the call that feeds the inner model; NULL at the top */
  char *prefix;
  GPtrArray *entries; /* of Entry */
  GHashTable *by_name;
  GArray *inputs;  /* of Ref */
  GArray *outputs; /* of Ref */
};

/* The whole model while it is read. */
typedef struct
{
  const char *label;
  gboolean channels_first;
  GPtrArray *scopes; /* of Scope */
  GHashTable *names; /* of layers that the model will have */
  int n_layers;
  int n_unsupported;
  RnModelBuilder *builder;
} Reader;

static void
node_free (gpointer data)
{
  Node *node = data;

  g_array_unref (node->inputs);
  g_free (node->name);
  g_free (node);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  rn_keras_layer_clear (&entry->parsed);
  g_ptr_array_unref (entry->nodes);
  g_free (entry);
}

static void
scope_free (gpointer data)
{
  Scope *scope = data;

  g_free (scope->prefix);
  g_ptr_array_unref (scope->entries);
  g_hash_table_unref (scope->by_name);
  g_array_unref (scope->inputs);
  g_array_unref (scope->outputs);
  g_free (scope);
}

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const Reader *reader, GError **error, const char *format, ...)
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

/* Collects [name, node, tensor, …] wherever it stands: alone, in lists, in the arguments of Keras 3.
 * The depth is that of the JSON, which is bounded. */
static void
collect_refs (JsonNode *json, GArray *refs)
{
  if (json != NULL && JSON_NODE_HOLDS_ARRAY (json))
    {
      JsonArray *array = json_node_get_array (json);
      guint n = json_array_get_length (array);
      JsonNode *first = n > 0 ? json_array_get_element (array, 0) : NULL;

      if (n >= 3 && JSON_NODE_HOLDS_VALUE (first)
          && json_node_get_value_type (first) == G_TYPE_STRING)
        {
          JsonNode *node = json_array_get_element (array, 1);
          JsonNode *tensor = json_array_get_element (array, 2);

          if (JSON_NODE_HOLDS_VALUE (node) && JSON_NODE_HOLDS_VALUE (tensor))
            {
              Ref ref = { json_node_get_string (first), json_node_get_int (node),
                          json_node_get_int (tensor) };

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

static gboolean
is_model (JsonObject *layer)
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

/* Whether a convolution or a pooling says channels_first. Flatten does not count: its default follows
 * the machine's configuration, not the model. */
static gboolean
find_channels_first (JsonObject *model, int nesting)
{
  JsonArray *layers = get_layers (model);

  for (guint i = 0; nesting < MAX_NESTING && i < json_array_get_length (layers); i++)
    {
      JsonObject *layer = get_element (layers, i);
      const char *format;

      if (layer == NULL)
        continue;
      if (is_model (layer) && find_channels_first (layer, nesting + 1))
        return TRUE;
      format = rn_keras_string (rn_keras_object (layer, "config"), "data_format");
      if (g_strcmp0 (format, "channels_first") == 0
          && g_strcmp0 (rn_keras_string (layer, "class_name"), "Flatten") != 0)
        return TRUE;
    }

  return FALSE;
}

/* A name that no layer has yet: within a model within the model with that one's name before it. */
static char *
claim_name (Reader *reader, const Scope *scope, const char *layer, guint call)
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
  return kind == RN_LAYER_CONV || kind == RN_LAYER_DEPTHWISE_CONV || kind == RN_LAYER_SEPARABLE_CONV
         || kind == RN_LAYER_BATCH_NORM || kind == RN_LAYER_DENSE;
}

static Node *
add_node (Entry *entry)
{
  Node *node = g_new0 (Node, 1);

  node->inputs = g_array_new (FALSE, TRUE, sizeof (Ref));
  g_ptr_array_add (entry->nodes, node);

  return node;
}

/* The calls of a layer; in a Sequential one, of the layer before it. */
static gboolean
add_nodes (Reader *reader, Entry *entry, JsonObject *layer, const Ref *previous, GError **error)
{
  JsonArray *calls = rn_keras_array (layer, "inbound_nodes");
  guint n = calls != NULL ? json_array_get_length (calls) : 0;

  if (previous != NULL)
    {
      g_array_append_val (add_node (entry)->inputs, *previous);
      return TRUE;
    }
  if (n > MAX_NODES_A_LAYER)
    return fail (reader, error, "layer “%s” is called %u times; up to %d are supported", entry->name,
                 n, MAX_NODES_A_LAYER);

  for (guint i = 0; i < n; i++)
    collect_refs (json_array_get_element (calls, i), add_node (entry)->inputs);
  if (n == 0)
    add_node (entry);

  return TRUE;
}

static Scope *
scope_new (Reader *reader, Scope *parent, const Node *caller, const char *prefix)
{
  Scope *scope = g_new0 (Scope, 1);

  scope->parent = parent;
  scope->caller = caller;
  scope->prefix = g_strdup (prefix);
  scope->entries = g_ptr_array_new_with_free_func (entry_free);
  scope->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  scope->inputs = g_array_new (FALSE, FALSE, sizeof (Ref));
  scope->outputs = g_array_new (FALSE, FALSE, sizeof (Ref));
  g_ptr_array_add (reader->scopes, scope);

  return scope;
}

static Scope *read_scope (Reader *reader, JsonObject *model, Scope *parent, const Node *caller,
                          const char *prefix, int nesting, GError **error);

/* Reads a layer that is a model itself. */
static gboolean
read_inner_model (Reader *reader,
                  Scope *scope,
                  Entry *entry,
                  JsonObject *layer,
                  int nesting,
                  GError **error)
{
  g_autofree char *prefix = scope->prefix != NULL
                                ? g_strdup_printf ("%s/%s", scope->prefix, entry->name)
                                : g_strdup (entry->name);
  Node *node = g_ptr_array_index (entry->nodes, 0);

  if (nesting >= MAX_NESTING)
    return fail (reader, error, "models are nested deeper than %d", MAX_NESTING);
  if (entry->nodes->len > 1)
    return fail (reader, error,
                 "the model “%s” within the model is called %u times, which shares its weights; once is "
                 "supported",
                 entry->name, entry->nodes->len);
  node->inner = read_scope (reader, layer, scope, node, prefix, nesting + 1, error);

  return node->inner != NULL;
}

static gboolean
read_layer (Reader *reader,
            Scope *scope,
            JsonObject *layer,
            const Ref *previous,
            int nesting,
            GError **error)
{
  const char *name = layer != NULL ? get_name (layer) : NULL;
  const char *keras_class = layer != NULL ? rn_keras_string (layer, "class_name") : NULL;
  Entry *entry;

  if (name == NULL || keras_class == NULL)
    return fail (reader, error, "layer %u has no name or no class_name", scope->entries->len + 1);
  if (++reader->n_layers > RN_MODEL_MAX_LAYERS)
    return fail (reader, error, "more than %d layers", RN_MODEL_MAX_LAYERS);

  entry = g_new0 (Entry, 1);
  entry->name = name;
  entry->keras_class = keras_class;
  entry->nodes = g_ptr_array_new_with_free_func (node_free);
  g_ptr_array_add (scope->entries, entry);
  if (!g_hash_table_insert (scope->by_name, (gpointer) name, entry))
    return fail (reader, error, "two layers are named “%s”; names must be unique", name);
  if (!add_nodes (reader, entry, layer, previous, error))
    return FALSE;
  if (is_model (layer))
    return read_inner_model (reader, scope, entry, layer, nesting, error);

  rn_keras_layer_parse (&entry->parsed, keras_class, rn_keras_object (layer, "config"),
                        reader->channels_first);
  if (entry->parsed.kind == RN_LAYER_INPUT && entry->parsed.reason == NULL)
    {
      gboolean any;

      if (!rn_keras_layer_parse_input (rn_keras_object (layer, "config"), reader->channels_first,
                                       ANY_SIZE, &entry->parsed.config.input, &any))
        return fail (reader, error,
                     "the input “%s” has no shape [null, height, width, channels] or [null, units]",
                     name);
      if (any && scope->caller == NULL)
        {
          g_autofree char *note = g_strdup_printf ("“%s” takes pictures of any size; drawn for %d×%d",
                                                   name, ANY_SIZE, ANY_SIZE);

          rn_model_builder_add_note (reader->builder, note);
        }
    }
  if (entry->parsed.reason == NULL && entry->nodes->len > 1 && has_weights (entry->parsed.kind))
    entry->parsed.reason = g_strdup_printf ("it is called %u times, which shares its weights; once is "
                                            "supported",
                                            entry->nodes->len);
  if (entry->parsed.kind == RN_LAYER_INPUT && entry->parsed.reason == NULL && scope->caller != NULL)
    return TRUE; /* what the outer model feeds in stands for it */

  for (guint i = 0; i < entry->nodes->len; i++)
    ((Node *) g_ptr_array_index (entry->nodes, i))->name = claim_name (reader, scope, name, i);

  return TRUE;
}

static Entry *
get_entry (const Scope *scope, guint i)
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

      if (first == NULL || !is_model (first))
        return first != NULL ? rn_keras_object (first, "config") : NULL;
      model = first;
    }

  return NULL;
}

/* Keras 2 leaves the InputLayer of a Sequential model out. */
static gboolean
add_sequential_input (Reader *reader, Scope *scope, JsonObject *model, GError **error)
{
  const char *first = get_entry (scope, 0)->name;
  Node *node = g_ptr_array_index (get_entry (scope, 0)->nodes, 0);
  g_autofree char *base = g_strconcat (first, "_input", NULL);
  g_autofree char *name = claim_name (reader, scope, base, 0);
  RnLayerConfig config = { 0 };
  gboolean any;

  if (!rn_keras_layer_parse_input (find_input_config (model), reader->channels_first, ANY_SIZE,
                                   &config.input, &any))
    return fail (reader, error, "the first layer “%s” does not say what it takes in "
                                "(batch_input_shape)", first);

  rn_model_builder_add (reader->builder, RN_LAYER_INPUT, name, &config, NULL);
  g_array_index (node->inputs, Ref, 0) = (Ref) { rn_model_builder_get_last (reader->builder), -1, 0 };

  return TRUE;
}

static gboolean
read_sequential (Reader *reader, Scope *scope, JsonObject *model, int nesting, GError **error)
{
  JsonArray *layers = get_layers (model);
  Ref previous = { NULL, 0, 0 };

  for (guint i = 0; i < json_array_get_length (layers); i++)
    {
      JsonObject *layer = get_element (layers, i);
      gboolean is_input
          = layer != NULL && g_strcmp0 (rn_keras_string (layer, "class_name"), "InputLayer") == 0;

      if (!read_layer (reader, scope, layer, is_input ? NULL : &previous, nesting, error))
        return FALSE;
      previous = (Ref) { get_entry (scope, i)->name, 0, 0 };
      if (i == 0 && is_input)
        g_array_append_val (scope->inputs, previous);
    }
  if (previous.layer == NULL)
    return fail (reader, error, "a Sequential model has no layers");
  g_array_append_val (scope->outputs, previous);
  if (scope->caller == NULL && scope->inputs->len == 0)
    return add_sequential_input (reader, scope, model, error);

  return TRUE;
}

static Scope *
read_scope (Reader *reader,
            JsonObject *model,
            Scope *parent,
            const Node *caller,
            const char *prefix,
            int nesting,
            GError **error)
{
  Scope *scope = scope_new (reader, parent, caller, prefix);
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
      fail (reader, error, "the model has no output_layers");
      return NULL;
    }

  return scope;
}

/* Which of the surrounding model's arguments stands for an inner model's input. */
static const Ref *
find_argument (const Scope *scope, const char *input)
{
  for (guint k = 0; k < scope->inputs->len; k++)
    if (g_strcmp0 (g_array_index (scope->inputs, Ref, k).layer, input) == 0
        && k < scope->caller->inputs->len)
      return &g_array_index (scope->caller->inputs, Ref, k);

  return NULL;
}

/* The call that a reference means. A model within the model is called a first time as it is made,
 * which Keras counts and does not store (Network.get_config, kept_nodes), so that its one call is 0 or
 * 1. */
static const Node *
find_call (const Entry *entry, int node)
{
  const Node *first = g_ptr_array_index (entry->nodes, 0);

  if (first->inner != NULL)
    return first;

  return node >= 0 && node < (int) entry->nodes->len ? g_ptr_array_index (entry->nodes, node) : NULL;
}

/* The name of the layer whose output a reference means, through models within the model. */
static const char *
resolve (Reader *reader, const Scope *scope, Ref ref, const char *consumer, GError **error)
{
  for (guint step = 0; step <= 2 * reader->scopes->len + 2; step++)
    {
      const Entry *entry;
      const Node *call;
      const Ref *next = NULL;

      if (ref.layer != NULL && ref.node == -1)
        return ref.layer; /* an input that was added */
      entry = ref.layer != NULL ? g_hash_table_lookup (scope->by_name, ref.layer) : NULL;
      if (ref.layer != NULL && entry == NULL)
        {
          fail (reader, error, "layer “%s” takes its input from “%s”, which does not exist", consumer,
                ref.layer);
          return NULL;
        }
      call = entry != NULL ? find_call (entry, ref.node) : NULL;
      if (call != NULL && call->name != NULL)
        return call->name;

      if (call != NULL && call->inner != NULL)
        {
          scope = call->inner;
          if (ref.tensor >= 0 && ref.tensor < (int) scope->outputs->len)
            next = &g_array_index (scope->outputs, Ref, ref.tensor);
        }
      else if (scope->caller != NULL && (entry == NULL || call != NULL))
        {
          next = entry != NULL ? find_argument (scope, entry->name)
                               : (scope->caller->inputs->len > 0
                                      ? &g_array_index (scope->caller->inputs, Ref, 0)
                                      : NULL);
          scope = scope->parent;
        }
      if (next == NULL)
        {
          fail (reader, error, "layer “%s” takes its input from call %d, tensor %d of “%s”, which does "
                               "not exist",
                consumer, ref.node, ref.tensor, ref.layer != NULL ? ref.layer : "its model");
          return NULL;
        }
      ref = *next;
    }
  fail (reader, error, "layer “%s” feeds itself in a circle; a network has none", consumer);

  return NULL;
}

static void
add_unsupported (Reader *reader, const Entry *entry, const char *name, const char *const *inputs)
{
  g_autofree char *note = NULL;

  rn_model_builder_add_unsupported (reader->builder, entry->keras_class, name, NULL, inputs);
  if (++reader->n_unsupported > MAX_NOTES)
    return;
  note = g_strdup_printf ("layer “%s” (%.80s) is drawn but not run: %s", name, entry->keras_class,
                          entry->parsed.reason);
  rn_model_builder_add_note (reader->builder, note);
}

/* Adds a layer; what keeps a pixel as three dimensions is two. */
static void
add_layer (Reader *reader, const Entry *entry, const char *name, const char *const *inputs)
{
  RnLayerConfig pixel = { .reshape = { 3, { 1, 1, -1 } } };
  g_autofree char *pooled = NULL;

  if (entry->parsed.reason != NULL)
    {
      add_unsupported (reader, entry, name, inputs);
      return;
    }
  if (!entry->parsed.then_pixel)
    {
      rn_model_builder_add (reader->builder, entry->parsed.kind, name, &entry->parsed.config, inputs);
      return;
    }

  pooled = g_strconcat (name, "/pool", NULL);
  rn_model_builder_add (reader->builder, entry->parsed.kind, pooled, &entry->parsed.config, inputs);
  rn_model_builder_chain (reader->builder, RN_LAYER_RESHAPE, name, &pixel, pooled);
}

static gboolean
connect_scope (Reader *reader, const Scope *scope, GError **error)
{
  for (guint i = 0; i < scope->entries->len; i++)
    {
      const Entry *entry = get_entry (scope, i);

      for (guint k = 0; k < entry->nodes->len; k++)
        {
          const Node *node = g_ptr_array_index (entry->nodes, k);
          g_autoptr (GPtrArray) inputs = g_ptr_array_new ();

          if (node->name == NULL)
            continue;
          for (guint j = 0; j < node->inputs->len; j++)
            {
              const char *input = resolve (reader, scope, g_array_index (node->inputs, Ref, j),
                                           node->name, error);

              if (input == NULL)
                return FALSE;
              g_ptr_array_add (inputs, (gpointer) input);
            }
          g_ptr_array_add (inputs, NULL);
          add_layer (reader, entry, node->name, (const char *const *) inputs->pdata);
        }
    }

  return TRUE;
}

/* What the configuration alone could not tell. */
static gboolean
check_layers (const Reader *reader, const RnModel *model, GError **error)
{
  for (guint s = 0; s < reader->scopes->len; s++)
    {
      const Scope *scope = g_ptr_array_index (reader->scopes, s);

      for (guint i = 0; i < scope->entries->len; i++)
        {
          const Entry *entry = get_entry (scope, i);
          const char *name = ((Node *) g_ptr_array_index (entry->nodes, 0))->name;
          const RnLayer *layer;
          RnShape shape;

          if (entry->parsed.check == RN_KERAS_CHECK_NONE || name == NULL)
            continue;
          layer = rn_model_find_layer (model, name, NULL);
          if (layer == NULL || layer->n_inputs == 0)
            continue;
          shape = rn_model_get_input_shape (model, layer->index, 0);
          if (shape.rank != 3)
            continue;
          if (entry->parsed.check == RN_KERAS_CHECK_VECTOR)
            return fail (reader, error, "layer “%s” (%s) works along another axis than the channels, "
                                        "which is not supported",
                         name, layer->keras_class);
          if (shape.dims[0] * shape.dims[1] > 1)
            return fail (reader, error, "layer “%s” (%s) takes its numbers channels first, which is "
                                        "not supported where there is more than one pixel",
                         name, layer->keras_class);
        }
    }

  return TRUE;
}

static RnModel *
read_model (Reader *reader, JsonObject *root, GError **error)
{
  g_autoptr (RnModel) model = NULL;
  const Scope *top;

  reader->channels_first = find_channels_first (root, 0);
  if (reader->channels_first)
    rn_model_builder_add_note (reader->builder,
                               "the file's layers are channels_first; they are drawn and run "
                               "channels_last, which computes the same");
  top = read_scope (reader, root, NULL, NULL, NULL, 0, error);
  if (top == NULL)
    return NULL;

  for (guint s = 0; s < reader->scopes->len; s++)
    if (!connect_scope (reader, g_ptr_array_index (reader->scopes, s), error))
      return NULL;
  for (guint i = 0; i < top->outputs->len; i++)
    {
      const char *output
          = resolve (reader, top, g_array_index (top->outputs, Ref, i), "(output)", error);

      if (output == NULL)
        return NULL;
      rn_model_builder_add_output (reader->builder, output);
    }

  model = rn_model_builder_build (reader->builder, error);
  if (model == NULL)
    {
      g_prefix_error (error, "%s: ", reader->label);
      return NULL;
    }

  return check_layers (reader, model, error) ? g_steal_pointer (&model) : NULL;
}

/**
 * rn_keras_json_read:
 * @text: a model's configuration as model.to_json() writes it
 * @length: in bytes
 * @label: what to call the file in messages
 *
 * Reads Functional models (Keras 2 calls them Model) and Sequential ones of Keras 2.2 to 3, models
 * within models included: their layers stand in the outer model, with the inner one's name before
 * their own where another layer has it. Layers that are not supported are in the model too; see
 * rn_model_check_runnable() and rn_model_get_notes().
 *
 * Returns: (transfer full) (nullable): the model
 */
RnModel *
rn_keras_json_read (const char *text, gsize length, const char *label, GError **error)
{
  g_autoptr (JsonNode) json = NULL;
  g_autofree char *name = NULL;
  Reader reader = { .label = label };
  JsonObject *root;
  RnModel *model;

  g_return_val_if_fail (text != NULL && label != NULL, NULL);

  json = rn_json_parse (text, length, error);
  if (json == NULL)
    {
      g_prefix_error (error, "%s: ", label);
      return NULL;
    }
  root = JSON_NODE_HOLDS_OBJECT (json) ? json_node_get_object (json) : NULL;
  if (root == NULL || !is_model (root))
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "%s: no Keras model: “class_name” and “config” with its “layers” are missing, as "
                   "model.to_json() writes them",
                   label);
      return NULL;
    }

  name = g_strdup (rn_keras_string (rn_keras_object (root, "config"), "name"));
  if (name == NULL)
    name = g_strdup ("model");
  g_strdelimit (name, "\n\r\t", ' ');
  reader.builder = rn_model_builder_new (name, name);
  reader.scopes = g_ptr_array_new_with_free_func (scope_free);
  reader.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  model = read_model (&reader, root, error);
  rn_model_builder_free (reader.builder);
  g_ptr_array_unref (reader.scopes);
  g_hash_table_unref (reader.names);

  return model;
}
