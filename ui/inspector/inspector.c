#include "ui/inspector/inspector.h"

#include <glib/gi18n.h>

#include "ui/inspector/describe-gradient.h"

struct _RnInspector
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkStack *pages;
  RnFactTable *facts;
  RnGalleryPane *gallery;
  RnGrowth *growth;
  RnWhyPage *why;
  RnWeightsPage *weights;
  RnBlockPage *block;

  /* owned */
  RnDocument *document;
  RnGradientFinder *gradients;
  gboolean gradient_asked; /* for the overview, whose sake alone is not worth the work */
};

G_DEFINE_FINAL_TYPE (RnInspector, rn_inspector, GTK_TYPE_WIDGET)

/* The layer whose maps are shown: of a block, its output. */
static int
get_shown_layer (RnInspector *self)
{
  RnSelection selection = rn_document_get_selection (self->document);
  RnModel *model = rn_document_get_model (self->document);

  if (selection.block >= 0)
    return rn_model_get_structure (model)->blocks[selection.block].output;

  return selection.layer;
}

/* The gradient that arrives at what is selected, if it is known. */
static void
add_gradient (RnInspector *self, GPtrArray *facts)
{
  int class_index = rn_document_get_shown_class (self->document), layer = get_shown_layer (self);
  RnNetwork *network = rn_document_get_network (self->document);
  g_autofree char *label = NULL;

  if (class_index < 0 || layer < 0)
    return;

  label = rn_network_get_class_label (network, class_index);
  rn_describe_gradient (facts, rn_gradient_finder_get (self->gradients),
                        rn_gradient_finder_get_working (self->gradients),
                        rn_network_get_weights (network)->trained, layer, label);
}

/* What the selection is like; how long it took, once it has run. */
static void
show_facts (RnInspector *self)
{
  RnModel *model = rn_document_get_model (self->document);
  RnSelection selection = rn_document_get_selection (self->document);
  const RnRun *run = rn_document_get_run (self->document);
  GPtrArray *facts;

  if (selection.layer >= 0)
    facts = rn_describe_layer (model, selection.layer);
  else if (selection.block >= 0)
    facts = rn_describe_block (model, selection.block);
  else
    facts = rn_describe_model (model);
  if (run != NULL)
    rn_describe_time (facts, model, selection.layer, selection.block, run->layer_ms,
                      run->milliseconds);
  add_gradient (self, facts);
  rn_fact_table_set_facts (self->facts, facts);
}

static void
update_facts (RnInspector *self)
{
  if (rn_document_get_run (self->document) != NULL)
    show_facts (self);
}

static void
show_block (RnInspector *self, const RnModel *model, int index)
{
  const RnStructure *structure = rn_model_get_structure (model);
  const RnBlock *block = &structure->blocks[index];
  g_autofree char *label = rn_block_get_label (block, structure->stages);
  g_autofree char *title = g_strdup_printf (_ ("Block %s"), label);
  g_autofree char *subtitle
      = g_strdup_printf (_ ("%s block · stage %d, %d layers"),
                         block->kind == RN_SHORTCUT_IDENTITY
                             ? _ ("Identity")
                             : (block->kind == RN_SHORTCUT_PROJECTION ? _ ("Projection")
                                                                      : _ ("Zero-padding")),
                         structure->stages[block->stage].number, block->n_layers);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  show_facts (self);
}

static void
show_layer (RnInspector *self, const RnModel *model, int index)
{
  g_autofree char *place = rn_describe_layer_place (model, index);

  gtk_label_set_label (self->title, rn_model_get_layer (model, index)->name);
  gtk_label_set_label (self->subtitle, place);
  show_facts (self);
}

static void
update (RnInspector *self)
{
  RnModel *model = rn_document_get_model (self->document);
  RnSelection selection = rn_document_get_selection (self->document);

  if (model == NULL)
    return;

  if (selection.layer >= 0)
    show_layer (self, model, selection.layer);
  else if (selection.block >= 0)
    show_block (self, model, selection.block);
  else
    {
      gtk_label_set_label (self->title, rn_model_get_title (model));
      gtk_label_set_label (self->subtitle, _ ("Select a layer or a block to look inside."));
      show_facts (self);
    }
  rn_growth_set_layer (self->growth, model, get_shown_layer (self));
  rn_gallery_pane_set_layer (self->gallery, get_shown_layer (self));
  rn_weights_page_set_layer (self->weights, selection.layer);
}

static void
follow (RnInspector *self, const char *target)
{
  const char *number = strchr (target, ':');
  int index = number != NULL ? (int) g_ascii_strtoll (number + 1, NULL, 10) : -1;

  if (g_str_has_prefix (target, "layer:"))
    rn_document_select_layer (self->document, index);
  else if (g_str_has_prefix (target, "block:"))
    rn_document_select_block (self->document, index);
}

/* Only while the overview is in view, and only once somebody has asked. */
static void
want_gradients (RnInspector *self)
{
  rn_gradient_finder_want (self->gradients, RN_GRADIENT_USER_FACTS,
                           self->gradient_asked
                               && gtk_widget_get_mapped (GTK_WIDGET (self->facts)));
}

static void
on_fact_link (RnInspector *self, const char *target)
{
  if (g_str_has_prefix (target, "gradient:"))
    {
      self->gradient_asked = TRUE;
      want_gradients (self);
    }
  else
    follow (self, target);
}

static void
on_growth_layer (RnInspector *self, int layer)
{
  rn_document_select_layer (self->document, layer);
}

static void
on_explain (RnInspector *self, int layer, int channel, int y, int x)
{
  rn_why_page_explain (self->why, layer, (RnUnit) { y, x, channel });
  rn_inspector_show_page (self, "why");
}

static gboolean
on_subtitle_link (RnInspector *self, const char *uri)
{
  g_autofree char *target = g_strdup (uri);

  follow (self, target);

  return TRUE;
}

static void
rn_inspector_dispose (GObject *object)
{
  RnInspector *self = RN_INSPECTOR (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  if (self->gradients != NULL)
    g_signal_handlers_disconnect_by_data (self->gradients, self);
  g_clear_object (&self->gradients);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_inspector_parent_class)->dispose (object);
}

static void
rn_inspector_class_init (RnInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_inspector_dispose;
  g_type_ensure (RN_TYPE_FACT_TABLE);
  g_type_ensure (RN_TYPE_GALLERY_PANE);
  g_type_ensure (RN_TYPE_WHY_PAGE);
  g_type_ensure (RN_TYPE_WEIGHTS_PAGE);
  g_type_ensure (RN_TYPE_BLOCK_PAGE);
  g_type_ensure (RN_TYPE_GROWTH);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/inspector/inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, RnInspector, title);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, subtitle);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, pages);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, facts);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, growth);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, why);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, weights);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, block);
  gtk_widget_class_bind_template_child (widget_class, RnInspector, gallery);
  gtk_widget_class_bind_template_callback (widget_class, on_fact_link);
  gtk_widget_class_bind_template_callback (widget_class, on_explain);
  gtk_widget_class_bind_template_callback (widget_class, on_growth_layer);
  gtk_widget_class_bind_template_callback (widget_class, on_subtitle_link);
}

static void
rn_inspector_init (RnInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_inspector_set_document (RnInspector *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_INSPECTOR (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  rn_gallery_pane_set_document (self->gallery, document);
  rn_why_page_set_document (self->why, document);
  rn_weights_page_set_document (self->weights, document);
  self->gradients = rn_gradient_finder_new (document);
  rn_block_page_set_document (self->block, document, self->gradients);
  g_signal_connect_swapped (self->gradients, "changed", G_CALLBACK (update_facts), self);
  g_signal_connect_object (self->facts, "map", G_CALLBACK (want_gradients), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->facts, "unmap", G_CALLBACK (want_gradients), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (update_facts), self);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (update), self);
  update (self);
}

/* Returns: the name of what is selected; the model's where nothing is */
const char *
rn_inspector_get_title (RnInspector *self)
{
  return gtk_label_get_label (self->title);
}

RnFactTable *
rn_inspector_get_facts (RnInspector *self)
{
  return self->facts;
}

RnGalleryPane *
rn_inspector_get_gallery (RnInspector *self)
{
  return self->gallery;
}

RnWhyPage *
rn_inspector_get_why (RnInspector *self)
{
  return self->why;
}

RnWeightsPage *
rn_inspector_get_weights (RnInspector *self)
{
  return self->weights;
}

RnBlockPage *
rn_inspector_get_block (RnInspector *self)
{
  return self->block;
}

RnGradientFinder *
rn_inspector_get_gradients (RnInspector *self)
{
  return self->gradients;
}

RnGrowth *
rn_inspector_get_growth (RnInspector *self)
{
  return self->growth;
}

/**
 * rn_inspector_show_page:
 * @name: "overview", "maps", "why", "weights" or "block"
 */
void
rn_inspector_show_page (RnInspector *self, const char *name)
{
  g_return_if_fail (RN_IS_INSPECTOR (self));

  gtk_stack_set_visible_child_name (self->pages, name);
}

const char *
rn_inspector_get_page (RnInspector *self)
{
  return gtk_stack_get_visible_child_name (self->pages);
}
