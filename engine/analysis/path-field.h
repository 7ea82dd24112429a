/* The effective receptive field by counting paths. */
#pragma once

#include "engine/analysis/explanation.h"

G_BEGIN_DECLS

/**
 * RnPathField:
 * @height: of the input
 * @width: likewise
 * @shares: [@height, @width]: which share of all paths from the input to the unit begins at a
 *   pixel; the sum is 1, or 0 where no path begins inside the picture
 * @box: where the paths are: without the outermost 2.5 % at each of the four sides; first and last
 *   row, first and last column
 *
 * A path goes from a pixel through one place of each window on its way, and at an Add through one of
 * its inputs; channels are set aside. So a stack of convolutions has a bell-shaped field, of which
 * the theoretical box is mostly the rim (Luo, Li, Urtasun and Zemel 2016, "Understanding the
 * Effective Receptive Field", arXiv:1701.04128), and shortcuts keep it narrow. It follows from the
 * graph alone: neither weights nor picture play a part.
 */
typedef struct
{
  int height, width;
  double *shares;
  int box[4];
} RnPathField;

RnPathField *rn_path_field_new  (const RnModel *model,
                                 int            layer,
                                 RnUnit         unit);
void         rn_path_field_free (RnPathField   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPathField, rn_path_field_free)

G_END_DECLS
