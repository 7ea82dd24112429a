#include "engine/model/shape.h"

gint64
rn_shape_get_n_elements (const RnShape *shape)
{
  gint64 n = 1;

  for (int i = 0; i < shape->rank; i++)
    n *= shape->dims[i];

  return n;
}

gboolean
rn_shape_equal (const RnShape *a, const RnShape *b)
{
  if (a->rank != b->rank)
    return FALSE;

  for (int i = 0; i < a->rank; i++)
    if (a->dims[i] != b->dims[i])
      return FALSE;

  return TRUE;
}

static char *
join_dims (const RnShape *shape, const char *separator)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < shape->rank; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? separator : "", shape->dims[i]);

  return g_string_free (text, FALSE);
}

/**
 * rn_shape_to_string:
 *
 * Returns: (transfer full): the shape as people write it, e.g. "56×56×256"
 */
char *
rn_shape_to_string (const RnShape *shape)
{
  return shape->rank > 0 ? join_dims (shape, "×") : g_strdup ("?");
}

/**
 * rn_shape_to_keras:
 *
 * Returns: (transfer full): the shape as Keras prints it, e.g. "(None, 56, 56, 256)"; "?" where it is not known
 */
char *
rn_shape_to_keras (const RnShape *shape)
{
  g_autofree char *dims = join_dims (shape, ", ");

  if (shape->rank == 0)
    return g_strdup ("?");

  return g_strdup_printf ("(None, %s)", dims);
}
