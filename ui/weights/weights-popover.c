#include "ui/weights/weights-popover.h"

#include <glib/gi18n.h>

#include "ui/weights/file-sums.h"
#include "ui/weights/weights-words.h"

struct _RnWeightsPopover
{
  GtkPopover parent_instance;

  /* template */
  GtkLabel *title;
  RnFactTable *facts;
  GtkLabel *sums;
  GtkExpander *map_expander;
  GtkLabel *map;
  GtkWidget *bundled;

  /* owned */
  RnDocument *document;
  RnNetwork *shown;          /* whose facts these are */
  GCancellable *cancellable; /* of its checksums */
};

G_DEFINE_FINAL_TYPE (RnWeightsPopover, rn_weights_popover, GTK_TYPE_POPOVER)

static void
on_sums (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnWeightsPopover) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnFileSums) sums = rn_file_sums_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  if (sums != NULL)
    text = g_strdup_printf ("MD5 %s\nSHA-256 %s", sums->md5, sums->sha256);
  gtk_label_set_label (self->sums, sums != NULL ? text : error->message);
}

static void
start_sums (RnWeightsPopover *self)
{
  const char *path = rn_network_get_path (self->shown);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_label_set_label (self->sums, "");
  gtk_widget_set_visible (GTK_WIDGET (self->sums), path != NULL);
  if (path == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (self->sums, _ ("computing the checksums…"));
  rn_file_sums_async (path, self->cancellable, on_sums, g_object_ref (self));
}

static void
show_map (RnWeightsPopover *self)
{
  g_autofree char *map = rn_describe_weights_map (self->shown);

  gtk_widget_set_visible (GTK_WIDGET (self->map_expander), map != NULL);
  gtk_label_set_label (self->map, map != NULL ? map : "");
}

/* Whether the weights that came with the program are there to go back to. */
static gboolean
can_go_back (RnWeightsPopover *self)
{
  const char *id = rn_network_get_id (self->shown);
  g_autofree char *name = g_strconcat (id, ".h5", NULL);
  g_autofree char *path =
      g_build_filename (rn_document_get_data_dir (self->document), "weights", name, NULL);

  return rn_network_get_entry (self->shown) != NULL
         && g_strcmp0 (path, rn_network_get_path (self->shown)) != 0
         && g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
update (RnWeightsPopover *self)
{
  RnNetwork *network = rn_document_get_network (self->document);
  g_autofree char *title = NULL;

  if (network == NULL || network == self->shown)
    return;

  g_clear_pointer (&self->shown, rn_network_unref);
  self->shown = rn_network_ref (network);
  title = rn_get_weights_title (network);
  gtk_label_set_label (self->title, title);
  rn_fact_table_set_facts (self->facts, rn_describe_weights (network));
  gtk_widget_set_visible (self->bundled, can_go_back (self));
  show_map (self);
  start_sums (self);
}

static void
on_model (RnWeightsPopover *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    update (self);
}

static void
on_bundled (RnWeightsPopover *self)
{
  rn_document_use_bundled (self->document, rn_network_get_id (self->shown));
}

/* What is seldom looked at is worked out when it is. */
static void
rn_weights_popover_show (GtkWidget *widget)
{
  update (RN_WEIGHTS_POPOVER (widget));

  GTK_WIDGET_CLASS (rn_weights_popover_parent_class)->show (widget);
}

static void
rn_weights_popover_dispose (GObject *object)
{
  RnWeightsPopover *self = RN_WEIGHTS_POPOVER (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->document);
  g_clear_pointer (&self->shown, rn_network_unref);

  G_OBJECT_CLASS (rn_weights_popover_parent_class)->dispose (object);
}

static void
rn_weights_popover_class_init (RnWeightsPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_weights_popover_dispose;
  widget_class->show = rn_weights_popover_show;
  g_type_ensure (RN_TYPE_FACT_TABLE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/weights/weights-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPopover, title);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPopover, facts);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPopover, sums);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPopover, map_expander);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPopover, map);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsPopover, bundled);
  gtk_widget_class_bind_template_callback (widget_class, on_bundled);
}

static void
rn_weights_popover_init (RnWeightsPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_weights_popover_set_document (RnWeightsPopover *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_WEIGHTS_POPOVER (self) && RN_IS_DOCUMENT (document));

  g_set_object (&self->document, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
}

RnFactTable *
rn_weights_popover_get_facts (RnWeightsPopover *self)
{
  return self->facts;
}

/* Returns: the lines of the map from names to layers; empty where there is none to show */
const char *
rn_weights_popover_get_map (RnWeightsPopover *self)
{
  return gtk_label_get_label (self->map);
}

/* Returns: the checksums, or that they are being computed */
const char *
rn_weights_popover_get_sums (RnWeightsPopover *self)
{
  return gtk_label_get_label (self->sums);
}
