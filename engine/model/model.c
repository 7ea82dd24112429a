#include "engine/model/model-private.h"

G_DEFINE_QUARK (rn-model-error-quark, rn_model_error)

/* How many layer names an error message offers. */
#define MAX_SUGGESTIONS 3

RnModel *
rn_model_ref (RnModel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_model_unref (RnModel *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int i = 0; i < self->n_layers; i++)
    {
      g_free (self->layers[i].name);
      g_free (self->layers[i].inputs);
      g_free (self->layers[i].outputs);
    }
  g_free (self->layers);
  g_free (self->outputs);
  g_free (self->name);
  g_free (self->title);
  g_clear_pointer (&self->index_of, g_hash_table_unref);
  g_strfreev (self->notes);
  g_string_chunk_free (self->strings);
  g_clear_pointer (&self->structure, rn_structure_free);
  g_free (self);
}

/* Keras' name of the model, e.g. "resnet50". */
const char *
rn_model_get_name (const RnModel *self)
{
  return self->name;
}

/* The name for people, e.g. "ResNet-50". */
const char *
rn_model_get_title (const RnModel *self)
{
  return self->title;
}

int
rn_model_get_n_layers (const RnModel *self)
{
  return self->n_layers;
}

/* Layers stand in Keras' order, in which every layer follows its inputs. */
const RnLayer *
rn_model_get_layer (const RnModel *self, int index)
{
  g_return_val_if_fail (index >= 0 && index < self->n_layers, NULL);

  return &self->layers[index];
}

/* Names that hold, or are held in, what was asked for. */
static char *
suggest (const RnModel *self, const char *name)
{
  GString *text = g_string_new (NULL);
  int n = 0;

  for (int i = 0; i < self->n_layers && n < MAX_SUGGESTIONS; i++)
    {
      const char *candidate = self->layers[i].name;

      if (*name != '\0' && (strstr (candidate, name) != NULL || strstr (name, candidate) != NULL))
        g_string_append_printf (text, "%s%s", n++ > 0 ? ", " : "", candidate);
    }
  if (n == 0)
    g_string_append_printf (text, "%s, … %s", self->layers[0].name,
                            self->layers[self->n_layers - 1].name);

  return g_string_free (text, FALSE);
}

/**
 * rn_model_find_layer:
 * @name: a layer's name
 *
 * Returns: (transfer none) (nullable): the layer, or %NULL with %RN_MODEL_ERROR_UNKNOWN
 */
const RnLayer *
rn_model_find_layer (const RnModel *self, const char *name, GError **error)
{
  int index = GPOINTER_TO_INT (g_hash_table_lookup (self->index_of, name)) - 1;

  if (index < 0)
    {
      g_autofree char *names = suggest (self, name);

      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN,
                   "no layer “%s” in %s; it has %s", name, self->name, names);
      return NULL;
    }

  return &self->layers[index];
}

const RnLayer *
rn_model_get_input (const RnModel *self)
{
  return &self->layers[self->input];
}

int
rn_model_get_n_outputs (const RnModel *self)
{
  return self->n_outputs;
}

const RnLayer *
rn_model_get_output (const RnModel *self, int i)
{
  g_return_val_if_fail (i >= 0 && i < self->n_outputs, NULL);

  return &self->layers[self->outputs[i]];
}

/* The shape of a layer's i-th input. */
RnShape
rn_model_get_input_shape (const RnModel *self, int layer, int i)
{
  return self->layers[self->layers[layer].inputs[i]].output_shape;
}

gint64
rn_model_get_n_trainable (const RnModel *self)
{
  gint64 n = 0;

  for (int i = 0; i < self->n_layers; i++)
    n += rn_layer_get_n_trainable (&self->layers[i]);

  return n;
}

gint64
rn_model_get_n_non_trainable (const RnModel *self)
{
  gint64 n = 0;

  for (int i = 0; i < self->n_layers; i++)
    n += rn_layer_get_n_non_trainable (&self->layers[i]);

  return n;
}

gint64
rn_model_get_n_parameters (const RnModel *self)
{
  return rn_model_get_n_trainable (self) + rn_model_get_n_non_trainable (self);
}

/* Whether the model classifies: its one output is a vector that a Dense layer computes, with or
 * without an activation of its own behind it. */
gboolean
rn_model_has_top (const RnModel *self)
{
  const RnLayer *layer = &self->layers[self->outputs[0]];

  while (layer->kind == RN_LAYER_ACTIVATION && layer->n_inputs == 1)
    layer = &self->layers[layer->inputs[0]];

  return self->n_outputs == 1 && layer->kind == RN_LAYER_DENSE;
}

/* The note that speaks of a layer. */
static const char *
find_note (const RnModel *self, const RnLayer *layer)
{
  g_autofree char *quoted = g_strdup_printf ("“%s”", layer->name);

  for (int i = 0; self->notes[i] != NULL; i++)
    if (strstr (self->notes[i], quoted) != NULL)
      return self->notes[i];

  return NULL;
}

/**
 * rn_model_check_runnable:
 *
 * Returns: whether every layer can be computed; else %RN_MODEL_ERROR_UNSUPPORTED that names the first
 *   layer that cannot, its class, and why or what is supported
 */
gboolean
rn_model_check_runnable (const RnModel *self, GError **error)
{
  for (int i = 0; i < self->n_layers; i++)
    {
      const RnLayer *layer = &self->layers[i];
      const char *note;
      g_autofree char *supported = NULL;

      if (layer->kind != RN_LAYER_UNSUPPORTED)
        continue;

      note = find_note (self, layer);
      supported = rn_layer_kinds_to_string ();
      if (note != NULL)
        g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED,
                     "layer “%s” (%s) cannot be computed: %s", layer->name, layer->keras_class, note);
      else
        g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED,
                     "layer “%s” is of class %s, which is not supported; supported are %s",
                     layer->name, layer->keras_class, supported);
      return FALSE;
    }

  return TRUE;
}

/* Lines for people on how the model came about: what its file says otherwise than it is drawn, which
 * layers are not supported, what is wrong with code that was taken as written. %NULL-terminated. */
const char *const *
rn_model_get_notes (const RnModel *self)
{
  return (const char *const *) self->notes;
}

const RnStructure *
rn_model_get_structure (const RnModel *self)
{
  return self->structure;
}
