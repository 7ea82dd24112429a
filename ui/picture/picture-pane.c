#include "ui/picture/picture-pane.h"

#include <glib/gi18n.h>

#include "ui/document/work.h"
#include "ui/picture/field-work.h"
#include "ui/tooltip/tooltip.h"

struct _RnPicturePane
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack;
  RnPictureView *view;
  GtkLabel *caption;
  GtkLabel *name;
  GtkLabel *size;
  RnPictureStrip *strip;
  GtkWidget *overlay_row;
  GtkLabel *overlay_title;
  GtkRange *opacity;

  /* owned */
  RnDocument *document;
  RnReceptiveField *fields; /* of the model's layers */
  GCancellable *field_work;
  gboolean has_effective;
};

G_DEFINE_FINAL_TYPE (RnPicturePane, rn_picture_pane, GTK_TYPE_WIDGET)

static void
update (RnPicturePane *self)
{
  GdkTexture *seen = rn_document_get_seen (self->document);
  const char *name = rn_document_get_picture_name (self->document);
  const RnPicture *picture = rn_document_get_picture (self->document);
  g_autofree char *size = NULL;
  g_autofree char *tooltip = NULL;

  gtk_stack_set_visible_child_name (self->stack, seen != NULL ? "picture" : "empty");
  rn_picture_view_set_picture (self->view, seen, name);
  gtk_label_set_label (self->name, name != NULL ? name : "");
  if (seen == NULL)
    return;

  size = g_strdup_printf ("%d×%d", gdk_texture_get_width (seen), gdk_texture_get_height (seen));
  tooltip = g_strdup_printf (_ ("%s, %d×%d pixels. The network sees the %s pixels shown here."),
                             name, picture->width, picture->height, size);
  gtk_label_set_label (self->size, size);
  rn_tooltip_set (GTK_WIDGET (self->name), tooltip);
}

static void
on_model (RnPicturePane *self)
{
  RnModel *model = rn_document_get_model (self->document);

  g_clear_pointer (&self->fields, g_free);
  if (model != NULL)
    self->fields = rn_model_get_receptive_fields (model);
}

/* The box in pixels of what is shown, which need not be the network's own. */
static graphene_rect_t
scale_box (RnPicturePane *self, const graphene_rect_t *box)
{
  const RnShape *input = &rn_model_get_input (rn_document_get_model (self->document))->output_shape;
  GdkTexture *seen = rn_document_get_seen (self->document);
  float x = gdk_texture_get_width (seen) / (float) input->dims[1];
  float y = gdk_texture_get_height (seen) / (float) input->dims[0];

  return GRAPHENE_RECT_INIT (box->origin.x * x, box->origin.y * y, box->size.width * x,
                             box->size.height * y);
}

static graphene_rect_t
get_box (RnPicturePane *self, const RnProbe *probe)
{
  const RnShape *input = &rn_model_get_input (rn_document_get_model (self->document))->output_shape;
  graphene_rect_t box = rn_field_get_box (&self->fields[probe->layer], input, probe->unit);

  return scale_box (self, &box);
}

/* @core is in pixels of the network's input; %NULL until the effective field is known. */
static void
show_caption (RnPicturePane *self, const RnProbe *probe, const graphene_rect_t *core)
{
  const RnReceptiveField *field = &self->fields[probe->layer];
  const RnShape *input = &rn_model_get_input (rn_document_get_model (self->document))->output_shape;
  double centre = field->start[0] + probe->unit.y * field->stride[0];
  g_autofree char *value = g_strdup_printf ("%.4g", probe->value);
  g_autofree char *text = NULL;

  if (core != NULL)
    text = g_strdup_printf (_ ("%s · sees %d×%d px; most paths begin in %d×%d (path counts)"), value,
                            (int) field->size[0], (int) field->size[1], (int) core->size.height,
                            (int) core->size.width);
  else
    text = g_strdup_printf (_ ("%s · sees %d×%d px"), value, (int) field->size[0],
                            (int) field->size[1]);
  gtk_label_set_label (self->caption, text);
  gtk_widget_set_valign (GTK_WIDGET (self->caption),
                         centre > input->dims[0] / 2.0 && field->stride[0] > 0 ? GTK_ALIGN_START
                                                                               : GTK_ALIGN_END);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), TRUE);
}

static void
on_field (gpointer owner, gpointer result, const GError *error)
{
  RnPicturePane *self = owner;
  const RnProbe *probe = rn_document_get_probe (self->document);
  RnSeenField *field = result;

  if (probe != NULL && field != NULL && rn_document_get_seen (self->document) != NULL)
    {
      graphene_rect_t box = get_box (self, probe), core = scale_box (self, &field->core);

      self->has_effective = TRUE;
      rn_picture_view_set_field (self->view, &box, field->texture, &core);
      show_caption (self, probe, &field->core);
    }
  g_clear_pointer (&field, rn_seen_field_free);
}

static void
on_probe (RnPicturePane *self)
{
  const RnProbe *probe = rn_document_get_probe (self->document);
  RnModel *model = rn_document_get_model (self->document);
  graphene_rect_t box;

  rn_work_cancel (&self->field_work);
  self->has_effective = FALSE;
  if (probe == NULL || self->fields == NULL || rn_document_get_seen (self->document) == NULL)
    {
      rn_picture_view_set_field (self->view, NULL, NULL, NULL);
      gtk_widget_set_visible (GTK_WIDGET (self->caption), FALSE);
      return;
    }

  box = get_box (self, probe);
  rn_picture_view_set_field (self->view, &box, NULL, NULL);
  show_caption (self, probe, NULL);
  rn_work_start (&self->field_work, self, rn_field_work,
                 rn_field_request_new (model, probe->layer, probe->unit), rn_field_request_free,
                 rn_seen_field_free, on_field);
}

static void
on_overlay (RnPicturePane *self)
{
  GdkTexture *overlay = rn_document_get_overlay (self->document);
  const char *title = rn_document_get_overlay_title (self->document);

  gtk_widget_set_visible (self->overlay_row, overlay != NULL);
  if (title != NULL)
    gtk_label_set_label (self->overlay_title, title);
  rn_tooltip_set (GTK_WIDGET (self->overlay_title), title);
  rn_picture_view_set_overlay (self->view, overlay, gtk_range_get_value (self->opacity));
}

static void
on_close_overlay (RnPicturePane *self)
{
  rn_document_claim_overlay (self->document, NULL);
}

static void
on_opacity (RnPicturePane *self)
{
  if (self->document != NULL)
    on_overlay (self);
}

static void
rn_picture_pane_dispose (GObject *object)
{
  RnPicturePane *self = RN_PICTURE_PANE (object);
  GtkWidget *child;

  rn_work_cancel (&self->field_work);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->fields, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_picture_pane_parent_class)->dispose (object);
}

static void
rn_picture_pane_class_init (RnPicturePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_picture_pane_dispose;
  g_type_ensure (RN_TYPE_PICTURE_VIEW);
  g_type_ensure (RN_TYPE_PICTURE_STRIP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/picture/picture-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, stack);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, view);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, caption);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, name);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, size);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, strip);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, overlay_row);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, overlay_title);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, opacity);
  gtk_widget_class_bind_template_callback (widget_class, on_opacity);
  gtk_widget_class_bind_template_callback (widget_class, on_close_overlay);
}

static void
rn_picture_pane_init (RnPicturePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_picture_pane_set_document (RnPicturePane *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_PICTURE_PANE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  rn_picture_strip_set_document (self->strip, document);
  g_signal_connect_swapped (document, "notify::seen", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::probe", G_CALLBACK (on_probe), self);
  g_signal_connect_swapped (document, "notify::overlay", G_CALLBACK (on_overlay), self);
  on_model (self);
  update (self);
}

/* Returns: the name shown; "" where there is no picture */
const char *
rn_picture_pane_get_name (RnPicturePane *self)
{
  return gtk_label_get_label (self->name);
}

/* Returns: (transfer none) (nullable): the picture shown */
GdkPaintable *
rn_picture_pane_get_paintable (RnPicturePane *self)
{
  GdkTexture *picture = rn_picture_view_get_picture (self->view);

  return picture != NULL ? GDK_PAINTABLE (picture) : NULL;
}

RnPictureView *
rn_picture_pane_get_view (RnPicturePane *self)
{
  return self->view;
}

RnPictureStrip *
rn_picture_pane_get_strip (RnPicturePane *self)
{
  return self->strip;
}

/* Returns: what is said of the unit pointed at; "" where none is */
const char *
rn_picture_pane_get_caption (RnPicturePane *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->caption)) ? gtk_label_get_label (self->caption)
                                                             : "";
}

/* Returns: whether the effective field of the unit pointed at is shown already */
gboolean
rn_picture_pane_has_effective (RnPicturePane *self)
{
  return self->has_effective;
}
