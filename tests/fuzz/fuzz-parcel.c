/* What a reader process that was taken over might hand back. */
#include <unistd.h>

#include "engine/formats/parcel.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  int fd = fuzz_file (bytes, n_bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnParcel) parcel = rn_parcel_read (fd, &error);

  fuzz_judge (parcel != NULL, error);
  close (fd);

  return 0;
}
