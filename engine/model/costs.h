/* What follows from a graph alone: multiply-adds, memory, and how much of the input a unit sees. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

/**
 * RnReceptiveField:
 * @size: height and width in pixels of the input; may exceed the input, whose border is then padding
 * @stride: how far the fields of neighbouring units lie apart, in pixels of the input; 0 where
 *   there is one unit for the whole picture
 * @start: centre of the first unit's field; 0 is the centre of the input's first pixel
 *
 * Each pair is [vertical, horizontal].
 */
typedef struct
{
  gint64 size[2];
  gint64 stride[2];
  double start[2];
} RnReceptiveField;

gint64            rn_model_get_layer_macs       (const RnModel *model,
                                                 int            layer);
gint64            rn_model_get_n_macs           (const RnModel *model);
gint64            rn_layer_get_output_bytes     (const RnLayer *layer);
RnReceptiveField *rn_model_get_receptive_fields (const RnModel *model);

char             *rn_model_parameter_formula    (const RnModel *model,
                                                 int            layer);
char             *rn_model_mac_formula          (const RnModel *model,
                                                 int            layer);

G_END_DECLS
