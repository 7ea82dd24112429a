#include "ui/learn/net-picker.h"

#include <glib/gi18n.h>
#include <math.h>

#include "engine/model/catalog.h"
#include "engine/model/cifar-net.h"

/* The choices of shortcuts, in their order: none, then RnCifarOption. */
#define CHOICE_PLAIN 0

struct _RnNetPicker
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *name;
  GtkLabel *about;
  GtkRange *depth;
  GtkLabel *depth_label;
  GtkDropDown *shortcuts;
  GtkCheckButton *batch_norm;
  GtkCheckButton *extra_relu;

  /* owned */
  char *other; /* an id that is none of the paper's nets, or NULL */
  gboolean filling;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnNetPicker, rn_net_picker, GTK_TYPE_WIDGET)

static int
get_depth (RnNetPicker *self)
{
  double steps = (gtk_range_get_value (self->depth) - RN_CIFAR_MIN_DEPTH) / RN_CIFAR_DEPTH_STEP;

  return RN_CIFAR_MIN_DEPTH + RN_CIFAR_DEPTH_STEP * (int)round (steps);
}

static RnCifarNet
get_net (RnNetPicker *self)
{
  guint choice = gtk_drop_down_get_selected (self->shortcuts);

  return (RnCifarNet){ .depth = get_depth (self),
                       .plain = choice == CHOICE_PLAIN,
                       .option = choice > CHOICE_PLAIN ? choice - 1 : RN_CIFAR_ZEROS,
                       .extra_relu = gtk_check_button_get_active (self->extra_relu),
                       .no_batch_norm = !gtk_check_button_get_active (self->batch_norm) };
}

/* What it is called, and how large it is. */
static void
show_about (RnNetPicker *self)
{
  g_autofree char *id = rn_net_picker_get_id (self);
  g_autofree char *depth = g_strdup_printf ("%d", get_depth (self));
  g_autoptr (RnModel) model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, NULL);
  g_autofree char *text = NULL;

  gtk_label_set_label (self->depth_label, depth);
  gtk_widget_set_sensitive (GTK_WIDGET (self->extra_relu),
                            gtk_drop_down_get_selected (self->shortcuts) != CHOICE_PLAIN);
  if (model == NULL)
    return;
  text = g_strdup_printf (_ ("%s · %.2f M parameters"), id, rn_model_get_n_trainable (model) / 1e6);
  gtk_label_set_label (self->about, text);
}

static void
on_changed (RnNetPicker *self)
{
  if (self->filling)
    return;
  g_clear_pointer (&self->other, g_free);
  show_about (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The slider moves in whole networks. */
static void
on_depth (RnNetPicker *self)
{
  int depth = get_depth (self);

  if (gtk_range_get_value (self->depth) != depth)
    gtk_range_set_value (self->depth, depth);
  else
    on_changed (self);
}

static void
rn_net_picker_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_net_picker_parent_class)->dispose (object);
}

static void
rn_net_picker_finalize (GObject *object)
{
  g_free (RN_NET_PICKER (object)->other);

  G_OBJECT_CLASS (rn_net_picker_parent_class)->finalize (object);
}

static void
rn_net_picker_class_init (RnNetPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_net_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_net_picker_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/learn/net-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, name);
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, about);
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, depth);
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, depth_label);
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, shortcuts);
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, batch_norm);
  gtk_widget_class_bind_template_child (widget_class, RnNetPicker, extra_relu);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_depth);

  /* By the user: another network was chosen. */
  signals[CHANGED] = g_signal_new ("changed", RN_TYPE_NET_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rn_net_picker_init (RnNetPicker *self)
{
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_range_set_increments (self->depth, RN_CIFAR_DEPTH_STEP, RN_CIFAR_DEPTH_STEP);
  gtk_range_set_range (self->depth, RN_CIFAR_MIN_DEPTH, RN_CIFAR_MAX_DEPTH);
  self->filling = FALSE;
  show_about (self);
}

/* Returns: (transfer full): the built-in model that is chosen */
char *
rn_net_picker_get_id (RnNetPicker *self)
{
  RnCifarNet net;

  g_return_val_if_fail (RN_IS_NET_PICKER (self), NULL);

  if (self->other != NULL)
    return g_strdup (self->other);
  net = get_net (self);

  return rn_cifar_net_to_id (&net);
}

/* Shows a network; one that is none of the paper's is kept until something is chosen. */
void
rn_net_picker_set_id (RnNetPicker *self, const char *id)
{
  g_autofree char *old = rn_net_picker_get_id (self);
  RnCifarNet net;

  g_return_if_fail (RN_IS_NET_PICKER (self));

  if (g_str_equal (old, id))
    return;
  self->filling = TRUE;
  g_clear_pointer (&self->other, g_free);
  if (rn_cifar_net_parse (id, &net))
    {
      gtk_range_set_value (self->depth, net.depth);
      gtk_drop_down_set_selected (self->shortcuts, net.plain ? CHOICE_PLAIN : net.option + 1);
      gtk_check_button_set_active (self->batch_norm, !net.no_batch_norm);
      gtk_check_button_set_active (self->extra_relu, net.extra_relu);
    }
  else
    self->other = g_strdup (id);
  self->filling = FALSE;
  show_about (self);
}

/* @name: the heading, e.g. "A" */
void
rn_net_picker_set_name (RnNetPicker *self, const char *name)
{
  gtk_label_set_label (self->name, name);
}
