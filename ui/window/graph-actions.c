#include "ui/window/graph-actions.h"

#include "ui/window/graph-export.h"

/* Belongs to the group, which it is data of. */
typedef struct
{
  GActionMap *group;
  RnCanvas *canvas;
  RnDocument *document;
} Actions;

static void
on_back (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rn_canvas_go (((Actions *) data)->canvas, -1);
}

static void
on_forward (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rn_canvas_go (((Actions *) data)->canvas, 1);
}

static void
on_undo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rn_canvas_undo (((Actions *) data)->canvas);
}

static void
on_export (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Actions *self = data;

  rn_graph_export_choose (self->canvas, g_variant_get_boolean (parameter), self->document);
}

static void
on_copy (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Actions *self = data;

  rn_graph_export_copy (self->canvas, g_variant_get_boolean (parameter), self->document);
}

static void
on_print (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Actions *self = data;

  rn_graph_export_print (self->canvas, g_variant_get_boolean (parameter), self->document);
}

static void
set_enabled (Actions *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (self->group, name)),
                               enabled);
}

static void
update (Actions *self)
{
  set_enabled (self, "back", rn_canvas_can_go (self->canvas, -1));
  set_enabled (self, "forward", rn_canvas_can_go (self->canvas, 1));
  set_enabled (self, "undo", rn_canvas_can_undo (self->canvas));
}

/* A group holds its property actions, these hold the canvas, and it the groups of its parents. */
static void
on_destroyed (GtkWidget *widget)
{
  gtk_widget_insert_action_group (widget, "view", NULL);
}

static void
on_canvas_changed (GObject *group)
{
  update (g_object_get_data (group, "actions"));
}

static void
actions_free (Actions *self)
{
  g_object_unref (self->document);
  g_free (self);
}

static void
add_keys (GtkWidget *widget)
{
  static const struct
  {
    const char *trigger;
    const char *action;
  } keys[] = {
    { "<Alt>Left", "view.back" },
    { "<Alt>Right", "view.forward" },
    { "<Control>e", "view.export(true)" },
    { "<Control><Shift>c", "view.copy(false)" },
    { "<Control>p", "view.print(true)" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *name = NULL;
      g_autoptr (GVariant) target = NULL;
      GtkShortcut *shortcut;

      g_action_parse_detailed_name (keys[i].action, &name, &target, NULL);
      shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                   gtk_named_action_new (name));
      gtk_shortcut_set_arguments (shortcut, target);
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_widget_add_controller (widget, controller);
}

/**
 * rn_graph_actions_add:
 * @widget: in it the group and its keys are known
 * @canvas: a child of @widget
 */
void
rn_graph_actions_add (GtkWidget *widget, RnCanvas *canvas, RnDocument *document)
{
  static const GActionEntry entries[] = {
    { .name = "back", .activate = on_back },
    { .name = "forward", .activate = on_forward },
    { .name = "undo", .activate = on_undo },
    { .name = "export", .activate = on_export, .parameter_type = "b" },
    { .name = "copy", .activate = on_copy, .parameter_type = "b" },
    { .name = "print", .activate = on_print, .parameter_type = "b" },
  };
  static const char *const properties[] = { "look", "level", "fold", "weigh-edges" };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  Actions *self = g_new0 (Actions, 1);

  self->group = G_ACTION_MAP (group);
  self->canvas = canvas;
  self->document = g_object_ref (document);
  g_object_set_data_full (G_OBJECT (group), "actions", self, (GDestroyNotify) actions_free);
  g_action_map_add_action_entries (self->group, entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (GPropertyAction) action
          = g_property_action_new (properties[i], canvas, properties[i]);

      g_action_map_add_action (self->group, G_ACTION (action));
    }
  g_signal_connect_object (canvas, "notify", G_CALLBACK (on_canvas_changed), group,
                           G_CONNECT_SWAPPED);
  g_signal_connect (widget, "destroy", G_CALLBACK (on_destroyed), NULL);
  gtk_widget_insert_action_group (widget, "view", G_ACTION_GROUP (group));
  add_keys (widget);
  update (self);
}
