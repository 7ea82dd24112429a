/* Colours for numbers. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RN_COLOR_MAP_GREY,
  RN_COLOR_MAP_VIRIDIS,
  RN_COLOR_MAP_MAGMA,
  RN_COLOR_MAP_DIVERGING, /* blue below zero, red above */
  RN_N_COLOR_MAPS
} RnColorMap;

#define RN_COLOR_MAP_SIZE 256

const guint32 *rn_color_map_get_table (RnColorMap map);
const char *rn_color_map_get_name (RnColorMap map);
gboolean rn_color_map_from_name (const char *name, RnColorMap *map, GError **error);

G_END_DECLS
