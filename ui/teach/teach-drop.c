#include "ui/teach/teach-drop.h"

static const char take_key[] = "rn-teach-take";

/* Returns: whether there was anything to take */
static gboolean
take_value (const GValue *value, RnTeachTake take, gpointer data)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      GSList *files = g_value_get_boxed (value);

      for (GSList *l = files; l != NULL; l = l->next)
        take (data, l->data, NULL);
      return files != NULL;
    }
  if (G_VALUE_HOLDS (value, G_TYPE_FILE) && g_value_get_object (value) != NULL)
    take (data, g_value_get_object (value), NULL);
  else if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE) && g_value_get_object (value) != NULL)
    take (data, NULL, g_value_get_object (value));
  else
    return FALSE;

  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  RnTeachTake take = (RnTeachTake)g_object_get_data (G_OBJECT (target), take_key);

  return take_value (value, take, data);
}

/* Has @widget take what is dropped on it. The theme shows `:drop(active)` meanwhile. */
void
rn_teach_drop_add (GtkWidget *widget, RnTeachTake take, gpointer data)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_object_set_data (G_OBJECT (target), take_key, (gpointer)take);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), data);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}

typedef struct
{
  GtkWidget *widget;
  RnTeachTake take;
} Paste;

static void
on_pasted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Paste *paste = data;
  g_autoptr (GtkWidget) widget = paste->widget;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value == NULL || gtk_widget_get_root (widget) == NULL ||
      !take_value (value, paste->take, widget))
    gtk_widget_error_bell (widget);
}

/* Takes what lies in the clipboard; @take gets @widget as its data, later. */
void
rn_teach_drop_paste (GtkWidget *widget, RnTeachTake take)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  const GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  g_autoptr (GdkContentFormats) readable = gdk_content_formats_union_deserialize_gtypes (
      gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (gdk_content_formats_contain_gtype (readable, types[i]))
      {
        Paste *paste = g_new (Paste, 1);

        *paste = (Paste){ g_object_ref (widget), take };
        gdk_clipboard_read_value_async (clipboard, types[i], G_PRIORITY_DEFAULT, NULL, on_pasted,
                                        paste);
        return;
      }
  gtk_widget_error_bell (widget);
}
