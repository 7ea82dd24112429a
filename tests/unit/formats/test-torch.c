#include <glib/gstdio.h>
#include <string.h>

#include "engine/formats/weights-file.h"
#include "tests/unit/formats/golden.h"

/* tests/golden/make_torch_files.py: the k-th number of the j-th tensor is j + k / 64 in PyTorch's
 * layout [out][in][h][w]; here it must lie at [h][w][in][out]. */
static void
assert_kernel (
    RnWeights *weights, const char *layer, int j, RnDtype dtype, const gint64 *torch_dims)
{
  RnTensor *tensor = rn_weights_find (weights, layer, "kernel");
  g_autoptr (RnTensor) single = NULL;
  gint64 n_out = torch_dims[0], n_in = torch_dims[1], n_h = torch_dims[2], n_w = torch_dims[3];

  g_assert_nonnull (tensor);
  g_assert_cmpint (tensor->dtype, ==, dtype);
  g_assert_cmpint (tensor->dims[tensor->rank - 1], ==, n_out);
  g_assert_cmpint (tensor->dims[tensor->rank - 2], ==, n_in);
  if (tensor->rank == 4)
    {
      g_assert_cmpint (tensor->dims[0], ==, n_h);
      g_assert_cmpint (tensor->dims[1], ==, n_w);
    }

  single = rn_tensor_to_f32 (tensor, NULL);
  for (gint64 o = 0; o < n_out; o++)
    for (gint64 i = 0; i < n_in; i++)
      for (gint64 h = 0; h < n_h; h++)
        for (gint64 w = 0; w < n_w; w++)
          {
            double expected = j + (((o * n_in + i) * n_h + h) * n_w + w) / 64.0;

            if (dtype == RN_DTYPE_BF16) /* cut to 8 bits: 1/32 from 4 to 8 */
              expected = (int) (expected * 32) / 32.0;
            g_assert_cmpfloat (rn_tensor_f32 (single)[((h * n_w + w) * n_in + i) * n_out + o], ==,
                               expected);
          }
}

static void
check (RnWeights *weights, RnDtype bfloat)
{
  RnWeightsInfo *info = rn_weights_get_info (weights);

  assert_kernel (weights, "conv1", 0, RN_DTYPE_F32, (gint64[]) { 4, 3, 2, 5 });
  golden_assert_weight (weights, "bn1", "gamma", 1, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "bn1", "beta", 2, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "bn1", "moving_mean", 3, RN_DTYPE_F64, "4");
  golden_assert_weight (weights, "bn1", "moving_variance", 4, RN_DTYPE_F32, "4");
  g_assert_null (rn_weights_find (weights, "bn1", "num_batches_tracked"));
  assert_kernel (weights, "layer1.0.conv1", 6, bfloat, (gint64[]) { 2, 4, 1, 1 });
  assert_kernel (weights, "layer1.0.conv3", 7, RN_DTYPE_F16, (gint64[]) { 3, 2, 1, 3 });
  assert_kernel (weights, "fc", 8, RN_DTYPE_F16, (gint64[]) { 5, 3, 1, 1 });
  golden_assert_weight (weights, "fc", "bias", 9, RN_DTYPE_F32, "5");

  g_assert_cmpstr (info->preprocess, ==, "torch");
  g_assert_cmpfloat (info->epsilon, ==, 1e-5f);
  g_assert_true (info->stride_on_3x3);
}

static void
test_safetensors (void)
{
  g_autoptr (RnWeights) weights = golden_load ("torch.safetensors");

  g_test_summary ("A .safetensors file of torchvision's names gives Keras' layout in every dtype");

  check (weights, RN_DTYPE_BF16);
  g_assert_cmpstr (rn_weights_get_info (weights)->license, ==, "BSD-3-Clause");
}

static void
test_npz (void)
{
  static const char *const names[] = { "torch.npz", "packed.npz" };

  g_test_summary ("A .npz archive gives the same, packed or not");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (RnWeights) weights = golden_load (names[i]);

      check (weights, RN_DTYPE_F32);
    }
}

static void
test_large_kernel (void)
{
  g_test_summary ("Kernels larger than a tile of the transposition come out right");

  /* by way of a file: [out][in][h][w] = [70][33][3][1], the number is its index */
  {
    enum { N_OUT = 70, N_IN = 33, N_H = 3 };
    const char *header = "{\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[70,33,3,1],"
                         "\"data_offsets\":[0,27720]}}";
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    guint64 length = GUINT64_TO_LE (strlen (header));
    g_autofree char *path = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (RnWeights) weights = NULL;
    const float *kernel;
    int fd = g_file_open_tmp ("rn-torch-XXXXXX", &path, NULL);

    g_byte_array_append (bytes, (guint8 *) &length, 8);
    g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
    for (int i = 0; i < N_OUT * N_IN * N_H; i++)
      {
        float value = (float) i;

        g_byte_array_append (bytes, (guint8 *) &value, 4);
      }
    g_assert_true (g_file_set_contents (path, (char *) bytes->data, bytes->len, NULL));
    weights = rn_weights_load (path, &error);
    g_assert_no_error (error);
    kernel = rn_tensor_f32 (rn_weights_find (weights, "conv1", "kernel"));
    for (int o = 0; o < N_OUT; o++)
      for (int i = 0; i < N_IN; i++)
        for (int h = 0; h < N_H; h++)
          g_assert_cmpfloat (kernel[(h * N_IN + i) * N_OUT + o], ==, (o * N_IN + i) * N_H + h);
    g_close (fd, NULL);
    g_unlink (path);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/torch/safetensors", test_safetensors);
  g_test_add_func ("/torch/npz", test_npz);
  g_test_add_func ("/torch/large-kernel", test_large_kernel);

  return g_test_run ();
}
