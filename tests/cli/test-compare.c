#include <glib/gstdio.h>
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
  { "compare resnet50 resnet18", 3,
    "the blocks are bottlenecks (1×1, 3×3, 1×1) in A, basic (3×3, 3×3)" },
  { "compare nearest plain20", 0, "A: plain20" },
  { "compare --layers resnet20 resnet20v2", 3, "conv2d_1 " },
  { "compare --layers --json resnet20 resnet20v2", 3, "\"parameters_b\" : " },
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

static char *export(const char *folder, const char *name, const char *options)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *line =
      g_strdup_printf ("export resnet20 --weights none %s -o %s", options, path);
  g_autoptr (CommandResult) result = command_run (line);

  g_assert_cmpint (result->status, ==, 0);

  return path;
}

static void
check_pair (const char *options, const char *a, const char *b, int status, const char *says)
{
  g_autofree char *line = g_strdup_printf ("compare %s %s %s", options, a, b);
  g_autoptr (CommandResult) result = command_run (line);

  g_test_message ("%s: %d\n%s%s", line, result->status, result->out, result->err);
  g_assert_cmpint (result->status, ==, status);
  g_assert_nonnull (strstr (result->out, says));
}

static void
test_weights (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-cli-compare-XXXXXX", NULL);
  g_autofree char *h5 = export(folder, "a.h5", "");
  g_autofree char *onnx = export(folder, "a.onnx", "");
  g_autofree char *other = export(folder, "b.h5", "--edit randomize:conv2d_4");

  g_test_summary ("Weights count where both sides have them, and can be left out of account");

  check_pair ("", h5, onnx, 0, "Weights: those of all");
  check_pair ("", h5, onnx, 0, "Activations on tench.png: all");
  check_pair ("", "resnet20", other, 0, "The same: no difference.");
  check_pair ("", h5, other, 3, "[weights] the weights differ in 1 of the");
  check_pair ("", h5, other, 3, "[activations] on tench.png the two part first at conv2d_4:");
  check_pair ("--json", h5, other, 3, "\"activations_scale\"");
  check_pair ("--structure", h5, other, 0, "The same: no difference.");

  g_unlink (h5);
  g_unlink (onnx);
  g_unlink (other);
  g_rmdir (folder);
}

static void
test_stranger (void)
{
  const char *shared = g_getenv ("RN_SHARED_DIR");
  g_autofree char *beside = g_build_filename (g_getenv ("RN_DATA_DIR"), "..", "..", "shared", NULL);
  g_autofree char *model = g_build_filename (shared != NULL ? shared : beside, "models",
                                             "cifar10_resnet20v1.keras-2.2.4.h5", NULL);

  g_test_summary ("A stranger's trained ResNet-20 is recognised, with no difference");

  if (!g_file_test (model, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the model is not here");
      return;
    }
  check_pair ("", "resnet20", model, 0, "The same: no difference.");
  check_pair ("", "nearest", model, 0, "A: resnet20 (");
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
  g_test_add_func ("/cli/compare-weights", test_weights);
  g_test_add_func ("/cli/compare-stranger", test_stranger);
  g_test_add_func ("/cli/compare-wrong", test_wrong);

  return g_test_run ();
}
