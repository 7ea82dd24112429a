#include "ui/window/lesson-place.h"

#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"

#define KEY "rn-lesson-place"
#define WIDTH 350
/* Of the window that the card comes into: the figures stay as wide as their titles. */
#define VIEW_WIDTH 1440

/* Belongs to the main window. */
typedef struct
{
  RnWindow *window;
  GtkWidget *card; /* owned: it outlives the windows that it stands in */
  GtkWidget *home; /* weak: the box that it stands in, in the main window */
  RnLearnWindow *view; /* weak: where it is instead, or was last */
} LessonPlace;

/* GTK 4.8's buttons lose their actions when something above them moves to another window. */
static void
renew_actions (GtkWidget *widget)
{
  const char *known =
      GTK_IS_ACTIONABLE (widget) ? gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)) : NULL;
  g_autofree char *name = g_strdup (known);

  if (name != NULL)
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (widget), NULL);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (widget), name);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    renew_actions (child);
}

static void
go_home (LessonPlace *self)
{
  if (self->view != NULL && rn_learn_window_get_side (self->view) == self->card)
    rn_learn_window_set_side (self->view, NULL);
  if (gtk_widget_get_parent (self->card) != NULL || self->home == NULL)
    return;
  gtk_widget_set_size_request (self->card, -1, -1);
  gtk_box_append (GTK_BOX (self->home), self->card);
  renew_actions (self->card);
}

static gboolean
on_close_request (LessonPlace *self)
{
  go_home (self);

  return FALSE;
}

/* What looks actions up there holds the main window, which would neither end itself nor the view. */
static void
forget_actions (GtkWidget *view)
{
  gtk_widget_insert_action_group (view, "win", NULL);
}

static void
watch (LessonPlace *self, RnLearnWindow *view)
{
  g_signal_connect (view, "destroy", G_CALLBACK (forget_actions), NULL);
  g_signal_connect_object (self->window, "unrealize", G_CALLBACK (forget_actions), view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (view, "close-request", G_CALLBACK (on_close_request), self);
  g_signal_connect_swapped (view, "unmap", G_CALLBACK (go_home), self);
  /* The lesson's keys are the main window's. */
  gtk_widget_insert_action_group (GTK_WIDGET (view), "win", G_ACTION_GROUP (self->window));
}

static void
make_room (RnLearnWindow *view)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (view), &width, &height);
  if (width < VIEW_WIDTH)
    gtk_window_set_default_size (GTK_WINDOW (view), VIEW_WIDTH, height);
}

/* A step is about networks that learn: the card goes where they are. */
static void
on_show_learn (LessonPlace *self, gboolean asked)
{
  gboolean away = gtk_widget_get_parent (self->card) != self->home;
  RnLearnWindow *view;

  if (away && !asked)
    return;
  view = RN_LEARN_WINDOW (rn_learn_actions_show (GTK_APPLICATION_WINDOW (self->window)));
  if (away)
    return;
  if (g_set_weak_pointer (&self->view, view))
    watch (self, view);
  make_room (view);
  /* GTK 4.8's windows keep for good what leaves them twice with the focus in it. */
  gtk_window_set_focus (GTK_WINDOW (self->window), NULL);
  gtk_box_remove (GTK_BOX (self->home), self->card);
  gtk_widget_set_size_request (self->card, WIDTH, -1);
  rn_learn_window_set_side (view, self->card);
  renew_actions (self->card);
}

/* The lesson was closed. */
static void
on_visible (LessonPlace *self)
{
  if (!gtk_widget_get_visible (self->card))
    go_home (self);
}

static void
place_free (gpointer data)
{
  LessonPlace *self = data;

  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_weak_pointer (&self->view);
  g_clear_weak_pointer (&self->home);
  g_signal_handlers_disconnect_by_data (self->card, self);
  g_object_unref (self->card);
  g_free (self);
}

/* The card comes back to the main window. */
void
rn_lesson_place_home (RnWindow *window)
{
  go_home (g_object_get_data (G_OBJECT (window), KEY));
}

/* From now on the tutor's card goes where a step's networks are. */
void
rn_lesson_place_add (RnWindow *window)
{
  LessonPlace *self = g_new0 (LessonPlace, 1);

  self->window = window;
  self->card = g_object_ref (GTK_WIDGET (rn_window_get_tutor (window)));
  g_set_weak_pointer (&self->home, gtk_widget_get_parent (self->card));
  g_object_set_data_full (G_OBJECT (window), KEY, self, place_free);
  g_signal_connect_swapped (self->card, "show-learn", G_CALLBACK (on_show_learn), self);
  g_signal_connect_swapped (self->card, "notify::visible", G_CALLBACK (on_visible), self);
}
