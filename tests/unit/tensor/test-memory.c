#include <string.h>

#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/tensor/memory.h"
#include "engine/tensor/picture.h"
#include "tests/unit/formats/golden.h"

static void
test_blocks (void)
{
  g_autoptr (GError) error = NULL;
  guint8 *block = rn_memory_alloc0 (1000, &error);

  g_test_summary ("Blocks are aligned and, if so asked, zero; too much is an error");

  g_assert_no_error (error);
  g_assert_cmpuint ((guintptr) block % RN_MEMORY_ALIGNMENT, ==, 0);
  for (int i = 0; i < 1000; i++)
    g_assert_cmpint (block[i], ==, 0);
  rn_memory_free (block);
  rn_memory_free (NULL);

  g_assert_null (rn_memory_alloc (RN_MEMORY_MAX_BYTES + 1, &error));
  g_assert_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT);
}

/* Work that takes memory; TRUE if it was done, otherwise @error must be set. */
typedef gboolean (*WorkFunc) (GError **error);

static gboolean
load_file (const char *name, GError **error)
{
  g_autofree char *path = golden_path (name);
  g_autoptr (RnWeights) weights = rn_weights_load (path, error);

  return weights != NULL;
}

static gboolean
load_keras (GError **error)
{
  return load_file ("keras-weights.h5", error);
}

static gboolean
load_keras3 (GError **error)
{
  return load_file ("keras3.keras", error);
}

static gboolean
load_safetensors (GError **error)
{
  return load_file ("torch.safetensors", error);
}

static gboolean
load_npz (GError **error)
{
  return load_file ("packed.npz", error);
}

static gboolean
crop_picture (GError **error)
{
  g_autoptr (RnPicture) picture = rn_picture_new (100, 80, error);
  g_autoptr (RnTensor) input = NULL;

  if (picture == NULL)
    return FALSE;
  memset (picture->rgb, 1, (gsize) 100 * 80 * 3);
  input = rn_picture_to_input (picture, 32, 32, 3, RN_PREPROCESS_CAFFE, error);

  return input != NULL;
}

static gboolean
randomize (GError **error)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;

  variant.top = TRUE;
  model = rn_catalog_build ("resnet20", &variant, error);
  g_assert_nonnull (model);
  weights = rn_weights_new_random (model, 1, error);
  binding = weights != NULL ? rn_binding_new (model, weights, error) : NULL;

  return binding != NULL;
}

static void
test_exhausted (void)
{
  static const WorkFunc works[] = { load_keras, load_keras3,  load_safetensors,
                                    load_npz,   crop_picture, randomize };

  g_test_summary ("Memory may run out at any allocation: each time it is an error, never an abort");

  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      gboolean done = FALSE;
      int n;

      for (n = 0; !done; n++)
        {
          g_autoptr (GError) error = NULL;

          rn_memory_fail_after (n);
          done = works[i] (&error);
          g_assert_true (done == (error == NULL));
          if (!done)
            g_assert_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_EXHAUSTED);
        }
      rn_memory_fail_after (-1);
      g_test_message ("work %u: %d allocations", i, n - 1);
      g_assert_cmpint (n, >, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/memory/blocks", test_blocks);
  g_test_add_func ("/memory/exhausted", test_exhausted);

  return g_test_run ();
}
