/* The models that may stand on either side of a comparison. */
#pragma once

#include <gtk/gtk.h>

#include "ui/compare/compare-work.h"
#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_CHOICES (rn_choices_get_type ())
G_DECLARE_FINAL_TYPE (RnChoices, rn_choices, RN, CHOICES, GObject)

RnChoices  *rn_choices_new        (RnDocument  *document);
GListModel *rn_choices_get_titles (RnChoices   *self);
guint       rn_choices_find       (RnChoices   *self,
                                   RnComparedKind kind,
                                   const char  *name);
guint       rn_choices_add_file   (RnChoices   *self,
                                   const char  *path);
gboolean    rn_choices_get        (RnChoices   *self,
                                   guint        i,
                                   RnCompared  *choice);
void        rn_choices_get_first  (RnChoices   *self,
                                   guint       *a,
                                   guint       *b);
void        rn_choices_follow     (RnChoices   *self);

G_END_DECLS
