#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/formats/reader.h"
#include "tests/unit/formats/golden.h"

/* What a file may cost. The time is the processor's, so that a busy machine fails nothing. */
#define MAX_SECONDS 1.0
#define MAX_EXTRA_KIB (100 << 10)

/* tests/golden/make_hostile_files.py says what is wrong with each. */
static const struct
{
  const char *file;
  const char *message; /* a part of what must be said */
} cases[] = {
  { "huge.h5", "claims more numbers than any weight has" },
  { "huge-allowed.h5", "fewer bytes in the file than its shape needs" },
  { "huge-chunked.h5", "far more numbers than its bytes in the file can hold" },
  { "huge-chunk.h5", "far more numbers than its bytes in the file can hold" },
  { "many-names.h5", "many times the size of the file" },
  { "outside.h5", "lies outside the file" },
  { "link-outside.h5", "missing or damaged" },
  { "link-circle.h5", "missing or damaged" },
  { "many-dimensions.h5", "more than 4 dimensions" },
  { "a-group.h5", "must be a dataset" },
  { "deep.weights.h5", "no weights" },
  { "truncated.h5", "truncated: 10000 of 33680 bytes" },
  { "heap.h5", "" },
  { "header.safetensors", "claims a header of 1152921504606846976 bytes" },
  { "header-cut.safetensors", "claims a header of 1000 bytes" },
  { "not-json.safetensors", "not a sound .safetensors file" },
  { "nested.safetensors", "nested deeper" },
  { "values.safetensors", "more than" },
  { "beyond.safetensors", "lies outside of the file" },
  { "overflow.safetensors", "claims more numbers" },
  { "negative.safetensors", "has no shape" },
  { "backwards.safetensors", "lies outside of the file" },
  { "overlap.safetensors", "overlaps others" },
  { "names.safetensors", "is no name of torchvision" },
  { "bomb.npz", "expands to many times its size" },
  { "claims.npz", "shorter than its shape says" },
  { "empty.npz", "zip archive" },
  { "text.zip", "without weights" },
  { "cut.npz", "zip archive" },
  { "sizes.npz", "expands to many times its size" },
  { "nested.keras", "nested deeper" },
  { "damaged.keras", "truncated" },
  { "no-weights.keras", "model.weights.h5 is missing" },
  { "torch.pt", "a PyTorch pickle" },
  { "torch.pth", "a PyTorch pickle" },
};

static long
get_children_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

static double
get_children_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static RnParcel *
read_apart (const char *path, GError **error)
{
  return rn_reader_read (g_getenv ("RN_READER"), RN_READER_WEIGHTS, path, 0, NULL, error);
}

static void
test_table (void)
{
  g_autofree char *good = golden_path ("keras-weights.h5");
  g_autoptr (GError) none = NULL;
  g_autoptr (RnParcel) parcel = read_apart (good, &none);
  long kib = get_children_kib ();

  g_test_summary ("Every hostile file is an error of one line, soon and within little memory");

  g_assert_no_error (none);
  g_assert_nonnull (parcel);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_build_filename ("hostile", cases[i].file, NULL);
      g_autofree char *path = golden_path (name);
      g_autoptr (GError) error = NULL;
      double start = get_children_seconds ();

      g_assert_null (read_apart (path, &error));
      g_assert_nonnull (error);
      g_test_message ("%.3f s, %ld KiB: %s", get_children_seconds () - start,
                      get_children_kib () - kib, error->message);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_nonnull (strstr (error->message, cases[i].file));
      g_assert_null (strchr (error->message, '\n'));
#ifndef RN_SANITIZED /* the limits that the reader sets itself are off: heap.h5 takes a minute */
      g_assert_cmpfloat (get_children_seconds () - start, <, MAX_SECONDS);
#endif
      g_assert_cmpint (get_children_kib () - kib, <, MAX_EXTRA_KIB);
    }
}

/* HDF5 1.10 looks for the end of a damaged heap for ever. */
static void
test_endless (void)
{
  g_autofree char *path = golden_path ("hostile/endless.h5");
  g_autoptr (GError) error = NULL;
  double start = get_children_seconds ();

  g_test_summary ("A file that takes for ever is given up within a second of the processor");

  g_assert_null (read_apart (path, &error));
  g_assert_error (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED);
  g_test_message ("%.3f s: %s", get_children_seconds () - start, error->message);
#ifndef RN_SANITIZED
  g_assert_nonnull (strstr (error->message, "far longer"));
  g_assert_cmpfloat (get_children_seconds () - start, <, MAX_SECONDS);
#endif
}

/* Any byte may be wrong: a message or weights must come of it. */
static void
test_noise (void)
{
  static const char *const names[] = { "keras-weights.h5", "keras3.keras", "torch.safetensors",
                                       "packed.npz" };
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("rn-noise-XXXXXX", &path, NULL);

  g_test_summary ("Files with random bytes changed are read or refused, whatever they do");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int k = 0; k < 10; k++)
      {
        g_autofree char *source = golden_path (names[i]);
        g_autofree char *bytes = NULL;
        g_autoptr (GError) error = NULL;
        g_autoptr (RnParcel) parcel = NULL;
        gsize length;

        g_assert_true (g_file_get_contents (source, &bytes, &length, NULL));
        for (int n = g_test_rand_int_range (1, 20); n > 0; n--)
          bytes[g_test_rand_int_range (0, (int) length)] = (char) g_test_rand_int ();
        g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
        parcel = read_apart (path, &error);
        g_assert_true ((parcel == NULL) == (error != NULL));
        if (error != NULL)
          g_assert_null (strchr (error->message, '\n'));
      }

  g_close (fd, NULL);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hostile/table", test_table);
  g_test_add_func ("/hostile/endless", test_endless);
  g_test_add_func ("/hostile/noise", test_noise);

  return g_test_run ();
}
