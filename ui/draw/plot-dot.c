#include "ui/draw/plot-dot.h"

/* A word that DOT takes without quotes, by pydot's rule; keywords are none. */
static gboolean
is_plain_id (const char *text)
{
  static const char *const keywords[] = {
    "node", "edge", "graph", "digraph", "subgraph", "strict"
  };

  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (g_ascii_strcasecmp (text, keywords[i]) == 0)
      return FALSE;
  if (!g_ascii_isalpha (*text) && *text != '_')
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '_')
      return FALSE;

  return TRUE;
}

/* Inside a DOT string only the quote is special; a backslash at the end would escape it. */
static void
append_quoted (GString *dot, const char *text)
{
  g_string_append_c (dot, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (dot, '\\');
      g_string_append_c (dot, *c);
    }
  g_string_append_c (dot, '"');
}

/* A node's id. Keras writes the address of its layer object there; the name says more. Backslashes
 * are doubled, so that none can stand before the closing quote; ids stay as different as names. */
static void
append_id (GString *dot, const char *name)
{
  g_autoptr (GString) id = NULL;

  if (is_plain_id (name))
    {
      g_string_append (dot, name);
      return;
    }
  id = g_string_new (name);
  g_string_replace (id, "\\", "\\\\", 0);
  append_quoted (dot, id->str);
}

static gboolean
is_control (char c)
{
  return (guchar)c < 0x20 || c == 0x7f;
}

/* A space beside another one or at an end, which a record would drop. */
static gboolean
is_outer_space (const char *text, const char *c)
{
  return *c == ' ' && (c == text || c[-1] == ' ' || c[1] == ' ' || c[1] == '\0');
}

/* Text for a record's field, where braces, bars, angles and backslashes have a meaning, runs of
 * spaces collapse, and HTML's entities are read. */
static char *
escape_record (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (*c == '&')
      g_string_append (out, "&amp;");
    else if (is_control (*c))
      g_string_append_c (out, ' ');
    else
      {
        if (strchr ("{}|<>\\", *c) != NULL || is_outer_space (text, c))
          g_string_append_c (out, '\\');
        g_string_append_c (out, *c);
      }

  return g_string_free (out, FALSE);
}

/* Text for a table. It stands in a node of shape record, so that braces and bars must be hidden,
 * and backslashes be doubled, lest \N become the node's name. */
static char *
escape_html (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  GString *out = g_string_new (escaped);

  g_string_replace (out, "\\", "\\\\", 0);
  g_string_replace (out, "{", "&#123;", 0);
  g_string_replace (out, "|", "&#124;", 0);
  g_string_replace (out, "}", "&#125;", 0);
  for (char *c = out->str; *c != '\0'; c++)
    if (is_control (*c))
      *c = ' ';

  return g_string_free (out, FALSE);
}

/* "(None, 56, 56, 64)"; of several inputs Keras gives a list; of an Input its own shape. */
static char *
input_shapes (const RnModel *model, const RnLayer *layer)
{
  GString *text;

  if (layer->n_inputs == 0)
    return rn_shape_to_keras (&layer->output_shape);

  text = g_string_new (NULL);
  for (int k = 0; k < layer->n_inputs; k++)
    {
      RnShape shape = rn_model_get_input_shape (model, layer->index, k);
      g_autofree char *one = rn_shape_to_keras (&shape);

      g_string_append (text, k > 0 ? ", " : "");
      g_string_append (text, one);
    }
  if (layer->n_inputs > 1)
    {
      g_string_prepend_c (text, '[');
      g_string_append_c (text, ']');
    }

  return g_string_free (text, FALSE);
}

/* The activation of the Keras layers that have such an attribute, else %NULL. */
static const char *
activation_name (const RnLayer *layer)
{
  switch ((int)layer->kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return rn_activation_get_keras_name (layer->config.conv.activation);
    case RN_LAYER_DENSE:
      return rn_activation_get_keras_name (layer->config.dense.activation);
    case RN_LAYER_ACTIVATION:
      return rn_activation_get_keras_name (layer->config.activation.function);
    default:
      return NULL;
    }
}

/* The record of Keras 2 (keras/utils/vis_utils.py of 2.3.1, model_to_dot): a column with name and
 * class, one that says input and output, one with their shapes. What 2.3.1 could not show yet
 * stands in the form of its successors: the activation under the name, further columns behind. */
static void
append_record_label (GString *dot,
                     const RnModel *model,
                     const RnLayer *layer,
                     const RnPlotOptions *options)
{
  const char *keras_class = layer->keras_class;
  const char *activation = options->show_layer_activations ? activation_name (layer) : NULL;
  g_autofree char *name = escape_record (layer->name);
  g_autoptr (GString) label = g_string_new (NULL);

  if (options->show_layer_names)
    g_string_append_printf (label, "%s: %s", name, keras_class);
  else
    g_string_append (label, keras_class);
  if (activation != NULL)
    {
      g_string_prepend_c (label, '{');
      g_string_append_printf (label, "|%s}", activation);
    }
  if (options->show_dtype)
    g_string_append (label, "|float32");
  if (options->show_shapes)
    {
      g_autofree char *inputs = input_shapes (model, layer);
      g_autofree char *output = rn_shape_to_keras (&layer->output_shape);
      const char *end = activation == NULL && !options->show_dtype ? "\\n" : "";

      g_string_append_printf (label, "%s|{input:|output:}|{{%s}|{%s}}", end, inputs, output);
    }
  if (options->show_trainable && layer->n_weights > 0)
    g_string_append (label, "|trainable");
  append_quoted (dot, label->str);
}

static void
append_cell (GString *cells, const char *title, const char *value)
{
  g_string_append_printf (cells,
                          "<td bgcolor=\"white\"><font point-size=\"14\">%s: <b>%s</b></font></td>",
                          title, value);
}

/* The table of Keras 3 (keras/src/utils/model_visualization.py, make_layer_label). */
static void
append_table_label (GString *dot,
                    const RnModel *model,
                    const RnLayer *layer,
                    const RnPlotOptions *options)
{
  const char *keras_class = layer->keras_class;
  const char *activation = options->show_layer_activations ? activation_name (layer) : NULL;
  int columns =
      MAX (1, 2 * !!options->show_shapes + !!options->show_dtype + !!options->show_trainable);
  g_autofree char *name = escape_html (layer->name);
  g_autoptr (GString) cells = g_string_new (NULL);

  g_string_append_printf (dot,
                          "<<table border=\"0\" cellborder=\"1\" bgcolor=\"black\" "
                          "cellpadding=\"10\"><tr><td colspan=\"%d\" bgcolor=\"black\">"
                          "<font point-size=\"16\" color=\"white\"><b>%s</b>",
                          columns, options->show_layer_names ? name : keras_class);
  if (options->show_layer_names)
    g_string_append_printf (dot, " (%s)", keras_class);
  g_string_append (dot, "</font></td></tr>");
  if (activation != NULL)
    g_string_append_printf (dot,
                            "<tr><td bgcolor=\"white\" colspan=\"%d\"><font point-size=\"14\">"
                            "Activation: <b>%s</b></font></td></tr>",
                            columns, activation);
  if (options->show_shapes)
    {
      g_autofree char *inputs = input_shapes (model, layer);
      g_autofree char *output = rn_shape_to_keras (&layer->output_shape);

      if (layer->n_inputs > 0)
        append_cell (cells, "Input shape", inputs);
      append_cell (cells, "Output shape", output);
    }
  if (options->show_dtype)
    append_cell (cells, "Output dtype", "float32");
  if (options->show_trainable && layer->n_weights > 0)
    g_string_append (cells, "<td bgcolor=\"forestgreen\"><font point-size=\"14\" color=\"white\">"
                            "<b>Trainable</b></font></td>");
  if (cells->len > 0)
    g_string_append_printf (dot, "<tr>%s</tr>", cells->str);
  g_string_append (dot, "</table>>");
}

static void
append_node (GString *dot, const RnModel *model, const RnLayer *layer, const RnPlotOptions *options)
{
  append_id (dot, layer->name);
  g_string_append (dot, " [");
  if (options->style == RN_PLOT_KERAS3)
    {
      g_string_append (dot, "border=0, fontname=Helvetica, label=");
      append_table_label (dot, model, layer, options);
      g_string_append (dot, ", margin=0");
    }
  else
    {
      g_string_append (dot, "label=");
      append_record_label (dot, model, layer, options);
    }
  g_string_append (dot, "];\n");
}

/* Keras 3 draws one edge between two layers however often one feeds the other, Keras 2 as many as
 * there are. */
static void
append_edges (GString *dot,
              const RnModel *model,
              const RnLayer *layer,
              const RnPlotOptions *options)
{
  for (int k = 0; k < layer->n_inputs; k++)
    {
      gboolean seen = FALSE;

      for (int j = 0; j < k; j++)
        seen |= layer->inputs[j] == layer->inputs[k];
      if (seen && options->style == RN_PLOT_KERAS3)
        continue;
      append_id (dot, rn_model_get_layer (model, layer->inputs[k])->name);
      g_string_append (dot, " -> ");
      append_id (dot, layer->name);
      g_string_append (dot, options->style == RN_PLOT_KERAS3 ? " [penwidth=2];\n" : ";\n");
    }
}

/**
 * rn_plot_to_dot:
 * @options: what to show
 *
 * The graph that plot_model gives to Graphviz, in the form in which pydot writes it, with the
 * layers' names as ids. Nodes and edges stand in the order of the model's layers.
 *
 * Returns: (transfer full): DOT text, UTF-8
 */
char *
rn_plot_to_dot (const RnModel *model, const RnPlotOptions *options)
{
  GString *dot = g_string_new ("digraph G {\nconcentrate=True;\n");
  char dpi[G_ASCII_DTOSTR_BUF_SIZE], nodesep[G_ASCII_DTOSTR_BUF_SIZE];
  int n;

  g_return_val_if_fail (model != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  g_ascii_formatd (dpi, sizeof dpi, "%.10g", rn_plot_options_get_dpi (options));
  g_string_append_printf (dot, "dpi=%s;\nrankdir=%s;\n", dpi, options->rankdir);
  if (options->nodesep > 0)
    g_string_append_printf (dot, "nodesep=%s;\n",
                            g_ascii_formatd (nodesep, sizeof nodesep, "%.6g", options->nodesep));
  if (options->splines != NULL && options->style == RN_PLOT_KERAS3)
    g_string_append_printf (dot, "splines=%s;\n", options->splines);
  g_string_append (dot, "node [shape=record];\n");

  n = rn_model_get_n_layers (model);
  for (int i = 0; i < n; i++)
    append_node (dot, model, rn_model_get_layer (model, i), options);
  for (int i = 0; i < n; i++)
    append_edges (dot, model, rn_model_get_layer (model, i), options);
  g_string_append (dot, "}\n");

  return g_string_free (dot, FALSE);
}
