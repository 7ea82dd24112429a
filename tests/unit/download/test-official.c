#include "ui/download/official.h"

#include <glib/gstdio.h>
#include <unistd.h>

static RnSourceList *
load_bundled (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", "sources.json", NULL);
  g_autoptr (GError) error = NULL;
  RnSourceList *sources = rn_source_list_load (path, &error);

  g_assert_no_error (error);

  return sources;
}

static void
test_bundled_list (void)
{
  g_autoptr (RnSourceList) sources = load_bundled ();

  g_test_summary ("The bundled list holds both generations, with and without top, the labels, and CIFAR-10");

  g_assert_cmpuint (rn_source_list_get_n (sources), ==, 6);
  for (guint i = 0; i < rn_source_list_get_n (sources); i++)
    {
      const RnSource *source = rn_source_list_get (sources, i);

      g_assert_true (g_str_has_prefix (source->url, "https://"));
      g_assert_true (rn_source_list_find_md5 (sources, source->md5) == source);
      g_assert_cmpint (source->kind, ==,
                       source->model != NULL                   ? RN_SOURCE_WEIGHTS
                       : g_str_equal (source->id, "cifar10") ? RN_SOURCE_PICTURES
                                                               : RN_SOURCE_LABELS);
      if (source->labels != NULL)
        g_assert_nonnull (rn_source_list_find (sources, source->labels, NULL));
    }
}

static void
test_address (void)
{
  RnSource source = { .url = (char *) "https://example.org/a/w.h5", .path = (char *) "keras2/w.h5" };
  g_autofree char *own = rn_source_get_address (&source, NULL);
  g_autofree char *mirror = rn_source_get_address (&source, "http://classroom");

  g_test_summary ("A mirror's base address stands in for the publisher's");

  g_assert_cmpstr (own, ==, "https://example.org/a/w.h5");
  g_assert_cmpstr (mirror, ==, "http://classroom/keras2/w.h5");
}

static void
test_bad_lists (void)
{
  const char *const texts[] = {
    "", "{", "{}", "[1]", "[{}]",
    "[{\"id\":\"a\",\"title\":\"A\",\"url\":\"http://a\",\"path\":\"a\",\"md5\":\"short\"}]",
    "[{\"id\":\"a\",\"title\":\"A\",\"url\":\"http://a\",\"path\":\"../../etc/passwd\","
    "\"md5\":\"00000000000000000000000000000000\"}]",
    "[{\"id\":\"a\",\"kind\":\"music\",\"title\":\"A\",\"url\":\"http://a\",\"path\":\"a\","
    "\"md5\":\"00000000000000000000000000000000\"}]",
    "[{\"id\":\"..\",\"kind\":\"pictures\",\"title\":\"A\",\"url\":\"http://a\",\"path\":\"a\","
    "\"md5\":\"00000000000000000000000000000000\"}]",
    "[{\"id\":7,\"title\":\"A\",\"url\":\"http://a\",\"path\":\"a\","
    "\"md5\":\"00000000000000000000000000000000\"}]",
  };
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("rn-sources-XXXXXX", &path, NULL);

  g_test_summary ("A damaged list, or one whose paths lead elsewhere, is refused");

  close (fd);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_null (rn_source_list_load (path, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, path));
    }
  g_unlink (path);
}

static void
test_complete (void)
{
  g_autoptr (RnSourceList) sources = load_bundled ();
  const RnSource *keras3 = rn_source_list_find (sources, "resnet50-keras3", NULL);
  const RnSource *labels = rn_source_list_find (sources, "imagenet-labels", NULL);
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_autoptr (GError) error = NULL;
  RnWeightsInfo *info = rn_weights_get_info (weights);
  g_autofree char *directory = g_dir_make_tmp ("rn-official-XXXXXX", NULL);
  g_autofree char *path = rn_source_get_file (labels, directory);

  g_test_summary ("A published file is told by its checksum, and gets epsilon and class names");

  g_assert_true (rn_official_complete (weights, sources, "00000000000000000000000000000000",
                                       directory, &error));
  g_assert_null (info->preprocess);

  /* Without the list of classes the rest is known all the same. */
  g_assert_false (rn_official_complete (weights, sources, keras3->md5, directory, &error));
  g_assert_nonnull (strstr (error->message, "imagenet-labels"));
  g_clear_error (&error);
  g_assert_cmpfloat_with_epsilon (info->epsilon, 1.001e-5, 1e-9);
  g_assert_cmpstr (info->preprocess, ==, "caffe");

  g_assert_true (g_file_set_contents (path, "{\"0\": [\"n01440764\", \"tench\"], "
                                            "\"1\": [\"n01443537\", \"great_white_shark\"]}",
                                      -1, NULL));
  g_assert_true (rn_official_complete (weights, sources, keras3->md5, directory, &error));
  g_assert_no_error (error);
  g_assert_cmpint (info->n_classes, ==, 2);
  g_assert_cmpstr (info->classes[0], ==, "n01440764");
  g_assert_cmpstr (info->labels[1], ==, "great white shark");

  g_assert_true (g_file_set_contents (path, "{\"0\": [\"n01440764\"]}", -1, NULL));
  g_assert_false (rn_official_read_labels (path, info, &error));
  g_assert_cmpint (info->n_classes, ==, 2);
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/official/bundled-list", test_bundled_list);
  g_test_add_func ("/official/address", test_address);
  g_test_add_func ("/official/bad-lists", test_bad_lists);
  g_test_add_func ("/official/complete", test_complete);

  return g_test_run ();
}
