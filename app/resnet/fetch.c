#include "app/resnet/fetch.h"

#include <stdio.h>
#include <unistd.h>

#include "app/common/data-dir.h"
#include "ui/download/download.h"

/* A fetch under way. */
typedef struct
{
  GMainLoop *loop;
  gboolean on_terminal;
  char *path;
  GError *error;
} Fetch;

/**
 * rn_fetch_parse:
 * @words: (out): what is not an option
 * @mirror: (out) (nullable): the address to fetch from below
 *
 * Takes apart what follows `resnet weights` or `resnet data`.
 */
gboolean
rn_fetch_parse (const RnCommand *command, char **args, char ***words, char **mirror, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (command, NULL);
  const GOptionEntry entries[] = {
    { "mirror", 0, 0, G_OPTION_ARG_STRING, mirror,
      "Fetch from below this address instead of the publishers'", "ADDRESS" },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, entries, NULL);

  return rn_command_parse (context, args, NULL, words, error);
}

/* Returns: (transfer full) (nullable): all that can be fetched */
RnSourceList *
rn_fetch_load_sources (GError **error)
{
  g_autofree char *path = rn_data_dir_find ("weights/sources.json", error);

  return path != NULL ? rn_source_list_load (path, error) : NULL;
}

/**
 * rn_fetch_list:
 * @pictures: whether pictures to learn from are listed; else weights and what belongs to them
 *
 * Prints a line for each.
 */
RnExit
rn_fetch_list (gboolean pictures, GError **error)
{
  g_autoptr (RnSourceList) sources = rn_fetch_load_sources (error);

  if (sources == NULL)
    return RN_EXIT_INPUT;
  for (guint i = 0; i < rn_source_list_get_n (sources); i++)
    {
      const RnSource *source = rn_source_list_get (sources, i);

      if ((source->kind == RN_SOURCE_PICTURES) == pictures)
        printf ("%-22s %-11s %-11s %s\n", source->id,
                rn_source_is_fetched (source, NULL) ? "fetched" : "not fetched", source->license,
                source->title);
    }

  return RN_EXIT_DONE;
}

/* The entry of that id, if it is of the kind that is asked for. */
static const RnSource *
find (const RnSourceList *sources, const char *id, gboolean pictures, GError **error)
{
  const RnSource *source = rn_source_list_find (sources, id, error);

  if (source == NULL || (source->kind == RN_SOURCE_PICTURES) == pictures)
    return source;
  g_set_error (error, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_LIST,
               pictures ? "“%s” is no set of pictures; `resnet weights fetch %s` would be right"
                        : "“%s” is a set of pictures; `resnet data fetch %s` would be right",
               id, id);

  return NULL;
}

static void
on_progress (guint64 done, guint64 total, double rate, gpointer data)
{
  Fetch *fetch = data;
  g_autofree char *have = g_format_size (done);
  g_autofree char *all = total > 0 ? g_format_size (total) : g_strdup ("?");
  g_autofree char *speed = g_format_size (rate);

  if (fetch->on_terminal)
    fprintf (stderr, "\r%s of %s, %s/s   ", have, all, speed);
}

static void
on_fetched (GObject *object, GAsyncResult *result, gpointer data)
{
  Fetch *fetch = data;

  fetch->path = rn_download_finish (result, &fetch->error);
  g_main_loop_quit (fetch->loop);
}

/* Returns: (transfer full) (nullable): where it is */
static char *
fetch_source (const RnSource *source, const char *mirror, GError **error)
{
  Fetch fetch = { .on_terminal = isatty (STDERR_FILENO) };
  RnDownloadOptions options = { .mirror = mirror != NULL ? mirror : g_getenv ("RN_MIRROR"),
                                .progress = on_progress,
                                .progress_data = &fetch };

  fetch.loop = g_main_loop_new (NULL, FALSE);
  rn_download_async (source, &options, NULL, on_fetched, &fetch);
  g_main_loop_run (fetch.loop);
  g_main_loop_unref (fetch.loop);
  if (fetch.on_terminal)
    fputc ('\n', stderr);
  if (fetch.path == NULL)
    g_propagate_error (error, fetch.error);

  return fetch.path;
}

/* The names of the classes that the weights know. */
static gboolean
fetch_labels (const RnSourceList *sources, const char *id, const char *mirror, GError **error)
{
  const RnSource *labels = rn_source_list_find (sources, id, error);
  g_autofree char *path = labels != NULL ? fetch_source (labels, mirror, error) : NULL;

  return path != NULL;
}

/**
 * rn_fetch_one:
 * @id: of what is to be fetched
 * @pictures: whether it is to be pictures to learn from; else weights or what belongs to them
 * @mirror: (nullable): base address to fetch from instead of the publisher's; %NULL for the one in
 *   RN_MIRROR, if any
 *
 * Fetches it, with progress on a terminal, and prints where it is. Weights come with the names of
 * their classes.
 */
RnExit
rn_fetch_one (const char *id, gboolean pictures, const char *mirror, GError **error)
{
  g_autoptr (RnSourceList) sources = rn_fetch_load_sources (error);
  const RnSource *source = sources != NULL ? find (sources, id, pictures, error) : NULL;
  g_autofree char *path = NULL;

  if (source == NULL ||
      (source->labels != NULL && !fetch_labels (sources, source->labels, mirror, error)))
    return RN_EXIT_INPUT;
  path = fetch_source (source, mirror, error);
  if (path == NULL)
    return RN_EXIT_INPUT;

  printf ("%s\n", path);

  return RN_EXIT_DONE;
}
