#include "ui/window/lesson-view.h"

#include "ui/window/lesson-place.h"

static gboolean
scroll_to (gpointer widget)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *content = scrolled != NULL ? gtk_widget_get_first_child (scrolled) : NULL;
  GtkAdjustment *adjustment;
  double x, y;

  /* Of what is scrolled, not of the window that it is seen through. */
  if (GTK_IS_VIEWPORT (content))
    content = gtk_viewport_get_child (GTK_VIEWPORT (content));
  if (content == NULL || !gtk_widget_translate_coordinates (widget, content, 0, 0, &x, &y))
    return G_SOURCE_REMOVE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_adjustment_set_value (adjustment, y);

  return G_SOURCE_REMOVE;
}

/* Once what has just been selected has found its size. */
static void
scroll_to_later (GtkWidget *widget)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, 100, scroll_to, g_object_ref (widget), g_object_unref);
}

static void
show_look (RnWindow *window, RnLook look)
{
  rn_canvas_set_look (rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (window)), look);
}

/**
 * rn_lesson_view_show:
 * @view: (nullable): one of rn_lesson_views
 * @channel: of the layer that is selected: enlarged among its maps; -1 for none
 */
void
rn_lesson_view_show (RnWindow *window, const char *view, int channel)
{
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (window));
  RnGalleryPane *gallery = rn_inspector_get_gallery (rn_window_get_inspector (window));

  rn_lesson_place_home (window);
  /* What a step is about is to be seen, whatever was looked at before. */
  rn_window_show_right (window, g_strcmp0 (view, "experiments") == 0 ? "experiments" : "inspector");
  if (g_strcmp0 (view, "blocks") == 0)
    show_look (window, RN_LOOK_BLOCKS);
  else if (g_strcmp0 (view, "keras2") == 0)
    show_look (window, RN_LOOK_KERAS2);
  else if (g_strcmp0 (view, "keras3") == 0)
    show_look (window, RN_LOOK_KERAS3);
  else if (g_strcmp0 (view, "overview") == 0)
    {
      show_look (window, RN_LOOK_BLOCKS);
      rn_canvas_fit (canvas);
    }
  else if (g_strcmp0 (view, "maps") == 0)
    scroll_to_later (GTK_WIDGET (gallery));
  if (channel >= 0)
    rn_gallery_pane_select_channel (gallery, channel);
}
