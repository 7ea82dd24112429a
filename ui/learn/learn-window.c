#include "ui/learn/learn-window.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ui/learn/learn-export.h"
#include "ui/learn/learn-figures.h"
#include "ui/learn/learn-words.h"
#include "ui/learn/maps-view.h"

#define MAX_MESSAGE_HEIGHT 110

struct _RnLearnWindow
{
  GtkWindow parent_instance;

  /* template */
  GtkBox *content;
  RnLearnForm *form;
  GtkButton *toggle;
  GtkWidget *resume;
  GtkSpinner *spinner;
  GtkLabel *status;
  GtkProgressBar *progress;
  GtkWidget *message_bar;
  GtkScrolledWindow *message_scrolled;
  GtkLabel *message;
  RnFigureView *errors;
  RnFigureView *gradients;
  RnFigureView *responses;
  GtkSpinButton *picture;
  RnMapsView *maps_a;
  RnMapsView *maps_b;
  GtkRange *scrub;
  GtkLabel *place;

  GtkWidget *side; /* of somebody else's, or NULL */

  /* owned */
  RnLearning *learning;
  GtkFileChooserNative *chooser;
  char *saving;  /* what is being saved where */
  char *trouble; /* the last thing that could not be saved, or NULL */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (RnLearnWindow, rn_learn_window, GTK_TYPE_WINDOW)

static void
append_line (GString *text, const char *title, const char *line)
{
  if (line == NULL)
    return;
  g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? "\n" : "", title != NULL ? title : "",
                          title != NULL ? ": " : "", line);
}

/* As high as the message is where it is no longer than a few lines. */
static void
set_message (RnLearnWindow *self, const char *text)
{
  int width = MAX (gtk_widget_get_width (GTK_WIDGET (self->errors)) - 60, 400), height;

  gtk_label_set_label (self->message, text);
  gtk_widget_measure (GTK_WIDGET (self->message), GTK_ORIENTATION_VERTICAL, width, NULL, &height,
                      NULL, NULL);
  gtk_scrolled_window_set_min_content_height (self->message_scrolled,
                                              MIN (height, MAX_MESSAGE_HEIGHT));
}

static void
show_message (RnLearnWindow *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_line (text, NULL, rn_learning_get_error (self->learning));
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autofree char *title = rn_learn_get_title (self->learning, r);

      append_line (text, title, rn_learning_get_run_error (self->learning, r));
    }
  append_line (text, NULL, rn_learning_get_warning (self->learning));
  append_line (text, NULL, self->trouble);
  if (text->len > 0 && g_strcmp0 (gtk_label_get_label (self->message), text->str) != 0)
    set_message (self, text->str);
  gtk_widget_set_visible (self->message_bar, text->len > 0);
}

static void
show_state (RnLearnWindow *self)
{
  RnLearnState state = rn_learning_get_state (self->learning);
  gboolean running = state == RN_LEARN_RUNNING || state == RN_LEARN_LOADING;
  gboolean active = rn_learning_is_active (self->learning);
  gboolean built = rn_learning_get_model (self->learning, 1) != NULL;
  g_autofree char *text = rn_learn_describe_state (self->learning);
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_label_set_label (self->status, text);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_progress_bar_set_fraction (self->progress, rn_learning_get_share (self->learning));
  gtk_button_set_label (self->toggle, running                    ? _ ("_Pause")
                                      : state == RN_LEARN_PAUSED ? _ ("_Go on")
                                                                 : _ ("_Start"));
  gtk_widget_action_set_enabled (widget, "learn.step", !running);
  gtk_widget_action_set_enabled (widget, "learn.stop", active);
  gtk_widget_action_set_enabled (widget, "learn.save", built);
}

/* Whether there is something to go on with is asked of the disk, so only where it may change. */
static void
show_resume (RnLearnWindow *self)
{
  gboolean can = rn_learning_can_resume (self->learning);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "learn.resume", can);
  gtk_widget_set_visible (self->resume,
                          can && rn_learning_get_state (self->learning) == RN_LEARN_IDLE);
}

static void
show_place (RnLearnWindow *self)
{
  int n = rn_learning_get_n_shots (self->learning), shown = rn_learning_get_shown (self->learning);
  const RnLearnShot *shot = rn_learning_get_shown_shot (self->learning, 0);
  const RnLearnShot *other = rn_learning_get_shown_shot (self->learning, 1);
  g_autofree char *text = NULL;

  if (shot == NULL || (other != NULL && other->step > shot->step))
    shot = other;
  self->filling = TRUE;
  gtk_range_set_range (self->scrub, 0, MAX (n - 1, 1));
  gtk_range_set_value (self->scrub, shown >= 0 ? shown : n - 1);
  self->filling = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->scrub), n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "learn.back", n > 1 && shown != 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "learn.forward", shown >= 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "learn.live", shown >= 0);
  if (shot != NULL)
    text = g_strdup_printf (_ ("step %d · epoch %.2f · %d kept, %.1f MB"), (int)shot->step,
                            shot->epoch, n, rn_learning_get_shots_memory (self->learning) / 1e6);
  gtk_label_set_label (self->place, text != NULL ? text : "");
}

static void
show_figures (RnLearnWindow *self)
{
  gboolean dark = rn_figure_view_is_dark (GTK_WIDGET (self->errors));
  g_autofree char *errors = rn_learn_describe_errors (self->learning);
  g_autofree char *gradients = rn_learn_describe_blocks (self->learning, FALSE);
  g_autofree char *responses = rn_learn_describe_blocks (self->learning, TRUE);

  rn_figure_view_set_figure (self->errors, rn_learn_figure_errors (self->learning, dark), errors);
  rn_figure_view_set_figure (self->gradients,
                             rn_learn_figure_blocks (self->learning, RN_LEARN_GRADIENTS, dark),
                             gradients);
  rn_figure_view_set_figure (self->responses,
                             rn_learn_figure_blocks (self->learning, RN_LEARN_RESPONSES, dark),
                             responses);
  rn_maps_view_update (self->maps_a);
  rn_maps_view_update (self->maps_b);
}

static void
show_picture (RnLearnWindow *self)
{
  int n = rn_learning_get_n_pictures (self->learning, TRUE);

  self->filling = TRUE;
  gtk_spin_button_set_range (self->picture, 0, n > 0 ? n - 1 : 100000);
  gtk_spin_button_set_value (self->picture, rn_learning_get_picture (self->learning));
  self->filling = FALSE;
}

static void
on_changed (RnLearnWindow *self)
{
  show_state (self);
  show_message (self);
  show_place (self);
  show_picture (self);
  show_figures (self);
  if (rn_learning_get_state (self->learning) != RN_LEARN_RUNNING)
    show_resume (self);
}

/* Light became dark, or the other way round. */
static void
rn_learn_window_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  RnLearnWindow *self = RN_LEARN_WINDOW (widget);

  GTK_WIDGET_CLASS (rn_learn_window_parent_class)->css_changed (widget, change);
  if (self->learning != NULL)
    show_figures (self);
}

static void
on_scrubbed (RnLearnWindow *self)
{
  int value = (int)round (gtk_range_get_value (self->scrub));

  if (self->filling)
    return;
  rn_learning_set_shown (self->learning,
                         value >= rn_learning_get_n_shots (self->learning) - 1 ? -1 : value);
}

static void
on_picture_changed (RnLearnWindow *self)
{
  if (!self->filling)
    rn_learning_set_picture (self->learning, gtk_spin_button_get_value_as_int (self->picture));
}

static void
on_toggle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnLearnWindow *self = RN_LEARN_WINDOW (widget);
  RnLearnState state = rn_learning_get_state (self->learning);

  g_clear_pointer (&self->trouble, g_free);
  if (state == RN_LEARN_RUNNING || state == RN_LEARN_LOADING)
    rn_learning_pause (self->learning);
  else
    rn_learning_start (self->learning);
}

static void
on_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_learning_step (RN_LEARN_WINDOW (widget)->learning);
}

static void
on_stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_learning_stop (RN_LEARN_WINDOW (widget)->learning);
}

static void
report (RnLearnWindow *self, const char *message)
{
  g_free (self->trouble);
  self->trouble = g_strdup (message);
  show_message (self);
}

static void
on_resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnLearnWindow *self = RN_LEARN_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (!rn_learning_resume (self->learning, &error))
    report (self, error->message);
}

static void
look_along (RnLearnWindow *self, int step)
{
  int shown = rn_learning_get_shown (self->learning), n = rn_learning_get_n_shots (self->learning);

  if (n == 0 || (shown < 0 && step > 0))
    return;
  shown = CLAMP ((shown < 0 ? n - 1 : shown) + step, 0, n - 1);
  rn_learning_set_shown (self->learning, shown == n - 1 ? -1 : shown);
}

static void
on_back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  look_along (RN_LEARN_WINDOW (widget), -1);
}

static void
on_forward_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  look_along (RN_LEARN_WINDOW (widget), 1);
}

static void
on_live_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_learning_set_shown (RN_LEARN_WINDOW (widget)->learning, -1);
}

static void
on_network_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnLearnWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!rn_learning_save_finish (RN_LEARNING (source), result, &error) && self->learning != NULL)
    report (self, error->message);
}

static void
on_save_chosen (RnLearnWindow *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL &&
      !rn_learn_window_save (self, self->saving, path, &error))
    report (self, error->message);
  g_clear_object (&self->chooser);
}

static void
on_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnLearnWindow *self = RN_LEARN_WINDOW (widget);
  const char *what = g_variant_get_string (parameter, NULL);
  g_autofree char *file = rn_learn_export_suggest_name (self->learning, what);

  if (self->chooser != NULL)
    return;
  g_free (self->saving);
  self->saving = g_strdup (what);
  self->chooser = gtk_file_chooser_native_new (_ ("Save"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), file);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_save_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
on_drop (RnLearnWindow *self, const GValue *value)
{
  GSList *files = G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) ? g_value_get_boxed (value) : NULL;

  if (files == NULL ||
      g_file_query_file_type (files->data, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_DIRECTORY)
    return FALSE;
  rn_learn_form_take_folder (self->form, files->data);

  return TRUE;
}

static void
rn_learn_window_dispose (GObject *object)
{
  RnLearnWindow *self = RN_LEARN_WINDOW (object);

  if (self->learning != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->learning, self);
      rn_learning_pause (self->learning); /* nobody looks */
    }
  g_clear_object (&self->learning);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->saving, g_free);
  g_clear_pointer (&self->trouble, g_free);

  G_OBJECT_CLASS (rn_learn_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, content);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, form);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, toggle);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, resume);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, status);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, message_bar);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, message_scrolled);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, message);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, errors);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, gradients);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, responses);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, maps_a);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, maps_b);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, scrub);
  gtk_widget_class_bind_template_child (widget_class, RnLearnWindow, place);
  gtk_widget_class_bind_template_callback (widget_class, on_scrubbed);
  gtk_widget_class_bind_template_callback (widget_class, on_picture_changed);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *action;
    guint key;
    GdkModifierType modifiers;
  } keys[] = {
    { "learn.toggle", GDK_KEY_Return, GDK_CONTROL_MASK },
    { "learn.step", GDK_KEY_Right, GDK_CONTROL_MASK },
    { "learn.stop", GDK_KEY_period, GDK_CONTROL_MASK },
    { "learn.back", GDK_KEY_Left, GDK_ALT_MASK },
    { "learn.forward", GDK_KEY_Right, GDK_ALT_MASK },
    { "learn.live", GDK_KEY_End, GDK_ALT_MASK },
    { "window.close", GDK_KEY_w, GDK_CONTROL_MASK },
  };

  gtk_widget_class_install_action (widget_class, "learn.toggle", NULL, on_toggle_action);
  gtk_widget_class_install_action (widget_class, "learn.step", NULL, on_step_action);
  gtk_widget_class_install_action (widget_class, "learn.stop", NULL, on_stop_action);
  gtk_widget_class_install_action (widget_class, "learn.resume", NULL, on_resume_action);
  gtk_widget_class_install_action (widget_class, "learn.back", NULL, on_back_action);
  gtk_widget_class_install_action (widget_class, "learn.forward", NULL, on_forward_action);
  gtk_widget_class_install_action (widget_class, "learn.live", NULL, on_live_action);
  gtk_widget_class_install_action (widget_class, "learn.save", "s", on_save_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
}

static void
rn_learn_window_class_init (RnLearnWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_learn_window_dispose;
  widget_class->css_changed = rn_learn_window_css_changed;
  g_type_ensure (RN_TYPE_LEARN_FORM);
  g_type_ensure (RN_TYPE_FIGURE_VIEW);
  g_type_ensure (RN_TYPE_MAPS_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/learn/learn-window.ui");
  bind_children (widget_class);
  install_actions (widget_class);
}

static void
rn_learn_window_init (RnLearnWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * rn_learn_window_new:
 * @store: fetches pictures to learn from
 *
 * Returns: (transfer none): a window of its own; training pauses when it is closed
 */
GtkWidget *
rn_learn_window_new (RnLearning *learning, RnWeightsStore *store)
{
  RnLearnWindow *self = g_object_new (RN_TYPE_LEARN_WINDOW, NULL);

  self->learning = g_object_ref (learning);
  rn_learn_form_set_learning (self->form, learning, store);
  rn_maps_view_set_learning (self->maps_a, learning, 0);
  rn_maps_view_set_learning (self->maps_b, learning, 1);
  g_signal_connect_swapped (learning, "changed", G_CALLBACK (on_changed), self);
  on_changed (self);

  return GTK_WIDGET (self);
}

RnLearnForm *
rn_learn_window_get_form (RnLearnWindow *self)
{
  return self->form;
}

RnFigureView *
rn_learn_window_get_errors (RnLearnWindow *self)
{
  return self->errors;
}

RnFigureView *
rn_learn_window_get_blocks (RnLearnWindow *self, gboolean responses)
{
  return responses ? self->responses : self->gradients;
}

GtkRange *
rn_learn_window_get_scrub (RnLearnWindow *self)
{
  return self->scrub;
}

/**
 * rn_learn_window_set_side:
 * @widget: (nullable): what stands at the right, such as a lesson's card; without a parent
 *
 * Whoever gives it takes it out again before the window goes.
 */
void
rn_learn_window_set_side (RnLearnWindow *self, GtkWidget *widget)
{
  if (self->side != NULL)
    gtk_box_remove (self->content, self->side);
  self->side = widget;
  if (widget != NULL)
    gtk_box_append (self->content, widget);
}

/* Returns: (transfer none) (nullable) */
GtkWidget *
rn_learn_window_get_side (RnLearnWindow *self)
{
  return self->side;
}

const char *
rn_learn_window_get_status (RnLearnWindow *self)
{
  return gtk_label_get_label (self->status);
}

/* Returns: (nullable): what went wrong, where it is shown */
const char *
rn_learn_window_get_message (RnLearnWindow *self)
{
  return gtk_widget_get_visible (self->message_bar) ? gtk_label_get_label (self->message) : NULL;
}

/**
 * rn_learn_window_save:
 * @what: as the action learn.save takes it
 * @path: where to; a network is saved in the background, and the window says if that fails
 */
gboolean
rn_learn_window_save (RnLearnWindow *self, const char *what, const char *path, GError **error)
{
  RnLearning *learning = self->learning;

  if (g_str_has_suffix (what, ".h5"))
    {
      rn_learning_save_async (learning, what[0] == 'b', path, on_network_saved,
                              g_object_ref (self));
      return TRUE;
    }

  return rn_learn_export (learning, what, path, error);
}
