/* Keras' description of a model. What is read is written again, and must come back the same. */
#include <string.h>

#include "engine/formats/keras-json-writer.h"
#include "engine/formats/keras-json.h"
#include "engine/model/summary.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model =
      rn_keras_json_read ((const char *) bytes, n_bytes, FUZZ_LABEL, &error);
  g_autoptr (RnModel) again = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *written = NULL;
  g_autofree char *again_summary = NULL;

  fuzz_judge (model != NULL, error);
  if (model == NULL)
    return 0;

  /* What the program does first with any model. */
  summary = rn_model_to_summary (model);
  g_assert_true (g_utf8_validate (summary, -1, NULL));

  /* Of layers that are not supported their class alone is written. */
  if (!rn_model_check_runnable (model, NULL))
    return 0;
  written = rn_model_to_keras_json (model, &error);
  fuzz_judge (written != NULL, error);
  if (written == NULL)
    return 0;
  again = rn_keras_json_read (written, strlen (written), FUZZ_LABEL, &error);
  g_assert_no_error (error);
  again_summary = rn_model_to_summary (again);
  g_assert_cmpstr (again_summary, ==, summary);

  return 0;
}
