#include "ui/document/network-private.h"

#include <glib/gi18n.h>

#include "engine/runtime/edit.h"
#include "engine/tensor/ranking.h"

typedef struct
{
  RnNetworkFunc func;
  gpointer data;
  GArray *from_edited; /* of int: a layer of the session's model → its index in the network's, or -1 */
} Observer;

RnNetwork *
rn_network_ref (RnNetwork *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_network_unref (RnNetwork *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->session, rn_session_unref);
  g_clear_pointer (&self->before, rn_run_unref);
  g_strfreev (self->edits);
  g_free (self->to_edited);
  g_clear_pointer (&self->binding, rn_binding_unref);
  g_clear_pointer (&self->weights, rn_weights_unref);
  g_clear_pointer (&self->model, rn_model_unref);
  g_clear_pointer (&self->source, rn_weights_unref);
  g_free (self->id);
  g_free (self->trouble);
  g_free (self->path);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->range_lock);
  g_free (self);
}

/* Returns: (transfer none): which variant of the built-in model it is */
const RnVariant *
rn_network_get_variant (const RnNetwork *self)
{
  return &self->variant;
}

/* Returns: (transfer none) (nullable): the weights it was made from, used by this variant or not */
RnWeights *
rn_network_get_source (const RnNetwork *self)
{
  return self->source;
}

/* Returns: the built-in model's id, or what rn_network_new_opened() was given */
const char *
rn_network_get_id (const RnNetwork *self)
{
  return self->id;
}

/* Returns: (nullable): why the model cannot be run; %NULL where it can */
const char *
rn_network_get_trouble (const RnNetwork *self)
{
  return self->trouble;
}

/* Returns: how pixels become input */
RnPreprocess
rn_network_get_preprocess (const RnNetwork *self)
{
  return self->preprocess;
}

/* Says where the weights came from; for whoever makes the network, before it is shared. */
void
rn_network_set_path (RnNetwork *self, const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
}

/* Returns: (nullable): the file that the weights, or model and weights, came from */
const char *
rn_network_get_path (const RnNetwork *self)
{
  return self->path;
}

/* Returns: (nullable): what the catalogue says; %NULL for a model from a file */
const RnCatalogEntry *
rn_network_get_entry (const RnNetwork *self)
{
  return self->entry;
}

RnModel *
rn_network_get_model (const RnNetwork *self)
{
  return self->model;
}

/* Returns: (transfer none) (nullable): model and weights; %NULL where it cannot be run */
RnBinding *
rn_network_get_binding (const RnNetwork *self)
{
  return self->binding;
}

/* Returns: (transfer none): what is known of the weights */
const RnWeightsInfo *
rn_network_get_weights (const RnNetwork *self)
{
  return rn_weights_get_info (self->weights);
}

static char *
get_class_label (const RnWeightsInfo *info, int n_outputs, int index)
{
  if (info->n_classes == n_outputs && info->labels != NULL)
    return g_strdup (info->labels[index]);
  if (info->n_classes == n_outputs && info->classes != NULL)
    return g_strdup (info->classes[index]);

  return g_strdup_printf (_ ("class %d"), index);
}

/**
 * rn_network_get_class_label:
 * @index: one of the classifier's outputs
 *
 * Returns: (transfer full): its readable name, or its id, or its number
 */
char *
rn_network_get_class_label (RnNetwork *self, int index)
{
  const RnShape *shape = &rn_model_get_output (self->model, 0)->output_shape;

  return get_class_label (rn_network_get_weights (self), rn_shape_get_channels (shape), index);
}

/* The most probable classes, and what each was without the edits. */
static void
rank (RnNetwork *self, RnRun *run, const RnTensor *output)
{
  const RnWeightsInfo *info = rn_network_get_weights (self);
  const RnRun *before = run->before != NULL ? run->before : run;
  int indices[RN_RUN_MAX_PREDICTIONS];

  run->n_predictions = rn_tensor_rank_largest (output, RN_RUN_MAX_PREDICTIONS, indices);
  for (int i = 0; i < run->n_predictions; i++)
    run->predictions[i] =
        (RnPrediction) { indices[i], get_class_label (info, run->n_classes, indices[i]),
                         run->probabilities[indices[i]], before->probabilities[indices[i]] };
}

static gboolean
predict (RnNetwork *self, RnRun *run, GError **error)
{
  RnModel *model = rn_session_get_model (self->session);
  g_autoptr (RnTensor) output = NULL;

  if (!rn_model_has_top (self->model))
    return TRUE;

  output = rn_session_get_activation (self->session, rn_model_get_output (model, 0)->index, error);
  if (output == NULL)
    return FALSE;

  run->n_classes = (int) rn_tensor_get_n_elements (output);
  run->probabilities = g_memdup2 (rn_tensor_f32 (output), sizeof (float) * run->n_classes);
  rn_scores_to_probabilities (run->probabilities, run->n_classes);
  rank (self, run, output);

  return TRUE;
}

static void
on_layer (RnSession *session, int layer, gpointer data)
{
  const Observer *observer = data;
  int own = g_array_index (observer->from_edited, int, layer);

  if (observer->func != NULL && own >= 0)
    observer->func (own, observer->data);
}

/* Layers keep their names under edits. */
static int
find_by_name (const RnModel *model, const RnLayer *layer)
{
  const RnLayer *same = rn_model_find_layer (model, layer->name, NULL);

  return same != NULL ? same->index : -1;
}

static void
map_layers (RnNetwork *self)
{
  const RnModel *edited = rn_session_get_model (self->session);
  int n_layers = rn_model_get_n_layers (self->model);

  g_clear_pointer (&self->to_edited, g_free);
  if (edited == self->model)
    return;
  self->to_edited = g_new (int, n_layers);
  for (int i = 0; i < n_layers; i++)
    self->to_edited[i] = find_by_name (edited, rn_model_get_layer (self->model, i));
}

/* Puts @edits in force; what they do not touch stays computed. */
static gboolean
edit_session (RnNetwork *self, const char *const *edits, GError **error)
{
  g_autoptr (RnBinding) edited = NULL;

  if (g_strv_equal ((const char *const *) self->edits, edits))
    return TRUE;

  edited = rn_edits_apply (edits, self->binding, error);
  if (edited == NULL || !rn_session_rebind (self->session, edited, error))
    return FALSE;
  g_strfreev (self->edits);
  self->edits = g_strdupv ((char **) edits);
  map_layers (self);

  return TRUE;
}

/* Computes what is not known yet: all of a new picture (@input given), else what edits touched. */
static gboolean
compute (RnNetwork *self, RnTensor *input, Observer *observer, GCancellable *cancellable,
         GError **error)
{
  const RnModel *edited = rn_session_get_model (self->session);
  g_autoptr (GArray) from_edited = g_array_new (FALSE, FALSE, sizeof (int));
  gboolean done;

  for (int i = 0; i < rn_model_get_n_layers (edited); i++)
    {
      int own = find_by_name (self->model, rn_model_get_layer (edited, i));

      g_array_append_val (from_edited, own);
    }
  observer->from_edited = from_edited;
  rn_session_set_observer (self->session, on_layer, observer);
  done = input != NULL ? rn_session_run (self->session, input, cancellable, error)
                       : rn_session_rerun (self->session, cancellable, error);
  rn_session_set_observer (self->session, NULL, NULL);

  return done;
}

/* Returns: (transfer full) (nullable): what the session has just computed */
static RnRun *
collect (RnNetwork *self, RnPicture *picture, RnRun *before, GError **error)
{
  g_autoptr (RnRun) run = rn_run_new (self->model, picture, (const char *const *) self->edits);
  int n_layers = rn_model_get_n_layers (self->model);

  run->before = before != NULL ? rn_run_ref (before) : NULL;
  if (!predict (self, run, error))
    return NULL;
  if (self->to_edited != NULL)
    {
      run->lost = g_new0 (gboolean, n_layers);
      for (int i = 0; i < n_layers; i++)
        run->lost[i] = self->to_edited[i] < 0;
    }
  run->milliseconds = rn_session_get_run_ms (self->session);
  for (int i = 0; i < n_layers; i++)
    {
      int layer = self->to_edited != NULL ? self->to_edited[i] : i;

      run->layer_ms[i] = layer >= 0 ? rn_session_get_layer_ms (self->session, layer) : 0;
    }
  run->n_threads = rn_session_get_n_threads (self->session);
  run->serial = self->serial = ++self->last_serial;

  return g_steal_pointer (&run);
}

/* Runs the model without edits over a picture that the session does not hold. */
static RnRun *
run_whole (RnNetwork *self,
           RnPicture *picture,
           Observer *observer,
           GCancellable *cancellable,
           GError **error)
{
  const char *const none[] = { NULL };
  g_autoptr (RnTensor) input = rn_network_make_input (self, picture, error);

  g_clear_pointer (&self->before, rn_run_unref);
  if (input == NULL || !edit_session (self, none, error)
      || !compute (self, input, observer, cancellable, error))
    return NULL;

  return collect (self, picture, NULL, error);
}

static RnRun *
run_locked (RnNetwork *self,
            RnPicture *picture,
            const char *const *edits,
            Observer *observer,
            GCancellable *cancellable,
            GError **error)
{
  RnRun *before = NULL;

  /* Whoever waited here may no longer be wanted. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  self->serial = 0;
  if (self->before == NULL || self->before->picture != picture)
    {
      self->before = run_whole (self, picture, observer, cancellable, error);
      if (self->before == NULL)
        return NULL;
      if (edits[0] == NULL)
        return rn_run_ref (self->before);
    }
  if (!edit_session (self, edits, error) || !compute (self, NULL, observer, cancellable, error))
    return NULL;
  before = edits[0] != NULL ? self->before : NULL;

  return collect (self, picture, before, error);
}

/**
 * rn_network_run:
 * @picture: of any size
 * @edits: what is changed in the model first, as rn_edits_apply() takes; empty for nothing
 * @func: (nullable): called for each layer as it is computed, by its index in the network's model
 *
 * Of a picture that was run last, only what the edits touch is computed again.
 *
 * Returns: (transfer full) (nullable): the result, or %NULL with an error, %G_IO_ERROR_CANCELLED
 *   among them
 */
RnRun *
rn_network_run (RnNetwork *self,
                RnPicture *picture,
                const char *const *edits,
                RnNetworkFunc func,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  Observer observer = { func, data };
  RnRun *run;

  g_return_val_if_fail (self != NULL && picture != NULL && edits != NULL, NULL);

  if (self->session == NULL)
    {
      g_set_error_literal (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED, self->trouble);
      return NULL;
    }

  g_mutex_lock (&self->lock);
  run = run_locked (self, picture, edits, &observer, cancellable, error);
  g_mutex_unlock (&self->lock);

  return run;
}

/**
 * rn_network_get_activation:
 * @run: the run whose activation is meant
 * @layer: index of a layer of the network's model
 *
 * Returns: (transfer full) (nullable): [1, height, width, channels] or [1, units], float32; %NULL
 *   with %G_IO_ERROR_CANCELLED if another run has taken the place of @run, with
 *   %G_IO_ERROR_NOT_FOUND if the edits of @run leave the layer out
 */
RnTensor *
rn_network_get_activation (RnNetwork *self, const RnRun *run, int layer, GError **error)
{
  RnTensor *activation = NULL;

  g_return_val_if_fail (self != NULL && run != NULL, NULL);

  g_mutex_lock (&self->lock);
  if (run->serial != self->serial || run->model != self->model)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "another run has taken its place");
  else if (!rn_run_has_layer (run, layer))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "the edits in force leave “%s” out; undo them to see it",
                 rn_model_get_layer (self->model, layer)->name);
  else
    activation = rn_session_get_activation (
        self->session, self->to_edited != NULL ? self->to_edited[layer] : layer, error);
  g_mutex_unlock (&self->lock);

  return activation;
}
