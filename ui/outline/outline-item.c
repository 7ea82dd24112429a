#include "ui/outline/outline-item.h"

#include <glib/gi18n.h>

struct _RnOutlineItem
{
  GObject parent_instance;

  RnModel *model;
  char *title;
  char *detail;
  double share;      /* of the model's parameters */
  int layer;         /* -1 but of layers */
  int block;         /* -1 but of blocks */
  GListStore *items; /* NULL of layers */
};

G_DEFINE_FINAL_TYPE (RnOutlineItem, rn_outline_item, G_TYPE_OBJECT)

static void
rn_outline_item_finalize (GObject *object)
{
  RnOutlineItem *self = RN_OUTLINE_ITEM (object);

  g_clear_pointer (&self->model, rn_model_unref);
  g_clear_object (&self->items);
  g_free (self->title);
  g_free (self->detail);

  G_OBJECT_CLASS (rn_outline_item_parent_class)->finalize (object);
}

static void
rn_outline_item_class_init (RnOutlineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_outline_item_finalize;
}

static void
rn_outline_item_init (RnOutlineItem *self)
{
  self->layer = self->block = -1;
}

/* Takes @title and @detail. */
static RnOutlineItem *
new_item (RnModel *model, char *title, char *detail)
{
  RnOutlineItem *self = g_object_new (RN_TYPE_OUTLINE_ITEM, NULL);

  self->model = rn_model_ref (model);
  self->title = title;
  self->detail = detail;

  return self;
}

static RnOutlineItem *
new_parent (RnModel *model, char *title, char *detail)
{
  RnOutlineItem *self = new_item (model, title, detail);

  self->items = g_list_store_new (RN_TYPE_OUTLINE_ITEM);

  return self;
}

static void
append (RnOutlineItem *parent, RnOutlineItem *item)
{
  parent->share += item->share;
  g_list_store_append (parent->items, item);
  g_object_unref (item);
}

static RnOutlineItem *
new_layer (RnModel *model, int index)
{
  const RnLayer *layer = rn_model_get_layer (model, index);
  RnOutlineItem *self
      = new_item (model, g_strdup (layer->name), rn_shape_to_string (&layer->output_shape));

  self->layer = index;
  self->share = (double) rn_layer_get_n_parameters (layer)
                / MAX (rn_model_get_n_parameters (model), 1);

  return self;
}

static RnOutlineItem *
new_block (RnModel *model, int index)
{
  const RnStructure *structure = rn_model_get_structure (model);
  const RnBlock *block = &structure->blocks[index];
  g_autofree char *label = rn_block_get_label (block, structure->stages);
  const RnShape *shape = &rn_model_get_layer (model, block->output)->output_shape;
  RnOutlineItem *self = new_parent (
      model, g_strdup_printf ("%s  %s", label, _ (rn_shortcut_kind_get_label (block->kind))),
      rn_shape_to_string (shape));

  self->block = index;
  for (int i = 0; i < block->n_layers; i++)
    append (self, new_layer (model, block->layers[i]));

  return self;
}

static RnOutlineItem *
new_stage (RnModel *model, int index)
{
  const RnStage *stage = &rn_model_get_structure (model)->stages[index];
  RnOutlineItem *self
      = new_parent (model, g_strdup_printf (_ ("Stage %d"), stage->number),
                    rn_shape_to_string (&stage->output_shape));

  for (int b = 0; b < stage->n_blocks; b++)
    append (self, new_block (model, stage->first_block + b));

  return self;
}

static RnOutlineItem *
new_part (RnModel *model, RnPart part, const char *title)
{
  const RnStructure *structure = rn_model_get_structure (model);
  RnOutlineItem *self = new_parent (model, g_strdup (title), NULL);
  int last = -1;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (structure->part_of[i] == part)
      {
        append (self, new_layer (model, i));
        last = i;
      }
  if (last >= 0)
    self->detail = rn_shape_to_string (&rn_model_get_layer (model, last)->output_shape);

  return self;
}

/* Layers of a stage that are in no block are listed beside its blocks. */
static void
append_loose_layers (RnOutlineItem *stage, RnModel *model, int index)
{
  const RnStructure *structure = rn_model_get_structure (model);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (structure->stage_of[i] == index && structure->block_of[i] < 0)
      append (stage, new_layer (model, i));
}

static void
append_root (GListStore *roots, RnOutlineItem *item)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (item->items)) > 0)
    g_list_store_append (roots, item);
  g_object_unref (item);
}

/* Returns: (transfer full): stem, stages and head of a model */
GListModel *
rn_outline_item_list (RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);
  GListStore *roots = g_list_store_new (RN_TYPE_OUTLINE_ITEM);

  append_root (roots, new_part (model, RN_PART_STEM, _ ("Stem")));
  for (int s = 0; s < structure->n_stages; s++)
    {
      RnOutlineItem *stage = new_stage (model, s);

      append_loose_layers (stage, model, s);
      append_root (roots, stage);
    }
  append_root (roots, new_part (model, RN_PART_HEAD, _ ("Head")));

  return G_LIST_MODEL (roots);
}

/* Returns: (transfer none) (nullable): what is inside; %NULL of a layer */
GListModel *
rn_outline_item_get_children (RnOutlineItem *self)
{
  return G_LIST_MODEL (self->items);
}

const char *
rn_outline_item_get_title (RnOutlineItem *self)
{
  return self->title;
}

/* Returns: (nullable): the shape of its output */
const char *
rn_outline_item_get_detail (RnOutlineItem *self)
{
  return self->detail;
}

/* Returns: how much of the model's parameters it holds, from 0 to 1 */
double
rn_outline_item_get_share (RnOutlineItem *self)
{
  return self->share;
}

/* Returns: the index of the layer, or -1 if it is none */
int
rn_outline_item_get_layer (RnOutlineItem *self)
{
  return self->layer;
}

/* Returns: the index of the block, or -1 if it is none */
int
rn_outline_item_get_block (RnOutlineItem *self)
{
  return self->block;
}

/* Whether a layer, or else a block (the other being -1), is this item or inside of it. */
gboolean
rn_outline_item_contains (RnOutlineItem *self, int layer, int block)
{
  if (layer >= 0 ? self->layer == layer : block >= 0 && self->block == block)
    return TRUE;

  for (guint i = 0; self->items != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->items));
       i++)
    {
      g_autoptr (RnOutlineItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (rn_outline_item_contains (item, layer, block))
        return TRUE;
    }

  return FALSE;
}
