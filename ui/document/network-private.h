/* What the parts of RnNetwork share. */
#pragma once

#include "ui/document/network.h"

G_BEGIN_DECLS

struct _RnNetwork
{
  gint ref_count;
  const RnCatalogEntry *entry;
  RnVariant variant;
  RnWeights *source; /* what it was made from; NULL: nothing */
  RnModel *model;
  RnBinding *binding;
  RnPreprocess preprocess;

  GMutex lock; /* of what follows */
  RnSession *session;
  char **edits;   /* that the session's network has been changed by */
  int *to_edited; /* a layer of @model → its index in the session's model, or -1; %NULL: the same */
  RnRun *before;  /* of @model without edits, over the picture that the session holds; or %NULL */
  guint64 serial; /* of the run whose activations the session holds; 0 for none */
  guint64 last_serial;

  GMutex range_lock; /* of what follows */
  guint64 range_serial; /* of the run whose range is known; 0 for none */
  float low, high;
};

G_END_DECLS
