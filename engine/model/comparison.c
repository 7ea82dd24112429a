#include "engine/model/comparison-private.h"

#define MAX_NAMES 3

struct _RnComparison
{
  RnModel *a, *b;
  GArray *items_a, *items_b; /* of RnItem */
  GArray *pairs;             /* of RnLayerPair, of items */
  GArray *layer_pairs;       /* likewise, of layers */
  int *partner_a, *partner_b;
  gboolean folded; /* one side has its batch norms in its convolutions */
  GPtrArray *differences;
  GHashTable *groups; /* a difference's key to itself */
  double distance;
};

/* What a trait is called, and why it matters. */
static const struct
{
  const char *kind;
  const char *what;
  const char *why;
} traits[RN_N_TRAITS] = {
  [RN_TRAIT_INPUT] = { "input", "input", "every map that follows has another size" },
  [RN_TRAIT_FILTERS] = { "filters", "number of filters",
                         "the layer and those behind it have other parameters, and weights do not fit" },
  [RN_TRAIT_KERNEL] = { "kernel", "kernel size",
                        "each unit sees another part of the map, and weights do not fit" },
  [RN_TRAIT_STRIDE] = { "stride", "stride",
                        "the maps behind it have another size; a 1x1 convolution of stride 2 passes over "
                        "three quarters of its input (He T. et al. 2019)" },
  [RN_TRAIT_DILATION] = { "dilation", "dilation", "the same weights look at pixels further apart" },
  [RN_TRAIT_GROUPS] = { "groups", "number of groups",
                        "each filter sees another share of the channels, and weights do not fit" },
  [RN_TRAIT_POOL] = { "pool", "pooling window", "each unit sums up another part of the map" },
  [RN_TRAIT_BIAS] = { "bias", "bias",
                      "before a batch normalization, which subtracts the mean, a bias has no effect but "
                      "its parameters; elsewhere the layer cannot shift its output without one" },
  [RN_TRAIT_EPSILON] = { "epsilon", "epsilon of the batch normalization",
                         "weights that were trained with the other give slightly other numbers, most "
                         "where the variance is small (Ioffe, Szegedy 2015)" },
  [RN_TRAIT_SCALE] = { "scale", "scale and offset of the batch normalization",
                       "it can no longer undo its own normalization (Ioffe, Szegedy 2015, sec. 3)" },
  [RN_TRAIT_ACTIVATION] = { "activation", "activation",
                            "the units answer otherwise to the same input" },
  [RN_TRAIT_UNITS] = { "units", "number of units of the Dense layer",
                       "a classifier has one for each class" },
  [RN_TRAIT_SHAPE] = { "shape", "shape that Reshape makes", "the layers behind it see other axes" },
  [RN_TRAIT_PADDING] = { "padding", "padding",
                         "the map's border is seen otherwise, and maps may have another size" },
};

static const RnItem *
get_a (const RnComparison *self, int i)
{
  return &g_array_index (self->items_a, RnItem, i);
}

static const RnItem *
get_b (const RnComparison *self, int i)
{
  return &g_array_index (self->items_b, RnItem, i);
}

static void
difference_free (gpointer data)
{
  RnDifference *difference = data;

  g_free (difference->a);
  g_free (difference->b);
  g_free (difference->layers);
  g_free (difference->text);
  g_free (difference);
}

/* Adds a place to a difference; places of which the same is to be said make one. */
static RnDifference *
add_place (RnComparison *self,
           const char *kind,
           const char *topic,
           const char *a,
           const char *b,
           int layer_a,
           int layer_b)
{
  g_autofree char *key
      = g_strdup_printf ("%s\n%s\n%s\n%s", kind, topic, a != NULL ? a : "", b != NULL ? b : "");
  RnDifference *difference = g_hash_table_lookup (self->groups, key);

  if (difference == NULL)
    {
      difference = g_new0 (RnDifference, 1);
      difference->kind = kind;
      difference->a = g_strdup (a);
      difference->b = g_strdup (b);
      g_ptr_array_add (self->differences, difference);
      g_hash_table_insert (self->groups, g_steal_pointer (&key), difference);
    }
  if ((difference->n_layers & (difference->n_layers - 1)) == 0)
    difference->layers = g_renew (RnLayerPair, difference->layers, MAX (2 * difference->n_layers, 1));
  difference->layers[difference->n_layers++] = (RnLayerPair) { layer_a, layer_b };

  return difference;
}

/* "in 12 places (conv2d_5, conv2d_9, conv2d_12, …)" */
static char *
get_places (const RnComparison *self, const RnDifference *difference)
{
  GString *text = g_string_new (NULL);

  if (difference->n_layers > 1)
    g_string_append_printf (text, "in %d places (", difference->n_layers);
  else
    g_string_append (text, "at ");
  for (int i = 0; i < MIN (difference->n_layers, MAX_NAMES); i++)
    {
      RnLayerPair pair = difference->layers[i];
      const RnLayer *a = pair.a >= 0 ? rn_model_get_layer (self->a, pair.a) : NULL;
      const RnLayer *b = pair.b >= 0 ? rn_model_get_layer (self->b, pair.b) : NULL;

      g_string_append (text, i > 0 ? ", " : "");
      if (a != NULL && b != NULL && !g_str_equal (a->name, b->name))
        g_string_append_printf (text, "%s / %s", a->name, b->name);
      else
        g_string_append (text, a != NULL ? a->name : b->name);
    }
  if (difference->n_layers > MAX_NAMES)
    g_string_append (text, ", …");
  if (difference->n_layers > 1)
    g_string_append (text, ")");

  return g_string_free (text, FALSE);
}

G_GNUC_PRINTF (3, 4)
static void
set_text (const RnComparison *self, RnDifference *difference, const char *format, ...)
{
  g_autofree char *places = get_places (self, difference);
  g_autofree char *head = NULL;
  char **parts;
  va_list args;

  va_start (args, format);
  head = g_strdup_vprintf (format, args);
  va_end (args);
  parts = g_strsplit (head, "@", 2); /* @ stands for the places */
  g_free (difference->text);
  difference->text = g_strjoinv (places, parts);
  g_strfreev (parts);
}

static gboolean
is_relu (const RnItem *item)
{
  return item->kind == RN_LAYER_ACTIVATION
         && item->traits[RN_TRAIT_ACTIVATION][0] == RN_ACTIVATION_RELU;
}

static gboolean
feeds_add (const RnModel *model, const RnItem *item)
{
  const RnLayer *layer = rn_model_get_layer (model, item->layer);

  return layer->n_outputs == 1
         && rn_model_get_layer (model, layer->outputs[0])->kind == RN_LAYER_ADD;
}

static const char *
get_block_kind (const RnModel *model, const RnItem *item)
{
  const RnBlock *block
      = rn_structure_find_block (rn_model_get_structure (model), item->layer);

  return block != NULL ? rn_shortcut_kind_get_label (block->kind) : "";
}

/* Why it matters that a layer is there or not. */
static const char *
get_layer_reason (const RnItem *item)
{
  switch ((int) item->kind)
    {
    case RN_LAYER_BATCH_NORM:
      return "without it the signal's scale drifts from layer to layer, and training takes a smaller "
             "learning rate (Ioffe, Szegedy 2015)";
    case RN_LAYER_ACTIVATION:
      if (item->traits[RN_TRAIT_ACTIVATION][0] == RN_ACTIVATION_SOFTMAX)
        return "with it the answer is a probability for each class, without it only a score (logit); "
               "the best class is the same";
      return "without one between them two linear layers are no more than one";
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return "the depth and the parameters differ";
    case RN_LAYER_ADD:
      return "this is the shortcut's end: without it the network is a plain one, which degrades as it "
             "gets deeper (He et al. 2015, fig. 1)";
    case RN_LAYER_SHORTCUT_PADDING:
      return "a shortcut that changes size needs zeros or a projection (He et al. 2015, sec. 3.3)";
    case RN_LAYER_DENSE:
      return "this is the classifier: without it the network gives features, no classes";
    case RN_LAYER_DROPOUT:
      return "it changes how the network learns, and nothing once it has learnt";
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      return "the maps behind it have another size";
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
    case RN_LAYER_GLOBAL_MAX_POOL:
      return "it makes one number of each map, for the classifier";
    default:
      return "what is computed differs";
    }
}

static void
describe_relu (RnComparison *self, RnDifference *difference, const char *block, gboolean extra)
{
  int n = difference->n_layers;

  set_text (self, difference,
            "%s ReLU before the addition in %d %s block%s, @: the branch can then only add, never "
            "subtract; the paper adds before the ReLU (He et al. 2015, fig. 2), and with it ResNet-110 "
            "errs by 7.84 %% instead of 6.61 %% on CIFAR-10 (He et al. 2016, table 2)%s",
            extra ? "an extra" : "no", n, block, n > 1 ? "s" : "",
            extra ? "" : ": A has it, B does as the paper");
}

/* A layer that only one side has. */
static void
add_single (RnComparison *self, const RnItem *item, gboolean extra)
{
  const RnModel *model = extra ? self->b : self->a;
  g_autofree char *title = rn_item_get_title (model, item);
  gboolean before_add = is_relu (item) && feeds_add (model, item);
  const char *topic = before_add ? get_block_kind (model, item) : "";
  const char *kind = extra ? "extra" : "missing";
  RnDifference *difference;

  if (self->folded && item->kind == RN_LAYER_BATCH_NORM)
    {
      difference = add_place (self, "equivalent", "folded", extra ? NULL : title, extra ? title : NULL,
                              extra ? -1 : item->layer, extra ? item->layer : -1);
      set_text (self, difference,
                "%s has batch normalizations, @, that %s has folded into its convolutions' weights: once "
                "trained both compute the same",
                extra ? "B" : "A", extra ? "A" : "B");
      return;
    }

  difference
      = add_place (self, kind, topic, extra ? NULL : title, extra ? title : NULL,
                   extra ? -1 : item->layer, extra ? item->layer : -1);
  self->distance += difference->n_layers == 1 ? 4 : 1;
  if (before_add)
    describe_relu (self, difference, topic, extra);
  else
    set_text (self, difference, "%s: B has %s, @: %s", title,
              extra ? "it where A has none" : "none where A has it", get_layer_reason (item));
}

/* Whole blocks that only one side has, each one place; their items are marked as told. */
static void
add_blocks (RnComparison *self, gboolean extra, gboolean *told)
{
  const RnModel *model = extra ? self->b : self->a;
  const GArray *items = extra ? self->items_b : self->items_a;
  const int *partner = extra ? self->partner_b : self->partner_a;
  const RnStructure *structure = rn_model_get_structure (model);
  g_autofree int *n_items = g_new0 (int, structure->n_blocks + 1);
  g_autofree int *n_single = g_new0 (int, structure->n_blocks + 1);

  for (guint i = 0; i < items->len; i++)
    {
      int block = structure->block_of[g_array_index (items, RnItem, i).layer];

      if (block < 0)
        continue;
      n_items[block]++;
      n_single[block] += partner[i] < 0;
    }
  for (int k = 0; k < structure->n_blocks; k++)
    {
      const RnBlock *block = &structure->blocks[k];
      g_autofree char *title = NULL;
      RnDifference *difference;

      if (n_items[k] == 0 || n_single[k] < n_items[k])
        continue;
      title = g_strdup_printf ("block of %d layers, shortcut: %s", block->n_layers,
                               rn_shortcut_kind_get_label (block->kind));
      difference = add_place (self, extra ? "extra" : "missing", "block", extra ? NULL : title,
                              extra ? title : NULL, extra ? -1 : block->add, extra ? block->add : -1);
      self->distance += 4;
      set_text (self, difference, "%d whole block%s (%s) that only %s has, @: the depth differs",
                difference->n_layers, difference->n_layers > 1 ? "s" : "", title, extra ? "B" : "A");
    }
  for (guint i = 0; i < items->len; i++)
    {
      int block = structure->block_of[g_array_index (items, RnItem, i).layer];

      told[i] = block >= 0 && n_items[block] > 0 && n_single[block] == n_items[block];
    }
}

static void
add_replaced (RnComparison *self, const RnItem *a, const RnItem *b)
{
  g_autofree char *title_a = rn_item_get_title (self->a, a);
  g_autofree char *title_b = rn_item_get_title (self->b, b);
  RnDifference *difference
      = add_place (self, "replaced", "", title_a, title_b, a->layer, b->layer);
  gboolean shortcut = (a->kind == RN_LAYER_SHORTCUT_PADDING) != (b->kind == RN_LAYER_SHORTCUT_PADDING);

  self->distance += difference->n_layers == 1 ? 4 : 1;
  set_text (self, difference, "A has a %s where B has a %s, @: %s", title_a, title_b,
            shortcut ? "the paper's CIFAR nets keep shortcuts free of parameters (option A, He et al. "
                       "2015, sec. 4.2); projections (option B) learn how to widen"
                     : get_layer_reason (a));
}

/* What one says of two ways to write the same. */
static void
add_form (RnComparison *self, const RnItem *a, const RnItem *b)
{
  static const char *const forms[] = {
    [RN_FORM_PLAIN] = "as a layer of its own",
    [RN_FORM_WITHIN] = "as an argument of the layer before it",
    [RN_FORM_RELU] = "as a ReLU layer",
    [RN_FORM_SAME] = "as padding='same'",
    [RN_FORM_ZERO_PADDING] = "as a ZeroPadding2D before the layer",
    [RN_FORM_EXPLICIT] = "as borders of the layer",
    [RN_FORM_POOL] = "as a pooling of the whole map",
  };
  g_autofree char *title = rn_item_get_title (self->a, a);
  gboolean border = a->form == RN_FORM_SAME || a->form == RN_FORM_ZERO_PADDING
                    || a->form == RN_FORM_EXPLICIT || b->form == RN_FORM_SAME
                    || b->form == RN_FORM_ZERO_PADDING || b->form == RN_FORM_EXPLICIT;
  RnDifference *difference;

  /* No border at all is no way of writing one. */
  if (a->form == b->form || (border && (a->form == RN_FORM_PLAIN || b->form == RN_FORM_PLAIN)))
    return;

  difference = add_place (self, "equivalent", border ? "border" : title, forms[a->form], forms[b->form],
                          a->layer, b->layer);
  set_text (self, difference, "%s: A writes it %s, B %s, @: the same is computed",
            border ? "the map's border" : title, forms[a->form], forms[b->form]);
}

static void
compare_traits (RnComparison *self, const RnItem *a, const RnItem *b)
{
  for (RnTrait t = 0; t < RN_N_TRAITS; t++)
    {
      g_autofree char *value_a = NULL;
      g_autofree char *value_b = NULL;
      RnDifference *difference;

      if (rn_items_equal (a, b, t)
          || (t == RN_TRAIT_BIAS && self->folded && a->kind != RN_LAYER_DENSE))
        continue;
      value_a = rn_item_to_string (a, t);
      value_b = rn_item_to_string (b, t);
      difference = add_place (self, traits[t].kind, "", value_a, value_b, a->layer, b->layer);
      self->distance += difference->n_layers == 1 ? 2 : 0.5;
      set_text (self, difference, "%s: %s in A, %s in B, @: %s", traits[t].what, value_a, value_b,
                traits[t].why);
    }
  if (rn_items_equal (a, b, RN_TRAIT_PADDING))
    add_form (self, a, b);
}

/* The item that an input comes from, past items that the other side lacks. */
static int
find_source (const GArray *items, const int *partner, int item)
{
  while (item >= 0 && partner[item] < 0)
    {
      const RnItem *source = &g_array_index (items, RnItem, item);

      item = source->n_inputs > 0 ? source->inputs[0] : -1;
    }

  return item;
}

static void
compare_inputs (RnComparison *self, const RnItem *a, const RnItem *b)
{
  int n = MIN (a->n_inputs, b->n_inputs);
  gboolean same_order = a->n_inputs < 2 || a->first_argument == b->first_argument;
  gboolean connected = a->n_inputs == b->n_inputs, crossed = n == 2;
  RnDifference *difference;

  for (int i = 0; i < n; i++)
    {
      int source_a = find_source (self->items_a, self->partner_a, a->inputs[i]);
      int source_b = find_source (self->items_b, self->partner_b, b->inputs[i]);
      int other_b
          = n == 2 ? find_source (self->items_b, self->partner_b, b->inputs[1 - i]) : -1;

      connected = connected && (source_a < 0 ? source_b < 0 : self->partner_a[source_a] == source_b);
      crossed = crossed && source_a >= 0 && self->partner_a[source_a] == other_b;
    }
  if (!connected && crossed && a->kind != RN_LAYER_CONCATENATE)
    {
      connected = TRUE;
      same_order = FALSE;
    }
  if (!connected)
    {
      g_autofree char *title = rn_item_get_title (self->a, a);

      difference = add_place (self, "connection", "", title, title, a->layer, b->layer);
      self->distance += 2;
      set_text (self, difference, "%s takes its input from another place in B than in A, @: the signal "
                                  "goes another way",
                title);
    }
  else if (!same_order && (a->kind == RN_LAYER_ADD || a->kind == RN_LAYER_MULTIPLY))
    {
      difference = add_place (self, "equivalent", "order",
                              a->first_argument == 0 ? "branch first" : "shortcut first",
                              b->first_argument == 0 ? "branch first" : "shortcut first", a->layer,
                              b->layer);
      self->distance += difference->n_layers == 1 ? 0.25 : 0;
      set_text (self, difference,
                "order of the addition's inputs: the %s in A, the %s in B, @: a sum is the same either "
                "way",
                difference->a, difference->b);
    }
}

static gboolean
has_kind (const GArray *items, RnLayerKind kind)
{
  for (guint i = 0; i < items->len; i++)
    if (g_array_index (items, RnItem, i).kind == kind)
      return TRUE;

  return FALSE;
}

static gboolean
all_convs_have_bias (const GArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const RnItem *item = &g_array_index (items, RnItem, i);

      if ((item->kind == RN_LAYER_CONV || item->kind == RN_LAYER_DEPTHWISE_CONV)
          && item->traits[RN_TRAIT_BIAS][0] == 0)
        return FALSE;
    }

  return TRUE;
}

static void
align (RnComparison *self)
{
  gboolean norm_a = has_kind (self->items_a, RN_LAYER_BATCH_NORM);
  gboolean norm_b = has_kind (self->items_b, RN_LAYER_BATCH_NORM);

  self->folded = norm_a != norm_b && all_convs_have_bias (norm_a ? self->items_b : self->items_a);
  self->pairs = rn_items_align (self->items_a, self->items_b);
  self->partner_a = g_new (int, self->items_a->len + 1);
  self->partner_b = g_new (int, self->items_b->len + 1);
  self->layer_pairs = g_array_new (FALSE, FALSE, sizeof (RnLayerPair));
  for (guint i = 0; i < self->pairs->len; i++)
    {
      RnLayerPair pair = g_array_index (self->pairs, RnLayerPair, i);
      RnLayerPair layers = { pair.a >= 0 ? get_a (self, pair.a)->layer : -1,
                             pair.b >= 0 ? get_b (self, pair.b)->layer : -1 };

      if (pair.a >= 0)
        self->partner_a[pair.a] = pair.b;
      if (pair.b >= 0)
        self->partner_b[pair.b] = pair.a;
      g_array_append_val (self->layer_pairs, layers);
    }
}

static void
collect (RnComparison *self)
{
  g_autofree gboolean *told_a = g_new0 (gboolean, self->items_a->len + 1);
  g_autofree gboolean *told_b = g_new0 (gboolean, self->items_b->len + 1);

  add_blocks (self, FALSE, told_a);
  add_blocks (self, TRUE, told_b);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      RnLayerPair pair = g_array_index (self->pairs, RnLayerPair, i);
      const RnItem *a = pair.a >= 0 ? get_a (self, pair.a) : NULL;
      const RnItem *b = pair.b >= 0 ? get_b (self, pair.b) : NULL;

      if (b == NULL && !told_a[pair.a])
        add_single (self, a, FALSE);
      else if (a == NULL && !told_b[pair.b])
        add_single (self, b, TRUE);
      if (a == NULL || b == NULL)
        continue;
      if (a->kind != b->kind)
        add_replaced (self, a, b);
      else
        compare_traits (self, a, b);
      compare_inputs (self, a, b);
    }
}

/**
 * rn_comparison_new:
 * @a: (transfer none): the network that is held to be right
 * @b: (transfer none): the one that is checked against it
 *
 * Aligns both graphs by structure. Cost: the product of their layers, a few milliseconds for a hundred.
 *
 * Returns: (transfer full): the differences
 */
RnComparison *
rn_comparison_new (RnModel *a, RnModel *b)
{
  RnComparison *self;

  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  self = g_new0 (RnComparison, 1);
  self->a = rn_model_ref (a);
  self->b = rn_model_ref (b);
  self->items_a = rn_items_new (a);
  self->items_b = rn_items_new (b);
  self->differences = g_ptr_array_new_with_free_func (difference_free);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  align (self);
  collect (self);

  return self;
}

void
rn_comparison_free (RnComparison *self)
{
  if (self == NULL)
    return;

  rn_model_unref (self->a);
  rn_model_unref (self->b);
  g_array_unref (self->items_a);
  g_array_unref (self->items_b);
  g_array_unref (self->pairs);
  g_array_unref (self->layer_pairs);
  g_free (self->partner_a);
  g_free (self->partner_b);
  g_ptr_array_unref (self->differences);
  g_hash_table_unref (self->groups);
  g_free (self);
}

/* Whether both compute the same: nothing differs, or only how it is written. */
gboolean
rn_comparison_is_same (const RnComparison *self)
{
  for (guint i = 0; i < self->differences->len; i++)
    if (!g_str_equal (rn_comparison_get (self, i)->kind, "equivalent"))
      return FALSE;

  return TRUE;
}

/* How far apart the two are, to find the nearest of several; 0 for the same. */
double
rn_comparison_get_distance (const RnComparison *self)
{
  return self->distance;
}

int
rn_comparison_get_n (const RnComparison *self)
{
  return self->differences->len;
}

const RnDifference *
rn_comparison_get (const RnComparison *self, int i)
{
  g_return_val_if_fail (i >= 0 && i < (int) self->differences->len, NULL);

  return g_ptr_array_index (self->differences, i);
}

/**
 * rn_comparison_get_pairs:
 * @n_pairs: (out): how many
 *
 * Returns: (transfer none): the layers of both in one order, each beside the one that it stands for; a
 *   layer that is only a way of writing (a border, a reshape) is left out
 */
const RnLayerPair *
rn_comparison_get_pairs (const RnComparison *self, int *n_pairs)
{
  *n_pairs = self->layer_pairs->len;

  return (const RnLayerPair *) self->layer_pairs->data;
}

/* The units of a model's last Dense layer; 0 where it has none. */
static int
get_classes (const RnModel *model)
{
  for (int i = rn_model_get_n_layers (model) - 1; i >= 0; i--)
    if (rn_model_get_layer (model, i)->kind == RN_LAYER_DENSE)
      return rn_model_get_layer (model, i)->config.dense.units;

  return 0;
}

/**
 * rn_comparison_find_variant:
 * @id: a built-in model
 * @other: what it will be compared with
 * @variant: (out) (optional): the variant that was found
 *
 * Returns: (transfer full) (nullable): that variant of the built-in model (generation of names, top,
 *   classes, input size) from which @other differs least
 */
RnModel *
rn_comparison_find_variant (const char *id, RnModel *other, RnVariant *variant, GError **error)
{
  const RnCatalogEntry *entry = rn_catalog_find (id, error);
  const RnShape *input = &rn_model_get_input (other)->output_shape;
  g_autoptr (RnModel) best = NULL;
  double distance = G_MAXDOUBLE;

  if (entry == NULL)
    return NULL;
  for (int i = 0; i < 8; i++)
    {
      RnVariant candidate = RN_VARIANT_DEFAULT;
      g_autoptr (RnModel) model = NULL;
      g_autoptr (RnComparison) comparison = NULL;

      candidate.names = i & 1 ? RN_NAMES_KERAS3 : RN_NAMES_KERAS2;
      candidate.top = (i & 2) == 0;
      if (i & 4)
        candidate.classes = get_classes (other);
      if (input->rank == 3 && input->dims[0] == input->dims[1])
        candidate.input_size = input->dims[0];
      model = rn_catalog_build (id, &candidate, NULL);
      if (model == NULL)
        {
          candidate.input_size = 0; /* too small or too large for it */
          model = rn_catalog_build (id, &candidate, NULL);
        }
      if (model == NULL)
        continue;
      comparison = rn_comparison_new (model, other);
      if (rn_comparison_get_distance (comparison) >= distance)
        continue;

      distance = rn_comparison_get_distance (comparison);
      g_clear_pointer (&best, rn_model_unref);
      best = g_steal_pointer (&model);
      if (variant != NULL)
        *variant = candidate;
    }

  return g_steal_pointer (&best);
}
