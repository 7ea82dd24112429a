#include "ui/compare/difference-row.h"

#include <glib/gi18n.h>

#include "ui/compare/mark-sign.h"

/* The kinds of RnDifference, for people. */
static const struct
{
  const char *kind;
  const char *title;
} titles[] = {
  { "missing", N_ ("Missing in B") },
  { "extra", N_ ("Extra in B") },
  { "replaced", N_ ("Replaced") },
  { "input", N_ ("Input") },
  { "filters", N_ ("Filters") },
  { "kernel", N_ ("Kernel") },
  { "stride", N_ ("Stride") },
  { "padding", N_ ("Padding") },
  { "dilation", N_ ("Dilation") },
  { "groups", N_ ("Groups") },
  { "pool", N_ ("Pooling window") },
  { "bias", N_ ("Bias") },
  { "epsilon", N_ ("Epsilon") },
  { "scale", N_ ("Scale and offset") },
  { "activation", N_ ("Activation") },
  { "units", N_ ("Units") },
  { "shape", N_ ("Shape") },
  { "connection", N_ ("Connection") },
  { "order", N_ ("Order of layers") },
  { "blocks", N_ ("Kind of block") },
  { "weights", N_ ("Weights") },
  { "activations", N_ ("Where they part") },
  { "equivalent", N_ ("Written otherwise, computes the same") },
};

static char *
make_title (const RnDifference *difference)
{
  const char *title = difference->kind;

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].kind, difference->kind))
      title = _ (titles[i].title);
  if (difference->n_layers < 2)
    return g_strdup (title);

  return g_strdup_printf (
      g_dngettext (NULL, "%s · %d place", "%s · %d places", difference->n_layers), title,
      difference->n_layers);
}

/* Returns: (transfer floating): a row of a GtkListBox */
GtkWidget *
rn_difference_row_new (const RnDifference *difference)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *sign = rn_mark_sign_new (rn_mark_of_difference (difference->kind));
  g_autofree char *heading = make_title (difference);
  GtkWidget *title = gtk_label_new (heading);
  GtkWidget *text = gtk_label_new (difference->text);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", heading, difference->text);

  gtk_widget_set_valign (sign, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_add_css_class (title, "heading");
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (GTK_BOX (column), title);
  gtk_box_append (GTK_BOX (column), text);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), column);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);

  return row;
}
