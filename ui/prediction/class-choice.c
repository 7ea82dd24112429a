#include "ui/prediction/class-choice.h"

#include <glib/gi18n.h>

struct _RnClassChoice
{
  GtkWidget parent_instance;

  GtkWidget *list; /* a GtkDropDown */
  RnDocument *document;
  int n_classes;    /* that the list is of; 0 where it has to be made anew */
  gboolean filling; /* the list is being set, not used */
};

G_DEFINE_FINAL_TYPE (RnClassChoice, rn_class_choice, GTK_TYPE_WIDGET)

/* The list's first line is whatever class comes first. */
static void
show_class (RnClassChoice *self)
{
  if (self->n_classes == 0)
    return;

  self->filling = TRUE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->list),
                              rn_document_get_class (self->document) + 1);
  self->filling = FALSE;
}

static void
fill (RnClassChoice *self, int n_classes)
{
  RnNetwork *network = rn_document_get_network (self->document);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("the class that comes first"));
  for (int i = 0; i < n_classes; i++)
    {
      g_autofree char *label = rn_network_get_class_label (network, i);

      gtk_string_list_append (names, label);
    }
  self->filling = TRUE;
  self->n_classes = n_classes;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->list), G_LIST_MODEL (names));
  gtk_widget_set_sensitive (self->list, TRUE);
  self->filling = FALSE;
}

/* A thousand names take their time: they are listed once they are in view. */
static void
on_run (RnClassChoice *self)
{
  const RnRun *run = self->document != NULL ? rn_document_get_run (self->document) : NULL;

  if (run != NULL && run->n_classes != self->n_classes &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      fill (self, run->n_classes);
      show_class (self);
    }
}

static void
rn_class_choice_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rn_class_choice_parent_class)->map (widget);
  on_run (RN_CLASS_CHOICE (widget));
}

/* Until they are listed anew, the names are another model's. */
static void
on_model (RnClassChoice *self)
{
  self->n_classes = 0;
  gtk_widget_set_sensitive (self->list, FALSE);
}

static void
on_selected (RnClassChoice *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->list));

  if (!self->filling && self->document != NULL && chosen != GTK_INVALID_LIST_POSITION)
    rn_document_set_class (self->document, (int) chosen - 1);
}

static void
rn_class_choice_dispose (GObject *object)
{
  RnClassChoice *self = RN_CLASS_CHOICE (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->list, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_class_choice_parent_class)->dispose (object);
}

static void
rn_class_choice_class_init (RnClassChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_class_choice_dispose;
  GTK_WIDGET_CLASS (klass)->map = rn_class_choice_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
rn_class_choice_init (RnClassChoice *self)
{
  GtkExpression *name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  /* A thousand classes are found by typing. */
  self->list = gtk_drop_down_new (NULL, name);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->list), TRUE);
  gtk_widget_add_css_class (self->list, "compact");
  gtk_widget_set_tooltip_text (self->list, _ ("Of which class"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Class"), -1);
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
  g_signal_connect_swapped (self->list, "notify::selected", G_CALLBACK (on_selected), self);
}

void
rn_class_choice_set_document (RnClassChoice *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_CLASS_CHOICE (self) && self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (on_run), self);
  g_signal_connect_swapped (document, "notify::class-index", G_CALLBACK (show_class), self);
  on_run (self);
}
