#include "app/explorer/theme.h"

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define PORTAL_NAMESPACE "org.freedesktop.appearance"
#define PORTAL_KEY "color-scheme"

/* The portal's value for "prefer dark" (XDG Desktop Portal, Settings, color-scheme). */
#define PREFER_DARK 1

/* GTK itself follows the desktop's choice only through libadwaita, so the portal is asked here. */
struct _RnTheme
{
  GObject parent_instance;

  char *scheme;         /* "system", "light" or "dark" */
  gboolean system_dark; /* what the desktop prefers */
  gboolean initial;     /* what GTK's own settings say */
  gboolean portal_told;
  GDBusProxy *portal;   /* NULL until it answers; for ever where there is none */
  GCancellable *cancellable;
};

enum
{
  PROP_0,
  PROP_SCHEME,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RnTheme, rn_theme, G_TYPE_OBJECT)

static void
apply (RnTheme *self)
{
  gboolean dark = self->portal_told ? self->system_dark : self->initial;

  if (!g_str_equal (self->scheme, "system"))
    dark = g_str_equal (self->scheme, "dark");
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", dark, NULL);
}

static void
take_portal_value (RnTheme *self, GVariant *value)
{
  g_autoptr (GVariant) inner = g_variant_ref (value);

  /* Read() wraps its answer twice. */
  while (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *next = g_variant_get_variant (inner);

      g_variant_unref (inner);
      inner = next;
    }
  if (!g_variant_is_of_type (inner, G_VARIANT_TYPE_UINT32))
    return;

  self->portal_told = TRUE;
  self->system_dark = g_variant_get_uint32 (inner) == PREFER_DARK;
  apply (self);
}

static void
on_portal_signal (RnTheme *self, const char *sender, const char *name, GVariant *parameters)
{
  g_autoptr (GVariant) value = NULL;
  const char *space, *key;

  if (!g_str_equal (name, "SettingChanged")
      || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;

  g_variant_get (parameters, "(&s&sv)", &space, &key, &value);
  if (g_str_equal (space, PORTAL_NAMESPACE) && g_str_equal (key, PORTAL_KEY))
    take_portal_value (self, value);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnTheme) self = data;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, NULL);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(v)")))
    return;

  value = g_variant_get_child_value (answer, 0);
  take_portal_value (self, value);
}

static void
on_portal (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnTheme) self = data;
  GDBusProxy *portal = g_dbus_proxy_new_for_bus_finish (result, NULL);

  if (portal == NULL)
    return;

  self->portal = portal;
  g_signal_connect_swapped (portal, "g-signal", G_CALLBACK (on_portal_signal), self);
  g_dbus_proxy_call (portal, "Read", g_variant_new ("(ss)", PORTAL_NAMESPACE, PORTAL_KEY),
                     G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_read, g_object_ref (self));
}

static void
rn_theme_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCHEME)
    rn_theme_set_scheme (RN_THEME (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rn_theme_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCHEME)
    g_value_set_string (value, RN_THEME (object)->scheme);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rn_theme_dispose (GObject *object)
{
  RnTheme *self = RN_THEME (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->portal != NULL)
    g_signal_handlers_disconnect_by_data (self->portal, self);
  g_clear_object (&self->portal);
  g_clear_pointer (&self->scheme, g_free);

  G_OBJECT_CLASS (rn_theme_parent_class)->dispose (object);
}

static void
rn_theme_class_init (RnThemeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = rn_theme_set_property;
  object_class->get_property = rn_theme_get_property;
  object_class->dispose = rn_theme_dispose;

  props[PROP_SCHEME]
      = g_param_spec_string ("scheme", NULL, NULL, "system",
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rn_theme_init (RnTheme *self)
{
  self->scheme = g_strdup ("system");
  self->cancellable = g_cancellable_new ();
  g_object_get (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", &self->initial,
                NULL);
  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SESSION, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL,
                            PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, self->cancellable,
                            on_portal, g_object_ref (self));
}

/* Returns: (transfer full): the program's theme, as the desktop has it at first; needs a display */
RnTheme *
rn_theme_new (void)
{
  return g_object_new (RN_TYPE_THEME, NULL);
}

const char *
rn_theme_get_scheme (RnTheme *self)
{
  return self->scheme;
}

/**
 * rn_theme_set_scheme:
 * @scheme: "system", "light" or "dark"
 */
void
rn_theme_set_scheme (RnTheme *self, const char *scheme)
{
  g_return_if_fail (RN_IS_THEME (self) && scheme != NULL);

  if (g_str_equal (scheme, self->scheme))
    return;

  g_free (self->scheme);
  self->scheme = g_strdup (scheme);
  apply (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCHEME]);
}
