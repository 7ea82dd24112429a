#include "ui/tutor/tutor-private.h"

#include "ui/lessons/lesson-text.h"
#include "ui/lessons/words.h"
#include "ui/tutor/focus.h"
#include "ui/tutor/lesson-menu.h"

enum
{
  SHOW_VIEW,
  SHOW_LEARN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnTutor, rn_tutor, GTK_TYPE_WIDGET)

const RnStep *
rn_tutor_get_step_shown (RnTutor *self)
{
  return rn_lesson_get_step (self->lesson, self->step);
}

static const char *
say (RnTutor *self, RnWord word)
{
  return rn_word_get (word, self->lesson->language);
}

static void
set_markup (GtkLabel *label, const char *text)
{
  g_autofree char *markup = rn_lesson_text_to_markup (text != NULL ? text : "");

  gtk_label_set_markup (label, markup);
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

gboolean
rn_tutor_is_at_last (RnTutor *self)
{
  return self->step + 1 >= (int)self->lesson->steps->len;
}

static void
update_actions (RnTutor *self)
{
  const RnTask *task = rn_tutor_get_step_shown (self)->task;
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean solution = self->help_stage >= RN_TUTOR_HELP_STAGES - 1;
  gboolean learn = rn_tutor_get_step_shown (self)->learn != NULL;

  gtk_widget_action_set_enabled (widget, "tutor.back", self->step > 0);
  gtk_widget_action_set_enabled (widget, "tutor.check", task != NULL && self->cancellable == NULL);
  gtk_widget_action_set_enabled (widget, "tutor.help",
                                 task != NULL && self->help_stage < RN_TUTOR_HELP_STAGES);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), task != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->check), task != NULL);
  gtk_button_set_label (self->hint, say (self, solution ? RN_WORD_SOLUTION : RN_WORD_HINT));
  gtk_button_set_label (self->next, say (self, rn_tutor_is_at_last (self) ? RN_WORD_FINISH : RN_WORD_NEXT));
  gtk_button_set_label (self->back, say (self, RN_WORD_BACK));
  gtk_button_set_label (self->show, say (self, learn ? RN_WORD_SHOW_LEARN : RN_WORD_SHOW));
  gtk_button_set_label (self->check, say (self, RN_WORD_CHECK));
}

/**
 * rn_tutor_show_focus:
 * @asked: whether somebody asked for it, rather than only came to the step
 *
 * Shows what the step is about; later, where its model is still being loaded.
 */
void
rn_tutor_show_focus (RnTutor *self, gboolean asked)
{
  const RnStep *step = rn_tutor_get_step_shown (self);

  self->focus_waits = !rn_focus_apply (self->document, self->lesson, step);
  if (self->focus_waits)
    return;
  if (step->learn != NULL)
    {
      rn_tutor_set_up_learning (self, asked, step->start);
      g_signal_emit (self, signals[SHOW_LEARN], 0, asked);
    }
  else
    g_signal_emit (self, signals[SHOW_VIEW], 0, step->view, step->channel);
}

static void
show_verdict (RnTutor *self, const RnVerdict *verdict)
{
  const char *word = say (self, verdict->right ? RN_WORD_RIGHT : RN_WORD_NOT_YET);
  g_autofree char *text = NULL;

  /* What is said of a right answer mostly begins with that word. */
  if (verdict->right && verdict->reason != NULL)
    text = g_strconcat ("*✓* ", verdict->reason, NULL);
  else
    text = g_strconcat (verdict->right ? "*✓ " : "*", word, "* ",
                        verdict->reason != NULL ? verdict->reason : "", NULL);

  set_markup (self->verdict, text);
  gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), "tutor-right");
  gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), "tutor-wrong");
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict),
                            verdict->right ? "tutor-right" : "tutor-wrong");
  self->passed |= verdict->right;
}

/* Where the keyboard is in the card, it goes to where the answer begins. */
static void
place_keyboard (RnTutor *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return;
  if (!rn_task_view_focus (self->task))
    gtk_widget_grab_focus (GTK_WIDGET (self->next));
}

static void
show_task (RnTutor *self, const char *const *options)
{
  const RnStep *step = rn_tutor_get_step_shown (self);

  rn_task_view_set_task (self->task, step->task, options, self->lesson->language);
  if (step->task != NULL && step->task->kind == RN_TASK_RUN)
    {
      g_autofree char *setup =
          rn_lesson_runs_complete (rn_lab_get_runs (self->lab), step->learn);

      rn_task_view_set_run (self->task, self->learning, setup);
    }
}

static void
show_result (RnTutor *self, const RnTutorWork *work)
{
  if (work->question == RN_TUTOR_JUDGE)
    show_verdict (self, &work->verdict);
  else if (work->question == RN_TUTOR_HELP)
    {
      set_markup (self->help, work->text);
      if (work->stage == RN_TUTOR_HELP_STAGES - 1)
        rn_task_view_offer_solution (self->task);
    }
  else
    {
      set_markup (self->text, work->text);
      show_task (self, (const char *const *)work->options);
      place_keyboard (self);
    }
  rn_tutor_fit (self);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnTutor) self = data;
  g_autoptr (GError) error = NULL;
  RnTutorWork *work = rn_tutor_work_finish (result, &error);

  /* Another question has been asked since, or the lesson was closed. */
  if (self->cancellable == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (work != NULL)
    show_result (self, work);
  else
    {
      gtk_label_set_label (self->verdict, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->verdict), TRUE);
    }
  update_actions (self);
}

static void
stop_asking (RnTutor *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* @work: (transfer full) */
void
rn_tutor_ask (RnTutor *self, RnTutorWork *work)
{
  stop_asking (self);
  self->cancellable = g_cancellable_new ();
  rn_tutor_work_async (work, self->cancellable, on_answered, g_object_ref (self));
  update_actions (self);
}

RnTutorWork *
rn_tutor_new_work (RnTutor *self, RnTutorQuestion question)
{
  return rn_tutor_work_new (question, self->lab, self->lesson, self->step, self->document,
                            self->learning);
}

/* Returns: (nullable): the step's model with its weights, where that is what is shown */
static RnBinding *
get_shown (RnTutor *self)
{
  const char *id = rn_lesson_get_model (self->lesson, rn_tutor_get_step_shown (self));
  RnNetwork *network = rn_document_get_network (self->document);

  return network != NULL && g_strcmp0 (rn_network_get_id (network), id) == 0
             ? rn_network_get_binding (network)
             : NULL;
}

static void
note_shown (RnTutor *self)
{
  RnBinding *shown = get_shown (self);

  if (shown == NULL)
    return;
  g_clear_pointer (&self->told, rn_binding_unref);
  self->told = rn_binding_ref (shown);
}

static void
render (RnTutor *self)
{
  const RnStep *step = rn_tutor_get_step_shown (self);
  g_autofree char *place =
      g_strdup_printf (say (self, RN_WORD_STEP_OF), self->step + 1, self->lesson->steps->len);
  g_autofree char *cite =
      step->cite != NULL ? g_strdup_printf (say (self, RN_WORD_READ_MORE), step->cite) : NULL;

  self->help_stage = 0;
  self->passed = step->task == NULL;
  gtk_label_set_label (self->title, self->lesson->title);
  gtk_label_set_label (self->place, place);
  gtk_label_set_label (self->text, say (self, RN_WORD_BUSY));
  set_markup (self->cite, cite);
  set_markup (self->verdict, NULL);
  set_markup (self->help, NULL);
  rn_task_view_set_task (self->task, NULL, NULL, self->lesson->language);
  note_shown (self);
  rn_tutor_ask (self, rn_tutor_new_work (self, RN_TUTOR_RENDER));
}

void
rn_tutor_go_to (RnTutor *self, int step)
{
  self->step = step;
  g_clear_pointer (&self->told, rn_binding_unref);
  rn_lesson_progress_set_step (self->progress, self->lesson->id, step);
  rn_tutor_show_focus (self, FALSE);
  render (self);
}

void
rn_tutor_update_menu (RnTutor *self)
{
  rn_lesson_menu_fill (self->menu, rn_document_get_data_dir (self->document), self->progress);
}

void
rn_tutor_close (RnTutor *self)
{
  stop_asking (self);
  rn_task_view_set_task (self->task, NULL, NULL, NULL);
  g_clear_pointer (&self->told, rn_binding_unref);
  g_clear_pointer (&self->lesson, rn_lesson_unref);
  g_clear_pointer (&self->lab, rn_lab_unref);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
rn_tutor_check (RnTutor *self)
{
  RnTutorWork *work;

  if (self->lesson == NULL || rn_tutor_get_step_shown (self)->task == NULL)
    return;
  work = rn_tutor_new_work (self, RN_TUTOR_JUDGE);
  rn_task_view_get_answer (self->task, &work->answer);
  rn_tutor_ask (self, work);
}

/* Figures in the text may be of the weights. Those that come late are the bundled ones, which the
 * text has been made of already. */
static void
on_model_changed (RnTutor *self)
{
  if (self->lesson == NULL)
    return;
  if (self->focus_waits)
    rn_tutor_show_focus (self, FALSE);
  if (self->told == NULL)
    note_shown (self);
  else if (get_shown (self) != NULL && get_shown (self) != self->told)
    render (self);
}

/* Figures in the text may be of the picture. */
static void
on_picture_changed (RnTutor *self)
{
  if (self->lesson != NULL)
    render (self);
}

static void
rn_tutor_dispose (GObject *object)
{
  RnTutor *self = RN_TUTOR (object);

  stop_asking (self);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_pointer (&self->card, gtk_widget_unparent);
  g_clear_object (&self->document);
  g_clear_object (&self->learning);
  g_clear_pointer (&self->brief, g_free);
  g_clear_pointer (&self->told, rn_binding_unref);
  g_clear_pointer (&self->lesson, rn_lesson_unref);
  g_clear_pointer (&self->lab, rn_lab_unref);
  g_clear_pointer (&self->progress, rn_lesson_progress_free);
  g_clear_object (&self->menu);

  G_OBJECT_CLASS (rn_tutor_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RnTutor, card);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, title);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, content);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, place);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, text);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, cite);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, task);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, verdict);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, help);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, hint);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, show);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, check);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, back);
  gtk_widget_class_bind_template_child (widget_class, RnTutor, next);
}

static void
rn_tutor_class_init (RnTutorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_tutor_dispose;
  g_type_ensure (RN_TYPE_TASK_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/tutor/tutor.ui");
  bind_children (widget_class);
  rn_tutor_class_add_actions (widget_class);

  /* A step wants one of rn_lesson_views, or NULL for none, and a channel of its layer, or -1. */
  signals[SHOW_VIEW] = g_signal_new ("show-view", RN_TYPE_TUTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  /* A step is about networks that learn; whether somebody asked to see them. */
  signals[SHOW_LEARN] = g_signal_new ("show-learn", RN_TYPE_TUTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

/* The solution of a step that wants networks to learn. */
static void
on_run (RnTutor *self)
{
  rn_tutor_set_up_learning (self, TRUE, TRUE);
  g_signal_emit (self, signals[SHOW_LEARN], 0, TRUE);
}

static void
rn_tutor_init (RnTutor *self)
{
  g_autofree char *path =
      g_build_filename (g_get_user_data_dir (), "resnet-explorer", "lessons.ini", NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->menu = g_menu_new ();
  self->progress = rn_lesson_progress_new (path);
  g_signal_connect_swapped (self->task, "check", G_CALLBACK (rn_tutor_check), self);
  g_signal_connect_swapped (self->task, "run", G_CALLBACK (on_run), self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
rn_tutor_new (void)
{
  return g_object_new (RN_TYPE_TUTOR, NULL);
}

void
rn_tutor_set_document (RnTutor *self, RnDocument *document)
{
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  rn_task_view_set_document (self->task, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model_changed), self);
  g_signal_connect_swapped (document, "notify::picture-name", G_CALLBACK (on_picture_changed),
                            self);
  rn_tutor_update_menu (self);
}

/**
 * rn_tutor_open_lesson:
 * @lesson: begins where it was left; its sample picture is opened where none is open
 *
 * A lesson begins with the network whole: edits in force are taken back, which can be undone.
 */
void
rn_tutor_open_lesson (RnTutor *self, RnLesson *lesson)
{
  const char *const no_edits[] = { NULL };
  const char *picture = lesson->picture;
  int step = rn_lesson_progress_get_step (self->progress, lesson->id);

  g_return_if_fail (self->document != NULL);

  rn_lesson_ref (lesson);
  if (self->lesson != NULL)
    rn_tutor_close (self);
  self->lesson = lesson;
  self->lab = rn_lab_new (rn_document_get_data_dir (self->document));
  rn_lesson_runs_set_brief (rn_lab_get_runs (self->lab), self->brief);
  rn_edits_set (rn_document_get_edits (self->document), no_edits);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  if (rn_document_get_picture (self->document) == NULL && picture != NULL)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (rn_document_get_data_dir (self->document),
                                                          "samples", picture, NULL);

      rn_document_open (self->document, file);
    }
  rn_tutor_go_to (self, step < (int)lesson->steps->len ? step : 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->next));
}

/* The lessons to choose from; see rn_lesson_menu_fill(). */
GMenuModel *
rn_tutor_get_menu (RnTutor *self)
{
  return G_MENU_MODEL (self->menu);
}

/* Forgets what was finished. */
void
rn_tutor_reset (RnTutor *self)
{
  rn_lesson_progress_reset (self->progress);
  rn_tutor_update_menu (self);
}

/* Returns: (transfer none): whose network the lessons are about */
RnDocument *
rn_tutor_get_document (RnTutor *self)
{
  return self->document;
}

RnLesson *
rn_tutor_get_lesson (RnTutor *self)
{
  return self->lesson;
}

int
rn_tutor_get_step (RnTutor *self)
{
  return self->step;
}

/* Whether the engine is being asked, or the step's model still loaded. */
gboolean
rn_tutor_get_busy (RnTutor *self)
{
  return self->cancellable != NULL || (self->lesson != NULL && self->focus_waits);
}

/* Whether the step's task is done; also where it has none. */
gboolean
rn_tutor_get_passed (RnTutor *self)
{
  return self->passed;
}

const char *
rn_tutor_get_text (RnTutor *self)
{
  return gtk_label_get_text (self->text);
}

const char *
rn_tutor_get_verdict (RnTutor *self)
{
  return gtk_label_get_text (self->verdict);
}

const char *
rn_tutor_get_help (RnTutor *self)
{
  return gtk_label_get_text (self->help);
}

RnTaskView *
rn_tutor_get_task (RnTutor *self)
{
  return self->task;
}
