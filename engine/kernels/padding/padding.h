/* Zeros around a picture, or around its channels. */
#pragma once

#include "engine/model/layer.h"

G_BEGIN_DECLS

void rn_zero_padding     (const RnShape                 *in_shape,
                          const RnShape                 *out_shape,
                          const RnPads                  *pads,
                          const float                   *input,
                          gint64                         row,
                          float                         *output);
void rn_shortcut_padding (const RnShape                 *in_shape,
                          const RnShape                 *out_shape,
                          const RnShortcutPaddingConfig *config,
                          const float                   *input,
                          gint64                         row,
                          float                         *output);

G_END_DECLS
