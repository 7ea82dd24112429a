/* A lesson as its file gives it: steps, what to do in each, and how that is checked. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RN_TASK_NUMBER, /* type a number; right if it is what `answer` comes to */
  RN_TASK_SHAPE,  /* type a shape; right if it is the layer's */
  RN_TASK_CHOICE, /* choose one of several */
  RN_TASK_SELECT, /* select a layer or a block for which `where` holds */
  RN_TASK_EDIT,   /* edit the network so that `apply` is among its edits */
  RN_TASK_FIT,    /* choose a shortcut's stride and filters so that the block's addition works */
  RN_TASK_RUN,    /* let the networks in the learn view learn until `until` holds */
  RN_N_TASK_KINDS
} RnTaskKind;

/* What a wrong answer gets: where @when holds of it, or else whatever it is. */
typedef struct
{
  char *when; /* NULL for any */
  char *reason;
  int line;
} RnWrong;

/* What can be chosen; @reason is said behind the choice. Where every option has @holds, the engine
 * decides when the answer is given, and @right is what it is expected to say. */
typedef struct
{
  char *text;
  char *reason;
  gboolean right;
  char *holds; /* what the engine must confirm of a right one and deny of others; or NULL */
  int line;
} RnOption;

/**
 * RnTask:
 * @answer: number: an expression
 * @tolerance: number: how far off is right still; relative where @relative
 * @layer: shape: a layer
 * @of_input: shape: its input's shape is meant
 * @blocks: select: a block is to be selected, not a layer
 * @where: select: an expression of `it`
 * @apply: edit: edits as rn_edit_parse() takes, divided by spaces
 * @block: fit: a projection block's Add layer
 * @until: run: an expression of what they have learnt
 * @confirm: what the engine must confirm before the lesson can say so, an expression; or %NULL
 * @right: (nullable): what a right answer gets
 * @hints: two stages of help, and then:
 * @solution: the whole of it
 */
typedef struct
{
  RnTaskKind kind;
  char *answer;
  double tolerance;
  gboolean relative;
  char *layer;
  gboolean of_input;
  gboolean blocks;
  char *where;
  char *apply;
  char *block;
  char *until;
  char *confirm;
  GPtrArray *options;
  GPtrArray *wrongs;
  char *right;
  char *hints[2];
  char *solution;
  int line;
} RnTask;

/**
 * RnStep:
 * @id: its name within the lesson
 * @model: (nullable): the model that it is about, where the lesson claims several
 * @text: paragraphs divided by empty lines; `{…}` stands for what the engine computes
 * @cite: (nullable): where it can be read up
 * @layer: (nullable): what to look at
 * @block: (nullable): likewise, by its Add layer
 * @channel: likewise, of @layer; -1 for none
 * @view: (nullable): one of rn_lesson_views
 * @learn: (nullable): what the learn view is to be set to: as rn_learn_setup_parse() takes it
 * @start: whether it starts at once
 * @task: (nullable): what to do
 */
typedef struct
{
  char *id;
  char *model;
  char *text;
  char *cite;
  char *layer;
  char *block;
  int channel;
  char *view;
  char *learn;
  gboolean start;
  RnTask *task;
  int line;
} RnStep;

/**
 * RnLesson:
 * @label: what to call the file
 * @id: the same in all languages
 * @language: `en`, `zh_CN`, …
 * @title: for people
 * @about: one sentence
 * @picture: (nullable): the bundled sample that is open where the user has opened none
 * @models: ids of the models that every step without one of its own must hold for
 * @steps: of RnStep
 */
typedef struct
{
  char *label;
  char *id;
  char *language;
  char *title;
  char *about;
  char *picture;
  char **models;
  GPtrArray *steps;

  /*< private >*/
  gint ref_count;
} RnLesson;

extern const char *const rn_lesson_views[];

RnLesson *rn_lesson_ref (RnLesson *self);
void rn_lesson_unref (RnLesson *self);
const RnStep *rn_lesson_get_step (const RnLesson *self, guint i);
const char *rn_lesson_get_model (const RnLesson *self, const RnStep *step);
gboolean rn_task_is_open (const RnTask *self);
const char *rn_task_kind_get_name (RnTaskKind kind);

/* For the parser. */
RnLesson *rn_lesson_new (const char *label);
RnStep *rn_step_new (int line);
RnTask *rn_task_new (RnTaskKind kind, int line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLesson, rn_lesson_unref)

G_END_DECLS
