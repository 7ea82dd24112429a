#include "ui/inspector/block-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/document/work.h"
#include "ui/gallery/legend.h"

/* Logical pixels of each of the four pictures. */
#define SIZE 74

struct _RnBlockPage
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *hint;
  GtkWidget *parts_box;
  GtkPicture *shortcut;
  GtkPicture *branch;
  GtkPicture *sum;
  GtkPicture *output;
  RnLegend *legend;
  GtkSpinButton *channel;
  GtkLabel *channel_text;
  GtkLabel *balance;
  GtkWidget *charts;
  RnBarChart *ratios;
  RnBarChart *cosines;
  RnGradientChart *gradients;

  /* owned */
  RnDocument *document;
  int block;          /* that is shown, or -1 */
  int wanted_channel; /* chosen by hand, or -1 */
  RnDissection *dissection;
  GCancellable *work;
  gboolean filling; /* the controls are being set, not used */
};

G_DEFINE_FINAL_TYPE (RnBlockPage, rn_block_page, GTK_TYPE_WIDGET)

static char *
label_block (RnBlockPage *self, int block)
{
  const RnStructure *structure = rn_model_get_structure (rn_document_get_model (self->document));

  return rn_block_get_label (&structure->blocks[block], structure->stages);
}

static void
show_chart (RnBlockPage *self, RnBarChart *chart, const char *title, gboolean cosine)
{
  int n = self->dissection->n_blocks;
  g_autofree double *values = g_new (double, MAX (n, 1));
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  for (int b = 0; b < n; b++)
    {
      g_autofree char *name = label_block (self, b);

      values[b] = cosine ? self->dissection->balances[b].cosine
                         : self->dissection->balances[b].ratio;
      g_ptr_array_add (labels, g_strdup_printf (_ ("block %s: %.3f"), name, values[b]));
    }
  rn_bar_chart_set_values (chart, title, values, (const char *const *) labels->pdata, n,
                           self->block);
}

static void
show_parts (RnBlockPage *self)
{
  const RnDissection *dissection = self->dissection;
  GtkPicture *const pictures[RN_N_PARTS_OF_BLOCK] = { self->shortcut, self->branch, self->sum,
                                                      self->output };
  const char *const names[] = { _ ("shortcut"), _ ("branch"), _ ("sum"), _ ("output") };
  const RnBlockBalance *balance = &dissection->balances[self->block];
  g_autofree char *label = label_block (self, self->block);
  g_autofree char *text = g_strdup_printf (
      _ ("Block %s: |F| / |x| = <b>%.3f</b>, cosine of F and x = <b>%.3f</b>"), label,
      balance->ratio, balance->cosine);
  g_autofree char *of = g_strdup_printf (_ ("of %d, all four on one scale"), dissection->n_channels);

  for (int i = 0; i < RN_N_PARTS_OF_BLOCK; i++)
    {
      g_autofree char *alternative
          = g_strdup_printf (_ ("Channel %d of the %s"), dissection->channel, names[i]);

      gtk_picture_set_paintable (pictures[i], GDK_PAINTABLE (dissection->parts[i]));
      gtk_picture_set_alternative_text (pictures[i], alternative);
    }
  self->filling = TRUE;
  gtk_spin_button_set_range (self->channel, 0, dissection->n_channels - 1);
  gtk_spin_button_set_value (self->channel, dissection->channel);
  self->filling = FALSE;
  gtk_label_set_label (self->channel_text, of);
  gtk_label_set_markup (self->balance, text);
  rn_legend_set (self->legend, RN_COLOR_MAP_DIVERGING, &dissection->range);
}

static void
show (RnBlockPage *self)
{
  RnModel *model = rn_document_get_model (self->document);
  gboolean any = self->dissection != NULL && self->dissection->n_blocks > 0;
  gboolean parts = any && self->dissection->parts[0] != NULL && self->block >= 0;

  gtk_widget_set_visible (self->parts_box, parts);
  gtk_widget_set_visible (self->charts, any);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), !parts);
  if (model != NULL && rn_model_get_structure (model)->n_blocks == 0)
    gtk_label_set_label (self->hint, _ ("This network has no residual blocks."));
  else if (rn_document_get_picture (self->document) == NULL)
    gtk_label_set_label (self->hint, _ ("Open a picture to take a block apart."));
  else
    gtk_label_set_label (self->hint,
                         _ ("Select a block, or a layer inside one, to take it apart."));
  if (parts)
    show_parts (self);
  if (any)
    {
      show_chart (self, self->ratios, _ ("|F| / |x| of every block"), FALSE);
      show_chart (self, self->cosines, _ ("Cosine of F and x of every block"), TRUE);
    }
}

static void
on_ready (gpointer owner, gpointer result, const GError *error)
{
  RnBlockPage *self = owner;

  g_clear_pointer (&self->dissection, rn_dissection_free);
  self->dissection = result;
  show (self);
}

static void
load (RnBlockPage *self)
{
  RnRun *run = rn_document_get_run (self->document);
  RnDissectionRequest *request;

  rn_work_cancel (&self->work);
  if (run == NULL)
    return;

  request = g_new (RnDissectionRequest, 1);
  *request = (RnDissectionRequest) {
    rn_network_ref (rn_document_get_network (self->document)), rn_run_ref (run), self->block,
    self->wanted_channel, SIZE * gtk_widget_get_scale_factor (GTK_WIDGET (self))
  };
  rn_work_start (&self->work, self, rn_dissection_work, request, rn_dissection_request_free,
                 rn_dissection_free, on_ready);
}

static int
find_selected (RnBlockPage *self)
{
  RnSelection selection = rn_document_get_selection (self->document);
  RnModel *model = rn_document_get_model (self->document);

  if (model == NULL || selection.layer < 0)
    return selection.block;

  return rn_model_get_structure (model)->block_of[selection.layer];
}

static void
on_selection (RnBlockPage *self)
{
  int block = find_selected (self);

  if (block == self->block)
    return;

  self->block = block;
  rn_gradient_chart_mark (self->gradients, block);
  self->wanted_channel = -1;
  g_clear_pointer (&self->dissection, rn_dissection_free);
  show (self);
  load (self);
}

static void
on_model (RnBlockPage *self)
{
  rn_work_cancel (&self->work);
  self->block = -1;
  rn_gradient_chart_mark (self->gradients, -1);
  self->wanted_channel = -1;
  g_clear_pointer (&self->dissection, rn_dissection_free);
  show (self);
}

static void
on_channel (RnBlockPage *self)
{
  if (self->filling || self->document == NULL)
    return;

  self->wanted_channel = gtk_spin_button_get_value_as_int (self->channel);
  load (self);
}

static void
on_bar (RnBlockPage *self, int block)
{
  rn_document_select_block (self->document, block);
}

static void
rn_block_page_dispose (GObject *object)
{
  RnBlockPage *self = RN_BLOCK_PAGE (object);
  GtkWidget *child;

  rn_work_cancel (&self->work);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->dissection, rn_dissection_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_block_page_parent_class)->dispose (object);
}

static void
rn_block_page_class_init (RnBlockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_block_page_dispose;
  g_type_ensure (RN_TYPE_BAR_CHART);
  g_type_ensure (RN_TYPE_GRADIENT_CHART);
  g_type_ensure (RN_TYPE_LEGEND);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/inspector/block-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, hint);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, parts_box);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, shortcut);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, branch);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, sum);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, output);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, legend);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, channel);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, channel_text);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, balance);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, charts);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, ratios);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, cosines);
  gtk_widget_class_bind_template_child (widget_class, RnBlockPage, gradients);
  gtk_widget_class_bind_template_callback (widget_class, on_channel);
  gtk_widget_class_bind_template_callback (widget_class, on_bar);
}

static void
rn_block_page_init (RnBlockPage *self)
{
  self->block = self->wanted_channel = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Called once; @finder knows the gradients. */
void
rn_block_page_set_document (RnBlockPage *self, RnDocument *document, RnGradientFinder *finder)
{
  g_return_if_fail (RN_IS_BLOCK_PAGE (self) && self->document == NULL);

  self->document = g_object_ref (document);
  rn_gradient_chart_set_document (self->gradients, document, finder);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::picture-name", G_CALLBACK (show), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (load), self);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (on_selection), self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (on_selection), self);
  show (self);
}

/* Returns: (nullable): what is shown */
const RnDissection *
rn_block_page_get_dissection (RnBlockPage *self)
{
  return self->dissection;
}

RnGradientChart *
rn_block_page_get_gradients (RnBlockPage *self)
{
  return self->gradients;
}

RnBarChart *
rn_block_page_get_ratios (RnBlockPage *self)
{
  return self->ratios;
}
