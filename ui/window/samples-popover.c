#include "ui/window/samples-popover.h"

#include "ui/document/opened.h"

#define THUMBNAIL_SIZE 84

struct _RnSamplesPopover
{
  GtkPopover parent_instance;

  /* template */
  GtkFlowBox *flow;

  /* owned */
  RnDocument *document;
  GPtrArray *files; /* of GFile, in the order of the children */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (RnSamplesPopover, rn_samples_popover, GTK_TYPE_POPOVER)

static void
on_thumbnail (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkPicture) picture = data;
  g_autoptr (RnOpened) opened = rn_opened_finish (result, NULL);

  if (opened != NULL)
    gtk_picture_set_paintable (picture, GDK_PAINTABLE (opened->seen));
}

static char *
get_title (const char *name)
{
  g_autofree char *title = g_strndup (name, strcspn (name, "."));

  return g_strdelimit (g_steal_pointer (&title), "-_", ' ');
}

static GtkWidget *
new_sample (RnSamplesPopover *self, const char *name, GFile *file)
{
  g_autofree char *title = get_title (name);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *picture = g_object_new (GTK_TYPE_PICTURE, "width-request", THUMBNAIL_SIZE,
                                     "height-request", THUMBNAIL_SIZE, "alternative-text", title,
                                     "overflow", GTK_OVERFLOW_HIDDEN, NULL);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", title, "css-classes",
                                   (const char *const[]) { "caption", NULL }, NULL);

  gtk_widget_add_css_class (box, "sample");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), label);
  rn_opened_read_async (file, (RnInputSize) { 2 * THUMBNAIL_SIZE, 2 * THUMBNAIL_SIZE }, NULL, NULL,
                        NULL, self->cancellable, on_thumbnail, g_object_ref (picture));

  return box;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
fill (RnSamplesPopover *self)
{
  g_autofree char *folder
      = g_build_filename (rn_document_get_data_dir (self->document), "samples", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      GFile *file = g_file_new_build_filename (folder, g_ptr_array_index (names, i), NULL);

      g_ptr_array_add (self->files, file);
      gtk_flow_box_append (self->flow, new_sample (self, g_ptr_array_index (names, i), file));
    }
}

static void
on_activated (RnSamplesPopover *self, GtkFlowBoxChild *child)
{
  rn_samples_popover_choose (self, gtk_flow_box_child_get_index (child));
}

static void
rn_samples_popover_show (GtkWidget *widget)
{
  RnSamplesPopover *self = RN_SAMPLES_POPOVER (widget);

  if (self->files->len == 0 && self->document != NULL)
    fill (self);

  GTK_WIDGET_CLASS (rn_samples_popover_parent_class)->show (widget);
}

static void
rn_samples_popover_dispose (GObject *object)
{
  RnSamplesPopover *self = RN_SAMPLES_POPOVER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->document);
  g_clear_pointer (&self->files, g_ptr_array_unref);

  G_OBJECT_CLASS (rn_samples_popover_parent_class)->dispose (object);
}

static void
rn_samples_popover_class_init (RnSamplesPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_samples_popover_dispose;
  widget_class->show = rn_samples_popover_show;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/window/samples-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, RnSamplesPopover, flow);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
}

static void
rn_samples_popover_init (RnSamplesPopover *self)
{
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_samples_popover_set_document (RnSamplesPopover *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_SAMPLES_POPOVER (self) && RN_IS_DOCUMENT (document));

  g_set_object (&self->document, document);
}

/* Returns: how many pictures are offered; 0 before the popover was first shown */
int
rn_samples_popover_get_n_samples (RnSamplesPopover *self)
{
  return self->files->len;
}

/* Opens one of the pictures offered, and closes the popover. */
void
rn_samples_popover_choose (RnSamplesPopover *self, int sample)
{
  g_return_if_fail (RN_IS_SAMPLES_POPOVER (self));
  g_return_if_fail (sample >= 0 && (guint) sample < self->files->len);

  rn_document_open (self->document, g_ptr_array_index (self->files, sample));
  gtk_popover_popdown (GTK_POPOVER (self));
}
