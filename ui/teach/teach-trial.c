#include "ui/teach/teach-trial.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/incoming/incoming.h"
#include "ui/prediction/prediction-bar.h"
#include "ui/teach/teach-tile.h"

#define N_ANSWERS 6 /* classes that are shown for the test picture, the likeliest first */
#define MAX_MISTAKES 60

struct _RnTeachTrial
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *content;
  GtkStack *test_stack;
  GtkPicture *test;
  GtkLabel *test_name;
  GtkBox *answers;
  GtkLabel *accuracy;
  GtkWidget *results;
  RnTeachConfusion *confusion;
  GtkWidget *mistakes_box;
  GtkFlowBox *mistakes;

  /* owned */
  RnTeaching *teaching;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (RnTeachTrial, rn_teach_trial, GTK_TYPE_WIDGET)

typedef struct
{
  const char *label;
  double probability;
} Answer;

static int
compare_answers (gconstpointer a, gconstpointer b)
{
  double difference = ((const Answer *)b)->probability - ((const Answer *)a)->probability;

  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

static void
show_answers (RnTeachTrial *self)
{
  int n = rn_teaching_get_n_classes (self->teaching);
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  GtkWidget *bar = gtk_widget_get_first_child (GTK_WIDGET (self->answers));

  for (int c = 0; c < n; c++)
    {
      Answer answer = { rn_teaching_get_label (self->teaching, c),
                        rn_teaching_get_probability (self->teaching, c) };

      if (!isnan (answer.probability))
        g_array_append_val (answers, answer);
    }
  g_array_sort (answers, compare_answers);
  for (guint i = 0; bar != NULL; i++, bar = gtk_widget_get_next_sibling (bar))
    {
      const Answer *answer = i < answers->len ? &g_array_index (answers, Answer, i) : NULL;

      if (answer != NULL)
        rn_prediction_bar_set (RN_PREDICTION_BAR (bar), answer->label, answer->probability, NAN);
      gtk_widget_set_visible (bar, answer != NULL);
    }
}

static void
show_test (RnTeachTrial *self)
{
  RnTeachPicture *test = rn_teaching_get_test (self->teaching);
  GdkTexture *texture = test != NULL ? rn_teach_picture_get_texture (test) : NULL;

  gtk_stack_set_visible_child_name (self->test_stack, test != NULL ? "picture" : "empty");
  gtk_label_set_label (self->test_name, test != NULL ? rn_teach_picture_get_name (test) : "");
  if (gtk_picture_get_paintable (self->test) != GDK_PAINTABLE (texture))
    gtk_picture_set_paintable (self->test, GDK_PAINTABLE (texture));
  show_answers (self);
}

/* Those of all boxes that are taken for another class, up to a number. */
static GPtrArray *
collect_mistakes (RnTeachTrial *self)
{
  GPtrArray *mistakes = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *boxes = rn_teaching_get_boxes (self->teaching);

  for (guint b = 0; b < g_list_model_get_n_items (boxes); b++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (boxes, b);
      GListModel *pictures = rn_teach_box_get_pictures (box);

      for (guint i = 0; i < g_list_model_get_n_items (pictures); i++)
        {
          g_autoptr (RnTeachPicture) picture = g_list_model_get_item (pictures, i);

          if (rn_teach_picture_get_taken_for (picture, NULL) != NULL &&
              mistakes->len < MAX_MISTAKES)
            g_ptr_array_add (mistakes, g_steal_pointer (&picture));
        }
    }

  return mistakes;
}

static gboolean
shows_mistakes (RnTeachTrial *self, const GPtrArray *mistakes)
{
  GtkWidget *tile = gtk_widget_get_first_child (GTK_WIDGET (self->mistakes));

  for (guint i = 0; i < mistakes->len; i++, tile = gtk_widget_get_next_sibling (tile))
    if (tile == NULL || rn_teach_tile_get_picture (RN_TEACH_TILE (tile)) != mistakes->pdata[i])
      return FALSE;

  return tile == NULL;
}

static void
show_mistakes (RnTeachTrial *self)
{
  g_autoptr (GPtrArray) mistakes = collect_mistakes (self);
  GtkWidget *tile;

  gtk_widget_set_visible (self->mistakes_box, mistakes->len > 0);
  if (shows_mistakes (self, mistakes))
    return;
  while ((tile = gtk_widget_get_first_child (GTK_WIDGET (self->mistakes))) != NULL)
    gtk_flow_box_remove (self->mistakes, tile);
  for (guint i = 0; i < mistakes->len; i++)
    {
      tile = rn_teach_tile_new (mistakes->pdata[i]);
      gtk_widget_action_set_enabled (tile, "tile.remove", FALSE);
      gtk_widget_add_css_class (tile, "of-mistakes");
      gtk_flow_box_append (self->mistakes, tile);
    }
}

static void
show_results (RnTeachTrial *self)
{
  int n_right, n = rn_teaching_get_n_judged (self->teaching, &n_right, NULL);
  g_autofree char *text =
      n > 0 ? g_strdup_printf (_ ("%d of %d right (%.0f %%)"), n_right, n, 100.0 * n_right / n)
            : NULL;

  gtk_widget_set_visible (self->results, n > 0);
  gtk_label_set_label (self->accuracy, text != NULL ? text : "");
  rn_teach_confusion_show (self->confusion, self->teaching);
  show_mistakes (self);
}

static void
show (RnTeachTrial *self)
{
  show_test (self);
  show_results (self);
}

static void
take (gpointer data, const RnIncoming *incoming)
{
  RnTeachTrial *self = data;

  if (self->teaching == NULL) /* closed meanwhile */
    return;
  for (guint i = 0; i < incoming->n_files; i++)
    rn_teaching_set_test_file (self->teaching, incoming->files[i]);
  if (incoming->picture != NULL)
    rn_teaching_set_test_bytes (self->teaching, incoming->picture, incoming->name);
}

static void
miss (GtkWidget *widget, const char *why)
{
  gtk_widget_error_bell (widget);
}

/* Asks about what lies in the clipboard. */
void
rn_teach_trial_paste (RnTeachTrial *self)
{
  rn_incoming_paste (GTK_WIDGET (self), take, miss);
}

static void
on_chosen (RnTeachTrial *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                               : NULL;

  g_clear_object (&self->chooser);
  if (file != NULL)
    rn_teaching_set_test_file (self->teaching, file);
}

/* Lets a file be chosen that is asked about. */
void
rn_teach_trial_choose (RnTeachTrial *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("A picture to ask about"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
      GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
rn_teach_trial_dispose (GObject *object)
{
  RnTeachTrial *self = RN_TEACH_TRIAL (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->teaching);
  g_clear_pointer (&self->content, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_teach_trial_parent_class)->dispose (object);
}

static void
rn_teach_trial_class_init (RnTeachTrialClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_teach_trial_dispose;
  g_type_ensure (RN_TYPE_TEACH_CONFUSION);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/teach/teach-trial.ui");
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, content);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, test_stack);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, test);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, test_name);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, answers);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, accuracy);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, results);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, confusion);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, mistakes_box);
  gtk_widget_class_bind_template_child (widget_class, RnTeachTrial, mistakes);
}

static void
rn_teach_trial_init (RnTeachTrial *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < N_ANSWERS; i++)
    gtk_box_append (self->answers, rn_prediction_bar_new ());
  rn_incoming_add_target (GTK_WIDGET (self->test_stack), take, self);
}

/* Shows what @teaching has to say from now on. */
void
rn_teach_trial_set_teaching (RnTeachTrial *self, RnTeaching *teaching)
{
  g_return_if_fail (RN_IS_TEACH_TRIAL (self) && self->teaching == NULL);

  self->teaching = g_object_ref (teaching);
  g_signal_connect_object (teaching, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}

/* Where the picture that is asked about may be dropped. */
GtkWidget *
rn_teach_trial_get_test (RnTeachTrial *self)
{
  return GTK_WIDGET (self->test_stack);
}

RnTeachConfusion *
rn_teach_trial_get_confusion (RnTeachTrial *self)
{
  return self->confusion;
}

GtkFlowBox *
rn_teach_trial_get_mistakes (RnTeachTrial *self)
{
  return self->mistakes;
}

/**
 * rn_teach_trial_get_answer:
 * @place: 0 for the likeliest class
 * @percent: (out): as it is written
 *
 * Returns: (nullable): the class of the test picture at @place; %NULL where none is shown
 */
const char *
rn_teach_trial_get_answer (RnTeachTrial *self, int place, const char **percent)
{
  GtkWidget *bar = gtk_widget_get_first_child (GTK_WIDGET (self->answers));

  while (bar != NULL && place-- > 0)
    bar = gtk_widget_get_next_sibling (bar);
  if (bar == NULL || !gtk_widget_get_visible (bar))
    return NULL;
  *percent = rn_prediction_bar_get_percent (RN_PREDICTION_BAR (bar));

  return rn_prediction_bar_get_label (RN_PREDICTION_BAR (bar));
}
