/* What is dropped on a widget or pasted into it: files, or a picture that another program has. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RnIncoming:
 * @files: (array length=n_files): what was dropped or pasted
 * @n_files: 0 where it was a picture
 * @picture: (nullable): a picture as a file has it, which nobody has decoded yet: it is a stranger's
 * @name: what to call such a picture
 */
typedef struct
{
  GFile *const *files;
  guint n_files;
  GBytes *picture;
  const char *name;
} RnIncoming;

typedef void (*RnIncomingTake) (gpointer          data,
                                const RnIncoming *incoming);

/* @why: a sentence for the user */
typedef void (*RnIncomingMiss) (GtkWidget        *widget,
                                const char       *why);

GtkDropTarget *rn_incoming_add_target (GtkWidget      *widget,
                                       RnIncomingTake  take,
                                       gpointer        data);
void           rn_incoming_paste      (GtkWidget      *widget,
                                       RnIncomingTake  take,
                                       RnIncomingMiss  miss);

G_END_DECLS
