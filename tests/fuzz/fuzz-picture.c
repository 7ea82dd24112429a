/* Pictures: what this program does before and behind gdk-pixbuf. */
#include "tests/fuzz/fuzz.h"
#include "ui/pictures/picture-loader.h"

/* Larger ones are no better at finding faults, and slow. */
#define MAX_PIXELS (1 << 20)

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GBytes) file = g_bytes_new (bytes, n_bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) input_error = NULL;
  g_autoptr (RnPicture) picture = rn_picture_load_bytes (file, FUZZ_LABEL, &error);
  g_autoptr (RnTensor) input = NULL;

  fuzz_judge (picture != NULL, error);
  if (picture == NULL || picture->width * picture->height > MAX_PIXELS)
    return 0;
  input = rn_picture_to_input (picture, 32, 48, 3, RN_PREPROCESS_TORCH, &input_error);
  fuzz_judge (input != NULL, input_error);

  return 0;
}
