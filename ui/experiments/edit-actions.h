/* The window's actions on edits: undo, redo, clear-edits. */
#pragma once

#include <gio/gio.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

void rn_edit_actions_add (GActionMap *map,
                          RnDocument *document);

G_END_DECLS
