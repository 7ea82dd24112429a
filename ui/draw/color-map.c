#include "ui/draw/color-map.h"

/* Control points at equal distances, 0xrrggbb. viridis and magma are by Stéfan van der Walt and
 * Nathaniel Smith (https://bids.github.io/colormap/, released as CC0): every 17th of their 256
 * colours; what lies between is interpolated, within 7 of 255 of theirs. The diverging one is
 * Kenneth Moreland's "cool to warm" (Diverging Color Maps for Scientific Visualization, 2009), from
 * (59, 76, 192) to (180, 4, 38), computed at 17 points by the paper's formulas in Msh space; its
 * author made it to be told apart by colour-blind eyes. */
static const guint32 grey_points[] = { 0x000000, 0xffffff };

static const guint32 viridis_points[] = {
  0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e,
  0x1f988b, 0x22a884, 0x35b779, 0x54c568, 0x7ad151, 0xa5db36, 0xd2e21b, 0xfde725,
};

static const guint32 magma_points[] = {
  0x000004, 0x0b0924, 0x20114b, 0x3b0f70, 0x57157e, 0x721f81, 0x8c2981, 0xa8327d,
  0xc43c75, 0xde4968, 0xf1605d, 0xfa7f5e, 0xfe9f6d, 0xfebf84, 0xfddea0, 0xfcfdbf,
};

static const guint32 diverging_points[] = {
  0x3b4cc0, 0x4e68d7, 0x6282ea, 0x779af7, 0x8db0fe, 0xa3c2ff, 0xb8d0f9, 0xccd9ee, 0xdddddd,
  0xecd3c6, 0xf5c4ad, 0xf7b194, 0xf49a7b, 0xec7f63, 0xde614c, 0xcb3e38, 0xb40426,
};

static const struct
{
  const char *name;
  const guint32 *points;
  int n_points;
} maps[RN_N_COLOR_MAPS] = {
  [RN_COLOR_MAP_GREY] = { "grey", grey_points, G_N_ELEMENTS (grey_points) },
  [RN_COLOR_MAP_VIRIDIS] = { "viridis", viridis_points, G_N_ELEMENTS (viridis_points) },
  [RN_COLOR_MAP_MAGMA] = { "magma", magma_points, G_N_ELEMENTS (magma_points) },
  [RN_COLOR_MAP_DIVERGING] = { "diverging", diverging_points, G_N_ELEMENTS (diverging_points) },
};

static guint32
interpolate (guint32 a, guint32 b, double t)
{
  guint32 color = 0xff;

  for (int shift = 16; shift >= 0; shift -= 8)
    {
      double from = a >> shift & 0xff, to = b >> shift & 0xff;

      color = color << 8 | (guint32)(from + (to - from) * t + 0.5);
    }

  return color;
}

/**
 * rn_color_map_get_table:
 *
 * Returns: (array fixed-size=256): its colours from low to high, 0xffrrggbb, as cairo's ARGB32 and
 *   RGB24 pixels are
 */
const guint32 *
rn_color_map_get_table (RnColorMap map)
{
  static guint32 tables[RN_N_COLOR_MAPS][RN_COLOR_MAP_SIZE];
  static gsize ready;

  g_return_val_if_fail ((int)map >= 0 && map < RN_N_COLOR_MAPS, NULL);

  if (g_once_init_enter (&ready))
    {
      for (int m = 0; m < RN_N_COLOR_MAPS; m++)
        for (int i = 0; i < RN_COLOR_MAP_SIZE; i++)
          {
            double at = (double)i / (RN_COLOR_MAP_SIZE - 1) * (maps[m].n_points - 1);
            int k = MIN ((int)at, maps[m].n_points - 2);

            tables[m][i] = interpolate (maps[m].points[k], maps[m].points[k + 1], at - k);
          }
      g_once_init_leave (&ready, 1);
    }

  return tables[map];
}

const char *
rn_color_map_get_name (RnColorMap map)
{
  g_return_val_if_fail ((int)map >= 0 && map < RN_N_COLOR_MAPS, NULL);

  return maps[map].name;
}

gboolean
rn_color_map_from_name (const char *name, RnColorMap *map, GError **error)
{
  for (int m = 0; m < RN_N_COLOR_MAPS; m++)
    if (strcmp (name, maps[m].name) == 0)
      {
        *map = m;
        return TRUE;
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "unknown colour map \"%s\"; there are grey, viridis, magma and diverging", name);

  return FALSE;
}
