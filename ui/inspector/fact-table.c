#include "ui/inspector/fact-table.h"

struct _RnFactTable
{
  GtkWidget parent_instance;

  GtkWidget *grid;
  GPtrArray *facts;
  guint n_rows;  /* of the grid; the last ones may be hidden */
  gboolean late; /* the rows are still those of other facts */
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
append_row (RnFactTable *self)
{
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "yalign", 0.0, "css-classes",
                                   (const char *const[]) { "dim-label", NULL }, NULL);
  GtkWidget *text = g_object_new (GTK_TYPE_LABEL, "use-markup", TRUE, "xalign", 0.0, "wrap", TRUE,
                                  "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "hexpand",
                                  TRUE, "css-classes", (const char *const[]) { "numeric", NULL },
                                  NULL);

  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY, title,
                                  NULL, -1);
  g_signal_connect_swapped (text, "activate-link", G_CALLBACK (on_activate_link), self);
  gtk_grid_attach (GTK_GRID (self->grid), title, 0, self->n_rows, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), text, 1, self->n_rows, 1, 1);
  self->n_rows++;
}

/* @fact: (nullable): %NULL hides the row */
static void
fill_row (RnFactTable *self, int row, const RnFact *fact)
{
  GtkWidget *title = gtk_grid_get_child_at (GTK_GRID (self->grid), 0, row);
  GtkWidget *text = gtk_grid_get_child_at (GTK_GRID (self->grid), 1, row);

  gtk_widget_set_visible (title, fact != NULL);
  gtk_widget_set_visible (text, fact != NULL);
  if (fact == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (title), fact->title);
  gtk_label_set_label (GTK_LABEL (text), fact->text);
  /* Selectable, but a Tab stop only where there is a link to go to. */
  gtk_widget_set_focusable (text, strstr (fact->text, "<a ") != NULL);
}

/* Making, shaping and measuring labels is what takes its time here: rows are used again, and made
 * only once they are seen. */
static void
show_facts (RnFactTable *self)
{
  guint n = self->facts != NULL ? self->facts->len : 0;

  self->late = FALSE;
  while (self->n_rows < n)
    append_row (self);
  for (guint i = 0; i < self->n_rows; i++)
    fill_row (self, i, i < n ? g_ptr_array_index (self->facts, i) : NULL);
}

static void
rn_fact_table_map (GtkWidget *widget)
{
  RnFactTable *self = RN_FACT_TABLE (widget);

  if (self->late)
    show_facts (self);

  GTK_WIDGET_CLASS (rn_fact_table_parent_class)->map (widget);
}

static void
rn_fact_table_class_init (RnFactTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_fact_table_dispose;
  GTK_WIDGET_CLASS (klass)->map = rn_fact_table_map;
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

/**
 * rn_fact_table_set_facts:
 * @facts: (transfer full) (element-type RnFact): the rows
 */
void
rn_fact_table_set_facts (RnFactTable *self, GPtrArray *facts)
{
  g_return_if_fail (RN_IS_FACT_TABLE (self));

  g_clear_pointer (&self->facts, g_ptr_array_unref);
  self->facts = facts;
  self->late = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_facts (self);
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
