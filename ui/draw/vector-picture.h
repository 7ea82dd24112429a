#pragma once

#include "ui/draw/color-map.h"

G_BEGIN_DECLS

void rn_vector_picture_paint (const float *values, int n, int size, guint32 *pixels);

G_END_DECLS
