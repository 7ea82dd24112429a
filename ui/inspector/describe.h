/* A layer or a block in words: what the inspector's table says. */
#pragma once

#include "engine/model/costs.h"

G_BEGIN_DECLS

/**
 * RnFact:
 * @title: what it is, e.g. "Parameters"
 * @text: what is to be said, in Pango markup; a link `layer:12` leads to layer 12, `block:3` to
 *   block 3
 */
typedef struct
{
  char *title;
  char *text;
} RnFact;

GPtrArray *rn_facts_new               (void);
void       rn_facts_add               (GPtrArray     *facts,
                                       const char    *title,
                                       char          *text);

GPtrArray *rn_describe_layer          (const RnModel *model,
                                       int            layer);
GPtrArray *rn_describe_block          (const RnModel *model,
                                       int            block);
GPtrArray *rn_describe_model          (const RnModel *model);
void       rn_describe_time           (GPtrArray     *facts,
                                       const RnModel *model,
                                       int            layer,
                                       int            block,
                                       const double  *layer_ms,
                                       double         run_ms);
char      *rn_describe_configuration  (const RnLayer *layer);
char      *rn_describe_layer_place    (const RnModel *model,
                                       int            layer);

G_END_DECLS
