/* What is learnt from the boxes, and what comes of it. */
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ui/document/work.h"
#include "ui/teach/teaching-private.h"

#define TICK_MS 200

/* What a worker trains a classifier on, and what it finds. */
typedef struct
{
  GPtrArray *labels;   /* of char *, NULL behind them */
  GPtrArray *pictures; /* of RnTeachPicture */
  GArray *classes;     /* of int */
  GArray *features;    /* of float */
  int n_features;
  RnHead *head;
  double ms;
} Lesson;

static Lesson *
lesson_new (void)
{
  Lesson *self = g_new0 (Lesson, 1);

  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->pictures = g_ptr_array_new_with_free_func (g_object_unref);
  self->classes = g_array_new (FALSE, FALSE, sizeof (int));
  self->features = g_array_new (FALSE, FALSE, sizeof (float));

  return self;
}

static void
lesson_free (gpointer data)
{
  Lesson *self = data;

  if (self == NULL)
    return;

  g_ptr_array_unref (self->labels);
  g_ptr_array_unref (self->pictures);
  g_array_unref (self->classes);
  g_array_unref (self->features);
  rn_head_free (self->head);
  g_free (self);
}

static int
get_n_classes (const Lesson *self)
{
  return (int) self->labels->len - 1;
}

/* The pictures of a box that have been looked at. */
static void
add_box (Lesson *self, RnTeachBox *box, RnTeachNetwork *network)
{
  GListModel *pictures = rn_teach_box_get_pictures (box);
  int class_index = (int) self->labels->len;
  gboolean any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++)
    {
      RnTeachPicture *picture = g_list_model_get_item (pictures, i);
      int n;
      const float *features = rn_teach_picture_get_features (picture, network, &n);

      if (features == NULL)
        {
          g_object_unref (picture);
          continue;
        }
      any = TRUE;
      self->n_features = n;
      g_ptr_array_add (self->pictures, picture);
      g_array_append_val (self->classes, class_index);
      g_array_append_vals (self->features, features, n);
    }
  if (any)
    g_ptr_array_add (self->labels, g_strdup (rn_teach_box_get_name (box)));
}

/* All boxes that have pictures; the others are left out. */
static Lesson *
collect (RnTeaching *self)
{
  Lesson *lesson = lesson_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->boxes)); i++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (G_LIST_MODEL (self->boxes), i);

      add_box (lesson, box, rn_teaching_get_network (self));
    }
  g_ptr_array_add (lesson->labels, NULL);

  return lesson;
}

static gpointer
train_work (gpointer data, GCancellable *cancellable, GError **error)
{
  Lesson *lesson = data;
  Lesson *taught = lesson_new ();
  RnHeadOptions options = RN_HEAD_DEFAULTS;
  gint64 start = g_get_monotonic_time ();

  taught->head = rn_head_train ((const float *) lesson->features->data,
                                (const int *) lesson->classes->data, (int) lesson->classes->len,
                                lesson->n_features, get_n_classes (lesson), &options, cancellable,
                                error);
  if (taught->head == NULL)
    {
      lesson_free (taught);
      return NULL;
    }
  taught->ms = (g_get_monotonic_time () - start) / 1e3;
  g_clear_pointer (&taught->labels, g_ptr_array_unref);
  g_clear_pointer (&taught->pictures, g_ptr_array_unref);
  g_clear_pointer (&taught->classes, g_array_unref);
  taught->labels = g_ptr_array_ref (lesson->labels);
  taught->pictures = g_ptr_array_ref (lesson->pictures);
  taught->classes = g_array_ref (lesson->classes);

  return taught;
}

void
rn_teaching_clear_results (RnTeaching *self)
{
  g_clear_pointer (&self->head, rn_head_free);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->taught, g_ptr_array_unref);
  g_clear_pointer (&self->class_of, g_free);
  g_clear_pointer (&self->confusion, g_free);
  g_clear_pointer (&self->probabilities, g_free);
}

/* Marks those pictures that a classifier which has not seen them takes for another class. */
static void
judge (RnTeaching *self)
{
  for (guint i = 0; i < self->taught->len; i++)
    {
      const float *p = self->head->left_out + (gsize) i * self->head->n_classes;
      int best = 0;

      for (int c = 1; c < self->head->n_classes; c++)
        if (p[c] > p[best])
          best = c;
      rn_teach_picture_judge (self->taught->pdata[i],
                              best != self->class_of[i] ? self->labels->pdata[best] : NULL,
                              p[best]);
    }
}

static void
on_trained (gpointer owner, gpointer result, const GError *error)
{
  RnTeaching *self = owner;
  Lesson *taught = result;

  rn_teaching_clear_results (self);
  if (taught != NULL)
    {
      int n_classes = get_n_classes (taught);

      self->head = g_steal_pointer (&taught->head);
      self->labels = g_ptr_array_ref (taught->labels);
      self->taught = g_ptr_array_ref (taught->pictures);
      self->class_of = g_memdup2 (taught->classes->data, taught->classes->len * sizeof (int));
      self->confusion = g_new0 (int, (gsize) n_classes * n_classes);
      rn_head_get_confusion (self->head, self->class_of, TRUE, self->confusion);
      self->train_ms = taught->ms;
      judge (self);
      lesson_free (taught);
    }
  else if (error != NULL)
    {
      g_free (self->news);
      self->news = g_strdup (error->message);
      rn_teaching_say (self);
    }
  rn_teaching_predict (self);
  rn_teaching_emit_changed (self);
}

/* Trains the classifier anew on what is in the boxes; one that is being trained is given up. */
void
rn_teaching_train (RnTeaching *self)
{
  Lesson *lesson = collect (self);

  if (get_n_classes (lesson) >= 2)
    {
      rn_work_start (&self->training, self, train_work, lesson, lesson_free, lesson_free,
                     on_trained);
      return;
    }
  rn_work_cancel (&self->training);
  rn_teaching_clear_results (self);
  for (guint i = 0; i < lesson->pictures->len; i++)
    rn_teach_picture_judge (lesson->pictures->pdata[i], NULL, 0);
  lesson_free (lesson);
}

/* What the classifier says of the test picture. */
void
rn_teaching_predict (RnTeaching *self)
{
  int n = 0;
  const float *features =
      self->test != NULL
          ? rn_teach_picture_get_features (self->test, rn_teaching_get_network (self), &n)
          : NULL;

  g_clear_pointer (&self->probabilities, g_free);
  if (features == NULL || self->head == NULL || self->head->n_features != n)
    return;
  self->probabilities = g_new0 (float, self->head->n_classes);
  rn_head_predict (self->head, features, self->probabilities);
}

/* Classes that the classifier tells apart; 0 while there is none. */
int
rn_teaching_get_n_classes (RnTeaching *self)
{
  return self->head != NULL ? self->head->n_classes : 0;
}

const char *
rn_teaching_get_label (RnTeaching *self, int class_index)
{
  g_return_val_if_fail (class_index >= 0 && class_index < rn_teaching_get_n_classes (self), NULL);

  return self->labels->pdata[class_index];
}

/**
 * rn_teaching_get_n_judged:
 * @n_right: (out) (optional): how many are named rightly by a classifier that has not seen them
 * @n_folds: (out) (optional): how many classifiers that took
 *
 * Returns: how many pictures the classifier learnt from
 */
int
rn_teaching_get_n_judged (RnTeaching *self, int *n_right, int *n_folds)
{
  int right = 0, n_classes = rn_teaching_get_n_classes (self);

  for (int c = 0; c < n_classes; c++)
    right += self->confusion[c * n_classes + c];
  if (n_right != NULL)
    *n_right = right;
  if (n_folds != NULL)
    *n_folds = self->head != NULL ? self->head->n_folds : 0;

  return self->head != NULL ? self->head->n : 0;
}

/* How many pictures of class @right were taken for class @taken_for, each left out in its turn. */
int
rn_teaching_get_confusion (RnTeaching *self, int right, int taken_for)
{
  g_return_val_if_fail (self->head != NULL, 0);

  return self->confusion[right * self->head->n_classes + taken_for];
}

/* How long the classifier and all those of leave-one-out took. */
double
rn_teaching_get_train_ms (RnTeaching *self)
{
  return self->train_ms;
}

/* Of the test picture; %NAN while it or the classifier is not there. */
double
rn_teaching_get_probability (RnTeaching *self, int class_index)
{
  return self->probabilities != NULL ? self->probabilities[class_index] : NAN;
}

static int
count_boxes (RnTeaching *self, gboolean empty)
{
  int n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->boxes)); i++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (G_LIST_MODEL (self->boxes), i);

      n += (rn_teach_box_get_n (box) == 0) == empty;
    }

  return n;
}

/* Returns: (transfer full): in a sentence or two what there is, or what is missing */
char *
rn_teaching_describe (RnTeaching *self)
{
  int full = count_boxes (self, FALSE), empty = count_boxes (self, TRUE), n_right, n_folds;
  int n = rn_teaching_get_n_judged (self, &n_right, &n_folds);
  GString *text = g_string_new (NULL);

  if (rn_teaching_get_n_waiting (self) > 0)
    g_string_append_printf (text, ngettext ("Looking at %d picture… ", "Looking at %d pictures… ",
                                            rn_teaching_get_n_waiting (self)),
                            rn_teaching_get_n_waiting (self));
  if (full == 0)
    g_string_append (text, _ ("Drop pictures into two boxes or more: a box is a class."));
  else if (full == 1)
    g_string_append (text, _ ("One class only: nothing to tell it from. Put pictures into a second box."));
  else if (n > 0)
    {
      g_string_append_printf (text, _ ("%d of %d pictures right (%.0f %%), each judged by a "
                                       "classifier that has not seen it."),
                              n_right, n, 100.0 * n_right / n);
      if (n_folds < n)
        g_string_append_printf (text, _ (" In %d parts."), n_folds);
      if (rn_teaching_is_tuned (self))
        g_string_append (text, _ (" The last stage has seen them all the same, which flatters."));
    }
  if (full > 0 && empty > 0 && full + empty > 2)
    g_string_append_printf (text, ngettext (" %d box is empty and left out.",
                                            " %d boxes are empty and left out.", empty),
                            empty);

  return g_string_free (text, FALSE);
}

gboolean
rn_teaching_is_tuned (RnTeaching *self)
{
  return self->tuned != NULL;
}

static void
end_tuning (RnTeaching *self)
{
  rn_work_cancel (&self->tuning_work);
  g_clear_handle_id (&self->tuning_tick, g_source_remove);
  g_clear_pointer (&self->tuning, rn_teach_tuning_unref);
}

static gboolean
on_tick (gpointer data)
{
  rn_teaching_emit_changed (data);

  return G_SOURCE_CONTINUE;
}

static char *
describe_tuned (const RnTeachTuned *tuned, const GError *error)
{
  if (tuned == NULL)
    return g_strdup_printf (_ ("The last stage was not trained: %s"), error->message);

  return g_strdup_printf (
      tuned->network != NULL
          ? _ ("The last stage was trained too, and that is kept: of %d pictures held out %d were "
               "right before (loss %.3f) and %d are now (loss %.3f).")
          : _ ("Training the last stage made it worse, so nothing has changed: of %d pictures held "
               "out %d were right before (loss %.3f) and %d after (loss %.3f)."),
      tuned->n_held_out, tuned->right_before, tuned->loss_before, tuned->right_after,
      tuned->loss_after);
}

static void
on_tuned (gpointer owner, gpointer result, const GError *error)
{
  RnTeaching *self = owner;
  RnTeachTuned *tuned = result;

  end_tuning (self);
  if (tuned != NULL && tuned->network != NULL)
    {
      g_clear_pointer (&self->tuned, rn_teach_network_unref);
      self->tuned = rn_teach_network_ref (tuned->network);
      rn_teaching_touch (self);
      rn_teaching_look_again (self);
    }
  g_free (self->news);
  self->news = describe_tuned (tuned, error);
  rn_teaching_say (self);
  rn_teach_tuned_free (tuned);
  rn_teaching_emit_changed (self);
}

/* Trains the network's last stage on the pictures too, which takes a while; what comes of it is
 * kept if it is not worse. */
void
rn_teaching_tune (RnTeaching *self)
{
  Lesson *lesson = collect (self);

  if (get_n_classes (lesson) >= 2 && self->tuning_work == NULL)
    {
      self->tuning = rn_teach_tuning_new (rn_teaching_get_network (self),
                                          (const char *const *) lesson->labels->pdata);
      for (guint i = 0; i < lesson->pictures->len; i++)
        rn_teach_tuning_add (self->tuning, lesson->pictures->pdata[i],
                             g_array_index (lesson->classes, int, i));
      rn_work_start (&self->tuning_work, self, rn_teach_tuning_work,
                     rn_teach_tuning_ref (self->tuning), rn_teach_tuning_unref,
                     rn_teach_tuned_free, on_tuned);
      self->tuning_tick = g_timeout_add (TICK_MS, on_tick, self);
      rn_teaching_emit_changed (self);
    }
  lesson_free (lesson);
}

/* Everything stays as it was before rn_teaching_tune(). */
void
rn_teaching_stop_tuning (RnTeaching *self)
{
  if (self->tuning_work == NULL)
    return;
  end_tuning (self);
  rn_teaching_emit_changed (self);
}

/* How much of the last stage's training is done, from 0 to 1; %NAN where it is not under way. */
double
rn_teaching_get_tuning_share (RnTeaching *self)
{
  return self->tuning != NULL ? rn_teach_tuning_get_share (self->tuning) : NAN;
}
