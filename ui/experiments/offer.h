/* What can be done to a layer or a block, and edits in words. */
#pragma once

#include "engine/model/model.h"
#include "ui/document/counterpart.h"

G_BEGIN_DECLS

/**
 * RnOffer:
 * @edit: as rn_edit_parse() takes
 * @title: what it does, a few words
 * @detail: (nullable): one sentence more
 * @excludes: (nullable): an edit that cannot be in force beside it
 */
typedef struct
{
  char *edit;
  char *title;
  char *detail;
  char *excludes;
} RnOffer;

void       rn_offer_free           (gpointer        offer);
GPtrArray *rn_offers_new           (const RnModel  *model,
                                    RnSelection     selection);
gboolean   rn_offers_take_channels (const RnModel  *model,
                                    RnSelection     selection);
char      *rn_edit_describe        (const RnModel  *model,
                                    const char     *edit);

G_END_DECLS
