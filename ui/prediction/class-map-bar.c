#include "ui/prediction/class-map-bar.h"

#include <glib/gi18n.h>

#include "ui/document/work.h"
#include "ui/prediction/class-choice.h"

struct _RnClassMapBar
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *activation;
  GtkToggleButton *occlusion;
  GtkToggleButton *saliency;
  RnClassChoice *classes;
  GtkWidget *progress_row;
  GtkProgressBar *progress;

  /* owned */
  RnDocument *document;
  RnClassMapKind kind;
  RnClassMapRequest *request; /* the work under way, or NULL */
  GCancellable *work;
  gboolean filling; /* the controls are being set, not used */
};

G_DEFINE_FINAL_TYPE (RnClassMapBar, rn_class_map_bar, GTK_TYPE_WIDGET)

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
                                      rn_document_get_shown_class (self->document));
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
                                            self->kind, rn_document_get_shown_class (self->document), on_progress, self);
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

static void
on_run (RnClassMapBar *self)
{
  const RnRun *run = rn_document_get_run (self->document);

  gtk_widget_set_visible (GTK_WIDGET (self), run == NULL || run->n_predictions > 0);
  load (self);
}

static void
on_class (RnClassMapBar *self)
{
  load (self);
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
  g_type_ensure (RN_TYPE_CLASS_CHOICE);
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
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
rn_class_map_bar_init (RnClassMapBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_class_map_bar_set_document (RnClassMapBar *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_CLASS_MAP_BAR (self) && self->document == NULL);

  self->document = g_object_ref (document);
  rn_class_choice_set_document (self->classes, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (stop), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (on_run), self);
  g_signal_connect_swapped (document, "notify::class-index", G_CALLBACK (on_class), self);
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

  rn_document_set_class (self->document, class_index);
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
