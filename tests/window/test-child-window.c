#include "tests/window/window-test.h"
#include "ui/window/child-window.h"

static GtkWidget *
open_window (void)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_present (GTK_WINDOW (window));

  return window;
}

/* What a worker that holds @child finds once it has ended. */
static void
outlive (GtkWidget *child, GtkWidget *parent)
{
  g_object_add_weak_pointer (G_OBJECT (parent), (gpointer *) &parent);
  gtk_window_destroy (GTK_WINDOW (parent));
  rn_window_test_settle (50);
  g_assert_null (parent);
  g_assert_null (gtk_window_get_transient_for (GTK_WINDOW (child)));
}

static void
test_outlive (void)
{
  GtkWidget *parent = open_window ();
  GtkWidget *child = g_object_ref_sink (open_window ());
  GtkWidget *place = NULL;

  g_test_summary ("A window that work holds longer than its parent lives knows the parent no more");

  rn_child_window_adopt (&place, child, GTK_WINDOW (parent));
  outlive (child, parent);
  g_assert_true (place == child);
  g_object_unref (child);
  g_assert_null (place);
}

static void
test_stay (void)
{
  GtkWidget *parent = open_window (), *child = open_window ();

  g_test_summary ("So does one that stays open");

  rn_child_window_set_parent (GTK_WINDOW (child), GTK_WINDOW (parent));
  outlive (child, parent);
  gtk_window_destroy (GTK_WINDOW (child));
}

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/child-window/outlive", test_outlive);
  g_test_add_func ("/child-window/stay", test_stay);

  return g_test_run ();
}
