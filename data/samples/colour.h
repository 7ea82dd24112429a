/* A colour with opacity, each part in [0, 1], not premultiplied. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double r, g, b, a;
} RnColour;

static inline RnColour
rn_rgb (double r, double g, double b)
{
  return (RnColour){ r, g, b, 1.0 };
}

/* 0xRRGGBB, as web pages write it. */
static inline RnColour
rn_hex (guint32 rgb)
{
  return rn_rgb ((rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

/* `from` where `t` is 0, `to` where it is 1, and the straight line between. */
static inline RnColour
rn_mix (RnColour from, RnColour to, double t)
{
  t = CLAMP (t, 0.0, 1.0);
  return (RnColour){ from.r + (to.r - from.r) * t, from.g + (to.g - from.g) * t,
                     from.b + (to.b - from.b) * t, from.a + (to.a - from.a) * t };
}

/* Light times `k`; opacity stays. */
static inline RnColour
rn_scale (RnColour c, double k)
{
  return (RnColour){ c.r * k, c.g * k, c.b * k, c.a };
}

static inline RnColour
rn_fade (RnColour c, double a)
{
  return (RnColour){ c.r, c.g, c.b, c.a * a };
}

/* 0 below `low`, 1 above `high`, a smooth cubic between. */
static inline double
rn_smoothstep (double low, double high, double x)
{
  double t = CLAMP ((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

G_END_DECLS
