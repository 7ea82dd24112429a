/* From two aligned rows of items to the differences. */
#include "engine/model/comparison-private.h"

static gboolean
is_relu (const RnItem *item)
{
  return item->kind == RN_LAYER_ACTIVATION &&
         item->traits[RN_TRAIT_ACTIVATION][0] == RN_ACTIVATION_RELU;
}

static gboolean
feeds_add (const RnModel *model, const RnItem *item)
{
  const RnLayer *layer = rn_model_get_layer (model, item->layer);

  return layer->n_outputs == 1 &&
         rn_model_get_layer (model, layer->outputs[0])->kind == RN_LAYER_ADD;
}

static const char *
get_block_kind (const RnModel *model, const RnItem *item)
{
  const RnBlock *block = rn_structure_find_block (rn_model_get_structure (model), item->layer);

  return block != NULL ? rn_shortcut_kind_get_label (block->kind) : "";
}

static void
describe_relu (RnComparison *self, RnDifference *difference, const char *block, gboolean extra)
{
  int n = difference->n_layers;

  rn_comparison_set_text (
      self, difference,
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
      difference = rn_comparison_add_place (self, "equivalent", "folded", extra ? NULL : title,
                                            extra ? title : NULL, extra ? -1 : item->layer,
                                            extra ? item->layer : -1);
      rn_comparison_set_text (
          self, difference,
          "%s has batch normalizations, @, that %s has folded into its convolutions' weights: once "
          "trained both compute the same",
          extra ? "B" : "A", extra ? "A" : "B");
      return;
    }

  difference =
      rn_comparison_add_place (self, kind, topic, extra ? NULL : title, extra ? title : NULL,
                               extra ? -1 : item->layer, extra ? item->layer : -1);
  /* Both sides have the layer that an activation is an argument of, and its parameters. */
  if (item->form == RN_FORM_WITHIN)
    *(extra ? &difference->parameters_b : &difference->parameters_a) -=
        rn_layer_get_n_parameters (rn_model_get_layer (model, item->layer));
  self->distance += difference->n_layers == 1 ? 4 : 1;
  if (before_add)
    describe_relu (self, difference, topic, extra);
  else
    rn_comparison_set_text (self, difference, "%s: B has %s, @: %s", title,
                            extra ? "it where A has none" : "none where A has it",
                            rn_item_get_reason (item));
}

/* Whole blocks that only one side has, each one place; their items are marked as told. */
static void
add_blocks (RnComparison *self, gboolean extra)
{
  gboolean *told = extra ? self->told_b : self->told_a;
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
      difference = rn_comparison_add_place (self, extra ? "extra" : "missing", "block",
                                            extra ? NULL : title, extra ? title : NULL,
                                            extra ? -1 : block->add, extra ? block->add : -1);
      for (int i = 0; i < block->n_layers; i++)
        if (block->layers[i] != block->add)
          *(extra ? &difference->parameters_b : &difference->parameters_a) +=
              rn_layer_get_n_parameters (rn_model_get_layer (model, block->layers[i]));
      self->distance += 4;
      rn_comparison_set_text (
          self, difference,
          "%d whole block%s (%s) that only %s has, @: the depth differs, and with it "
          "what the network can learn (He et al. 2015, tables 1 and 6)",
          difference->n_layers, difference->n_layers > 1 ? "s" : "", title, extra ? "B" : "A");
    }
  for (guint i = 0; i < items->len; i++)
    {
      int block = structure->block_of[g_array_index (items, RnItem, i).layer];

      told[i] = told[i] || (block >= 0 && n_single[block] == n_items[block]);
    }
}

/* Why it matters that one kind of layer stands where the other network has another. */
static const char *
get_replaced_reason (const RnItem *a, const RnItem *b)
{
  RnLayerKind kinds[] = { a->kind, b->kind };

  for (int i = 0; i < 2; i++)
    switch ((int)kinds[i])
      {
      case RN_LAYER_SHORTCUT_PADDING:
        return "the paper's CIFAR nets keep shortcuts free of parameters (option A, He et al. "
               "2015, sec. "
               "4.2); projections (option B) learn how to widen";
      case RN_LAYER_DEPTHWISE_CONV:
      case RN_LAYER_SEPARABLE_CONV:
        return "a depthwise convolution looks at each channel alone: fewer parameters, but nothing "
               "mixes "
               "the channels until a 1×1 convolution does";
      case RN_LAYER_ADD:
        return "only the sum lets the signal, and the gradient on the way back, pass the block "
               "unchanged "
               "(He et al. 2016, eq. 4 and 5)";
      case RN_LAYER_AVERAGE_POOL:
      case RN_LAYER_MAX_POOL:
        return "the maximum keeps the strongest answer in a window, the mean blurs all of them";
      case RN_LAYER_FLATTEN:
        return "flattened, each place of the map has weights of its own, and the network takes one "
               "size "
               "of picture alone; pooling makes one number of each map";
      default:
        break;
      }

  return rn_item_get_reason (a);
}

static void
add_replaced (RnComparison *self, const RnItem *a, const RnItem *b)
{
  g_autofree char *title_a = rn_item_get_title (self->a, a);
  g_autofree char *title_b = rn_item_get_title (self->b, b);
  RnDifference *difference =
      rn_comparison_add_place (self, "replaced", "", title_a, title_b, a->layer, b->layer);

  self->distance += difference->n_layers == 1 ? 4 : 1;
  rn_comparison_set_text (self, difference, "%s in A, %s in B, @: %s", title_a, title_b,
                          get_replaced_reason (a, b));
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
  gboolean border = a->form == RN_FORM_SAME || a->form == RN_FORM_ZERO_PADDING ||
                    a->form == RN_FORM_EXPLICIT || b->form == RN_FORM_SAME ||
                    b->form == RN_FORM_ZERO_PADDING || b->form == RN_FORM_EXPLICIT;
  RnDifference *difference;

  /* No border at all is no way of writing one. */
  if (a->form == b->form || (border && (a->form == RN_FORM_PLAIN || b->form == RN_FORM_PLAIN)))
    return;

  difference = rn_comparison_add_place (self, "equivalent", border ? "border" : title,
                                        forms[a->form], forms[b->form], a->layer, b->layer);
  rn_comparison_set_text (self, difference, "%s: A writes it %s, B %s, @: the same is computed",
                          border ? "the map's border" : title, forms[a->form], forms[b->form]);
}

static void
compare_traits (RnComparison *self, const RnItem *a, const RnItem *b)
{
  gboolean equal = TRUE;

  for (RnTrait t = 0; t < RN_N_TRAITS; t++)
    {
      g_autofree char *value_a = NULL;
      g_autofree char *value_b = NULL;
      RnDifference *difference;

      if (rn_items_equal (a, b, t) ||
          (t == RN_TRAIT_BIAS && self->folded && a->kind != RN_LAYER_DENSE))
        continue;
      equal = equal && t != RN_TRAIT_PADDING && t != RN_TRAIT_ACTIVATION;
      value_a = rn_item_to_string (a, t);
      value_b = rn_item_to_string (b, t);
      difference = rn_comparison_add_place (self, rn_trait_get_kind (t), "", value_a, value_b,
                                            a->layer, b->layer);
      self->distance += difference->n_layers == 1 ? 2 : 0.5;
      rn_comparison_set_text (self, difference, "%s: %s in A, %s in B, @: %s",
                              rn_trait_get_title (t), value_a, value_b,
                              rn_trait_get_reason (t, a, b));
    }
  if (equal)
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

/* Whether one item stands for the other; of blocks in another order the whole does. */
static gboolean
is_counterpart (const RnComparison *self, int a, int b)
{
  if (a < 0 || b < 0)
    return a < 0 && b < 0;

  return self->partner_a[a] == b || (self->order_a[a] > 0 && self->order_a[a] == self->order_b[b]);
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
      int other_b = n == 2 ? find_source (self->items_b, self->partner_b, b->inputs[1 - i]) : -1;

      connected = connected && is_counterpart (self, source_a, source_b);
      crossed = crossed && source_a >= 0 && is_counterpart (self, source_a, other_b);
    }
  if (!connected && crossed && a->kind != RN_LAYER_CONCATENATE)
    {
      connected = TRUE;
      same_order = FALSE;
    }
  if (!connected)
    {
      g_autofree char *title = rn_item_get_title (self->a, a);

      difference =
          rn_comparison_add_place (self, "connection", "", title, title, a->layer, b->layer);
      self->distance += 2;
      rn_comparison_set_text (self, difference,
                              "%s takes its input from another place in B than in A, @: the signal "
                              "goes another way",
                              title);
    }
  else if (!same_order && (a->kind == RN_LAYER_ADD || a->kind == RN_LAYER_MULTIPLY))
    {
      const char *first = a->first_argument == 0 ? "branch first" : "shortcut first";
      const char *other = a->first_argument == 0 ? "shortcut first" : "branch first";

      difference =
          rn_comparison_add_place (self, "equivalent", "order", first, other, a->layer, b->layer);
      self->distance += difference->n_layers == 1 ? 0.25 : 0;
      rn_comparison_set_text (
          self, difference,
          "order of the addition's inputs: the %s in A, the %s in B, @: a sum is the same either "
          "way",
          difference->a, difference->b);
    }
}

/* Fills the list of differences, what the whole blocks tell first. */
void
rn_comparison_collect (RnComparison *self)
{
  add_blocks (self, FALSE);
  add_blocks (self, TRUE);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      RnLayerPair pair = g_array_index (self->pairs, RnLayerPair, i);
      const RnItem *a = pair.a >= 0 ? &g_array_index (self->items_a, RnItem, pair.a) : NULL;
      const RnItem *b = pair.b >= 0 ? &g_array_index (self->items_b, RnItem, pair.b) : NULL;

      if (b == NULL && !self->told_a[pair.a])
        add_single (self, a, FALSE);
      else if (a == NULL && !self->told_b[pair.b])
        add_single (self, b, TRUE);
      if (a == NULL || b == NULL || self->told_a[pair.a])
        continue;
      if (!rn_items_alike (a, b))
        add_replaced (self, a, b);
      else
        compare_traits (self, a, b);
      compare_inputs (self, a, b);
    }
}
