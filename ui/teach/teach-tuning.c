#include "ui/teach/teach-tuning.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "engine/training/trainer.h"

/* Of each class one picture in so many is held out, and at least one. */
#define HELD_OUT_SHARE 4

/* Few pictures that are known well already: small steps, and not many. */
#define EPOCHS 8
#define LEARNING_RATE 0.004

/* Pictures a step: what a network of bottlenecks keeps of each takes much memory. */
#define BATCH 8
#define BATCH_DEEP 4
#define DEEP 100 /* layers */

struct _RnTeachTuning
{
  gint ref_count;
  RnTeachNetwork *network;
  char **labels;
  GPtrArray *pictures; /* RnTeachPicture */
  GArray *class_of;    /* of guint16 */
  gint permille;       /* done */
};

/* Half of the pictures: to learn from, or held out. */
typedef struct
{
  GPtrArray *pictures;
  GArray *class_of;
  GArray *features; /* of float */
  int n_features;
} Half;

static void
half_init (Half *self)
{
  self->pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) rn_picture_unref);
  self->class_of = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->features = g_array_new (FALSE, FALSE, sizeof (float));
}

static void
half_clear (Half *self)
{
  g_ptr_array_unref (self->pictures);
  g_array_unref (self->class_of);
  g_array_unref (self->features);
}

RnTeachTuning *
rn_teach_tuning_new (RnTeachNetwork *network, const char *const *labels)
{
  RnTeachTuning *self = g_new0 (RnTeachTuning, 1);

  self->ref_count = 1;
  self->network = rn_teach_network_ref (network);
  self->labels = g_strdupv ((char **) labels);
  self->pictures = g_ptr_array_new_with_free_func (g_object_unref);
  self->class_of = g_array_new (FALSE, FALSE, sizeof (guint16));

  return self;
}

RnTeachTuning *
rn_teach_tuning_ref (RnTeachTuning *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_teach_tuning_unref (gpointer data)
{
  RnTeachTuning *self = data;

  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_teach_network_unref (self->network);
  g_strfreev (self->labels);
  g_ptr_array_unref (self->pictures);
  g_array_unref (self->class_of);
  g_free (self);
}

/* Adds a picture whose features are known; before the work begins. */
void
rn_teach_tuning_add (RnTeachTuning *self, RnTeachPicture *picture, int class_index)
{
  guint16 class_of = (guint16) class_index;

  g_ptr_array_add (self->pictures, g_object_ref (picture));
  g_array_append_val (self->class_of, class_of);
}

/* How much of the work is done, from 0 to 1; any thread may ask. */
double
rn_teach_tuning_get_share (RnTeachTuning *self)
{
  return g_atomic_int_get (&self->permille) / 1000.0;
}

void
rn_teach_tuned_free (gpointer data)
{
  RnTeachTuned *self = data;

  if (self == NULL)
    return;

  g_clear_pointer (&self->network, rn_teach_network_unref);
  g_free (self);
}

static int
count_class (const RnTeachTuning *self, guint16 class_of)
{
  int n = 0;

  for (guint i = 0; i < self->class_of->len; i++)
    n += g_array_index (self->class_of, guint16, i) == class_of;

  return n;
}

static gboolean
divide (const RnTeachTuning *self, Half *learn, Half *judge, GError **error)
{
  g_autofree int *seen = g_new0 (int, g_strv_length (self->labels));

  for (guint i = 0; i < self->pictures->len; i++)
    {
      RnTeachPicture *picture = self->pictures->pdata[i];
      guint16 class_of = g_array_index (self->class_of, guint16, i);
      int n = count_class (self, class_of), place = seen[class_of]++;
      gboolean held_out = n < HELD_OUT_SHARE ? place == n - 1
                                             : place % HELD_OUT_SHARE == HELD_OUT_SHARE - 1;
      Half *half = held_out ? judge : learn;
      const float *features =
          rn_teach_picture_get_features (picture, self->network, &half->n_features);

      if (n < 2)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("“%s” has one picture; training the last stage needs two or more in each "
                          "box, one of them to judge by"),
                       self->labels[class_of]);
          return FALSE;
        }
      g_ptr_array_add (half->pictures, rn_picture_ref (rn_teach_picture_get_seen (picture)));
      g_array_append_val (half->class_of, class_of);
      g_array_append_vals (half->features, features, half->n_features);
    }

  return TRUE;
}

static RnHead *
train_head (const RnTeachTuning *self, const Half *half, GCancellable *cancellable, GError **error)
{
  RnHeadOptions options = RN_HEAD_DEFAULTS;
  g_autofree int *classes = g_new (int, half->class_of->len);

  options.leave_one_out = FALSE;
  for (guint i = 0; i < half->class_of->len; i++)
    classes[i] = g_array_index (half->class_of, guint16, i);

  return rn_head_train ((const float *) half->features->data, classes, (int) half->class_of->len,
                        half->n_features, (int) g_strv_length (self->labels), &options,
                        cancellable, error);
}

static void
judge_head (const RnHead *head, const Half *half, RnTeachTuned *tuned)
{
  g_autofree float *p = g_new (float, head->n_classes);

  tuned->n_held_out = (int) half->class_of->len;
  for (int i = 0; i < tuned->n_held_out; i++)
    {
      guint16 class_of = g_array_index (half->class_of, guint16, i);
      int best = 0;

      rn_head_predict (head, (const float *) half->features->data + (gsize) i * head->n_features,
                       p);
      for (int c = 1; c < head->n_classes; c++)
        if (p[c] > p[best])
          best = c;
      tuned->right_before += best == class_of;
      tuned->loss_before -= log (MAX (p[class_of], 1e-30)) / tuned->n_held_out;
    }
}

/* The first layer of the last stage; what follows is the classifier. */
static int
find_last_stage (RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (structure->stage_of[i] == structure->n_stages - 1)
      return i;

  return 0;
}

static RnDataSet *
new_set (const RnTeachTuning *self, const Half *half, RnModel *model, GError **error)
{
  const RnShape *shape = &rn_model_get_input (model)->output_shape;

  return rn_data_set_new_pictures (_ ("your pictures"), half->pictures,
                                   (const guint16 *) half->class_of->data,
                                   (const char *const *) self->labels, shape->dims[0],
                                   shape->dims[1], error);
}

static void
on_step (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  RnTeachTuning *self = data;

  g_atomic_int_set (&self->permille, (int) (1000 * step->step / rn_trainer_get_n_steps (trainer)));
}

static RnTrainer *
new_trainer (RnTeachTuning *self,
             RnBinding *binding,
             const Half *learn,
             const Half *judge,
             GError **error)
{
  RnModel *model = rn_binding_get_model (binding);
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  RnTrainerObserver observer = { on_step, NULL, self };
  g_autoptr (RnDataSet) training = new_set (self, learn, model, error);
  g_autoptr (RnDataSet) validation =
      training != NULL ? new_set (self, judge, model, error) : NULL;
  int batch = rn_model_get_n_layers (model) > DEEP ? BATCH_DEEP : BATCH;
  RnTrainer *trainer;

  if (validation == NULL)
    return NULL;
  options.epochs = EPOCHS;
  options.batch = MIN (batch, training->n_pictures);
  options.schedule.learning_rate = LEARNING_RATE;
  options.first_layer = find_last_stage (model);
  options.augmentation = (RnAugmentation) { 8, TRUE };
  options.preprocess = rn_teach_network_get_preprocess (self->network);
  trainer = rn_trainer_new (binding, training, validation, &options, error);
  if (trainer != NULL)
    rn_trainer_set_observer (trainer, &observer);

  return trainer;
}

/* Fewer of the held-out pictures right is worse, and of as many a larger loss. */
static gboolean
is_worse (const RnTeachTuned *tuned)
{
  if (tuned->right_after != tuned->right_before)
    return tuned->right_after < tuned->right_before;

  return !(tuned->loss_after <= tuned->loss_before);
}

static gboolean
tune (RnTeachTuning *self,
      const Half *learn,
      const Half *judge,
      RnTeachTuned *tuned,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (RnHead) head = train_head (self, learn, cancellable, error);
  g_autoptr (RnTeachHead) put = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnTrainer) trainer = NULL;
  g_autoptr (RnBinding) trained = NULL;
  const RnTrainerEpoch *epochs;
  int n_epochs;

  if (head == NULL)
    return FALSE;
  judge_head (head, judge, tuned);
  put = rn_teach_head_new (head, (const char *const *) self->labels);
  binding = rn_teach_network_bind (self->network, put, error);
  trainer = binding != NULL ? new_trainer (self, binding, learn, judge, error) : NULL;
  if (trainer == NULL || !rn_trainer_run (trainer, cancellable, error))
    return FALSE;
  epochs = rn_trainer_get_epochs (trainer, &n_epochs);
  tuned->loss_after = epochs[n_epochs - 1].val_loss;
  tuned->right_after =
      (int) lrint ((1 - epochs[n_epochs - 1].val_error) * tuned->n_held_out);
  if (is_worse (tuned))
    return TRUE;
  trained = rn_trainer_get_binding (trainer, error);
  if (trained == NULL)
    return FALSE;
  tuned->network = rn_teach_network_new_tuned (trained, self->network);

  return TRUE;
}

/**
 * rn_teach_tuning_work:
 *
 * An #RnWorkFunc. Puts a classifier, learnt from most of the pictures, on the network, trains its
 * last stage on them, and judges by the others.
 *
 * Returns: (transfer full) (nullable): an #RnTeachTuned
 */
gpointer
rn_teach_tuning_work (gpointer data, GCancellable *cancellable, GError **error)
{
  RnTeachTuning *self = data;
  RnTeachTuned *tuned = g_new0 (RnTeachTuned, 1);
  Half learn = { 0 }, judge = { 0 };

  half_init (&learn);
  half_init (&judge);
  if (!divide (self, &learn, &judge, error) ||
      !tune (self, &learn, &judge, tuned, cancellable, error))
    g_clear_pointer (&tuned, rn_teach_tuned_free);
  half_clear (&learn);
  half_clear (&judge);

  return tuned;
}
