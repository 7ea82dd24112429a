/* A picture read and its features computed, on a worker. */
#pragma once

#include "ui/pictures/picture-reader.h"
#include "ui/teach/teach-picture.h"

G_BEGIN_DECLS

/**
 * RnTeachLook:
 * @network: whose features are wanted
 * @reader: (nullable): decodes strangers' pictures elsewhere; %NULL for this process
 * @file: what to read, a folder perhaps; or one of the next three
 * @bytes: a picture as its file has it, e.g. what was dropped from a browser
 * @picture: e.g. what the main window shows
 * @known: a picture whose features another network computed
 * @name: what to call it
 *
 * What is wanted. Each is owned and may be %NULL.
 */
typedef struct
{
  RnTeachNetwork *network;
  RnPictureReader *reader;
  GFile *file;
  GBytes *bytes;
  RnPicture *picture;
  RnTeachPicture *known;
  char *name;
} RnTeachLook;

/**
 * RnTeachSeen:
 * @picture: (nullable): what was read
 * @features: of it, by the network that was asked for
 * @files: (nullable): of a folder what is in it: #GFile
 */
typedef struct
{
  RnTeachPicture *picture;
  GBytes *features;
  GPtrArray *files;
} RnTeachSeen;

void     rn_teach_look_free (gpointer       look);
gpointer rn_teach_look_work (gpointer       look,
                             GCancellable  *cancellable,
                             GError       **error);
void     rn_teach_seen_free (gpointer       seen);

G_END_DECLS
