#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "tests/cli/command.h"

/* Both files together, in bytes. */
#define MAX_SIZE G_GUINT64_CONSTANT (72000000)

/* Of the ten photographs of the classes that the weights know, how many each network named when it
 * was bundled. */
static const struct
{
  const char *id;
  int n_right;
} networks[] = {
  { "resnet50", 8 },
  { "resnet18", 7 },
};

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", name, NULL);
}

static void
test_checksums (void)
{
  g_autofree char *readme_path = data_path ("README.md");
  g_autofree char *readme = NULL;
  gsize total = 0;

  g_test_summary (
      "The bundled weights are the files whose checksums their README gives, and small");

  g_assert_true (g_file_get_contents (readme_path, &readme, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree char *name = g_strconcat (networks[i].id, ".h5", NULL);
      g_autofree char *path = data_path (name);
      g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
      g_autofree char *sum = NULL;
      g_autofree char *line = NULL;

      g_assert_nonnull (file);
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                         (guint8 *) g_mapped_file_get_contents (file),
                                         g_mapped_file_get_length (file));
      line = g_strdup_printf ("%s  %s", sum, name);
      g_assert_nonnull (strstr (readme, line));
      total += g_mapped_file_get_length (file);
    }
  g_assert_cmpuint (total, <=, MAX_SIZE);
}

static void
test_say_what_they_are (void)
{
  g_test_summary ("The bundled weights carry origin, licence and pre-processing in themselves");

  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree char *name = g_strconcat (networks[i].id, ".h5", NULL);
      g_autofree char *path = data_path (name);
      g_autofree char *line = g_strconcat ("weights check ", path, NULL);
      g_autoptr (CommandResult) result = command_run (line);

      g_assert_cmpint (result->status, ==, 0);
      g_assert_nonnull (strstr (result->out, "licence     MIT\n"));
      g_assert_nonnull (strstr (result->out, "origin      trained from scratch on Imagenette"));
      g_assert_nonnull (strstr (result->out, "classes     10: tench"));
    }
}

/* The folder of photographs, whose names begin with their class; NULL where it is absent. */
static char *
find_photos (void)
{
  const char *shared = g_getenv ("RN_SHARED_DIR");
  g_autofree char *photos =
      shared != NULL ? g_build_filename (shared, "images", "photos", NULL)
                     : g_test_build_filename (G_TEST_DIST, "..", "..", "shared", "images", "photos",
                                              NULL);

  return g_file_test (photos, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&photos) : NULL;
}

/* How many of the pictures of @answer got the class that their names begin with. */
static int
count_right (const char *answer)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *pictures;
  int n_right = 0;

  g_assert_true (json_parser_load_from_data (parser, answer, -1, NULL));
  pictures = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (pictures); i++)
    {
      JsonObject *picture = json_array_get_object_element (pictures, i);
      JsonArray *top = json_object_get_array_member (picture, "top");
      const char *class_id =
          json_object_get_string_member (json_array_get_object_element (top, 0), "class");
      g_autofree char *name =
          g_path_get_basename (json_object_get_string_member (picture, "image"));

      n_right += g_str_has_prefix (name, class_id);
    }

  return n_right;
}

static void
test_accuracy (void)
{
  g_autofree char *photos = find_photos ();
  g_autoptr (GDir) dir = photos != NULL ? g_dir_open (photos, 0, NULL) : NULL;
  g_autoptr (GString) pictures = g_string_new (NULL);
  const char *name;

  g_test_summary ("The bundled weights name as many of the held photographs as when they came");

  if (dir == NULL)
    {
      g_test_skip ("the photographs are not here");
      return;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (photos, name, NULL);
      g_autofree char *quoted = g_shell_quote (path);

      g_string_append_printf (pictures, " %s", quoted);
    }
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree char *line = g_strdup_printf ("predict --json --top 1 --model %s%s",
                                               networks[i].id, pictures->str);
      g_autoptr (CommandResult) result = command_run (line);

      g_assert_cmpstr (result->err, ==, "");
      g_assert_cmpint (result->status, ==, 0);
      g_test_message ("%s: %d right", networks[i].id, count_right (result->out));
      g_assert_cmpint (count_right (result->out), >=, networks[i].n_right);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/bundled-weights/checksums", test_checksums);
  g_test_add_func ("/cli/bundled-weights/say-what-they-are", test_say_what_they_are);
  g_test_add_func ("/cli/bundled-weights/accuracy", test_accuracy);

  return g_test_run ();
}
