#include "ui/sheet/summary-row.h"

struct _RnSummaryRow
{
  GObject parent_instance;

  RnModel *model;
  int layer;
};

G_DEFINE_FINAL_TYPE (RnSummaryRow, rn_summary_row, G_TYPE_OBJECT)

static void
rn_summary_row_finalize (GObject *object)
{
  rn_model_unref (RN_SUMMARY_ROW (object)->model);

  G_OBJECT_CLASS (rn_summary_row_parent_class)->finalize (object);
}

static void
rn_summary_row_class_init (RnSummaryRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_summary_row_finalize;
}

static void
rn_summary_row_init (RnSummaryRow *self)
{
}

/* Returns: (transfer full): the row of a layer of @model */
RnSummaryRow *
rn_summary_row_new (RnModel *model, int layer)
{
  RnSummaryRow *self = g_object_new (RN_TYPE_SUMMARY_ROW, NULL);

  self->model = rn_model_ref (model);
  self->layer = layer;

  return self;
}

int
rn_summary_row_get_layer (RnSummaryRow *self)
{
  g_return_val_if_fail (RN_IS_SUMMARY_ROW (self), -1);

  return self->layer;
}

static char *
list_inputs (const RnModel *model, const RnLayer *layer)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < layer->n_inputs; i++)
    g_string_append_printf (text, "%s%s[0][0]", i > 0 ? "\n" : "",
                            rn_model_get_layer (model, layer->inputs[i])->name);

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): what model.summary() has in a column */
char *
rn_summary_row_get_text (RnSummaryRow *self, RnSummaryColumn column)
{
  const RnLayer *layer;

  g_return_val_if_fail (RN_IS_SUMMARY_ROW (self), NULL);

  layer = rn_model_get_layer (self->model, self->layer);
  switch (column)
    {
    case RN_SUMMARY_LAYER:
      return g_strdup_printf ("%s (%s)", layer->name, layer->keras_class);
    case RN_SUMMARY_SHAPE:
      return rn_shape_to_keras (&layer->output_shape);
    case RN_SUMMARY_PARAMETERS:
      return g_strdup_printf ("%" G_GINT64_FORMAT, rn_layer_get_n_parameters (layer));
    case RN_SUMMARY_INPUTS:
      return list_inputs (self->model, layer);
    case RN_N_SUMMARY_COLUMNS:
    default:
      g_return_val_if_reached (NULL);
    }
}
