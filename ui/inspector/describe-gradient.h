/* How large the gradient is at a layer, in words. */
#pragma once

#include "ui/inspector/describe.h"
#include "ui/inspector/gradient-work.h"

G_BEGIN_DECLS

void rn_describe_gradient (GPtrArray              *facts,
                           const RnLayerGradients *gradients,
                           gboolean                working,
                           gboolean                trained,
                           int                     layer,
                           const char             *label);

G_END_DECLS
