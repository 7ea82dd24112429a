#include "ui/gallery/legend.h"

#include <glib/gi18n.h>

struct _RnLegend
{
  GtkWidget parent_instance;

  GtkWidget *low;
  GtkWidget *strip;
  GtkWidget *high;
};

G_DEFINE_FINAL_TYPE (RnLegend, rn_legend, GTK_TYPE_WIDGET)

static GdkTexture *
make_strip (RnColorMap colors)
{
  const guint32 *table = rn_color_map_get_table (colors);
  gsize size = RN_COLOR_MAP_SIZE * sizeof *table;
  g_autoptr (GBytes) bytes = g_bytes_new_static (table, size);

  return gdk_memory_texture_new (RN_COLOR_MAP_SIZE, 1, GDK_MEMORY_DEFAULT, bytes, size);
}

static void
rn_legend_dispose (GObject *object)
{
  RnLegend *self = RN_LEGEND (object);

  g_clear_pointer (&self->low, gtk_widget_unparent);
  g_clear_pointer (&self->strip, gtk_widget_unparent);
  g_clear_pointer (&self->high, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_legend_parent_class)->dispose (object);
}

static void
rn_legend_class_init (RnLegendClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_legend_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "legend");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static GtkWidget *
make_label (RnLegend *self)
{
  return g_object_new (GTK_TYPE_LABEL, "css-classes",
                       (const char *const[]) { "caption", "numeric", NULL }, NULL);
}

static void
rn_legend_init (RnLegend *self)
{
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                              6);
  self->low = make_label (self);
  self->high = make_label (self);
  self->strip = g_object_new (GTK_TYPE_PICTURE, "can-shrink", TRUE, "keep-aspect-ratio", FALSE,
                              "hexpand", TRUE, "height-request", 8, "valign", GTK_ALIGN_CENTER,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (self->low, GTK_WIDGET (self));
  gtk_widget_set_parent (self->strip, GTK_WIDGET (self));
  gtk_widget_set_parent (self->high, GTK_WIDGET (self));
}

/**
 * rn_legend_set:
 * @range: (nullable): what the ends stand for; %NULL where that differs from map to map
 */
void
rn_legend_set (RnLegend *self, RnColorMap colors, const RnRange *range)
{
  g_autoptr (GdkTexture) strip = make_strip (colors);
  g_autofree char *low = range != NULL ? g_strdup_printf ("%.3g", range->low)
                                       : g_strdup (_ ("each map's least"));
  g_autofree char *high = range != NULL ? g_strdup_printf ("%.3g", range->high)
                                        : g_strdup (_ ("greatest"));
  g_autofree char *label = g_strdup_printf (_ ("Colours from %s to %s"), low, high);

  g_return_if_fail (RN_IS_LEGEND (self));

  gtk_picture_set_paintable (GTK_PICTURE (self->strip), GDK_PAINTABLE (strip));
  gtk_label_set_label (GTK_LABEL (self->low), low);
  gtk_label_set_label (GTK_LABEL (self->high), high);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

const char *
rn_legend_get_low (RnLegend *self)
{
  return gtk_label_get_label (GTK_LABEL (self->low));
}

const char *
rn_legend_get_high (RnLegend *self)
{
  return gtk_label_get_label (GTK_LABEL (self->high));
}
