/* resnet data list | fetch ID: published pictures to learn from. */
#include "app/resnet/fetch.h"

static RnExit
run (char **args, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_data, NULL);
  g_autofree char *mirror = NULL;
  const GOptionEntry entries[] = {
    { "mirror", 0, 0, G_OPTION_ARG_STRING, &mirror,
      "Fetch from below this address instead of the publishers'", "ADDRESS" },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) words = NULL;
  guint n_words;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, NULL, &words, error))
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
