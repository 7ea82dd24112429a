/* From a file's weights to the network that they are for. */
#pragma once

#include "ui/document/network.h"

G_BEGIN_DECLS

RnNetwork *rn_network_new_fitting (const char  *id,
                                   RnModel     *model,
                                   RnWeights   *weights,
                                   char       **misfit,
                                   GError     **error);

G_END_DECLS
