/* What a picture reader and the process that decodes for it say to each other, over a socket of
 * whole packets: a label with two descriptors there, a reply back. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The descriptor of the socket, in the process. */
#define RN_PICTURE_WIRE_FD 3

/* The longest label and the longest message, with its final zero. */
#define RN_PICTURE_WIRE_TEXT 2048

typedef enum
{
  RN_PICTURE_WIRE_DONE,    /* the picture is in the file in memory */
  RN_PICTURE_WIRE_REFUSED, /* an RnPictureLoaderError, @code; @text says which */
  RN_PICTURE_WIRE_CRASHED, /* by the signal @code */
  RN_PICTURE_WIRE_FAILED,  /* no process, no limits: @text says what */
} RnPictureWireOutcome;

typedef struct
{
  gint32 outcome;
  gint32 code;
  char text[RN_PICTURE_WIRE_TEXT];
} RnPictureWireReply;

G_END_DECLS
