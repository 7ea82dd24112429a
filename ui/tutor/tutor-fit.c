/* How high the card is. */
#include "ui/tutor/tutor-private.h"

/* Of text, question and verdict: the least height in pixels, the largest share of the main window's,
 * or of one that has room, and the width before one has been handed out. */
#define MIN_CONTENT 100
#define CONTENT_SHARE 0.5
#define ROOMY_SHARE 0.75
#define DEFAULT_CONTENT_WIDTH 340

/* Below something else there is less room than beside it. */
static double
get_share (RnTutor *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  gboolean below = GTK_IS_ORIENTABLE (parent) &&
                   gtk_orientable_get_orientation (GTK_ORIENTABLE (parent)) ==
                       GTK_ORIENTATION_VERTICAL;

  return below ? CONTENT_SHARE : ROOMY_SHARE;
}

/* All is in sight as far as the window has room; the rest is scrolled. */
static void
fit_content (RnTutor *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  int width = gtk_widget_get_width (self->content), height, most;

  if (window == NULL)
    return;
  most = MAX (MIN_CONTENT, gtk_widget_get_height (window) * get_share (self));
  gtk_widget_measure (self->content, GTK_ORIENTATION_VERTICAL,
                      width > 0 ? width : DEFAULT_CONTENT_WIDTH, NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (self->scrolled, -1);
  gtk_scrolled_window_set_max_content_height (self->scrolled, most);
  gtk_scrolled_window_set_min_content_height (self->scrolled, CLAMP (height, MIN_CONTENT, most));
}

/* New widgets know their size only when they have been styled. A verdict, or help, stands below. */
static gboolean
fit_again (gpointer data)
{
  RnTutor *self = data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  gboolean below = gtk_widget_get_visible (GTK_WIDGET (self->verdict))
                   || gtk_widget_get_visible (GTK_WIDGET (self->help));

  if (self->lesson == NULL)
    return G_SOURCE_REMOVE;
  fit_content (self);
  gtk_adjustment_set_value (adjustment, below ? gtk_adjustment_get_upper (adjustment) : 0);

  return G_SOURCE_REMOVE;
}

/* Gives the card the height that its words take. */
void
rn_tutor_fit (RnTutor *self)
{
  fit_content (self);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 150, fit_again, g_object_ref (self), g_object_unref);
}
