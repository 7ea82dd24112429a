#include "ui/document/network.h"

#include "engine/tensor/ranking.h"
#include "engine/tensor/weights-variant.h"

/* The seed of the weights of a model that has none, so that all see the same. */
#define RANDOM_SEED 1

struct _RnNetwork
{
  gint ref_count;
  const RnCatalogEntry *entry;
  RnModel *model;
  RnBinding *binding;
  RnPreprocess preprocess;

  GMutex lock; /* of what follows */
  RnSession *session;
  guint64 serial; /* of the run whose activations the session holds; 0 for none */
  guint64 last_serial;
};

typedef struct
{
  RnNetworkFunc func;
  gpointer data;
} Observer;

static gboolean
choose_preprocess (RnNetwork *self, GError **error)
{
  const RnWeightsInfo *info = rn_network_get_weights (self);
  const char *name = info->preprocess != NULL ? info->preprocess : self->entry->preprocess;

  return rn_preprocess_from_name (name, &self->preprocess, error);
}

static RnWeights *
bind_weights (RnNetwork *self, RnWeights *weights, GError **error)
{
  RnVariant variant = RN_VARIANT_DEFAULT;

  if (weights != NULL && !rn_weights_get_variant (weights, self->entry->id, &variant, error))
    return NULL;
  self->model = rn_catalog_build (self->entry->id, &variant, error);
  if (self->model == NULL)
    return NULL;

  return weights != NULL ? rn_weights_ref (weights)
                         : rn_weights_new_random (self->model, RANDOM_SEED, error);
}

/**
 * rn_network_new:
 * @id: a built-in model
 * @weights: (nullable): its weights, which say its variant too; %NULL for random ones
 *
 * Returns: (transfer full) (nullable): the network, or %NULL where the weights do not fit
 */
RnNetwork *
rn_network_new (const char *id, RnWeights *weights, GError **error)
{
  g_autoptr (RnNetwork) self = g_new0 (RnNetwork, 1);
  g_autoptr (RnWeights) bound = NULL;

  g_mutex_init (&self->lock);
  self->ref_count = 1;
  self->entry = rn_catalog_find (id, error);
  if (self->entry == NULL)
    return NULL;

  bound = bind_weights (self, weights, error);
  if (bound == NULL)
    return NULL;
  self->binding = rn_binding_new (self->model, bound, error);
  if (self->binding == NULL || !choose_preprocess (self, error))
    return NULL;
  self->session = rn_session_new (self->binding, NULL, error);
  if (self->session == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

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
  g_clear_pointer (&self->binding, rn_binding_unref);
  g_clear_pointer (&self->model, rn_model_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

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

RnBinding *
rn_network_get_binding (const RnNetwork *self)
{
  return self->binding;
}

/* Returns: (transfer none): what is known of the weights */
const RnWeightsInfo *
rn_network_get_weights (const RnNetwork *self)
{
  return rn_weights_get_info (rn_binding_get_weights (self->binding));
}

static char *
get_class_label (const RnWeightsInfo *info, int n_outputs, int index)
{
  if (info->n_classes == n_outputs && info->labels != NULL)
    return g_strdup (info->labels[index]);
  if (info->n_classes == n_outputs && info->classes != NULL)
    return g_strdup (info->classes[index]);

  return g_strdup_printf ("%d", index);
}

static gboolean
predict (RnNetwork *self, RnRun *run, GError **error)
{
  const RnWeightsInfo *info = rn_network_get_weights (self);
  int indices[RN_RUN_MAX_PREDICTIONS];
  g_autoptr (RnTensor) output = NULL;
  int n_outputs;

  if (!rn_model_has_top (self->model))
    return TRUE;

  output = rn_session_get_activation (self->session, rn_model_get_output (self->model, 0)->index,
                                      error);
  if (output == NULL)
    return FALSE;

  n_outputs = rn_tensor_get_n_elements (output);
  run->n_predictions = rn_tensor_rank_largest (output, RN_RUN_MAX_PREDICTIONS, indices);
  for (int i = 0; i < run->n_predictions; i++)
    run->predictions[i] = (RnPrediction) { indices[i], get_class_label (info, n_outputs, indices[i]),
                                           rn_tensor_f32 (output)[indices[i]] };

  return TRUE;
}

static void
on_layer (RnSession *session, int layer, gpointer data)
{
  const Observer *observer = data;

  observer->func (layer, observer->data);
}

static RnRun *
run_locked (RnNetwork *self,
            RnPicture *picture,
            Observer *observer,
            GCancellable *cancellable,
            GError **error)
{
  const RnShape *shape = &rn_model_get_input (self->model)->output_shape;
  g_autoptr (RnRun) run = rn_run_new (self->model, picture);
  g_autoptr (RnTensor) input = NULL;
  gboolean done;

  /* Whoever waited here may no longer be wanted. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  input = rn_picture_to_input (picture, shape->dims[0], shape->dims[1], shape->dims[2],
                               self->preprocess, error);
  if (input == NULL)
    return NULL;

  self->serial = 0;
  rn_session_set_observer (self->session, observer->func != NULL ? on_layer : NULL, observer);
  done = rn_session_run (self->session, input, cancellable, error);
  rn_session_set_observer (self->session, NULL, NULL);
  if (!done || !predict (self, run, error))
    return NULL;

  run->milliseconds = rn_session_get_run_ms (self->session);
  run->n_threads = rn_session_get_n_threads (self->session);
  run->serial = self->serial = ++self->last_serial;

  return g_steal_pointer (&run);
}

/**
 * rn_network_run:
 * @picture: of any size
 * @func: (nullable): called for each layer as it is computed
 *
 * Returns: (transfer full) (nullable): the result, or %NULL with an error, %G_IO_ERROR_CANCELLED
 *   among them
 */
RnRun *
rn_network_run (RnNetwork *self,
                RnPicture *picture,
                RnNetworkFunc func,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  Observer observer = { func, data };
  RnRun *run;

  g_return_val_if_fail (self != NULL && picture != NULL, NULL);

  g_mutex_lock (&self->lock);
  run = run_locked (self, picture, &observer, cancellable, error);
  g_mutex_unlock (&self->lock);

  return run;
}

/**
 * rn_network_get_activation:
 * @run: the run whose activation is meant
 * @layer: index of a layer
 *
 * Returns: (transfer full) (nullable): [1, height, width, channels] or [1, units], float32; %NULL
 *   with %G_IO_ERROR_CANCELLED if another run has taken the place of @run
 */
RnTensor *
rn_network_get_activation (RnNetwork *self, const RnRun *run, int layer, GError **error)
{
  RnTensor *activation = NULL;

  g_return_val_if_fail (self != NULL && run != NULL, NULL);

  g_mutex_lock (&self->lock);
  if (run->serial != self->serial || run->model != self->model)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "another picture has been run since");
  else
    activation = rn_session_get_activation (self->session, layer, error);
  g_mutex_unlock (&self->lock);

  return activation;
}
