#include "engine/formats/keras-json.h"

#include <string.h>

#include "engine/formats/json-text.h"
#include "engine/formats/keras-json-private.h"

#define MAX_NOTES 20

static RnKerasEntry *
get_entry (const RnKerasScope *scope, guint i)
{
  return g_ptr_array_index (scope->entries, i);
}

/* Which of the surrounding model's arguments stands for an inner model's input. */
static const RnKerasRef *
find_argument (const RnKerasScope *scope, const char *input)
{
  for (guint k = 0; k < scope->inputs->len; k++)
    if (g_strcmp0 (g_array_index (scope->inputs, RnKerasRef, k).layer, input) == 0 &&
        k < scope->caller->inputs->len)
      return &g_array_index (scope->caller->inputs, RnKerasRef, k);

  return NULL;
}

/* The call that a reference means. A model within the model is called a first time as it is made,
 * which Keras counts and does not store (Network.get_config, kept_nodes), so that its one call is 0
 * or 1. */
static const RnKerasNode *
find_call (const RnKerasEntry *entry, int node)
{
  const RnKerasNode *first = g_ptr_array_index (entry->nodes, 0);

  if (first->inner != NULL)
    return first;

  return node >= 0 && node < (int)entry->nodes->len ? g_ptr_array_index (entry->nodes, node) : NULL;
}

/* The name of the layer whose output a reference means, through models within the model. */
static const char *
resolve (RnKerasReader *reader,
         const RnKerasScope *scope,
         RnKerasRef ref,
         const char *consumer,
         GError **error)
{
  for (guint step = 0; step <= 2 * reader->scopes->len + 2; step++)
    {
      const RnKerasEntry *entry;
      const RnKerasNode *call;
      const RnKerasRef *next = NULL;

      if (ref.layer != NULL && ref.node == -1)
        return ref.layer; /* an input that was added */
      entry = ref.layer != NULL ? g_hash_table_lookup (scope->by_name, ref.layer) : NULL;
      if (ref.layer != NULL && entry == NULL)
        {
          rn_keras_fail (reader, error,
                         "layer “%s” takes its input from “%s”, which does not exist", consumer,
                         ref.layer);
          return NULL;
        }
      call = entry != NULL ? find_call (entry, ref.node) : NULL;
      if (call != NULL && call->name != NULL)
        return call->name;

      if (call != NULL && call->inner != NULL)
        {
          scope = call->inner;
          if (ref.tensor >= 0 && ref.tensor < (int)scope->outputs->len)
            next = &g_array_index (scope->outputs, RnKerasRef, ref.tensor);
        }
      else if (scope->caller != NULL && (entry == NULL || call != NULL))
        {
          next = entry != NULL ? find_argument (scope, entry->name)
                               : (scope->caller->inputs->len > 0
                                      ? &g_array_index (scope->caller->inputs, RnKerasRef, 0)
                                      : NULL);
          scope = scope->parent;
        }
      if (next == NULL)
        {
          rn_keras_fail (reader, error,
                         "layer “%s” takes its input from call %d, tensor %d of “%s”, which does "
                         "not exist",
                         consumer, ref.node, ref.tensor,
                         ref.layer != NULL ? ref.layer : "its model");
          return NULL;
        }
      ref = *next;
    }
  rn_keras_fail (reader, error, "layer “%s” feeds itself in a circle; a network has none",
                 consumer);

  return NULL;
}

static void
add_unsupported (RnKerasReader *reader,
                 const RnKerasEntry *entry,
                 const char *name,
                 const char *const *inputs)
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
add_layer (RnKerasReader *reader,
           const RnKerasEntry *entry,
           const char *name,
           const char *const *inputs)
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
      rn_model_builder_add (reader->builder, entry->parsed.kind, name, &entry->parsed.config,
                            inputs);
      return;
    }

  pooled = g_strconcat (name, "/pool", NULL);
  rn_model_builder_add (reader->builder, entry->parsed.kind, pooled, &entry->parsed.config, inputs);
  rn_model_builder_chain (reader->builder, RN_LAYER_RESHAPE, name, &pixel, pooled);
}

static gboolean
connect_scope (RnKerasReader *reader, const RnKerasScope *scope, GError **error)
{
  for (guint i = 0; i < scope->entries->len; i++)
    {
      const RnKerasEntry *entry = get_entry (scope, i);

      for (guint k = 0; k < entry->nodes->len; k++)
        {
          const RnKerasNode *node = g_ptr_array_index (entry->nodes, k);
          g_autoptr (GPtrArray) inputs = g_ptr_array_new ();

          if (node->name == NULL)
            continue;
          for (guint j = 0; j < node->inputs->len; j++)
            {
              const char *input = resolve (
                  reader, scope, g_array_index (node->inputs, RnKerasRef, j), node->name, error);

              if (input == NULL)
                return FALSE;
              g_ptr_array_add (inputs, (gpointer)input);
            }
          g_ptr_array_add (inputs, NULL);
          add_layer (reader, entry, node->name, (const char *const *)inputs->pdata);
        }
    }

  return TRUE;
}

/* What the configuration alone could not tell. */
static gboolean
check_layers (const RnKerasReader *reader, const RnModel *model, GError **error)
{
  for (guint s = 0; s < reader->scopes->len; s++)
    {
      const RnKerasScope *scope = g_ptr_array_index (reader->scopes, s);

      for (guint i = 0; i < scope->entries->len; i++)
        {
          const RnKerasEntry *entry = get_entry (scope, i);
          const char *name = ((RnKerasNode *)g_ptr_array_index (entry->nodes, 0))->name;
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
            return rn_keras_fail (reader, error,
                                  "layer “%s” (%s) works along another axis than the channels, "
                                  "which is not supported",
                                  name, layer->keras_class);
          if (shape.dims[0] * shape.dims[1] > 1)
            return rn_keras_fail (reader, error,
                                  "layer “%s” (%s) takes its numbers channels first, which is "
                                  "not supported where there is more than one pixel",
                                  name, layer->keras_class);
        }
    }

  return TRUE;
}

static RnModel *
read_model (RnKerasReader *reader, JsonObject *root, GError **error)
{
  g_autoptr (RnModel) model = NULL;
  const RnKerasScope *top;

  reader->channels_first = rn_keras_is_channels_first (root, 0);
  if (reader->channels_first)
    rn_model_builder_add_note (reader->builder,
                               "the file's layers are channels_first; they are drawn and run "
                               "channels_last, which computes the same");
  top = rn_keras_read_scope (reader, root, NULL, NULL, NULL, 0, error);
  if (top == NULL)
    return NULL;

  for (guint s = 0; s < reader->scopes->len; s++)
    if (!connect_scope (reader, g_ptr_array_index (reader->scopes, s), error))
      return NULL;
  for (guint i = 0; i < top->outputs->len; i++)
    {
      const char *output =
          resolve (reader, top, g_array_index (top->outputs, RnKerasRef, i), "(output)", error);

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
  RnKerasReader reader = { .label = label };
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
  if (root == NULL || !rn_keras_is_model (root))
    {
      g_set_error (
          error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
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
  reader.scopes = g_ptr_array_new_with_free_func (rn_keras_scope_free);
  reader.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  model = read_model (&reader, root, error);
  rn_model_builder_free (reader.builder);
  g_ptr_array_unref (reader.scopes);
  g_hash_table_unref (reader.names);

  return model;
}
