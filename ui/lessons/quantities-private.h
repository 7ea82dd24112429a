#pragma once

#include "ui/lessons/quantities.h"

G_BEGIN_DECLS

/* A layer, or with @layer NULL the whole model. */
typedef struct
{
  RnLab *lab;
  const char *id;
  RnBinding *binding; /* owned */
  RnModel *model;
  const RnLayer *layer;
} RnPlace;

/**
 * RnQuantityKind:
 * @numbers: how many numbers follow the place at least, and @max_numbers at most
 * @compute: with @numbers[0 … n - 1]; gives a number or a text
 */
typedef struct
{
  const char *name;
  int min_numbers, max_numbers;
  gboolean whole_model; /* may be asked of the model as a whole */
  gboolean (*compute) (
      const RnPlace *place, const double *numbers, int n, RnValue *result, GError **error);
} RnQuantityKind;

/* Of the graph alone; and of weights and activations. Each ends with an entry without a name. */
extern const RnQuantityKind rn_graph_quantities[];
extern const RnQuantityKind rn_run_quantities[];

/* Of networks that learn. */
gboolean rn_learn_quantity_is_one (const char *name);
gboolean rn_learn_quantity_compute (const RnQuantities *self,
                                    const char *name,
                                    const RnValue *arguments,
                                    int n_arguments,
                                    RnValue *value,
                                    GError **error);

gboolean rn_quantity_fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
