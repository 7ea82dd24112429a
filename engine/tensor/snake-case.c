#include "engine/tensor/snake-case.h"

/**
 * rn_snake_case:
 * @keras_class: a class of Keras', e.g. "BatchNormalization"
 *
 * Returns: (transfer full): its name as Keras 3 writes it in files, e.g. "batch_normalization"
 *   (keras/src/utils/naming.py, to_snake_case)
 */
char *
rn_snake_case (const char *keras_class)
{
  GString *text = g_string_new (NULL);
  const char *c = keras_class;

  g_return_val_if_fail (keras_class != NULL, NULL);

  for (gsize i = 0; c[i] != '\0'; i++)
    {
      gboolean upper = g_ascii_isupper (c[i]) && i > 0;
      gboolean word = upper && g_ascii_islower (c[i + 1]); /* "(.)([A-Z][a-z]+)" */
      gboolean hump = upper && g_ascii_islower (c[i - 1]); /* "([a-z])([A-Z])" */

      if (!g_ascii_isalnum (c[i]) && c[i] != '_')
        continue;
      if (word || hump)
        g_string_append_c (text, '_');
      g_string_append_c (text, g_ascii_tolower (c[i]));
    }

  return g_string_free (text, FALSE);
}
