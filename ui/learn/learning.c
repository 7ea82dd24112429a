#include "ui/learn/learning.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ui/learn/learning-private.h"

/* More than these are thinned out: every second one goes. */
#define MAX_SHOTS 192

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnLearning, rn_learning, G_TYPE_OBJECT)

/* Says that the getters return something else. */
void
rn_learning_emit_changed (RnLearning *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_results (RnLearning *self)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_array_set_size (self->steps[r], 0);
      g_array_set_size (self->epochs[r], 0);
      g_ptr_array_set_size (self->shots[r], 0);
      g_clear_pointer (&self->run_errors[r], g_free);
      g_clear_pointer (&self->models[r], rn_model_unref);
      self->n_steps[r] = 0;
    }
  g_clear_pointer (&self->labels, g_strfreev);
  self->n_pictures[0] = self->n_pictures[1] = 0;
  self->shown = -1;
}

/* Adds a shot; one of the same step (of another picture) takes the old one's place. */
static void
add_shot (GPtrArray *shots, RnLearnShot *shot)
{
  const RnLearnShot *last = shots->len > 0 ? g_ptr_array_index (shots, shots->len - 1) : NULL;

  if (last != NULL && last->step == shot->step)
    g_ptr_array_set_size (shots, shots->len - 1);
  g_ptr_array_add (shots, rn_learn_shot_ref (shot));
}

static void
thin_out (RnLearning *self)
{
  gboolean full = FALSE;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    full |= self->shots[r]->len > MAX_SHOTS;
  if (!full)
    return;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    for (int i = (int)self->shots[r]->len - 2; i > 0; i -= 2)
      g_ptr_array_remove_index (self->shots[r], i);
  if (self->shown >= 0)
    self->shown = MIN (self->shown / 2, rn_learning_get_n_shots (self) - 1);
}

static void
take (char **to, char **from)
{
  if (*from == NULL)
    return;
  g_free (*to);
  *to = g_steal_pointer (from);
}

static void
take_run (RnLearning *self, int r, RnLearnNews *news)
{
  if (news->models[r] != NULL)
    {
      g_clear_pointer (&self->models[r], rn_model_unref);
      self->models[r] = g_steal_pointer (&news->models[r]);
    }
  self->n_steps[r] = news->n_steps[r];
  g_array_append_vals (self->steps[r], news->steps[r]->data, news->steps[r]->len);
  g_array_append_vals (self->epochs[r], news->epochs[r]->data, news->epochs[r]->len);
  for (guint i = 0; i < news->shots[r]->len; i++)
    add_shot (self->shots[r], g_ptr_array_index (news->shots[r], i));
  take (&self->run_errors[r], &news->run_errors[r]);
}

/* The last run has pictures and networks: what the run before found goes. */
static void
take_over (RnLearning *self)
{
  g_clear_pointer (&self->results, rn_learn_worker_unref);
  clear_results (self);
  self->results = rn_learn_worker_ref (self->worker);
}

static void
on_told (RnLearnNews *news, gpointer data)
{
  RnLearning *self = data;

  if (news->models[0] != NULL)
    take_over (self);
  self->state = news->state;
  self->loaded = news->loaded;
  self->to_load = news->to_load;
  if (self->results == self->worker)
    memcpy (self->n_pictures, news->n_pictures, sizeof self->n_pictures);
  if (news->labels != NULL)
    {
      g_strfreev (self->labels);
      self->labels = g_steal_pointer (&news->labels);
    }
  for (int r = 0; r < RN_LEARN_N_RUNS && self->results == self->worker; r++)
    take_run (self, r, news);
  take (&self->error, &news->error);
  if (news->warnings != NULL)
    g_string_append_printf (self->warnings, "%s%s", self->warnings->len > 0 ? "\n" : "",
                            news->warnings->str);
  thin_out (self);
  rn_learning_emit_changed (self);
}

static void
drop_worker (RnLearning *self)
{
  if (self->worker != NULL)
    rn_learn_worker_stop (self->worker);
  g_clear_pointer (&self->worker, rn_learn_worker_unref);
}

static void
begin (RnLearning *self, gboolean paused, gboolean resume)
{
  const RnLearnOptions options = { .reader_program = self->reader_program,
                                   .folder = self->folder,
                                   .resume = resume,
                                   .paused = paused,
                                   .picture = self->picture };

  drop_worker (self);
  g_clear_pointer (&self->error, g_free);
  g_string_truncate (self->warnings, 0);
  self->loaded = self->to_load = 0;
  self->state = RN_LEARN_LOADING;
  self->worker = rn_learn_worker_new (&self->setup, &options, on_told, self);
  rn_learning_emit_changed (self);
}

static void
rn_learning_dispose (GObject *object)
{
  drop_worker (RN_LEARNING (object));
  g_clear_pointer (&RN_LEARNING (object)->results, rn_learn_worker_unref);

  G_OBJECT_CLASS (rn_learning_parent_class)->dispose (object);
}

static void
rn_learning_finalize (GObject *object)
{
  RnLearning *self = RN_LEARNING (object);

  clear_results (self);
  g_free (self->error);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_array_unref (self->steps[r]);
      g_array_unref (self->epochs[r]);
      g_ptr_array_unref (self->shots[r]);
    }
  g_string_free (self->warnings, TRUE);
  rn_learn_setup_clear (&self->setup);
  g_free (self->reader_program);
  g_free (self->folder);

  G_OBJECT_CLASS (rn_learning_parent_class)->finalize (object);
}

static void
rn_learning_class_init (RnLearningClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_learning_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_learning_finalize;

  /* Anything that a getter returns. */
  signals[CHANGED] = g_signal_new ("changed", RN_TYPE_LEARNING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rn_learning_init (RnLearning *self)
{
  rn_learn_setup_init (&self->setup);
  self->shown = -1;
  self->warnings = g_string_new (NULL);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      self->steps[r] = g_array_new (FALSE, FALSE, sizeof (RnLearnStep));
      self->epochs[r] = g_array_new (FALSE, FALSE, sizeof (RnTrainerEpoch));
      self->shots[r] = g_ptr_array_new_with_free_func ((GDestroyNotify)rn_learn_shot_unref);
    }
}

/**
 * rn_learning_new:
 * @reader_program: (nullable): decodes pictures of strangers' folders; %NULL for this process
 * @folder: (nullable): where the run under way is kept after every epoch
 */
RnLearning *
rn_learning_new (const char *reader_program, const char *folder)
{
  RnLearning *self = g_object_new (RN_TYPE_LEARNING, NULL);

  self->reader_program = g_strdup (reader_program);
  self->folder = g_strdup (folder);

  return self;
}

const RnLearnSetup *
rn_learning_get_setup (RnLearning *self)
{
  return &self->setup;
}

/**
 * rn_learning_set_setup:
 * @error: set where it makes no sense, and where a run is under way, which has to be stopped first
 *
 * What rn_learning_start() starts next.
 */
gboolean
rn_learning_set_setup (RnLearning *self, const RnLearnSetup *setup, GError **error)
{
  RnLearnSetup copy;

  g_return_val_if_fail (RN_IS_LEARNING (self), FALSE);

  if (!rn_learn_setup_check (setup, error))
    return FALSE;
  if (rn_learning_is_active (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("The networks are learning; stop them first"));
      return FALSE;
    }
  rn_learn_setup_copy (setup, &copy);
  rn_learn_setup_clear (&self->setup);
  self->setup = copy;
  rn_learning_emit_changed (self);

  return TRUE;
}

/* Takes the word "run" out of @text, if it is there. */
static char *
split_run (const char *text, gboolean *run)
{
  g_auto (GStrv) fields = g_strsplit (text, ";", -1);
  GString *rest = g_string_new (NULL);

  *run = FALSE;
  for (int i = 0; fields[i] != NULL; i++)
    if (g_str_equal (g_strstrip (fields[i]), "run"))
      *run = TRUE;
    else
      g_string_append_printf (rest, "%s;", fields[i]);

  return g_string_free (rest, FALSE);
}

/**
 * rn_learning_apply:
 * @text: as rn_learn_setup_parse() reads it, over the defaults; with "run" among the fields both
 *   networks start at once
 *
 * A run under way is stopped first.
 *
 * Returns: whether it could be read; nothing changes otherwise
 */
gboolean
rn_learning_apply (RnLearning *self, const char *text, GError **error)
{
  g_auto (RnLearnSetup) setup = { 0 };
  g_autofree char *rest = NULL;
  gboolean run;

  g_return_val_if_fail (RN_IS_LEARNING (self) && text != NULL, FALSE);

  rest = split_run (text, &run);
  rn_learn_setup_init (&setup);
  if (!rn_learn_setup_parse (&setup, rest, error))
    return FALSE;
  rn_learning_stop (self);
  if (!rn_learning_set_setup (self, &setup, error))
    return FALSE;
  if (run)
    rn_learning_start (self);

  return TRUE;
}

/* Begins, or goes on where it was paused. */
void
rn_learning_start (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (rn_learning_is_active (self))
    rn_learn_worker_run (self->worker);
  else
    begin (self, FALSE, FALSE);
}

/* The setup of the run that is kept, or NULL. */
static char *
read_kept_setup (RnLearning *self)
{
  g_autofree char *path = NULL;
  char *text = NULL;

  if (self->folder == NULL)
    return NULL;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autofree char *checkpoint = rn_learn_worker_get_path (self->folder, r);

      if (!g_file_test (checkpoint, G_FILE_TEST_IS_REGULAR))
        return NULL;
    }
  path = g_build_filename (self->folder, "setup", NULL);
  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

/* Whether a run that was broken off is kept; it is what the program was ended during, too. */
gboolean
rn_learning_can_resume (RnLearning *self)
{
  g_autofree char *text = read_kept_setup (self);

  return text != NULL && !rn_learning_is_active (self);
}

/**
 * rn_learning_resume:
 *
 * Goes on with the run that is kept, from the end of its last whole epoch; its setup becomes the
 * setup.
 */
gboolean
rn_learning_resume (RnLearning *self, GError **error)
{
  g_autofree char *text = read_kept_setup (self);

  if (text == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("No run is kept that could go on"));
      return FALSE;
    }
  if (!rn_learning_apply (self, text, error))
    return FALSE;
  begin (self, FALSE, TRUE);

  return TRUE;
}

/* After the step under way. */
void
rn_learning_pause (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (rn_learning_is_active (self))
    rn_learn_worker_pause (self->worker);
}

/* A step of each network, then a pause; begins where nothing was begun. */
void
rn_learning_step (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (!rn_learning_is_active (self))
    begin (self, TRUE, FALSE);
  rn_learn_worker_step (self->worker);
}

/* For good; what was found stays, and networks can be saved. */
void
rn_learning_stop (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (!rn_learning_is_active (self))
    return;
  rn_learn_worker_stop (self->worker);
  self->state = RN_LEARN_STOPPED;
  rn_learning_emit_changed (self);
}

RnLearnState
rn_learning_get_state (RnLearning *self)
{
  return self->state;
}

/* Whether a run is under way: loading, running or paused. */
gboolean
rn_learning_is_active (RnLearning *self)
{
  return self->state == RN_LEARN_LOADING || self->state == RN_LEARN_RUNNING ||
         self->state == RN_LEARN_PAUSED;
}
