#include "ui/weights/weights-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/model/number.h"
#include "ui/inspector/describe.h"

/* So many classes are named. */
#define N_NAMED 5

/* Takes @text, which is no markup. */
static void
add (GPtrArray *facts, const char *title, char *text)
{
  rn_facts_add (facts, title, g_markup_escape_text (text, -1));
  g_free (text);
}

static char *
describe_classes (const RnNetwork *network, const RnWeightsInfo *info)
{
  char **names = info->labels != NULL ? info->labels : info->classes;
  RnModel *model = rn_network_get_model (network);
  g_autofree char *number = NULL;
  GString *text;
  int n_outputs;

  if (!rn_model_has_top (model))
    return g_strdup (_ ("none: without a classifier"));
  n_outputs = rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape);
  number = rn_number_to_string (n_outputs);
  if (info->n_classes != n_outputs || names == NULL)
    return g_strdup_printf (_ ("%s, not named"), number);

  text = g_string_new (number);
  for (int i = 0; i < MIN (n_outputs, N_NAMED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : ": ", names[i]);
  if (n_outputs > N_NAMED)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

/* The epsilons of all batch norms: one number as a rule. */
static char *
describe_epsilon (const RnBinding *binding, const RnModel *model)
{
  double low = G_MAXDOUBLE, high = 0;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (rn_model_get_layer (model, i)->kind == RN_LAYER_BATCH_NORM)
      {
        double epsilon = rn_binding_get_epsilon (binding, i);

        low = MIN (low, epsilon);
        high = MAX (high, epsilon);
      }
  if (high == 0)
    return NULL;

  return low == high ? g_strdup_printf ("%g", high) : g_strdup_printf (_ ("%g to %g"), low, high);
}

/* Who names layers like that. */
static const char *
get_generation (const RnWeights *weights)
{
  static const struct
  {
    const char *prefix, *title;
  } generations[] = {
    { "bn_conv1", N_ ("of Keras 2 (conv1, res2a_branch2a, …)") },
    { "conv1_conv", N_ ("of Keras 3 (conv1_conv, conv2_block1_1_conv, …)") },
    { "layer1.0.", N_ ("of PyTorch (conv1, layer1.0.conv1, …)") },
    { "conv2d", N_ ("given by Keras (conv2d, conv2d_1, …)") },
  };

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (guint k = 0; k < G_N_ELEMENTS (generations); k++)
      if (g_str_has_prefix (rn_weights_get_layer_name (weights, i), generations[k].prefix))
        return _ (generations[k].title);

  return _ ("the file's own");
}

static char *
describe_names (const RnBinding *binding, const RnWeights *weights)
{
  return g_strdup_printf (rn_binding_is_identity (binding)
                              ? "%s"
                              : _ ("%s; the model's are others, see below"),
                          get_generation (weights));
}

static const char *
get_preprocess_words (RnPreprocess preprocess)
{
  static const char *const words[] = {
    [RN_PREPROCESS_CAFFE] = N_ ("caffe: blue, green, red, minus 103.939, 116.779, 123.68"),
    [RN_PREPROCESS_TORCH]
    = N_ ("torch: / 255, minus 0.485, 0.456, 0.406, over 0.229, 0.224, 0.225"),
    [RN_PREPROCESS_UNIT] = N_ ("unit: / 255"),
    [RN_PREPROCESS_RAW] = N_ ("raw: 0 to 255 as they are"),
  };

  return _ (words[preprocess]);
}

static char *
describe_preprocess (const RnNetwork *network)
{
  const char *words = get_preprocess_words (rn_network_get_preprocess (network));

  if (rn_network_get_weights (network)->preprocess != NULL)
    return g_strdup (words);

  return g_strdup_printf (rn_network_get_entry (network) != NULL
                              ? _ ("%s (usual for the model; the file does not say)")
                              : _ ("%s (assumed; the file does not say)"),
                          words);
}

static char *
describe_values (RnWeights *weights)
{
  g_autofree char *number = NULL;
  gint64 n = 0;
  int n_layers = 0;

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    {
      n_layers += rn_weights_get_n_tensors (weights, i) > 0;
      for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
        n += rn_tensor_get_n_elements (rn_weights_get_tensor (weights, i, j, NULL));
    }
  number = rn_number_to_string (n);

  return g_strdup_printf (g_dngettext (NULL, "%s in %d layer", "%s in %d layers", n_layers), number,
                          n_layers);
}

static void
add_binding (GPtrArray *facts, const RnNetwork *network)
{
  RnBinding *binding = rn_network_get_binding (network);
  RnWeights *weights = rn_binding_get_weights (binding);
  char *epsilon = describe_epsilon (binding, rn_network_get_model (network));

  if (epsilon != NULL)
    add (facts, _ ("Epsilon"), epsilon);
  add (facts, _ ("Names"), describe_names (binding, weights));
  add (facts, _ ("Pre-processing"), describe_preprocess (network));
  add (facts, _ ("Values"), describe_values (weights));
}

/**
 * rn_describe_weights:
 *
 * Returns: (transfer full) (element-type RnFact): what is known of a network's weights; what the
 *   file does not say is said to be unknown
 */
GPtrArray *
rn_describe_weights (const RnNetwork *network)
{
  const RnWeightsInfo *info = rn_network_get_weights (network);
  GPtrArray *facts = rn_facts_new ();
  const char *unknown = _ ("not said in the file");

  add (facts, _ ("Model"), g_strdup (rn_model_get_title (rn_network_get_model (network))));
  if (rn_network_get_trouble (network) != NULL)
    {
      add (facts, _ ("Not run"), g_strdup (rn_network_get_trouble (network)));
      return facts;
    }
  if (info->trained)
    {
      add (facts, _ ("Origin"), g_strdup (info->origin != NULL ? info->origin : unknown));
      add (facts, _ ("Licence"), g_strdup (info->license != NULL ? info->license : unknown));
    }
  add (facts, _ ("Classes"), describe_classes (network, info));
  add_binding (facts, network);
  if (rn_network_get_path (network) != NULL)
    add (facts, _ ("File"), g_filename_display_name (rn_network_get_path (network)));

  return facts;
}

/**
 * rn_describe_weights_map:
 *
 * Returns: (transfer full) (nullable): which layer of the file feeds which of the model, in lines;
 *   %NULL where the names are the same
 */
char *
rn_describe_weights_map (const RnNetwork *network)
{
  const RnBinding *binding = rn_network_get_binding (network);
  const RnModel *model = rn_network_get_model (network);
  GString *text;

  if (binding == NULL || (rn_binding_is_identity (binding) && rn_binding_get_n_unused (binding) == 0))
    return NULL;

  text = g_string_new (NULL);
  for (int i = 0; i < rn_model_get_n_layers (model) && !rn_binding_is_identity (binding); i++)
    if (rn_binding_get_source (binding, i) != NULL)
      g_string_append_printf (text, "%s → %s\n", rn_binding_get_source (binding, i),
                              rn_model_get_layer (model, i)->name);
  for (int i = 0; i < rn_binding_get_n_unused (binding); i++)
    g_string_append_printf (text, _ ("%s is passed over\n"), rn_binding_get_unused (binding, i));

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): what to call a network's weights in a few words */
char *
rn_get_weights_title (const RnNetwork *network)
{
  const RnWeightsInfo *info = rn_network_get_weights (network);

  if (rn_network_get_trouble (network) != NULL)
    return g_strdup (_ ("cannot be run"));
  if (!info->trained)
    return g_strdup (_ ("untrained"));
  if (g_strcmp0 (rn_network_get_path (network), rn_network_get_id (network)) == 0)
    return g_strdup (_ ("the file’s own weights"));

  return g_strdup (info->name != NULL ? info->name : _ ("without a name"));
}
