#include "ui/compare/choices.h"

#include <glib/gi18n.h>

/* What stands before the built-in models. */
enum
{
  CHOICE_SHOWN,
  CHOICE_NEAREST,
  N_FIRST,
};

struct _RnChoices
{
  GObject parent_instance;

  RnDocument *document; /* borrowed: the window that has this has it too */
  GtkStringList *titles;
  GPtrArray *paths; /* of the files, which stand last */
};

G_DEFINE_FINAL_TYPE (RnChoices, rn_choices, G_TYPE_OBJECT)

static void
rn_choices_finalize (GObject *object)
{
  RnChoices *self = RN_CHOICES (object);

  g_clear_object (&self->titles);
  g_clear_pointer (&self->paths, g_ptr_array_unref);

  G_OBJECT_CLASS (rn_choices_parent_class)->finalize (object);
}

static void
rn_choices_class_init (RnChoicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_choices_finalize;
}

static void
rn_choices_init (RnChoices *self)
{
  self->titles = gtk_string_list_new (NULL);
  self->paths = g_ptr_array_new_with_free_func (g_free);
}

static char *
make_shown_title (const RnChoices *self)
{
  RnModel *model = rn_document_get_model (self->document);

  return model != NULL
             ? g_strdup_printf (_ ("%s, which the main window shows"), rn_model_get_title (model))
             : g_strdup (_ ("What the main window shows"));
}

/* What the main window shows, the nearest built-in model, the built-in ones, and files as they
 * come. */
RnChoices *
rn_choices_new (RnDocument *document)
{
  RnChoices *self = g_object_new (RN_TYPE_CHOICES, NULL);
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);
  g_autofree char *shown = NULL;

  self->document = document;
  shown = make_shown_title (self);
  gtk_string_list_append (self->titles, shown);
  gtk_string_list_append (self->titles, _ ("The nearest built-in model"));
  for (int i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("%s (%s)", entries[i].title, entries[i].id);

      gtk_string_list_append (self->titles, title);
    }

  return self;
}

GListModel *
rn_choices_get_titles (RnChoices *self)
{
  return G_LIST_MODEL (self->titles);
}

static guint
get_first_file (void)
{
  int n;

  rn_catalog_list (&n);

  return N_FIRST + n;
}

/* Returns: the place of a choice, or %GTK_INVALID_LIST_POSITION */
guint
rn_choices_find (RnChoices *self, RnComparedKind kind, const char *name)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);

  if (kind == RN_COMPARED_SHOWN || kind == RN_COMPARED_NEAREST)
    return kind == RN_COMPARED_SHOWN ? CHOICE_SHOWN : CHOICE_NEAREST;
  for (int i = 0; kind == RN_COMPARED_BUILTIN && i < n; i++)
    if (g_str_equal (entries[i].id, name))
      return N_FIRST + i;
  for (guint i = 0; kind == RN_COMPARED_FILE && i < self->paths->len; i++)
    if (g_str_equal (g_ptr_array_index (self->paths, i), name))
      return get_first_file () + i;

  return GTK_INVALID_LIST_POSITION;
}

/* Returns: the place of a file, which is added where it is new */
guint
rn_choices_add_file (RnChoices *self, const char *path)
{
  guint place = rn_choices_find (self, RN_COMPARED_FILE, path);
  g_autofree char *name = g_filename_display_basename (path);

  if (place != GTK_INVALID_LIST_POSITION)
    return place;
  g_ptr_array_add (self->paths, g_strdup (path));
  gtk_string_list_append (self->titles, name);

  return get_first_file () + self->paths->len - 1;
}

static gboolean
get_shown (RnChoices *self, RnCompared *choice)
{
  RnNetwork *network = rn_document_get_network (self->document);
  const RnCatalogEntry *entry;

  if (network == NULL)
    return FALSE;
  entry = rn_network_get_entry (network);
  choice->kind = RN_COMPARED_SHOWN;
  choice->model = rn_model_ref (rn_network_get_model (network));
  choice->binding = rn_network_get_binding (network);
  if (choice->binding != NULL)
    rn_binding_ref (choice->binding);
  choice->name = g_strdup (rn_model_get_title (choice->model));
  choice->preprocess = entry != NULL ? entry->preprocess : NULL;

  return TRUE;
}

/**
 * rn_choices_get:
 * @choice: (out caller-allocates): what stands at that place; clear it
 *
 * Returns: whether anything does: the main window may show nothing yet
 */
gboolean
rn_choices_get (RnChoices *self, guint i, RnCompared *choice)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);

  *choice = (RnCompared){ RN_COMPARED_NEAREST };
  if (i == CHOICE_SHOWN)
    return get_shown (self, choice);
  if (i == CHOICE_NEAREST)
    {
      choice->name = g_strdup ("");
    }
  else if (i < get_first_file ())
    {
      choice->kind = RN_COMPARED_BUILTIN;
      choice->name = g_strdup (entries[i - N_FIRST].id);
    }
  else if (i - get_first_file () < self->paths->len)
    {
      choice->kind = RN_COMPARED_FILE;
      choice->name = g_strdup (g_ptr_array_index (self->paths, i - get_first_file ()));
    }
  else
    {
      return FALSE;
    }

  return TRUE;
}

/* To be called when the main window shows another model: its title changes. */
void
rn_choices_follow (RnChoices *self)
{
  g_autofree char *title = make_shown_title (self);
  const char *const titles[] = { title, NULL };

  if (g_str_equal (gtk_string_list_get_string (self->titles, CHOICE_SHOWN), title))
    return;
  gtk_string_list_splice (self->titles, CHOICE_SHOWN, 1, titles);
}

/**
 * rn_choices_get_first:
 * @a: (out): what is held to be right at first
 * @b: (out): what is checked against it
 *
 * A built-in model that is shown is held to be right, and stands beside the tutorial's own rebuilt
 * one; a model from a file is checked against the nearest built-in one.
 */
void
rn_choices_get_first (RnChoices *self, guint *a, guint *b)
{
  RnNetwork *network = rn_document_get_network (self->document);
  const char *id = rn_document_get_model_id (self->document);

  *a = CHOICE_NEAREST;
  *b = CHOICE_SHOWN;
  if (network != NULL && rn_network_get_entry (network) == NULL)
    return;
  *a = CHOICE_SHOWN;
  *b = rn_choices_find (self, RN_COMPARED_BUILTIN,
                        g_strcmp0 (id, "resnet18") == 0 ? "resnet18-tf" : "resnet50-rebuilt");
}
