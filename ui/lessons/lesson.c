#include "ui/lessons/lesson.h"

/* What a step may ask the window to show. */
const char *const rn_lesson_views[] = { "blocks", "keras2", "keras3", "overview", "maps",
                                        "experiments", NULL };

static void
wrong_free (gpointer data)
{
  RnWrong *wrong = data;

  g_free (wrong->when);
  g_free (wrong->reason);
  g_free (wrong);
}

static void
option_free (gpointer data)
{
  RnOption *option = data;

  g_free (option->text);
  g_free (option->reason);
  g_free (option->holds);
  g_free (option);
}

static void
task_free (RnTask *self)
{
  g_free (self->answer);
  g_free (self->layer);
  g_free (self->where);
  g_free (self->apply);
  g_free (self->block);
  g_free (self->until);
  g_free (self->confirm);
  g_ptr_array_unref (self->options);
  g_ptr_array_unref (self->wrongs);
  g_free (self->right);
  g_free (self->hints[0]);
  g_free (self->hints[1]);
  g_free (self->solution);
  g_free (self);
}

static void
step_free (gpointer data)
{
  RnStep *self = data;

  g_free (self->id);
  g_free (self->model);
  g_free (self->text);
  g_free (self->cite);
  g_free (self->layer);
  g_free (self->block);
  g_free (self->view);
  g_free (self->learn);
  g_clear_pointer (&self->task, task_free);
  g_free (self);
}

RnLesson *
rn_lesson_new (const char *label)
{
  RnLesson *self = g_new0 (RnLesson, 1);

  self->ref_count = 1;
  self->label = g_strdup (label);
  self->steps = g_ptr_array_new_with_free_func (step_free);

  return self;
}

RnStep *
rn_step_new (int line)
{
  RnStep *self = g_new0 (RnStep, 1);

  self->channel = -1;
  self->line = line;

  return self;
}

RnTask *
rn_task_new (RnTaskKind kind, int line)
{
  RnTask *self = g_new0 (RnTask, 1);

  self->kind = kind;
  self->line = line;
  self->options = g_ptr_array_new_with_free_func (option_free);
  self->wrongs = g_ptr_array_new_with_free_func (wrong_free);

  return self;
}

RnLesson *
rn_lesson_ref (RnLesson *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_lesson_unref (RnLesson *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_free (self->label);
  g_free (self->id);
  g_free (self->language);
  g_free (self->title);
  g_free (self->about);
  g_free (self->picture);
  g_strfreev (self->models);
  g_ptr_array_unref (self->steps);
  g_free (self);
}

const RnStep *
rn_lesson_get_step (const RnLesson *self, guint i)
{
  g_return_val_if_fail (i < self->steps->len, NULL);

  return g_ptr_array_index (self->steps, i);
}

/* The id of the model that a step shows: its own, or the lesson's first. */
const char *
rn_lesson_get_model (const RnLesson *self, const RnStep *step)
{
  return step->model != NULL ? step->model : self->models[0];
}

/* Whether it is a choice of which the engine, not the author, says what is right. */
gboolean
rn_task_is_open (const RnTask *self)
{
  for (guint i = 0; i < self->options->len; i++)
    if (((RnOption *)g_ptr_array_index (self->options, i))->holds == NULL)
      return FALSE;

  return self->kind == RN_TASK_CHOICE;
}

/* The element's name in a lesson's file. */
const char *
rn_task_kind_get_name (RnTaskKind kind)
{
  static const char *const names[] = { "number", "shape", "choice", "select", "edit", "fit", "run" };

  return names[kind];
}
