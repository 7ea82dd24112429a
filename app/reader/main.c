/* The process that parses one file of a stranger's: resnet-reader KIND LABEL.
 *
 * Reads the file from one descriptor, writes a parcel to another, and says what is wrong in one
 * line on standard error. See engine/formats/reader.h, its only caller. */
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/reader/confine.h"
#include "engine/formats/model-file.h"
#include "engine/formats/npy.h"
#include "engine/formats/parcel.h"
#include "engine/formats/reader-fds.h"
#include "engine/formats/reader.h"
#include "engine/formats/weights-file.h"

static gboolean
read_model (const char *label, RnParcel *parcel, GError **error)
{
  parcel->model = rn_model_load_fd (RN_READER_INPUT_FD, label, &parcel->weights, error);

  return parcel->model != NULL;
}

static gboolean
read_weights (const char *label, RnParcel *parcel, GError **error)
{
  parcel->weights = rn_weights_load_fd (RN_READER_INPUT_FD, label, error);

  return parcel->weights != NULL;
}

static gboolean
read_array (const char *label, RnParcel *parcel, GError **error)
{
  parcel->array = rn_npy_read_fd (RN_READER_INPUT_FD, label, error);

  return parcel->array != NULL;
}

static gboolean
read_file (RnReaderKind kind, const char *label, RnParcel *parcel, GError **error)
{
  switch (kind)
    {
    case RN_READER_WEIGHTS:
      return read_weights (label, parcel, error);
    case RN_READER_MODEL:
      return read_model (label, parcel, error);
    case RN_READER_ARRAY:
      return read_array (label, parcel, error);
    case RN_READER_ANY:
      return rn_model_detect_fd (RN_READER_INPUT_FD) ? read_model (label, parcel, error)
                                                     : read_weights (label, parcel, error);
    default:
      g_assert_not_reached ();
    }
}

static guint64
get_size (void)
{
  struct stat stats;

  return fstat (RN_READER_INPUT_FD, &stats) == 0 ? (guint64) stats.st_size : 0;
}

int
main (int argc, char **argv)
{
  RnParcel parcel = { 0 };
  RnReaderKind kind;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 3 || !rn_reader_kind_from_name (argv[1], &kind))
    {
      g_printerr ("resnet-reader: started by the explorer, not by hand\n");
      return 2;
    }

  if (!rn_confine (get_size (), &error) || !read_file (kind, argv[2], &parcel, &error)
      || !rn_parcel_write (&parcel, RN_READER_OUTPUT_FD, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}
