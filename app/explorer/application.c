#include "app/explorer/application.h"

#include <glib/gi18n.h>

#include "app/common/data-dir.h"
#include "app/common/reader-program.h"
#include "app/explorer/settings.h"
#include "app/explorer/theme.h"
#include "ui/window/ui.h"
#include "ui/window/window.h"

#define ID "org.resnet_explorer.ResNetExplorer"

/* The picture of the first start. */
#define FIRST_SAMPLE "samples/parachute.png"

struct _RnApplication
{
  GtkApplication parent_instance;

  GSettings *settings; /* NULL where nothing can be remembered */
  RnTheme *theme;
  RnDocument *document; /* of the first window, until that is there */
  GtkWindow *window;    /* borrowed */
};

G_DEFINE_FINAL_TYPE (RnApplication, rn_application, GTK_TYPE_APPLICATION)

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RnApplication *self = data;

  if (self->window != NULL)
    gtk_window_close (self->window);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RnApplication *self = data;

  gtk_show_about_dialog (self->window, "program-name", _ ("ResNet Explorer"), "logo-icon-name", ID,
                         "version", RN_VERSION, "license-type", GTK_LICENSE_MIT_X11, "comments",
                         _ ("Look inside residual networks: every layer, on your own picture."),
                         NULL);
}

/* Look and toggles of the graph. */
static void
bind_view (RnApplication *self)
{
  RnWindow *window = RN_WINDOW (self->window);
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (window));

  g_settings_bind (self->settings, "look", canvas, "look", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "fold", canvas, "fold", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "weigh-edges", canvas, "weigh-edges", G_SETTINGS_BIND_DEFAULT);
}

static void
remember_layer (RnApplication *self)
{
  RnDocument *document = rn_window_get_document (RN_WINDOW (self->window));
  RnModel *model = rn_document_get_model (document);
  int layer = rn_document_get_selection (document).layer;

  g_settings_set_string (
      self->settings, "layer",
      model != NULL && layer >= 0 ? rn_model_get_layer (model, layer)->name : "");
}

/* Once the model is there: the layer that was selected when the window was closed. */
static void
recall_layer (RnDocument *document, GParamSpec *pspec, RnApplication *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "layer");
  RnModel *model = rn_document_get_model (document);
  const RnLayer *layer = model != NULL ? rn_model_find_layer (model, name, NULL) : NULL;

  if (model == NULL)
    return;
  g_signal_handlers_disconnect_by_func (document, recall_layer, self);
  if (layer != NULL && rn_document_get_selection (document).layer < 0
      && rn_document_get_selection (document).block < 0)
    rn_document_select_layer (document, layer->index);
}

static void
remember_window (RnApplication *self)
{
  int width, height;

  if (self->settings == NULL)
    return;

  gtk_window_get_default_size (self->window, &width, &height);
  g_settings_set_int (self->settings, "window-width", width);
  g_settings_set_int (self->settings, "window-height", height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (self->window));
  remember_layer (self);
  g_settings_set_string (self->settings, "model",
                         rn_document_get_model_id (rn_window_get_document (
                             RN_WINDOW (self->window))));
}

static gboolean
on_close_request (RnApplication *self)
{
  remember_window (self);
  self->window = NULL;

  return FALSE;
}

static void
recall_window (RnApplication *self)
{
  if (self->settings == NULL)
    return;

  gtk_window_set_default_size (self->window, g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (self->window);
}

static void
choose_model (RnApplication *self, RnDocument *document)
{
  g_autofree char *id
      = self->settings != NULL ? g_settings_get_string (self->settings, "model") : NULL;

  if (id == NULL || rn_catalog_find (id, NULL) == NULL)
    {
      g_free (id);
      id = g_strdup ("resnet50");
    }
  rn_document_set_model_id (document, id);
}

/* A document whose network is being loaded. */
static RnDocument *
new_document (RnApplication *self)
{
  RnDocument *document = rn_document_new (rn_data_dir_get (), rn_reader_program_get ());

  choose_model (self, document);

  return document;
}

static RnDocument *
ensure_window (RnApplication *self)
{
  g_autoptr (RnDocument) document = NULL;

  if (self->window == NULL)
    {
      document = self->document != NULL ? g_steal_pointer (&self->document) : new_document (self);
      self->window = GTK_WINDOW (rn_window_new (GTK_APPLICATION (self), document));
      g_signal_connect_swapped (self->window, "close-request", G_CALLBACK (on_close_request), self);
      recall_window (self);
      if (self->settings != NULL)
        {
          bind_view (self);
          g_signal_connect_object (document, "notify::model", G_CALLBACK (recall_layer), self, 0);
          g_settings_bind (self->settings, "mirror",
                           rn_weights_actions_get_store (
                               rn_window_get_weights (RN_WINDOW (self->window))),
                           "mirror", G_SETTINGS_BIND_DEFAULT);
        }
    }

  return rn_window_get_document (RN_WINDOW (self->window));
}

/* The picture that the first window shows when nothing else is asked for. */
static GFile *
new_first_sample (void)
{
  g_autofree char *path = rn_data_dir_find (FIRST_SAMPLE, NULL);

  return path != NULL ? g_file_new_for_path (path) : NULL;
}

static gboolean
is_picture (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);

  return g_content_type_is_a (type, "image/*");
}

static void
rn_application_activate (GApplication *application)
{
  RnApplication *self = RN_APPLICATION (application);
  gboolean first = self->window == NULL;
  RnDocument *document = ensure_window (self);
  g_autoptr (GFile) sample = first ? new_first_sample () : NULL;

  if (sample != NULL)
    rn_document_open (document, sample);
  gtk_window_present (self->window);
}

/* Weights alone have something to look at too: the sample comes before them. */
static void
rn_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  RnApplication *self = RN_APPLICATION (application);
  gboolean first = self->window == NULL, pictures = FALSE;
  RnDocument *document = ensure_window (self);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  GFile *sample;

  for (int i = 0; i < n_files; i++)
    pictures |= is_picture (files[i]);
  sample = first && !pictures ? new_first_sample () : NULL;
  if (sample != NULL)
    g_ptr_array_add (all, sample);
  for (int i = 0; i < n_files; i++)
    g_ptr_array_add (all, g_object_ref (files[i]));
  rn_document_open_files (document, (GFile **) all->pdata, all->len);
  gtk_window_present (self->window);
}

static void
set_accelerators (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accelerators[3];
  } shortcuts[] = {
    { "win.open", { "<Control>o" } },
    { "win.find", { "<Control>f" } },
    { "win.compare", { "<Control>k" } },
    { "win.learn", { "<Control>l" } },
    { "win.teach", { "<Control>t" } },
    { "win.summary", { "<Control>m" } },
    { "win.keras-code", { "<Control><Shift>k" } },
    { "win.next-picture", { "<Control>Page_Down" } },
    { "win.previous-picture", { "<Control>Page_Up" } },
    { "win.paste", { "<Control>v" } },
    { "win.escape", { "Escape" } },
    { "win.model::resnet50", { "<Alt>1" } },
    { "win.model::resnet18", { "<Alt>2" } },
    { "win.show-help-overlay", { "<Control>question", "F1" } },
    { "app.quit", { "<Control>q" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (application, shortcuts[i].action,
                                           shortcuts[i].accelerators);
}

static void
add_theme_action (RnApplication *self)
{
  g_autoptr (GPropertyAction) action = NULL;

  self->theme = rn_theme_new ();
  if (self->settings != NULL)
    g_settings_bind (self->settings, "theme", self->theme, "scheme", G_SETTINGS_BIND_DEFAULT);
  action = g_property_action_new ("theme", self->theme, "scheme");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

static void
add_icons (GtkIconTheme *theme, const char *relative)
{
  g_autofree char *folder = g_canonicalize_filename (relative, rn_data_dir_get ());

  gtk_icon_theme_add_search_path (theme, folder);
}

static void
rn_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = on_quit },
    { .name = "about", .activate = on_about },
  };
  RnApplication *self = RN_APPLICATION (application);
  GtkIconTheme *theme;

  /* The network is loaded by a worker while GTK starts and the window is made. */
  self->settings = rn_settings_new ();
  self->document = new_document (self);
  /* GTK looks for the shortcuts window among the resources as it starts. */
  rn_ui_init ();
  G_APPLICATION_CLASS (rn_application_parent_class)->startup (application);

  theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  add_icons (theme, "icons");    /* the sources' data */
  add_icons (theme, "../icons"); /* a prefix, beside the data */
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  add_theme_action (self);
  set_accelerators (GTK_APPLICATION (self));
}

/* Before anything else is done, and after --help, which needs no display. */
static int
rn_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("resnet-explorer %s\n", RN_VERSION);
      return 0;
    }
  if (!gtk_init_check ())
    {
      g_printerr (_ ("resnet-explorer: no display: DISPLAY and WAYLAND_DISPLAY lead nowhere; start "
                     "it in a desktop session, or use the resnet command, which needs none\n"));
      return 1;
    }

  return G_APPLICATION_CLASS (rn_application_parent_class)
      ->handle_local_options (application, options);
}

static void
rn_application_finalize (GObject *object)
{
  RnApplication *self = RN_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->theme);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (rn_application_parent_class)->finalize (object);
}

static void
rn_application_class_init (RnApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rn_application_finalize;
  application_class->handle_local_options = rn_application_handle_local_options;
  application_class->startup = rn_application_startup;
  application_class->activate = rn_application_activate;
  application_class->open = rn_application_open;
}

static void
rn_application_init (RnApplication *self)
{
  GApplication *application = G_APPLICATION (self);

  g_application_add_main_option (application, "version", 0, 0, G_OPTION_ARG_NONE,
                                 _ ("Show the program's version"), NULL);
  g_application_set_option_context_parameter_string (application, _ ("[FILE…]"));
  g_application_set_option_context_summary (
      application, _ ("Look inside residual networks: every layer, on your own picture."));
}

GtkApplication *
rn_application_new (void)
{
  return g_object_new (RN_TYPE_APPLICATION, "application-id", ID, "resource-base-path",
                       RN_RESOURCE_PATH, "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE, NULL);
}
