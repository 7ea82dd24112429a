#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "command.h"
#include "engine/training/data-set.h"
#include "tests/remove-tree.h"

/* A folder of the test's own, gone with everything in it afterwards. */
typedef struct
{
  char *path;
} Folder;

static void
set_up (Folder *folder, gconstpointer data)
{
  folder->path = g_dir_make_tmp ("train-XXXXXX", NULL);
  g_assert_nonnull (folder->path);
}

static void
tear_down (Folder *folder, gconstpointer data)
{
  test_remove_tree (folder->path);
  g_free (folder->path);
}

static double
get_number (const char *line, const char *name)
{
  g_autoptr (JsonNode) root = json_from_string (line, NULL);

  g_assert_nonnull (root);
  g_assert_true (json_object_has_member (json_node_get_object (root), name));
  return json_object_get_double_member (json_node_get_object (root), name);
}

static void
write_picture (const char *folder, const char *class, int i, RnPicture *picture)
{
  g_autofree char *directory = g_build_filename (folder, class, NULL);
  g_autofree char *name = g_strdup_printf ("%04d.png", i);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_new_from_data (picture->rgb, GDK_COLORSPACE_RGB, FALSE, 8, picture->width,
                                picture->height, 3 * picture->width, NULL, NULL);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
}

/* @n pictures of shapes, of the first classes. */
static void
write_folder (const char *path, const char *part, int n, guint64 seed)
{
  g_autoptr (RnDataSet) set = rn_data_set_new_shapes (seed, n * 5);
  g_autofree char *folder = g_build_filename (path, part, NULL);

  for (int i = 0; i < set->n_pictures; i++)
    {
      g_autoptr (RnPicture) picture = rn_data_set_get_picture (set, i, NULL);

      if (set->class_of[i] < 5)
        write_picture (folder, set->classes[set->class_of[i]], i, picture);
    }
}

static void
test_json (Folder *folder, gconstpointer data)
{
  static const char *const keys[] = { "loss", "error", "val_loss", "val_error", "images_per_s" };
  g_autofree char *line = g_strdup_printf ("train resnet20 --data shapes --shapes 64 --batch 32 "
                                           "--epochs 2 --seed 3 --json --threads 2");
  g_autoptr (CommandResult) result = command_run (line);
  g_auto (GStrv) lines = g_strsplit (g_strstrip (result->out), "\n", -1);

  g_test_summary ("An epoch is a line of JSON with the promised keys");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (g_strv_length (lines), ==, 2);
  for (int epoch = 0; epoch < 2; epoch++)
    {
      g_assert_cmpfloat (get_number (lines[epoch], "epoch"), ==, epoch + 1);
      for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
        g_assert_true (isfinite (get_number (lines[epoch], keys[i])));
      g_assert_cmpfloat (get_number (lines[epoch], "error"), <=, 1);
    }
}

/* The share of pictures below @folder that `resnet predict` takes for another class. */
static double
predict_error (const char *file, const char *folder, int *n_pictures)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *class;
  int n_wrong = 0;

  *n_pictures = 0;
  while ((class = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *line =
          g_strdup_printf ("predict --model %s --top 1 --json %s/%s", file, folder, class);
      g_autoptr (CommandResult) result = command_run (line);
      g_autoptr (JsonNode) root = json_from_string (result->out, NULL);
      JsonArray *pictures;

      g_assert_cmpint (result->status, ==, 0);
      pictures = json_node_get_array (root);
      for (guint i = 0; i < json_array_get_length (pictures); i++)
        {
          JsonObject *picture = json_array_get_object_element (pictures, i);
          JsonArray *top = json_object_get_array_member (picture, "top");
          JsonObject *best = json_array_get_object_element (top, 0);

          g_assert_true (json_object_get_boolean_member (picture, "trained"));
          n_wrong += !g_str_equal (json_object_get_string_member (best, "class"), class);
          (*n_pictures)++;
        }
    }

  return n_wrong / (double) *n_pictures;
}

static void
test_saved (Folder *folder, gconstpointer data)
{
  g_autofree char *file = g_build_filename (folder->path, "net.h5", NULL);
  g_autofree char *val = g_build_filename (folder->path, "val", NULL);
  g_autofree char *line = g_strdup_printf (
      "train resnet20-paper --data %s --batch 16 --epochs 2 --json --learning-rate 0.02 -o %s",
      folder->path, file);
  g_autofree char *compare = g_strdup_printf ("compare resnet20-paper %s", file);
  g_autoptr (CommandResult) result = NULL;
  g_autoptr (CommandResult) compared = NULL;
  g_auto (GStrv) lines = NULL;
  int n_pictures;
  double error;

  g_test_summary ("The saved network opens in predict, which errs as often as training said");

  write_folder (folder->path, "train", 16, 1);
  write_folder (folder->path, "val", 8, 2);
  result = command_run (line);
  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  lines = g_strsplit (g_strstrip (result->out), "\n", -1);
  error = predict_error (file, val, &n_pictures);
  g_assert_cmpint (n_pictures, ==, 20);
  g_assert_cmpfloat_with_epsilon (error, get_number (lines[1], "val_error"), 1e-9);
  compared = command_run (compare);
  g_assert_nonnull (strstr (compared->out, "class"));
}

static void
test_resume (Folder *folder, gconstpointer data)
{
  const char *common = "train plain20 --data shapes --shapes 48 --batch 24 --json";
  g_autofree char *checkpoint = g_build_filename (folder->path, "run", NULL);
  g_autofree char *whole = g_strdup_printf ("%s --epochs 2 --checkpoint %s", common, checkpoint);
  g_autofree char *other =
      g_strdup_printf ("%s --epochs 3 --checkpoint %s --resume", common, checkpoint);
  g_autofree char *again =
      g_strdup_printf ("%s --epochs 2 --checkpoint %s --resume", common, checkpoint);
  g_autoptr (CommandResult) first = command_run (whole);
  g_autoptr (CommandResult) second = command_run (other);
  g_autoptr (CommandResult) third = command_run (again);

  g_test_summary ("A checkpoint resumes its own run alone; a run that is done has nothing to do");

  g_assert_cmpint (first->status, ==, 0);
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_cmpint (second->status, ==, 1);
  g_assert_nonnull (strstr (second->err, "another run"));
  g_assert_cmpint (third->status, ==, 0);
  g_assert_cmpstr (third->out, ==, "");
}

static void
test_bad (Folder *folder, gconstpointer data)
{
  g_autofree char *one = g_build_filename (folder->path, "one", NULL);
  g_autofree char *empty = g_build_filename (folder->path, "empty", NULL);
  g_autofree char *empty_class = g_build_filename (empty, "b", NULL);
  g_autofree char *unreadable = g_build_filename (folder->path, "unreadable", NULL);
  g_autofree char *text = g_build_filename (unreadable, "b", "text.png", NULL);
  g_autofree char *text_folder = g_path_get_dirname (text);
  g_autofree char *cifar = g_build_filename (folder->path, "cifar", NULL);
  g_autofree char *batch = g_build_filename (cifar, "data_batch_1.bin", NULL);
  g_autoptr (RnDataSet) set = rn_data_set_new_shapes (1, 10);
  g_autoptr (RnPicture) picture = rn_data_set_get_picture (set, 0, NULL);
  char *lines[] = {
    g_strdup_printf ("train resnet20 --data %s", one),
    g_strdup_printf ("train resnet20 --data %s", empty),
    g_strdup_printf ("train resnet20 --data %s", unreadable),
    g_strdup_printf ("train resnet20 --data cifar10:%s", cifar),
    g_strdup_printf ("train resnet20 --data shapes -o %s/no/net.h5", folder->path),
  };
  const BadCase cases[] = {
    { lines[0], 1, "1 subfolder" },
    { lines[1], 1, "an empty class" },
    { lines[2], 1, "class “b” has no pictures" },
    { lines[3], 1, "no whole number of CIFAR-10 records" },
    { lines[4], 1, "cannot write into this folder" },
    { "train resnet20 --data /nowhere", 1, "no such folder" },
    { "train resnet20", 2, "no --data given" },
    { "train --data shapes", 2, "no MODEL given" },
    { "train resnet20 --data shapes --epochs 0", 2, "from 1" },
    { "train resnet20 --data shapes --batch 0", 2, "from 1" },
    { "train resnet20 --data shapes --schedule sideways", 2, "one-cycle" },
    { "train resnet20 --data shapes --optimizer none", 2, "adam" },
    { "train resnet20 --data shapes --resume", 2, "which run" },
    { "train resnet20 --data shapes -o net.onnx", 2, ".h5" },
    { "train resnet20 --data shapes --learning-rate -1", 1, "learning rate" },
    { "train resnet20 --data shapes --classes 3", 1, "10 classes" },
    { "train resnet20 --data shapes --no-top", 1, "classes" },
    { "train resnet20 --data shapes --shapes 20 --batch 50", 1, "a batch from 1" },
    { "gradients picture.png", 2, "no --class given" },
    { "gradients --class 1", 2, "one would be right" },
    { "gradients /nowhere.png --class 1", 1, "/nowhere.png" },
  };

  g_test_summary ("Bad data and options get a line that says what would be right");

  write_picture (one, "a", 0, picture);
  write_picture (empty, "a", 0, picture);
  g_assert_cmpint (g_mkdir_with_parents (empty_class, 0700), ==, 0);
  write_picture (unreadable, "a", 0, picture);
  g_assert_cmpint (g_mkdir_with_parents (text_folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (text, "no picture", -1, NULL));
  g_assert_cmpint (g_mkdir_with_parents (cifar, 0700), ==, 0);
  g_assert_true (g_file_set_contents (batch, "cut off", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CommandResult) result = command_run (cases[i].line);

      if (result->status != cases[i].status || strstr (result->err, cases[i].says) == NULL)
        g_test_message ("%s: %d %s", cases[i].line, result->status, result->err);
      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_nonnull (strstr (result->err, cases[i].says));
      g_assert_cmpstr (result->out, ==, "");
    }
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_free (lines[i]);
}

static void
test_gradients (Folder *folder, gconstpointer data)
{
  const char *image = g_test_get_filename (G_TEST_DIST, "..", "data", "samples", "tench.png", NULL);
  g_autofree char *line =
      g_strdup_printf ("gradients %s --model resnet18 --class 0 --json", image);
  g_autofree char *cut = g_strdup_printf ("%s --edit cut-shortcut:conv3_block2_add", line);
  g_autoptr (CommandResult) result = command_run (line);
  g_autoptr (CommandResult) edited = command_run (cut);
  g_autoptr (JsonNode) root = json_from_string (result->out, NULL);
  JsonObject *object, *last;
  JsonArray *blocks, *layers;

  g_test_summary ("Gradients have a loss, eight blocks of ResNet-18 and all layers; edits matter");

  g_assert_cmpint (result->status, ==, 0);
  object = json_node_get_object (root);
  g_assert_cmpfloat (json_object_get_double_member (object, "loss"), >, 0);
  blocks = json_object_get_array_member (object, "blocks");
  g_assert_cmpint (json_array_get_length (blocks), ==, 8);
  for (guint i = 0; i < 8; i++)
    g_assert_cmpfloat (json_object_get_double_member (json_array_get_object_element (blocks, i),
                                                      "gradient_norm"),
                       >, 0);
  layers = json_object_get_array_member (object, "layers");
  last = json_array_get_object_element (layers, json_array_get_length (layers) - 1);
  g_assert_cmpfloat (json_object_get_double_member (last, "gradient_norm"), >, 0);
  g_assert_cmpint (edited->status, ==, 0);
  g_assert_cmpstr (edited->out, !=, result->out);
}

static void
test_blocks (Folder *folder, gconstpointer data)
{
  g_autofree char *path = g_build_filename (folder->path, "blocks.csv", NULL);
  g_autofree char *line = g_strdup_printf ("train resnet8-paper-b --data shapes --shapes 64 --batch "
                                           "16 --epochs 3 --blocks %s",
                                           path);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (CommandResult) result = command_run (line);

  g_test_summary ("--blocks writes a line for each block every tenth step");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 2 * 3 + 1);
  g_assert_cmpstr (lines[0], ==,
                   "step,epoch,block,gradient_norm,weight_gradient_norm,response");
  g_assert_true (g_str_has_prefix (lines[1], "1,0.25,1,"));
  g_assert_true (g_str_has_prefix (lines[6], "11,2.75,3,"));
}

#define ADD(path, func) g_test_add (path, Folder, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/cli/train/json", test_json);
  ADD ("/cli/train/saved", test_saved);
  ADD ("/cli/train/resume", test_resume);
  ADD ("/cli/train/bad", test_bad);
  ADD ("/cli/train/gradients", test_gradients);
  ADD ("/cli/train/blocks", test_blocks);

  return g_test_run ();
}
