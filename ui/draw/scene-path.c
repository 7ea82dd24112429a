#include "ui/draw/scene-path.h"

#include "ui/draw/scene-metrics.h"

void
rn_path_add (GArray *points, double x, double y)
{
  RnPoint point = { x, y };

  g_array_append_val (points, point);
}

static RnPoint
last_point (GArray *points)
{
  return g_array_index (points, RnPoint, points->len - 1);
}

/* A path that starts at a point; (element-type RnPoint), of cubic curves. */
GArray *
rn_path_new (double x, double y)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (RnPoint));

  rn_path_add (points, x, y);

  return points;
}

/* A straight line as a cubic curve. */
void
rn_path_line_to (GArray *points, double x, double y)
{
  RnPoint from = last_point (points);

  rn_path_add (points, from.x + (x - from.x) / 3, from.y + (y - from.y) / 3);
  rn_path_add (points, from.x + (x - from.x) * 2 / 3, from.y + (y - from.y) * 2 / 3);
  rn_path_add (points, x, y);
}

/* Towards a corner, round it, and a little on towards what is next. */
static void
corner_to (GArray *points, RnPoint corner, RnPoint next)
{
  RnPoint from = last_point (points);
  double before = hypot (corner.x - from.x, corner.y - from.y);
  double after = hypot (next.x - corner.x, next.y - corner.y);
  double r = MIN (RN_CORNER, MIN (before, after / 2));
  RnPoint a = corner, c = corner;

  if (before > 0)
    a = (RnPoint){ corner.x - (corner.x - from.x) * r / before,
                   corner.y - (corner.y - from.y) * r / before };
  if (after > 0)
    c = (RnPoint){ corner.x + (next.x - corner.x) * r / after,
                   corner.y + (next.y - corner.y) * r / after };
  rn_path_line_to (points, a.x, a.y);
  rn_path_add (points, corner.x, corner.y);
  rn_path_add (points, corner.x, corner.y);
  rn_path_add (points, c.x, c.y);
}

/* A path through points whose corners are round. */
GArray *
rn_path_route (const RnPoint *way, int n)
{
  GArray *points = rn_path_new (way[0].x, way[0].y);

  for (int i = 1; i + 1 < n; i++)
    corner_to (points, way[i], way[i + 1]);
  rn_path_line_to (points, way[n - 1].x, way[n - 1].y);

  return points;
}
