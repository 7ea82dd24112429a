/* Facts in two columns: what, and its value, with links that select. */
#pragma once

#include <gtk/gtk.h>

#include "ui/inspector/describe.h"

G_BEGIN_DECLS

#define RN_TYPE_FACT_TABLE (rn_fact_table_get_type ())
G_DECLARE_FINAL_TYPE (RnFactTable, rn_fact_table, RN, FACT_TABLE, GtkWidget)

void        rn_fact_table_set_facts (RnFactTable *self,
                                     GPtrArray   *facts);
const char *rn_fact_table_find      (RnFactTable *self,
                                     const char  *title);

G_END_DECLS
