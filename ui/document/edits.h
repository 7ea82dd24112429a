/* The edits in force on each model, and what can be undone and done again. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RnEdits:
 *
 * Edits are texts as rn_edit_parse() takes, in the order in which they apply. Each model has its own
 * list and its own history; what is shown and changed is that of the model chosen last. The signal
 * "changed" says that the list, or what can be undone, is another.
 */
#define RN_TYPE_EDITS (rn_edits_get_type ())
G_DECLARE_FINAL_TYPE (RnEdits, rn_edits, RN, EDITS, GObject)

RnEdits           *rn_edits_new          (void);
void               rn_edits_choose_model (RnEdits           *self,
                                          const char        *id);
const char *const *rn_edits_get          (RnEdits           *self);
guint              rn_edits_get_n        (RnEdits           *self);
gboolean           rn_edits_contains     (RnEdits           *self,
                                          const char        *edit);
void               rn_edits_set          (RnEdits           *self,
                                          const char *const *edits);
void               rn_edits_add          (RnEdits           *self,
                                          const char        *edit);
void               rn_edits_remove       (RnEdits           *self,
                                          const char        *edit);
void               rn_edits_forget       (RnEdits           *self);
gboolean           rn_edits_can_undo     (RnEdits           *self);
gboolean           rn_edits_can_redo     (RnEdits           *self);
void               rn_edits_undo         (RnEdits           *self);
void               rn_edits_redo         (RnEdits           *self);

G_END_DECLS
