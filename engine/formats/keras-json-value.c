/* Values of a configuration, each of the type that it must have. */
#include <math.h>

#include "engine/formats/keras-json-private.h"

JsonNode *
rn_keras_member (JsonObject *object, const char *key)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, key) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

const char *
rn_keras_node_string (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

const char *
rn_keras_string (JsonObject *object, const char *key)
{
  return rn_keras_node_string (rn_keras_member (object, key));
}

JsonObject *
rn_keras_object (JsonObject *object, const char *key)
{
  JsonNode *node = rn_keras_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
rn_keras_array (JsonObject *object, const char *key)
{
  JsonNode *node = rn_keras_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

void
rn_keras_refuse (RnKerasParse *parse, const char *format, ...)
{
  va_list args;

  if (parse->reason != NULL)
    return;

  va_start (args, format);
  parse->reason = g_strdup_vprintf (format, args);
  va_end (args);
}

int
rn_keras_node_int (RnKerasParse *parse, JsonNode *node, const char *key)
{
  double number = NAN;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) != G_TYPE_STRING)
    number = json_node_get_double (node);
  if (!(fabs (number) <= G_MAXINT) || number != floor (number))
    {
      rn_keras_refuse (parse, "its “%s” is no whole number", key);
      return 0;
    }

  return (int) number;
}

int
rn_keras_get_int (RnKerasParse *parse, const char *key, int otherwise)
{
  JsonNode *node = rn_keras_member (parse->config, key);

  return node != NULL ? rn_keras_node_int (parse, node, key) : otherwise;
}

double
rn_keras_get_double (RnKerasParse *parse, const char *key, double otherwise)
{
  JsonNode *node = rn_keras_member (parse->config, key);

  if (node == NULL)
    return otherwise;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) == G_TYPE_STRING)
    {
      rn_keras_refuse (parse, "its “%s” is no number", key);
      return otherwise;
    }

  return json_node_get_double (node);
}

gboolean
rn_keras_get_bool (RnKerasParse *parse, const char *key, gboolean otherwise)
{
  JsonNode *node = rn_keras_member (parse->config, key);

  if (node == NULL)
    return otherwise;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) == G_TYPE_STRING)
    {
      rn_keras_refuse (parse, "its “%s” is neither true nor false", key);
      return otherwise;
    }

  return json_node_get_value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node)
                                                           : json_node_get_int (node) != 0;
}

/* One number for both directions, or [vertical, horizontal]. */
void
rn_keras_get_pair (RnKerasParse *parse, const char *key, int otherwise, int pair[2])
{
  JsonNode *node = rn_keras_member (parse->config, key);
  JsonArray *array;

  pair[0] = pair[1] = otherwise;
  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      pair[0] = pair[1] = rn_keras_node_int (parse, node, key);
      return;
    }

  array = json_node_get_array (node);
  if (json_array_get_length (array) != 2)
    {
      rn_keras_refuse (parse, "its “%s” has %u numbers; two would be right", key,
                       json_array_get_length (array));
      return;
    }
  for (int i = 0; i < 2; i++)
    pair[i] = rn_keras_node_int (parse, json_array_get_element (array, i), key);
}
