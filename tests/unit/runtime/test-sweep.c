#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/runtime/sweep.h"
#include "engine/tensor/picture.h"

#define SIZE 64
#define N_PICTURES 2

/* The bundled ResNet-18 on small pictures of noise: what it says of them does not matter here. */
static RnBinding *
make_binding (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", "resnet18.h5", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_load (path, &error);
  RnVariant variant = { RN_NAMES_KERAS2, TRUE, 10, SIZE };
  g_autoptr (RnModel) model = NULL;
  RnBinding *binding;

  g_assert_no_error (error);
  model = rn_catalog_build ("resnet18", &variant, &error);
  g_assert_no_error (error);
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);

  return binding;
}

static void
make_inputs (RnTensor **inputs)
{
  const gint64 dims[] = { 1, SIZE, SIZE, 3 };

  for (int i = 0; i < N_PICTURES; i++)
    {
      inputs[i] = rn_tensor_new (4, dims, NULL);
      for (gint64 k = 0; k < rn_tensor_get_n_elements (inputs[i]); k++)
        rn_tensor_f32 (inputs[i])[k] = g_test_rand_double_range (-2, 2);
    }
}

static void
free_inputs (RnTensor **inputs)
{
  for (int i = 0; i < N_PICTURES; i++)
    rn_tensor_unref (inputs[i]);
}

static float
probability_of (RnBinding *binding, RnTensor *input, int class)
{
  RnSessionOptions options = { 2 };
  g_autoptr (RnSession) session = rn_session_new (binding, &options, NULL);
  g_autoptr (RnTensor) scores = NULL;
  int output = rn_model_get_output (rn_binding_get_model (binding), 0)->index;

  g_assert_true (rn_session_run (session, input, NULL, NULL));
  scores = rn_session_get_activation (session, output, NULL);

  return rn_tensor_f32 (scores)[class];
}

static void
on_progress (int done, int total, gpointer data)
{
  int *last = data;

  g_assert_cmpint (done, ==, *last + 1);
  g_assert_cmpint (total, ==, 9);
  *last = done;
}

static void
test_figures (void)
{
  g_autoptr (RnBinding) binding = make_binding ();
  const char *const edits[] = { "drop-block:conv4_block2_add", NULL };
  g_autoptr (RnBinding) edited = rn_edits_apply (edits, binding, NULL);
  RnSessionOptions options = { 2 };
  g_autoptr (RnSweep) sweep = NULL;
  g_autoptr (GError) error = NULL;
  RnTensor *inputs[N_PICTURES];
  double loss = 0;
  int last = 0;

  g_test_summary ("Each block's figures are those of the network edited by hand");

  make_inputs (inputs);
  sweep = rn_sweep_run (RN_EDIT_DROP_BLOCK, binding, inputs, N_PICTURES, &options, on_progress,
                        &last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (last, ==, 9);
  g_assert_cmpint (sweep->n_blocks, ==, 8);
  for (int i = 0; i < N_PICTURES; i++)
    {
      float before = probability_of (binding, inputs[i], sweep->top_class[i]);
      float after = probability_of (edited, inputs[i], sweep->top_class[i]);

      g_assert_cmpfloat_with_epsilon (sweep->probability[i], before, 1e-5);
      g_assert_cmpfloat_with_epsilon (sweep->blocks[5].probability[i], after, 1e-5);
      loss += (before - after) / N_PICTURES;
    }
  g_assert_cmpfloat_with_epsilon (rn_sweep_get_mean_loss (sweep, 5), loss, 1e-5);
  free_inputs (inputs);
}

static void
test_refused (void)
{
  g_autoptr (RnBinding) binding = make_binding ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  RnSessionOptions options = { 1 };
  g_autoptr (GError) error = NULL;
  RnTensor *inputs[N_PICTURES];

  g_test_summary ("Only whole blocks can be swept; a cancelled sweep gives nothing");

  make_inputs (inputs);
  g_assert_null (rn_sweep_run (RN_EDIT_SILENCE, binding, inputs, 1, &options, NULL, NULL, NULL,
                               &error));
  g_assert_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_SYNTAX);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (rn_sweep_run (RN_EDIT_DROP_BLOCK, binding, inputs, 1, &options, NULL, NULL,
                               cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  free_inputs (inputs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sweep/figures", test_figures);
  g_test_add_func ("/sweep/refused", test_refused);

  return g_test_run ();
}
