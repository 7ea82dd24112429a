#include "engine/formats/keras-config.h"

#include "engine/tensor/snake-case.h"

#define MAX_NESTING 16

static const char *
get_string (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

static JsonObject *
get_object (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* The layers of a model: config.layers of Functional and Sequential, config itself of the
 * Sequential of early Keras 2; NULL of what is no model. */
static JsonArray *
get_layers (JsonObject *model)
{
  JsonNode *config = json_object_get_member (model, "config");
  JsonNode *layers;

  if (config == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (config))
    return json_node_get_array (config);
  if (!JSON_NODE_HOLDS_OBJECT (config))
    return NULL;
  layers = json_object_get_member (json_node_get_object (config), "layers");

  return layers != NULL && JSON_NODE_HOLDS_ARRAY (layers) ? json_node_get_array (layers) : NULL;
}

/* Adds the layers of one model: the n-th of a class is in the group CLASS_n, the first in CLASS
 * (keras/src/saving/saving_lib.py, _save_container_state). */
static void
add_groups (GHashTable *groups, JsonObject *model, const char *parent, int nesting)
{
  JsonArray *layers = get_layers (model);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; layers != NULL && i < json_array_get_length (layers); i++)
    {
      JsonNode *node = json_array_get_element (layers, i);
      JsonObject *layer = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *keras_class = layer != NULL ? get_string (layer, "class_name") : NULL;
      JsonObject *config = layer != NULL ? get_object (layer, "config") : NULL;
      const char *name = config != NULL ? get_string (config, "name") : NULL;
      g_autofree char *snake = NULL;
      g_autofree char *group = NULL;
      int n;

      if (keras_class == NULL)
        continue;
      snake = rn_snake_case (keras_class);
      n = GPOINTER_TO_INT (g_hash_table_lookup (counts, snake));
      g_hash_table_replace (counts, g_strdup (snake), GINT_TO_POINTER (n + 1));
      group = n > 0 ? g_strdup_printf ("%s/layers/%s_%d", parent, snake, n)
                    : g_strdup_printf ("%s/layers/%s", parent, snake);
      if (nesting < MAX_NESTING && get_layers (layer) != NULL)
        add_groups (groups, layer, group, nesting + 1);
      if (name != NULL)
        g_hash_table_replace (groups, g_steal_pointer (&group), g_strdup (name));
    }
}

/**
 * rn_keras_config_get_groups:
 * @config: a model's configuration (`model_config`, config.json)
 *
 * Returns: (transfer full): a table from the groups in which Keras 3 stores layers
 *   ("/layers/conv2d_1") to the layers' names
 */
GHashTable *
rn_keras_config_get_groups (JsonNode *config)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_val_if_fail (config != NULL, groups);

  if (JSON_NODE_HOLDS_OBJECT (config))
    add_groups (groups, json_node_get_object (config), "", 0);

  return groups;
}

/* Enters the epsilons of all batch norms into @epsilon: 0 before the first, -1 once two differ. */
static void
collect_epsilons (JsonObject *model, int nesting, double *epsilon)
{
  JsonArray *layers = get_layers (model);

  for (guint i = 0; layers != NULL && i < json_array_get_length (layers); i++)
    {
      JsonNode *node = json_array_get_element (layers, i);
      JsonObject *layer = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *config = layer != NULL ? get_object (layer, "config") : NULL;
      JsonNode *own = NULL;

      if (config != NULL && g_strcmp0 (get_string (layer, "class_name"), "BatchNormalization") == 0)
        own = json_object_get_member (config, "epsilon");
      if (own != NULL && JSON_NODE_HOLDS_VALUE (own))
        *epsilon = *epsilon == 0 || *epsilon == json_node_get_double (own)
                       ? json_node_get_double (own)
                       : -1;
      else if (layer != NULL && nesting < MAX_NESTING)
        collect_epsilons (layer, nesting + 1, epsilon);
    }
}

/**
 * rn_keras_config_get_epsilon:
 *
 * Returns: epsilon of the model's batch norms; 0 where it has none or they differ
 */
float
rn_keras_config_get_epsilon (JsonNode *config)
{
  double epsilon = 0;

  g_return_val_if_fail (config != NULL, 0);

  if (JSON_NODE_HOLDS_OBJECT (config))
    collect_epsilons (json_node_get_object (config), 0, &epsilon);

  return epsilon > 0 && epsilon < 1 ? (float) epsilon : 0;
}
