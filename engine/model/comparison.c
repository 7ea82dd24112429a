#include "engine/model/comparison-private.h"

#include "engine/model/number.h"

#define MAX_NAMES 3

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

/* A layer's parameters, of a difference in the bias those of it alone. */
static gint64
count_parameters (const RnModel *model, int layer, const char *kind)
{
  const RnLayer *l = layer >= 0 ? rn_model_get_layer (model, layer) : NULL;
  gint64 n = 0;

  if (l == NULL)
    return 0;
  if (!g_str_equal (kind, "bias"))
    return rn_layer_get_n_parameters (l);
  for (int i = 0; i < l->n_weights; i++)
    if (g_str_equal (l->weights[i].name, "bias"))
      n += rn_weight_spec_get_n_elements (&l->weights[i]);

  return n;
}

/* Adds a place to a difference; places of which the same is to be said make one. Indices are those
 * of layers, -1 on the side that has none. */
RnDifference *
rn_comparison_add_place (RnComparison *self,
                         const char *kind,
                         const char *topic,
                         const char *a,
                         const char *b,
                         int layer_a,
                         int layer_b)
{
  g_autofree char *key =
      g_strdup_printf ("%s\n%s\n%s\n%s", kind, topic, a != NULL ? a : "", b != NULL ? b : "");
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
    difference->layers =
        g_renew (RnLayerPair, difference->layers, MAX (2 * difference->n_layers, 1));
  difference->layers[difference->n_layers++] = (RnLayerPair){ layer_a, layer_b };
  difference->parameters_a += count_parameters (self->a, layer_a, kind);
  difference->parameters_b += count_parameters (self->b, layer_b, kind);

  return difference;
}

/* Whether what differs is a matter of parameters. */
static gboolean
is_counted (const RnDifference *difference)
{
  static const char *const kinds[] = { "missing", "extra", "replaced", "filters", "kernel",
                                       "groups",  "bias",  "scale",    "units",   NULL };

  return g_strv_contains (kinds, difference->kind);
}

/* "in 12 places (conv2d_5, conv2d_9, conv2d_12, …; 688 parameters more in B)" */
static char *
get_places (const RnComparison *self, const RnDifference *difference)
{
  GString *text = g_string_new (NULL);
  gint64 more = is_counted (difference) ? difference->parameters_b - difference->parameters_a : 0;
  g_autofree char *count = rn_number_to_string (ABS (more));

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
  if (more != 0)
    g_string_append_printf (text, "%s%s parameters more in %s",
                            difference->n_layers > 1 ? "; " : " (", count, more > 0 ? "B" : "A");
  if (difference->n_layers > 1 || more != 0)
    g_string_append (text, ")");

  return g_string_free (text, FALSE);
}

/* Says a difference in a sentence, in which @ stands for its places. */
void
rn_comparison_set_text (RnComparison *self, RnDifference *difference, const char *format, ...)
{
  g_autofree char *places = get_places (self, difference);
  g_autofree char *head = NULL;
  char **parts;
  va_list args;

  va_start (args, format);
  head = g_strdup_vprintf (format, args);
  va_end (args);
  parts = g_strsplit (head, "@", 2);
  g_free (difference->text);
  difference->text = g_strjoinv (places, parts);
  g_strfreev (parts);
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

      if ((item->kind == RN_LAYER_CONV || item->kind == RN_LAYER_DEPTHWISE_CONV) &&
          item->traits[RN_TRAIT_BIAS][0] == 0)
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
  self->order_a = g_new0 (int, self->items_a->len + 1);
  self->order_b = g_new0 (int, self->items_b->len + 1);
  self->told_a = g_new0 (gboolean, self->items_a->len + 1);
  self->told_b = g_new0 (gboolean, self->items_b->len + 1);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      RnLayerPair pair = g_array_index (self->pairs, RnLayerPair, i);

      if (pair.a >= 0)
        self->partner_a[pair.a] = pair.b;
      if (pair.b >= 0)
        self->partner_b[pair.b] = pair.a;
    }
}

static void
list_layers (RnComparison *self)
{
  self->layer_pairs = g_array_new (FALSE, FALSE, sizeof (RnLayerPair));
  for (guint i = 0; i < self->pairs->len; i++)
    {
      RnLayerPair pair = g_array_index (self->pairs, RnLayerPair, i);
      RnLayerPair layers = { pair.a >= 0 ? get_a (self, pair.a)->layer : -1,
                             pair.b >= 0 ? get_b (self, pair.b)->layer : -1 };

      g_array_append_val (self->layer_pairs, layers);
    }
}

/**
 * rn_comparison_new:
 * @a: (transfer none): the network that is held to be right
 * @b: (transfer none): the one that is checked against it
 *
 * Aligns both graphs by structure. Cost: the product of their layers, a few milliseconds for a
 * hundred.
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
  rn_comparison_blocks (self);
  rn_comparison_order (self);
  list_layers (self);
  rn_comparison_collect (self);

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
  g_free (self->order_a);
  g_free (self->order_b);
  g_free (self->told_a);
  g_free (self->told_b);
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
  g_return_val_if_fail (i >= 0 && i < (int)self->differences->len, NULL);

  return g_ptr_array_index (self->differences, i);
}

/**
 * rn_comparison_get_pairs:
 * @n_pairs: (out): how many
 *
 * Returns: (transfer none): the layers of both in one order, each beside the one that it stands
 * for; a layer that is only a way of writing (a border, a reshape) is left out
 */
const RnLayerPair *
rn_comparison_get_pairs (const RnComparison *self, int *n_pairs)
{
  *n_pairs = self->layer_pairs->len;

  return (const RnLayerPair *)self->layer_pairs->data;
}

RnModel *
rn_comparison_get_a (const RnComparison *self)
{
  return self->a;
}

RnModel *
rn_comparison_get_b (const RnComparison *self)
{
  return self->b;
}

/* Whether the item is what its layer puts out: a layer with an activation of its own is two items.
 */
static gboolean
is_output (const GArray *items, int i)
{
  return i + 1 >= (int)items->len ||
         g_array_index (items, RnItem, i + 1).layer != g_array_index (items, RnItem, i).layer;
}

/**
 * rn_comparison_has_activations:
 * @pair: an index into rn_comparison_get_pairs()
 *
 * Returns: whether both layers of a pair put out the same thing if the networks are the same: not
 * so within blocks of another order, nor before a batch normalization that one side has folded
 */
gboolean
rn_comparison_has_activations (const RnComparison *self, int pair)
{
  RnLayerPair items;
  const RnItem *item;

  g_return_val_if_fail (pair >= 0 && pair < (int)self->pairs->len, FALSE);

  items = g_array_index (self->pairs, RnLayerPair, pair);
  if (items.a < 0 || items.b < 0 || self->order_a[items.a] != 0 || self->order_b[items.b] != 0)
    return FALSE;
  item = get_a (self, items.a);
  if (self->folded && item->traits[RN_TRAIT_KERNEL][0] > 0)
    return FALSE;

  return is_output (self->items_a, items.a) && is_output (self->items_b, items.b);
}

/**
 * rn_comparison_has_weights:
 * @pair: an index into rn_comparison_get_pairs()
 *
 * Returns: whether weights of both layers of a pair mean the same: not so where one side has its
 * batch normalizations folded into them, and said once where a layer is two items
 */
gboolean
rn_comparison_has_weights (const RnComparison *self, int pair)
{
  RnLayerPair items;
  const RnItem *a, *b;

  g_return_val_if_fail (pair >= 0 && pair < (int)self->pairs->len, FALSE);

  items = g_array_index (self->pairs, RnLayerPair, pair);
  if (items.a < 0 || items.b < 0)
    return FALSE;
  a = get_a (self, items.a);
  b = get_b (self, items.b);

  return a->kind == b->kind && a->form != RN_FORM_WITHIN && b->form != RN_FORM_WITHIN &&
         !(self->folded && a->traits[RN_TRAIT_KERNEL][0] > 0);
}

/**
 * rn_comparison_add:
 * @kind: as in RnDifference; a constant
 * @a: (nullable): what A has
 * @b: (nullable): what B has
 * @places: where, in A's order
 * @n_places: how many
 * @text: (transfer full): the sentence
 *
 * Adds a difference that the structure does not show: one of weights, or of what is computed.
 */
void
rn_comparison_add (RnComparison *self,
                   const char *kind,
                   const char *a,
                   const char *b,
                   const RnLayerPair *places,
                   int n_places,
                   char *text)
{
  RnDifference *difference = g_new0 (RnDifference, 1);

  difference->kind = kind;
  difference->a = g_strdup (a);
  difference->b = g_strdup (b);
  difference->n_layers = n_places;
  difference->layers = g_memdup2 (places, n_places * sizeof *places);
  difference->text = text;
  for (int i = 0; i < n_places; i++)
    {
      difference->parameters_a += count_parameters (self->a, places[i].a, kind);
      difference->parameters_b += count_parameters (self->b, places[i].b, kind);
    }
  g_ptr_array_add (self->differences, difference);
}
