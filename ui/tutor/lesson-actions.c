#include "ui/tutor/lesson-actions.h"

#include <glib/gi18n.h>

static void
on_lesson (GSimpleAction *action, GVariant *name, gpointer tutor)
{
  rn_tutor_open_named (tutor, g_variant_get_string (name, NULL));
}

static void
on_reset (GSimpleAction *action, GVariant *parameter, gpointer tutor)
{
  rn_tutor_reset (tutor);
}

static void
on_chosen (RnTutor *tutor, int response, GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    rn_tutor_open_file (tutor, file);
  g_object_set_data (G_OBJECT (tutor), "chooser", NULL);
}

static void
on_open (GSimpleAction *action, GVariant *parameter, gpointer tutor)
{
  GtkFileChooserNative *chooser = g_object_get_data (tutor, "chooser");

  if (chooser == NULL)
    {
      GtkRoot *root = gtk_widget_get_root (tutor);
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      chooser = gtk_file_chooser_native_new (_ ("Open a lesson"),
                                             GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                             GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
      gtk_file_filter_set_name (filter, _ ("Lessons (.xml)"));
      gtk_file_filter_add_suffix (filter, "xml");
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
      g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen), tutor,
                               G_CONNECT_SWAPPED);
      g_object_set_data_full (tutor, "chooser", chooser, g_object_unref);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* The card's own actions, from wherever the keyboard is. */
static void
on_card (GSimpleAction *action, GVariant *parameter, gpointer tutor)
{
  const char *name = g_action_get_name (G_ACTION (action));
  g_autofree char *own = g_strconcat ("tutor.", name + strlen ("lesson-"), NULL);

  if (rn_tutor_get_lesson (tutor) != NULL)
    gtk_widget_activate_action (tutor, own, NULL);
}

/**
 * rn_lesson_actions_add:
 * @window: gets the actions; outlives @tutor
 */
void
rn_lesson_actions_add (GtkWindow *window, RnTutor *tutor)
{
  const GActionEntry entries[] = {
    { .name = "lesson", .activate = on_lesson, .parameter_type = "s" },
    { .name = "open-lesson", .activate = on_open },
    { .name = "reset-lessons", .activate = on_reset },
    { .name = "lesson-next", .activate = on_card },
    { .name = "lesson-back", .activate = on_card },
    { .name = "lesson-check", .activate = on_card },
    { .name = "lesson-help", .activate = on_card },
    { .name = "lesson-show", .activate = on_card },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), tutor);
}
