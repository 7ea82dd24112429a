#include "engine/formats/npy.h"

#include <glib/gstdio.h>

/* The file's folder and its path, gone at the end. */
typedef struct
{
  char *folder;
  char *path;
} Place;

static void
place_set_up (Place *place, gconstpointer unused)
{
  place->folder = g_dir_make_tmp ("rn-npy-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "x.npy", NULL);
}

static void
place_tear_down (Place *place, gconstpointer unused)
{
  g_unlink (place->path);
  g_rmdir (place->folder);
  g_free (place->path);
  g_free (place->folder);
}

/* A file of version 1.0 with this dictionary, and @n_data bytes of zeros behind it. */
static void
write_file (const char *path, const char *dictionary, gsize n_data)
{
  g_autoptr (GString) file = g_string_new_len ("\x93NUMPY\x01\x00", 8);
  gsize length = strlen (dictionary);

  g_string_append_c (file, (char)(length & 0xff));
  g_string_append_c (file, (char)(length >> 8));
  g_string_append (file, dictionary);
  for (gsize i = 0; i < n_data; i++)
    g_string_append_c (file, 0);
  g_assert_true (g_file_set_contents (path, file->str, (gssize)file->len, NULL));
}

static void
test_round_trip (Place *place, gconstpointer unused)
{
  const gint64 dims[] = { 2, 3, 5, 7 };

  g_test_summary ("What is written is read back, for every number of dimensions");

  for (int rank = 1; rank <= 4; rank++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) tensor = rn_tensor_new (rank, dims, &error);
      g_autoptr (RnTensor) read = NULL;
      g_autoptr (GBytes) bytes = NULL;

      for (gint64 i = 0; i < rn_tensor_get_n_elements (tensor); i++)
        rn_tensor_f32 (tensor)[i] = (float)g_test_rand_double_range (-1, 1);
      bytes = rn_npy_to_bytes (tensor);
      g_assert_true (g_file_set_contents (place->path, g_bytes_get_data (bytes, NULL),
                                          (gssize)g_bytes_get_size (bytes), &error));
      read = rn_npy_read (place->path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (read->rank, ==, rank);
      for (int i = 0; i < rank; i++)
        g_assert_cmpint (read->dims[i], ==, dims[i]);
      g_assert_cmpmem (read->data, rn_tensor_get_n_bytes (read), tensor->data,
                       rn_tensor_get_n_bytes (tensor));
    }
}

static void
test_bytes (void)
{
  const gint64 dims[] = { 2, 3 };
  g_autoptr (RnTensor) tensor = rn_tensor_new (2, dims, NULL);
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize size;

  g_test_summary (
      "The header is byte for byte what numpy.save writes: 128 bytes, then the numbers");

  for (int i = 0; i < 6; i++)
    rn_tensor_f32 (tensor)[i] = (float)i;
  bytes = rn_npy_to_bytes (tensor);
  data = g_bytes_get_data (bytes, &size);
  g_assert_cmpuint (size, ==, 128 + 24);
  g_assert_cmpmem (data, 10, "\x93NUMPY\x01\x00\x76\x00", 10);
  g_assert_cmpmem (data + 10, 59, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                   59);
  g_assert_cmpint ((guchar) data[126], ==, ' ');
  g_assert_cmpint ((guchar) data[127], ==, '\n');
  g_assert_cmpmem (data + 128, 24, tensor->data, 24);
}

static void
test_bad (Place *place, gconstpointer unused)
{
  const struct
  {
    const char *dictionary;
    gsize n_data;
    const char *says;
  } cases[] = {
    { "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", 16, "another type" },
    { "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8, "another type" },
    { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8, "another type" },
    { "{'fortran_order': False, 'shape': (2,), }", 8, "another type" },
    { "{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", 8, "Fortran" },
    { "{'descr': '<f4', 'shape': (2,), }", 8, "Fortran" },
    { "{'descr': '<f4', 'fortran_order': False, }", 8, "shape" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 2), }", 8, "shape" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8, "shape" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2", 8, "shape" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 8, "shape" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8, "shorter" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }", 8,
      "shorter" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2), }", 8,
      "shorter" },
  };

  g_test_summary ("Damaged and foreign files are refused with a line that names file and fault");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) tensor = NULL;

      write_file (place->path, cases[i].dictionary, cases[i].n_data);
      tensor = rn_npy_read (place->path, &error);
      g_assert_null (tensor);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, place->path));
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_cut (Place *place, gconstpointer unused)
{
  const char *dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
  g_autofree char *whole = NULL;
  gsize length;

  g_test_summary ("A file cut off anywhere is refused, wherever the cut is");

  write_file (place->path, dictionary, 16);
  g_assert_true (g_file_get_contents (place->path, &whole, &length, NULL));
  for (gsize n = 0; n < length; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) tensor = NULL;

      g_assert_true (g_file_set_contents (place->path, whole, (gssize)n, NULL));
      tensor = rn_npy_read (place->path, &error);
      g_assert_null (tensor);
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/npy/round-trip", Place, NULL, place_set_up, test_round_trip, place_tear_down);
  g_test_add_func ("/npy/bytes", test_bytes);
  g_test_add ("/npy/bad", Place, NULL, place_set_up, test_bad, place_tear_down);
  g_test_add ("/npy/cut", Place, NULL, place_set_up, test_cut, place_tear_down);

  return g_test_run ();
}
