#include "ui/inspector/gradient-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/prediction/class-choice.h"

struct _RnGradientChart
{
  GtkWidget parent_instance;

  /* template */
  RnClassChoice *classes;
  RnBarChart *bars;
  GtkLabel *text;
  GtkWidget *untrained;

  /* owned */
  RnDocument *document;
  RnGradientFinder *finder;
  int block; /* that is picked out, or -1 */
};

G_DEFINE_FINAL_TYPE (RnGradientChart, rn_gradient_chart, GTK_TYPE_WIDGET)

static void
show_bars (RnGradientChart *self, const RnLayerGradients *gradients)
{
  const RnStructure *structure = rn_model_get_structure (rn_document_get_model (self->document));
  int n = structure->n_blocks;
  g_autofree double *values = g_new (double, MAX (n, 1));
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  for (int b = 0; b < n; b++)
    {
      g_autofree char *name = rn_block_get_label (&structure->blocks[b], structure->stages);

      values[b] = gradients->norms[structure->blocks[b].output];
      g_ptr_array_add (labels, isfinite (values[b])
                                   ? g_strdup_printf (_ ("block %s: %.4g"), name, values[b])
                                   : g_strdup_printf (_ ("block %s: none arrives"), name));
    }
  rn_bar_chart_set_values (self->bars, _ ("Gradient at every block"), values,
                           (const char *const *) labels->pdata, n, MIN (self->block, n - 1));
}

static void
show_text (RnGradientChart *self, const RnLayerGradients *gradients)
{
  const char *error = rn_gradient_finder_get_error (self->finder);
  RnNetwork *network = rn_document_get_network (self->document);
  g_autofree char *label = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->untrained,
                          gradients != NULL && !rn_network_get_weights (network)->trained);
  if (gradients != NULL)
    {
      label = rn_network_get_class_label (network, gradients->class_index);
      text = g_strdup_printf (_ ("Norm of the derivative of the loss by what each block puts out; "
                                 "the loss would be %.4f, were it %s"),
                              gradients->loss, label);
    }
  gtk_label_set_label (self->text, text != NULL    ? text
                                   : error != NULL ? error
                                                   : _ ("being worked out…"));
}

/* Nothing is said of a network without blocks or classes, or that cannot be run, nor without a
 * picture. */
static gboolean
is_sensible (RnGradientChart *self)
{
  RnModel *model = rn_document_get_model (self->document);
  const RnRun *run = rn_document_get_run (self->document);

  return model != NULL && rn_model_get_structure (model)->n_blocks > 0 &&
         rn_network_get_trouble (rn_document_get_network (self->document)) == NULL &&
         rn_document_get_picture (self->document) != NULL &&
         (run == NULL || run->n_predictions > 0);
}

static void
show (RnGradientChart *self)
{
  const RnLayerGradients *gradients = rn_gradient_finder_get (self->finder);

  gtk_widget_set_visible (GTK_WIDGET (self), is_sensible (self));
  if (gradients != NULL)
    show_bars (self, gradients);
  else
    rn_bar_chart_set_values (self->bars, _ ("Gradient at every block"), NULL, NULL, 0, -1);
  show_text (self, gradients);
}

static void
on_bar (RnGradientChart *self, int block)
{
  rn_document_select_block (self->document, block);
}

static void
rn_gradient_chart_map (GtkWidget *widget)
{
  RnGradientChart *self = RN_GRADIENT_CHART (widget);

  GTK_WIDGET_CLASS (rn_gradient_chart_parent_class)->map (widget);
  rn_gradient_finder_want (self->finder, RN_GRADIENT_USER_CHART, TRUE);
}

static void
rn_gradient_chart_unmap (GtkWidget *widget)
{
  RnGradientChart *self = RN_GRADIENT_CHART (widget);

  if (self->finder != NULL)
    rn_gradient_finder_want (self->finder, RN_GRADIENT_USER_CHART, FALSE);
  GTK_WIDGET_CLASS (rn_gradient_chart_parent_class)->unmap (widget);
}

static void
rn_gradient_chart_dispose (GObject *object)
{
  RnGradientChart *self = RN_GRADIENT_CHART (object);
  GtkWidget *child;

  if (self->finder != NULL)
    g_signal_handlers_disconnect_by_data (self->finder, self);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->finder);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_gradient_chart_parent_class)->dispose (object);
}

static void
rn_gradient_chart_class_init (RnGradientChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_gradient_chart_dispose;
  widget_class->map = rn_gradient_chart_map;
  widget_class->unmap = rn_gradient_chart_unmap;
  g_type_ensure (RN_TYPE_BAR_CHART);
  g_type_ensure (RN_TYPE_CLASS_CHOICE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/inspector/gradient-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, RnGradientChart, classes);
  gtk_widget_class_bind_template_child (widget_class, RnGradientChart, bars);
  gtk_widget_class_bind_template_child (widget_class, RnGradientChart, text);
  gtk_widget_class_bind_template_child (widget_class, RnGradientChart, untrained);
  gtk_widget_class_bind_template_callback (widget_class, on_bar);
}

static void
rn_gradient_chart_init (RnGradientChart *self)
{
  self->block = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Called once, before it is shown. */
void
rn_gradient_chart_set_document (RnGradientChart *self,
                                RnDocument *document,
                                RnGradientFinder *finder)
{
  g_return_if_fail (RN_IS_GRADIENT_CHART (self) && self->document == NULL);

  self->document = g_object_ref (document);
  self->finder = g_object_ref (finder);
  rn_class_choice_set_document (self->classes, document);
  g_signal_connect_swapped (finder, "changed", G_CALLBACK (show), self);
  /* While it is hidden it asks for nothing, so that the finder has nothing to tell. */
  g_signal_connect_swapped (document, "notify::picture-name", G_CALLBACK (show), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (show), self);
  show (self);
}

/* Picks a block out, or none with -1. */
void
rn_gradient_chart_mark (RnGradientChart *self, int block)
{
  self->block = block;
  show (self);
}

RnBarChart *
rn_gradient_chart_get_bars (RnGradientChart *self)
{
  return self->bars;
}

/* Returns: what the bars are of, or why there are none */
const char *
rn_gradient_chart_get_text (RnGradientChart *self)
{
  return gtk_label_get_label (self->text);
}
