/* What the card's buttons do. */
#include "ui/tutor/tutor-private.h"

static void
on_close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_tutor_close (RN_TUTOR (widget));
  rn_tutor_update_menu (RN_TUTOR (widget));
}

static void
on_next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTutor *self = RN_TUTOR (widget);

  if (!rn_tutor_is_at_last (self))
    {
      rn_tutor_go_to (self, self->step + 1);
      return;
    }
  rn_lesson_progress_set_done (self->progress, self->lesson->id);
  rn_tutor_close (self);
  rn_tutor_update_menu (self);
}

static void
on_back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTutor *self = RN_TUTOR (widget);

  if (self->step > 0)
    rn_tutor_go_to (self, self->step - 1);
}

static void
on_show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_tutor_show_focus (RN_TUTOR (widget), TRUE);
}

static void
on_help_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTutor *self = RN_TUTOR (widget);
  RnTutorWork *work = rn_tutor_new_work (self, RN_TUTOR_HELP);

  work->stage = self->help_stage++;
  rn_tutor_ask (self, work);
}

static void
on_check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_tutor_check (RN_TUTOR (widget));
}

/* For a projector: the next larger text, and from the largest back to the normal one. */
static void
on_text_size_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const classes[RN_TUTOR_TEXT_SIZES] = { NULL, "tutor-large", "tutor-larger" };
  RnTutor *self = RN_TUTOR (widget);

  if (classes[self->text_size] != NULL)
    gtk_widget_remove_css_class (self->card, classes[self->text_size]);
  self->text_size = (self->text_size + 1) % RN_TUTOR_TEXT_SIZES;
  if (classes[self->text_size] != NULL)
    gtk_widget_add_css_class (self->card, classes[self->text_size]);
  rn_tutor_fit (self);
}

void
rn_tutor_class_add_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "tutor.text-size", NULL, on_text_size_action);
  gtk_widget_class_install_action (widget_class, "tutor.close", NULL, on_close_action);
  gtk_widget_class_install_action (widget_class, "tutor.next", NULL, on_next_action);
  gtk_widget_class_install_action (widget_class, "tutor.back", NULL, on_back_action);
  gtk_widget_class_install_action (widget_class, "tutor.show", NULL, on_show_action);
  gtk_widget_class_install_action (widget_class, "tutor.help", NULL, on_help_action);
  gtk_widget_class_install_action (widget_class, "tutor.check", NULL, on_check_action);
}
