#include "ui/teach/teach-confusion.h"

#include <glib/gi18n.h>
#include <math.h>

/* Cells are shaded in so many steps, by the share of their row: classes shade-0, shade-1, ... */
#define N_SHADES 5

struct _RnTeachConfusion
{
  GtkWidget parent_instance;

  GtkGrid *grid;
  int n_classes; /* that the grid has cells for */
};

G_DEFINE_FINAL_TYPE (RnTeachConfusion, rn_teach_confusion, GTK_TYPE_WIDGET)

static void
rn_teach_confusion_dispose (GObject *object)
{
  RnTeachConfusion *self = RN_TEACH_CONFUSION (object);

  if (self->grid != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->grid));
  self->grid = NULL;

  G_OBJECT_CLASS (rn_teach_confusion_parent_class)->dispose (object);
}

static void
rn_teach_confusion_class_init (RnTeachConfusionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_teach_confusion_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "confusion");
}

static void
rn_teach_confusion_init (RnTeachConfusion *self)
{
  self->grid = g_object_new (GTK_TYPE_GRID, "row-spacing", 2, "column-spacing", 2, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}

static GtkWidget *
make_name (gboolean of_row)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", of_row ? 1.0 : 0.5, "ellipsize",
                       PANGO_ELLIPSIZE_END, "max-width-chars", of_row ? 12 : 7, "hexpand", !of_row,
                       "css-classes", (const char *const[]){ "caption", NULL }, NULL);
}

static void
remake (RnTeachConfusion *self, int n_classes)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (int i = 0; i < n_classes; i++)
    {
      gtk_grid_attach (self->grid, make_name (TRUE), 0, i + 1, 1, 1);
      gtk_grid_attach (self->grid, make_name (FALSE), i + 1, 0, 1, 1);
      for (int j = 0; j < n_classes; j++)
        gtk_grid_attach (self->grid, gtk_label_new (NULL), j + 1, i + 1, 1, 1);
    }
  self->n_classes = n_classes;
}

static void
show_name (RnTeachConfusion *self, int column, int row, const char *name)
{
  GtkWidget *label = gtk_grid_get_child_at (self->grid, column, row);

  gtk_label_set_label (GTK_LABEL (label), name);
  gtk_widget_set_tooltip_text (label, name);
}

static void
show_cell (RnTeachConfusion *self, RnTeaching *teaching, int right, int taken_for, int n_of_row)
{
  GtkWidget *label = gtk_grid_get_child_at (self->grid, taken_for + 1, right + 1);
  int n = rn_teaching_get_confusion (teaching, right, taken_for);
  int shade = n == 0 ? 0 : 1 + (int)floor ((N_SHADES - 2) * (double)n / n_of_row);
  g_autofree char *text = g_strdup_printf ("%d", n);
  g_autofree char *shade_class = g_strdup_printf ("shade-%d", shade);
  const char *classes[] = { "numeric", right == taken_for ? "cell-right" : "cell-wrong",
                            shade_class, NULL };
  g_autofree char *words =
      g_strdup_printf (ngettext ("%d of %d picture of “%s” taken for “%s”",
                                 "%d of %d pictures of “%s” taken for “%s”", n_of_row),
                       n, n_of_row, rn_teaching_get_label (teaching, right),
                       rn_teaching_get_label (teaching, taken_for));

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_set_css_classes (label, classes);
  gtk_widget_set_tooltip_text (label, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* Costs the square of the number of classes. */
void
rn_teach_confusion_show (RnTeachConfusion *self, RnTeaching *teaching)
{
  int n_classes = rn_teaching_get_n_classes (teaching);

  if (n_classes != self->n_classes)
    remake (self, n_classes);
  for (int i = 0; i < n_classes; i++)
    {
      int n_of_row = 0;

      for (int j = 0; j < n_classes; j++)
        n_of_row += rn_teaching_get_confusion (teaching, i, j);
      show_name (self, 0, i + 1, rn_teaching_get_label (teaching, i));
      show_name (self, i + 1, 0, rn_teaching_get_label (teaching, i));
      for (int j = 0; j < n_classes; j++)
        show_cell (self, teaching, i, j, n_of_row);
    }
}

const char *
rn_teach_confusion_get_cell (RnTeachConfusion *self, int right, int taken_for)
{
  GtkWidget *label = gtk_grid_get_child_at (self->grid, taken_for + 1, right + 1);

  return gtk_label_get_label (GTK_LABEL (label));
}
