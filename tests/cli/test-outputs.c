#include <glib/gstdio.h>

#include "engine/formats/hdf5-file.h"
#include "engine/formats/npy.h"
#include "tests/cli/command.h"

/* A folder that is gone at the end, with all that is in it. */
typedef struct
{
  char *path;
} Folder;

static void
folder_set_up (Folder *folder, gconstpointer unused)
{
  folder->path = g_dir_make_tmp ("rn-outputs-XXXXXX", NULL);
}

static void
folder_tear_down (Folder *folder, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (folder->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder->path, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder->path);
  g_free (folder->path);
}

/* The number of files in the folder: nothing half-written may stay. */
static guint
count_files (const Folder *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder->path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* Runs a command with $DATA and $OUT in its line replaced. */
static CommandResult *
run (const Folder *folder, const char *line)
{
  g_autoptr (GString) text = g_string_new (line);

  g_string_replace (text, "$DATA", g_getenv ("RN_DATA_DIR"), 0);
  g_string_replace (text, "$OUT", folder->path, 0);

  return command_run (text->str);
}

static void
assert_starts (const Folder *folder, const char *name, const char *magic)
{
  g_autofree char *path = g_build_filename (folder->path, name, NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpuint (length, >, strlen (magic));
  g_assert_cmpmem (contents, strlen (magic), magic, strlen (magic));
}

static void
test_plot (Folder *folder, gconstpointer unused)
{
  const struct
  {
    const char *line;
    const char *name;
    const char *magic;
  } cases[] = {
    { "plot resnet50 --show-shapes -o $OUT/a.dot", "a.dot", "digraph" },
    { "plot resnet18 -o $OUT/b.png --dpi 30", "b.png", "\x89PNG" },
    { "plot resnet18 --rankdir LR --no-show-layer-names -o $OUT/c.svg", "c.svg", "<?xml" },
    { "plot -m resnet18 --style keras3 --show-dtype --show-trainable -o $OUT/d.PDF", "d.PDF",
      "%PDF" },
  };

  g_test_summary ("The ending says the format; stdout stays empty");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CommandResult) result = run (folder, cases[i].line);

      g_test_message ("resnet %s: %s", cases[i].line, result->err);
      g_assert_cmpint (result->status, ==, 0);
      g_assert_cmpstr (result->out, ==, "");
      g_assert_cmpstr (result->err, ==, "");
      assert_starts (folder, cases[i].name, cases[i].magic);
    }
  g_assert_cmpuint (count_files (folder), ==, G_N_ELEMENTS (cases));
}

static void
test_activations (Folder *folder, gconstpointer unused)
{
  const char *lines[] = {
    "activations $DATA/samples/tench.png -m resnet18 --layer conv2_block1_out -o $OUT/a.npy",
    "activations $DATA/samples/tench.png -m resnet18 --layer conv2_block1_out -o $OUT/a.h5",
    "activations $DATA/samples/tench.png -m resnet18 --layer conv2_block1_out -o $OUT/a.png",
    "activations $DATA/samples/tench.png -m resnet18 --layer predictions -o $OUT/p.npy",
  };
  g_autofree char *npy_path = g_build_filename (folder->path, "a.npy", NULL);
  g_autofree char *h5_path = g_build_filename (folder->path, "a.h5", NULL);
  g_autofree char *p_path = g_build_filename (folder->path, "p.npy", NULL);
  g_autoptr (RnTensor) npy = NULL;
  g_autoptr (RnTensor) h5 = NULL;
  g_autoptr (RnTensor) p = NULL;
  g_autoptr (RnHdf5File) file = NULL;
  double sum = 0;

  g_test_summary (".npy and .h5 hold the same numbers, [N,H,W,C] or [N,C]; .png is a picture");

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (CommandResult) result = run (folder, lines[i]);

      g_test_message ("resnet %s: %s", lines[i], result->err);
      g_assert_cmpint (result->status, ==, 0);
      g_assert_cmpstr (result->out, ==, "");
      g_assert_cmpstr (result->err, ==, "");
    }
  assert_starts (folder, "a.png", "\x89PNG");
  npy = rn_npy_read (npy_path, NULL);
  g_assert_cmpint (npy->rank, ==, 4);
  g_assert_cmpint (npy->dims[0], ==, 1);
  g_assert_cmpint (npy->dims[1], ==, 56);
  g_assert_cmpint (npy->dims[2], ==, 56);
  g_assert_cmpint (npy->dims[3], ==, 64);
  file = rn_hdf5_file_open (h5_path, NULL);
  g_assert_true (rn_hdf5_file_read_dataset (file, "conv2_block1_out", &h5, NULL));
  g_assert_cmpmem (npy->data, rn_tensor_get_n_bytes (npy), h5->data, rn_tensor_get_n_bytes (h5));
  p = rn_npy_read (p_path, NULL);
  g_assert_cmpint (p->rank, ==, 2);
  g_assert_cmpint (p->dims[1], ==, 10);
  for (int i = 0; i < 10; i++)
    sum += (double)rn_tensor_f32 (p)[i];
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
}

/* Writes @n inputs of zeros of @size x @size pixels. */
static void
write_zeros (const Folder *folder, const char *name, int n, int size)
{
  g_autofree char *path = g_build_filename (folder->path, name, NULL);
  g_autoptr (RnTensor) tensor = rn_tensor_new (4, (gint64[]){ n, size, size, 3 }, NULL);
  g_autoptr (GBytes) bytes = NULL;

  memset (tensor->data, 0, rn_tensor_get_n_bytes (tensor));
  bytes = rn_npy_to_bytes (tensor);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize)g_bytes_get_size (bytes), NULL));
}

static void
test_npy_input (Folder *folder, gconstpointer unused)
{
  g_autoptr (CommandResult) result = NULL;
  g_autofree char *path = g_build_filename (folder->path, "x.npy", NULL);
  g_autoptr (RnTensor) input = NULL;

  g_test_summary ("A .npy is the input itself, whatever the pre-processing, of any N");

  write_zeros (folder, "zeros.npy", 2, 64);
  result = run (folder, "activations $OUT/zeros.npy --preprocess caffe --input-size 64 "
                        "--layer input_1 -o $OUT/x.npy");
  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  input = rn_npy_read (path, NULL);
  g_assert_cmpint (input->dims[0], ==, 2);
  for (gint64 i = 0; i < rn_tensor_get_n_elements (input); i++)
    g_assert_cmpfloat (rn_tensor_f32 (input)[i], ==, 0);
}

static void
test_usage (Folder *folder, gconstpointer unused)
{
  const BadCase cases[] = {
    { "plot resnet50", 2, "-o" },
    { "plot -o x.png", 2, "MODEL" },
    { "plot resnet50 -o x.jpg", 2, ".png, .svg, .pdf, .dot" },
    { "plot resnet50 -o x.png --rankdir UP", 2, "rankdir" },
    { "plot resnet50 -o x.png --dpi 0.5", 2, "dpi" },
    { "plot resnet50 -o x.png --dpi many", 2, "many" },
    { "plot resnet50 -o x.png --style tf", 2, "keras2 or keras3" },
    { "plot resnet50 -o x.png --show-dtype", 2, "--style keras3" },
    { "activations", 2, "IMAGE" },
    { "activations a.png b.png --layer conv1 -o x.npy", 2, "one IMAGE" },
    { "activations a.png -o x.npy", 2, "--layer" },
    { "activations a.png --layer conv1", 2, "-o" },
    { "activations a.png --layer conv1 -o x.jpg", 2, ".npy" },
    { "predict", 2, "IMAGE" },
    { "predict a.png --top 0", 2, "--top 0" },
    { "predict a.png --top five", 2, "five" },
    { "predict a.png --edit cut", 2, "cut" },
    { "predict a.png --threads 0", 2, "--threads 0" },
    { "predict a.png --frobnicate", 2, "--frobnicate" },
  };

  g_test_summary ("Wrong usage is one line on stderr, status 2, and no file");

  command_check_bad (cases, G_N_ELEMENTS (cases));
}

static void
test_bad_input (Folder *folder, gconstpointer unused)
{
  const BadCase cases[] = {
    { "plot resnet50 -o /no/such/folder/x.png", 1, "/no/such/folder/x.png" },
    { "plot resnet18 -o $OUT/folder.png", 1, "folder.png" },
    { "plot resnet18 -o $OUT/full.dot", 1, "full.dot" },
    { "plot resnet51 -o $OUT/x.png", 1, "resnet51" },
    { "predict ''", 1, "an empty name" },
    { "predict /no/such/picture.png", 1, "/no/such/picture.png" },
    { "predict $OUT/text.png", 1, "text.png" },
    { "predict $OUT/cut.png", 1, "cut.png" },
    { "predict $OUT/folder.png", 1, "folder.png" },
    { "predict $OUT/text.png --weights none", 1, "text.png" },
    { "predict $OUT/text.npy", 1, "text.npy" },
    { "predict $OUT/small.npy", 1, "224×224×3" },
    { "predict $DATA/samples/tench.png -m resnet51", 1, "resnet51" },
    { "predict $DATA/samples/tench.png --no-top", 1, "no classifier" },
    { "predict $DATA/samples/tench.png --classes 1000", 1, "10 classes" },
    { "predict $DATA/samples/tench.png --edit cut-shortcut:add_99", 1, "add_99" },
    { "predict $DATA/samples/tench.png --weights /no/such.h5", 1, "/no/such.h5" },
    { "predict $DATA/samples/tench.png --weights $OUT/text.png", 1, "text.png" },
    { "predict $DATA/samples/tench.png --weights $OUT/cut.h5", 1, "cut.h5" },
    { "predict $DATA/samples/tench.png --weights $DATA/weights/resnet18.h5", 1, "resnet18.h5" },
    { "predict $DATA/samples/tench.png -m resnet18 -w $DATA/weights/resnet50.h5", 1,
      "resnet50.h5" },
    { "activations $DATA/samples/tench.png --layer conv99 -o $OUT/x.npy", 1, "conv99" },
    { "activations $OUT/text.png --layer conv1 -o $OUT/x.npy", 1, "text.png" },
    { "activations $DATA/samples/tench.png -m resnet18 --layer predictions -o /no/such/x.npy", 1,
      "/no/such/x.npy" },
    { "activations $DATA/samples/tench.png -m resnet18 --layer predictions -o /no/such/x.h5", 1,
      "/no/such/x.h5" },
    { "activations $DATA/samples/tench.png -m resnet18 --layer predictions -o $OUT/full.npy", 1,
      "full.npy" },
  };
  BadCase filled[G_N_ELEMENTS (cases)];
  g_autofree char *text = g_build_filename (folder->path, "text.png", NULL);
  g_autofree char *npy = g_build_filename (folder->path, "text.npy", NULL);
  g_autofree char *sub = g_build_filename (folder->path, "folder.png", NULL);
  guint n_before;

  g_test_summary ("Bad input is one line on stderr that names it, status 1, and no file");

  g_assert_true (g_file_set_contents (text, "This is no picture.\nNor weights.\n", -1, NULL));
  g_assert_true (g_file_set_contents (npy, "This is no tensor.", -1, NULL));
  g_assert_cmpint (g_mkdir (sub, 0755), ==, 0);
  write_zeros (folder, "small.npy", 1, 32);
  for (const char *const *name = (const char *const[]){ "full.dot", "full.npy", NULL }; *name;
       name++)
    {
      g_autofree char *full = g_build_filename (folder->path, *name, NULL);

      g_assert_cmpint (symlink ("/dev/full", full), ==, 0);
    }
  for (const char *const *name =
           (const char *const[]){ "samples/tench.png", "weights/resnet50.h5", NULL };
       *name; name++)
    {
      g_autofree char *whole = g_build_filename (g_getenv ("RN_DATA_DIR"), *name, NULL);
      g_autofree char *cut = g_strdup_printf ("%s/cut%s", folder->path, strrchr (*name, '.'));
      g_autofree char *contents = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (whole, &contents, &length, NULL));
      g_assert_true (g_file_set_contents (cut, contents, (gssize)length / 3, NULL));
    }

  n_before = count_files (folder);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) line = g_string_new (cases[i].line);

      filled[i] = cases[i];
      g_string_replace (line, "$DATA", g_getenv ("RN_DATA_DIR"), 0);
      g_string_replace (line, "$OUT", folder->path, 0);
      filled[i].line = line->str;
      command_check_bad (&filled[i], 1);
    }
  g_assert_cmpuint (count_files (folder), ==, n_before);
}

static void
test_old_file_stays (Folder *folder, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (folder->path, "old.npy", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (CommandResult) result = NULL;

  g_test_summary ("A command that fails leaves the file that was there");

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  result = run (folder, "activations /no/such.png --layer conv1 -o $OUT/old.npy");
  g_assert_cmpint (result->status, ==, 1);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
}

#define ADD(name, func) g_test_add (name, Folder, NULL, folder_set_up, func, folder_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/cli/outputs/plot", test_plot);
  ADD ("/cli/outputs/activations", test_activations);
  ADD ("/cli/outputs/npy-input", test_npy_input);
  ADD ("/cli/outputs/usage", test_usage);
  ADD ("/cli/outputs/bad-input", test_bad_input);
  ADD ("/cli/outputs/old-file-stays", test_old_file_stays);

  return g_test_run ();
}
