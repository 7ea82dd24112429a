#include "ui/lessons/expression.h"

#include <math.h>
#include <string.h>

#include "engine/formats/clean-text.h"

/* How deep parentheses and arguments may nest. */
#define MAX_DEPTH 24

G_DEFINE_QUARK (rn - expression - error - quark, rn_expression_error)

typedef struct
{
  const char *text;
  const char *at;
  RnQuantityFunc func;
  gpointer data;
  int depth;
} Parser;

static gboolean parse_either (Parser *self, RnValue *value, GError **error);

void
rn_value_clear (RnValue *self)
{
  g_clear_pointer (&self->text, g_free);
  self->number = 0;
}

static gboolean
fail (Parser *self, const char *wanted, GError **error)
{
  g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_SYNTAX,
               "“%s”: at character %ld: %s would be right", self->text,
               g_utf8_pointer_to_offset (self->text, self->at) + 1, wanted);
  return FALSE;
}

static void
skip_spaces (Parser *self)
{
  while (g_ascii_isspace (*self->at))
    self->at++;
}

static gboolean
take (Parser *self, const char *token)
{
  size_t length = strlen (token);

  skip_spaces (self);
  if (strncmp (self->at, token, length) != 0)
    return FALSE;
  if (g_ascii_isalpha (token[0]) && g_ascii_isalnum (self->at[length]))
    return FALSE;
  self->at += length;

  return TRUE;
}

static gboolean
check_number (Parser *self, const RnValue *value, GError **error)
{
  if (value->text == NULL)
    return TRUE;

  g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_SYNTAX, "“%s”: “%s” is no number",
               self->text, value->text);
  return FALSE;
}

static gboolean
parse_arguments (Parser *self, const char *name, RnValue *result, GError **error)
{
  RnValue arguments[RN_EXPRESSION_MAX_ARGUMENTS] = { 0 };
  int n = 0;
  gboolean closed = take (self, ")"), good = TRUE;

  while (good && !closed)
    {
      if (n == RN_EXPRESSION_MAX_ARGUMENTS)
        good = fail (self, "fewer arguments", error);
      else
        good = parse_either (self, &arguments[n++], error);
      closed = good && take (self, ")");
      if (good && !closed && !take (self, ","))
        good = fail (self, "“,” or “)”", error);
    }
  if (good && self->func == NULL)
    {
      g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNKNOWN,
                   "“%s”: numbers and + − × / alone would be right", name);
      good = FALSE;
    }
  good = good && self->func (name, arguments, n, result, self->data, error);
  for (int i = 0; i < n; i++)
    rn_value_clear (&arguments[i]);

  return good;
}

/* A name, or a quantity with its arguments. */
static gboolean
parse_word (Parser *self, RnValue *value, GError **error)
{
  const char *start = self->at;
  g_autofree char *word = NULL;

  while (g_ascii_isalnum (*self->at) || (*self->at != '\0' && strchr ("_.:/", *self->at) != NULL))
    self->at++;
  word = g_strndup (start, self->at - start);
  if (take (self, "("))
    return parse_arguments (self, word, value, error);
  value->text = g_steal_pointer (&word);

  return TRUE;
}

static gboolean
parse_quoted (Parser *self, RnValue *value, GError **error)
{
  const char *end = strchr (self->at + 1, '\'');

  if (end == NULL)
    return fail (self, "a closing “'”", error);
  value->text = g_strndup (self->at + 1, end - self->at - 1);
  self->at = end + 1;

  return TRUE;
}

static gboolean
parse_inner (Parser *self, RnValue *value, GError **error)
{
  skip_spaces (self);
  if (take (self, "-") || take (self, "−"))
    {
      if (!parse_inner (self, value, error) || !check_number (self, value, error))
        return FALSE;
      value->number = -value->number;
      return TRUE;
    }
  if (take (self, "("))
    {
      if (!parse_either (self, value, error))
        return FALSE;
      return take (self, ")") || fail (self, "“)”", error);
    }
  if (*self->at == '\'')
    return parse_quoted (self, value, error);
  if (g_ascii_isalpha (*self->at) || *self->at == '_')
    return parse_word (self, value, error);
  if (g_ascii_isdigit (*self->at) || *self->at == '.')
    {
      char *end;

      value->number = g_ascii_strtod (self->at, &end);
      if (end == self->at || !isfinite (value->number))
        return fail (self, "a number", error);
      self->at = end;
      return TRUE;
    }

  return fail (self, "a number", error);
}

static gboolean
parse_primary (Parser *self, RnValue *value, GError **error)
{
  gboolean good;

  if (self->depth >= MAX_DEPTH)
    return fail (self, "less nesting", error);
  self->depth++;
  good = parse_inner (self, value, error);
  self->depth--;

  return good;
}

static gboolean
parse_product (Parser *self, RnValue *value, GError **error)
{
  if (!parse_primary (self, value, error))
    return FALSE;

  for (;;)
    {
      g_auto (RnValue) right = { 0 };
      gboolean times = take (self, "*") || take (self, "×");

      if (!times && !take (self, "/") && !take (self, "÷"))
        return TRUE;
      if (!parse_primary (self, &right, error) || !check_number (self, value, error) ||
          !check_number (self, &right, error))
        return FALSE;
      value->number = times ? value->number * right.number : value->number / right.number;
    }
}

static gboolean
parse_sum (Parser *self, RnValue *value, GError **error)
{
  if (!parse_product (self, value, error))
    return FALSE;

  for (;;)
    {
      g_auto (RnValue) right = { 0 };
      gboolean plus = take (self, "+");

      if (!plus && !take (self, "-") && !take (self, "−"))
        return TRUE;
      if (!parse_product (self, &right, error) || !check_number (self, value, error) ||
          !check_number (self, &right, error))
        return FALSE;
      value->number += plus ? right.number : -right.number;
    }
}

static gboolean
compare (const char *op, const RnValue *a, const RnValue *b)
{
  int order = a->text != NULL && b->text != NULL
                  ? strcmp (a->text, b->text)
                  : (a->number > b->number) - (a->number < b->number);

  if (g_str_equal (op, "=="))
    return order == 0;
  if (g_str_equal (op, "!="))
    return order != 0;
  if (g_str_equal (op, "<="))
    return order <= 0;
  if (g_str_equal (op, ">="))
    return order >= 0;
  return g_str_equal (op, "<") ? order < 0 : order > 0;
}

static gboolean
parse_comparison (Parser *self, RnValue *value, GError **error)
{
  const char *ops[] = { "==", "!=", "<=", ">=", "<", ">" };

  if (!parse_sum (self, value, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    {
      g_auto (RnValue) right = { 0 };
      gboolean holds;

      if (!take (self, ops[i]))
        continue;
      if (!parse_sum (self, &right, error))
        return FALSE;
      if ((value->text == NULL) != (right.text == NULL))
        return fail (self, "two numbers or two names to compare", error);
      holds = compare (ops[i], value, &right);
      rn_value_clear (value);
      value->number = holds;
      return TRUE;
    }

  return TRUE;
}

static gboolean
parse_both (Parser *self, RnValue *value, GError **error)
{
  if (!parse_comparison (self, value, error))
    return FALSE;

  while (take (self, "and"))
    {
      g_auto (RnValue) right = { 0 };

      if (!parse_comparison (self, &right, error) || !check_number (self, value, error) ||
          !check_number (self, &right, error))
        return FALSE;
      value->number = value->number != 0 && right.number != 0;
    }

  return TRUE;
}

static gboolean
parse_either (Parser *self, RnValue *value, GError **error)
{
  if (!parse_both (self, value, error))
    return FALSE;

  while (take (self, "or"))
    {
      g_auto (RnValue) right = { 0 };

      if (!parse_both (self, &right, error) || !check_number (self, value, error) ||
          !check_number (self, &right, error))
        return FALSE;
      value->number = value->number != 0 || right.number != 0;
    }

  return TRUE;
}

/**
 * rn_expression_evaluate:
 * @text: numbers, + - * / ( ), comparisons, `and`, `or`, and quantities: `name (arguments)`
 * @func: (nullable): what quantities are; %NULL for sums of plain numbers
 * @result: (out): the value
 *
 * Returns: whether @text makes sense
 */
gboolean
rn_expression_evaluate (
    const char *text, RnQuantityFunc func, gpointer data, RnValue *result, GError **error)
{
  g_autofree char *line = NULL;
  Parser parser = { .func = func, .data = data };
  g_auto (RnValue) value = { 0 };

  g_return_val_if_fail (text != NULL && result != NULL, FALSE);

  if (strlen (text) > RN_EXPRESSION_MAX_LENGTH)
    {
      g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_SYNTAX,
                   "an expression of %" G_GSIZE_FORMAT " bytes: %d at most would be right",
                   strlen (text), RN_EXPRESSION_MAX_LENGTH);
      return FALSE;
    }
  /* Messages quote it, and are of one line. */
  line = rn_clean_text (text, strlen (text));
  parser.text = parser.at = line;
  if (!parse_either (&parser, &value, error))
    return FALSE;
  skip_spaces (&parser);
  if (*parser.at != '\0')
    return fail (&parser, "an operator or the end", error);
  if (value.text == NULL && !isfinite (value.number))
    {
      g_set_error (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_SYNTAX,
                   "“%s” has no finite value", line);
      return FALSE;
    }
  *result = value;
  value.text = NULL;

  return TRUE;
}
