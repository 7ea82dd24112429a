/* What a screen reader finds in the window. */
#include "tests/window/fixture.h"

#include "tests/window/window-test.h"
#include "ui/window/ui.h"

/* Roles that a person acts on, and which a screen reader therefore announces by a name. */
static gboolean
wants_name (GtkWidget *widget)
{
  switch (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)))
    {
    case GTK_ACCESSIBLE_ROLE_BUTTON:
    case GTK_ACCESSIBLE_ROLE_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_RADIO:
    case GTK_ACCESSIBLE_ROLE_COMBO_BOX:
    case GTK_ACCESSIBLE_ROLE_SEARCH_BOX:
    case GTK_ACCESSIBLE_ROLE_TEXT_BOX:
    case GTK_ACCESSIBLE_ROLE_SPIN_BUTTON:
    case GTK_ACCESSIBLE_ROLE_SLIDER:
    case GTK_ACCESSIBLE_ROLE_SWITCH:
    case GTK_ACCESSIBLE_ROLE_IMG:
    case GTK_ACCESSIBLE_ROLE_LIST:
    case GTK_ACCESSIBLE_ROLE_GRID:
    case GTK_ACCESSIBLE_ROLE_TREE:
      return TRUE;
    default:
      return FALSE;
    }
}

/* A button is named by the words in it. */
static gboolean
has_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return *gtk_label_get_text (GTK_LABEL (widget)) != '\0';
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && has_words (child))
      return TRUE;

  return FALSE;
}

static gboolean
is_named (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
         (GTK_IS_BUTTON (widget) && has_words (widget)) ||
         (GTK_IS_MENU_BUTTON (widget) && has_words (widget)) ||
         (GTK_IS_CHECK_BUTTON (widget) && has_words (widget));
}

/* Where in the tree a widget is, for the log. */
static char *
describe (GtkWidget *widget)
{
  GString *path = g_string_new (NULL);

  for (GtkWidget *w = widget; w != NULL && path->len < 200; w = gtk_widget_get_parent (w))
    g_string_append_printf (path, "%s ", G_OBJECT_TYPE_NAME (w));

  return g_string_free (path, FALSE);
}

/* What GTK's own widgets are made of goes by the whole: the button in a GtkDropDown, an entry's
 * icon. */
static gboolean
is_part (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return parent != NULL &&
         (GTK_IS_MENU_BUTTON (parent) || GTK_IS_SPIN_BUTTON (parent) ||
          GTK_IS_SEARCH_ENTRY (parent) || GTK_IS_ENTRY (parent) || GTK_IS_EDITABLE (parent) ||
          GTK_IS_WINDOW_CONTROLS (parent) || GTK_IS_BUTTON (parent) ||
          GTK_IS_COLUMN_VIEW (parent) || GTK_IS_TREE_EXPANDER (parent) || GTK_IS_SWITCH (parent));
}

/* Returns: how many widgets below and including @widget a reader could not tell by name */
static int
count_unnamed (GtkWidget *widget, int *n_named)
{
  int n = 0;

  if (!gtk_widget_get_visible (widget))
    return 0;
  if (wants_name (widget) && !is_part (widget))
    {
      if (is_named (widget))
        {
          ++*n_named;
        }
      else
        {
          g_autofree char *place = describe (widget);

          g_test_message ("no name: %s", place);
          n++;
        }
    }
  if (GTK_IS_DROP_DOWN (widget)) /* the sign beside what is chosen is a part of it, too */
    return n;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_unnamed (child, n_named);

  return n;
}

/* Whether the graph says how large it is, which it does once there is nothing else to do. */
static gboolean
has_zoom (Fixture *fixture)
{
  GtkWidget *zoom = GTK_WIDGET (gtk_widget_get_template_child (
      GTK_WIDGET (rn_window_get_canvas_pane (fixture->window)), RN_TYPE_CANVAS_PANE, "zoom"));

  return *gtk_label_get_label (GTK_LABEL (zoom)) != '\0';
}

static void
test_names (Fixture *fixture, gconstpointer unused)
{
  static const char *const pages[] = { "overview", "maps", "why", "weights", "block" };
  int n_named = 0, n_unnamed = 0;

  g_test_summary ("All that can be acted on or looked at has a name in the accessibility tree, on "
                  "every page of the inspector");

  fixture_open_sample (fixture, "parachute.png");
  rn_document_select_layer (fixture->document, 5);
  fixture_wait (fixture, has_zoom, "the graph's size");
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      rn_inspector_show_page (rn_window_get_inspector (fixture->window), pages[i]);
      fixture_wait_run (fixture);
      rn_window_test_settle (300);
      g_test_message ("page %s", pages[i]);
      n_unnamed += count_unnamed (GTK_WIDGET (fixture->window), &n_named);
    }

  g_test_message ("%d named, %d not", n_named, n_unnamed);
  g_assert_cmpint (n_named, >, 100);
  g_assert_cmpint (n_unnamed, ==, 0);
}

static void
test_windows (Fixture *fixture, gconstpointer unused)
{
  static const char *const actions[] = { "win.learn",   "win.teach",        "win.compare",
                                         "win.summary", "win.side-by-side", "win.weights" };
  int n_named = 0, n_unnamed = 0;
  GListModel *windows = gtk_window_get_toplevels ();

  g_test_summary ("So it is in every window that the main window opens");

  fixture_open_sample (fixture, "parachute.png");
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      guint n_before = g_list_model_get_n_items (windows);

      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), actions[i], NULL));
      rn_window_test_settle (300);
      g_test_message ("%s", actions[i]);
      g_assert_cmpint (g_list_model_get_n_items (windows), >, n_before);
    }
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      n_unnamed += count_unnamed (window, &n_named);
    }
  g_test_message ("%d named, %d not", n_named, n_unnamed);
  g_assert_cmpint (n_unnamed, ==, 0);
}

int
main (int argc, char *argv[])
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  g_test_add ("/accessible/names", Fixture, "resnet18", fixture_set_up, test_names,
              fixture_tear_down);

  g_test_add ("/accessible/windows", Fixture, "resnet18", fixture_set_up, test_windows,
              fixture_tear_down);

  return g_test_run ();
}
