#include "ui/experiments/sweep-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/draw/file-output.h"
#include "ui/draw/sweep-chart.h"
#include "ui/experiments/sweep-job.h"

struct _RnSweepView
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *progress_row;
  GtkProgressBar *progress;
  RnChartView *chart;
  GtkWidget *save_row;

  /* owned */
  RnDocument *document;
  GCancellable *cancellable; /* of the sweep under way */
  RnSweepResult *result;     /* what is shown; or NULL */
  gboolean dark;             /* what its colours are for */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (RnSweepView, rn_sweep_view, GTK_TYPE_WIDGET)

static void
update (RnSweepView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  RnNetwork *network = rn_document_get_network (self->document);
  const RnModel *model = network != NULL ? rn_network_get_model (network) : NULL;
  gboolean possible = self->cancellable == NULL && model != NULL && rn_model_has_top (model)
                      && rn_model_get_structure (model)->n_blocks > 0
                      && rn_network_get_trouble (network) == NULL;

  gtk_widget_action_set_enabled (widget, "sweep.cut-shortcut", possible);
  gtk_widget_action_set_enabled (widget, "sweep.drop-block", possible);
  gtk_widget_set_visible (self->progress_row, self->cancellable != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->chart), self->result != NULL);
  gtk_widget_set_visible (self->save_row, self->result != NULL);
}

static void
mark_selection (RnSweepView *self)
{
  rn_chart_view_set_marked (self->chart, rn_document_get_selection (self->document).block);
}

static void
show_chart (RnSweepView *self)
{
  const RnSweepResult *result = self->result;

  self->dark = rn_chart_view_is_dark (self->chart);
  rn_chart_view_set_chart (self->chart, result != NULL
                                            ? rn_sweep_chart_new (result->sweep, result->kind,
                                                                  result->model, result->own,
                                                                  self->dark)
                                            : NULL);
  mark_selection (self);
}

static void
show_result (RnSweepView *self, RnSweepResult *result)
{
  g_clear_pointer (&self->result, rn_sweep_result_free);
  self->result = result;
  show_chart (self);
}

/* Light became dark, or the other way round. */
static void
rn_sweep_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  RnSweepView *self = RN_SWEEP_VIEW (widget);

  GTK_WIDGET_CLASS (rn_sweep_view_parent_class)->css_changed (widget, change);
  if (self->result != NULL && rn_chart_view_is_dark (self->chart) != self->dark)
    show_chart (self);
}

static void
on_told (double share, gpointer data)
{
  RnSweepView *self = data;

  if (self->cancellable != NULL)
    gtk_progress_bar_set_fraction (self->progress, share);
}

static void
on_swept (GObject *source, GAsyncResult *async_result, gpointer data)
{
  g_autoptr (RnSweepView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnSweepResult) result = rn_sweep_job_finish (async_result, &error);

  /* Another was begun since, or this one cancelled. */
  if (self->cancellable == NULL
      || g_task_get_cancellable (G_TASK (async_result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (result != NULL)
    show_result (self, g_steal_pointer (&result));
  else
    rn_document_report (self->document, error->message);
  update (self);
}

static void
cancel (RnSweepView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
start (RnSweepView *self, RnEditKind kind)
{
  cancel (self);
  self->cancellable = g_cancellable_new ();
  gtk_progress_bar_set_fraction (self->progress, 0);
  rn_sweep_job_start (self->document, kind, on_told, self->cancellable, on_swept,
                      g_object_ref (self));
  update (self);
}

static void
on_cut_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  start (RN_SWEEP_VIEW (widget), RN_EDIT_CUT_SHORTCUT);
}

static void
on_drop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  start (RN_SWEEP_VIEW (widget), RN_EDIT_DROP_BLOCK);
}

static void
on_cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnSweepView *self = RN_SWEEP_VIEW (widget);

  cancel (self);
  update (self);
}

static void
on_saved (RnSweepView *self, int response)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL && !rn_sweep_view_save (self, path, &error))
    rn_document_report (self->document, error->message);
  g_clear_object (&self->chooser);
}

static void
choose_file (RnSweepView *self, const char *suffix)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *name = NULL;

  if (self->chooser != NULL || self->result == NULL)
    return;
  name = g_strdup_printf ("%s-%s%s", rn_edit_kind_get_name (self->result->kind),
                          rn_model_get_name (self->result->model), suffix);
  self->chooser = gtk_file_chooser_native_new (_ ("Save the sweep"),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_saved), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_save_png_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_file (RN_SWEEP_VIEW (widget), ".png");
}

static void
on_save_csv_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_file (RN_SWEEP_VIEW (widget), ".csv");
}

static void
on_chosen (RnSweepView *self, int block)
{
  rn_document_select_block (self->document, block);
}

static void
on_model (RnSweepView *self)
{
  cancel (self);
  show_result (self, NULL);
  update (self);
}

static void
rn_sweep_view_dispose (GObject *object)
{
  RnSweepView *self = RN_SWEEP_VIEW (object);
  GtkWidget *child;

  cancel (self);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->result, rn_sweep_result_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_sweep_view_parent_class)->dispose (object);
}

static void
rn_sweep_view_class_init (RnSweepViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_sweep_view_dispose;
  widget_class->css_changed = rn_sweep_view_css_changed;
  g_type_ensure (RN_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/experiments/sweep-view.ui");
  gtk_widget_class_bind_template_child (widget_class, RnSweepView, progress_row);
  gtk_widget_class_bind_template_child (widget_class, RnSweepView, progress);
  gtk_widget_class_bind_template_child (widget_class, RnSweepView, chart);
  gtk_widget_class_bind_template_child (widget_class, RnSweepView, save_row);
  gtk_widget_class_install_action (widget_class, "sweep.cut-shortcut", NULL, on_cut_action);
  gtk_widget_class_install_action (widget_class, "sweep.drop-block", NULL, on_drop_action);
  gtk_widget_class_install_action (widget_class, "sweep.cancel", NULL, on_cancel_action);
  gtk_widget_class_install_action (widget_class, "sweep.save-png", NULL, on_save_png_action);
  gtk_widget_class_install_action (widget_class, "sweep.save-csv", NULL, on_save_csv_action);
}

static void
rn_sweep_view_init (RnSweepView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->chart, "chosen", G_CALLBACK (on_chosen), self);
}

void
rn_sweep_view_set_document (RnSweepView *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_SWEEP_VIEW (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (mark_selection), self);
  update (self);
}

gboolean
rn_sweep_view_get_busy (RnSweepView *self)
{
  return self->cancellable != NULL;
}

/* How far the sweep under way is, from 0 to 1. */
double
rn_sweep_view_get_share (RnSweepView *self)
{
  return gtk_progress_bar_get_fraction (self->progress);
}

RnChartView *
rn_sweep_view_get_chart (RnSweepView *self)
{
  return self->chart;
}

/**
 * rn_sweep_view_save:
 * @path: where to; .csv for the table, anything else for the chart as PNG
 */
gboolean
rn_sweep_view_save (RnSweepView *self, const char *path, GError **error)
{
  const RnSweepResult *result = self->result;

  g_return_val_if_fail (result != NULL, FALSE);

  if (g_str_has_suffix (path, ".csv"))
    {
      g_autofree char *csv =
          rn_sweep_write_csv (result->sweep, result->kind, result->model, result->names);

      return rn_file_output_write (path, csv, strlen (csv), error);
    }
  else
    {
      g_autoptr (RnChart) chart =
          rn_sweep_chart_new (result->sweep, result->kind, result->model, result->own, FALSE);

      return rn_chart_write_png (chart, path, error);
    }
}
