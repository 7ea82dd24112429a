#include "ui/teach/teach-picture.h"

#include "ui/document/picture-texture.h"

struct _RnTeachPicture
{
  GObject parent_instance;

  char *name;
  RnPicture *seen;
  GdkTexture *texture;
  GHashTable *features; /* RnTeachNetwork → GBytes */
  char *taken_for;      /* another class, or NULL */
  double probability;
};

enum
{
  PROP_0,
  PROP_TAKEN_FOR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RnTeachPicture, rn_teach_picture, G_TYPE_OBJECT)

static void
rn_teach_picture_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TAKEN_FOR)
    g_value_set_string (value, RN_TEACH_PICTURE (object)->taken_for);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rn_teach_picture_finalize (GObject *object)
{
  RnTeachPicture *self = RN_TEACH_PICTURE (object);

  g_free (self->name);
  g_free (self->taken_for);
  rn_picture_unref (self->seen);
  g_clear_object (&self->texture);
  g_hash_table_unref (self->features);

  G_OBJECT_CLASS (rn_teach_picture_parent_class)->finalize (object);
}

static void
rn_teach_picture_class_init (RnTeachPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rn_teach_picture_get_property;
  object_class->finalize = rn_teach_picture_finalize;
  properties[PROP_TAKEN_FOR] = g_param_spec_string (
      "taken-for", NULL, "The class it is taken for where that is another one", NULL,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rn_teach_picture_init (RnTeachPicture *self)
{
  self->features =
      g_hash_table_new_full (NULL, NULL, (GDestroyNotify) rn_teach_network_unref,
                             (GDestroyNotify) g_bytes_unref);
}

/**
 * rn_teach_picture_new:
 * @name: what to call it, e.g. the file's name
 * @seen: what a network sees of it
 *
 * Any thread may make one; after that it is the main thread's.
 */
RnTeachPicture *
rn_teach_picture_new (const char *name, RnPicture *seen)
{
  RnTeachPicture *self = g_object_new (RN_TYPE_TEACH_PICTURE, NULL);

  self->name = g_strdup (name);
  self->seen = rn_picture_ref (seen);
  self->texture = rn_picture_to_texture (seen);

  return self;
}

const char *
rn_teach_picture_get_name (RnTeachPicture *self)
{
  return self->name;
}

RnPicture *
rn_teach_picture_get_seen (RnTeachPicture *self)
{
  return self->seen;
}

GdkTexture *
rn_teach_picture_get_texture (RnTeachPicture *self)
{
  return self->texture;
}

/* Keeps what @network makes of it. */
void
rn_teach_picture_set_features (RnTeachPicture *self, RnTeachNetwork *network, GBytes *features)
{
  g_hash_table_insert (self->features, rn_teach_network_ref (network), g_bytes_ref (features));
}

/**
 * rn_teach_picture_get_features:
 * @n: (out) (optional): how many there are
 *
 * Returns: (nullable): what @network makes of it; %NULL where that is not known yet
 */
const float *
rn_teach_picture_get_features (RnTeachPicture *self, RnTeachNetwork *network, int *n)
{
  GBytes *bytes = g_hash_table_lookup (self->features, network);
  gsize size = 0;
  const float *features = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (n != NULL)
    *n = (int) (size / sizeof (float));

  return features;
}

/* Says that it is taken for another class, or, with %NULL, that it is not. */
void
rn_teach_picture_judge (RnTeachPicture *self, const char *taken_for, double probability)
{
  gboolean same = g_strcmp0 (taken_for, self->taken_for) == 0 && probability == self->probability;

  if (same)
    return;
  g_free (self->taken_for);
  self->taken_for = g_strdup (taken_for);
  self->probability = probability;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAKEN_FOR]);
}

/**
 * rn_teach_picture_get_taken_for:
 * @probability: (out) (optional): how sure the classifier was
 *
 * Returns: (nullable): the class that a classifier which has not seen it takes it for, where that
 *   is another one
 */
const char *
rn_teach_picture_get_taken_for (RnTeachPicture *self, double *probability)
{
  if (probability != NULL)
    *probability = self->probability;

  return self->taken_for;
}
