#include "ui/compare/compare-window.h"

#include <glib/gi18n.h>

#include "ui/compare/aligned-list.h"
#include "ui/compare/aligned-row.h"
#include "ui/compare/choices.h"
#include "ui/compare/places.h"
#include "ui/tooltip/tooltip.h"
#include "ui/window/child-window.h"

struct _RnCompareWindow
{
  GtkWindow parent_instance;

  /* template */
  GtkDropDown *drop_a;
  GtkDropDown *drop_b;
  GtkSpinner *spinner;
  GtkLabel *verdict;
  GtkLabel *message;
  GtkLabel *title_a;
  GtkLabel *title_b;
  GtkCheckButton *fold;
  GtkListView *rows;
  GtkLabel *list_title;
  GtkListBox *list;
  GtkLabel *place;

  /* owned */
  RnDocument *document;
  RnChoices *choices;
  GtkSingleSelection *selection;
  RnCompareResult *result;
  GCancellable *cancellable; /* of the comparison under way */
  GtkFileChooserNative *chooser;

  int chooser_side;
  RnPlaces places;
  guint pending; /* idle that starts a comparison */
};

G_DEFINE_FINAL_TYPE (RnCompareWindow, rn_compare_window, GTK_TYPE_WINDOW)

/* Shows the current place of the difference that is selected. */
static void
show_place (RnCompareWindow *self)
{
  g_autofree char *text = rn_places_to_string (&self->places);
  int pair = rn_places_find_pair (&self->places);

  if (pair >= 0)
    rn_aligned_list_scroll_to (self->rows,
                               rn_aligned_rows_find (rn_compare_window_get_rows (self), pair));
  gtk_label_set_label (self->place, text);
}

static void
on_difference_selected (RnCompareWindow *self)
{
  self->places.index = 0;
  show_place (self);
}

static void
on_difference_activated (RnCompareWindow *self)
{
  rn_places_turn (&self->places);
  show_place (self);
}

/* A row that was clicked selects the difference that concerns it, at its place; a folded one opens.
 */
static void
on_row_activated (RnCompareWindow *self, guint position)
{
  g_autoptr (RnAlignedRow) row =
      g_list_model_get_item (rn_compare_window_get_rows (self), position);

  if (row == NULL)
    return;
  if (row->last > row->first)
    {
      int first = row->first;

      gtk_check_button_set_active (self->fold, FALSE);
      rn_aligned_list_scroll_to (self->rows,
                                 rn_aligned_rows_find (rn_compare_window_get_rows (self), first));
      return;
    }
  if (row->difference < 0)
    return;
  rn_places_go_to (&self->places, row->difference, row->first);
  show_place (self);
}

static void
fill_rows (RnCompareWindow *self)
{
  g_autoptr (GListModel) rows = NULL;

  if (self->result == NULL)
    return;
  rows = rn_aligned_rows_new (self->result->comparison, self->result->deviations,
                              gtk_check_button_get_active (self->fold));
  gtk_single_selection_set_model (self->selection, rows);
  show_place (self);
}

static void
fill_list (RnCompareWindow *self)
{
  int n = self->result != NULL ? rn_comparison_get_n (self->result->comparison) : 0;
  g_autofree char *title =
      g_strdup_printf (g_dngettext (NULL, "%d difference", "%d differences", n), n);

  rn_places_fill (&self->places, self->result != NULL ? self->result->comparison : NULL);
  gtk_label_set_label (self->list_title, title);
}

static void
show_result (RnCompareWindow *self)
{
  g_autofree char *verdict = rn_compare_result_get_verdict (self->result);
  g_autofree char *message = rn_compare_result_get_message (self->result);
  g_autofree char *title_a = g_strdup_printf ("A: %s", self->result->title_a);
  g_autofree char *title_b = g_strdup_printf ("B: %s", self->result->title_b);

  gtk_label_set_label (self->verdict, verdict);
  gtk_label_set_label (self->message, message);
  gtk_label_set_label (self->title_a, title_a);
  rn_tooltip_set (GTK_WIDGET (self->title_a), title_a);
  gtk_label_set_label (self->title_b, title_b);
  rn_tooltip_set (GTK_WIDGET (self->title_b), title_b);
  fill_list (self);
  fill_rows (self);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
clear_result (RnCompareWindow *self)
{
  g_clear_pointer (&self->result, rn_compare_result_free);
  gtk_single_selection_set_model (self->selection, NULL);
  gtk_label_set_label (self->title_a, "");
  gtk_label_set_label (self->title_b, "");
  fill_list (self);
  gtk_label_set_label (self->place, "");
}

static void
on_compared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnCompareWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnCompareResult) compared = rn_compare_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return; /* another one has been asked for since */
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  clear_result (self);
  self->result = g_steal_pointer (&compared);
  if (self->result != NULL)
    {
      show_result (self);
      return;
    }
  gtk_label_set_label (self->verdict, _ ("They cannot be compared"));
  gtk_label_set_label (self->message, error->message);
}

static gboolean
start (gpointer data)
{
  RnCompareWindow *self = data;
  g_auto (RnCompared) a = { 0 };
  g_auto (RnCompared) b = { 0 };

  self->pending = 0;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  if (!rn_choices_get (self->choices, gtk_drop_down_get_selected (self->drop_a), &a) ||
      !rn_choices_get (self->choices, gtk_drop_down_get_selected (self->drop_b), &b))
    {
      gtk_label_set_label (self->verdict, _ ("The main window is still loading its model"));
      return G_SOURCE_REMOVE;
    }
  if (a.kind == RN_COMPARED_NEAREST && b.kind == RN_COMPARED_NEAREST)
    {
      clear_result (self);
      gtk_label_set_label (self->verdict, _ ("Choose one of the two: the nearest of what?"));
      gtk_label_set_label (self->message, "");
      return G_SOURCE_REMOVE;
    }

  self->cancellable = g_cancellable_new ();
  gtk_spinner_start (self->spinner);
  rn_compare_async (&a, &b, rn_document_get_picture (self->document),
                    rn_document_get_picture_name (self->document),
                    rn_document_get_reader_program (self->document), self->cancellable, on_compared,
                    g_object_ref (self));

  return G_SOURCE_REMOVE;
}

/* Both sides may change at once: one comparison for all. */
static void
restart (RnCompareWindow *self)
{
  if (self->pending == 0)
    self->pending = g_idle_add (start, self);
}

static void
on_shown_changed (RnCompareWindow *self)
{
  guint shown = rn_choices_find (self->choices, RN_COMPARED_SHOWN, NULL);
  guint a = gtk_drop_down_get_selected (self->drop_a),
        b = gtk_drop_down_get_selected (self->drop_b);

  rn_choices_follow (self->choices);
  gtk_drop_down_set_selected (self->drop_a, a);
  gtk_drop_down_set_selected (self->drop_b, b);
  if (a == shown || b == shown)
    restart (self);
}

/* Another picture, or the first: other activations, where there can be any. */
static void
on_picture_changed (RnCompareWindow *self)
{
  if (self->cancellable != NULL || (self->result != NULL && self->result->measurable))
    restart (self);
}

static void
on_file_chosen (RnCompareWindow *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    rn_compare_window_choose_file (self, self->chooser_side, file);
  g_clear_object (&self->chooser);
}

static void
on_open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const suffixes[] = { "json", "h5", "hdf5", "keras", "onnx" };
  RnCompareWindow *self = RN_COMPARE_WINDOW (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (_ ("Open a model"), GTK_WINDOW (self),
                                                   GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
      gtk_file_filter_set_name (filter, _ ("Models (Keras, ONNX)"));
      for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
        gtk_file_filter_add_suffix (filter, suffixes[i]);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
      g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_file_chosen), self);
    }
  self->chooser_side = g_str_equal (name, "compare.open-b");
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_swap_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnCompareWindow *self = RN_COMPARE_WINDOW (widget);
  guint a = gtk_drop_down_get_selected (self->drop_a);

  gtk_drop_down_set_selected (self->drop_a, gtk_drop_down_get_selected (self->drop_b));
  gtk_drop_down_set_selected (self->drop_b, a);
}

static void
on_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnCompareWindow *self = RN_COMPARE_WINDOW (widget);

  rn_places_step (&self->places, g_str_equal (name, "compare.next-place") ? 1 : -1);
  show_place (self);
}

static gboolean
on_drop (RnCompareWindow *self, const GValue *value)
{
  GSList *files = G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) ? g_value_get_boxed (value) : NULL;

  if (files == NULL)
    return FALSE;
  rn_compare_window_choose_file (self, 1, files->data);
  if (files->next != NULL)
    rn_compare_window_choose_file (self, 0, files->next->data);

  return TRUE;
}

static void
rn_compare_window_dispose (GObject *object)
{
  RnCompareWindow *self = RN_COMPARE_WINDOW (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->pending, g_source_remove);
  g_clear_object (&self->chooser);
  g_clear_object (&self->selection);
  g_clear_object (&self->choices);
  g_clear_object (&self->document);
  g_clear_pointer (&self->result, rn_compare_result_free);

  G_OBJECT_CLASS (rn_compare_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, drop_a);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, drop_b);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, verdict);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, message);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, title_a);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, title_b);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, fold);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, rows);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, list_title);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, list);
  gtk_widget_class_bind_template_child (widget_class, RnCompareWindow, place);
  gtk_widget_class_bind_template_callback (widget_class, fill_rows);
  gtk_widget_class_bind_template_callback (widget_class, on_difference_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_difference_activated);
}

static void
rn_compare_window_class_init (RnCompareWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_compare_window_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/compare/compare-window.ui");
  bind_children (widget_class);

  gtk_widget_class_install_action (widget_class, "compare.open-a", NULL, on_open_action);
  gtk_widget_class_install_action (widget_class, "compare.open-b", NULL, on_open_action);
  gtk_widget_class_install_action (widget_class, "compare.swap", NULL, on_swap_action);
  gtk_widget_class_install_action (widget_class, "compare.next-place", NULL, on_step_action);
  gtk_widget_class_install_action (widget_class, "compare.previous-place", NULL, on_step_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F8, 0, "compare.next-place", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F8, GDK_SHIFT_MASK,
                                       "compare.previous-place", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
rn_compare_window_init (RnCompareWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->places.list = self->list;
  self->selection = rn_aligned_list_set_up (self->rows);
  g_signal_connect_swapped (self->rows, "activate", G_CALLBACK (on_row_activated), self);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * rn_compare_window_new:
 * @parent: the main window
 * @document: what it shows
 *
 * A built-in model that is shown is held to be right; one from a file is checked against the
 * nearest built-in one.
 */
GtkWidget *
rn_compare_window_new (GtkWindow *parent, RnDocument *document)
{
  RnCompareWindow *self = g_object_new (RN_TYPE_COMPARE_WINDOW, "application",
                                        gtk_window_get_application (parent), NULL);
  guint a, b;

  self->document = g_object_ref (document);
  self->choices = rn_choices_new (document);
  rn_choices_get_first (self->choices, &a, &b);
  gtk_drop_down_set_model (self->drop_a, rn_choices_get_titles (self->choices));
  gtk_drop_down_set_model (self->drop_b, rn_choices_get_titles (self->choices));
  gtk_drop_down_set_selected (self->drop_a, a);
  gtk_drop_down_set_selected (self->drop_b, b);
  g_signal_connect_swapped (self->drop_a, "notify::selected", G_CALLBACK (restart), self);
  g_signal_connect_swapped (self->drop_b, "notify::selected", G_CALLBACK (restart), self);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_shown_changed), self);
  g_signal_connect_swapped (document, "notify::seen", G_CALLBACK (on_picture_changed), self);
  rn_child_window_set_parent (GTK_WINDOW (self), parent);
  restart (self);

  return GTK_WIDGET (self);
}

static GtkDropDown *
get_drop_down (RnCompareWindow *self, int side)
{
  return side == 0 ? self->drop_a : self->drop_b;
}

/**
 * rn_compare_window_choose:
 * @side: 0 for A, 1 for B
 * @id: (nullable): a built-in model; %NULL for the nearest one
 */
void
rn_compare_window_choose (RnCompareWindow *self, int side, const char *id)
{
  guint place =
      rn_choices_find (self->choices, id != NULL ? RN_COMPARED_BUILTIN : RN_COMPARED_NEAREST, id);

  g_return_if_fail (place != GTK_INVALID_LIST_POSITION);

  gtk_drop_down_set_selected (get_drop_down (self, side), place);
}

/* As rn_compare_window_choose(), a model's file; against what is shown already where that is A's.
 */
void
rn_compare_window_choose_file (RnCompareWindow *self, int side, GFile *file)
{
  const char *path = g_file_peek_path (file);

  if (path == NULL)
    {
      gtk_label_set_label (self->message, _ ("Only files on this machine can be opened."));
      return;
    }
  gtk_drop_down_set_selected (get_drop_down (self, side),
                              rn_choices_add_file (self->choices, path));
}

gboolean
rn_compare_window_is_busy (RnCompareWindow *self)
{
  return self->pending != 0 || self->cancellable != NULL;
}

/* Returns: (transfer none) (nullable): what is shown */
const RnCompareResult *
rn_compare_window_get_result (RnCompareWindow *self)
{
  return self->result;
}

const char *
rn_compare_window_get_verdict (RnCompareWindow *self)
{
  return gtk_label_get_label (self->verdict);
}

const char *
rn_compare_window_get_message (RnCompareWindow *self)
{
  return gtk_label_get_label (self->message);
}

/* Returns: (transfer none) (nullable): a list of RnAlignedRow */
GListModel *
rn_compare_window_get_rows (RnCompareWindow *self)
{
  return gtk_single_selection_get_model (self->selection);
}

/* Returns: the row that was jumped to, or -1 */
int
rn_compare_window_get_selected (RnCompareWindow *self)
{
  guint selected = gtk_single_selection_get_selected (self->selection);

  return selected == GTK_INVALID_LIST_POSITION ? -1 : (int)selected;
}

GtkListBox *
rn_compare_window_get_list (RnCompareWindow *self)
{
  return self->list;
}
