/* The canvas' colours, light and dark. */
#pragma once

#include <gdk/gdk.h>

#include "engine/model/layer.h"
#include "ui/draw/graph-draw.h"
#include "ui/draw/scene.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean dark;
  GdkRGBA background;
  GdkRGBA card;
  GdkRGBA text;
  GdkRGBA dim_text;
  GdkRGBA border;
  GdkRGBA flow;
  GdkRGBA identity;
  GdkRGBA projection;
  GdkRGBA accent;
  GdkRGBA mark;
  GdkRGBA edited;
} RnPalette;

void rn_palette_init (RnPalette *self, gboolean dark);
GdkRGBA rn_palette_get_kind_color (const RnPalette *self, RnLayerKind kind);
const GdkRGBA *rn_palette_get_edge_color (const RnPalette *self, RnEdgeKind kind);
RnInk rn_palette_get_ink (const RnPalette *self);
GdkRGBA rn_color_with_alpha (GdkRGBA color, double alpha);

G_END_DECLS
