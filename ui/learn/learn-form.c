#include "ui/learn/learn-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/tooltip/tooltip.h"

#define CIFAR "cifar10"
#define CIFAR_PREFIX CIFAR ":"
#define CIFAR_FILE "data_batch_1.bin"

/* The choices of data, in their order. */
enum
{
  DATA_SHAPES,
  DATA_CIFAR,
  DATA_FOLDER,
};

/* Pairs that show something, in the order of their menu, which begins with a title. */
static const char *const presets[][RN_LEARN_N_RUNS] = {
  { "plain20", "resnet20-paper" },          { "plain20", "plain56" },
  { "plain56", "resnet56-paper" },          { "resnet20-paper", "resnet56-paper" },
  { "plain20-no-bn", "plain20" },           { "resnet20-paper", "resnet20-paper-extra-relu" },
  { "resnet20-paper", "resnet20-paper-b" },
};

struct _RnLearnForm
{
  GtkWidget parent_instance;

  /* template */
  GtkDropDown *preset;
  RnNetPicker *picker_a;
  RnNetPicker *picker_b;
  GtkDropDown *data;
  GtkButton *choose;
  GtkLabel *place;
  RnDataFetch *fetch;
  GtkSpinButton *pictures;
  GtkSpinButton *epochs;
  GtkSpinButton *batch;
  GtkSpinButton *rate;
  GtkDropDown *schedule;
  GtkSpinButton *seed;
  GtkLabel *trouble;

  /* owned */
  RnLearning *learning;
  RnWeightsItem *cifar; /* what can be fetched, or NULL */
  GtkFileChooserNative *chooser;
  char *folder;       /* that was chosen, or NULL */
  char *cifar_folder; /* that was chosen for CIFAR-10, or NULL for what was fetched */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (RnLearnForm, rn_learn_form, GTK_TYPE_WIDGET)

/* Returns: (transfer full) (nullable): what RnLearnSetup.data would be */
static char *
get_data (RnLearnForm *self)
{
  switch (gtk_drop_down_get_selected (self->data))
    {
    case DATA_CIFAR:
      return self->cifar_folder != NULL ? g_strconcat (CIFAR_PREFIX, self->cifar_folder, NULL)
                                        : g_strdup (CIFAR);
    case DATA_FOLDER:
      return g_strdup (self->folder);
    default:
      return g_strdup ("shapes");
    }
}

static void
show_place (RnLearnForm *self)
{
  guint choice = gtk_drop_down_get_selected (self->data);
  const char *folder = choice == DATA_CIFAR ? self->cifar_folder : self->folder;
  g_autofree char *name = folder != NULL ? g_path_get_basename (folder) : NULL;
  gboolean fetched = self->cifar != NULL
                     && rn_weights_item_get_state (self->cifar) == RN_WEIGHTS_READY;
  const char *without = choice == DATA_FOLDER ? _ ("no folder chosen")
                        : fetched             ? _ ("fetched")
                                              : _ ("not here yet");

  gtk_widget_set_visible (GTK_WIDGET (self->choose), choice != DATA_SHAPES);
  gtk_widget_set_visible (GTK_WIDGET (self->place), choice != DATA_SHAPES);
  gtk_label_set_label (self->place, name != NULL ? name : without);
  rn_tooltip_set (GTK_WIDGET (self->place), folder);
  gtk_widget_set_visible (GTK_WIDGET (self->fetch), choice == DATA_CIFAR && folder == NULL
                                                        && self->cifar != NULL && !fetched);
}

static void
show_trouble (RnLearnForm *self, const char *message)
{
  gtk_label_set_label (self->trouble, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), message != NULL);
}

/* What the fields say becomes the setup. */
static void
on_changed (RnLearnForm *self)
{
  g_auto (RnLearnSetup) setup = { 0 };
  g_autoptr (GError) error = NULL;

  if (self->filling || self->learning == NULL)
    return;
  if (gtk_drop_down_get_selected (self->data) != DATA_CIFAR)
    g_clear_pointer (&self->cifar_folder, g_free);
  show_place (self);
  setup.nets[0] = rn_net_picker_get_id (self->picker_a);
  setup.nets[1] = rn_net_picker_get_id (self->picker_b);
  setup.data = get_data (self);
  setup.n_pictures = gtk_spin_button_get_value_as_int (self->pictures);
  setup.epochs = gtk_spin_button_get_value_as_int (self->epochs);
  setup.batch = gtk_spin_button_get_value_as_int (self->batch);
  setup.learning_rate = gtk_spin_button_get_value (self->rate);
  setup.schedule = (RnScheduleKind)gtk_drop_down_get_selected (self->schedule);
  setup.seed = (guint64)gtk_spin_button_get_value (self->seed);
  if (setup.data == NULL)
    return; /* until a folder is chosen, what was before holds */
  self->filling = TRUE;
  rn_learning_set_setup (self->learning, &setup, &error);
  self->filling = FALSE;
  show_trouble (self, error != NULL ? error->message : NULL);
}

static void
fill_data (RnLearnForm *self, const char *data)
{
  g_clear_pointer (&self->cifar_folder, g_free);
  if (g_str_equal (data, "shapes"))
    gtk_drop_down_set_selected (self->data, DATA_SHAPES);
  else if (g_str_equal (data, CIFAR))
    gtk_drop_down_set_selected (self->data, DATA_CIFAR);
  else if (g_str_has_prefix (data, CIFAR_PREFIX))
    {
      self->cifar_folder = g_strdup (data + strlen (CIFAR_PREFIX));
      gtk_drop_down_set_selected (self->data, DATA_CIFAR);
    }
  else
    {
      g_free (self->folder);
      self->folder = g_strdup (data);
      gtk_drop_down_set_selected (self->data, DATA_FOLDER);
    }
}

/* The setup becomes what the fields say. */
static void
fill (RnLearnForm *self)
{
  const RnLearnSetup *setup = rn_learning_get_setup (self->learning);

  gtk_widget_set_sensitive (GTK_WIDGET (self), !rn_learning_is_active (self->learning));
  if (self->filling)
    return;
  self->filling = TRUE;
  rn_net_picker_set_id (self->picker_a, setup->nets[0]);
  rn_net_picker_set_id (self->picker_b, setup->nets[1]);
  fill_data (self, setup->data);
  gtk_spin_button_set_value (self->pictures, setup->n_pictures);
  gtk_spin_button_set_value (self->epochs, setup->epochs);
  gtk_spin_button_set_value (self->batch, setup->batch);
  gtk_spin_button_set_value (self->rate, setup->learning_rate);
  gtk_drop_down_set_selected (self->schedule, setup->schedule);
  gtk_spin_button_set_value (self->seed, (double)setup->seed);
  show_place (self);
  self->filling = FALSE;
}

/* Only what is new: the user may be choosing a folder. */
static void
on_learning_changed (RnLearnForm *self)
{
  static const char *key = "shown";
  g_autofree char *text = rn_learn_setup_to_string (rn_learning_get_setup (self->learning));

  if (g_strcmp0 (g_object_get_data (G_OBJECT (self), key), text) != 0)
    {
      g_object_set_data_full (G_OBJECT (self), key, g_steal_pointer (&text), g_free);
      fill (self);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self), !rn_learning_is_active (self->learning));
}

static void
on_preset (RnLearnForm *self)
{
  guint choice = gtk_drop_down_get_selected (self->preset);

  if (self->filling || choice == 0 || choice > G_N_ELEMENTS (presets))
    return;
  self->filling = TRUE;
  rn_net_picker_set_id (self->picker_a, presets[choice - 1][0]);
  rn_net_picker_set_id (self->picker_b, presets[choice - 1][1]);
  gtk_drop_down_set_selected (self->preset, 0);
  self->filling = FALSE;
  on_changed (self);
}

static void
on_chosen (RnLearnForm *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    rn_learn_form_take_folder (self, file);
  g_clear_object (&self->chooser);
}

static void
on_choose (RnLearnForm *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("A folder with a subfolder for each class, or CIFAR-10's files"), GTK_WINDOW (root),
      GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
rn_learn_form_dispose (GObject *object)
{
  RnLearnForm *self = RN_LEARN_FORM (object);
  GtkWidget *child;

  if (self->learning != NULL)
    g_signal_handlers_disconnect_by_data (self->learning, self);
  if (self->cifar != NULL)
    g_signal_handlers_disconnect_by_data (self->cifar, self);
  g_clear_object (&self->learning);
  g_clear_object (&self->cifar);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->cifar_folder, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_learn_form_parent_class)->dispose (object);
}

static void
rn_learn_form_class_init (RnLearnFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_learn_form_dispose;
  g_type_ensure (RN_TYPE_DATA_FETCH);
  g_type_ensure (RN_TYPE_NET_PICKER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/learn/learn-form.ui");
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, preset);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, picker_a);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, picker_b);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, data);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, choose);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, place);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, fetch);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, pictures);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, epochs);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, batch);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, rate);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, schedule);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, seed);
  gtk_widget_class_bind_template_child (widget_class, RnLearnForm, trouble);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_bind_template_callback (widget_class, on_preset);
}

static void
rn_learn_form_init (RnLearnForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rn_net_picker_set_name (self->picker_a, _ ("Network A (orange)"));
  rn_net_picker_set_name (self->picker_b, _ ("Network B (blue)"));
}

/* Called once; @store fetches pictures. */
void
rn_learn_form_set_learning (RnLearnForm *self, RnLearning *learning, RnWeightsStore *store)
{
  g_return_if_fail (RN_IS_LEARN_FORM (self) && self->learning == NULL);

  self->learning = g_object_ref (learning);
  rn_weights_store_look (store);
  g_set_object (&self->cifar, rn_weights_store_get_pictures (store));
  if (self->cifar != NULL)
    {
      rn_data_fetch_set_store (self->fetch, store);
      g_signal_connect_swapped (self->cifar, "changed", G_CALLBACK (show_place), self);
    }
  g_signal_connect_swapped (learning, "changed", G_CALLBACK (on_learning_changed), self);
  on_learning_changed (self);
}

/* As if @folder had been chosen; CIFAR-10's is known by its files. */
void
rn_learn_form_take_folder (RnLearnForm *self, GFile *folder)
{
  g_autofree char *path = g_file_get_path (folder);
  g_autofree char *file = path != NULL ? g_build_filename (path, CIFAR_FILE, NULL) : NULL;
  gboolean cifar;

  if (path == NULL || rn_learning_is_active (self->learning))
    return;
  cifar = g_file_test (file, G_FILE_TEST_EXISTS)
          || gtk_drop_down_get_selected (self->data) == DATA_CIFAR;
  g_free (cifar ? self->cifar_folder : self->folder);
  *(cifar ? &self->cifar_folder : &self->folder) = g_strdup (path);
  self->filling = TRUE;
  gtk_drop_down_set_selected (self->data, cifar ? DATA_CIFAR : DATA_FOLDER);
  self->filling = FALSE;
  on_changed (self);
}

/* Returns: (transfer none): where CIFAR-10 is fetched, shown while it is chosen and not here */
RnDataFetch *
rn_learn_form_get_fetch (RnLearnForm *self)
{
  return self->fetch;
}

RnNetPicker *
rn_learn_form_get_picker (RnLearnForm *self, int run)
{
  return run == 0 ? self->picker_a : self->picker_b;
}
