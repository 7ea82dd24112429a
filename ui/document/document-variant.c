/* The model that is shown, rebuilt: with or without its classifier, other names, classes, size. */
#include "ui/document/document-private.h"

typedef struct
{
  char *id;
  RnWeights *weights; /* or NULL */
  RnVariant variant;
  char *path; /* of the weights, or NULL */
  guint serial;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->id);
  g_free (job->path);
  g_clear_pointer (&job->weights, rn_weights_unref);
  g_free (job);
}

static void
build_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  RnNetwork *network = rn_network_new_variant (job->id, job->weights, &job->variant, &error);

  if (network != NULL && rn_network_get_weights (network)->trained)
    rn_network_set_path (network, job->path);
  if (network != NULL)
    g_task_return_pointer (task, network, (GDestroyNotify) rn_network_unref);
  else
    g_task_return_error (task, error);
}

static void
on_built (GObject *source, GAsyncResult *result, gpointer data)
{
  RnDocument *self = RN_DOCUMENT (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RnNetwork) network = g_task_propagate_pointer (G_TASK (result), &error);

  /* Weights or another variant may have been asked for since. */
  if (self->stopped || job->serial != self->weights_request)
    return;
  if (network == NULL)
    rn_document_report (self, error->message);
  else
    rn_document_keep (self, network);
}

/**
 * rn_document_set_variant:
 * @variant: what to show of the model that is shown; of its mistakes and strides only the weights
 *   speak
 *
 * Weights that cannot be used for it, as for another number of classes, make way for random ones,
 * and come back with a variant that they fit.
 */
void
rn_document_set_variant (RnDocument *self, const RnVariant *variant)
{
  g_autoptr (GTask) task = NULL;
  RnWeights *weights;
  Job *job;

  g_return_if_fail (RN_IS_DOCUMENT (self) && variant != NULL);

  /* A model from a file is as it is. */
  if (self->network == NULL || rn_network_get_entry (self->network) == NULL)
    return;
  weights = rn_network_get_source (self->network);
  job = g_new0 (Job, 1);
  job->id = g_strdup (rn_network_get_id (self->network));
  job->weights = weights != NULL ? rn_weights_ref (weights) : NULL;
  job->variant = *variant;
  job->path = g_strdup (rn_network_get_path (self->network));
  self->binding_opened = FALSE;
  job->serial = ++self->weights_request;
  task = g_task_new (self, NULL, on_built, NULL);
  g_task_set_source_tag (task, rn_document_set_variant);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, build_in_thread);
}
