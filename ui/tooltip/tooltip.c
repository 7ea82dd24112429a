/* Tooltips of widgets that change often.
 *
 * gtk_widget_set_tooltip_text() asks the X server at once where the pointer is, and waits for the
 * answer, twice: a list of fifty rows takes longer for that than for all else. Here the text is kept
 * until GTK asks for it.
 */
#include "ui/tooltip/tooltip.h"

static GQuark
get_quark (void)
{
  return g_quark_from_static_string ("rn-tooltip");
}

static gboolean
on_query (GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip)
{
  const char *text = rn_tooltip_get (widget);

  gtk_tooltip_set_text (tooltip, text);

  return text != NULL;
}

/**
 * rn_tooltip_set:
 * @text: (nullable): what is shown where the pointer rests on @widget; %NULL for nothing
 *
 * A screen reader gets it as the description.
 */
void
rn_tooltip_set (GtkWidget *widget, const char *text)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_strcmp0 (text, rn_tooltip_get (widget)) == 0)
    return;
  if (g_signal_handler_find (widget, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_query, NULL) == 0)
    g_signal_connect (widget, "query-tooltip", G_CALLBACK (on_query), NULL);
  g_object_set_qdata_full (G_OBJECT (widget), get_quark (), g_strdup (text), g_free);
  gtk_widget_set_has_tooltip (widget, text != NULL);
  if (text != NULL)
    gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  else
    gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

/* Returns: (nullable): what rn_tooltip_set() was told */
const char *
rn_tooltip_get (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  return g_object_get_qdata (G_OBJECT (widget), get_quark ());
}
