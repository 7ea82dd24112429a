#include "tests/cli/command.h"

static void
test_models (void)
{
  g_autoptr (CommandResult) result = command_run ("models");
  g_auto (GStrv) lines = g_strsplit (result->out, "\n", -1);

  g_test_summary ("Each built-in model has a line: id, input, parameters, what it is");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpuint (g_strv_length (lines), >=, 3);
  g_assert_true (g_str_has_prefix (lines[0], "resnet50 "));
  g_assert_nonnull (strstr (lines[0], " 224×224×3 "));
  g_assert_nonnull (strstr (lines[0], " 25,636,712 "));
  g_assert_true (g_str_has_prefix (lines[1], "resnet18 "));
  g_assert_nonnull (strstr (lines[1], " 11,699,112 "));
}

static void
test_summary (void)
{
  g_autoptr (CommandResult) result = command_run ("summary resnet50 --no-top");
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "golden", "resnet50-notop-summary.txt", NULL);
  g_autofree char *expected = NULL;

  g_test_summary ("The program prints Keras' table byte for byte, and nothing else");

  g_assert_true (g_file_get_contents (path, &expected, NULL, NULL));
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->out, ==, expected);
  g_assert_cmpstr (result->err, ==, "");
}

static void
test_variants (void)
{
  const struct
  {
    const char *line;
    const char *contains;
  } cases[] = {
    { "summary resnet50", "Total params: 25,636,712\n" },
    { "summary --model resnet50 --no-top", "Total params: 23,587,712\n" },
    { "summary -m resnet18", "Total params: 11,699,112\n" },
    { "summary resnet50 --classes 10", "fc1000 (Dense) " },
    { "summary resnet50 --names keras3", "predictions (Dense) " },
    { "summary resnet50 --input-size 64 --no-top", "(None, 2, 2, 2048)" },
    { "summary -- resnet18", "Model: \"resnet18\"" },
  };

  g_test_summary ("The options that choose a model do what they say");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CommandResult) result = command_run (cases[i].line);

      g_test_message ("resnet %s: %s", cases[i].line, result->err);
      g_assert_cmpint (result->status, ==, 0);
      g_assert_nonnull (strstr (result->out, cases[i].contains));
    }
}

static void
test_help (void)
{
  const char *lines[] = { "--help", "summary --help", "models -h" };

  g_test_summary ("Help is an answer: on stdout, with status 0");

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (CommandResult) result = command_run (lines[i]);

      g_assert_cmpint (result->status, ==, 0);
      g_assert_nonnull (strstr (result->out, "resnet"));
      g_assert_cmpstr (result->err, ==, "");
    }
}

static void
test_usage (void)
{
  const BadCase cases[] = {
    { "", 2, "no command" },
    { "sumary", 2, "no command “sumary”" },
    { "--json", 2, "no command “--json”" },
    { "models resnet50", 2, "“resnet50”" },
    { "models --model resnet50", 2, "--model" },
    { "summary", 2, "no MODEL" },
    { "summary resnet50 resnet18", 2, "“resnet18”" },
    { "summary resnet50 --model resnet18", 2, "one MODEL" },
    { "summary resnet50 --frobnicate", 2, "--frobnicate" },
    { "summary resnet50 --classes", 2, "--classes" },
    { "summary resnet50 --classes ten", 2, "ten" },
    { "summary resnet50 --classes 0", 2, "--classes 0" },
    { "summary resnet50 --classes -3", 2, "--classes -3" },
    { "summary resnet50 --input-size 0", 2, "--input-size 0" },
    { "summary resnet50 --threads 0", 2, "--threads 0" },
    { "summary resnet50 --names keras4", 2, "keras2 or keras3" },
    { "summary resnet50 --preprocess pytorch", 2, "caffe, torch, unit or raw" },
  };

  g_test_summary ("Wrong usage is one line on stderr and status 2");

  command_check_bad (cases, G_N_ELEMENTS (cases));
}

static void
test_bad_model (void)
{
  const BadCase cases[] = {
    { "summary resnet51", 1, "resnet50, resnet18" },
    { "summary ''", 1, "resnet50, resnet18" },
    { "summary resnet50 --input-size 31", 1, "32" },
    { "summary resnet50 --input-size 100000", 1, "4096" },
    { "summary resnet50 --classes 2000000", 1, "2000000 classes" },
  };

  g_test_summary ("A model that cannot be is one line on stderr and status 1");

  command_check_bad (cases, G_N_ELEMENTS (cases));
}

static void
test_full_disk (void)
{
  const char *words[] = { "/bin/sh", "-c", "\"$RN_RESNET\" summary resnet50 >/dev/full", NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *err = NULL;

  g_test_summary ("An answer that cannot be written is an error, not a success");

  process = g_subprocess_newv (words, G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &err, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_nonnull (strstr (err, "cannot write"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/models", test_models);
  g_test_add_func ("/cli/summary", test_summary);
  g_test_add_func ("/cli/variants", test_variants);
  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/usage", test_usage);
  g_test_add_func ("/cli/bad-model", test_bad_model);
  g_test_add_func ("/cli/full-disk", test_full_disk);

  return g_test_run ();
}
