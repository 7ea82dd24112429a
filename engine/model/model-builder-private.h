/* What the parts of RnModelBuilder share. */
#pragma once

#include "engine/model/model-builder.h"

G_BEGIN_DECLS

/* A layer as it was added: its inputs still names. */
typedef struct
{
  RnLayerKind kind;
  char *name;
  char *keras_class; /* of an unsupported layer */
  RnLayerConfig config;
  GStrv inputs;
} RnPendingLayer;

struct _RnModelBuilder
{
  char *name;
  char *title;
  GPtrArray *layers;  /* of RnPendingLayer */
  GPtrArray *outputs; /* of names */
  GPtrArray *notes;   /* of strings */
};

/* The graph while it is put in order; indices are those of the pending layers. */
typedef struct
{
  int n;
  GHashTable *index_of; /* name to index + 1 */
  int **inputs;
  int *n_inputs;
  int *n_consumers;
  GArray *outputs;   /* int */
  int *preorder;     /* place in a depth-first search from the outputs; -1: not reached */
  int *depth;        /* longest way to an output */
  GArray *postorder; /* int */
} RnBuilderGraph;

RnPendingLayer *rn_model_builder_get_pending (RnModelBuilder  *self,
                                              int              i);
gboolean        rn_builder_graph_init        (RnBuilderGraph  *graph,
                                              RnModelBuilder  *builder,
                                              GError         **error);
void            rn_builder_graph_clear       (RnBuilderGraph  *graph);

G_END_DECLS
