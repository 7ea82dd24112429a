/* resnet weights list | fetch ID | check FILE: published weights, and what a file holds. */
#include <stdio.h>

#include "app/common/reader-program.h"
#include "app/resnet/fetch.h"
#include "app/resnet/weights-fit.h"
#include "engine/formats/reader.h"
#include "engine/model/number.h"
#include "ui/download/download.h"
#include "ui/download/official.h"

static void
print_info (RnWeights *weights, const char *md5)
{
  const RnWeightsInfo *info = rn_weights_get_info (weights);
  gint64 n_values = 0;
  g_autofree char *number = NULL;

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
      n_values += rn_tensor_get_n_elements (rn_weights_get_tensor (weights, i, j, NULL));
  number = rn_number_to_string (n_values);

  printf ("name        %s\n", info->name != NULL ? info->name : "(none)");
  printf ("origin      %s\n", info->origin != NULL ? info->origin : "(not said)");
  printf ("licence     %s\n", info->license != NULL ? info->license : "(not said)");
  printf ("md5         %s\n", md5);
  printf ("values      %s in %d layers\n", number, rn_weights_get_n_layers (weights));
  printf ("classes     ");
  if (info->n_classes > 0)
    printf ("%d: %s, …\n", info->n_classes, info->labels != NULL ? info->labels[0] : info->classes[0]);
  else
    printf ("(not named)\n");
  printf ("preprocess  %s\n", info->preprocess != NULL ? info->preprocess : "(not said)");
  if (info->epsilon > 0)
    printf ("epsilon     %g\n", info->epsilon);
}

static RnExit
check_file (const char *path, GError **error)
{
  g_autoptr (RnSourceList) sources = rn_fetch_load_sources (error);
  g_autoptr (RnParcel) parcel = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *md5 = NULL;

  if (sources == NULL)
    return RN_EXIT_INPUT;
  parcel = rn_reader_read (rn_reader_program_get (), RN_READER_WEIGHTS, path, 0, NULL, error);
  md5 = parcel != NULL ? rn_download_md5_of (path, NULL, error) : NULL;
  if (md5 == NULL)
    return RN_EXIT_INPUT;

  if (!rn_official_complete (parcel->weights, sources, md5, NULL, &local))
    rn_command_warn ("weights", local->message);
  print_info (parcel->weights, md5);
  rn_print_fits (parcel->weights);

  return RN_EXIT_DONE;
}

static RnExit
run (char **args, GError **error)
{
  g_autofree char *mirror = NULL;
  g_auto (GStrv) words = NULL;
  guint n_words;

  if (!rn_fetch_parse (&rn_command_weights, args, &words, &mirror, error))
    return RN_EXIT_USAGE;

  n_words = g_strv_length (words);
  if (n_words == 1 && g_str_equal (words[0], "list"))
    return rn_fetch_list (FALSE, error);
  if (n_words == 2 && g_str_equal (words[0], "fetch"))
    return rn_fetch_one (words[1], FALSE, mirror, error);
  if (n_words == 2 && g_str_equal (words[0], "check"))
    return check_file (words[1], error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“list”, “fetch ID” or “check FILE” would be right");

  return RN_EXIT_USAGE;
}

const RnCommand rn_command_weights = {
  "weights",
  "list | fetch ID | check FILE",
  "Published weights to be had, and what a file of weights holds",
  run,
};
