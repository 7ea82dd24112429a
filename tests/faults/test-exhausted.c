/* Memory that runs out, at each allocation in turn. */
#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/formats/model-file.h"
#include "engine/formats/onnx-writer.h"
#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/runtime/session.h"
#include "engine/tensor/memory.h"
#include "ui/pictures/picture-loader.h"

/* Work that takes memory; TRUE if it was done, otherwise @error must be set. */
typedef gboolean (*WorkFunc) (GError **error);

static RnModel *
build_small (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  RnModel *model;

  variant.top = TRUE;
  model = rn_catalog_build ("resnet20", &variant, NULL);
  g_assert_nonnull (model);

  return model;
}

static RnBinding *
bind_small (GError **error)
{
  g_autoptr (RnModel) model = build_small ();
  g_autoptr (RnWeights) weights = rn_weights_new_random (model, 1, error);

  return weights != NULL ? rn_binding_new (model, weights, error) : NULL;
}

static RnTensor *
make_input (GError **error)
{
  g_autoptr (RnPicture) picture = rn_picture_new (48, 40, error);

  if (picture == NULL)
    return NULL;
  for (int i = 0; i < 48 * 40 * 3; i++)
    picture->rgb[i] = (guint8) (i * 7);

  return rn_picture_to_input (picture, 32, 32, 3, RN_PREPROCESS_UNIT, error);
}

/* From nothing to a prediction, and to a layer that a fused run leaves out. */
static gboolean
predict_keeping (RnKeep keep, GError **error)
{
  g_autoptr (RnBinding) binding = bind_small (error);
  g_autoptr (RnTensor) input = binding != NULL ? make_input (error) : NULL;
  RnSessionOptions options = { 2, keep };
  g_autoptr (RnSession) session = NULL;
  int n_layers;

  if (input == NULL)
    return FALSE;
  session = rn_session_new (binding, &options, error);
  if (session == NULL || !rn_session_run (session, input, NULL, error))
    return FALSE;
  n_layers = rn_model_get_n_layers (rn_session_get_model (session));
  for (int i = 1; i < n_layers; i += 5)
    {
      g_autoptr (RnTensor) activation = rn_session_get_activation (session, i, error);

      if (activation == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
predict_steps (GError **error)
{
  return predict_keeping (RN_KEEP_STEPS, error);
}

static gboolean
predict_outputs (GError **error)
{
  return predict_keeping (RN_KEEP_OUTPUTS, error);
}

static char *whole_h5, *whole_onnx; /* a network with its weights, in files */

static gboolean
load_model (const char *path, GError **error)
{
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnModel) model = rn_model_load (path, &weights, error);

  return model != NULL;
}

static gboolean
load_hdf5_model (GError **error)
{
  return load_model (whole_h5, error);
}

static gboolean
load_onnx_model (GError **error)
{
  return load_model (whole_onnx, error);
}

static gboolean
load_keras_archive (GError **error)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "keras3.keras", NULL);
  g_autoptr (RnWeights) weights = rn_weights_load (path, error);

  return weights != NULL;
}

static void
write_models (const char *folder)
{
  g_autoptr (RnBinding) binding = bind_small (NULL);
  g_autofree char *config = rn_model_to_keras_json (rn_binding_get_model (binding), NULL);
  g_autoptr (GError) error = NULL;

  whole_h5 = g_build_filename (folder, "whole.h5", NULL);
  whole_onnx = g_build_filename (folder, "whole.onnx", NULL);
  rn_keras_hdf5_write (binding, config, whole_h5, &error);
  g_assert_no_error (error);
  rn_onnx_write (binding, whole_onnx, &error);
  g_assert_no_error (error);
}

static gboolean
load_picture (GError **error)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "pictures", "plain.png", NULL);
  g_autoptr (RnPicture) picture = rn_picture_load (path, error);

  return picture != NULL;
}

/* A session that could not take a picture takes the next one as if nothing had been. */
static void
test_recovery (void)
{
  g_autoptr (RnBinding) binding = bind_small (NULL);
  g_autoptr (RnTensor) input = make_input (NULL);
  RnSessionOptions options = { 1, RN_KEEP_OUTPUTS };
  g_autoptr (RnSession) session = rn_session_new (binding, &options, NULL);
  RnModel *model = rn_session_get_model (session);
  int output = rn_model_get_output (model, 0)->index;
  g_autoptr (RnTensor) before = NULL;

  g_test_summary ("What failed for want of memory goes well once there is some, to the same bits");

  g_assert_true (rn_session_run (session, input, NULL, NULL));
  before = rn_session_get_activation (session, output, NULL);
  for (int n = 0; n < 10; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) other = NULL;
      g_autoptr (RnTensor) after = NULL;

      rn_memory_fail_after (n);
      if (rn_session_run (session, input, NULL, NULL))
        other = rn_session_get_activation (session, n + 1, NULL);
      rn_memory_fail_after (-1);

      g_assert_true (rn_session_run (session, input, NULL, &error));
      g_assert_no_error (error);
      after = rn_session_get_activation (session, output, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (after->data, rn_tensor_get_n_bytes (after), before->data,
                       rn_tensor_get_n_bytes (before));
    }
}

static void
test_in_turn (void)
{
  static const struct
  {
    const char *name;
    WorkFunc func;
    int at_least; /* allocations */
  } works[] = {
    { "prediction, every step kept", predict_steps, 50 },
    { "prediction, outputs kept", predict_outputs, 50 },
    { "a model of Keras", load_hdf5_model, 50 },
    { "a model of ONNX", load_onnx_model, 50 },
    { "an archive of Keras 3", load_keras_archive, 3 },
    { "a picture", load_picture, 1 },
  };

  g_test_summary ("Memory may run out at any allocation: each time it is an error, never a crash");

  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      gboolean done = FALSE;
      int n;

      for (n = 0; !done; n++)
        {
          g_autoptr (GError) error = NULL;

          rn_memory_fail_after (n);
          done = works[i].func (&error);
          rn_memory_fail_after (-1);
          g_assert_true (done == (error == NULL));
          if (!done)
            g_assert_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_EXHAUSTED);
        }
      g_test_message ("%s: %d allocations", works[i].name, n - 1);
      g_assert_cmpint (n - 1, >=, works[i].at_least);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-exhausted-XXXXXX", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  write_models (folder);

  g_test_add_func ("/exhausted/in-turn", test_in_turn);
  g_test_add_func ("/exhausted/recovery", test_recovery);

  status = g_test_run ();
  g_unlink (whole_h5);
  g_unlink (whole_onnx);
  g_rmdir (folder);
  g_free (whole_h5);
  g_free (whole_onnx);

  return status;
}
