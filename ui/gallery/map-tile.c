#include "ui/gallery/map-tile.h"

#include "ui/canvas/texture-node.h"

struct _RnMapTile
{
  GtkWidget parent_instance;

  GdkTexture *texture;
  GskRenderNode *node; /* of it, made when it is first drawn */
  gboolean selected, hovered;
};

G_DEFINE_FINAL_TYPE (RnMapTile, rn_map_tile, GTK_TYPE_WIDGET)

/* Values stay whole numbers of pixels: a map that does not fill the tile is not stretched. */
static graphene_rect_t
get_frame (RnMapTile *self)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * RN_MAP_TILE_BORDER;
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * RN_MAP_TILE_BORDER;
  double w = gdk_texture_get_width (self->texture) / scale;
  double h = gdk_texture_get_height (self->texture) / scale;
  double shrink = MIN (1, MIN (width / w, height / h));

  return GRAPHENE_RECT_INIT (RN_MAP_TILE_BORDER + (int) ((width - w * shrink) / 2),
                             RN_MAP_TILE_BORDER + (int) ((height - h * shrink) / 2), w * shrink,
                             h * shrink);
}

static void
rn_map_tile_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnMapTile *self = RN_MAP_TILE (widget);
  GdkRGBA accent = { 0.2, 0.5, 0.9, 1 };
  graphene_rect_t frame;

  if (self->texture == NULL)
    return;

  frame = get_frame (self);
  if (self->node == NULL)
    self->node = rn_texture_node_new (widget, self->texture, &frame);
  gtk_snapshot_append_node (snapshot, self->node);
  if (self->selected || self->hovered)
    {
      GskRoundedRect outline;
      float thin = self->selected ? RN_MAP_TILE_BORDER : 1;
      float widths[4] = { thin, thin, thin, thin };
      GdkRGBA colors[4];

      gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "rn_accent", &accent);
      for (int i = 0; i < 4; i++)
        colors[i] = accent;
      graphene_rect_inset (&frame, -thin, -thin);
      gsk_rounded_rect_init_from_rect (&outline, &frame, 2);
      gtk_snapshot_append_border (snapshot, &outline, widths, colors);
    }
}

static void
rn_map_tile_dispose (GObject *object)
{
  g_clear_object (&RN_MAP_TILE (object)->texture);
  g_clear_pointer (&RN_MAP_TILE (object)->node, gsk_render_node_unref);

  G_OBJECT_CLASS (rn_map_tile_parent_class)->dispose (object);
}

static void
rn_map_tile_class_init (RnMapTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_map_tile_dispose;
  widget_class->snapshot = rn_map_tile_snapshot;
  gtk_widget_class_set_css_name (widget_class, "maptile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
rn_map_tile_init (RnMapTile *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
rn_map_tile_new (void)
{
  return g_object_new (RN_TYPE_MAP_TILE, NULL);
}

/**
 * rn_map_tile_set:
 * @texture: the map
 * @label: what it is, for those who do not see it
 * @position: its place among @n_positions, from 0
 */
void
rn_map_tile_set (RnMapTile *self,
                 GdkTexture *texture,
                 const char *label,
                 int position,
                 int n_positions)
{
  g_return_if_fail (RN_IS_MAP_TILE (self));

  g_set_object (&self->texture, texture);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_POS_IN_SET,
                                  position + 1, GTK_ACCESSIBLE_RELATION_SET_SIZE, n_positions, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rn_map_tile_set_state (RnMapTile *self, gboolean selected, gboolean hovered)
{
  if (selected == self->selected && hovered == self->hovered)
    return;

  if (selected != self->selected)
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, selected,
                                 -1);
  self->selected = selected;
  self->hovered = hovered;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
