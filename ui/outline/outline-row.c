#include "ui/outline/outline-row.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/tooltip/tooltip.h"

#define LINE_HEIGHT 2

struct _RnOutlineRow
{
  GtkWidget parent_instance;

  GtkWidget *title;
  GtkWidget *detail;
  GtkWidget *line;
  double share;
};

G_DEFINE_FINAL_TYPE (RnOutlineRow, rn_outline_row, GTK_TYPE_WIDGET)

static void
rn_outline_row_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  RnOutlineRow *self = RN_OUTLINE_ROW (widget);
  int title_min, title_nat, detail_min, detail_nat;

  gtk_widget_measure (self->title, orientation, -1, &title_min, &title_nat, NULL, NULL);
  gtk_widget_measure (self->detail, orientation, -1, &detail_min, &detail_nat, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = title_min + detail_nat;
      *natural = title_nat + detail_nat;
    }
  else
    {
      *minimum = MAX (title_min, detail_min) + LINE_HEIGHT;
      *natural = MAX (title_nat, detail_nat) + LINE_HEIGHT;
    }
}

static void
rn_outline_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RnOutlineRow *self = RN_OUTLINE_ROW (widget);
  int text_height = height - LINE_HEIGHT, detail_width;
  GtkAllocation title, detail, line;

  gtk_widget_measure (self->detail, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &detail_width, NULL,
                      NULL);
  detail_width = MIN (detail_width, width);
  title = (GtkAllocation) { 0, 0, width - detail_width, text_height };
  detail = (GtkAllocation) { title.width, 0, detail_width, text_height };
  line = (GtkAllocation) { 0, text_height, (int) lround (width * self->share), LINE_HEIGHT };
  gtk_widget_size_allocate (self->title, &title, -1);
  gtk_widget_size_allocate (self->detail, &detail, -1);
  gtk_widget_size_allocate (self->line, &line, -1);
}

static void
rn_outline_row_dispose (GObject *object)
{
  RnOutlineRow *self = RN_OUTLINE_ROW (object);

  g_clear_pointer (&self->title, gtk_widget_unparent);
  g_clear_pointer (&self->detail, gtk_widget_unparent);
  g_clear_pointer (&self->line, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_outline_row_parent_class)->dispose (object);
}

static void
rn_outline_row_class_init (RnOutlineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_outline_row_dispose;
  widget_class->measure = rn_outline_row_measure;
  widget_class->size_allocate = rn_outline_row_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "outlinerow");
}

static void
rn_outline_row_init (RnOutlineRow *self)
{
  self->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  self->detail
      = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, "css-classes",
                      (const char *const[]) { "dim-label", "caption", "numeric", NULL }, NULL);
  self->line = g_object_new (GTK_TYPE_BOX, "css-name", "share", NULL);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_parent (self->title, GTK_WIDGET (self));
  gtk_widget_set_parent (self->detail, GTK_WIDGET (self));
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
}

GtkWidget *
rn_outline_row_new (void)
{
  return g_object_new (RN_TYPE_OUTLINE_ROW, NULL);
}

void
rn_outline_row_set_item (RnOutlineRow *self, RnOutlineItem *item)
{
  const char *detail = rn_outline_item_get_detail (item);
  g_autofree char *tooltip = NULL;

  self->share = rn_outline_item_get_share (item);
  tooltip = g_strdup_printf (_ ("%s: %.1f %% of the parameters"), rn_outline_item_get_title (item),
                             100 * self->share);
  gtk_label_set_label (GTK_LABEL (self->title), rn_outline_item_get_title (item));
  gtk_label_set_label (GTK_LABEL (self->detail), detail != NULL ? detail : "");
  rn_tooltip_set (GTK_WIDGET (self), tooltip);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
