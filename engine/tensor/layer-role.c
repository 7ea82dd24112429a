#include "engine/tensor/layer-role.h"

#include <stdio.h>
#include <string.h>

typedef enum
{
  ROLE_CONV = 1,
  ROLE_BATCH_NORM,
  ROLE_DENSE,
} RoleKind;

#define STEM_STAGE 1

static RnLayerRole
make_role (RoleKind kind, int stage, int block, int unit)
{
  if (stage < 0 || stage > 0xff || block < 0 || block > 0xfff || unit < 0 || unit > 0xff)
    return RN_LAYER_ROLE_NONE;

  return (guint32) kind << 28 | (guint32) stage << 20 | (guint32) block << 8 | (guint32) unit;
}

/* Keras 2 after Caffe: res2a_branch2a, bn4f_branch2c, res3a_branch1; in deeper networks the blocks
 * are a, b1, b2, … */
static RnLayerRole
from_keras2 (const char *name)
{
  RoleKind kind = g_str_has_prefix (name, "res") ? ROLE_CONV : ROLE_BATCH_NORM;
  const char *rest = name + (kind == ROLE_CONV ? 3 : 2);
  int stage, block, used = 0;
  char letter, unit;

  if (sscanf (rest, "%1d%c_branch%n", &stage, &letter, &used) == 2 && used > 0)
    block = letter - 'a';
  else if (sscanf (rest, "%1db%3d_branch%n", &stage, &block, &used) != 2 || used == 0)
    return RN_LAYER_ROLE_NONE;

  rest += used;
  if (g_str_equal (rest, "1"))
    return make_role (kind, stage, block, 0);
  if (rest[0] != '2')
    return RN_LAYER_ROLE_NONE;
  unit = rest[1];
  if (unit < 'a' || unit > 'z' || rest[2] != '\0')
    return RN_LAYER_ROLE_NONE;

  return make_role (kind, stage, block, unit - 'a' + 1);
}

/* Keras 3: conv2_block1_0_conv, conv5_block3_2_bn. */
static RnLayerRole
from_keras3 (const char *name)
{
  int stage, block, unit, used = 0;

  if (sscanf (name, "conv%1d_block%3d_%1d_%n", &stage, &block, &unit, &used) != 3 || used == 0)
    return RN_LAYER_ROLE_NONE;
  if (g_str_equal (name + used, "conv"))
    return make_role (ROLE_CONV, stage, block - 1, unit);
  if (g_str_equal (name + used, "bn"))
    return make_role (ROLE_BATCH_NORM, stage, block - 1, unit);

  return RN_LAYER_ROLE_NONE;
}

/* torchvision: layer1.0.conv1, layer4.2.bn3, layer2.0.downsample.0 and .1; layer1 is stage 2. */
static RnLayerRole
from_torchvision (const char *name)
{
  int stage, block, unit, used = 0;

  if (sscanf (name, "layer%1d.%3d.%n", &stage, &block, &used) != 2 || used == 0)
    return RN_LAYER_ROLE_NONE;
  name += used;
  if (g_str_equal (name, "downsample.0"))
    return make_role (ROLE_CONV, stage + 1, block, 0);
  if (g_str_equal (name, "downsample.1"))
    return make_role (ROLE_BATCH_NORM, stage + 1, block, 0);
  if (sscanf (name, "conv%1d%n", &unit, &used) == 1 && name[used] == '\0')
    return make_role (ROLE_CONV, stage + 1, block, unit);
  if (sscanf (name, "bn%1d%n", &unit, &used) == 1 && name[used] == '\0')
    return make_role (ROLE_BATCH_NORM, stage + 1, block, unit);

  return RN_LAYER_ROLE_NONE;
}

/**
 * rn_layer_role_from_name:
 * @name: a layer's name as Keras 2, Keras 3 or torchvision give it
 *
 * Returns: its role, %RN_LAYER_ROLE_NONE where the name is none of theirs
 */
RnLayerRole
rn_layer_role_from_name (const char *name)
{
  static const char *const stem_convs[] = { "conv1", "conv1_conv", NULL };
  static const char *const stem_norms[] = { "bn_conv1", "conv1_bn", "bn1", NULL };
  static const char *const heads[] = { "fc1000", "predictions", "fc", "probs", NULL };

  g_return_val_if_fail (name != NULL, RN_LAYER_ROLE_NONE);

  if (g_strv_contains (stem_convs, name))
    return make_role (ROLE_CONV, STEM_STAGE, 0, 0);
  if (g_strv_contains (stem_norms, name))
    return make_role (ROLE_BATCH_NORM, STEM_STAGE, 0, 0);
  if (g_strv_contains (heads, name))
    return make_role (ROLE_DENSE, 0, 0, 0);
  if (g_str_has_prefix (name, "res") || g_str_has_prefix (name, "bn"))
    return from_keras2 (name);
  if (g_str_has_prefix (name, "layer"))
    return from_torchvision (name);

  return from_keras3 (name);
}

/* The branch is a chain: each batch norm belongs to the convolution before it. */
static void
give_chain_roles (const RnModel *model,
                  const int *layers,
                  int n_layers,
                  int stage,
                  int block,
                  int first_unit,
                  RnLayerRole *roles)
{
  int unit = first_unit - 1;

  for (int i = 0; i < n_layers; i++)
    {
      RnLayerKind kind = rn_model_get_layer (model, layers[i])->kind;

      if (kind == RN_LAYER_CONV)
        roles[layers[i]] = make_role (ROLE_CONV, stage, block, ++unit);
      else if (kind == RN_LAYER_BATCH_NORM && unit >= first_unit)
        roles[layers[i]] = make_role (ROLE_BATCH_NORM, stage, block, unit);
    }
}

/* The only layer of a kind in a part of the network, or -1. */
static int
find_only (const RnModel *model, RnPart part, RnLayerKind kind)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int found = -1;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (structure->part_of[i] == part && rn_model_get_layer (model, i)->kind == kind)
      {
        if (found >= 0)
          return -1;
        found = i;
      }

  return found;
}

/**
 * rn_layer_roles_for_model:
 *
 * Returns: (transfer full) (array): the role of each layer, by the structure of the graph alone;
 *   free with g_free()
 */
RnLayerRole *
rn_layer_roles_for_model (const RnModel *model)
{
  const RnStructure *structure;
  RnLayerRole *roles;
  int conv, norm, dense;

  g_return_val_if_fail (model != NULL, NULL);

  structure = rn_model_get_structure (model);
  roles = g_new0 (RnLayerRole, rn_model_get_n_layers (model));

  for (int i = 0; i < structure->n_blocks; i++)
    {
      const RnBlock *block = &structure->blocks[i];
      int stage = structure->stages[block->stage].number;

      give_chain_roles (model, block->branch, block->n_branch, stage, block->position, 1, roles);
      give_chain_roles (model, block->shortcut, block->n_shortcut, stage, block->position, 0,
                        roles);
    }

  conv = find_only (model, RN_PART_STEM, RN_LAYER_CONV);
  norm = find_only (model, RN_PART_STEM, RN_LAYER_BATCH_NORM);
  dense = find_only (model, RN_PART_HEAD, RN_LAYER_DENSE);
  if (conv >= 0)
    roles[conv] = make_role (ROLE_CONV, STEM_STAGE, 0, 0);
  if (norm >= 0)
    roles[norm] = make_role (ROLE_BATCH_NORM, STEM_STAGE, 0, 0);
  if (dense >= 0)
    roles[dense] = make_role (ROLE_DENSE, 0, 0, 0);

  return roles;
}
