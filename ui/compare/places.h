/* The list of differences, and the place of the one that is selected. */
#pragma once

#include <gtk/gtk.h>

#include "engine/model/comparison.h"

G_BEGIN_DECLS

/**
 * RnPlaces:
 * @list: a row for each difference (borrowed)
 * @comparison: (nullable): whose they are (borrowed)
 * @index: which place of the difference that is selected
 */
typedef struct
{
  GtkListBox *list;
  const RnComparison *comparison;
  int index;
} RnPlaces;

void  rn_places_fill      (RnPlaces           *self,
                           const RnComparison *comparison);
void  rn_places_step      (RnPlaces           *self,
                           int                 by);
void  rn_places_turn      (RnPlaces           *self);
void  rn_places_go_to     (RnPlaces           *self,
                           int                 difference,
                           int                 pair);
int   rn_places_find_pair (const RnPlaces     *self);
char *rn_places_to_string (const RnPlaces     *self);

G_END_DECLS
