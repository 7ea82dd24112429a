#include "ui/window/window-tools.h"

#include "ui/stages/stages-window.h"
#include "ui/window/child-window.h"

#define KEY "rn-window-tools"

/* Belongs to the window. */
typedef struct
{
  GtkApplicationWindow *window;
  RnDocument *document;
  RnSheet *sheet;    /* NULL until it is first asked for */
  GtkWidget *stages; /* NULL while it is not shown */
} Tools;

static RnSheet *
ensure_sheet (Tools *self)
{
  if (self->sheet == NULL)
    {
      self->sheet = rn_sheet_new (self->document);
      rn_child_window_set_parent (GTK_WINDOW (self->sheet), GTK_WINDOW (self->window));
      gtk_window_set_destroy_with_parent (GTK_WINDOW (self->sheet), TRUE);
      g_object_add_weak_pointer (G_OBJECT (self->sheet), (gpointer *) &self->sheet);
    }

  return self->sheet;
}

static void
on_summary (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rn_sheet_show_page (ensure_sheet (data), RN_SHEET_SUMMARY);
}

static void
on_keras_code (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rn_sheet_show_page (ensure_sheet (data), RN_SHEET_CODE);
}

static void
on_stages (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Tools *self = data;

  if (self->stages == NULL)
    {
      self->stages = rn_stages_window_new ();
      rn_child_window_set_parent (GTK_WINDOW (self->stages), GTK_WINDOW (self->window));
      g_object_add_weak_pointer (G_OBJECT (self->stages), (gpointer *) &self->stages);
    }
  gtk_window_present (GTK_WINDOW (self->stages));
}

static void
tools_free (gpointer data)
{
  Tools *self = data;

  if (self->sheet != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (self->sheet), (gpointer *) &self->sheet);
      gtk_window_destroy (GTK_WINDOW (self->sheet));
    }
  if (self->stages != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (self->stages), (gpointer *) &self->stages);
      gtk_window_destroy (GTK_WINDOW (self->stages));
    }
  g_object_unref (self->document);
  g_free (self);
}

/* Adds win.summary, win.keras-code and win.side-by-side to a window. */
void
rn_window_tools_add (GtkApplicationWindow *window, RnDocument *document)
{
  static const GActionEntry entries[] = {
    { .name = "summary", .activate = on_summary },
    { .name = "keras-code", .activate = on_keras_code },
    { .name = "side-by-side", .activate = on_stages },
  };
  Tools *self = g_new0 (Tools, 1);

  self->window = window;
  self->document = g_object_ref (document);
  g_object_set_data_full (G_OBJECT (window), KEY, self, tools_free);
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
}

/* Returns: (transfer none): the sheet, made if it was not there */
RnSheet *
rn_window_tools_get_sheet (GtkApplicationWindow *window)
{
  return ensure_sheet (g_object_get_data (G_OBJECT (window), KEY));
}
