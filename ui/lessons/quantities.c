#include "ui/lessons/quantities.h"

#include <math.h>

#include "engine/model/catalog.h"
#include "engine/tensor/ranking.h"
#include "ui/lessons/quantities-private.h"

gboolean
rn_quantity_fail (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, RN_EXPRESSION_ERROR, RN_EXPRESSION_ERROR_UNKNOWN, message);

  return FALSE;
}

static void
place_clear (RnPlace *self)
{
  g_clear_pointer (&self->binding, rn_binding_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnPlace, place_clear)

/* "conv1", "resnet18:conv1_conv", "resnet18:" for a whole model, "it", or NULL for the own model.
 */
static gboolean
find_place (const RnQuantities *self, const char *name, RnPlace *place, GError **error)
{
  const char *colon = name != NULL ? strchr (name, ':') : NULL;
  g_autofree char *prefix = colon != NULL ? g_strndup (name, colon - name) : NULL;
  const RnCatalogEntry *entry = rn_catalog_find (prefix != NULL ? prefix : self->model, error);

  if (entry == NULL)
    return FALSE;
  place->lab = self->lab;
  place->id = entry->id;
  place->binding = rn_lab_get_binding (self->lab, place->id, error);
  if (place->binding == NULL)
    return FALSE;
  place->model = rn_binding_get_model (place->binding);
  if (colon != NULL)
    name = colon + 1;
  if (name == NULL || *name == '\0')
    return TRUE;

  if (g_str_equal (name, "it") && colon == NULL)
    {
      if (self->it < 0)
        return rn_quantity_fail (error, "“it” means nothing here: name a layer");
      place->layer = rn_model_get_layer (place->model, self->it);
      return TRUE;
    }
  place->layer = rn_model_find_layer (place->model, name, error);

  return place->layer != NULL;
}

static const RnQuantityKind *
find_kind (const char *name)
{
  const RnQuantityKind *tables[] = { rn_graph_quantities, rn_run_quantities };

  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const RnQuantityKind *kind = tables[t]; kind->name != NULL; kind++)
      if (g_str_equal (kind->name, name))
        return kind;

  return NULL;
}

static gboolean
compute_at_place (const RnQuantities *self,
                  const RnQuantityKind *kind,
                  const RnValue *arguments,
                  int n_arguments,
                  RnValue *result,
                  GError **error)
{
  g_auto (RnPlace) place = { 0 };
  gboolean named = n_arguments > 0 && arguments[0].text != NULL;
  double numbers[RN_EXPRESSION_MAX_ARGUMENTS];
  int n = 0;

  for (int i = named; i < n_arguments; i++)
    {
      if (arguments[i].text != NULL)
        return rn_quantity_fail (error, "%s: “%s” where a number would be right", kind->name,
                                 arguments[i].text);
      numbers[n++] = arguments[i].number;
    }
  if (n < kind->min_numbers || n > kind->max_numbers)
    return rn_quantity_fail (error, "%s: %d numbers, where %d to %d would be right", kind->name, n,
                             kind->min_numbers, kind->max_numbers);
  if (!find_place (self, named ? arguments[0].text : NULL, &place, error))
    return FALSE;
  if (place.layer == NULL && !kind->whole_model)
    return rn_quantity_fail (error, "%s: a layer's name would be right", kind->name);

  return kind->compute (&place, numbers, n, result, error);
}

static gboolean
count_layers (const RnQuantities *self, const char *keras_class, RnValue *result, GError **error)
{
  g_auto (RnPlace) place = { 0 };

  if (!find_place (self, NULL, &place, error))
    return FALSE;
  for (int i = 0; i < rn_model_get_n_layers (place.model); i++)
    {
      const char *class = rn_layer_kind_get_keras_class (rn_model_get_layer (place.model, i)->kind);

      result->number += keras_class == NULL || g_str_equal (keras_class, class);
    }
  if (result->number == 0)
    return rn_quantity_fail (error, "%s has no layer of class “%s”", self->model, keras_class);

  return TRUE;
}

static int
find_top_class (RnTensor *prediction)
{
  int top = 0;

  rn_tensor_rank_largest (prediction, 1, &top);

  return top;
}

static char *
get_label (RnBinding *binding, int class)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));

  if (class < info->n_classes && info->labels != NULL)
    return g_strdup (info->labels[class]);

  return g_strdup_printf ("%d", class);
}

/* What an edit does: `probability_after` of the class that came first before it, and
 * `label_after` of the class that comes first now. */
static gboolean
compute_after (
    const RnQuantities *self, const char *edits, gboolean label, RnValue *result, GError **error)
{
  g_autoptr (RnTensor) before = rn_lab_get_prediction (self->lab, self->model, "", error);
  g_autoptr (RnTensor) after = NULL;
  g_autoptr (RnBinding) binding = NULL;

  if (before == NULL)
    return FALSE;
  after = rn_lab_get_prediction (self->lab, self->model, edits, error);
  binding = rn_lab_get_binding (self->lab, self->model, error);
  if (after == NULL || binding == NULL)
    return FALSE;
  if (label)
    result->text = get_label (binding, find_top_class (after));
  else
    result->number = rn_tensor_f32 (after)[find_top_class (before)];

  return TRUE;
}

static gboolean
compute_ranked (const RnQuantities *self, int rank, gboolean label, RnValue *result, GError **error)
{
  g_autoptr (RnTensor) prediction = rn_lab_get_prediction (self->lab, self->model, "", error);
  g_autoptr (RnBinding) binding = NULL;
  g_autofree int *order = NULL;
  int n;

  if (prediction == NULL)
    return FALSE;
  binding = rn_lab_get_binding (self->lab, self->model, error);
  n = (int) rn_tensor_get_n_elements (prediction);
  if (binding == NULL || rank < 1 || rank > n)
    return rn_quantity_fail (error, "rank %d: 1 to %d would be right", rank, n);
  order = g_new (int, n);
  rn_tensor_rank_largest (prediction, rank, order);
  if (label)
    result->text = get_label (binding, order[rank - 1]);
  else
    result->number = rn_tensor_f32 (prediction)[order[rank - 1]];

  return TRUE;
}

static gboolean
compute_plain (const char *name, const double *x, int n, RnValue *result)
{
  if (n == 1 && g_str_equal (name, "abs"))
    result->number = fabs (x[0]);
  else if (n == 1 && g_str_equal (name, "sqrt"))
    result->number = sqrt (x[0]);
  else if (n == 1 && g_str_equal (name, "round"))
    result->number = round (x[0]);
  else if (n == 2 && g_str_equal (name, "max"))
    result->number = MAX (x[0], x[1]);
  else if (n == 2 && g_str_equal (name, "min"))
    result->number = MIN (x[0], x[1]);
  else
    return FALSE;

  return TRUE;
}

static gboolean
compute_quantity (const char *name,
                  const RnValue *arguments,
                  int n_arguments,
                  RnValue *result,
                  gpointer data,
                  GError **error)
{
  const RnQuantities *self = data;
  const RnQuantityKind *kind = find_kind (name);
  const char *word = n_arguments == 1 ? arguments[0].text : NULL;
  double numbers[RN_EXPRESSION_MAX_ARGUMENTS];
  gboolean label = g_str_has_prefix (name, "label");

  if (rn_learn_quantity_is_one (name))
    return rn_learn_quantity_compute (self, name, arguments, n_arguments, result, error);
  if (kind != NULL)
    return compute_at_place (self, kind, arguments, n_arguments, result, error);
  if (g_str_equal (name, "count") && n_arguments == (word != NULL))
    return count_layers (self, word, result, error);
  if ((g_str_equal (name, "probability_after") || g_str_equal (name, "label_after")) &&
      word != NULL)
    return compute_after (self, word, label, result, error);
  if ((g_str_equal (name, "probability") || g_str_equal (name, "label")) && word == NULL &&
      n_arguments <= 1)
    return compute_ranked (self, n_arguments == 1 ? (int) arguments[0].number : 1, label, result,
                           error);

  if (n_arguments == 0 && self->chosen_stride > 0 && g_str_equal (name, "chosen_stride"))
    {
      result->number = self->chosen_stride;
      return TRUE;
    }
  if (n_arguments == 0 && self->chosen_stride > 0 && g_str_equal (name, "chosen_filters"))
    {
      result->number = self->chosen_filters;
      return TRUE;
    }

  for (int i = 0; i < n_arguments; i++)
    numbers[i] = arguments[i].text == NULL ? arguments[i].number : NAN;
  if (compute_plain (name, numbers, n_arguments, result))
    return TRUE;

  return rn_quantity_fail (error, "there is no quantity “%s” of %d arguments like these", name,
                           n_arguments);
}

/**
 * rn_quantities_compute:
 * @expression: as rn_expression_evaluate() takes
 * @value: (out): what it comes to
 *
 * May load a network and run it.
 *
 * Returns: whether every name resolves and every quantity can be had
 */
gboolean
rn_quantities_compute (const RnQuantities *self,
                       const char *expression,
                       RnValue *value,
                       GError **error)
{
  return rn_expression_evaluate (expression, compute_quantity, (gpointer)self, value, error);
}

/* As rn_quantities_compute(), and what comes out must be a number. */
gboolean
rn_quantities_compute_number (const RnQuantities *self,
                              const char *expression,
                              double *number,
                              GError **error)
{
  g_auto (RnValue) value = { 0 };

  if (!rn_quantities_compute (self, expression, &value, error))
    return FALSE;
  if (value.text != NULL)
    return rn_quantity_fail (error, "“%s” is “%s”: a number would be right", expression,
                             value.text);
  *number = value.number;

  return TRUE;
}
