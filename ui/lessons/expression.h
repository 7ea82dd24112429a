/* Sums that a lesson's author writes, and those that a student answers with. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RN_EXPRESSION_ERROR (rn_expression_error_quark ())
GQuark rn_expression_error_quark (void);

typedef enum
{
  RN_EXPRESSION_ERROR_SYNTAX,  /* not an expression */
  RN_EXPRESSION_ERROR_UNKNOWN, /* a quantity or a name that does not exist */
  RN_EXPRESSION_ERROR_UNLEARNT, /* what a network has not learnt far enough to tell */
} RnExpressionError;

#define RN_EXPRESSION_MAX_LENGTH 1000
#define RN_EXPRESSION_MAX_ARGUMENTS 6

/**
 * RnValue:
 * @text: (nullable): a name or a text; %NULL for a number
 * @number: the number; comparisons give 1 or 0
 */
typedef struct
{
  char *text;
  double number;
} RnValue;

/**
 * RnQuantityFunc:
 * @name: what is asked for
 * @arguments: numbers and names
 * @result: zeroed, to be filled
 *
 * Returns: whether it is known, else an error
 */
typedef gboolean (*RnQuantityFunc) (const char *name,
                                    const RnValue *arguments,
                                    int n_arguments,
                                    RnValue *result,
                                    gpointer data,
                                    GError **error);

void rn_value_clear (RnValue *self);
gboolean rn_expression_evaluate (
    const char *text, RnQuantityFunc func, gpointer data, RnValue *result, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnValue, rn_value_clear)

G_END_DECLS
