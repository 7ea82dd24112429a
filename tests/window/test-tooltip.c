#include "tests/window/window-test.h"
#include "ui/tooltip/tooltip.h"

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

/* How much the X server has been asked so far; 0 on other displays. */
static gulong
count_requests (void)
{
#ifdef GDK_WINDOWING_X11
  GdkDisplay *display = gdk_display_get_default ();

  if (GDK_IS_X11_DISPLAY (display))
    return NextRequest (gdk_x11_display_get_xdisplay (display));
#endif

  return 0;
}

static gboolean
query (GtkWidget *widget)
{
  GtkTooltip *tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  g_signal_emit_by_name (widget, "query-tooltip", 0, 0, FALSE, tooltip, &shown);
  g_object_unref (tooltip);

  return shown;
}

static void
test_text (void)
{
  const char *text = "Stage 4: 30.1 % of the parameters";
  GtkWidget *window = gtk_window_new (), *label = gtk_label_new ("Stage 3");
  gulong before;

  g_test_summary ("A tooltip's text is shown and described, and nobody is asked for it before");

  gtk_window_set_child (GTK_WINDOW (window), label);
  gtk_window_present (GTK_WINDOW (window));
  rn_window_test_settle (100);
  g_assert_false (query (label));

  before = count_requests ();
  rn_tooltip_set (label, "Stage 3: 5.2 % of the parameters");
  rn_tooltip_set (label, text);
  g_assert_cmpuint (count_requests (), ==, before);
  g_assert_cmpstr (rn_tooltip_get (label), ==, text);
  g_assert_true (gtk_widget_get_has_tooltip (label));
  g_assert_true (query (label));
  gtk_test_accessible_assert_property (label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);

  rn_tooltip_set (label, NULL);
  g_assert_false (gtk_widget_get_has_tooltip (label));
  g_assert_false (query (label));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/tooltip/text", test_text);

  return g_test_run ();
}
