/* resnet data list | fetch ID: published pictures to learn from. */
#include "app/resnet/fetch.h"

static RnExit
run (char **args, GError **error)
{
  g_autofree char *mirror = NULL;
  g_auto (GStrv) words = NULL;
  guint n_words;

  if (!rn_fetch_parse (&rn_command_data, args, &words, &mirror, error))
    return RN_EXIT_USAGE;

  n_words = g_strv_length (words);
  if (n_words == 1 && g_str_equal (words[0], "list"))
    return rn_fetch_list (TRUE, error);
  if (n_words == 2 && g_str_equal (words[0], "fetch"))
    return rn_fetch_one (words[1], TRUE, mirror, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“list” or “fetch ID” would be right");

  return RN_EXIT_USAGE;
}

const RnCommand rn_command_data = {
  "data",
  "list | fetch ID",
  "Published pictures to learn from, such as CIFAR-10",
  run,
};
