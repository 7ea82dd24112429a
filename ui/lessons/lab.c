#include "ui/lessons/lab.h"

#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/model/cifar-net.h"
#include "engine/runtime/edit.h"
#include "engine/runtime/session.h"
#include "engine/tensor/weights-variant.h"

struct _RnLab
{
  gint ref_count;
  char *data_dir;
  RnLessonRuns *runs;

  GMutex lock;             /* of what follows */
  GHashTable *networks;    /* id → Network */
  GHashTable *activations; /* "id layer" → RnTensor, of the picture */
  GHashTable *predictions; /* "id edits" → RnTensor, likewise */
  RnPicture *picture;
};

typedef struct
{
  RnBinding *binding;
  RnPreprocess preprocess;
  RnSession *session; /* NULL until something is asked of its activations */
  gboolean ran;       /* on the picture */
} Network;

static void
network_free (gpointer data)
{
  Network *network = data;

  g_clear_pointer (&network->session, rn_session_unref);
  g_clear_pointer (&network->binding, rn_binding_unref);
  g_free (network);
}

static GHashTable *
new_tensor_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)rn_tensor_unref);
}

/**
 * rn_lab_new:
 * @data_dir: where `weights/ID.h5` lies for each network that is not set otherwise
 */
RnLab *
rn_lab_new (const char *data_dir)
{
  RnLab *self = g_new0 (RnLab, 1);

  g_return_val_if_fail (data_dir != NULL, NULL);

  self->ref_count = 1;
  self->data_dir = g_strdup (data_dir);
  self->runs = rn_lesson_runs_new ();
  g_mutex_init (&self->lock);
  self->networks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, network_free);
  self->activations = new_tensor_table ();
  self->predictions = new_tensor_table ();

  return self;
}

RnLab *
rn_lab_ref (RnLab *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_lab_unref (RnLab *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_hash_table_unref (self->predictions);
  g_hash_table_unref (self->activations);
  g_hash_table_unref (self->networks);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_mutex_clear (&self->lock);
  rn_lesson_runs_free (self->runs);
  g_free (self->data_dir);
  g_free (self);
}

static Network *
network_new (const char *id, RnBinding *binding, GError **error)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  const RnCatalogEntry *entry = rn_catalog_find (id, error);
  RnPreprocess preprocess;
  Network *network;

  if (entry == NULL)
    return NULL;
  if (!rn_preprocess_from_name (info->preprocess != NULL ? info->preprocess : entry->preprocess,
                                &preprocess, error))
    return NULL;

  network = g_new0 (Network, 1);
  network->binding = rn_binding_ref (binding);
  network->preprocess = preprocess;

  return network;
}

static gboolean
is_of_network (gpointer key, gpointer value, gpointer id)
{
  return g_str_has_prefix (key, id) && ((char *)key)[strlen (id)] == ' ';
}

static void
forget (RnLab *self, const char *id)
{
  g_hash_table_foreach_remove (self->activations, is_of_network, (gpointer)id);
  g_hash_table_foreach_remove (self->predictions, is_of_network, (gpointer)id);
}

/**
 * rn_lab_set_network:
 * @id: the built-in model that @binding is of
 * @binding: what stands for it from now on, instead of the bundled weights
 */
gboolean
rn_lab_set_network (RnLab *self, const char *id, RnBinding *binding, GError **error)
{
  Network *known, *network = NULL;

  g_return_val_if_fail (self != NULL && id != NULL && binding != NULL, FALSE);

  g_mutex_lock (&self->lock);
  known = g_hash_table_lookup (self->networks, id);
  if (known == NULL || known->binding != binding)
    {
      network = network_new (id, binding, error);
      if (network != NULL)
        {
          forget (self, id);
          g_hash_table_insert (self->networks, g_strdup (id), network);
        }
    }
  else
    network = known;
  g_mutex_unlock (&self->lock);

  return network != NULL;
}

/* From now on activations and predictions are those of @picture. */
void
rn_lab_set_picture (RnLab *self, RnPicture *picture)
{
  GHashTableIter iter;
  gpointer network;

  g_return_if_fail (self != NULL && picture != NULL);

  g_mutex_lock (&self->lock);
  if (picture != self->picture)
    {
      g_clear_pointer (&self->picture, rn_picture_unref);
      self->picture = rn_picture_ref (picture);
      g_hash_table_remove_all (self->activations);
      g_hash_table_remove_all (self->predictions);
      g_hash_table_iter_init (&iter, self->networks);
      while (g_hash_table_iter_next (&iter, NULL, &network))
        ((Network *)network)->ran = FALSE;
    }
  g_mutex_unlock (&self->lock);
}

/* What a network has that is to be trained: random weights, so that its graph can be asked. */
static Network *
make_untrained (RnLab *self, const char *id, GError **error)
{
  const RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = rn_catalog_build (id, &variant, error);
  g_autoptr (RnWeights) weights = model != NULL ? rn_weights_new_random (model, 1, error) : NULL;
  g_autoptr (RnBinding) binding = weights != NULL ? rn_binding_new (model, weights, error) : NULL;
  Network *network = binding != NULL ? network_new (id, binding, error) : NULL;

  if (network != NULL)
    g_hash_table_insert (self->networks, g_strdup (id), network);

  return network;
}

static Network *
load_network (RnLab *self, const char *id, GError **error)
{
  g_autofree char *name = g_strconcat (id, ".h5", NULL);
  g_autofree char *path = g_build_filename (self->data_dir, "weights", name, NULL);
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnBinding) binding = NULL;
  RnCifarNet kind;
  Network *network;

  /* The id first: it is part of the path. */
  if (rn_catalog_find (id, error) == NULL)
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS) && rn_cifar_net_parse (id, &kind))
    return make_untrained (self, id, error);
  weights = rn_weights_load (path, error);
  if (weights == NULL || !rn_weights_get_variant (weights, id, &variant, error))
    return NULL;
  model = rn_catalog_build (id, &variant, error);
  binding = model != NULL ? rn_binding_new (model, weights, error) : NULL;
  network = binding != NULL ? network_new (id, binding, error) : NULL;
  if (network != NULL)
    g_hash_table_insert (self->networks, g_strdup (id), network);

  return network;
}

static Network *
find_network (RnLab *self, const char *id, GError **error)
{
  Network *network = g_hash_table_lookup (self->networks, id);

  return network != NULL ? network : load_network (self, id, error);
}

static RnTensor *
make_input (RnLab *self, const Network *network, GError **error)
{
  const RnShape *shape =
      &rn_model_get_input (rn_binding_get_model (network->binding))->output_shape;

  if (self->picture == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED,
                           "no picture is open: open one, or take a sample");
      return NULL;
    }

  return rn_picture_to_input (self->picture, shape->dims[0], shape->dims[1], shape->dims[2],
                              network->preprocess, error);
}

static gboolean
run (RnLab *self, Network *network, GError **error)
{
  g_autoptr (RnTensor) input = NULL;

  if (network->ran)
    return TRUE;

  input = make_input (self, network, error);
  if (input == NULL)
    return FALSE;
  if (network->session == NULL)
    network->session = rn_session_new (network->binding, NULL, error);
  network->ran = network->session != NULL && rn_session_run (network->session, input, NULL, error);

  return network->ran;
}

/* Returns: (transfer none): what networks have learnt */
RnLessonRuns *
rn_lab_get_runs (RnLab *self)
{
  return self->runs;
}

/**
 * rn_lab_get_binding:
 * @id: a built-in model
 *
 * Returns: (transfer full) (nullable): the model with its weights, or %NULL with an error
 */
RnBinding *
rn_lab_get_binding (RnLab *self, const char *id, GError **error)
{
  Network *network;
  RnBinding *binding = NULL;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  g_mutex_lock (&self->lock);
  network = find_network (self, id, error);
  if (network != NULL)
    binding = rn_binding_ref (network->binding);
  g_mutex_unlock (&self->lock);

  return binding;
}

static RnTensor *
compute_activation (RnLab *self, const char *id, int layer, GError **error)
{
  Network *network = find_network (self, id, error);

  if (network == NULL || !run (self, network, error))
    return NULL;

  return rn_session_get_activation (network->session, layer, error);
}

/**
 * rn_lab_get_activation:
 * @layer: index of a layer of the model
 *
 * Returns: (transfer full) (nullable): [1, height, width, channels] or [1, units], float32, of the
 *   picture; %NULL with an error, also where there is no picture
 */
RnTensor *
rn_lab_get_activation (RnLab *self, const char *id, int layer, GError **error)
{
  g_autofree char *key = NULL;
  RnTensor *activation;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  key = g_strdup_printf ("%s %d", id, layer);
  g_mutex_lock (&self->lock);
  activation = g_hash_table_lookup (self->activations, key);
  if (activation != NULL)
    rn_tensor_ref (activation);
  else
    activation = compute_activation (self, id, layer, error);
  if (activation != NULL)
    g_hash_table_replace (self->activations, g_steal_pointer (&key), rn_tensor_ref (activation));
  g_mutex_unlock (&self->lock);

  return activation;
}

static RnTensor *
compute_prediction (RnLab *self, const char *id, const char *edits, GError **error)
{
  Network *network = find_network (self, id, error);
  g_auto (GStrv) words = g_strsplit (edits, " ", -1);
  g_autoptr (RnBinding) edited = NULL;
  g_autoptr (RnSession) session = NULL;
  g_autoptr (RnTensor) input = NULL;

  if (network == NULL)
    return NULL;
  input = make_input (self, network, error);
  if (input == NULL)
    return NULL;
  edited = rn_edits_apply ((const char *const *)words, network->binding, error);
  if (edited == NULL)
    return NULL;
  session = rn_session_new (edited, NULL, error);
  if (session == NULL || !rn_session_run (session, input, NULL, error))
    return NULL;

  return rn_session_get_activation (
      session, rn_model_get_output (rn_binding_get_model (edited), 0)->index, error);
}

/**
 * rn_lab_get_prediction:
 * @edits: what is done to the network before it looks at the picture: as rn_edit_parse() takes it,
 *   several divided by one space
 *
 * Returns: (transfer full) (nullable): [1, classes]; %NULL with an error
 */
RnTensor *
rn_lab_get_prediction (RnLab *self, const char *id, const char *edits, GError **error)
{
  g_autofree char *key = NULL;
  RnTensor *prediction;

  g_return_val_if_fail (self != NULL && id != NULL && edits != NULL, NULL);

  key = g_strdup_printf ("%s %s", id, edits);
  g_mutex_lock (&self->lock);
  prediction = g_hash_table_lookup (self->predictions, key);
  if (prediction != NULL)
    rn_tensor_ref (prediction);
  else
    prediction = compute_prediction (self, id, edits, error);
  if (prediction != NULL)
    g_hash_table_replace (self->predictions, g_steal_pointer (&key), rn_tensor_ref (prediction));
  g_mutex_unlock (&self->lock);

  return prediction;
}
