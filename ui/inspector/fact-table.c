#include "ui/inspector/fact-table.h"

struct _RnFactTable
{
  GtkWidget parent_instance;

  GtkWidget *grid;
  GPtrArray *facts;
};

enum
{
  ACTIVATE_LINK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnFactTable, rn_fact_table, GTK_TYPE_WIDGET)

static gboolean
on_activate_link (RnFactTable *self, const char *uri)
{
  /* The label may go with what the link leads to. */
  g_autofree char *target = g_strdup (uri);

  g_signal_emit (self, signals[ACTIVATE_LINK], 0, target);

  return TRUE;
}

static void
rn_fact_table_dispose (GObject *object)
{
  RnFactTable *self = RN_FACT_TABLE (object);

  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_pointer (&self->facts, g_ptr_array_unref);

  G_OBJECT_CLASS (rn_fact_table_parent_class)->dispose (object);
}

static void
rn_fact_table_class_init (RnFactTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_fact_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  /* A link was followed: its target, as RnFact has it. */
  signals[ACTIVATE_LINK]
      = g_signal_new ("activate-link", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rn_fact_table_init (RnFactTable *self)
{
  self->grid = g_object_new (GTK_TYPE_GRID, "column-spacing", 10, "row-spacing", 3, NULL);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}

static void
append (RnFactTable *self, int row, const RnFact *fact)
{
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", fact->title, "xalign", 0.0, "yalign",
                                   0.0, "css-classes",
                                   (const char *const[]) { "dim-label", NULL }, NULL);
  GtkWidget *text = g_object_new (GTK_TYPE_LABEL, "label", fact->text, "use-markup", TRUE, "xalign",
                                  0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable",
                                  TRUE, "hexpand", TRUE, "css-classes",
                                  (const char *const[]) { "numeric", NULL }, NULL);

  /* Selectable, but a Tab stop only where there is a link to go to. */
  gtk_widget_set_focusable (text, strstr (fact->text, "<a ") != NULL);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY, title,
                                  NULL, -1);
  g_signal_connect_swapped (text, "activate-link", G_CALLBACK (on_activate_link), self);
  gtk_grid_attach (GTK_GRID (self->grid), title, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), text, 1, row, 1, 1);
}

/**
 * rn_fact_table_set_facts:
 * @facts: (transfer full) (element-type RnFact): the rows
 */
void
rn_fact_table_set_facts (RnFactTable *self, GPtrArray *facts)
{
  GtkWidget *child;

  g_return_if_fail (RN_IS_FACT_TABLE (self));

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  g_clear_pointer (&self->facts, g_ptr_array_unref);
  self->facts = facts;
  for (guint i = 0; i < facts->len; i++)
    append (self, i, g_ptr_array_index (facts, i));
}

/* Returns: (nullable): the text of the row of that title, or %NULL where there is none */
const char *
rn_fact_table_find (RnFactTable *self, const char *title)
{
  for (guint i = 0; self->facts != NULL && i < self->facts->len; i++)
    {
      const RnFact *fact = g_ptr_array_index (self->facts, i);

      if (g_str_equal (fact->title, title))
        return fact->text;
    }

  return NULL;
}
