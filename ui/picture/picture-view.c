#include "ui/picture/picture-view.h"

#include <math.h>

struct _RnPictureView
{
  GtkWidget parent_instance;

  GdkTexture *picture;
  GdkTexture *overlay;
  double opacity;

  /* of the unit under the pointer, in pixels of the picture */
  gboolean has_field;
  graphene_rect_t box;
  graphene_rect_t core;
  GdkTexture *effective; /* (nullable): as large as the picture */
};

G_DEFINE_FINAL_TYPE (RnPictureView, rn_picture_view, GTK_TYPE_WIDGET)

/* Where the picture lies: as large as there is room, in the middle. */
static graphene_rect_t
get_frame (RnPictureView *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double zoom = MIN (width / gdk_texture_get_width (self->picture),
                     height / gdk_texture_get_height (self->picture));
  double w = gdk_texture_get_width (self->picture) * zoom;
  double h = gdk_texture_get_height (self->picture) * zoom;

  return GRAPHENE_RECT_INIT (floor ((width - w) / 2), floor ((height - h) / 2), w, h);
}

static void
append_frame (GtkSnapshot *snapshot, const graphene_rect_t *rect, float width, const GdkRGBA *color)
{
  GskRoundedRect outline;
  float widths[4] = { width, width, width, width };
  GdkRGBA colors[4] = { *color, *color, *color, *color };

  gsk_rounded_rect_init_from_rect (&outline, rect, 0);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

static graphene_rect_t
place (const graphene_rect_t *frame, double zoom, const graphene_rect_t *rect)
{
  return GRAPHENE_RECT_INIT (frame->origin.x + rect->origin.x * zoom,
                             frame->origin.y + rect->origin.y * zoom, rect->size.width * zoom,
                             rect->size.height * zoom);
}

/* The box may reach beyond the picture; what is seen of it stays inside of the frame. */
static void
snapshot_field (RnPictureView *self, GtkSnapshot *snapshot, const graphene_rect_t *frame)
{
  double zoom = frame->size.width / gdk_texture_get_width (self->picture);
  graphene_rect_t box = place (frame, zoom, &self->box), core = place (frame, zoom, &self->core);
  GdkRGBA outer = { 0.93, 0.2, 0.2, 1 }, inner = { 1, 0.85, 0.1, 1 }, shade = { 0, 0, 0, 0.55 };

  gtk_snapshot_push_clip (snapshot, frame);
  if (self->effective != NULL)
    gtk_snapshot_append_texture (snapshot, self->effective, frame);
  graphene_rect_inset (&box, -1, -1);
  append_frame (snapshot, &box, 3, &shade);
  append_frame (snapshot, &box, 2, &outer);
  if (self->effective != NULL)
    append_frame (snapshot, &core, 1, &inner);
  gtk_snapshot_pop (snapshot);
}

static void
rn_picture_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnPictureView *self = RN_PICTURE_VIEW (widget);
  graphene_rect_t frame;

  if (self->picture == NULL || gtk_widget_get_width (widget) <= 0)
    return;

  frame = get_frame (self);
  gtk_snapshot_append_texture (snapshot, self->picture, &frame);
  if (self->overlay != NULL)
    {
      gtk_snapshot_push_opacity (snapshot, self->opacity);
      gtk_snapshot_append_texture (snapshot, self->overlay, &frame);
      gtk_snapshot_pop (snapshot);
    }
  if (self->has_field)
    snapshot_field (self, snapshot, &frame);
}

static void
rn_picture_view_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = 64;
  *natural = 232;
}

static void
rn_picture_view_dispose (GObject *object)
{
  RnPictureView *self = RN_PICTURE_VIEW (object);

  g_clear_object (&self->picture);
  g_clear_object (&self->overlay);
  g_clear_object (&self->effective);

  G_OBJECT_CLASS (rn_picture_view_parent_class)->dispose (object);
}

static void
rn_picture_view_class_init (RnPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_picture_view_dispose;
  widget_class->snapshot = rn_picture_view_snapshot;
  widget_class->measure = rn_picture_view_measure;
  gtk_widget_class_set_css_name (widget_class, "pictureview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rn_picture_view_init (RnPictureView *self)
{
  self->opacity = 1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * rn_picture_view_set_picture:
 * @picture: (nullable): what the network sees
 * @name: (nullable): what to call it
 */
void
rn_picture_view_set_picture (RnPictureView *self, GdkTexture *picture, const char *name)
{
  g_return_if_fail (RN_IS_PICTURE_VIEW (self));

  g_set_object (&self->picture, picture);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name != NULL ? name : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GdkTexture *
rn_picture_view_get_picture (RnPictureView *self)
{
  return self->picture;
}

/**
 * rn_picture_view_set_overlay:
 * @overlay: (nullable): stretched over the whole picture
 * @opacity: from 0 to 1
 */
void
rn_picture_view_set_overlay (RnPictureView *self, GdkTexture *overlay, double opacity)
{
  g_return_if_fail (RN_IS_PICTURE_VIEW (self));

  g_set_object (&self->overlay, overlay);
  self->opacity = opacity;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GdkTexture *
rn_picture_view_get_overlay (RnPictureView *self)
{
  return self->overlay;
}

/**
 * rn_picture_view_set_field:
 * @box: (nullable): the theoretical receptive field in pixels of the picture; %NULL for none
 * @effective: (nullable): the effective field, as large as the picture, translucent
 * @core: (nullable): where most of that is
 */
void
rn_picture_view_set_field (RnPictureView *self,
                           const graphene_rect_t *box,
                           GdkTexture *effective,
                           const graphene_rect_t *core)
{
  g_return_if_fail (RN_IS_PICTURE_VIEW (self));
  g_return_if_fail (effective == NULL || core != NULL);

  self->has_field = box != NULL;
  if (box != NULL)
    self->box = *box;
  g_set_object (&self->effective, effective);
  if (core != NULL)
    self->core = *core;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Returns: whether a field is shown; if so @box (out) (optional) is it */
gboolean
rn_picture_view_get_field (RnPictureView *self, graphene_rect_t *box)
{
  if (self->has_field && box != NULL)
    *box = self->box;

  return self->has_field;
}
