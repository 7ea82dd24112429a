#include "ui/window/graph-export.h"

#include <glib/gi18n.h>

#include "ui/draw/save-task.h"

/* Pixels for a point of what is copied. */
#define COPY_SCALE 2.0

/* What a chooser or a worker needs in the end. */
typedef struct
{
  RnCanvas *canvas;
  RnDocument *document;
  gboolean whole;
} Request;

static Request *
request_new (RnCanvas *canvas, gboolean whole, RnDocument *document)
{
  Request *request = g_new (Request, 1);

  *request = (Request) { g_object_ref (canvas), g_object_ref (document), whole };

  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->canvas);
  g_object_unref (request->document);
  g_free (request);
}

/* The graph as it is now; a message where there is none yet. */
static RnGraphic *
record (RnCanvas *canvas, gboolean whole, GError **error)
{
  RnGraphic *graphic = rn_canvas_record (canvas, whole);

  if (graphic == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("There is no graph yet; wait until a model is loaded."));

  return graphic;
}

static gboolean
write_graphic (gpointer graphic, const char *path, GError **error)
{
  return rn_graphic_write (graphic, path, error);
}

static void
unref_graphic (gpointer graphic)
{
  rn_graphic_unref (graphic);
}

/**
 * rn_graph_export_write_async:
 * @whole: the whole graph, or what is seen of it
 * @path: ends in .png, .svg or .pdf
 *
 * The graph is recorded at once and written by a worker.
 */
void
rn_graph_export_write_async (RnCanvas *canvas,
                             gboolean whole,
                             const char *path,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (canvas, NULL, callback, user_data);
  GError *error = NULL;
  RnGraphic *graphic = record (canvas, whole, &error);

  g_task_set_source_tag (task, rn_graph_export_write_async);
  if (graphic == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  rn_save_task_run (task, write_graphic, graphic, unref_graphic, path);
}

gboolean
rn_graph_export_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) document = data;
  g_autoptr (GError) error = NULL;

  if (!rn_graph_export_write_finish (result, &error))
    rn_document_report (document, error->message);
}

/**
 * rn_graph_export_save:
 * @path: as for rn_graph_export_write_async()
 * @document: says what goes wrong
 */
void
rn_graph_export_save (RnCanvas *canvas, gboolean whole, const char *path, RnDocument *document)
{
  rn_graph_export_write_async (canvas, whole, path, on_written, g_object_ref (document));
}

static void
on_chosen (GtkNativeDialog *dialog, int response, Request *request)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    rn_graph_export_save (request->canvas, request->whole, g_file_peek_path (file),
                          request->document);
  request_free (request);
  g_object_unref (dialog);
}

/* Asks for a file and writes the graph to it; its ending says the format. */
void
rn_graph_export_choose (RnCanvas *canvas, gboolean whole, RnDocument *document)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      whole ? _ ("Export the whole graph") : _ ("Export what is seen of the graph"),
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (canvas))), GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
      NULL);
  static const char *const formats[][2] = {
    { N_ ("PNG, a picture of pixels"), "png" },
    { N_ ("SVG, a drawing for the web"), "svg" },
    { N_ ("PDF, a drawing for paper"), "pdf" },
  };
  RnModel *model = rn_canvas_get_model (canvas);
  g_autofree char *name
      = g_strdup_printf ("%s.png", model != NULL ? rn_model_get_name (model) : "graph");

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, _ (formats[i][0]));
      gtk_file_filter_add_suffix (filter, formats[i][1]);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
    }
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (on_chosen),
                    request_new (canvas, whole, document));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static GdkTexture *
to_texture (cairo_surface_t *image)
{
  int width = cairo_image_surface_get_width (image), height = cairo_image_surface_get_height (image);
  gsize stride = cairo_image_surface_get_stride (image);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (image);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (image), stride * height,
                                      (GDestroyNotify) cairo_surface_destroy, image);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static void
paint_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  cairo_surface_t *image = rn_graphic_to_image (data, COPY_SCALE, &error);

  if (image != NULL)
    g_task_return_pointer (task, to_texture (image), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_painted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) document = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), &error);

  if (texture != NULL)
    gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (source)), texture);
  else
    rn_document_report (document, error->message);
}

/* Puts the graph on the clipboard as a picture. */
void
rn_graph_export_copy (RnCanvas *canvas, gboolean whole, RnDocument *document)
{
  g_autoptr (GTask) task = g_task_new (canvas, NULL, on_painted, g_object_ref (document));
  GError *error = NULL;
  RnGraphic *graphic = record (canvas, whole, &error);

  g_task_set_source_tag (task, rn_graph_export_copy);
  if (graphic == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, graphic, unref_graphic);
  g_task_run_in_thread (task, paint_in_thread);
}

/* On one page, as large as it will go. */
static void
on_draw_page (GtkPrintOperation *print, GtkPrintContext *context, int page, const RnGraphic *graphic)
{
  double width = gtk_print_context_get_width (context);
  double height = gtk_print_context_get_height (context);
  double scale = MIN (width / graphic->width, height / graphic->height);
  cairo_t *cr = gtk_print_context_get_cairo_context (context);

  cairo_translate (cr, (width - graphic->width * scale) / 2, (height - graphic->height * scale) / 2);
  cairo_scale (cr, scale, scale);
  rn_graphic_paint (graphic, cr);
}

/**
 * rn_graph_export_new_print:
 *
 * Returns: (transfer full) (nullable): a print of the graph as it is now, on one page that is as
 *   broad as the graph; %NULL before there is a graph
 */
GtkPrintOperation *
rn_graph_export_new_print (RnCanvas *canvas, gboolean whole)
{
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  RnGraphic *graphic = rn_canvas_record (canvas, whole);
  GtkPrintOperation *print;

  if (graphic == NULL)
    return NULL;
  print = gtk_print_operation_new ();
  gtk_page_setup_set_orientation (setup, graphic->width > graphic->height
                                             ? GTK_PAGE_ORIENTATION_LANDSCAPE
                                             : GTK_PAGE_ORIENTATION_PORTRAIT);
  gtk_print_operation_set_default_page_setup (print, setup);
  gtk_print_operation_set_job_name (print, graphic->title);
  gtk_print_operation_set_n_pages (print, 1);
  gtk_print_operation_set_unit (print, GTK_UNIT_POINTS);
  g_signal_connect_data (print, "draw-page", G_CALLBACK (on_draw_page), graphic,
                         (GClosureNotify) (void (*) (void)) rn_graphic_unref, 0);

  return print;
}

/* Asks for a printer and prints. */
void
rn_graph_export_print (RnCanvas *canvas, gboolean whole, RnDocument *document)
{
  g_autoptr (GtkPrintOperation) print = rn_graph_export_new_print (canvas, whole);
  g_autoptr (GError) error = NULL;

  if (print == NULL)
    return;
  gtk_print_operation_set_allow_async (print, TRUE);
  if (gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                               GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (canvas))), &error)
      == GTK_PRINT_OPERATION_RESULT_ERROR)
    rn_document_report (document, error->message);
}
