/* The functional API of tf.keras, which Keras 2 and 3 both have. Arguments that are Keras' defaults
 * are left out, as a person would. */
#include "engine/formats/keras-code.h"

#include "engine/formats/keras-code-private.h"

typedef struct
{
  const RnModel *model;
  char **variables;   /* for each layer the name of its output */
  GHashTable *names;  /* of variables that are taken */
  GString *text;
  const char *indent;
} Writer;

static const char *const python_words[] = {
  "False",  "None",   "True",    "and",   "as",       "assert", "async",  "await", "break",
  "class",  "def",    "del",     "elif",  "else",     "except", "for",    "from",  "finally",
  "global", "if",     "import",  "in",    "is",       "lambda", "layers", "model", "nonlocal",
  "not",    "or",     "pass",    "raise", "continue", "return", "tf",     "try",   "while",
  "with",   "x",      "yield",   "Model", NULL,
};

/* A string in Python's quotes. */
static char *
quote (const char *text)
{
  GString *quoted = g_string_new ("\"");

  for (const char *c = text; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (quoted, "\\%c", *c);
    else if (g_ascii_iscntrl (*c))
      g_string_append_printf (quoted, "\\x%02x", (guchar) *c);
    else
      g_string_append_c (quoted, *c);
  g_string_append_c (quoted, '"');

  return g_string_free (quoted, FALSE);
}

/* A name made into an identifier that is not taken yet. */
static char *
make_variable (Writer *self, const char *name)
{
  g_autofree char *base = g_strdup (name);
  char *variable;

  g_strcanon (base, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, '_');
  if (!g_ascii_isalpha (base[0]) && base[0] != '_')
    {
      char *prefixed = g_strconcat ("layer_", base, NULL);

      g_free (base);
      base = prefixed;
    }
  variable = g_strdup (base);
  for (int i = 2; g_strv_contains (python_words, variable)
                  || g_hash_table_contains (self->names, variable); i++)
    {
      g_free (variable);
      variable = g_strdup_printf ("%s_%d", base, i);
    }
  g_hash_table_add (self->names, g_strdup (variable));

  return variable;
}

static void
writer_init (Writer *self, const RnModel *model, const char *indent)
{
  *self = (Writer) { .model = model, .indent = indent };
  self->variables = g_new0 (char *, rn_model_get_n_layers (model));
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->text = g_string_new (NULL);
}

static char *
writer_clear (Writer *self, gboolean done)
{
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    g_free (self->variables[i]);
  g_free (self->variables);
  g_hash_table_unref (self->names);

  return g_string_free (self->text, !done);
}

static gboolean
is_model_output (const RnModel *model, int layer)
{
  for (int i = 0; i < rn_model_get_n_outputs (model); i++)
    if (rn_model_get_output (model, i)->index == layer)
      return TRUE;

  return FALSE;
}

/* What the next layer alone takes is called x; whatever lives longer has a name of its own. */
static void
name_output (Writer *self, const RnLayer *layer, int next)
{
  gboolean passing = layer->n_outputs == 1 && layer->outputs[0] == next
                     && layer->kind != RN_LAYER_INPUT && !is_model_output (self->model, layer->index);

  self->variables[layer->index] = passing ? g_strdup ("x") : make_variable (self, layer->name);
}

static gboolean
is_conv (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_CONV || layer->kind == RN_LAYER_DEPTHWISE_CONV
         || layer->kind == RN_LAYER_SEPARABLE_CONV;
}

static gboolean
check (const RnLayer *layer, GError **error)
{
  gboolean pool = layer->kind == RN_LAYER_MAX_POOL || layer->kind == RN_LAYER_AVERAGE_POOL;

  if (layer->kind == RN_LAYER_UNSUPPORTED)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED,
                   "layer “%s” is of the class %s, whose arguments are not known here; code can be "
                   "written for the other layers only",
                   layer->name, layer->keras_class);
      return FALSE;
    }
  if (pool
      && (layer->config.pool.padding == RN_PADDING_EXPLICIT || layer->config.pool.count_padding))
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "layer “%s” pads in a way that Keras' pooling cannot say; ONNX (.onnx) can",
                   layer->name);
      return FALSE;
    }

  return TRUE;
}

/* What a layer is called upon: "(x)", "([x, y])"; a convolution's own borders as a layer between. */
static void
add_inputs (Writer *self, const RnLayer *layer)
{
  gboolean padded = is_conv (layer) && layer->config.conv.padding == RN_PADDING_EXPLICIT;

  g_string_append_c (self->text, '(');
  if (padded)
    {
      g_autofree char *name = g_strconcat (layer->name, "_pad", NULL);
      g_autofree char *quoted = quote (name);

      g_string_append (self->text, "layers.ZeroPadding2D(");
      rn_keras_code_add_borders (self->text, &layer->config.conv.pads);
      g_string_append_printf (self->text, "name=%s)(", quoted);
    }
  if (layer->n_inputs > 1)
    g_string_append_c (self->text, '[');
  for (int i = 0; i < layer->n_inputs; i++)
    g_string_append_printf (self->text, "%s%s", i > 0 ? ", " : "",
                            self->variables[layer->inputs[i]]);
  g_string_append (self->text, layer->n_inputs > 1 ? "])" : ")");
  if (padded)
    g_string_append_c (self->text, ')');
}

static gboolean
add_layer (Writer *self, int index, int next, GError **error)
{
  const RnLayer *layer = rn_model_get_layer (self->model, index);
  g_autofree char *name = quote (layer->name);

  if (!check (layer, error))
    return FALSE;
  if (self->variables[index] == NULL)
    name_output (self, layer, next);
  g_string_append_printf (self->text, "%s%s = layers.%s(", self->indent, self->variables[index],
                          layer->kind == RN_LAYER_INPUT ? "Input"
                                                        : rn_layer_kind_get_keras_class (layer->kind));
  rn_keras_code_add_arguments (self->text, layer);
  g_string_append_printf (self->text, "name=%s)", name);
  if (layer->n_inputs > 0)
    add_inputs (self, layer);
  g_string_append_c (self->text, '\n');

  return TRUE;
}

static void
add_imports (GString *text, const RnModel *model)
{
  gboolean needs_tf = FALSE;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    needs_tf |= rn_model_get_layer (model, i)->kind == RN_LAYER_SHORTCUT_PADDING;
  if (needs_tf)
    g_string_append (text, "import tensorflow as tf\n");
  g_string_append (text, "from tensorflow.keras import Model, layers\n");
}

/* A comment wherever another part or block begins. */
static void
add_heading (Writer *self, int index, int *part, int *block)
{
  const RnStructure *structure = rn_model_get_structure (self->model);
  int own_part = structure->stage_of[index] >= 0 ? structure->stage_of[index]
                                                 : -1 - (int) structure->part_of[index];
  int own_block = structure->block_of[index];

  if (own_part != *part)
    {
      if (structure->stage_of[index] >= 0)
        g_string_append_printf (self->text, "\n# Stage %d\n",
                                structure->stages[own_part].number);
      else
        g_string_append_printf (self->text, "\n# %s\n",
                                structure->part_of[index] == RN_PART_STEM ? "Stem" : "Head");
    }
  if (own_block >= 0 && own_block != *block)
    {
      g_autofree char *label = rn_block_get_label (&structure->blocks[own_block], structure->stages);

      g_string_append_printf (self->text, "# Block %s: %s shortcut\n", label,
                              rn_shortcut_kind_get_label (structure->blocks[own_block].kind));
    }
  *part = own_part;
  *block = own_block;
}

static void
add_list (Writer *self, const char *name, const int *layers, int n)
{
  g_string_append_printf (self->text, "%s=%s", name, n != 1 ? "[" : "");
  for (int i = 0; i < n; i++)
    g_string_append_printf (self->text, "%s%s", i > 0 ? ", " : "", self->variables[layers[i]]);
  g_string_append (self->text, n != 1 ? "], " : ", ");
}

/* model = Model(inputs=…, outputs=…, name=…) */
static void
add_model (Writer *self)
{
  g_autofree char *name = quote (rn_model_get_name (self->model));
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) outputs = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    if (rn_model_get_layer (self->model, i)->kind == RN_LAYER_INPUT)
      g_array_append_val (inputs, i);
  for (int i = 0; i < rn_model_get_n_outputs (self->model); i++)
    g_array_append_val (outputs, rn_model_get_output (self->model, i)->index);
  g_string_append (self->text, "\nmodel = Model(");
  add_list (self, "inputs", (const int *) inputs->data, inputs->len);
  add_list (self, "outputs", (const int *) outputs->data, outputs->len);
  g_string_append_printf (self->text, "name=%s)\n", name);
}

/**
 * rn_model_to_keras_code:
 *
 * A program that builds the model: `model` is it. Layers have their names, so that weights by name
 * fit. A convolution whose borders Keras cannot say gets a ZeroPadding2D of its own.
 *
 * Returns: (transfer full) (nullable): Python, or %NULL with an error for a layer that Keras has not
 */
char *
rn_model_to_keras_code (const RnModel *model, GError **error)
{
  int n, part = G_MININT, block = -1;
  gboolean done = TRUE;
  Writer writer;

  g_return_val_if_fail (model != NULL, NULL);

  n = rn_model_get_n_layers (model);
  writer_init (&writer, model, "");
  add_imports (writer.text, model);
  for (int i = 0; i < n && done; i++)
    {
      add_heading (&writer, i, &part, &block);
      done = add_layer (&writer, i, i + 1, error);
    }
  if (done)
    add_model (&writer);

  return writer_clear (&writer, done);
}

/* All layers between a block's input and its output, nested blocks' among them, ascending. */
static GArray *
list_within (const RnModel *model, const RnBlock *block)
{
  g_autofree gboolean *within = g_new0 (gboolean, rn_model_get_n_layers (model));
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (int));

  within[block->output] = TRUE;
  for (int i = block->output; i > block->input; i--)
    for (int k = 0; within[i] && k < rn_model_get_layer (model, i)->n_inputs; k++)
      within[rn_model_get_layer (model, i)->inputs[k]] = TRUE;
  for (int i = block->input + 1; i <= block->output; i++)
    if (within[i])
      g_array_append_val (layers, i);

  return layers;
}

/**
 * rn_model_block_to_keras_code:
 * @block: index of a block in the model's structure
 *
 * Returns: (transfer full) (nullable): Python: a function from the block's input to its output, or
 *   %NULL with an error as rn_model_to_keras_code()
 */
char *
rn_model_block_to_keras_code (const RnModel *model, int block, GError **error)
{
  const RnStructure *structure;
  const RnBlock *b;
  g_autofree char *label = NULL;
  g_autoptr (GArray) within = NULL;
  gboolean done = TRUE;
  Writer writer;

  g_return_val_if_fail (model != NULL, NULL);
  structure = rn_model_get_structure (model);
  g_return_val_if_fail (block >= 0 && block < structure->n_blocks, NULL);

  b = &structure->blocks[block];
  label = rn_block_get_label (b, structure->stages);
  writer_init (&writer, model, "    ");
  writer.variables[b->input] = make_variable (&writer, "inputs");
  writer.variables[b->output] = make_variable (&writer, "outputs");
  g_string_append_printf (writer.text, "# Block %s: %s shortcut\ndef block_%s(%s):\n", label,
                          rn_shortcut_kind_get_label (b->kind), label, writer.variables[b->input]);
  within = list_within (model, b);
  for (guint i = 0; i < within->len && done; i++)
    done = add_layer (&writer, g_array_index (within, int, i),
                      i + 1 < within->len ? g_array_index (within, int, i + 1) : -1, error);
  g_string_append_printf (writer.text, "    return %s\n", writer.variables[b->output]);

  return writer_clear (&writer, done);
}

/**
 * rn_model_layer_to_keras_code:
 *
 * Returns: (transfer full) (nullable): Python: one line that makes a layer and calls it on what feeds
 *   it, or %NULL with an error as rn_model_to_keras_code()
 */
char *
rn_model_layer_to_keras_code (const RnModel *model, int layer, GError **error)
{
  const RnLayer *l;
  gboolean done;
  Writer writer;

  g_return_val_if_fail (model != NULL, NULL);
  g_return_val_if_fail (layer >= 0 && layer < rn_model_get_n_layers (model), NULL);

  l = rn_model_get_layer (model, layer);
  writer_init (&writer, model, "");
  for (int i = 0; i < l->n_inputs; i++)
    if (writer.variables[l->inputs[i]] == NULL)
      writer.variables[l->inputs[i]] =
          l->n_inputs == 1 ? g_strdup ("x")
                           : make_variable (&writer, rn_model_get_layer (model, l->inputs[i])->name);
  writer.variables[layer] = g_strdup ("x");
  done = add_layer (&writer, layer, -1, error);

  return writer_clear (&writer, done);
}
