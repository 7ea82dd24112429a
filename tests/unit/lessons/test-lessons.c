#include "ui/lessons/judge.h"
#include "ui/lessons/lesson-parser.h"
#include "ui/lessons/lesson-store.h"
#include "ui/lessons/lesson-text.h"
#include "ui/lessons/verify.h"
#include "ui/pictures/picture-loader.h"

/* Whose networks learn but for a moment. */
#define BRIEF "pictures=32; epochs=1; batch=16"

#define LESSON(inner)                                                                              \
  "<lesson id='a' language='en' title='A' models='resnet18'><about>x</about>\n" inner "</lesson>"
#define STEP(inner) LESSON ("<step id='s'><text>x</text>" inner "</step>")
#define HELP "<hint>x</hint><hint>x</hint><solution>x</solution>"

#define LEARN "<focus learn='nets=plain8,plain8; pictures=32; epochs=1; batch=16'/>"

static RnLab *lab;

static RnLab *
get_lab (const char *picture)
{
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "samples", picture, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnPicture) loaded = rn_picture_load (path, &error);

  g_assert_no_error (error);
  if (lab == NULL)
    lab = rn_lab_new (g_getenv ("RN_DATA_DIR"));
  rn_lab_set_picture (lab, loaded);

  return lab;
}

static void
test_faults (void)
{
  const struct
  {
    const char *text, *message;
  } cases[] = {
    { "", "lesson.xml:1: " },
    { "<lesson", "lesson.xml:1: " },
    { "<plan/>", "lesson.xml:1: <plan>: <lesson> would be right" },
    { "<lesson id='a'/>", "lesson.xml:1: <lesson>: its attribute “language” is missing" },
    { "<lesson id='a b' language='en' title='A' models='m'/>", "lesson.xml:1: id and language" },
    { LESSON (""), "lesson.xml:1: no <step>" },
    { LESSON ("<step id='s'/>"), "lesson.xml:2: step “s” has no <text>" },
    { LESSON ("<step id='s' colour='red'/>"), "lesson.xml:2: <step> has no attribute “colour”" },
    { LESSON ("<step id='s' model='vgg'/>"), "lesson.xml:2: model “vgg” is none" },
    { LESSON ("words"), "lesson.xml:2: text outside" },
    { STEP ("<text>y</text>"), "lesson.xml:2: one <text> too many" },
    { STEP ("<cite><b>x</b></cite>"), "lesson.xml:2: <b> has no place in <cite>" },
    { STEP ("<focus layer='a' block='b'/>"), "lesson.xml:2: <focus>: a layer or a block" },
    { STEP ("<focus view='cinema'/>"), "lesson.xml:2: view “cinema”: one of blocks" },
    { STEP ("<focus learn='nets=plain8'/>"), "lesson.xml:2: <focus>: nets=plain8: two networks" },
    { STEP ("<focus learn='nets=plain8,plain9'/>"), "lesson.xml:2: <focus>: " },
    { STEP ("<focus learn='nets=plain8,resnet50'/>"), "lesson.xml:2: <focus>: resnet50 takes" },
    { STEP ("<focus learn='colour=red'/>"), "lesson.xml:2: <focus>: colour=red: nets, data" },
    { STEP ("<focus learn='epochs=0'/>"), "lesson.xml:2: <focus>: " },
    { STEP ("<focus learn='data=/etc'/>"), "lesson.xml:2: <focus>: data=/etc: shapes would be" },
    { STEP ("<focus learn='data=cifar10:x'/>"), "lesson.xml:2: <focus>: data=cifar10:x: shapes" },
    { STEP ("<focus start='yes'/>"), "lesson.xml:2: <focus>: start: what learns is missing" },
    { STEP ("<focus learn='seed=2' start='now'/>"), "lesson.xml:2: “now”: no or yes" },
    { STEP ("<run/>"), "lesson.xml:2: <run>: its attribute “until” is missing" },
    { STEP ("<run until='1'>" HELP "</run>"), "lesson.xml:2: <run>: a <wrong>" },
    { STEP ("<run until='1'><wrong>x</wrong>" HELP "</run>"),
      "lesson.xml:2: <run>: a <focus learn=" },
    { STEP ("<focus layer='a' channel='-1'/>"), "lesson.xml:2: channel “-1”" },
    { STEP ("<number answer='1'>" HELP "</number>"), "lesson.xml:2: <number>: a <wrong>" },
    { STEP ("<number answer='1'><wrong>x</wrong></number>"),
      "lesson.xml:2: <number>: two <hint>s" },
    { STEP ("<number answer='1' tolerance='x'/>"), "lesson.xml:2: tolerance “x”" },
    { STEP ("<choice><option text='a' right='yes'>x</option>" HELP "</choice>"),
      "lesson.xml:2: <choice>: 1 options" },
    { STEP ("<choice><wrong>x</wrong></choice>"),
      "lesson.xml:2: <wrong> has no place in <choice>" },
    { STEP ("<number tolerance='1 +\n2)\n' answer='1'/>"), "lesson.xml:" },
    { STEP ("<focus view='a\nb'/>"), "lesson.xml:" },
    { "<lesson id='\xff'/>", "lesson.xml:1: " },
  };

  g_test_summary ("A lesson with a fault is refused in one line that says where and what");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnLesson) lesson =
          rn_lesson_parse (cases[i].text, strlen (cases[i].text), "lesson.xml", &error);

      if (g_utf8_validate (cases[i].text, -1, NULL))
        g_test_message ("%s", cases[i].text);
      g_assert_null (lesson);
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, cases[i].message));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_hostile (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree char *huge = g_strnfill (RN_LESSON_MAX_BYTES + 1, ' ');
  g_autoptr (GError) error = NULL;

  g_test_summary ("Files too large or nested too deep are refused at once");

  for (int i = 0; i < 20000; i++)
    g_string_append (deep, "<lesson>");
  g_assert_null (rn_lesson_parse (deep->str, deep->len, "deep", &error));
  g_assert_error (error, RN_LESSON_ERROR, RN_LESSON_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (rn_lesson_parse (huge, RN_LESSON_MAX_BYTES + 1, "huge", &error));
  g_assert_error (error, RN_LESSON_ERROR, RN_LESSON_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (rn_lesson_parse ("<lesson\0/>", 10, "zero", &error));
  g_assert_error (error, RN_LESSON_ERROR, RN_LESSON_ERROR_FORMAT);
}

static void
test_expressions (void)
{
  const struct
  {
    const char *text;
    double value;
  } good[] = {
    { "1+2*3", 7 },  { "(1+2)*3", 9 }, { "-2 - -3", 1 },         { "7*7*3*64+64", 9472 },
    { "8/2/2", 2 },  { "3 × 3", 9 },   { "1 < 2 and 2 < 1", 0 }, { "1 < 2 or 2 < 1", 1 },
    { "a == a", 1 }, { "a != a", 0 },  { "1e3", 1000 },          { "2 >= 2", 1 },
  };
  const char *const bad[] = { "", "1+", "(1", "1 2", "a + 1", "f(", "1/0", "'a", "f(1)", "1 == a" };
  g_autofree char *nested = g_strnfill (500, '(');

  g_test_summary ("Sums are computed as written; what is none is refused");

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_auto (RnValue) value = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (rn_expression_evaluate (good[i].text, NULL, NULL, &value, &error));
      g_assert_cmpfloat (value.number, ==, good[i].value);
    }
  for (guint i = 0; i <= G_N_ELEMENTS (bad); i++)
    {
      g_auto (RnValue) value = { 0 };
      g_autoptr (GError) error = NULL;
      const char *text = i < G_N_ELEMENTS (bad) ? bad[i] : nested;

      g_assert_false (rn_expression_evaluate (text, NULL, NULL, &value, &error));
      g_assert_nonnull (error);
    }
}

/* The engine must deny what a lesson gets wrong. */
static void
test_unconfirmed (void)
{
  const char *const cases[] = {
    STEP ("<focus layer='no_such_layer'/>"),
    STEP ("<focus block='conv1_conv'/>"),
    STEP ("<focus layer='conv1_conv' channel='64'/>"),
    LESSON ("<step id='s'><text>{parameters(no_such_layer)}</text></step>"),
    LESSON ("<step id='s'><text>{no_such_quantity(conv1_conv)}</text></step>"),
    STEP ("<number answer='1/3'><wrong>x</wrong>" HELP "</number>"),
    STEP ("<number answer='3'><wrong when='3'>x</wrong><wrong>x</wrong>" HELP "</number>"),
    STEP ("<number answer='3'><wrong>{nothing()}</wrong>" HELP "</number>"),
    STEP ("<select what='layer' where='stride(it) == 9'><wrong>x</wrong>" HELP "</select>"),
    STEP ("<edit apply='cut-shortcut:conv1_conv'><wrong>x</wrong>" HELP "</edit>"),
    STEP ("<fit block='conv2_block1_add'><wrong>x</wrong>" HELP "</fit>"),
    STEP ("<choice><option text='a' right='yes' holds='blocks() == 9'>x</option>"
          "<option text='b'>x</option>" HELP "</choice>"),
    STEP (LEARN "<run until='steps(plain9) > 0'><wrong>x</wrong>" HELP "</run>"),
    STEP (LEARN "<run until='steps() > 0'><wrong>x</wrong>" HELP "</run>"),
    STEP (LEARN "<run until='steps(plain8) &lt; 1'><wrong>x</wrong>" HELP "</run>"),
    STEP (LEARN "<run until='steps(plain8) > 0'><wrong when='val_error(x) > 0'>x</wrong>"
                "<wrong>x</wrong>" HELP "</run>"),
    STEP (LEARN "<number answer='gradient(plain8)'><wrong>x</wrong>" HELP "</number>"),
    STEP (LEARN "<number answer='gradient(plain8, 3)'><wrong>x</wrong>" HELP "</number>"),
    STEP (LEARN "<number answer='response(plain8, 0.5)'><wrong>x</wrong>" HELP "</number>"),
    STEP (LEARN "<number answer='train_error(plain20)' tolerance='1'><wrong>x</wrong>" HELP
                "</number>"),
    STEP ("<number answer='first_gradient(plain8, 0)' tolerance='1'><wrong>x</wrong>" HELP
          "</number>"),
    STEP (LEARN "<choice><option text='a' right='yes' holds='steps(plain8) > 0'>x</option>"
                "<option text='b' holds='steps(plain8) > 1'>x</option>" HELP "</choice>"),
    STEP (LEARN "<choice><option text='a' right='yes' holds='steps(plain8) == 0'>x</option>"
                "<option text='b' holds='steps(plain8) > 0'>x</option>" HELP "</choice>"),
    STEP ("<choice><option text='a' right='yes'>x</option>"
          "<option text='b' holds='blocks() == 8'>x</option>" HELP "</choice>"),
  };

  g_test_summary ("A name that does not resolve, or an answer that the engine denies, is refused");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnLesson) lesson =
          rn_lesson_parse (cases[i], strlen (cases[i]), "lesson.xml", &error);

      g_test_message ("%s", cases[i]);
      g_assert_no_error (error);
      g_assert_false (rn_lesson_verify (lesson, get_lab ("golf-ball.png"), &error));
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, "lesson.xml:2: lesson a, step s"));
    }
}

static void
test_bundled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lessons = rn_lesson_store_load (g_getenv ("RN_DATA_DIR"), NULL, &error);

  g_test_summary ("The engine confirms every bundled lesson, in every language; with -m slow what "
                  "networks learn to the end, too");

  g_assert_no_error (error);
  if (!g_test_slow ())
    rn_lesson_runs_set_brief (rn_lab_get_runs (get_lab ("church.png")), BRIEF);
  for (guint i = 0; i < lessons->len; i++)
    {
      const RnLesson *lesson = g_ptr_array_index (lessons, i);

      g_assert_nonnull (lesson->picture);
      g_assert_cmpint (lesson->steps->len, >=, 5);
      g_assert_cmpint (lesson->steps->len, <=, 12);
      rn_lesson_verify (lesson, get_lab (lesson->picture), &error);
      g_assert_no_error (error);
    }
}

static void
test_answers (void)
{
  const char *text =
      STEP ("<number answer='parameters(conv1_conv)'><right>{7*7}</right>"
            "<wrong when='49*64'>three channels</wrong><wrong>other</wrong>" HELP "</number>");
  const struct
  {
    const char *answer;
    gboolean right;
    const char *reason;
  } cases[] = {
    { "9408", TRUE, "49" },
    { "9,408", TRUE, "49" },
    { " 7*7*3*64 ", TRUE, "49" },
    { "９４０８", TRUE, "49" },
    { "3136", FALSE, "three channels" },
    { "1", FALSE, "other" },
    { "many", FALSE, "“many” is no number and no sum: 9408 or 7*7*3*64 would be." },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RnLesson) lesson = rn_lesson_parse (text, strlen (text), "lesson.xml", &error);
  const RnQuantities quantities = { get_lab ("golf-ball.png"), "resnet18", -1, 0, 0, NULL, FALSE };

  g_test_summary ("Numbers are taken as people type them, and wrong ones get their own reason");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (RnAnswer) answer = RN_ANSWER_INIT;
      g_auto (RnVerdict) verdict = { 0 };

      answer.text = g_strdup (cases[i].answer);
      g_assert_true (rn_task_judge (rn_lesson_get_step (lesson, 0)->task, &quantities, "en",
                                    &answer, &verdict, &error));
      g_assert_cmpint (verdict.right, ==, cases[i].right);
      g_assert_cmpstr (verdict.reason, ==, cases[i].reason);
    }
}

/* A lesson whose networks learn, judged while they have learnt more and more. */
static void
test_learnt (void)
{
  const char *text = STEP (
      LEARN "<choice><option text='a' right='yes' holds='steps(plain8) > 4'>a</option>"
            "<option text='b' holds='steps(plain8) &lt;= 4 and train_error(plain8) >= 0'>b</option>"
            HELP "</choice>") ;
  const RnStep *step;
  g_autoptr (RnLab) own = rn_lab_new (g_getenv ("RN_DATA_DIR"));
  g_autoptr (GError) error = NULL;
  g_autoptr (RnLesson) lesson = rn_lesson_parse (text, strlen (text), "lesson.xml", &error);
  RnQuantities quantities = { own, "resnet18", -1, 0, 0, NULL, FALSE };
  g_auto (RnVerdict) before = { 0 }, after = { 0 }, expected = { 0 };
  RnAnswer answer = { .option = 1 };
  g_autofree char *rendered = NULL;
  double number;

  g_test_summary ("What nobody has learnt yet is said so; afterwards the engine decides, also against "
                  "what the author expected");

  g_assert_no_error (error);
  step = rn_lesson_get_step (lesson, 0);
  quantities.learn = step->learn;
  g_assert_true (rn_task_judge (step->task, &quantities, "en", &answer, &before, &error));
  g_assert_false (before.right);
  g_assert_nonnull (strstr (before.reason, "Let them learn first"));
  rendered = rn_lesson_text_render ("{train_error(plain8)|%}", &quantities, &error);
  g_assert_cmpstr (rendered, ==, "…");

  g_assert_true (rn_lesson_runs_learn (rn_lab_get_runs (own), step->learn, &error));
  g_assert_true (rn_quantities_compute_number (&quantities, "steps(plain8)", &number, &error));
  g_assert_cmpfloat (number, ==, 2);
  g_assert_true (rn_task_judge (step->task, &quantities, "en", &answer, &after, &error));
  g_assert_true (after.right);
  g_assert_nonnull (strstr (after.reason, "not what was to be expected"));
  answer.option = 0;
  g_assert_true (rn_task_judge (step->task, &quantities, "en", &answer, &expected, &error));
  g_assert_false (expected.right);
  g_assert_nonnull (strstr (expected.reason, "your run shows otherwise"));
  g_assert_true (rn_quantities_compute_number (
      &quantities, "first_gradient(plain8, 0) > 0 and progress(plain8) == 1", &number, &error));
  g_assert_cmpfloat (number, ==, 1);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lessons/faults", test_faults);
  g_test_add_func ("/lessons/hostile", test_hostile);
  g_test_add_func ("/lessons/expressions", test_expressions);
  g_test_add_func ("/lessons/unconfirmed", test_unconfirmed);
  g_test_add_func ("/lessons/answers", test_answers);
  g_test_add_func ("/lessons/learnt", test_learnt);
  g_test_add_func ("/lessons/bundled", test_bundled);
  status = g_test_run ();
  g_clear_pointer (&lab, rn_lab_unref);

  return status;
}
