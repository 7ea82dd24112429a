#include "ui/window/window.h"

#include <glib/gi18n.h>

#include "engine/kernels/isa.h"
#include "ui/compare/compare-actions.h"
#include "ui/experiments/edit-actions.h"
#include "ui/learn/learn-actions.h"
#include "ui/teach/teach-actions.h"
#include "ui/tutor/lesson-actions.h"
#include "ui/window/lesson-place.h"
#include "ui/window/lesson-view.h"
#include "ui/weights/names-window.h"
#include "ui/window/samples-popover.h"
#include "ui/window/window-drops.h"
#include "ui/window/window-tools.h"

struct _RnWindow
{
  GtkApplicationWindow parent_instance;

  /* template */
  GMenu *recent_menu;
  RnNetworkBar *network_bar;
  RnSamplesPopover *samples;
  GtkSpinner *spinner;
  GtkRevealer *message_revealer;
  GtkLabel *message;
  GtkWidget *compare_offer;
  GtkWidget *misfit_button;
  GtkWidget *drop_hint;
  GtkPaned *left_paned;
  GtkPaned *right_paned;
  RnCanvasPane *canvas_pane;
  RnPicturePane *picture;
  RnPredictionList *predictions;
  RnOutline *outline;
  RnInspector *inspector;
  GtkStack *right_stack;
  GtkStackPage *experiments_page;
  RnExperiments *experiments;
  RnTutor *tutor;
  GtkMenuButton *tutor_button;
  GtkLabel *status;

  /* owned */
  RnDocument *document;
  RnWeightsActions *weights;
  char *misfit; /* all names that the last message but names some of, or NULL */
  GtkFileChooserNative *chooser; /* while it is open */
};

G_DEFINE_FINAL_TYPE (RnWindow, rn_window, GTK_TYPE_APPLICATION_WINDOW)

/* The instruction set as its makers write it. */
static const char *
get_isa_title (RnIsa isa)
{
  static const char *const titles[] = {
    [RN_ISA_REFERENCE] = N_ ("plain loops"),
    [RN_ISA_SSE2] = "SSE2",
    [RN_ISA_AVX2] = "AVX2",
    [RN_ISA_AVX512] = "AVX-512",
  };

  return isa < G_N_ELEMENTS (titles) && titles[isa] != NULL ? _ (titles[isa])
                                                            : rn_isa_get_name (isa);
}

static void
show_status (RnWindow *self)
{
  const RnRun *run = rn_document_get_run (self->document);
  RnModel *model = rn_document_get_model (self->document);
  g_autofree char *text = NULL;
  RnIsa isa = rn_isa_get_best ();
  int n_done = 0;

  gtk_spinner_set_spinning (self->spinner, rn_document_get_busy (self->document));
  if (run != NULL)
    {
      rn_isa_choose (&isa, NULL);
      text = g_strdup_printf (
          g_dngettext (NULL, "%.1f ms · %d thread · %s", "%.1f ms · %d threads · %s",
                       run->n_threads),
          run->milliseconds, run->n_threads, get_isa_title (isa));
    }
  else if (model != NULL && rn_document_get_picture (self->document) != NULL
           && rn_document_get_busy (self->document)
           && rn_network_get_trouble (rn_document_get_network (self->document)) == NULL)
    {
      for (int i = 0; i < rn_model_get_n_layers (model); i++)
        n_done += rn_document_is_layer_done (self->document, i);
      text = g_strdup_printf (_ ("running: %d of %d layers"), n_done, rn_model_get_n_layers (model));
    }
  gtk_label_set_label (self->status, text != NULL ? text : "");
}

static void
on_message (RnWindow *self, const char *message)
{
  const char *old = gtk_revealer_get_reveal_child (self->message_revealer)
                        ? gtk_label_get_label (self->message)
                        : "";
  g_autofree char *both = g_strconcat (old, *old != '\0' ? "\n" : "", message, NULL);

  /* What has not been dismissed stays; the same need not be said twice. */
  gtk_label_set_label (self->message, g_strcmp0 (old, message) == 0 ? message : both);
  gtk_revealer_set_reveal_child (self->message_revealer, TRUE);
}

/* A model from a file is one that somebody built: is it what it should be? */
static void
offer_comparison (RnWindow *self, const char *path)
{
  RnNetwork *network = rn_document_get_network (self->document);
  g_autofree char *text = NULL;

  if (network == NULL || g_strcmp0 (rn_network_get_id (network), path) != 0)
    return;
  text = g_strdup_printf (_ ("%s is open. Where does it differ from the network it should be?"),
                          rn_model_get_title (rn_network_get_model (network)));
  on_message (self, text);
  gtk_widget_set_visible (self->compare_offer, TRUE);
}

/* What is compared is what is shown. */
static void
withdraw_comparison (RnWindow *self)
{
  RnNetwork *network = rn_document_get_network (self->document);

  if (g_strcmp0 (rn_network_get_id (network), rn_document_get_opened_id (self->document)) != 0)
    gtk_widget_set_visible (self->compare_offer, FALSE);
}

static void
on_misfit (RnWindow *self, const char *names)
{
  g_free (self->misfit);
  self->misfit = g_strdup (names);
  gtk_widget_set_visible (self->misfit_button, TRUE);
}

static void
on_show_misfit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnWindow *self = RN_WINDOW (widget);

  if (self->misfit != NULL)
    gtk_window_present (
        rn_names_window_new (GTK_WINDOW (self), _ ("What does not fit"), self->misfit));
}

static void
dismiss_message (RnWindow *self)
{
  gtk_widget_set_visible (self->compare_offer, FALSE);
  g_clear_pointer (&self->misfit, g_free);
  gtk_widget_set_visible (self->misfit_button, FALSE);
  gtk_revealer_set_reveal_child (self->message_revealer, FALSE);
}

static void
on_dismiss_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dismiss_message (RN_WINDOW (widget));
}

static void
on_find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (RN_WINDOW (widget)->canvas_pane), "canvas-pane.find", NULL);
}

/* Escape: first the message goes, then the search that is typed; in the graph it steps out, elsewhere
 * the selection goes. */
static void
on_escape_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnWindow *self = RN_WINDOW (widget);
  GtkWidget *canvas = GTK_WIDGET (rn_canvas_pane_get_canvas (self->canvas_pane));

  if (gtk_revealer_get_reveal_child (self->message_revealer))
    dismiss_message (self);
  else if (rn_canvas_pane_stop_search (self->canvas_pane))
    return;
  else if (gtk_widget_has_focus (canvas))
    rn_canvas_step_out (RN_CANVAS (canvas));
  else
    rn_document_select_layer (self->document, -1);
}

static void
open_list (RnWindow *self, GListModel *files)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    g_ptr_array_add (array, g_list_model_get_item (files, i));
  if (array->len > 0)
    rn_document_open_files (self->document, (GFile **) array->pdata, array->len);
}

static void
on_chosen (RnWindow *self, int response)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));

  if (response == GTK_RESPONSE_ACCEPT)
    open_list (self, files);
  g_clear_object (&self->chooser);
}

static void
add_filter (RnWindow *self, const char *name, const char *mime_type, const char *const *suffixes)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (mime_type != NULL)
    gtk_file_filter_add_mime_type (filter, mime_type);
  for (int i = 0; suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
}

static const char *const network_suffixes[] = { "h5",  "hdf5", "keras", "safetensors",
                                                "npz", "json", "onnx",  NULL };

static void
on_open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnWindow *self = RN_WINDOW (widget);

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (_ ("Open a picture, weights or a model"),
                                                   GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                                   NULL, NULL);
      gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
      add_filter (self, _ ("All that can be opened"), "image/*", network_suffixes);
      add_filter (self, _ ("Pictures"), "image/*", (const char *const[]) { NULL });
      add_filter (self, _ ("Weights and models"), NULL, network_suffixes);
      g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_chosen), self);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The picture @step places further along the strip. */
static void
step_picture (RnWindow *self, int step)
{
  int n = g_list_model_get_n_items (rn_document_get_pictures (self->document));
  int index = rn_document_get_picture_index (self->document) + step;

  if (index >= 0 && index < n)
    rn_document_show_picture (self->document, index);
}

static void
on_next_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_picture (RN_WINDOW (widget), 1);
}

static void
on_previous_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_picture (RN_WINDOW (widget), -1);
}

/* The tab says how many edits are in force, whatever is on top. */
static void
show_edits (RnWindow *self)
{
  guint n = rn_edits_get_n (rn_document_get_edits (self->document));
  g_autofree char *title = n > 0 ? g_strdup_printf (_ ("Experiments (%u)"), n)
                                 : g_strdup (_ ("Experiments"));

  gtk_stack_page_set_title (self->experiments_page, title);
}

static void
on_paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_window_drops_paste (RN_WINDOW (widget));
}

/* The inspector gets a little more than a quarter: six feature maps side by side where there is room.
 * Later sizes keep what is set by hand. */
static void
place_panes (RnWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_paned_set_position (self->right_paned, width - gtk_paned_get_position (self->left_paned)
                                                 - (int) CLAMP (width * 0.28, 340, 408));
}

static void
rn_window_realize (GtkWidget *widget)
{
  place_panes (RN_WINDOW (widget));

  GTK_WIDGET_CLASS (rn_window_parent_class)->realize (widget);
}

static void
rn_window_dispose (GObject *object)
{
  RnWindow *self = RN_WINDOW (object);

  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      rn_document_stop (self->document);
      /* It holds the document, and GTK may hold the actions of the last window. */
      g_action_map_remove_action (G_ACTION_MAP (self), "model");
    }
  g_clear_object (&self->chooser);
  if (self->weights != NULL)
    rn_weights_actions_stop (self->weights);
  g_clear_object (&self->weights);
  g_clear_object (&self->document);
  g_clear_pointer (&self->misfit, g_free);

  G_OBJECT_CLASS (rn_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RnWindow, recent_menu);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, network_bar);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, samples);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, message_revealer);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, message);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, compare_offer);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, misfit_button);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, drop_hint);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, left_paned);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, right_paned);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, canvas_pane);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, predictions);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, outline);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, inspector);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, right_stack);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, experiments_page);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, experiments);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, tutor);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, tutor_button);
  gtk_widget_class_bind_template_child (widget_class, RnWindow, status);
}

static void
rn_window_class_init (RnWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_window_dispose;
  widget_class->realize = rn_window_realize;
  g_type_ensure (RN_TYPE_NETWORK_BAR);
  g_type_ensure (RN_TYPE_SAMPLES_POPOVER);
  g_type_ensure (RN_TYPE_CANVAS_PANE);
  g_type_ensure (RN_TYPE_PICTURE_PANE);
  g_type_ensure (RN_TYPE_PREDICTION_LIST);
  g_type_ensure (RN_TYPE_OUTLINE);
  g_type_ensure (RN_TYPE_INSPECTOR);
  g_type_ensure (RN_TYPE_EXPERIMENTS);
  g_type_ensure (RN_TYPE_TUTOR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/window/window.ui");
  bind_children (widget_class);

  gtk_widget_class_install_action (widget_class, "win.open", NULL, on_open_action);
  gtk_widget_class_install_action (widget_class, "win.next-picture", NULL, on_next_picture_action);
  gtk_widget_class_install_action (widget_class, "win.previous-picture", NULL,
                                   on_previous_picture_action);
  gtk_widget_class_install_action (widget_class, "win.paste", NULL, on_paste_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-message", NULL, on_dismiss_action);
  gtk_widget_class_install_action (widget_class, "win.show-misfit", NULL, on_show_misfit_action);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, on_find_action);
  gtk_widget_class_install_action (widget_class, "win.escape", NULL, on_escape_action);

  /* As bindings, so that an entry that has the keyboard undoes its own text first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK, "win.lesson-next",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.lesson-back",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "win.lesson-check", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_h, GDK_CONTROL_MASK, "win.lesson-help",
                                       NULL);
}

/* Who opens a layer, by Enter or a double click, wants to see inside. */
static void
show_maps (RnWindow *self)
{
  rn_window_show_right (self, "inspector");
  rn_inspector_show_page (self->inspector, "maps");
}

static void
rn_window_init (RnWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rn_window_drops_add (self, self->drop_hint);
}

/**
 * rn_window_new:
 * @document: what the window shows
 *
 * rn_ui_init() comes before the first window.
 */
GtkWidget *
rn_window_new (GtkApplication *application, RnDocument *document)
{
  RnWindow *self = g_object_new (RN_TYPE_WINDOW, "application", application, NULL);
  g_autoptr (GPropertyAction) model = g_property_action_new ("model", document, "model-id");

  self->document = g_object_ref (document);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (model));
  rn_compare_actions_add (GTK_APPLICATION_WINDOW (self), document);
  rn_window_tools_add (GTK_APPLICATION_WINDOW (self), document);
  rn_teach_actions_add (GTK_APPLICATION_WINDOW (self), document);
  self->weights =
      rn_weights_actions_new (GTK_APPLICATION_WINDOW (self), document, self->recent_menu);
  rn_learn_actions_add (GTK_APPLICATION_WINDOW (self), document,
                        rn_weights_actions_get_store (self->weights));
  rn_network_bar_set_document (self->network_bar, document);
  rn_samples_popover_set_document (self->samples, document);
  rn_picture_pane_set_document (self->picture, document);
  rn_prediction_list_set_document (self->predictions, document);
  rn_outline_set_document (self->outline, document);
  rn_canvas_pane_set_document (self->canvas_pane, document);
  g_signal_connect_object (rn_canvas_pane_get_canvas (self->canvas_pane), "layer-activated",
                           G_CALLBACK (show_maps), self, G_CONNECT_SWAPPED);
  rn_inspector_set_document (self->inspector, document);
  rn_experiments_set_document (self->experiments, document);
  rn_edit_actions_add (G_ACTION_MAP (self), document);
  g_signal_connect_object (rn_document_get_edits (document), "changed", G_CALLBACK (show_edits),
                           self, G_CONNECT_SWAPPED);
  rn_tutor_set_document (self->tutor, document);
  gtk_menu_button_set_menu_model (self->tutor_button, rn_tutor_get_menu (self->tutor));
  rn_lesson_actions_add (GTK_WINDOW (self), self->tutor);
  rn_tutor_set_learning (self->tutor,
                         rn_learn_actions_get_learning (GTK_APPLICATION_WINDOW (self)));
  rn_lesson_place_add (self);
  g_signal_connect_swapped (self->tutor, "show-view", G_CALLBACK (rn_lesson_view_show), self);
  g_signal_connect_swapped (document, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (document, "network-opened", G_CALLBACK (offer_comparison), self);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (withdraw_comparison), self);
  g_signal_connect_swapped (document, "misfit", G_CALLBACK (on_misfit), self);
  g_signal_connect_swapped (document, "progress", G_CALLBACK (show_status), self);
  g_signal_connect_swapped (document, "notify::busy", G_CALLBACK (show_status), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (show_status), self);
  show_status (self);

  return GTK_WIDGET (self);
}

RnDocument *
rn_window_get_document (RnWindow *self)
{
  return self->document;
}

RnNetworkBar *
rn_window_get_network_bar (RnWindow *self)
{
  return self->network_bar;
}

RnWeightsActions *
rn_window_get_weights (RnWindow *self)
{
  return self->weights;
}

RnPicturePane *
rn_window_get_picture (RnWindow *self)
{
  return self->picture;
}

RnPredictionList *
rn_window_get_predictions (RnWindow *self)
{
  return self->predictions;
}

RnOutline *
rn_window_get_outline (RnWindow *self)
{
  return self->outline;
}

RnCanvasPane *
rn_window_get_canvas_pane (RnWindow *self)
{
  return self->canvas_pane;
}

RnInspector *
rn_window_get_inspector (RnWindow *self)
{
  return self->inspector;
}

RnExperiments *
rn_window_get_experiments (RnWindow *self)
{
  return self->experiments;
}

/**
 * rn_window_show_right:
 * @page: "inspector" or "experiments"
 */
void
rn_window_show_right (RnWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->right_stack, page);
}

/* Returns: which page is on top at the right */
const char *
rn_window_get_right (RnWindow *self)
{
  return gtk_stack_get_visible_child_name (self->right_stack);
}

RnTutor *
rn_window_get_tutor (RnWindow *self)
{
  return self->tutor;
}

/* Returns: (nullable): the message that is shown and not yet dismissed */
const char *
rn_window_get_message (RnWindow *self)
{
  return gtk_revealer_get_reveal_child (self->message_revealer)
             ? gtk_label_get_label (self->message)
             : NULL;
}

/* Returns: (nullable): all the names that do not fit, where the message is about weights that don't */
const char *
rn_window_get_misfit (RnWindow *self)
{
  return self->misfit;
}

const char *
rn_window_get_status (RnWindow *self)
{
  return gtk_label_get_label (self->status);
}
