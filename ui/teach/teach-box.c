#include "ui/teach/teach-box.h"

struct _RnTeachBox
{
  GObject parent_instance;

  char *name;
  GListStore *pictures;
};

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RnTeachBox, rn_teach_box, G_TYPE_OBJECT)

static void
rn_teach_box_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NAME)
    g_value_set_string (value, RN_TEACH_BOX (object)->name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rn_teach_box_finalize (GObject *object)
{
  RnTeachBox *self = RN_TEACH_BOX (object);

  g_free (self->name);
  g_object_unref (self->pictures);

  G_OBJECT_CLASS (rn_teach_box_parent_class)->finalize (object);
}

static void
rn_teach_box_class_init (RnTeachBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rn_teach_box_get_property;
  object_class->finalize = rn_teach_box_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, "What the class is called", NULL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rn_teach_box_init (RnTeachBox *self)
{
  self->pictures = g_list_store_new (RN_TYPE_TEACH_PICTURE);
}

RnTeachBox *
rn_teach_box_new (const char *name)
{
  RnTeachBox *self = g_object_new (RN_TYPE_TEACH_BOX, NULL);

  self->name = g_strdup (name);

  return self;
}

const char *
rn_teach_box_get_name (RnTeachBox *self)
{
  return self->name;
}

/* For #RnTeaching, which sees to it that names differ. */
void
rn_teach_box_set_name (RnTeachBox *self, const char *name)
{
  if (g_strcmp0 (name, self->name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/* Returns: (transfer none): a list of #RnTeachPicture */
GListModel *
rn_teach_box_get_pictures (RnTeachBox *self)
{
  return G_LIST_MODEL (self->pictures);
}

int
rn_teach_box_get_n (RnTeachBox *self)
{
  return (int) g_list_model_get_n_items (G_LIST_MODEL (self->pictures));
}

void
rn_teach_box_add (RnTeachBox *self, RnTeachPicture *picture)
{
  g_list_store_append (self->pictures, picture);
}

/* Returns: whether it was there */
gboolean
rn_teach_box_remove (RnTeachBox *self, RnTeachPicture *picture)
{
  guint place;

  if (!g_list_store_find (self->pictures, picture, &place))
    return FALSE;
  g_list_store_remove (self->pictures, place);

  return TRUE;
}
