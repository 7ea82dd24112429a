#include "ui/lessons/lesson-parser.h"

#include <math.h>
#include <string.h>

#include "engine/formats/clean-text.h"
#include "ui/lessons/lesson-check.h"
#include "ui/lessons/lesson-text.h"

G_DEFINE_QUARK (rn - lesson - error - quark, rn_lesson_error)

#define ID_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_"

typedef struct
{
  RnLesson *lesson;
  RnStep *step; /* the lesson's last, while its element is open */
  RnTask *task; /* the step's */
  GMarkupParseContext *context;
  GString *text;  /* of the element that is open, where it takes text */
  char **text_to; /* where it goes; NULL where the element takes none */
} Parser;

static int
get_line (const Parser *self)
{
  int line = 0;

  g_markup_parse_context_get_position (self->context, &line, NULL);

  return line;
}

G_GNUC_PRINTF (4, 5)
static gboolean
fail (const Parser *self, int line, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *clean = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* What it quotes may have lines. */
  clean = rn_clean_text (message, strlen (message));
  g_set_error (error, RN_LESSON_ERROR, RN_LESSON_ERROR_FORMAT, "%s:%d: %s", self->lesson->label,
               line, clean);

  return FALSE;
}

/**
 * Attribute:
 * @to: where a copy of the value goes
 */
typedef struct
{
  const char *name;
  gboolean required;
  char **to;
} Attribute;

static gboolean
take_attributes (Parser *self,
                 const char *element,
                 const char **names,
                 const char **values,
                 const Attribute *attributes,
                 int n_attributes,
                 GError **error)
{
  for (int i = 0; names[i] != NULL; i++)
    {
      const Attribute *found = NULL;

      for (int a = 0; a < n_attributes; a++)
        if (g_str_equal (attributes[a].name, names[i]))
          found = &attributes[a];
      if (found == NULL)
        return fail (self, get_line (self), error, "<%s> has no attribute “%s”", element, names[i]);
      if (*found->to != NULL)
        return fail (self, get_line (self), error, "<%s>: “%s” is given twice", element, names[i]);
      *found->to = g_strdup (values[i]);
    }
  for (int a = 0; a < n_attributes; a++)
    if (attributes[a].required && (*attributes[a].to == NULL || **attributes[a].to == '\0'))
      return fail (self, get_line (self), error, "<%s>: its attribute “%s” is missing", element,
                   attributes[a].name);

  return TRUE;
}

static void
collect_text (Parser *self, char **to)
{
  self->text_to = to;
  g_string_truncate (self->text, 0);
}

static gboolean
start_lesson (Parser *self, const char **names, const char **values, GError **error)
{
  g_autofree char *models = NULL;
  const Attribute attributes[] = {
    { "id", TRUE, &self->lesson->id },
    { "language", TRUE, &self->lesson->language },
    { "title", TRUE, &self->lesson->title },
    { "models", TRUE, &models },
    { "picture", FALSE, &self->lesson->picture },
  };

  if (self->lesson->id != NULL)
    return fail (self, get_line (self), error, "one <lesson> a file would be right");
  if (!take_attributes (self, "lesson", names, values, attributes, G_N_ELEMENTS (attributes),
                        error))
    return FALSE;
  if (strspn (self->lesson->id, ID_CHARACTERS) != strlen (self->lesson->id) ||
      strspn (self->lesson->language, ID_CHARACTERS) != strlen (self->lesson->language))
    return fail (self, get_line (self), error,
                 "id and language: ASCII letters, digits, “-” and “_” alone would be right");
  self->lesson->models = g_strsplit (g_strstrip (models), " ", -1);
  for (guint i = 0; self->lesson->models[i] != NULL; i++)
    if (*self->lesson->models[i] == '\0')
      return fail (self, get_line (self), error, "models: ids divided by one space would be right");

  return TRUE;
}

static gboolean
start_step (Parser *self, const char **names, const char **values, GError **error)
{
  const Attribute attributes[] = { { "id", TRUE, &self->step->id },
                                   { "model", FALSE, &self->step->model } };
  const RnStep *step = self->step;

  if (!take_attributes (self, "step", names, values, attributes, G_N_ELEMENTS (attributes), error))
    return FALSE;
  if (self->lesson->steps->len > RN_LESSON_MAX_STEPS)
    return fail (self, step->line, error, "more than %d steps", RN_LESSON_MAX_STEPS);
  if (step->model != NULL &&
      !g_strv_contains ((const char *const *)self->lesson->models, step->model))
    return fail (self, step->line, error, "model “%s” is none that the lesson names", step->model);
  for (guint i = 0; i + 1 < self->lesson->steps->len; i++)
    if (g_str_equal (rn_lesson_get_step (self->lesson, i)->id, step->id))
      return fail (self, step->line, error, "a second step “%s”", step->id);

  return TRUE;
}

static gboolean
parse_channel (Parser *self, const char *text, GError **error)
{
  guint64 channel;

  if (!g_ascii_string_to_unsigned (text, 10, 0, 1 << 20, &channel, NULL))
    return fail (self, get_line (self), error, "channel “%s”: a number from 0 would be right",
                 text);
  self->step->channel = (int) channel;

  return TRUE;
}

/* @text is one of two words, or not there, which means the first. */
static gboolean
parse_word (Parser *self,
            const char *text,
            const char *first,
            const char *second,
            gboolean *is_second,
            GError **error)
{
  *is_second = text != NULL && g_str_equal (text, second);
  if (text == NULL || *is_second || g_str_equal (text, first))
    return TRUE;

  return fail (self, get_line (self), error, "“%s”: %s or %s would be right", text, first, second);
}

static gboolean
check_learn (Parser *self, GError **error)
{
  g_autofree char *fault = rn_step_find_learn_fault (self->step);

  return fault == NULL || fail (self, get_line (self), error, "<focus>: %s", fault);
}

static gboolean
start_focus (Parser *self, const char **names, const char **values, GError **error)
{
  RnStep *step = self->step;
  g_autofree char *channel = NULL, *start = NULL;
  const Attribute attributes[] = { { "layer", FALSE, &step->layer },
                                   { "block", FALSE, &step->block },
                                   { "channel", FALSE, &channel },
                                   { "view", FALSE, &step->view },
                                   { "learn", FALSE, &step->learn },
                                   { "start", FALSE, &start } };

  if (!take_attributes (self, "focus", names, values, attributes, G_N_ELEMENTS (attributes), error))
    return FALSE;
  if (step->layer != NULL && step->block != NULL)
    return fail (self, get_line (self), error, "<focus>: a layer or a block would be right");
  if (channel != NULL && step->layer == NULL)
    return fail (self, get_line (self), error, "<focus>: a channel is a layer's: name that too");
  if (step->view != NULL && !g_strv_contains (rn_lesson_views, step->view))
    {
      g_autofree char *views = g_strjoinv (", ", (char **)rn_lesson_views);

      return fail (self, get_line (self), error, "view “%s”: one of %s would be right", step->view,
                   views);
    }

  return (channel == NULL || parse_channel (self, channel, error)) &&
         parse_word (self, start, "no", "yes", &step->start, error) && check_learn (self, error);
}

static gboolean
parse_tolerance (Parser *self, const char *text, GError **error)
{
  char *end;
  double tolerance = g_ascii_strtod (text, &end);

  self->task->relative = *end == '%';
  if (end == text || !isfinite (tolerance) || tolerance < 0 || end[self->task->relative] != '\0')
    return fail (self, get_line (self), error, "tolerance “%s”: 0.01 or 2%% would be right", text);
  self->task->tolerance = self->task->relative ? tolerance / 100 : tolerance;

  return TRUE;
}

static gboolean
start_task (Parser *self, RnTaskKind kind, const char **names, const char **values, GError **error)
{
  RnTask *task = self->task;
  g_autofree char *tolerance = NULL, *of = NULL, *what = NULL;
  const Attribute number[] = { { "answer", TRUE, &task->answer },
                               { "tolerance", FALSE, &tolerance } };
  const Attribute shape[] = { { "layer", TRUE, &task->layer }, { "of", FALSE, &of } };
  const Attribute select[] = { { "what", TRUE, &what }, { "where", TRUE, &task->where } };
  const Attribute edit[] = { { "apply", TRUE, &task->apply },
                             { "confirm", FALSE, &task->confirm } };
  const Attribute fit[] = { { "block", TRUE, &task->block } };
  const Attribute run[] = { { "until", TRUE, &task->until } };
  const struct
  {
    const Attribute *attributes;
    int n;
  } forms[RN_N_TASK_KINDS] = {
    { number, 2 }, { shape, 2 }, { NULL, 0 }, { select, 2 }, { edit, 2 }, { fit, 1 }, { run, 1 },
  };

  if (!take_attributes (self, rn_task_kind_get_name (kind), names, values, forms[kind].attributes,
                        forms[kind].n, error))
    return FALSE;

  return (tolerance == NULL || parse_tolerance (self, tolerance, error)) &&
         parse_word (self, of, "output", "input", &task->of_input, error) &&
         parse_word (self, what, "layer", "block", &task->blocks, error);
}

static gboolean
start_option (Parser *self, const char **names, const char **values, GError **error)
{
  RnOption *option = g_new0 (RnOption, 1);
  g_autofree char *right = NULL;
  const Attribute attributes[] = { { "text", TRUE, &option->text },
                                   { "right", FALSE, &right },
                                   { "holds", FALSE, &option->holds } };

  option->line = get_line (self);
  g_ptr_array_add (self->task->options, option);
  if (self->task->options->len > RN_LESSON_MAX_ENTRIES)
    return fail (self, option->line, error, "more than %d options", RN_LESSON_MAX_ENTRIES);
  if (!take_attributes (self, "option", names, values, attributes, G_N_ELEMENTS (attributes),
                        error) ||
      !parse_word (self, right, "no", "yes", &option->right, error))
    return FALSE;
  collect_text (self, &option->reason);

  return TRUE;
}

static gboolean
start_wrong (Parser *self, const char **names, const char **values, GError **error)
{
  RnWrong *wrong = g_new0 (RnWrong, 1);
  const Attribute attributes[] = { { "when", FALSE, &wrong->when } };

  wrong->line = get_line (self);
  g_ptr_array_add (self->task->wrongs, wrong);
  if (self->task->wrongs->len > RN_LESSON_MAX_ENTRIES)
    return fail (self, wrong->line, error, "more than %d wrong answers", RN_LESSON_MAX_ENTRIES);
  if (!take_attributes (self, "wrong", names, values, attributes, 1, error))
    return FALSE;
  collect_text (self, &wrong->reason);

  return TRUE;
}

/* Elements that hold text alone. */
static gboolean
start_text (Parser *self,
            const char *element,
            const char **names,
            const char **values,
            char **to,
            GError **error)
{
  if (!take_attributes (self, element, names, values, NULL, 0, error))
    return FALSE;
  if (to == NULL || *to != NULL)
    return fail (self, get_line (self), error, "one <%s> too many", element);
  collect_text (self, to);

  return TRUE;
}

static gboolean
start_in_task (
    Parser *self, const char *element, const char **names, const char **values, GError **error)
{
  RnTask *task = self->task;

  if (g_str_equal (element, "option") && task->kind == RN_TASK_CHOICE)
    return start_option (self, names, values, error);
  if (g_str_equal (element, "wrong") && task->kind != RN_TASK_CHOICE)
    return start_wrong (self, names, values, error);
  if (g_str_equal (element, "right") && task->kind != RN_TASK_CHOICE)
    return start_text (self, element, names, values, &task->right, error);
  if (g_str_equal (element, "hint"))
    return start_text (self, element, names, values,
                       task->hints[0] == NULL ? &task->hints[0] : &task->hints[1], error);
  if (g_str_equal (element, "solution"))
    return start_text (self, element, names, values, &task->solution, error);

  return fail (self, get_line (self), error, "<%s> has no place in <%s>", element,
               rn_task_kind_get_name (task->kind));
}

static gboolean
start_in_step (
    Parser *self, const char *element, const char **names, const char **values, GError **error)
{
  if (g_str_equal (element, "text"))
    return start_text (self, element, names, values, &self->step->text, error);
  if (g_str_equal (element, "cite"))
    return start_text (self, element, names, values, &self->step->cite, error);
  if (g_str_equal (element, "focus"))
    return start_focus (self, names, values, error);
  for (int kind = 0; kind < RN_N_TASK_KINDS; kind++)
    if (g_str_equal (element, rn_task_kind_get_name (kind)))
      {
        if (self->step->task != NULL)
          return fail (self, get_line (self), error, "one task a step would be right");
        self->task = self->step->task = rn_task_new (kind, get_line (self));
        return start_task (self, kind, names, values, error);
      }

  return fail (self, get_line (self), error, "<%s> has no place in <step>", element);
}

static void
on_start (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  Parser *self = data;
  const GSList *stack = g_markup_parse_context_get_element_stack (context);
  guint depth = g_slist_length ((GSList *)stack);
  const char *parent = depth > 1 ? stack->next->data : NULL;

  if (self->text_to != NULL)
    fail (self, get_line (self), error, "<%s> has no place in <%s>, which holds text alone",
          element, parent);
  else if (parent == NULL)
    {
      if (g_str_equal (element, "lesson"))
        start_lesson (self, names, values, error);
      else
        fail (self, get_line (self), error, "<%s>: <lesson> would be right", element);
    }
  else if (self->task != NULL)
    start_in_task (self, element, names, values, error);
  else if (self->step != NULL)
    start_in_step (self, element, names, values, error);
  else if (g_str_equal (element, "about"))
    start_text (self, element, names, values, &self->lesson->about, error);
  else if (g_str_equal (element, "step"))
    {
      self->step = rn_step_new (get_line (self));
      g_ptr_array_add (self->lesson->steps, self->step);
      start_step (self, names, values, error);
    }
  else
    fail (self, get_line (self), error, "<%s> has no place in <lesson>", element);
}

static gboolean
end_task (Parser *self, GError **error)
{
  g_autofree char *fault = rn_task_find_fault (self->task);

  return fault == NULL || fail (self, self->task->line, error, "%s", fault);
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Parser *self = data;

  if (self->text_to != NULL)
    {
      *self->text_to = rn_lesson_text_tidy (self->text->str);
      if (**self->text_to == '\0')
        fail (self, get_line (self), error, "<%s> is empty", element);
      self->text_to = NULL;
    }
  else if (g_str_equal (element, "step"))
    {
      if (self->step->text == NULL)
        fail (self, self->step->line, error, "step “%s” has no <text>", self->step->id);
      else if (self->step->task != NULL && self->step->task->kind == RN_TASK_RUN &&
               self->step->learn == NULL)
        fail (self, self->step->task->line, error,
              "<run>: a <focus learn=\"…\"> in its step would be right: it says what runs");
      self->step = NULL;
    }
  else if (self->task != NULL && g_str_equal (element, rn_task_kind_get_name (self->task->kind)))
    {
      end_task (self, error);
      self->task = NULL;
    }
}

static void
on_text (
    GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  Parser *self = data;

  if (self->text_to != NULL)
    {
      g_string_append_len (self->text, text, length);
      return;
    }
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      {
        fail (self, get_line (self), error, "text outside of an element that holds text");
        return;
      }
}

/* GMarkup's own errors, which begin “Error on line 3 char 5: ” and quote the file byte by byte, in
 * the form of ours. */
static void
restate (const Parser *self, GError **error)
{
  g_autoptr (GError) original = *error;
  g_autofree char *clean = rn_clean_text (original->message, strlen (original->message));
  const char *message = clean;

  *error = NULL;
  if (original->domain == RN_LESSON_ERROR)
    {
      *error = g_steal_pointer (&original);
      return;
    }
  if (g_str_has_prefix (message, "Error on line") && strstr (message, ": ") != NULL)
    message = strstr (message, ": ") + 2;
  fail (self, get_line (self), error, "%s", message);
}

static gboolean
check_whole (const Parser *self, GError **error)
{
  const char *fault = rn_lesson_find_fault (self->lesson);

  return fault == NULL || fail (self, 1, error, "%s", fault);
}

/**
 * rn_lesson_parse:
 * @text: the file's content; need not end with a zero
 * @length: its length in bytes
 * @label: what to call it in errors
 *
 * Nothing is asked of any network here: rn_lesson_verify() does that.
 *
 * Returns: (transfer full) (nullable): the lesson, or %NULL with %RN_LESSON_ERROR: "label:line: …"
 */
RnLesson *
rn_lesson_parse (const char *text, gsize length, const char *label, GError **error)
{
  const GMarkupParser callbacks = { on_start, on_end, on_text, NULL, NULL };
  g_autoptr (RnLesson) lesson = NULL;
  g_autoptr (GMarkupParseContext) context = NULL;
  g_autoptr (GString) collected = g_string_new (NULL);
  Parser parser = { 0 };

  g_return_val_if_fail (text != NULL && label != NULL, NULL);

  if (length > RN_LESSON_MAX_BYTES)
    {
      g_set_error (error, RN_LESSON_ERROR, RN_LESSON_ERROR_LIMIT,
                   "%s: %" G_GSIZE_FORMAT " bytes: a lesson has %d at most", label, length,
                   RN_LESSON_MAX_BYTES);
      return NULL;
    }
  lesson = rn_lesson_new (label);
  context = g_markup_parse_context_new (&callbacks, G_MARKUP_TREAT_CDATA_AS_TEXT, &parser, NULL);
  parser.lesson = lesson;
  parser.context = context;
  parser.text = collected;
  if (memchr (text, '\0', length) != NULL)
    {
      fail (&parser, 1, error, "holds a zero byte: text in UTF-8 would be right");
      return NULL;
    }
  if (!g_markup_parse_context_parse (context, text, length, error) ||
      !g_markup_parse_context_end_parse (context, error))
    {
      if (error != NULL)
        restate (&parser, error);
      return NULL;
    }

  return check_whole (&parser, error) ? g_steal_pointer (&lesson) : NULL;
}
