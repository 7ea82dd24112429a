#include "ui/inspector/weights-page.h"

#include <glib/gi18n.h>

#include "engine/model/number.h"
#include "ui/chart/bar-chart.h"
#include "ui/document/work.h"
#include "ui/inspector/weights-work.h"

struct _RnWeightsPage
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *hint;
  GtkWidget *content;
  GtkDropDown *weight;
  GtkLabel *facts;
  RnBarChart *histogram;
  GtkLabel *low;
  GtkLabel *high;
  GtkWidget *filter_row;
  GtkSpinButton *filter;
  GtkLabel *filter_text;
  GtkWidget *kernels;
  RnGallery *gallery;
  GtkPicture *matrix;

  /* owned */
  RnDocument *document;
  int layer; /* whose weights are shown, or -1 */
  RnWeightsView *view;
  GCancellable *work;
  gboolean filling; /* the controls are being set, not used */
};

G_DEFINE_FINAL_TYPE (RnWeightsPage, rn_weights_page, GTK_TYPE_WIDGET)

static const RnLayer *
get_layer (RnWeightsPage *self)
{
  RnModel *model = rn_document_get_model (self->document);

  return model != NULL && self->layer >= 0 ? rn_model_get_layer (model, self->layer) : NULL;
}

static void
show_stats (RnWeightsPage *self, const RnWeightSpec *spec)
{
  const RnWeightStats *stats = &self->view->stats;
  g_autofree char *n = rn_number_to_string (stats->n);
  g_autoptr (GString) dims = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *low = g_strdup_printf ("%.3g", stats->low);
  g_autofree char *high = g_strdup_printf ("%.3g", stats->high);

  for (int i = 0; i < spec->rank; i++)
    g_string_append_printf (dims, "%s%d", i > 0 ? "×" : "", spec->dims[i]);
  text = g_strdup_printf (_ ("%s = %s numbers, mean %.3g, spread %.3g\n"
                             "%.1f %% near zero (below 1 %% of the largest)"),
                          dims->str, n, stats->mean, stats->deviation, 100 * stats->near_zero);
  gtk_label_set_label (self->facts, text);
  gtk_label_set_label (self->low, low);
  gtk_label_set_label (self->high, high);
}

static void
show_histogram (RnWeightsPage *self)
{
  const RnWeightStats *stats = &self->view->stats;
  double width = (stats->high - stats->low) / RN_WEIGHT_BINS;
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  double values[RN_WEIGHT_BINS];

  for (int i = 0; i < RN_WEIGHT_BINS; i++)
    {
      g_autofree char *n = rn_number_to_string (stats->bins[i]);

      values[i] = stats->bins[i];
      g_ptr_array_add (labels, g_strdup_printf (_ ("%.3g to %.3g: %s"), stats->low + i * width,
                                                stats->low + (i + 1) * width, n));
    }
  rn_bar_chart_set_values (self->histogram, _ ("Histogram"), values,
                           (const char *const *) labels->pdata, RN_WEIGHT_BINS, -1);
}

static void
show_kernels (RnWeightsPage *self, const RnLayer *layer)
{
  RnWeightsView *view = self->view;
  g_autofree char *text = NULL;

  self->filling = TRUE;
  rn_gallery_set_maps (self->gallery, view->maps);
  gtk_picture_set_paintable (self->matrix, GDK_PAINTABLE (view->matrix));
  gtk_widget_set_visible (self->kernels, view->maps != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->matrix), view->matrix != NULL);
  gtk_widget_set_visible (self->filter_row, view->maps != NULL || view->matrix != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->filter), view->n_filters > 0);
  if (view->n_filters > 0)
    {
      gtk_spin_button_set_range (self->filter, 0, view->n_filters - 1);
      text = g_strdup_printf (_ ("of %d filters: its kernel for each input channel"),
                              view->n_filters);
    }
  else if (view->matrix != NULL)
    text = g_strdup (_ ("A row for each input, a column for each output; blue below zero, red "
                        "above"));
  else if (view->maps != NULL)
    text = g_strdup (layer->kind == RN_LAYER_CONV ? _ ("Every filter, in the picture's colours")
                                                  : _ ("The kernel of every channel"));
  gtk_label_set_label (self->filter_text, text != NULL ? text : "");
  self->filling = FALSE;
}

static void
on_ready (gpointer owner, gpointer result, const GError *error)
{
  RnWeightsPage *self = owner;
  const RnLayer *layer = get_layer (self);

  if (error != NULL)
    {
      rn_document_report (self->document, error->message);
      return;
    }

  g_clear_pointer (&self->view, rn_weights_view_free);
  self->view = result;
  show_stats (self, &layer->weights[gtk_drop_down_get_selected (self->weight)]);
  show_histogram (self);
  show_kernels (self, layer);
}

/* A model that cannot be run has weights that nobody has bound. */
static gboolean
is_bound (RnWeightsPage *self)
{
  return rn_network_get_binding (rn_document_get_network (self->document)) != NULL;
}

static void
load (RnWeightsPage *self)
{
  const RnLayer *layer = self->document != NULL ? get_layer (self) : NULL;
  guint weight = gtk_drop_down_get_selected (self->weight);
  RnWeightsRequest *request;

  if (self->filling || layer == NULL || weight >= (guint) layer->n_weights || !is_bound (self))
    return;

  request = g_new (RnWeightsRequest, 1);
  *request = (RnWeightsRequest) {
    rn_network_ref (rn_document_get_network (self->document)), self->layer, weight,
    gtk_spin_button_get_value_as_int (self->filter),
    RN_GALLERY_TILE * gtk_widget_get_scale_factor (GTK_WIDGET (self))
  };
  rn_work_start (&self->work, self, rn_weights_work, request, rn_weights_request_free,
                 rn_weights_view_free, on_ready);
}

static void
fill_names (RnWeightsPage *self, const RnLayer *layer)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  self->filling = TRUE;
  for (int i = 0; i < layer->n_weights; i++)
    gtk_string_list_append (names, layer->weights[i].name);
  gtk_drop_down_set_model (self->weight, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->weight, 0);
  gtk_spin_button_set_value (self->filter, 0);
  self->filling = FALSE;
}

/* Why there is nothing to be seen of a layer's weights. */
static const char *
get_hint (RnWeightsPage *self, const RnLayer *layer)
{
  if (layer == NULL)
    return _ ("Select a layer to see its weights.");
  if (layer->n_weights == 0)
    return _ ("This layer has no weights.");

  return _ ("This model is drawn, but cannot be run: its weights are not looked at.");
}

static void
update (RnWeightsPage *self)
{
  const RnLayer *layer = get_layer (self);
  gboolean any = layer != NULL && layer->n_weights > 0 && is_bound (self);

  rn_work_cancel (&self->work);
  g_clear_pointer (&self->view, rn_weights_view_free);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), !any);
  gtk_widget_set_visible (self->content, any);
  gtk_label_set_label (self->hint, get_hint (self, layer));
  if (any)
    {
      fill_names (self, layer);
      load (self);
    }
}

static void
on_model (RnWeightsPage *self)
{
  self->layer = -1;
  update (self);
}

static void
rn_weights_page_dispose (GObject *object)
{
  RnWeightsPage *self = RN_WEIGHTS_PAGE (object);
  GtkWidget *child;

  rn_work_cancel (&self->work);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->view, rn_weights_view_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_weights_page_parent_class)->dispose (object);
}

static void
rn_weights_page_class_init (RnWeightsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_weights_page_dispose;
  g_type_ensure (RN_TYPE_BAR_CHART);
  g_type_ensure (RN_TYPE_GALLERY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/inspector/weights-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, hint);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, content);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, weight);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, facts);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, histogram);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, low);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, high);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, filter_row);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, filter);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, filter_text);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, kernels);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, gallery);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPage, matrix);
  gtk_widget_class_bind_template_callback (widget_class, load);
}

static void
rn_weights_page_init (RnWeightsPage *self)
{
  self->layer = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_weights_page_set_document (RnWeightsPage *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_WEIGHTS_PAGE (self) && self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  update (self);
}

/**
 * rn_weights_page_set_layer:
 * @layer: index of a layer of the document's model, or -1 for none
 */
void
rn_weights_page_set_layer (RnWeightsPage *self, int layer)
{
  g_return_if_fail (RN_IS_WEIGHTS_PAGE (self));

  if (layer == self->layer)
    return;

  self->layer = layer;
  update (self);
}

/**
 * rn_weights_page_choose:
 * @weight: which of the layer's tensors
 * @filter: whose kernels are shown
 */
void
rn_weights_page_choose (RnWeightsPage *self, int weight, int filter)
{
  gtk_drop_down_set_selected (self->weight, weight);
  gtk_spin_button_set_value (self->filter, filter);
}

/* Returns: (nullable): what is said of the weights shown; %NULL while they are looked at */
const RnWeightStats *
rn_weights_page_get_stats (RnWeightsPage *self)
{
  return self->view != NULL ? &self->view->stats : NULL;
}

RnGallery *
rn_weights_page_get_gallery (RnWeightsPage *self)
{
  return self->gallery;
}
