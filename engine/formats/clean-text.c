#include "engine/formats/clean-text.h"

#include <string.h>

/**
 * rn_clean_text:
 * @text: bytes that end with zero or at @max_length
 *
 * Returns: (transfer full): the same as UTF-8, with a space for every control character
 */
char *
rn_clean_text (const char *text, gsize max_length)
{
  char *clean;

  g_return_val_if_fail (text != NULL, NULL);

  clean = g_utf8_make_valid (text, (gssize) strnlen (text, max_length));
  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';

  return clean;
}
