/* The pictures that were opened together, one of which is shown. */
#include "ui/document/document-private.h"

/* Each is kept as it came from the file. */
#define MAX_PICTURES 100

static void
show (RnDocument *self, guint index)
{
  g_autoptr (RnShownPicture) shown = g_list_model_get_item (G_LIST_MODEL (self->pictures), index);

  g_clear_pointer (&self->picture, rn_picture_unref);
  self->picture = rn_picture_ref (rn_shown_picture_get_picture (shown));
  g_set_object (&self->seen, rn_shown_picture_get_seen (shown));
  g_free (self->picture_name);
  self->picture_name = g_strdup (rn_shown_picture_get_name (shown));
  self->picture_index = index;
  rn_document_set_probe (self, NULL);
  rn_document_forget_overlay (self);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_PICTURE_NAME);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_SEEN);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_PICTURE_INDEX);
  rn_document_see (self);
}

/**
 * rn_document_take_picture:
 * @opened: a picture
 * @first: whether it is the first of those that were opened together; they take the place of those
 *   before, and this one is shown
 *
 * Returns: whether another picture is shown now, which has to be run
 */
gboolean
rn_document_take_picture (RnDocument *self, const RnOpened *opened, gboolean first)
{
  g_autoptr (RnShownPicture) shown
      = rn_shown_picture_new (opened->name, opened->picture, opened->seen);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->pictures));

  if (first)
    g_list_store_splice (self->pictures, 0, n, (gpointer *) &shown, 1);
  else if (n < MAX_PICTURES)
    g_list_store_append (self->pictures, shown);
  else
    rn_document_report (self, "more than 100 pictures at once; the first 100 are shown");
  if (first)
    show (self, 0);

  return first;
}

/* Returns: (transfer none): a list of #RnShownPicture: those that were opened together */
GListModel *
rn_document_get_pictures (RnDocument *self)
{
  return G_LIST_MODEL (self->pictures);
}

/* Returns: which of rn_document_get_pictures() is shown, or -1 where there is none */
int
rn_document_get_picture_index (RnDocument *self)
{
  return self->picture_index;
}

/**
 * rn_document_show_picture:
 * @index: one of rn_document_get_pictures()
 *
 * Shows and runs it.
 */
void
rn_document_show_picture (RnDocument *self, int index)
{
  g_return_if_fail (RN_IS_DOCUMENT (self));
  g_return_if_fail (index >= 0
                    && index < (int) g_list_model_get_n_items (G_LIST_MODEL (self->pictures)));

  if (index == self->picture_index)
    return;

  show (self, index);
  rn_document_run (self);
}
