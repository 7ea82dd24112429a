#include "engine/formats/parcel.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/model/catalog.h"
#include "engine/model/summary.h"

#define N_MUTATIONS 2000

static int
new_file (void)
{
  int fd = memfd_create ("test-parcel", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);

  return fd;
}

static RnParcel *
new_parcel (void)
{
  RnParcel *parcel = g_new0 (RnParcel, 1);
  RnVariant variant = { RN_NAMES_KERAS2, TRUE, 7, 32 };
  RnWeightsInfo *info;
  const gint64 dims[] = { 2, 3 };
  g_autoptr (RnTensor) tensor = NULL;
  g_autoptr (GError) error = NULL;

  parcel->model = rn_catalog_build ("resnet18", &variant, &error);
  g_assert_no_error (error);

  parcel->weights = rn_weights_new ();
  info = rn_weights_get_info (parcel->weights);
  info->name = g_strdup ("mine");
  info->n_classes = 2;
  info->classes = g_strsplit ("n01,n02", ",", -1);
  info->labels = g_strsplit ("cat,dog", ",", -1);
  info->epsilon = 0.25f;
  tensor = rn_tensor_new (2, dims, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 6; i++)
    rn_tensor_f32 (tensor)[i] = i * 0.5f;
  rn_weights_add_layer (parcel->weights, "nothing-in-it");
  rn_weights_add (parcel->weights, "dense", "kernel", tensor, &error);
  g_assert_no_error (error);

  parcel->array = rn_tensor_ref (tensor);

  parcel->picture = rn_picture_new (5, 3, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 45; i++)
    parcel->picture->rgb[i] = i;

  return parcel;
}

static void
test_round_trip (void)
{
  g_autoptr (RnParcel) sent = new_parcel ();
  g_autoptr (RnParcel) received = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *summary_sent = NULL;
  g_autofree char *summary_received = NULL;
  RnWeightsInfo *info;
  RnTensor *tensor;
  int fd = new_file ();

  g_test_summary ("What is put in comes out: model, weights with their info, picture, "
                  "array");

  g_assert_true (rn_parcel_write (sent, fd, &error));
  g_assert_no_error (error);
  received = rn_parcel_read (fd, &error);
  g_assert_no_error (error);
  close (fd);

  summary_sent = rn_model_to_summary (sent->model);
  summary_received = rn_model_to_summary (received->model);
  g_assert_cmpstr (summary_sent, ==, summary_received);
  g_assert_cmpstr (rn_model_get_title (received->model), ==, "ResNet-18");

  info = rn_weights_get_info (received->weights);
  g_assert_cmpstr (info->name, ==, "mine");
  g_assert_cmpint (info->n_classes, ==, 2);
  g_assert_cmpstr (info->labels[1], ==, "dog");
  g_assert_cmpfloat (info->epsilon, ==, 0.25f);
  g_assert_true (info->trained);
  g_assert_cmpint (rn_weights_get_n_layers (received->weights), ==, 2);
  tensor = rn_weights_find (received->weights, "dense", "kernel");
  g_assert_nonnull (tensor);
  g_assert_cmpint (tensor->dims[1], ==, 3);
  g_assert_cmpfloat (rn_tensor_f32 (tensor)[5], ==, 2.5f);

  g_assert_cmpint (received->array->rank, ==, 2);
  g_assert_cmpmem (received->array->data, rn_tensor_get_n_bytes (received->array),
                   sent->array->data, rn_tensor_get_n_bytes (sent->array));
  g_assert_cmpint (received->picture->width, ==, 5);
  g_assert_cmpmem (received->picture->rgb, 45, sent->picture->rgb, 45);
}

/* Every kind of layer that has numbers to carry, by way of the models that use them. */
static void
test_models (void)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);

  g_test_summary ("Every built-in model survives the way through a parcel");

  for (int i = 0; i < n; i++)
    {
      RnParcel parcel = { 0 };
      g_autoptr (RnParcel) received = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      int fd = new_file ();

      parcel.model = rn_catalog_build (entries[i].id, &RN_VARIANT_DEFAULT, &error);
      g_assert_no_error (error);
      g_assert_true (rn_parcel_write (&parcel, fd, &error));
      received = rn_parcel_read (fd, &error);
      g_assert_no_error (error);
      before = rn_model_to_summary (parcel.model);
      after = rn_model_to_summary (received->model);
      g_assert_cmpstr (before, ==, after);
      rn_model_unref (parcel.model);
      close (fd);
    }
}

static void
test_damaged (void)
{
  g_autoptr (RnParcel) sent = new_parcel ();
  int fd = new_file (), n_refused = 0;
  gsize size;
  g_autofree guint8 *whole = NULL;

  g_test_summary ("A parcel cut short or with changed bytes is refused or read, never worse");

  g_assert_true (rn_parcel_write (sent, fd, NULL));
  size = lseek (fd, 0, SEEK_END);
  whole = g_malloc (size);
  g_assert_cmpint (pread (fd, whole, size, 0), ==, (gssize) size);

  for (int i = 0; i < N_MUTATIONS; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (whole, size);
      g_autoptr (RnParcel) received = NULL;
      g_autoptr (GError) error = NULL;
      gsize length = size;
      int other = new_file ();

      if (i % 4 == 0)
        length = g_test_rand_int_range (0, (gint32) size);
      for (int k = 0; k < 1 + i % 5; k++)
        copy[g_test_rand_int_range (0, (gint32) size)] = g_test_rand_int_range (0, 256);
      g_assert_cmpint (pwrite (other, copy, length, 0), ==, (gssize) length);

      received = rn_parcel_read (other, &error);
      g_assert_true ((received == NULL) == (error != NULL));
      n_refused += received == NULL;
      close (other);
    }
  g_test_message ("%d of %d refused", n_refused, N_MUTATIONS);
  g_assert_cmpint (n_refused, >, 0);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/parcel/round-trip", test_round_trip);
  g_test_add_func ("/parcel/models", test_models);
  g_test_add_func ("/parcel/damaged", test_damaged);

  return g_test_run ();
}
