#include "engine/formats/json-text.h"

#include <string.h>

#include "engine/formats/clean-text.h"

/* Far beyond any model's configuration; JSON-GLib descends by recursion. */
#define MAX_DEPTH 200

/* A node of JSON-GLib's takes many times the two bytes that it may have in the text. */
#define MAX_NODES 500000

/* Counts brackets and values outside of strings. */
static gboolean
is_bounded (const char *text, gsize length)
{
  gsize n_nodes = 0;
  int depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    if (in_string)
      {
        if (text[i] == '\\')
          i++;
        else if (text[i] == '"')
          in_string = FALSE;
      }
    else if (text[i] == '"')
      in_string = TRUE;
    else if (text[i] == '[' || text[i] == '{')
      {
        n_nodes++;
        if (++depth > MAX_DEPTH)
          return FALSE;
      }
    else if (text[i] == ']' || text[i] == '}')
      depth--;
    else if (text[i] == ',' && ++n_nodes > MAX_NODES)
      return FALSE;

  return n_nodes <= MAX_NODES;
}

/**
 * rn_json_parse:
 * @text: JSON
 * @length: in bytes
 * @error: set where it is no JSON, is nested too deeply or has too many values
 *
 * Returns: (transfer full) (nullable): what it says
 */
JsonNode *
rn_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!is_bounded (text, length))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE,
                   "its JSON is nested deeper than %d or has more than %d values", MAX_DEPTH,
                   MAX_NODES);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length, &local))
    {
      /* It quotes the text, cut off anywhere. */
      g_autofree char *message = rn_clean_text (local->message, strlen (local->message));

      g_set_error_literal (error, local->domain, local->code, message);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL)
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, "its JSON is empty");
      return NULL;
    }

  return json_parser_steal_root (parser);
}
