#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/formats/keras-json.h"
#include "engine/model/catalog.h"
#include "tests/cli/command.h"
#include "tests/unit/download/test-server.h"

#define LABELS "{\"0\": [\"n0\", \"first_class\"]}"

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

/* A list of one file of weights and its classes. */
static char *
make_sources (const char *folder, GBytes *content)
{
  g_autofree char *weights = g_build_filename (folder, "weights", NULL);
  char *path = g_build_filename (weights, "sources.json", NULL);
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, content);
  g_autofree char *labels_md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, LABELS, -1);
  g_autofree char *text = g_strdup_printf (
      "[{\"id\": \"small\", \"title\": \"Small\", \"labels\": \"names\", \"license\": \"MIT\", "
      "\"url\": \"http://127.0.0.1:1/\", \"path\": \"small.h5\", \"md5\": \"%s\"}, "
      "{\"id\": \"names\", \"title\": \"Names\", \"license\": \"MIT\", "
      "\"url\": \"http://127.0.0.1:1/\", \"path\": \"names.json\", \"md5\": \"%s\"}]",
      md5, labels_md5);

  g_assert_cmpint (g_mkdir_with_parents (weights, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

typedef struct
{
  const char *line;
  CommandResult *result;
  gint ended;
} Call;

static gpointer
call (gpointer data)
{
  Call *self = data;

  self->result = command_run (self->line);
  g_atomic_int_set (&self->ended, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

/* Runs the program while the server, which lives in this thread, answers it. */
static CommandResult *
run_beside_server (const char *line)
{
  Call self = { .line = line };
  GThread *thread = g_thread_new ("command", call, &self);

  while (!g_atomic_int_get (&self.ended))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);

  return self.result;
}

static void
test_fetch (void)
{
  g_autofree char *data_dir = g_strdup (g_getenv ("RN_DATA_DIR"));
  g_autofree char *folder = g_dir_make_tmp ("rn-cli-sources-XXXXXX", NULL);
  g_autoptr (GBytes) content = g_bytes_new_static ("some weights", 12);
  g_autoptr (GBytes) labels = g_bytes_new_static (LABELS, strlen (LABELS));
  g_autoptr (TestServer) server = test_server_new (content);
  g_autofree char *base = test_server_get_base (server);
  g_autofree char *sources = make_sources (folder, content);
  g_autofree char *line = g_strdup_printf ("weights fetch --mirror %s small", base);
  g_autofree char *kept =
      g_build_filename (g_getenv ("XDG_DATA_HOME"), "resnet-explorer", "weights", NULL);
  g_autofree char *file = g_build_filename (kept, "small.h5", NULL);
  g_autofree char *names = g_build_filename (kept, "names.json", NULL);
  g_autofree char *answer = g_strconcat (file, "\n", NULL);
  g_autoptr (CommandResult) result = NULL;

  g_test_summary ("Weights come from a mirror, and the names of their classes with them");

  test_server_put (server, "/names.json", labels);
  g_setenv ("RN_DATA_DIR", folder, TRUE);
  result = run_beside_server (line);
  g_setenv ("RN_DATA_DIR", data_dir, TRUE);

  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->out, ==, answer);
  g_assert_true (g_file_test (names, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_remove (file), ==, 0);
  g_assert_cmpint (g_remove (names), ==, 0);
  g_assert_cmpint (g_remove (sources), ==, 0);
}

/* A file of ResNet-20's weights whose classifier takes other features than the model has. */
static void
write_misfit (const char *path)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) right = rn_catalog_build ("resnet20", &variant, &error);
  g_autofree char *config = rn_model_to_keras_json (right, &error);
  g_auto (GStrv) parts = g_strsplit (config, "[8,8]", -1);
  g_autofree char *other = g_strjoinv ("[4,4]", parts);
  g_autoptr (RnModel) model = rn_keras_json_read (other, strlen (other), "a test", &error);
  g_autoptr (RnWeights) weights = model != NULL ? rn_weights_new_random (model, 1, &error) : NULL;
  g_autoptr (RnBinding) binding = weights != NULL ? rn_binding_new (model, weights, &error) : NULL;

  g_assert_no_error (error);
  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, &error));
}

static void
test_unused (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("XDG_DATA_HOME"), "misfit.h5", NULL);
  g_autofree char *line = g_strdup_printf ("weights check %s", path);
  g_autofree char *predict =
      g_strdup_printf ("predict '%s/samples/tench.png' --model resnet20 --weights %s",
                       g_getenv ("RN_DATA_DIR"), path);
  g_autoptr (CommandResult) result = NULL;
  g_autoptr (CommandResult) other = NULL;

  g_test_summary ("A classifier that does not fit is named where the weights fit without it, and "
                  "where somebody wants classes of them");

  write_misfit (path);
  result = command_run (line);
  other = command_run (predict);
  g_remove (path);
  g_test_message ("%s%s", result->out, other->err);
  g_assert_nonnull (strstr (result->out, "fits        resnet20 without the classifier"));
  g_assert_nonnull (strstr (result->out, "unused      dense_1 256×10\n"));
  g_assert_cmpint (other->status, ==, 1);
  g_assert_cmpstr (other->out, ==, "");
  g_assert_nonnull (strstr (other->err, "dense_1/kernel is 256×10, must be 64×10"));
  g_assert_true (strchr (other->err, '\n') == other->err + strlen (other->err) - 1);
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
  g_test_add_func ("/cli/weights/fetch", test_fetch);
  g_test_add_func ("/cli/weights/unused", test_unused);
  g_test_add_func ("/cli/weights/bad", test_bad);

  return g_test_run ();
}
