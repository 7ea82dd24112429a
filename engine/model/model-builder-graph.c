/* The graph of the layers that were added: names resolved, circles refused, put in Keras' order. */
#include "engine/model/model-builder-private.h"

#define MAX_NAME 512

RnPendingLayer *
rn_model_builder_get_pending (RnModelBuilder *self, int i)
{
  return g_ptr_array_index (self->layers, i);
}

void
rn_builder_graph_clear (RnBuilderGraph *graph)
{
  for (int i = 0; i < graph->n; i++)
    g_free (graph->inputs[i]);
  g_free (graph->inputs);
  g_free (graph->n_inputs);
  g_free (graph->n_consumers);
  g_free (graph->preorder);
  g_free (graph->depth);
  g_clear_pointer (&graph->index_of, g_hash_table_unref);
  g_clear_pointer (&graph->outputs, g_array_unref);
  g_clear_pointer (&graph->postorder, g_array_unref);
}

static void
graph_init (RnBuilderGraph *graph, int n)
{
  graph->n = n;
  graph->index_of = g_hash_table_new (g_str_hash, g_str_equal);
  graph->inputs = g_new0 (int *, n);
  graph->n_inputs = g_new0 (int, n);
  graph->n_consumers = g_new0 (int, n);
  graph->preorder = g_new (int, n);
  graph->depth = g_new0 (int, n);
  graph->outputs = g_array_new (FALSE, FALSE, sizeof (int));
  graph->postorder = g_array_sized_new (FALSE, FALSE, sizeof (int), n);
  for (int i = 0; i < n; i++)
    graph->preorder[i] = -1;
}

static gboolean
is_printable (const char *name)
{
  if (!g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

static gboolean
index_names (RnModelBuilder *self, RnBuilderGraph *graph, GError **error)
{
  for (int i = 0; i < graph->n; i++)
    {
      const char *name = rn_model_builder_get_pending (self, i)->name;

      if (*name == '\0' || strlen (name) > MAX_NAME || !is_printable (name))
        {
          g_autofree char *safe = g_strescape (name, NULL);

          g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                       "layer %d is named “%.60s”; 1 to %d bytes of printable UTF-8 would be right",
                       i + 1, safe, MAX_NAME);
          return FALSE;
        }
      if (!g_hash_table_insert (graph->index_of, (gpointer)name, GINT_TO_POINTER (i + 1)))
        {
          g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                       "two layers are named “%s”; names must be unique", name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
resolve_inputs (RnModelBuilder *self, RnBuilderGraph *graph, GError **error)
{
  for (int i = 0; i < graph->n; i++)
    {
      RnPendingLayer *pending = rn_model_builder_get_pending (self, i);

      graph->n_inputs[i] = g_strv_length (pending->inputs);
      graph->inputs[i] = g_new (int, graph->n_inputs[i]);
      for (int k = 0; k < graph->n_inputs[i]; k++)
        {
          int input =
              GPOINTER_TO_INT (g_hash_table_lookup (graph->index_of, pending->inputs[k])) - 1;

          if (input < 0)
            {
              g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                           "layer “%s” takes its input from “%s”, which does not exist",
                           pending->name, pending->inputs[k]);
              return FALSE;
            }
          graph->inputs[i][k] = input;
          graph->n_consumers[input]++;
        }
    }

  return TRUE;
}

static gboolean
resolve_outputs (RnModelBuilder *self, RnBuilderGraph *graph, GError **error)
{
  for (guint k = 0; k < self->outputs->len; k++)
    {
      const char *name = g_ptr_array_index (self->outputs, k);
      int output = GPOINTER_TO_INT (g_hash_table_lookup (graph->index_of, name)) - 1;

      if (output < 0)
        {
          g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                       "the output “%s” is no layer of the model", name);
          return FALSE;
        }
      g_array_append_val (graph->outputs, output);
    }

  for (int i = 0; self->outputs->len == 0 && i < graph->n; i++)
    if (graph->n_consumers[i] == 0)
      g_array_append_val (graph->outputs, i);

  if (graph->outputs->len == 0)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                   "the model has no output: its layers go round in a circle");
      return FALSE;
    }

  return TRUE;
}

/* Keras numbers layers as a depth-first search from the outputs meets them
 * (Network._map_graph_network). With a stack of its own, since a stranger's graph may be deep. */
static gboolean
search (RnModelBuilder *self, RnBuilderGraph *graph, GError **error)
{
  g_autofree int *next_input = g_new0 (int, graph->n);
  g_autofree gboolean *finished = g_new0 (gboolean, graph->n);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (int));
  int n_reached = 0;

  for (guint k = 0; k < graph->outputs->len; k++)
    {
      int start = g_array_index (graph->outputs, int, k);

      if (graph->preorder[start] >= 0)
        continue;
      graph->preorder[start] = n_reached++;
      g_array_append_val (stack, start);

      while (stack->len > 0)
        {
          int node = g_array_index (stack, int, stack->len - 1);
          int input;

          if (next_input[node] == graph->n_inputs[node])
            {
              finished[node] = TRUE;
              g_array_append_val (graph->postorder, node);
              g_array_set_size (stack, stack->len - 1);
              continue;
            }

          input = graph->inputs[node][next_input[node]++];
          if (graph->preorder[input] < 0)
            {
              graph->preorder[input] = n_reached++;
              g_array_append_val (stack, input);
            }
          else if (!finished[input])
            {
              g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
                           "layer “%s” feeds itself in a circle; a network has none",
                           rn_model_builder_get_pending (self, input)->name);
              return FALSE;
            }
        }
    }

  return TRUE;
}

/* Depth: the longest way to an output. */
static void
measure_depth (RnBuilderGraph *graph)
{
  for (int p = graph->postorder->len - 1; p >= 0; p--)
    {
      int node = g_array_index (graph->postorder, int, p);

      for (int k = 0; k < graph->n_inputs[node]; k++)
        {
          int input = graph->inputs[node][k];

          graph->depth[input] = MAX (graph->depth[input], graph->depth[node] + 1);
        }
    }
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  const RnBuilderGraph *graph = data;
  int i = *(const int *)a, k = *(const int *)b;

  if (graph->depth[i] != graph->depth[k])
    return graph->depth[k] - graph->depth[i];

  return graph->preorder[i] - graph->preorder[k];
}

/**
 * rn_builder_graph_init:
 * @graph: (out caller-allocates): clear it, whatever is returned
 *
 * Resolves the names of a builder's layers and puts those that lead to an output in order.
 *
 * Returns: whether every connection is valid
 */
gboolean
rn_builder_graph_init (RnBuilderGraph *graph, RnModelBuilder *builder, GError **error)
{
  graph_init (graph, builder->layers->len);
  if (!index_names (builder, graph, error) || !resolve_inputs (builder, graph, error) ||
      !resolve_outputs (builder, graph, error) || !search (builder, graph, error))
    return FALSE;
  measure_depth (graph);
  g_array_sort_with_data (graph->postorder, compare_places, graph);

  return TRUE;
}
