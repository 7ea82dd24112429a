#include "engine/formats/keras-hdf5-writer.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/formats/hdf5-writer.h"
#include "engine/formats/keras-hdf5.h"
#include "engine/formats/keras-json.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/model/net.h"

static char *folder, *path;

static RnModel *
build_model (int n_activations)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("small", "Small");
  RnNet net = { builder, TRUE, 1e-3f };
  g_autoptr (GError) error = NULL;
  const char *last = rn_net_input (&net, "input_1", 8, 3);
  RnModel *model;

  last = rn_net_conv (&net, "conv", 4, 3, 1, RN_PADDING_SAME, last);
  last = rn_net_batch_norm (&net, "norm", last);
  for (int i = 0; i < n_activations; i++)
    {
      g_autofree char *name = g_strdup_printf ("a_rather_long_name_of_a_layer_%d", i);

      last = rn_net_relu (&net, name, last);
    }
  last = rn_net_global_average (&net, "pool", last);
  last = rn_net_dense (&net, "head", 5, RN_ACTIVATION_SOFTMAX, last);
  rn_model_builder_add_output (builder, last);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

static RnBinding *
bind_random (RnModel *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_new_random (model, 3, &error);
  RnBinding *binding;

  g_assert_no_error (error);
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);
  return binding;
}

/* Reads the file at path back, binds it to @binding's model by name and compares every weight. */
static RnWeights *
assert_same (RnBinding *binding)
{
  RnModel *model = rn_binding_get_model (binding);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_keras_hdf5_read (path, &error);
  g_autoptr (RnBinding) again = NULL;

  g_assert_no_error (error);
  again = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);
  g_assert_true (rn_binding_is_identity (again));
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    for (int j = 0; j < rn_model_get_layer (model, i)->n_weights; j++)
      {
        RnTensor *a = rn_binding_get_tensor (binding, i, j);
        RnTensor *b = rn_binding_get_tensor (again, i, j);

        g_assert_cmpmem (a->data, rn_tensor_get_n_bytes (a), b->data, rn_tensor_get_n_bytes (b));
      }

  return g_steal_pointer (&weights);
}

static void
test_weights (void)
{
  g_autoptr (RnModel) model = build_model (2);
  g_autoptr (RnBinding) binding = bind_random (model);
  RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) again = NULL;

  g_test_summary ("A weight file that is written is read again, with all that is known of it");

  info->origin = g_strdup ("dice");
  info->license = g_strdup ("MIT");
  info->preprocess = g_strdup ("unit");
  info->input_size = 8;
  info->epsilon = 1.001e-5f;
  info->n_classes = 2;
  info->classes = g_strsplit ("c1 c2", " ", 0);
  info->labels = g_strsplit ("Käse 猫", " ", 0);
  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, &error));
  g_assert_no_error (error);

  again = assert_same (binding);
  g_assert_cmpint (rn_weights_get_n_layers (again), ==, rn_model_get_n_layers (model));
  info = rn_weights_get_info (again);
  g_assert_false (info->trained);
  g_assert_cmpstr (info->origin, ==, "dice");
  g_assert_cmpstr (info->license, ==, "MIT");
  g_assert_cmpstr (info->preprocess, ==, "unit");
  g_assert_cmpint (info->input_size, ==, 8);
  g_assert_cmpfloat (info->epsilon, ==, 1.001e-5f);
  g_assert_cmpint (info->n_classes, ==, 2);
  g_assert_cmpstr (info->classes[1], ==, "c2");
  g_assert_cmpstr (info->labels[0], ==, "Käse");
  g_assert_cmpstr (info->labels[1], ==, "猫");
}

static void
test_whole (void)
{
  g_autoptr (RnModel) model = build_model (2);
  g_autoptr (RnBinding) binding = bind_random (model);
  g_autofree char *long_text = g_strnfill (200000, 'x');
  g_autofree char *read = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) again = NULL;

  g_test_summary ("A whole model has its configuration, however long, and its weights");

  g_assert_true (rn_keras_hdf5_write (binding, long_text, path, &error));
  g_assert_no_error (error);
  again = assert_same (binding);
  read = rn_keras_hdf5_read_config (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read, ==, long_text);
}

static void
test_epsilon (void)
{
  static const float epsilons[] = { 0, 1.001e-5f };
  g_autoptr (RnModel) model = build_model (2);
  g_autoptr (RnBinding) binding = bind_random (model);

  g_test_summary ("A whole model's batch norms have the epsilon that the weights were trained with");

  for (guint i = 0; i < G_N_ELEMENTS (epsilons); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *config = NULL;
      g_autoptr (RnModel) again = NULL;

      rn_weights_get_info (rn_binding_get_weights (binding))->epsilon = epsilons[i];
      config = rn_binding_to_keras_json (binding, &error);
      g_assert_no_error (error);
      again = rn_keras_json_read (config, strlen (config), "a test", &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (rn_model_find_layer (again, "norm", NULL)->config.batch_norm.epsilon, ==,
                         epsilons[i] > 0 ? epsilons[i] : 1e-3f);
    }
}

static void
test_split (void)
{
  g_autoptr (RnModel) model = build_model (3000);
  g_autoptr (RnBinding) binding = bind_random (model);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) again = NULL;

  g_test_summary ("Lists of names of more than 64 KiB are split as Keras splits them");

  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, &error));
  g_assert_no_error (error);
  again = assert_same (binding);
  g_assert_cmpint (rn_weights_get_n_layers (again), ==, rn_model_get_n_layers (model));
}

static void
test_tensor (void)
{
  g_autoptr (RnTensor) tensor = rn_tensor_new_typed (RN_DTYPE_F16, 2, (gint64[]) { 2, 2 }, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnHdf5File) file = NULL;
  g_autoptr (RnTensor) again = NULL;

  g_test_summary ("One tensor is written as a dataset of float32");

  for (int i = 0; i < 4; i++)
    ((guint16 *) tensor->data)[i] = 0x3c00; /* 1 */
  g_assert_true (rn_hdf5_write_tensor (tensor, "conv1/relu", path, &error));
  g_assert_no_error (error);
  file = rn_hdf5_file_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (rn_hdf5_file_read_dataset (file, "/conv1/relu", &again, &error));
  g_assert_no_error (error);
  g_assert_cmpint (again->dtype, ==, RN_DTYPE_F32);
  g_assert_cmpfloat (rn_tensor_f32 (again)[3], ==, 1);
}

static void
test_unwritable (void)
{
  g_autoptr (RnModel) model = build_model (1);
  g_autoptr (RnBinding) binding = bind_random (model);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;

  g_test_summary ("A place that cannot be written to is an error that names it; nothing is left");

  g_assert_false (rn_keras_hdf5_write (binding, NULL, "/no/such/folder/x.h5", &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "/no/such/folder/x.h5: cannot be written"));
  g_clear_error (&error);

  g_assert_false (rn_keras_hdf5_write (binding, NULL, folder, &error));
  g_assert_nonnull (error);
  g_unlink (path);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("rn-writer-XXXXXX", NULL);
  path = g_build_filename (folder, "x.h5", NULL);

  g_test_add_func ("/keras-hdf5-writer/weights", test_weights);
  g_test_add_func ("/keras-hdf5-writer/whole", test_whole);
  g_test_add_func ("/keras-hdf5-writer/epsilon", test_epsilon);
  g_test_add_func ("/keras-hdf5-writer/split", test_split);
  g_test_add_func ("/keras-hdf5-writer/tensor", test_tensor);
  g_test_add_func ("/keras-hdf5-writer/unwritable", test_unwritable);

  status = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return status;
}
