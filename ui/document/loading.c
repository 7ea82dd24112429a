#include "ui/document/loading.h"

#include <glib/gi18n.h>

#include "engine/formats/weights-file.h"
#include "ui/document/fitting.h"

typedef struct
{
  char *id;
  char *path;         /* of the weights */
  gboolean opened;    /* not bundled; what was opened is: */
  RnModel *model;     /* or NULL */
  RnWeights *weights; /* or NULL */
  guint serial;
  char *misfit;  /* all that does not fit, in lines */
  char *warning; /* what went wrong on the way to a network that can be shown all the same */
} LoadJob;

typedef struct
{
  RnNetwork *network;
  RnPicture *picture;
  char **edits;
  RnProgress *progress;
} RunJob;

static void
load_job_free (gpointer data)
{
  LoadJob *job = data;

  g_free (job->id);
  g_free (job->path);
  g_clear_pointer (&job->weights, rn_weights_unref);
  g_clear_pointer (&job->model, rn_model_unref);
  g_free (job->misfit);
  g_free (job->warning);
  g_free (job);
}

static void
run_job_free (gpointer data)
{
  RunJob *job = data;

  rn_network_unref (job->network);
  rn_picture_unref (job->picture);
  g_strfreev (job->edits);
  rn_progress_unref (job->progress);
  g_free (job);
}

static RnNetwork *
load_file (const LoadJob *job, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_load (job->path, error);

  return weights != NULL ? rn_network_new (job->id, weights, error) : NULL;
}

/* Bundled weights; where they cannot be read, random ones and a warning. */
static RnNetwork *
load_bundled (LoadJob *job, GError **error)
{
  g_autoptr (GError) load_error = NULL;
  RnNetwork *network = load_file (job, &load_error);

  if (network != NULL)
    return network;

  job->warning =
      g_strdup_printf (_ ("%s. Random weights are shown instead."), load_error->message);

  return rn_network_new (job->id, NULL, error);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LoadJob *job = data;
  GError *error = NULL;
  RnNetwork *network = NULL;

  network = job->opened ? rn_network_new_fitting (job->id, job->model, job->weights, &job->misfit,
                                                  &error)
                        : load_bundled (job, &error);
  if (network != NULL && job->warning == NULL)
    rn_network_set_path (network, job->path);

  if (network != NULL)
    g_task_return_pointer (task, network, (GDestroyNotify) rn_network_unref);
  else
    g_task_return_error (task, error);
}

static void
start_loading (LoadJob *job, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, start_loading);
  g_task_set_task_data (task, job, load_job_free);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * rn_loading_load_file_async:
 * @id: a built-in model
 * @path: its bundled weights; where they cannot be read it gets random ones, and a warning
 */
void
rn_loading_load_file_async (const char *id,
                            const char *path,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  LoadJob *job = g_new0 (LoadJob, 1);

  job->id = g_strdup (id);
  job->path = g_strdup (path);
  start_loading (job, callback, user_data);
}

/**
 * rn_loading_load_opened_async:
 * @id: what the network is to be known by: a built-in model's id, or what stands for @model
 * @model: (nullable): a model from a file; %NULL for the built-in one
 * @weights: (nullable): weights for it; %NULL for random ones
 * @path: the file that was opened
 * @serial: what rn_loading_get_serial() is to say
 *
 * Weights that do not fit that model but a built-in one give a network of that.
 */
void
rn_loading_load_opened_async (const char *id,
                              RnModel *model,
                              RnWeights *weights,
                              const char *path,
                              guint serial,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  LoadJob *job = g_new0 (LoadJob, 1);

  job->opened = TRUE;
  job->id = g_strdup (id);
  job->model = model != NULL ? rn_model_ref (model) : NULL;
  job->weights = weights != NULL ? rn_weights_ref (weights) : NULL;
  job->path = g_strdup (path);
  job->serial = serial;
  start_loading (job, callback, user_data);
}

/**
 * rn_loading_load_finish:
 * @warning: (out) (optional) (nullable): one line on what went wrong all the same
 *
 * Returns: (transfer full) (nullable): the network, ready to run
 */
RnNetwork *
rn_loading_load_finish (GAsyncResult *result, char **warning, GError **error)
{
  LoadJob *job = g_task_get_task_data (G_TASK (result));

  if (warning != NULL)
    *warning = g_strdup (job->warning);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The model that was to be loaded. */
const char *
rn_loading_get_id (GAsyncResult *result)
{
  return ((const LoadJob *) g_task_get_task_data (G_TASK (result)))->id;
}

/* The file that was to be loaded. */
const char *
rn_loading_get_path (GAsyncResult *result)
{
  return ((const LoadJob *) g_task_get_task_data (G_TASK (result)))->path;
}

/* Returns: (nullable): where weights did not fit, each name that is missing, too much or of another
 *   shape, in lines */
const char *
rn_loading_get_misfit (GAsyncResult *result)
{
  return ((const LoadJob *) g_task_get_task_data (G_TASK (result)))->misfit;
}

guint
rn_loading_get_serial (GAsyncResult *result)
{
  return ((const LoadJob *) g_task_get_task_data (G_TASK (result)))->serial;
}

static void
on_layer (int layer, gpointer data)
{
  rn_progress_add (data, layer);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const RunJob *job = data;
  GError *error = NULL;
  RnRun *run = rn_network_run (job->network, job->picture, (const char *const *) job->edits, on_layer,
                               job->progress, cancellable, &error);

  if (run != NULL)
    g_task_return_pointer (task, run, (GDestroyNotify) rn_run_unref);
  else
    g_task_return_error (task, error);
}

/**
 * rn_loading_run_async:
 * @progress: told of each layer that is computed
 */
void
rn_loading_run_async (RnNetwork *network,
                      RnPicture *picture,
                      const char *const *edits,
                      RnProgress *progress,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  RunJob *job = g_new0 (RunJob, 1);

  job->network = rn_network_ref (network);
  job->picture = rn_picture_ref (picture);
  job->edits = g_strdupv ((char **) edits);
  job->progress = rn_progress_ref (progress);
  g_task_set_source_tag (task, rn_loading_run_async);
  g_task_set_task_data (task, job, run_job_free);
  g_task_run_in_thread (task, run_in_thread);
}

RnRun *
rn_loading_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
