/* Weights in words: what they are, where they come from, how they fit. */
#pragma once

#include "ui/document/network.h"

G_BEGIN_DECLS

GPtrArray *rn_describe_weights     (const RnNetwork *network);
char      *rn_describe_weights_map (const RnNetwork *network);
char      *rn_get_weights_title    (const RnNetwork *network);

G_END_DECLS
