#include "ui/teach/teach-network.h"

#include <string.h>

#include "engine/analysis/class-map.h"
#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/formats/weights-file.h"
#include "ui/document/network.h"

struct _RnTeachNetwork
{
  gint ref_count;
  char *id;
  char *path;       /* of the bundled weights; NULL where it is tuned */
  RnWeights *tuned; /* or NULL */

  GMutex lock;        /* of what follows */
  RnNetwork *network; /* NULL until it is needed */
  int features;       /* index of the layer that the classifier reads */
  int dense;          /* of the classifier */
};

RnTeachHead *
rn_teach_head_new (const RnHead *head, const char *const *labels)
{
  RnTeachHead *self = g_new0 (RnTeachHead, 1);

  self->n_features = head->n_features;
  self->n_classes = head->n_classes;
  self->n_pictures = head->n;
  self->kernel = g_memdup2 (head->kernel,
                            (gsize) head->n_features * head->n_classes * sizeof (float));
  self->bias = g_memdup2 (head->bias, head->n_classes * sizeof (float));
  self->labels = g_strdupv ((char **) labels);

  return self;
}

void
rn_teach_head_free (RnTeachHead *self)
{
  if (self == NULL)
    return;

  g_free (self->kernel);
  g_free (self->bias);
  g_strfreev (self->labels);
  g_free (self);
}

/**
 * rn_teach_network_new:
 * @id: a built-in model
 * @path: its trained weights
 */
RnTeachNetwork *
rn_teach_network_new (const char *id, const char *path)
{
  RnTeachNetwork *self = g_new0 (RnTeachNetwork, 1);

  g_mutex_init (&self->lock);
  self->ref_count = 1;
  self->id = g_strdup (id);
  self->path = g_strdup (path);

  return self;
}

/**
 * rn_teach_network_new_tuned:
 * @binding: the built-in model of @origin with weights that were trained further, nobody else's
 *   yet; its classifier does not matter
 * @origin: what it was before, and has been used as
 */
RnTeachNetwork *
rn_teach_network_new_tuned (RnBinding *binding, RnTeachNetwork *origin)
{
  RnTeachNetwork *self = rn_teach_network_new (origin->id, NULL);
  const RnWeightsInfo *from = rn_network_get_weights (origin->network);
  RnWeightsInfo *info;

  self->tuned = rn_weights_ref (rn_binding_get_weights (binding));
  info = rn_weights_get_info (self->tuned);
  g_free (info->origin);
  info->origin = g_strdup_printf ("%s%sits last stage trained further here",
                                  from->origin != NULL ? from->origin : "",
                                  from->origin != NULL ? "; " : "");

  return self;
}

RnTeachNetwork *
rn_teach_network_ref (RnTeachNetwork *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_teach_network_unref (RnTeachNetwork *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->network, rn_network_unref);
  g_clear_pointer (&self->tuned, rn_weights_unref);
  g_free (self->id);
  g_free (self->path);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
rn_teach_network_get_id (RnTeachNetwork *self)
{
  return self->id;
}

/* Whether its last stage has been trained on the pictures too. */
gboolean
rn_teach_network_is_tuned (RnTeachNetwork *self)
{
  return self->tuned != NULL;
}

static RnNetwork *
load_locked (RnTeachNetwork *self, GError **error)
{
  g_autoptr (RnWeights) weights =
      self->tuned != NULL ? rn_weights_ref (self->tuned) : rn_weights_load (self->path, error);
  g_autoptr (RnNetwork) network =
      weights != NULL ? rn_network_new (self->id, weights, error) : NULL;
  RnModel *model;
  RnClassHead head;

  if (network == NULL)
    return NULL;
  model = rn_network_get_model (network);
  if (!rn_class_head_find (model, &head, error))
    return NULL;
  self->dense = head.dense;
  self->features = rn_model_get_layer (model, head.dense)->inputs[0];

  return g_steal_pointer (&network);
}

static RnNetwork *
ensure (RnTeachNetwork *self, GError **error)
{
  RnNetwork *network;

  g_mutex_lock (&self->lock);
  if (self->network == NULL)
    self->network = load_locked (self, error);
  network = self->network;
  g_mutex_unlock (&self->lock);

  return network;
}

/* Returns: (transfer full) (nullable): what the network sees of a picture */
RnPicture *
rn_teach_network_crop (RnTeachNetwork *self, RnPicture *picture, GError **error)
{
  RnNetwork *network = ensure (self, error);
  const RnShape *shape;

  if (network == NULL)
    return NULL;
  shape = &rn_model_get_input (rn_network_get_model (network))->output_shape;

  return rn_picture_crop_to (picture, shape->dims[1], shape->dims[0], error);
}

/**
 * rn_teach_network_get_features:
 * @picture: of any size
 *
 * Returns: (transfer full) (nullable): floats: what the classifier would be given
 */
GBytes *
rn_teach_network_get_features (RnTeachNetwork *self,
                               RnPicture *picture,
                               GCancellable *cancellable,
                               GError **error)
{
  const char *const none[] = { NULL };
  RnNetwork *network = ensure (self, error);
  g_autoptr (RnRun) run = NULL;
  g_autoptr (RnTensor) features = NULL;

  if (network == NULL)
    return NULL;
  run = rn_network_run (network, picture, none, NULL, NULL, cancellable, error);
  features =
      run != NULL ? rn_network_get_activation (network, run, self->features, error) : NULL;
  if (features == NULL)
    return NULL;

  return g_bytes_new (rn_tensor_f32 (features), rn_tensor_get_n_bytes (features));
}

/* How pixels become input; good once the network has been used. */
RnPreprocess
rn_teach_network_get_preprocess (RnTeachNetwork *self)
{
  g_return_val_if_fail (self->network != NULL, RN_PREPROCESS_UNIT);

  return rn_network_get_preprocess (self->network);
}

static void
describe (RnNetwork *network, const RnTeachHead *head, RnWeightsInfo *info)
{
  const RnWeightsInfo *from = rn_network_get_weights (network);
  const char *title = rn_network_get_entry (network)->title;
  RnPreprocess preprocess = rn_network_get_preprocess (network);

  rn_weights_info_copy (from, info);
  g_free (info->name);
  g_free (info->origin);
  g_free (info->preprocess);
  g_strfreev (info->classes);
  g_strfreev (info->labels);
  info->name = g_strdup_printf ("%s taught %d classes", title, head->n_classes);
  info->origin = g_strdup_printf ("%s%s%s; a new classifier taught here from %d pictures", title,
                                  from->origin != NULL ? ", " : "",
                                  from->origin != NULL ? from->origin : "", head->n_pictures);
  info->preprocess = g_strdup (rn_preprocess_get_name (preprocess));
  info->input_size = rn_model_get_input (rn_network_get_model (network))->output_shape.dims[0];
  info->trained = TRUE;
  info->n_classes = head->n_classes;
  info->classes = g_strdupv (head->labels);
  info->labels = g_strdupv (head->labels);
}

/* The new classifier's tensor in the place of weight @i. */
static RnTensor *
new_tensor (const RnTeachHead *head, const RnWeightSpec *spec, GError **error)
{
  gboolean kernel = spec->rank == 2;
  gint64 dims[] = { kernel ? head->n_features : head->n_classes, head->n_classes };
  RnTensor *tensor = rn_tensor_new (kernel ? 2 : 1, dims, error);

  if (tensor != NULL)
    memcpy (rn_tensor_f32 (tensor), kernel ? head->kernel : head->bias,
            rn_tensor_get_n_bytes (tensor));

  return tensor;
}

static RnWeights *
replace_head (RnTeachNetwork *self,
              RnNetwork *network,
              RnModel *model,
              const RnTeachHead *head,
              GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();
  RnBinding *binding = rn_network_get_binding (network);

  describe (network, head, rn_weights_get_info (weights));
  for (int l = 0; l < rn_model_get_n_layers (model); l++)
    {
      const RnLayer *layer = rn_model_get_layer (model, l);

      for (int i = 0; i < layer->n_weights; i++)
        {
          g_autoptr (RnTensor) tensor =
              l == self->dense ? new_tensor (head, &layer->weights[i], error)
                               : rn_tensor_ref (rn_binding_get_tensor (binding, l, i));

          if (tensor == NULL ||
              !rn_weights_add (weights, layer->name, layer->weights[i].name, tensor, error))
            return NULL;
        }
    }

  return g_steal_pointer (&weights);
}

/**
 * rn_teach_network_bind:
 * @head: trained on this network's features
 *
 * Returns: (transfer full) (nullable): the whole network with the new classifier in place of its
 *   own; the other weights are shared
 */
RnBinding *
rn_teach_network_bind (RnTeachNetwork *self, const RnTeachHead *head, GError **error)
{
  RnNetwork *network = ensure (self, error);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  RnVariant variant;

  if (network == NULL)
    return NULL;
  variant = *rn_network_get_variant (network);
  variant.classes = head->n_classes;
  model = rn_catalog_build (self->id, &variant, error);
  weights = model != NULL ? replace_head (self, network, model, head, error) : NULL;

  return weights != NULL ? rn_binding_new (model, weights, error) : NULL;
}

/* Saves the whole network with the new classifier as a Keras model: .h5. */
gboolean
rn_teach_network_write (RnTeachNetwork *self,
                        const RnTeachHead *head,
                        const char *path,
                        GError **error)
{
  g_autoptr (RnBinding) binding = rn_teach_network_bind (self, head, error);
  g_autofree char *config = binding != NULL ? rn_binding_to_keras_json (binding, error) : NULL;

  return config != NULL && rn_keras_hdf5_write (binding, config, path, error);
}
