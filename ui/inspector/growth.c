#include "ui/inspector/growth.h"

#include <glib/gi18n.h>

struct _RnGrowth
{
  GtkWidget parent_instance;

  GtkWidget *box;
  RnBarChart *chart;
  GArray *layers; /* of int: the layers at which the field grows, in the order of computing */
};

enum
{
  LAYER_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnGrowth, rn_growth, GTK_TYPE_WIDGET)

static void
on_bar (RnGrowth *self, int bar)
{
  g_signal_emit (self, signals[LAYER_ACTIVATED], 0, g_array_index (self->layers, int, bar));
}

/* The input through which the field is largest: the long way, where ways meet. */
static int
find_widest_input (const RnLayer *layer, const RnReceptiveField *fields)
{
  int widest = layer->inputs[0];

  for (int i = 1; i < layer->n_inputs; i++)
    if (fields[layer->inputs[i]].size[0] > fields[widest].size[0])
      widest = layer->inputs[i];

  return widest;
}

static void
find_layers (RnGrowth *self, const RnModel *model, int layer, const RnReceptiveField *fields)
{
  g_array_set_size (self->layers, 0);
  while (layer >= 0)
    {
      const RnLayer *at = rn_model_get_layer (model, layer);
      int before = at->n_inputs > 0 ? find_widest_input (at, fields) : -1;

      if (before >= 0 && fields[layer].size[0] > fields[before].size[0])
        g_array_prepend_val (self->layers, layer);
      layer = before;
    }
}

static void
rn_growth_dispose (GObject *object)
{
  g_clear_pointer (&RN_GROWTH (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_growth_parent_class)->dispose (object);
}

static void
rn_growth_finalize (GObject *object)
{
  g_array_unref (RN_GROWTH (object)->layers);

  G_OBJECT_CLASS (rn_growth_parent_class)->finalize (object);
}

static void
rn_growth_class_init (RnGrowthClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_growth_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_growth_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  /* A bar was chosen: its layer. */
  signals[LAYER_ACTIVATED]
      = g_signal_new ("layer-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
rn_growth_init (RnGrowth *self)
{
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", _ ("Receptive field on the way here"),
                                   "xalign", 0.0, "css-classes",
                                   (const char *const[]) { "section", NULL }, NULL);

  self->layers = g_array_new (FALSE, FALSE, sizeof (int));
  self->chart = g_object_new (RN_TYPE_BAR_CHART, "height-request", 90, NULL);
  self->box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6,
                            NULL);
  gtk_box_append (GTK_BOX (self->box), title);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->chart));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_swapped (self->chart, "bar-activated", G_CALLBACK (on_bar), self);
}

/**
 * rn_growth_set_layer:
 * @layer: index of a layer of @model, or -1 for none
 *
 * A bar for each layer at which the field grows, as high as it is there.
 */
void
rn_growth_set_layer (RnGrowth *self, const RnModel *model, int layer)
{
  g_autofree RnReceptiveField *fields = rn_model_get_receptive_fields (model);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree double *values = NULL;
  int n;

  g_return_if_fail (RN_IS_GROWTH (self));

  find_layers (self, model, layer, fields);
  n = self->layers->len;
  values = g_new (double, MAX (n, 1));
  for (int i = 0; i < n; i++)
    {
      int at = g_array_index (self->layers, int, i);

      values[i] = fields[at].size[0];
      g_ptr_array_add (labels,
                       g_strdup_printf (_ ("%s: %d px"), rn_model_get_layer (model, at)->name,
                                        (int) fields[at].size[0]));
    }
  rn_bar_chart_set_values (self->chart, _ ("Receptive field"), values,
                           (const char *const *) labels->pdata, n, n - 1);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

RnBarChart *
rn_growth_get_chart (RnGrowth *self)
{
  return self->chart;
}
