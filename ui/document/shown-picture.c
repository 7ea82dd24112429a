#include "ui/document/shown-picture.h"

struct _RnShownPicture
{
  GObject parent_instance;

  char *name;
  RnPicture *picture;
  GdkTexture *seen;
};

G_DEFINE_FINAL_TYPE (RnShownPicture, rn_shown_picture, G_TYPE_OBJECT)

static void
rn_shown_picture_finalize (GObject *object)
{
  RnShownPicture *self = RN_SHOWN_PICTURE (object);

  g_free (self->name);
  rn_picture_unref (self->picture);
  g_object_unref (self->seen);

  G_OBJECT_CLASS (rn_shown_picture_parent_class)->finalize (object);
}

static void
rn_shown_picture_class_init (RnShownPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_shown_picture_finalize;
}

static void
rn_shown_picture_init (RnShownPicture *self)
{
}

/**
 * rn_shown_picture_new:
 * @name: what to call it
 * @picture: as it was opened
 * @seen: the part of it that a network sees
 */
RnShownPicture *
rn_shown_picture_new (const char *name, RnPicture *picture, GdkTexture *seen)
{
  RnShownPicture *self = g_object_new (RN_TYPE_SHOWN_PICTURE, NULL);

  self->name = g_strdup (name);
  self->picture = rn_picture_ref (picture);
  self->seen = g_object_ref (seen);

  return self;
}

const char *
rn_shown_picture_get_name (RnShownPicture *self)
{
  return self->name;
}

RnPicture *
rn_shown_picture_get_picture (RnShownPicture *self)
{
  return self->picture;
}

GdkTexture *
rn_shown_picture_get_seen (RnShownPicture *self)
{
  return self->seen;
}
