/* Answers as people type them. */
#include <string.h>

#include "ui/lessons/answer-private.h"
#include "ui/lessons/expression.h"

/* Longer answers are none. */
#define MAX_ANSWER 200

void
rn_answer_clear (RnAnswer *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->edits, g_strfreev);
}

void
rn_answer_copy (const RnAnswer *from, RnAnswer *to)
{
  *to = *from;
  to->text = g_strdup (from->text);
  to->edits = g_strdupv (from->edits);
}

void
rn_verdict_clear (RnVerdict *self)
{
  g_clear_pointer (&self->reason, g_free);
}

/* Characters that a keyboard for Chinese gives, as the others, and no commas between digits. */
static char *
normalize_number (const char *text)
{
  g_autofree char *plain = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
  GString *number = g_string_new (NULL);

  for (const char *c = plain; c != NULL && *c != '\0'; c++)
    {
      gboolean groups = (*c == ',' || *c == ' ') && c > plain && g_ascii_isdigit (c[-1]) &&
                        g_ascii_isdigit (c[1]);

      if (!groups)
        g_string_append_c (number, *c);
    }

  return g_string_free (number, FALSE);
}

gboolean
rn_answer_read_number (const char *text, double *number)
{
  g_autofree char *plain = NULL;
  g_auto (RnValue) value = { 0 };

  if (text == NULL || strlen (text) > MAX_ANSWER)
    return FALSE;
  plain = normalize_number (text);
  g_strstrip (plain);
  if (g_str_has_suffix (plain, "%"))
    plain[strlen (plain) - 1] = '\0';
  if (!rn_expression_evaluate (plain, NULL, NULL, &value, NULL) || value.text != NULL)
    return FALSE;
  *number = value.number;

  return TRUE;
}

/* Numbers in any writing of a shape: (None, 56, 56, 256), 56x56x256, … */
gboolean
rn_answer_read_shape (const char *text, RnShape *shape)
{
  g_autofree char *plain = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_NFKC);

  shape->rank = 0;
  for (const char *c = plain != NULL ? plain : ""; *c != '\0'; c++)
    {
      char *end;
      guint64 size;

      if (!g_ascii_isdigit (*c))
        continue;
      size = g_ascii_strtoull (c, &end, 10);
      if (shape->rank == RN_SHAPE_MAX_RANK || size > RN_MAX_DIMENSION)
        return FALSE;
      shape->dims[shape->rank++] = (int) size;
      c = end - 1;
    }

  return shape->rank == 1 || shape->rank == 3;
}
