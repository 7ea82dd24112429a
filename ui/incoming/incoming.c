#include "ui/incoming/incoming.h"

#include <glib/gi18n.h>

#include "ui/pictures/picture-loader.h"

#define TAKE "rn-incoming-take"
#define PORTION_BYTES (64 << 10)

static void read_portion (GdkContentDeserializer *deserializer);

static void
on_portion (GObject *source, GAsyncResult *result, gpointer data)
{
  GdkContentDeserializer *deserializer = data;
  GByteArray *content = gdk_content_deserializer_get_task_data (deserializer);
  GError *error = NULL;
  g_autoptr (GBytes) portion =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (portion == NULL)
    gdk_content_deserializer_return_error (deserializer, error);
  else if (g_bytes_get_size (portion) == 0)
    {
      g_value_take_boxed (gdk_content_deserializer_get_value (deserializer),
                          g_byte_array_free_to_bytes (g_byte_array_ref (content)));
      gdk_content_deserializer_return_success (deserializer);
    }
  else if (content->len + g_bytes_get_size (portion) > RN_PICTURE_MAX_FILE_BYTES)
    gdk_content_deserializer_return_error (
        deserializer,
        g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE, _ ("Pictures of up to %d MiB are taken."),
                     RN_PICTURE_MAX_FILE_BYTES >> 20));
  else
    {
      g_byte_array_append (content, g_bytes_get_data (portion, NULL), g_bytes_get_size (portion));
      read_portion (deserializer);
    }
}

static void
read_portion (GdkContentDeserializer *deserializer)
{
  g_input_stream_read_bytes_async (gdk_content_deserializer_get_input_stream (deserializer),
                                   PORTION_BYTES,
                                   gdk_content_deserializer_get_priority (deserializer),
                                   gdk_content_deserializer_get_cancellable (deserializer),
                                   on_portion, deserializer);
}

static void
read_bytes (GdkContentDeserializer *deserializer)
{
  gdk_content_deserializer_set_task_data (deserializer, g_byte_array_new (),
                                          (GDestroyNotify) g_byte_array_unref);
  read_portion (deserializer);
}

/* GDK would decode a picture itself, in this process. */
static void
register_bytes (void)
{
  static const char *const mime_types[] = { "image/png", "image/jpeg", "image/webp" };
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (mime_types); i++)
    gdk_content_register_deserializer (mime_types[i], G_TYPE_BYTES, read_bytes, NULL, NULL);
  g_once_init_leave (&done, 1);
}

/* Returns: whether there was anything to take */
static gboolean
take_value (const GValue *value, const char *name, RnIncomingTake take, gpointer data)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  RnIncoming incoming = { .name = name };

  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
      g_ptr_array_add (files, l->data);
  else if (G_VALUE_HOLDS (value, G_TYPE_FILE) && g_value_get_object (value) != NULL)
    g_ptr_array_add (files, g_value_get_object (value));
  else if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    incoming.picture = g_value_get_boxed (value);
  incoming.files = (GFile *const *) files->pdata;
  incoming.n_files = files->len;
  if (incoming.n_files == 0 && incoming.picture == NULL)
    return FALSE;
  take (data, &incoming);

  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  RnIncomingTake take = (RnIncomingTake) g_object_get_data (G_OBJECT (target), TAKE);

  return take_value (value, _ ("dropped picture"), take, data);
}

/**
 * rn_incoming_add_target:
 * @take: called with @data for what is dropped
 *
 * The theme shows `:drop(active)` meanwhile.
 *
 * Returns: (transfer none): the target, for those who want to know when something comes near
 */
GtkDropTarget *
rn_incoming_add_target (GtkWidget *widget, RnIncomingTake take, gpointer data)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE, G_TYPE_BYTES };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  register_bytes ();
  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_object_set_data (G_OBJECT (target), TAKE, (gpointer) take);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), data);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));

  return target;
}

typedef struct
{
  GtkWidget *widget;
  RnIncomingTake take;
  RnIncomingMiss miss;
} Paste;

static void
on_pasted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Paste *paste = data;
  g_autoptr (GtkWidget) widget = paste->widget;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (gtk_widget_get_root (widget) == NULL)
    return;
  if (value == NULL || !take_value (value, _ ("pasted picture"), paste->take, widget))
    paste->miss (widget, error != NULL ? error->message : _ ("The clipboard holds no file."));
}

/**
 * rn_incoming_paste:
 * @take: called with @widget for what lies in the clipboard, later
 * @miss: called where that is nothing to take
 */
void
rn_incoming_paste (GtkWidget *widget, RnIncomingTake take, RnIncomingMiss miss)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  const GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_BYTES };
  g_autoptr (GdkContentFormats) readable = NULL;

  register_bytes ();
  /* What can be turned into these types counts as well: first what is this program's own into what
   * others would see of it, then that. */
  readable = gdk_content_formats_union_deserialize_gtypes (
      gdk_content_formats_union_serialize_mime_types (
          gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard))));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (gdk_content_formats_contain_gtype (readable, types[i]))
      {
        Paste *paste = g_new (Paste, 1);

        *paste = (Paste) { g_object_ref (widget), take, miss };
        gdk_clipboard_read_value_async (clipboard, types[i], G_PRIORITY_DEFAULT, NULL, on_pasted,
                                        paste);
        return;
      }
  miss (widget, _ ("The clipboard holds no picture; copy one, or a picture's file, first."));
}
