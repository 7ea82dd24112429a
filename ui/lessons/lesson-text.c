#include "ui/lessons/lesson-text.h"

#include <math.h>
#include <string.h>

#include "engine/formats/clean-text.h"
#include "engine/model/number.h"

/* What stands for a figure that no network has learnt far enough to give. */
#define UNLEARNT "…"

/* How a number is written: as `format` says, else whole numbers in groups of three, others to four
 * digits. */
static char *
format_number (double x, const char *format)
{
  gboolean percent = format != NULL && *format == '%';
  const char *digits = percent ? format + 1 : format;

  if (percent)
    return g_strdup_printf ("%.*f %%", *digits != '\0' ? *digits - '0' : 0, 100 * x);
  if (format != NULL)
    return g_strdup_printf ("%.*f", *digits - '0', x);
  if (x == floor (x) && fabs (x) < 1e15)
    return rn_number_to_string (x);

  return g_strdup_printf ("%.4g", x);
}

static gboolean
is_format (const char *format)
{
  if (*format == '%' && format[1] == '\0')
    return TRUE;
  if (*format == '%')
    format++;

  return g_ascii_isdigit (format[0]) && format[1] == '\0';
}

static gboolean
put_in (GString *rendered, const char *inner, const RnQuantities *quantities, GError **error)
{
  const char *bar = strrchr (inner, '|');
  g_autofree char *expression = bar != NULL ? g_strndup (inner, bar - inner) : g_strdup (inner);
  g_autofree char *line = rn_clean_text (inner, strlen (inner));
  g_auto (RnValue) value = { 0 };
  g_autoptr (GError) trouble = NULL;
  g_autofree char *number = NULL;

  if (bar != NULL && !is_format (bar + 1))
    {
      g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_SYNTAX,
                   "“{%s}”: behind “|” the number of decimals, or %%, would be right", line);
      return FALSE;
    }
  if (!rn_quantities_compute (quantities, expression, &value, &trouble))
    {
      if (!g_error_matches (trouble, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNLEARNT))
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return FALSE;
        }
      g_string_append (rendered, UNLEARNT);
      return TRUE;
    }
  if (value.text == NULL)
    number = format_number (value.number, bar != NULL ? bar + 1 : NULL);
  g_string_append (rendered, value.text != NULL ? value.text : number);

  return TRUE;
}

/**
 * rn_lesson_text_render:
 * @text: with `{EXPRESSION}` or `{EXPRESSION|FORMAT}` in it; `{{` stands for a brace
 *
 * Returns: (transfer full) (nullable): the text with values, or %NULL where one cannot be had
 */
char *
rn_lesson_text_render (const char *text, const RnQuantities *quantities, GError **error)
{
  g_autoptr (GString) rendered = g_string_new (NULL);

  g_return_val_if_fail (text != NULL && quantities != NULL, NULL);

  while (*text != '\0')
    {
      const char *end = *text == '{' && text[1] != '{' ? strchr (text, '}') : NULL;

      if (end != NULL)
        {
          g_autofree char *inner = g_strndup (text + 1, end - text - 1);

          if (!put_in (rendered, inner, quantities, error))
            return NULL;
          text = end + 1;
          continue;
        }
      if (*text == '{' && text[1] == '{')
        text++;
      g_string_append_c (rendered, *text++);
    }

  return g_string_free (g_steal_pointer (&rendered), FALSE);
}

/**
 * rn_lesson_text_to_markup:
 * @text: rendered; *stars* for emphasis, `backticks` for code, also within stars
 *
 * Returns: (transfer full): Pango markup, whatever @text holds
 */
char *
rn_lesson_text_to_markup (const char *text)
{
  GString *markup = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *end = *text == '*' || *text == '`' ? strchr (text + 1, *text) : NULL;
      const char *tag = *text == '*' ? "b" : "tt";
      g_autofree char *inner = NULL, *escaped = NULL;

      if (end == NULL || end == text + 1)
        {
          escaped = g_markup_escape_text (text, g_utf8_next_char (text) - text);
          g_string_append (markup, escaped);
          text = g_utf8_next_char (text);
          continue;
        }
      inner = g_strndup (text + 1, end - text - 1);
      /* Questions stand between stars, and name layers in backticks. */
      escaped = *text == '*' ? rn_lesson_text_to_markup (inner) : g_markup_escape_text (inner, -1);
      g_string_append_printf (markup, "<%s>%s</%s>", tag, escaped, tag);
      text = end + 1;
    }

  return g_string_free (markup, FALSE);
}

static gboolean
is_wide (gunichar c)
{
  return c >= 0x2e80;
}

/* Line breaks and indentation are the file's, not the text's: a blank line alone divides
 * paragraphs. Between characters of a script without spaces a line break is nothing. */
char *
rn_lesson_text_tidy (const char *text)
{
  GString *tidied = g_string_new (NULL);
  gunichar last = 0;
  int n_breaks = 0;
  gboolean space = FALSE;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (g_ascii_isspace (*c))
        {
          space = TRUE;
          n_breaks += *c == '\n';
          continue;
        }
      if (last != 0 && n_breaks > 1)
        g_string_append (tidied, "\n\n");
      else if (last != 0 && space && !(n_breaks == 1 && (is_wide (last) || is_wide (character))))
        g_string_append_c (tidied, ' ');
      g_string_append_unichar (tidied, character);
      last = character;
      n_breaks = 0;
      space = FALSE;
    }

  return g_string_free (tidied, FALSE);
}
