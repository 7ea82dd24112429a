#include <string.h>

#include "command.h"

static const struct
{
  const char *arguments;
  int status;
  const char *answer;
} cases[] = {
  { "compare resnet20 resnet20", 0, "The same: no difference." },
  { "compare resnet50 resnet50-rebuilt", 3,
    "an extra ReLU before the addition in 12 identity blocks" },
  { "compare resnet20-paper resnet20", 3, "projections (option B)" },
  { "compare resnet50 resnet101", 3, "17 whole blocks" },
  { "compare --json resnet20 resnet20", 0, "\"same\" : true" },
  { "compare --json resnet50 resnet50-rebuilt", 3, "\"kind\" : \"extra\"" },
};

static void
test_compare (void)
{
  g_test_summary ("Two built-in models compare, the status says how it came out");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CommandResult) result = command_run (cases[i].arguments);

      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_nonnull (strstr (result->out, cases[i].answer));
      g_assert_cmpstr (result->err, ==, "");
    }
}

static void
test_wrong (void)
{
  g_autoptr (CommandResult) one = command_run ("compare resnet50");
  g_autoptr (CommandResult) unknown = command_run ("compare resnet50 resnet51");
  g_autoptr (CommandResult) gone = command_run ("compare resnet50 /nowhere/model.h5");

  g_test_summary ("One model is wrong usage, an unknown one is the input's fault");

  g_assert_cmpint (one->status, ==, 2);
  g_assert_cmpint (unknown->status, ==, 1);
  g_assert_nonnull (strstr (unknown->err, "resnet51"));
  g_assert_cmpint (gone->status, ==, 1);
  g_assert_nonnull (strstr (gone->err, "/nowhere/model.h5"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/compare", test_compare);
  g_test_add_func ("/cli/compare-wrong", test_wrong);

  return g_test_run ();
}
