#include "engine/model/number.h"

/**
 * rn_number_to_string:
 *
 * Returns: (transfer full): @n with thousands commas whatever the locale, e.g. "25,636,712"
 */
char *
rn_number_to_string (gint64 n)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%" G_GINT64_FORMAT, n);
  for (gssize at = (gssize)text->len - 3; at > (n < 0 ? 1 : 0); at -= 3)
    g_string_insert_c (text, at, ',');

  return g_string_free (text, FALSE);
}
