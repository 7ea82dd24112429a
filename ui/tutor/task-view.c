#include "ui/tutor/task-view.h"

#include "engine/runtime/edit.h"
#include "ui/experiments/offer.h"
#include "ui/lessons/lesson-text.h"
#include "ui/lessons/words.h"

/* What a shortcut's convolution can be given. */
static const char *const strides[] = { "1", "2", "4", NULL };
static const char *const filters[] = { "64", "128", "256", "512", "1024", "2048", NULL };

struct _RnTaskView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  const RnTask *task; /* borrowed */
  const char *language;

  /* of the task that is shown, NULL where it has none */
  GtkWidget *entry;
  GPtrArray *options; /* of GtkCheckButton */
  GtkWidget *selected;
  GtkWidget *stride, *filters;
  GtkWidget *do_it;

  /* owned */
  RnDocument *document;
  RnLearning *learning; /* of a run; so is what it waits for */
  RnLearnSetup run;
};

enum
{
  CHECK,
  RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnTaskView, rn_task_view, GTK_TYPE_WIDGET)

static void
emit_check (RnTaskView *self)
{
  g_signal_emit (self, signals[CHECK], 0);
}

static void
add_entry (RnTaskView *self)
{
  gboolean shape = self->task->kind == RN_TASK_SHAPE;
  const char *label = rn_word_get (RN_WORD_ANSWER, self->language);
  const char *place =
      rn_word_get (shape ? RN_WORD_ANSWER_SHAPE : RN_WORD_ANSWER_NUMBER, self->language);

  self->entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), place);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, place, -1);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (emit_check), self);
  gtk_box_append (GTK_BOX (self->box), self->entry);
}

/* The words beside a button are as good as the button. */
static void
choose (GtkWidget *button)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), TRUE);
  gtk_widget_grab_focus (button);
}

static void
add_options (RnTaskView *self, const char *const *options)
{
  self->options = g_ptr_array_new ();
  for (guint i = 0; options[i] != NULL; i++)
    {
      g_autofree char *markup = rn_lesson_text_to_markup (options[i]);
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
      GtkWidget *button = gtk_check_button_new ();
      GtkWidget *label = gtk_label_new (NULL);
      GtkGesture *click = gtk_gesture_click_new ();

      gtk_label_set_markup (GTK_LABEL (label), markup);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_set_hexpand (label, TRUE);
      gtk_widget_set_valign (button, GTK_ALIGN_START);
      g_signal_connect_object (click, "released", G_CALLBACK (choose), button, G_CONNECT_SWAPPED);
      gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (click));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      options[i], -1);
      if (i > 0)
        gtk_check_button_set_group (GTK_CHECK_BUTTON (button),
                                    g_ptr_array_index (self->options, 0));
      gtk_box_append (GTK_BOX (row), button);
      gtk_box_append (GTK_BOX (row), label);
      gtk_box_append (GTK_BOX (self->box), row);
      g_ptr_array_add (self->options, button);
    }
}

static void
show_selected (RnTaskView *self)
{
  RnModel *model = self->document != NULL ? rn_document_get_model (self->document) : NULL;
  RnSelection selection =
      self->document != NULL ? rn_document_get_selection (self->document) : RN_SELECTION_NONE;
  g_autofree char *name = NULL, *text = NULL;

  if (self->selected == NULL || self->task->kind != RN_TASK_SELECT)
    return;
  if (model != NULL && self->task->blocks && selection.block >= 0)
    {
      const RnStructure *structure = rn_model_get_structure (model);

      name = rn_block_get_label (&structure->blocks[selection.block], structure->stages);
    }
  else if (model != NULL && !self->task->blocks && selection.layer >= 0)
    name = g_strdup (rn_model_get_layer (model, selection.layer)->name);
  if (name != NULL)
    text = g_strdup_printf (rn_word_get (RN_WORD_SELECTED, self->language), name);
  gtk_label_set_label (GTK_LABEL (self->selected),
                       text != NULL ? text : rn_word_get (RN_WORD_NO_SELECTION, self->language));
}

static void
show_edits (RnTaskView *self)
{
  RnModel *model = self->document != NULL ? rn_document_get_model (self->document) : NULL;
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *text = NULL;
  const char *const *edits;

  if (self->selected == NULL || self->task->kind != RN_TASK_EDIT || model == NULL)
    return;
  edits = rn_edits_get (rn_document_get_edits (self->document));
  for (guint i = 0; edits[i] != NULL; i++)
    {
      g_autofree char *words = rn_edit_describe (model, edits[i]);

      g_string_append_printf (list, "%s%s", i > 0 ? "; " : "", words);
    }
  text = list->len > 0
             ? g_strdup_printf (rn_word_get (RN_WORD_IN_FORCE, self->language), list->str)
             : g_strdup (rn_word_get (RN_WORD_NO_EDITS, self->language));
  gtk_label_set_label (GTK_LABEL (self->selected), text);
}

/* How far the networks are that are to learn. */
static void
show_run (RnTaskView *self)
{
  const RnLearnSetup *results = rn_learning_get_results_setup (self->learning);
  const RnLearnSetup *setup = rn_learning_get_setup (self->learning);
  char **nets = self->run.nets;
  int percent = (int)(100 * rn_learning_get_share (self->learning));
  g_autofree char *text = NULL;

  if (rn_learning_is_active (self->learning) && !rn_learn_setup_is_alike (&self->run, setup))
    text = g_strdup_printf (rn_word_get (RN_WORD_RUN_OTHER, self->language), nets[0], nets[1],
                            setup->nets[0], setup->nets[1]);
  else if (results == NULL || !rn_learn_setup_is_alike (&self->run, results))
    text = g_strdup_printf (rn_word_get (RN_WORD_RUN_NONE, self->language), nets[0], nets[1]);
  else if (rn_learning_get_state (self->learning) == RN_LEARN_DONE)
    text = g_strdup_printf (rn_word_get (RN_WORD_RUN_DONE, self->language), nets[0], nets[1]);
  else
    text = g_strdup_printf (rn_word_get (RN_WORD_RUN_SHARE, self->language), nets[0], nets[1],
                            percent);
  gtk_label_set_label (GTK_LABEL (self->selected), text);
}

/* What the task asks for, and nothing else: networks learn, or the one that is shown is edited. */
static void
on_do_it (RnTaskView *self)
{
  g_auto (GStrv) edits = NULL;

  if (self->task->kind == RN_TASK_RUN)
    {
      g_signal_emit (self, signals[RUN], 0);
      return;
    }
  edits = g_strsplit (self->task->apply, " ", -1);
  if (rn_document_try_edits (self->document, (const char *const *) edits))
    emit_check (self);
}

static GtkWidget *
add_label (RnTaskView *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (self->box), label);

  return label;
}

static void
add_edit (RnTaskView *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *undo = gtk_button_new_with_label (rn_word_get (RN_WORD_UNDO_EDITS, self->language));

  self->selected = add_label (self);
  self->do_it = gtk_button_new_with_label (rn_word_get (RN_WORD_DO_IT, self->language));
  gtk_widget_set_visible (self->do_it, FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (undo), "win.undo");
  g_signal_connect_swapped (self->do_it, "clicked", G_CALLBACK (on_do_it), self);
  gtk_box_append (GTK_BOX (row), undo);
  gtk_box_append (GTK_BOX (row), self->do_it);
  gtk_box_append (GTK_BOX (self->box), row);
  show_edits (self);
}

static void
add_run (RnTaskView *self)
{
  self->selected = add_label (self);
  self->do_it = gtk_button_new_with_label (rn_word_get (RN_WORD_DO_IT, self->language));
  gtk_widget_set_visible (self->do_it, FALSE);
  gtk_widget_set_halign (self->do_it, GTK_ALIGN_START);
  g_signal_connect_swapped (self->do_it, "clicked", G_CALLBACK (on_do_it), self);
  gtk_box_append (GTK_BOX (self->box), self->do_it);
}

static GtkWidget *
add_drop_down (RnTaskView *self, GtkWidget *row, const char *const *values, RnWord word)
{
  GtkWidget *label = gtk_label_new (rn_word_get (word, self->language));
  GtkWidget *drop_down = gtk_drop_down_new_from_strings (values);

  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rn_word_get (word, self->language), -1);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), drop_down);

  return drop_down;
}

static void
add_fit (RnTaskView *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_append (GTK_BOX (self->box), row);
  self->stride = add_drop_down (self, row, strides, RN_WORD_STRIDE);
  self->filters = add_drop_down (self, row, filters, RN_WORD_FILTERS);
}

static void
clear (RnTaskView *self)
{
  GtkWidget *child;

  g_clear_pointer (&self->options, g_ptr_array_unref);
  if (self->learning != NULL)
    g_signal_handlers_disconnect_by_data (self->learning, self);
  g_clear_object (&self->learning);
  rn_learn_setup_clear (&self->run);
  self->entry = self->do_it = self->selected = self->stride = self->filters = NULL;
  self->task = NULL;
  while (self->box != NULL && (child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

static void
rn_task_view_dispose (GObject *object)
{
  RnTaskView *self = RN_TASK_VIEW (object);

  clear (self);
  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (rn_document_get_edits (self->document), self);
      g_signal_handlers_disconnect_by_data (self->document, self);
    }
  g_clear_object (&self->document);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_task_view_parent_class)->dispose (object);
}

static void
rn_task_view_class_init (RnTaskViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_task_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  /* An answer is complete, by Enter or by doing it. */
  signals[CHECK] = g_signal_new ("check", RN_TYPE_TASK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  /* Networks are to learn what the task wants. */
  signals[RUN] = g_signal_new ("run", RN_TYPE_TASK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
rn_task_view_init (RnTaskView *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
rn_task_view_new (void)
{
  return g_object_new (RN_TYPE_TASK_VIEW, NULL);
}

void
rn_task_view_set_document (RnTaskView *self, RnDocument *document)
{
  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (show_selected), self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (show_selected), self);
  g_signal_connect_swapped (rn_document_get_edits (document), "changed", G_CALLBACK (show_edits),
                            self);
}

/**
 * rn_task_view_set_task:
 * @task: (nullable): what is to be answered; must live as long as it is shown
 * @options: (nullable): of a choice, the texts of its options
 * @language: of the lesson
 */
void
rn_task_view_set_task (RnTaskView *self,
                       const RnTask *task,
                       const char *const *options,
                       const char *language)
{
  clear (self);
  self->task = task;
  self->language = language;
  gtk_widget_set_visible (GTK_WIDGET (self), task != NULL);
  if (task == NULL)
    return;

  switch (task->kind)
    {
    case RN_TASK_NUMBER:
    case RN_TASK_SHAPE:
      add_entry (self);
      break;
    case RN_TASK_CHOICE:
      add_options (self, options);
      break;
    case RN_TASK_SELECT:
      self->selected = add_label (self);
      show_selected (self);
      break;
    case RN_TASK_EDIT:
      add_edit (self);
      break;
    case RN_TASK_FIT:
      add_fit (self);
      break;
    case RN_TASK_RUN:
      add_run (self);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * rn_task_view_set_run:
 * @learning: what the learn view shows
 * @setup: which networks are to learn there, and what
 *
 * Of a task that is shown and wants a run.
 */
void
rn_task_view_set_run (RnTaskView *self, RnLearning *learning, const char *setup)
{
  g_return_if_fail (self->task != NULL && self->task->kind == RN_TASK_RUN);

  rn_learn_setup_init (&self->run);
  rn_learn_setup_parse (&self->run, setup, NULL);
  self->learning = g_object_ref (learning);
  g_signal_connect_swapped (learning, "changed", G_CALLBACK (show_run), self);
  show_run (self);
}

static int
get_number (GtkWidget *drop_down, const char *const *values)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (drop_down));

  return selected != GTK_INVALID_LIST_POSITION ? atoi (values[selected]) : 0;
}

/**
 * rn_task_view_get_answer:
 * @answer: (out): what has been typed, chosen or selected; cleared by the caller
 */
void
rn_task_view_get_answer (RnTaskView *self, RnAnswer *answer)
{
  *answer = RN_ANSWER_INIT;
  if (self->entry != NULL)
    answer->text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  for (guint i = 0; self->options != NULL && i < self->options->len; i++)
    if (gtk_check_button_get_active (g_ptr_array_index (self->options, i)))
      answer->option = i;
  if (self->document != NULL)
    {
      answer->layer = rn_document_get_selection (self->document).layer;
      answer->block = rn_document_get_selection (self->document).block;
      answer->edits = g_strdupv ((char **) rn_edits_get (rn_document_get_edits (self->document)));
    }
  if (self->stride != NULL)
    {
      answer->stride = get_number (self->stride, strides);
      answer->filters = get_number (self->filters, filters);
    }
}

static void
choose_number (GtkWidget *drop_down, const char *const *values, int number)
{
  for (guint i = 0; values[i] != NULL; i++)
    if (atoi (values[i]) == number)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), i);
}

/* Gives an answer through the widgets, as a student would. */
void
rn_task_view_fill (RnTaskView *self, const RnAnswer *answer)
{
  if (self->entry != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->entry), answer->text);
  if (self->options != NULL && answer->option >= 0)
    gtk_check_button_set_active (g_ptr_array_index (self->options, answer->option), TRUE);
  if (self->task->kind == RN_TASK_SELECT && answer->block >= 0)
    rn_document_select_block (self->document, answer->block);
  else if (self->task->kind == RN_TASK_SELECT)
    rn_document_select_layer (self->document, answer->layer);
  if (self->stride != NULL)
    {
      choose_number (self->stride, strides, answer->stride);
      choose_number (self->filters, filters, answer->filters);
    }
  if (self->task->kind == RN_TASK_RUN && !answer->idle)
    on_do_it (self);
  if (self->task->kind == RN_TASK_EDIT)
    rn_document_try_edits (self->document, (const char *const *) answer->edits);
}

/* After the solution has been said, the program may do it. */
void
rn_task_view_offer_solution (RnTaskView *self)
{
  if (self->do_it != NULL)
    gtk_widget_set_visible (self->do_it, TRUE);
}

/* Gives the keyboard to where the answer begins. Returns: whether there is such a place */
gboolean
rn_task_view_focus (RnTaskView *self)
{
  if (self->task == NULL)
    return FALSE;
  if (self->entry != NULL)
    return gtk_widget_grab_focus (self->entry);
  if (self->options != NULL && self->options->len > 0)
    return gtk_widget_grab_focus (g_ptr_array_index (self->options, 0));

  return self->stride != NULL && gtk_widget_grab_focus (self->stride);
}
