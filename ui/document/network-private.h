/* What the parts of RnNetwork share. */
#pragma once

#include "ui/document/network.h"

G_BEGIN_DECLS

struct _RnNetwork
{
  gint ref_count;
  char *id;
  const RnCatalogEntry *entry; /* NULL for an opened model */
  RnVariant variant;
  RnWeights *source; /* what it was made from; NULL: nothing */
  RnModel *model;
  RnWeights *weights;
  RnBinding *binding; /* NULL where the model cannot be run, as is the session */
  char *trouble;      /* why it cannot */
  char *path;         /* where the weights lie, or NULL */
  RnPreprocess preprocess;

  GMutex lock; /* of what follows */
  RnSession *session;
  char **edits;   /* that the session's network has been changed by */
  int *to_edited; /* a layer of @model → its index in the session's model, or -1; %NULL: the same */
  RnRun *before;  /* of @model without edits, over the picture that the session holds; or %NULL */
  guint64 serial; /* of the run whose activations the session holds; 0 for none */
  guint64 last_serial;

  GMutex range_lock; /* of what follows */
  struct
  {
    guint64 serial; /* of the run that they are of; 0 for none */
    float low, high;
  } ranges[RN_N_LAYER_KINDS];
};

G_END_DECLS
