#include "tests/cli/command.h"

static void
test_list (void)
{
  g_autoptr (CommandResult) result = command_run ("weights list");

  g_test_summary ("The list names what can be fetched, and says whether it was");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->out, "resnet50-keras2 "));
  g_assert_nonnull (strstr (result->out, "imagenet-labels"));
  g_assert_nonnull (strstr (result->out, "not fetched"));
}

static void
test_check (void)
{
  g_autofree char *line =
      g_strdup_printf ("weights check %s/weights/resnet50.h5", g_getenv ("RN_DATA_DIR"));
  g_autoptr (CommandResult) result = command_run (line);

  g_test_summary ("A file of weights is described: classes, pre-processing, the model it fits");

  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->out, "classes     10: tench"));
  g_assert_nonnull (strstr (result->out, "preprocess  caffe"));
  g_assert_nonnull (strstr (result->out, "fits        resnet50\n"));
}

static const BadCase bad_cases[] = {
  { "weights", 2, "check FILE" },
  { "weights fetch", 2, "fetch ID" },
  { "weights list all", 2, "list" },
  { "weights fetch resnet51", 1, "resnet50-keras2" },
  { "weights fetch --mirror http://127.0.0.1:1 resnet50-keras2", 1, "127.0.0.1:1" },
  { "weights check /nowhere.h5", 1, "/nowhere.h5" },
  { "weights check /dev/null", 1, "/dev/null" },
};

static void
test_bad (void)
{
  g_test_summary ("Wrong words and bad files give one line and the right status");

  command_check_bad (bad_cases, G_N_ELEMENTS (bad_cases));
}

int
main (int argc, char **argv)
{
  g_autofree char *data_home = g_dir_make_tmp ("rn-cli-weights-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/weights/list", test_list);
  g_test_add_func ("/cli/weights/check", test_check);
  g_test_add_func ("/cli/weights/bad", test_bad);

  return g_test_run ();
}
