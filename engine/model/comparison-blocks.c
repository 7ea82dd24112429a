/* Which kind of block two networks are made of: what to know first where everything else differs.
 */
#include "engine/model/comparison-private.h"

#define MAX_CONVS 8

/* Kernels of the convolutions on the branch of most of a network's blocks. */
typedef struct
{
  int n;
  int kernels[MAX_CONVS];
  int n_blocks; /* that are so */
} Recipe;

static gboolean
read_branch (const RnModel *model, const RnBlock *block, Recipe *recipe)
{
  *recipe = (Recipe){ 0 };
  for (int i = 0; i < block->n_branch; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, block->branch[i]);

      if (layer->kind != RN_LAYER_CONV)
        continue;
      if (recipe->n == MAX_CONVS)
        return FALSE;
      recipe->kernels[recipe->n++] = layer->config.conv.kernel[0];
    }

  return recipe->n > 0;
}

static gboolean
is_like (const Recipe *a, const Recipe *b)
{
  if (a->n != b->n)
    return FALSE;
  for (int i = 0; i < a->n; i++)
    if (a->kernels[i] != b->kernels[i])
      return FALSE;

  return TRUE;
}

/* By the vote of Boyer and Moore (1981): the recipe of more than half of the blocks, if there is
 * one. */
static gboolean
find_recipe (const RnModel *model, Recipe *found)
{
  const RnStructure *structure = rn_model_get_structure (model);
  Recipe recipe;
  int votes = 0;

  *found = (Recipe){ 0 };
  for (int k = 0; k < structure->n_blocks; k++)
    if (read_branch (model, &structure->blocks[k], &recipe))
      {
        if (votes == 0)
          *found = recipe;
        votes += is_like (found, &recipe) ? 1 : -1;
      }
  for (int k = 0; k < structure->n_blocks; k++)
    found->n_blocks +=
        read_branch (model, &structure->blocks[k], &recipe) && is_like (found, &recipe);

  return found->n > 0 && 2 * found->n_blocks > structure->n_blocks;
}

/* "bottlenecks (1×1, 3×3, 1×1)" */
static char *
name_recipe (const Recipe *recipe)
{
  gboolean bottleneck = recipe->n == 3 && recipe->kernels[0] == 1 && recipe->kernels[1] > 1 &&
                        recipe->kernels[2] == 1;
  gboolean basic = recipe->n == 2 && recipe->kernels[0] > 1 && recipe->kernels[1] > 1;
  GString *text = g_string_new (bottleneck ? "bottlenecks ("
                                : basic    ? "basic ("
                                           : "of another kind (");

  for (int i = 0; i < recipe->n; i++)
    g_string_append_printf (text, "%s%d×%d", i > 0 ? ", " : "", recipe->kernels[i],
                            recipe->kernels[i]);
  g_string_append_c (text, ')');

  return g_string_free (text, FALSE);
}

/* Says so where most blocks of one network have other convolutions than most of the other: another
 * number of them, or none of the same kernel. One layer that differs in each is told as such. */
void
rn_comparison_blocks (RnComparison *self)
{
  const RnStructure *structure = rn_model_get_structure (self->b);
  RnDifference *difference = NULL;
  g_autofree char *name_a = NULL;
  g_autofree char *name_b = NULL;
  Recipe a, b, recipe;

  if (!find_recipe (self->a, &a) || !find_recipe (self->b, &b) || a.n == b.n)
    return;
  name_a = name_recipe (&a);
  name_b = name_recipe (&b);
  if (g_str_has_prefix (name_a, "of another") || g_str_has_prefix (name_b, "of another"))
    return;
  for (int k = 0; k < structure->n_blocks; k++)
    if (read_branch (self->b, &structure->blocks[k], &recipe) && is_like (&b, &recipe))
      difference = rn_comparison_add_place (self, "blocks", "", name_a, name_b, -1,
                                            structure->blocks[k].add);
  self->distance += 4;
  rn_comparison_set_text (
      self, difference,
      "the blocks are %s in A, %s in B, @: a bottleneck does its 3×3 on a quarter of "
      "the channels, so that a deeper network costs as much (He et al. 2015, sec. 4.1 "
      "and fig. 5); nearly all that follows comes of this",
      name_a, name_b);
}
