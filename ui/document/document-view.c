/* What widgets share by way of the document: the unit under the pointer, what is laid over the
 * picture, and the class that is asked about. */
#include "ui/document/document-private.h"

/* Returns: (nullable): the unit under the pointer, or reached by the keyboard */
const RnProbe *
rn_document_get_probe (RnDocument *self)
{
  return self->probe.layer >= 0 ? &self->probe : NULL;
}

/**
 * rn_document_set_probe:
 * @probe: (nullable): a unit of the model shown, or %NULL for none
 */
void
rn_document_set_probe (RnDocument *self, const RnProbe *probe)
{
  RnProbe none = { -1, { 0, 0, 0 }, 0 };
  RnProbe next = probe != NULL ? *probe : none;

  g_return_if_fail (RN_IS_DOCUMENT (self));

  if (next.layer == self->probe.layer && next.unit.y == self->probe.unit.y
      && next.unit.x == self->probe.unit.x && next.unit.channel == self->probe.unit.channel
      && next.value == self->probe.value)
    return;

  self->probe = next;
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_PROBE);
}

/* What is laid over a picture goes with the picture; whoever put it there may put another. */
void
rn_document_forget_overlay (RnDocument *self)
{
  if (self->overlay == NULL)
    return;

  g_clear_object (&self->overlay);
  g_clear_pointer (&self->overlay_title, g_free);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_OVERLAY);
}

/**
 * rn_document_claim_overlay:
 * @owner: (nullable): who is going to lay something over the picture; %NULL: nobody any more
 *
 * There is one overlay at a time: whoever had it before sees from rn_document_get_overlay_owner()
 * that it has lost it.
 */
void
rn_document_claim_overlay (RnDocument *self, gpointer owner)
{
  g_return_if_fail (RN_IS_DOCUMENT (self));

  if (owner == self->overlay_owner)
    return;

  self->overlay_owner = owner;
  g_clear_object (&self->overlay);
  g_clear_pointer (&self->overlay_title, g_free);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_OVERLAY);
}

gpointer
rn_document_get_overlay_owner (RnDocument *self)
{
  return self->overlay_owner;
}

/**
 * rn_document_set_overlay:
 * @owner: who claimed the overlay; from anybody else nothing is taken
 * @texture: what to lay over the picture, stretched to its size
 * @title: what it is
 */
void
rn_document_set_overlay (RnDocument *self, gpointer owner, GdkTexture *texture, const char *title)
{
  g_return_if_fail (RN_IS_DOCUMENT (self) && GDK_IS_TEXTURE (texture));

  if (owner == NULL || owner != self->overlay_owner)
    return;

  g_set_object (&self->overlay, texture);
  g_free (self->overlay_title);
  self->overlay_title = g_strdup (title);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_OVERLAY);
}

/* Returns: (transfer none) (nullable): what lies over the picture */
GdkTexture *
rn_document_get_overlay (RnDocument *self)
{
  return self->overlay;
}

/* Returns: (nullable): what that is */
const char *
rn_document_get_overlay_title (RnDocument *self)
{
  return self->overlay_title;
}

/* Returns: the class that maps and gradients are of, or -1 for whichever comes first */
int
rn_document_get_class (RnDocument *self)
{
  return self->class_index;
}

/* Returns: the class that maps and gradients of the run shown are of, or -1 where there is no run, or
 *   no class */
int
rn_document_get_shown_class (RnDocument *self)
{
  if (self->run == NULL || self->run->n_predictions == 0)
    return -1;

  return self->class_index >= 0 && self->class_index < self->run->n_classes
             ? self->class_index
             : self->run->predictions[0].index;
}

/**
 * rn_document_set_class:
 * @class_index: a class of the model shown, or -1 for whichever comes first, which it is again once
 *   another model is shown
 */
void
rn_document_set_class (RnDocument *self, int class_index)
{
  g_return_if_fail (RN_IS_DOCUMENT (self) && class_index >= -1);

  if (class_index == self->class_index)
    return;

  self->class_index = class_index;
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_CLASS_INDEX);
}
