/* What only the builder may set. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

struct _RnModel
{
  gint ref_count;
  char *name;
  char *title;
  int n_layers;
  RnLayer *layers;
  int n_outputs;
  int *outputs;
  int input;
  GHashTable *index_of; /* name to index + 1 */
  RnStructure *structure;
  GStrv notes;
  GStringChunk *strings; /* classes of unsupported layers */
};

RnStructure *rn_structure_new  (const RnModel *model);
void         rn_structure_free (RnStructure   *self);

G_END_DECLS
