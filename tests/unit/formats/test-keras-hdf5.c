#include <glib/gstdio.h>
#include <string.h>

#include "engine/formats/keras-hdf5.h"
#include "engine/formats/weights-file.h"
#include "tests/unit/formats/golden.h"

/* tests/golden/make_keras_files.py says what is in the files. */
static void
check_layers (RnWeights *weights)
{
  g_assert_cmpint (rn_weights_get_n_layers (weights), ==, 10);
  g_assert_cmpstr (rn_weights_get_layer_name (weights, 0), ==, "input_1");
  g_assert_cmpint (rn_weights_get_n_tensors (weights, 0), ==, 0);
  g_assert_cmpstr (rn_weights_get_layer_name (weights, 2), ==, "bn_conv1");

  golden_assert_weight (weights, "conv1", "kernel", 1, RN_DTYPE_F16, "2×2×3×4");
  golden_assert_weight (weights, "conv1", "bias", 1.125, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "bn_conv1", "moving_variance", 2.375, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "res2a", "kernel", 3, RN_DTYPE_F32, "1×1×4×2");
  golden_assert_weight (weights, "res2a", "bias", 3.125, RN_DTYPE_F64, "2");
  golden_assert_weight (weights, "bn2a", "moving_mean", 4.25, RN_DTYPE_F32, "2");
  golden_assert_weight (weights, "bn2a", "moving_variance", 4.375, RN_DTYPE_F32, "2");
  golden_assert_weight (weights, "packed", "kernel", 5, RN_DTYPE_F32, "8×8");
  golden_assert_weight (weights, "brain", "kernel", 6, RN_DTYPE_BF16, "3×2");
  g_assert_null (rn_weights_find (weights, "counter", "seed"));
  golden_assert_weight (weights, "dense_a", "kernel", 8, RN_DTYPE_F32, "2×3");
  golden_assert_weight (weights, "dense_b", "kernel", 8.125, RN_DTYPE_F32, "3×2");
  golden_assert_weight (weights, "dense_b", "bias", 8.25, RN_DTYPE_F16, "2");
}

static void
test_weights (void)
{
  g_autofree char *path = golden_path ("keras-weights.h5");
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_load (path, &error);
  RnWeightsInfo *info;

  g_test_summary (
      "A weight file gives h5py's values: split names, every dtype, gzip, nested models");

  g_assert_no_error (error);
  check_layers (weights);

  info = rn_weights_get_info (weights);
  g_assert_cmpstr (info->name, ==, "keras-weights.h5");
  g_assert_cmpstr (info->origin, ==, "a script");
  g_assert_cmpstr (info->license, ==, "MIT");
  g_assert_cmpstr (info->preprocess, ==, "torch");
  g_assert_cmpint (info->input_size, ==, 96);
  g_assert_cmpint (info->n_classes, ==, 2);
  g_assert_cmpstr (info->classes[1], ==, "n02");
  g_assert_cmpstr (info->labels[1], ==, "cassette player");
  g_assert_true (info->trained);
}

static void
test_whole (void)
{
  g_autofree char *path = golden_path ("keras-whole.h5");
  g_autofree char *weights_path = golden_path ("keras-weights.h5");
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_load (path, &error);
  g_autofree char *config = NULL;

  g_test_summary (
      "A whole model gives the same, its configuration and epsilon; a weight file has none");

  g_assert_no_error (error);
  check_layers (weights);
  config = rn_keras_hdf5_read_config (path, &error);
  g_assert_no_error (error);
  g_assert_true (
      g_str_has_prefix (config, "{\"class_name\": \"Model\",  \"config\": {\"layers\":"));
  g_assert_cmpfloat (rn_weights_get_info (weights)->epsilon, ==, 0.01f);
  g_assert_null (rn_keras_hdf5_read_config (weights_path, &error));
  g_assert_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT);
}

static void
test_names (void)
{
  static const char *const cases[][3] = {
    { "conv1", "conv1/kernel:0", "kernel" },
    { "conv1", "conv1/conv1_W_1:0", "kernel" },
    { "fc1000", "fc1000_b_1:0", "bias" },
    { "bn_conv1", "bn_conv1_running_std_1:0", "moving_variance" },
    { "bn_conv1", "bn_conv1/moving_variance:0", "moving_variance" },
    { "depthwise_conv2d", "depthwise_conv2d/depthwise_kernel:0", "depthwise_kernel" },
    { "d", "model/d/bias", "bias" },
  };

  g_test_summary ("Weights are called as Keras calls them today, whatever generation wrote them");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = rn_keras_weight_name (cases[i][0], cases[i][1]);

      g_assert_cmpstr (name, ==, cases[i][2]);
    }
}

/* Damages done to a good file, and a part of what must be said of each. */
typedef struct
{
  const char *name;
  gssize keep;        /* bytes to keep; -1 for all */
  const char *replace; /* text to look for */
  const char *with;    /* and what to write over it, of the same length */
  const char *message;
} Damage;

static const Damage damages[] = {
  { "empty", 0, NULL, NULL, "is empty" },
  { "one byte", 1, NULL, NULL, "not a file this program can read" },
  { "signature only", 8, NULL, NULL, "HDF5" },
  { "half", 9000, NULL, NULL, "truncated: 9000 of" },
  { "foreign", -1, "\211HDF", "GIF8", "not a file this program can read" },
  { "no names", -1, "layer_names0", "layer_namesX", "layer_names is missing" },
  { "missing layer", -1, "bn2a", "bn2b", "'/bn2" },
};

static void
write_damaged (const char *path, const Damage *damage)
{
  g_autofree char *source = golden_path ("keras-weights.h5");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (source, &bytes, &length, &error);
  g_assert_no_error (error);
  if (damage->replace != NULL)
    {
      char *found = memmem (bytes, length, damage->replace, strlen (damage->replace));

      g_assert_nonnull (found);
      memcpy (found, damage->with, strlen (damage->with));
    }
  g_file_set_contents (path, bytes, damage->keep >= 0 ? damage->keep : (gssize) length, &error);
  g_assert_no_error (error);
}

static void
test_damaged (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-hdf5-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.h5", NULL);

  g_test_summary ("Damaged and foreign files are an error of one line that names the file");

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", damages[i].name);
      write_damaged (path, &damages[i]);
      g_assert_null (rn_weights_load (path, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, path));
      g_assert_nonnull (strstr (error->message, damages[i].message));
      g_assert_null (strchr (error->message, '\n'));
    }

  {
    g_autoptr (GError) error = NULL;

    g_unlink (path);
    g_assert_null (rn_weights_load (path, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_null (rn_weights_load (folder, &error));
    g_assert_nonnull (error);
  }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keras-hdf5/weights", test_weights);
  g_test_add_func ("/keras-hdf5/whole", test_whole);
  g_test_add_func ("/keras-hdf5/names", test_names);
  g_test_add_func ("/keras-hdf5/damaged", test_damaged);

  return g_test_run ();
}
