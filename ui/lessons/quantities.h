/* What a lesson may ask the engine for, by name. data/lessons/README.md lists them for authors. */
#pragma once

#include "ui/lessons/expression.h"
#include "ui/lessons/lab.h"

G_BEGIN_DECLS

/**
 * RnQuantities:
 * @lab: whom to ask
 * @model: id of the model that names without a prefix belong to
 * @it: index of the layer that `it` means; -1 where there is none
 * @chosen_stride: what a student has chosen for a shortcut; 0 where there is nothing to choose
 * @chosen_filters: likewise
 * @learn: (nullable): the setup of the step's networks in the learn view
 * @unlearnt: as if none of them had learnt anything
 */
typedef struct
{
  RnLab *lab;
  const char *model;
  int it;
  int chosen_stride, chosen_filters;
  const char *learn;
  gboolean unlearnt;
} RnQuantities;

gboolean rn_quantities_compute (const RnQuantities *self,
                                const char *expression,
                                RnValue *value,
                                GError **error);
gboolean rn_quantities_compute_number (const RnQuantities *self,
                                       const char *expression,
                                       double *number,
                                       GError **error);

G_END_DECLS
