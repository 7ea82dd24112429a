#include "ui/inspector/block-work.h"

#include <math.h>

#include "engine/analysis/channel-stats.h"
#include "ui/gallery/map-texture.h"

void
rn_dissection_free (gpointer data)
{
  RnDissection *self = data;

  for (int i = 0; i < RN_N_PARTS_OF_BLOCK; i++)
    g_clear_object (&self->parts[i]);
  g_free (self->balances);
  g_free (self);
}

void
rn_dissection_request_free (gpointer data)
{
  RnDissectionRequest *request = data;

  rn_network_unref (request->network);
  rn_run_unref (request->run);
  g_free (request);
}

static int
get_layer (const RnModel *model, const RnBlock *block, RnPartOfBlock part)
{
  const RnLayer *add = rn_model_get_layer (model, block->add);

  switch (part)
    {
    case RN_PART_OF_BLOCK_SHORTCUT:
      return add->inputs[block->shortcut_argument];
    case RN_PART_OF_BLOCK_BRANCH:
      return add->inputs[block->shortcut_argument == 0];
    case RN_PART_OF_BLOCK_SUM:
      return block->add;
    default:
      return block->output;
    }
}

static RnBlockBalance
measure (const RnDissectionRequest *request, const RnBlock *block)
{
  const RnModel *model = request->run->model;
  g_autoptr (RnTensor) x
      = rn_network_get_activation (request->network, request->run,
                                   get_layer (model, block, RN_PART_OF_BLOCK_SHORTCUT), NULL);
  g_autoptr (RnTensor) f
      = rn_network_get_activation (request->network, request->run,
                                   get_layer (model, block, RN_PART_OF_BLOCK_BRANCH), NULL);

  return x != NULL && f != NULL ? rn_block_balance_measure (x, f) : (RnBlockBalance) { NAN, NAN };
}

static int
find_liveliest (const RnTensor *activation)
{
  g_autofree RnChannelStats *stats = rn_channel_stats_new (activation);
  g_autofree int *channels
      = rn_channel_stats_sort (stats, rn_feature_map_get_n_channels (activation),
                               RN_CHANNEL_ORDER_VARIANCE);

  return channels[0];
}

static gboolean
load_parts (const RnDissectionRequest *request,
            RnTensor *activations[RN_N_PARTS_OF_BLOCK],
            GError **error)
{
  const RnModel *model = request->run->model;
  const RnBlock *block = &rn_model_get_structure (model)->blocks[request->block];

  for (int i = 0; i < RN_N_PARTS_OF_BLOCK; i++)
    {
      activations[i] = rn_network_get_activation (request->network, request->run,
                                                  get_layer (model, block, i), error);
      if (activations[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
paint_parts (RnDissection *self,
             const RnDissectionRequest *request,
             RnTensor *const activations[RN_N_PARTS_OF_BLOCK])
{
  RnTensor *output = activations[RN_PART_OF_BLOCK_OUTPUT];

  self->n_channels = rn_feature_map_get_n_channels (output);
  self->channel = request->channel >= 0 && request->channel < self->n_channels
                      ? request->channel
                      : find_liveliest (output);
  self->range = (RnRange) { 0, 0 };
  for (int i = 0; i < RN_N_PARTS_OF_BLOCK; i++)
    {
      RnRange range
          = rn_feature_map_get_range (activations[i], self->channel, RN_COLOR_MAP_DIVERGING);

      self->range.low = MIN (self->range.low, range.low);
      self->range.high = MAX (self->range.high, range.high);
    }
  for (int i = 0; i < RN_N_PARTS_OF_BLOCK; i++)
    self->parts[i]
        = rn_map_texture_new (activations[i], self->channel, self->range, RN_COLOR_MAP_DIVERGING,
                              rn_map_texture_choose_zoom (activations[i], request->size));
}

/* An #RnWorkFunc: the #RnDissection of an #RnDissectionRequest. */
gpointer
rn_dissection_work (gpointer data, GCancellable *cancellable, GError **error)
{
  const RnDissectionRequest *request = data;
  const RnStructure *structure = rn_model_get_structure (request->run->model);
  RnTensor *activations[RN_N_PARTS_OF_BLOCK] = { NULL };
  RnDissection *self = g_new0 (RnDissection, 1);
  gboolean ok = TRUE;

  self->n_blocks = structure->n_blocks;
  self->balances = g_new (RnBlockBalance, MAX (structure->n_blocks, 1));
  if (request->block >= 0)
    {
      ok = load_parts (request, activations, error);
      if (ok)
        paint_parts (self, request, activations);
      for (int i = 0; i < RN_N_PARTS_OF_BLOCK; i++)
        g_clear_pointer (&activations[i], rn_tensor_unref);
    }
  for (int b = 0; ok && b < structure->n_blocks; b++)
    {
      ok = !g_cancellable_set_error_if_cancelled (cancellable, error);
      self->balances[b] = measure (request, &structure->blocks[b]);
    }
  if (!ok)
    g_clear_pointer (&self, rn_dissection_free);

  return self;
}
