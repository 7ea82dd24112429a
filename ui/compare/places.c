#include "ui/compare/places.h"

#include <glib/gi18n.h>

#include "ui/compare/aligned-row.h"
#include "ui/compare/difference-row.h"

/* Fills the list anew. */
void
rn_places_fill (RnPlaces *self, const RnComparison *comparison)
{
  GtkListBoxRow *row;

  self->comparison = NULL; /* while rows go, none is a difference */
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  self->comparison = comparison;
  self->index = 0;
  for (int i = 0; comparison != NULL && i < rn_comparison_get_n (comparison); i++)
    gtk_list_box_append (self->list, rn_difference_row_new (rn_comparison_get (comparison, i)));
}

static const RnDifference *
get_difference (const RnPlaces *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row != NULL && self->comparison != NULL
             ? rn_comparison_get (self->comparison, gtk_list_box_row_get_index (row))
             : NULL;
}

static void
select_row (RnPlaces *self, GtkListBoxRow *row)
{
  gtk_list_box_select_row (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

/* To the next place or the one before; behind a difference's last one comes the next one's first.
 */
void
rn_places_step (RnPlaces *self, int by)
{
  const RnDifference *difference = get_difference (self);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int next = row != NULL ? gtk_list_box_row_get_index (row) + by : 0;

  if (difference != NULL && self->index + by >= 0 && self->index + by < difference->n_layers)
    {
      self->index += by;
      return;
    }
  row = next >= 0 ? gtk_list_box_get_row_at_index (self->list, next) : NULL;
  if (row == NULL)
    return;
  select_row (self, row);
  difference = get_difference (self);
  self->index = by < 0 && difference != NULL ? MAX (difference->n_layers - 1, 0) : 0;
}

/* To the next place, behind the last one to the first again. */
void
rn_places_turn (RnPlaces *self)
{
  const RnDifference *difference = get_difference (self);

  if (difference != NULL && difference->n_layers > 0)
    self->index = (self->index + 1) % difference->n_layers;
}

/* Selects a difference, at the place of a pair of layers. */
void
rn_places_go_to (RnPlaces *self, int difference, int pair)
{
  const RnDifference *found;

  select_row (self, gtk_list_box_get_row_at_index (self->list, difference));
  found = get_difference (self);
  for (int i = 0; found != NULL && i < found->n_layers; i++)
    if (rn_comparison_find_pair (self->comparison, found->layers[i]) == pair)
      {
        self->index = i;
        return;
      }
}

/* Returns: the pair of layers that the place is, or -1 */
int
rn_places_find_pair (const RnPlaces *self)
{
  const RnDifference *difference = get_difference (self);

  return difference != NULL && self->index < difference->n_layers
             ? rn_comparison_find_pair (self->comparison, difference->layers[self->index])
             : -1;
}

/* "place 3 of 12", or nothing; free with g_free(). */
char *
rn_places_to_string (const RnPlaces *self)
{
  const RnDifference *difference = get_difference (self);

  if (difference == NULL || difference->n_layers == 0)
    return g_strdup ("");

  return g_strdup_printf (_ ("place %d of %d"), self->index + 1, difference->n_layers);
}
