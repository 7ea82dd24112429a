#include "ui/canvas/palette.h"

/* The kinds' colours are near those of Okabe and Ito (Color Universal Design, 2008), which
 * colour-blind eyes tell apart; what a colour says is always written, too. */
static GdkRGBA
rgb (guint32 color)
{
  return (GdkRGBA){ (color >> 16 & 0xff) / 255.f, (color >> 8 & 0xff) / 255.f,
                    (color & 0xff) / 255.f, 1 };
}

void
rn_palette_init (RnPalette *self, gboolean dark)
{
  self->dark = dark;
  self->background = rgb (dark ? 0x1e1e1e : 0xfafafa);
  self->card = rgb (dark ? 0x303030 : 0xffffff);
  self->text = rgb (dark ? 0xf2f2f2 : 0x242424);
  self->dim_text = rgb (dark ? 0xb4b4b8 : 0x5e5c64);
  self->border = rgb (dark ? 0x56565a : 0xcfcdd2);
  self->flow = rgb (dark ? 0x98989c : 0x86848c);
  self->identity = rgb (dark ? 0x3fd191 : 0x1f9d68);
  self->projection = rgb (dark ? 0xff9f5a : 0xd2590a);
  self->accent = rgb (dark ? 0x62a0ea : 0x1c71d8);
  self->mark = rgb (dark ? 0xf6d32d : 0xe5a50a);
  self->edited = rgb (dark ? 0xff7b9c : 0xc01c4a);
}

GdkRGBA
rn_palette_get_kind_color (const RnPalette *self, RnLayerKind kind)
{
  switch ((int)kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return rgb (self->dark ? 0x5aa2f0 : 0x2b7bd6);
    case RN_LAYER_BATCH_NORM:
      return rgb (self->dark ? 0xc9a0e8 : 0x9a5fc4);
    case RN_LAYER_ACTIVATION:
    case RN_LAYER_RELU:
      return rgb (self->dark ? 0xf0cf4e : 0xd9a400);
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      return rgb (self->dark ? 0x6fd3e0 : 0x1a98ad);
    case RN_LAYER_ADD:
    case RN_LAYER_CONCATENATE:
    case RN_LAYER_MULTIPLY:
      return self->identity;
    case RN_LAYER_DENSE:
      return rgb (self->dark ? 0xff8b6b : 0xc8431c);
    default:
      return rgb (self->dark ? 0x9a9a9e : 0x8c8a92);
    }
}

const GdkRGBA *
rn_palette_get_edge_color (const RnPalette *self, RnEdgeKind kind)
{
  if (kind == RN_EDGE_FLOW)
    return &self->flow;

  return kind == RN_EDGE_IDENTITY ? &self->identity : &self->projection;
}

static RnColor
to_color (const GdkRGBA *color)
{
  return (RnColor){ color->red, color->green, color->blue, color->alpha };
}

/* What stands for black and white in plots. */
RnInk
rn_palette_get_ink (const RnPalette *self)
{
  return (RnInk){ to_color (&self->text), to_color (&self->card) };
}

GdkRGBA
rn_color_with_alpha (GdkRGBA color, double alpha)
{
  color.alpha *= alpha;

  return color;
}
