/* What the painters of one frame share. */
#pragma once

#include "ui/canvas/canvas-private.h"

G_BEGIN_DECLS

typedef struct
{
  RnCanvas *self;
  GtkSnapshot *snapshot;
  RnRect sight;     /* the part of the scene in sight */
  gboolean fine;    /* with text */
  gboolean current; /* the scene is the model's, not one that a layout will replace */
  gint64 now;
  gboolean whole; /* all of it, in sight or not, for a file */
} RnFrame;

gboolean rn_frame_sees (const RnFrame *frame, const RnRect *rect);
void rn_frame_append_outline (
    const RnFrame *frame, const RnRect *rect, double grow, double width, GdkRGBA color);
void rn_frame_append_fill (const RnFrame *frame, const RnRect *rect, GdkRGBA color);
void rn_frame_draw_edge (const RnFrame *frame, int edge, gboolean strong);
void rn_frame_draw_place (const RnFrame *frame, RnScenePlace place);
void rn_frame_draw_progress (const RnFrame *frame);
void rn_frame_draw_map (const RnFrame *frame);
void rn_frame_draw_highlights (const RnFrame *frame);

G_END_DECLS
