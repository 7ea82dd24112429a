/* What is found out about a run afterwards. */
#include "ui/document/network-private.h"

#include <math.h>

#include "engine/analysis/class-map.h"

/**
 * rn_network_make_input:
 * @picture: of any size
 *
 * Returns: (transfer full) (nullable): what the network gets to see of it, [1, H, W, C]
 */
RnTensor *
rn_network_make_input (RnNetwork *self, RnPicture *picture, GError **error)
{
  const RnShape *shape = &rn_model_get_input (self->model)->output_shape;

  return rn_picture_to_input (picture, shape->dims[0], shape->dims[1], shape->dims[2],
                              self->preprocess, error);
}

typedef struct
{
  RnNetwork *network;
  const RnRun *run;
} Source;

static gboolean
check_run (RnNetwork *self, const RnRun *run, GError **error)
{
  if (run->serial == self->serial && run->model == self->model)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "another run has taken its place");
  return FALSE;
}

/* By the index of a layer of the model as it is edited. */
static RnTensor *
get_edited_activation (int layer, gpointer data, GError **error)
{
  const Source *source = data;
  RnTensor *activation = NULL;

  g_mutex_lock (&source->network->lock);
  if (check_run (source->network, source->run, error))
    activation = rn_session_get_activation (source->network->session, layer, error);
  g_mutex_unlock (&source->network->lock);

  return activation;
}

/* Edits that move a stride make layers larger or smaller. */
static gboolean
has_place (const RnLayer *layer, RnUnit unit)
{
  const RnShape *shape = &layer->output_shape;

  return shape->rank != 3 || (unit.y < shape->dims[0] && unit.x < shape->dims[1]);
}

/**
 * rn_network_explain:
 * @run: the run whose value is meant
 * @layer: index of a layer of the network's model
 * @unit: one of its units, perhaps as other edits left it
 * @model: (out) (transfer full): what the explanation's layers count in: the network's model as
 *   the edits of @run have changed it
 *
 * Returns: (transfer full) (nullable): why the unit has its value; %NULL as
 *   rn_network_get_activation() has it, or where nothing computes the layer, or no such unit
 */
RnExplanation *
rn_network_explain (RnNetwork *self,
                    const RnRun *run,
                    int layer,
                    RnUnit unit,
                    RnModel **model,
                    GError **error)
{
  Source source = { self, run };
  g_autoptr (RnBinding) binding = NULL;
  RnExplanation *explanation;

  g_mutex_lock (&self->lock);
  if (check_run (self, run, error))
    {
      binding = rn_binding_ref (rn_session_get_binding (self->session));
      layer = self->to_edited != NULL ? self->to_edited[layer] : layer;
    }
  g_mutex_unlock (&self->lock);
  if (binding == NULL)
    return NULL;
  if (layer < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "the edits in force leave this layer out; undo them to see it");
      return NULL;
    }
  if (!has_place (rn_model_get_layer (rn_binding_get_model (binding), layer), unit))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "with the edits in force this layer has no row %d and column %d", unit.y,
                   unit.x);
      return NULL;
    }

  explanation
      = rn_explanation_new (binding, layer, unit, get_edited_activation, &source, error);
  if (explanation != NULL)
    *model = rn_model_ref (rn_binding_get_model (binding));

  return explanation;
}

/**
 * rn_network_get_run_binding:
 *
 * Returns: (transfer full) (nullable): what ran: the network's model and weights as the edits of
 *   @run have changed them; %NULL with %G_IO_ERROR_CANCELLED if another run has taken its place
 */
RnBinding *
rn_network_get_run_binding (RnNetwork *self, const RnRun *run, GError **error)
{
  RnBinding *binding = NULL;

  g_mutex_lock (&self->lock);
  if (check_run (self, run, error))
    binding = rn_binding_ref (rn_session_get_binding (self->session));
  g_mutex_unlock (&self->lock);

  return binding;
}

/**
 * rn_network_make_class_map:
 * @class_index: which of the classifier's outputs
 *
 * Returns: (transfer full) (nullable): the class activation map of @run, [1, H, W, 1]; %NULL where
 *   the network's end allows none, or as rn_network_get_run_binding() has it
 */
RnTensor *
rn_network_make_class_map (RnNetwork *self, const RnRun *run, int class_index, GError **error)
{
  g_autoptr (RnBinding) binding = rn_network_get_run_binding (self, run, error);
  g_autoptr (RnTensor) features = NULL;
  Source source = { self, run };
  RnClassHead head;

  if (binding == NULL || !rn_class_head_find (rn_binding_get_model (binding), &head, error))
    return NULL;
  features = get_edited_activation (head.features, &source, error);
  if (features == NULL)
    return NULL;

  return rn_class_map_new (binding, &head, features, class_index, NULL, error);
}

static gboolean
widen_range (RnNetwork *self,
             const RnRun *run,
             int layer,
             float *low,
             float *high,
             GError **error)
{
  g_autoptr (RnTensor) activation = rn_network_get_activation (self, run, layer, error);
  const float *values;

  if (activation == NULL)
    return FALSE;

  values = rn_tensor_f32 (activation);
  for (gint64 i = 0; i < rn_tensor_get_n_elements (activation); i++)
    if (isfinite (values[i]))
      {
        *low = MIN (*low, values[i]);
        *high = MAX (*high, values[i]);
      }

  return TRUE;
}

static gboolean
find_range (RnNetwork *self,
            const RnRun *run,
            RnLayerKind kind,
            float *low,
            float *high,
            GCancellable *cancellable,
            GError **error)
{
  *low = *high = 0;
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, i);

      if (layer->output_shape.rank != 3 || layer->kind != kind || !rn_run_has_layer (run, i))
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !widen_range (self, run, i, low, high, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_network_get_range:
 * @kind: a kind of layers: what comes out of convolutions and what ReLU leaves of it are of another
 *   order of size
 * @low: (out): the least value of all feature maps of such layers, at most 0
 * @high: (out): the greatest, at least 0
 *
 * Looks at all of them, the first time.
 *
 * Returns: %FALSE with @error set as rn_network_get_activation() has it
 */
gboolean
rn_network_get_range (RnNetwork *self,
                      const RnRun *run,
                      RnLayerKind kind,
                      float *low,
                      float *high,
                      GCancellable *cancellable,
                      GError **error)
{
  gboolean ok = TRUE;

  g_mutex_lock (&self->range_lock);
  if (self->ranges[kind].serial != run->serial)
    {
      ok = find_range (self, run, kind, &self->ranges[kind].low, &self->ranges[kind].high,
                       cancellable, error);
      self->ranges[kind].serial = ok ? run->serial : 0;
    }
  *low = self->ranges[kind].low;
  *high = self->ranges[kind].high;
  g_mutex_unlock (&self->range_lock);

  return ok;
}
