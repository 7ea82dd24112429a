/* JSON from strangers. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *rn_json_parse (const char  *text,
                         gsize        length,
                         GError     **error);

G_END_DECLS
