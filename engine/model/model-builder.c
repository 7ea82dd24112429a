#include "engine/model/model-builder.h"

#include "engine/model/layer-inference.h"
#include "engine/model/model-builder-private.h"
#include "engine/model/model-private.h"

#define MAX_CLASS 100

/* A stranger's class goes into tables and pictures: nothing in it may have a meaning there. */
#define CLASS_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.:/-"

static void
pending_free (gpointer data)
{
  RnPendingLayer *pending = data;

  g_free (pending->name);
  g_free (pending->keras_class);
  g_strfreev (pending->inputs);
  g_free (pending);
}

/* A stranger's words for people: one line of UTF-8, with nothing in it that steers a terminal. */
static char *
clean (const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';

  return valid;
}

/**
 * rn_model_builder_new:
 * @name: Keras' name of the model
 * @title: the name for people
 */
RnModelBuilder *
rn_model_builder_new (const char *name, const char *title)
{
  RnModelBuilder *self = g_new0 (RnModelBuilder, 1);

  self->name = clean (name);
  self->title = clean (title);
  self->layers = g_ptr_array_new_with_free_func (pending_free);
  self->outputs = g_ptr_array_new_with_free_func (g_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
rn_model_builder_free (RnModelBuilder *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->title);
  g_ptr_array_unref (self->layers);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

/**
 * rn_model_builder_add:
 * @name: unique among the layers
 * @config: (nullable): copied; %NULL where the kind has no configuration
 * @inputs: (nullable): names of the layers that feed it, which may be added later
 *
 * Nothing is checked before rn_model_builder_build().
 */
void
rn_model_builder_add (RnModelBuilder *self,
                      RnLayerKind kind,
                      const char *name,
                      const RnLayerConfig *config,
                      const char *const *inputs)
{
  const char *const none[] = { NULL };
  RnPendingLayer *pending = g_new0 (RnPendingLayer, 1);

  g_return_if_fail (kind < RN_N_LAYER_KINDS);

  pending->kind = kind;
  pending->name = g_strdup (name);
  if (config != NULL)
    pending->config = *config;
  pending->inputs = g_strdupv ((GStrv)(inputs != NULL ? inputs : none));
  g_ptr_array_add (self->layers, pending);
}

/* Adds a layer of one input; returns its name, to be the next one's input. The name is the
 * builder's and lives as long. */
const char *
rn_model_builder_chain (RnModelBuilder *self,
                        RnLayerKind kind,
                        const char *name,
                        const RnLayerConfig *config,
                        const char *input)
{
  const char *const inputs[] = { input, NULL };

  rn_model_builder_add (self, kind, name, config, inputs);

  return rn_model_builder_get_last (self);
}

/* Adds a layer of two inputs; returns its name as rn_model_builder_chain() does. */
const char *
rn_model_builder_merge (
    RnModelBuilder *self, RnLayerKind kind, const char *name, const char *first, const char *second)
{
  const char *const inputs[] = { first, second, NULL };

  rn_model_builder_add (self, kind, name, NULL, inputs);

  return rn_model_builder_get_last (self);
}

/**
 * rn_model_builder_add_unsupported:
 * @keras_class: what the layer is
 * @name: unique among the layers
 * @shape: (nullable): of its output; %NULL where it is not known
 * @inputs: (nullable): names of the layers that feed it
 *
 * A layer that is drawn in its place, but that nothing here can compute; see
 * rn_model_check_runnable().
 */
void
rn_model_builder_add_unsupported (RnModelBuilder *self,
                                  const char *keras_class,
                                  const char *name,
                                  const RnShape *shape,
                                  const char *const *inputs)
{
  RnLayerConfig config = { 0 };
  RnPendingLayer *pending;

  if (shape != NULL)
    config.unsupported = *shape;
  rn_model_builder_add (self, RN_LAYER_UNSUPPORTED, name, &config, inputs);
  pending = g_ptr_array_index (self->layers, self->layers->len - 1);
  pending->keras_class = g_strndup (keras_class, MAX_CLASS);
  g_strcanon (pending->keras_class, CLASS_CHARACTERS, '?');
}

/* The name of the layer that was added last; it is the builder's and lives as long. */
const char *
rn_model_builder_get_last (RnModelBuilder *self)
{
  g_return_val_if_fail (self->layers->len > 0, NULL);

  return ((RnPendingLayer *)g_ptr_array_index (self->layers, self->layers->len - 1))->name;
}

/* Adds a line for people on how the model came about; see rn_model_get_notes(). */
void
rn_model_builder_add_note (RnModelBuilder *self, const char *note)
{
  g_ptr_array_add (self->notes, clean (note));
}

/* Names an output; without any, every layer that feeds no other is one. */
void
rn_model_builder_add_output (RnModelBuilder *self, const char *name)
{
  g_ptr_array_add (self->outputs, g_strdup (name));
}

static void
move_layers (RnModelBuilder *self, const RnBuilderGraph *graph, const int *place, RnModel *model)
{
  for (int i = 0; i < model->n_layers; i++)
    {
      int from = g_array_index (graph->postorder, int, i);
      RnPendingLayer *pending = rn_model_builder_get_pending (self, from);
      RnLayer *layer = &model->layers[i];

      layer->index = i;
      layer->name = g_strdup (pending->name);
      layer->kind = pending->kind;
      layer->keras_class = pending->keras_class != NULL
                               ? g_string_chunk_insert (model->strings, pending->keras_class)
                               : rn_layer_kind_get_keras_class (pending->kind);
      layer->config = pending->config;
      layer->n_inputs = graph->n_inputs[from];
      layer->inputs = g_new (int, layer->n_inputs);
      for (int k = 0; k < layer->n_inputs; k++)
        layer->inputs[k] = place[graph->inputs[from][k]];
      g_hash_table_insert (model->index_of, layer->name, GINT_TO_POINTER (i + 1));
    }
}

static void
connect_outputs (RnModel *model)
{
  for (int i = 0; i < model->n_layers; i++)
    for (int k = 0; k < model->layers[i].n_inputs; k++)
      model->layers[model->layers[i].inputs[k]].n_outputs++;

  for (int i = 0; i < model->n_layers; i++)
    {
      model->layers[i].outputs = g_new (int, model->layers[i].n_outputs);
      model->layers[i].n_outputs = 0;
    }

  for (int i = 0; i < model->n_layers; i++)
    for (int k = 0; k < model->layers[i].n_inputs; k++)
      {
        RnLayer *input = &model->layers[model->layers[i].inputs[k]];

        input->outputs[input->n_outputs++] = i;
      }
}

/* From the ordered graph to the model's arrays. */
static RnModel *
assemble (RnModelBuilder *self, RnBuilderGraph *graph)
{
  RnModel *model = g_new0 (RnModel, 1);
  g_autofree int *place = g_new0 (int, graph->n);

  for (guint i = 0; i < graph->postorder->len; i++)
    place[g_array_index (graph->postorder, int, i)] = i;

  model->ref_count = 1;
  model->name = g_strdup (self->name);
  model->title = g_strdup (self->title);
  model->strings = g_string_chunk_new (256);
  model->n_layers = graph->postorder->len;
  model->layers = g_new0 (RnLayer, model->n_layers);
  model->index_of = g_hash_table_new (g_str_hash, g_str_equal);
  model->n_outputs = graph->outputs->len;
  model->outputs = g_new (int, model->n_outputs);
  for (int k = 0; k < model->n_outputs; k++)
    model->outputs[k] = place[g_array_index (graph->outputs, int, k)];

  g_ptr_array_add (self->notes, NULL);
  model->notes = g_strdupv ((GStrv)self->notes->pdata);
  g_ptr_array_remove_index (self->notes, self->notes->len - 1);
  move_layers (self, graph, place, model);
  connect_outputs (model);

  return model;
}

static gboolean
find_input (RnModel *model, GError **error)
{
  model->input = -1;
  for (int i = 0; i < model->n_layers; i++)
    {
      if (model->layers[i].kind != RN_LAYER_INPUT)
        continue;
      if (model->input >= 0)
        {
          g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                       "the model has several inputs (“%s”, “%s”); one is supported",
                       model->layers[model->input].name, model->layers[i].name);
          return FALSE;
        }
      model->input = i;
    }
  if (model->input < 0)
    g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION, "the model has no input layer");

  return model->input >= 0;
}

static gboolean
infer_layers (RnModel *model, GError **error)
{
  g_autoptr (GPtrArray) shapes = g_ptr_array_new ();

  for (int i = 0; i < model->n_layers; i++)
    {
      RnLayer *layer = &model->layers[i];

      g_ptr_array_set_size (shapes, 0);
      for (int k = 0; k < layer->n_inputs; k++)
        g_ptr_array_add (shapes, &model->layers[layer->inputs[k]].output_shape);
      if (!rn_layer_infer (layer, (const RnShape *const *)shapes->pdata, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_model_builder_build:
 *
 * Puts the layers in Keras' order (descending depth, ties by a depth-first search from the
 * outputs), infers every shape and checks every connection. Layers that lead to no output are left
 * out, as Keras does. Cost: linear in layers and connections, but for the sort.
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with %RN_MODEL_ERROR
 */
RnModel *
rn_model_builder_build (RnModelBuilder *self, GError **error)
{
  RnBuilderGraph graph = { 0 };
  g_autoptr (RnModel) model = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->layers->len == 0 || self->layers->len > RN_MODEL_MAX_LAYERS)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                   "the model has %u layers; from 1 to %d are supported", self->layers->len,
                   RN_MODEL_MAX_LAYERS);
      return NULL;
    }

  if (rn_builder_graph_init (&graph, self, error))
    model = assemble (self, &graph);
  rn_builder_graph_clear (&graph);

  if (model == NULL || !find_input (model, error) || !infer_layers (model, error))
    return NULL;
  model->structure = rn_structure_new (model);

  return g_steal_pointer (&model);
}
