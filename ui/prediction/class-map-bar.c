#include "ui/prediction/class-map-bar.h"

#include <glib/gi18n.h>

#include "ui/document/work.h"

struct _RnClassMapBar
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *activation;
  GtkToggleButton *occlusion;
  GtkToggleButton *saliency;
  GtkDropDown *classes;
  GtkWidget *progress_row;
  GtkProgressBar *progress;

  /* owned */
  RnDocument *document;
  RnClassMapKind kind;
  int n_classes; /* that the list is of */
  RnClassMapRequest *request; /* the work under way, or NULL */
  GCancellable *work;
  gboolean filling; /* the controls are being set, not used */
};

G_DEFINE_FINAL_TYPE (RnClassMapBar, rn_class_map_bar, GTK_TYPE_WIDGET)

/* Whose map is wanted: the list's first line is whatever class comes first. */
static int
get_class (RnClassMapBar *self, const RnRun *run)
{
  guint chosen = gtk_drop_down_get_selected (self->classes);

  if (chosen == 0 || chosen == GTK_INVALID_LIST_POSITION || (int) chosen > run->n_classes)
    return run->predictions[0].index;

  return chosen - 1;
}

static void
stop (RnClassMapBar *self)
{
  rn_work_cancel (&self->work);
  if (self->request != NULL)
    rn_class_map_request_mute (self->request);
  g_clear_pointer (&self->request, rn_class_map_request_free);
  gtk_widget_set_visible (self->progress_row, FALSE);
}

static const char *
get_title (RnClassMapKind kind)
{
  if (kind == RN_CLASS_MAP_ACTIVATION)
    return _ ("Activation: %s");

  return kind == RN_CLASS_MAP_OCCLUSION ? _ ("Occlusion: %s") : _ ("Saliency: %s");
}

static void
lay_over (RnClassMapBar *self, GdkTexture *texture)
{
  const RnRun *run = rn_document_get_run (self->document);
  g_autofree char *label = NULL;
  g_autofree char *title = NULL;

  if (run == NULL || run->n_predictions == 0)
    return;

  label = rn_network_get_class_label (rn_document_get_network (self->document),
                                      get_class (self, run));
  title = g_strdup_printf (get_title (self->kind), label);
  rn_document_set_overlay (self->document, self, texture, title);
}

static void
on_progress (int done, int total, GdkTexture *texture, gpointer data)
{
  RnClassMapBar *self = data;

  gtk_progress_bar_set_fraction (self->progress, (double) done / total);
  if (texture != NULL)
    lay_over (self, texture);
}

static void
on_done (gpointer owner, gpointer result, const GError *error)
{
  RnClassMapBar *self = owner;
  g_autoptr (GdkTexture) texture = result;

  stop (self);
  if (texture != NULL)
    {
      gtk_progress_bar_set_fraction (self->progress, 1);
      lay_over (self, texture);
      return;
    }
  if (error != NULL)
    rn_document_report (self->document, error->message);
  rn_document_claim_overlay (self->document, NULL);
}

static void
load (RnClassMapBar *self)
{
  RnRun *run = rn_document_get_run (self->document);

  stop (self);
  if (self->kind == RN_CLASS_MAP_NONE || run == NULL || run->n_predictions == 0)
    return;

  self->request = rn_class_map_request_new (rn_document_get_network (self->document), run,
                                            self->kind, get_class (self, run), on_progress, self);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_widget_set_visible (self->progress_row, self->kind == RN_CLASS_MAP_OCCLUSION);
  rn_work_start (&self->work, self, rn_class_map_work, rn_class_map_request_ref (self->request),
                 rn_class_map_request_free, g_object_unref, on_done);
}

static void
show_kind (RnClassMapBar *self)
{
  self->filling = TRUE;
  gtk_toggle_button_set_active (self->activation, self->kind == RN_CLASS_MAP_ACTIVATION);
  gtk_toggle_button_set_active (self->occlusion, self->kind == RN_CLASS_MAP_OCCLUSION);
  gtk_toggle_button_set_active (self->saliency, self->kind == RN_CLASS_MAP_SALIENCY);
  gtk_widget_set_visible (GTK_WIDGET (self->classes), self->kind != RN_CLASS_MAP_NONE);
  self->filling = FALSE;
}

static void
set_kind (RnClassMapBar *self, RnClassMapKind kind)
{
  if (kind == self->kind)
    return;

  self->kind = kind;
  show_kind (self);
  if (kind == RN_CLASS_MAP_NONE)
    {
      stop (self);
      if (rn_document_get_overlay_owner (self->document) == self)
        rn_document_claim_overlay (self->document, NULL);
      return;
    }
  rn_document_claim_overlay (self->document, self);
  load (self);
}

static void
toggle (RnClassMapBar *self, GtkToggleButton *button, RnClassMapKind kind)
{
  if (!self->filling)
    set_kind (self, gtk_toggle_button_get_active (button) ? kind : RN_CLASS_MAP_NONE);
}

static void
on_activation (RnClassMapBar *self)
{
  toggle (self, self->activation, RN_CLASS_MAP_ACTIVATION);
}

static void
on_occlusion (RnClassMapBar *self)
{
  toggle (self, self->occlusion, RN_CLASS_MAP_OCCLUSION);
}

static void
on_saliency (RnClassMapBar *self)
{
  toggle (self, self->saliency, RN_CLASS_MAP_SALIENCY);
}

static void
on_class (RnClassMapBar *self)
{
  if (!self->filling && self->document != NULL)
    load (self);
}

static void
on_cancel (RnClassMapBar *self)
{
  set_kind (self, RN_CLASS_MAP_NONE);
}

static void
on_overlay (RnClassMapBar *self)
{
  if (self->kind != RN_CLASS_MAP_NONE && rn_document_get_overlay_owner (self->document) != self)
    set_kind (self, RN_CLASS_MAP_NONE);
}

/* Lists the classes that the network knows. */
static void
fill_classes (RnClassMapBar *self, int n_classes)
{
  RnNetwork *network = rn_document_get_network (self->document);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("the class that comes first"));
  for (int i = 0; i < n_classes; i++)
    {
      g_autofree char *label = rn_network_get_class_label (network, i);

      gtk_string_list_append (names, label);
    }
  self->filling = TRUE;
  self->n_classes = n_classes;
  gtk_drop_down_set_model (self->classes, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->classes, 0);
  self->filling = FALSE;
}

static void
on_run (RnClassMapBar *self)
{
  const RnRun *run = rn_document_get_run (self->document);

  gtk_widget_set_visible (GTK_WIDGET (self), run == NULL || run->n_predictions > 0);
  if (run != NULL && run->n_classes != self->n_classes)
    fill_classes (self, run->n_classes);
  load (self);
}

static void
on_model (RnClassMapBar *self)
{
  self->n_classes = 0;
  stop (self);
}

static void
rn_class_map_bar_dispose (GObject *object)
{
  RnClassMapBar *self = RN_CLASS_MAP_BAR (object);
  GtkWidget *child;

  rn_work_cancel (&self->work);
  if (self->request != NULL)
    rn_class_map_request_mute (self->request);
  g_clear_pointer (&self->request, rn_class_map_request_free);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_class_map_bar_parent_class)->dispose (object);
}

static void
rn_class_map_bar_class_init (RnClassMapBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_class_map_bar_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/prediction/class-map-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RnClassMapBar, activation);
  gtk_widget_class_bind_template_child (widget_class, RnClassMapBar, occlusion);
  gtk_widget_class_bind_template_child (widget_class, RnClassMapBar, saliency);
  gtk_widget_class_bind_template_child (widget_class, RnClassMapBar, classes);
  gtk_widget_class_bind_template_child (widget_class, RnClassMapBar, progress_row);
  gtk_widget_class_bind_template_child (widget_class, RnClassMapBar, progress);
  gtk_widget_class_bind_template_callback (widget_class, on_activation);
  gtk_widget_class_bind_template_callback (widget_class, on_occlusion);
  gtk_widget_class_bind_template_callback (widget_class, on_saliency);
  gtk_widget_class_bind_template_callback (widget_class, on_class);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
rn_class_map_bar_init (RnClassMapBar *self)
{
  GtkExpression *name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  gtk_widget_init_template (GTK_WIDGET (self));
  /* A thousand classes are found by typing. */
  gtk_drop_down_set_expression (self->classes, name);
  gtk_drop_down_set_enable_search (self->classes, TRUE);
  gtk_expression_unref (name);
}

void
rn_class_map_bar_set_document (RnClassMapBar *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_CLASS_MAP_BAR (self) && self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (on_run), self);
  g_signal_connect_swapped (document, "notify::overlay", G_CALLBACK (on_overlay), self);
}

/* Shows a map of the class chosen, or takes it away. */
void
rn_class_map_bar_show (RnClassMapBar *self, RnClassMapKind kind)
{
  g_return_if_fail (RN_IS_CLASS_MAP_BAR (self));

  set_kind (self, kind);
}

/**
 * rn_class_map_bar_choose:
 * @class_index: a class, or -1 for whichever comes first
 *
 * Shows the map of that class.
 */
void
rn_class_map_bar_choose (RnClassMapBar *self, int class_index)
{
  g_return_if_fail (RN_IS_CLASS_MAP_BAR (self));
  g_return_if_fail (class_index >= -1 && class_index < self->n_classes);

  gtk_drop_down_set_selected (self->classes, class_index + 1);
  if (self->kind == RN_CLASS_MAP_NONE)
    set_kind (self, RN_CLASS_MAP_ACTIVATION);
}

RnClassMapKind
rn_class_map_bar_get_kind (RnClassMapBar *self)
{
  return self->kind;
}

/* Returns: how much of the map under way is done, from 0 to 1 */
double
rn_class_map_bar_get_progress (RnClassMapBar *self)
{
  return gtk_progress_bar_get_fraction (self->progress);
}

gboolean
rn_class_map_bar_get_working (RnClassMapBar *self)
{
  return self->work != NULL;
}
