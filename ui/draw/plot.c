#include "ui/draw/plot.h"

#include <math.h>
#include <cairo-pdf.h>

#include "ui/draw/file-output.h"
#include "ui/draw/graph-draw.h"
#include "ui/draw/graph-svg.h"
#include "ui/draw/surface-file.h"

/* cairo's image surfaces have sides of at most 32,767 pixels; this many pixels are 1 GiB. */
#define MAX_SIDE 32767
#define MAX_PIXELS (G_GINT64_CONSTANT (1) << 28)

/* The longest side of a page that PDF readers must show (ISO 32000-1, annex C): 200 inches. */
#define MAX_PAGE 14400.0

/* Graphviz' time grows faster than the graph: 3,000 layers take some seconds. */
#define MAX_LAYERS 3000

/**
 * rn_plot_options_check:
 *
 * Returns: %FALSE with @error set where an option has a value that there is not
 */
gboolean
rn_plot_options_check (const RnPlotOptions *options, GError **error)
{
  static const char *const directions[] = { "TB", "BT", "LR", "RL", NULL };
  static const char *const splines[] = { "ortho", "curved", "polyline", "spline", "line", NULL };

  g_return_val_if_fail (options != NULL, FALSE);

  if (options->rankdir == NULL || !g_strv_contains (directions, options->rankdir))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "rankdir is \"%s\", must be TB, BT, LR or RL",
                   options->rankdir != NULL ? options->rankdir : "");
      return FALSE;
    }
  if (options->splines != NULL && !g_strv_contains (splines, options->splines))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "splines is \"%s\", must be ortho, curved, polyline, spline or line",
                   options->splines);
      return FALSE;
    }
  if (options->dpi != 0 && !(options->dpi >= 1 && options->dpi <= 9600))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "dpi is %g, must be from 1 to 9600", options->dpi);
      return FALSE;
    }

  return TRUE;
}

/**
 * rn_plot_lay_out:
 *
 * Lays a model out as plot_model does. Node i is the model's layer i. ResNet-50 takes some tenths
 * of a second: not for the main thread of a window.
 *
 * Returns: (transfer full): the layout, or %NULL with @error set
 */
RnGraphLayout *
rn_plot_lay_out (const RnModel *model, const RnPlotOptions *options, GError **error)
{
  RnPlotOptions routed;
  g_autofree char *dot = NULL;

  g_return_val_if_fail (model != NULL, NULL);

  if (!rn_plot_options_check (options, error))
    return NULL;
  if (rn_model_get_n_layers (model) > MAX_LAYERS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "%s has %d layers; a plot takes at most %d", rn_model_get_name (model),
                   rn_model_get_n_layers (model), MAX_LAYERS);
      return NULL;
    }

  /* Graphviz' router of right-angled edges ends the program by an assertion on a graph as tall as
   * ResNet-50 (2.43, maze.c), so that it is never called: such edges are drawn as splines. */
  routed = *options;
  if (g_strcmp0 (routed.splines, "ortho") == 0)
    routed.splines = NULL;
  dot = rn_plot_to_dot (model, &routed);

  return rn_graph_layout_new_from_dot (dot, error);
}

static gboolean
check_cairo (cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cairo cannot draw the plot: %s",
               cairo_status_to_string (status));

  return FALSE;
}

/* The largest resolution at which the picture fits cairo's image surfaces. */
static double
find_max_dpi (const RnGraphLayout *layout)
{
  double by_side = MAX_SIDE * 72.0 / MAX (layout->width, layout->height);
  double by_area = 72 * sqrt (MAX_PIXELS / (layout->width * layout->height));

  return floor (MIN (by_side, by_area));
}

static GByteArray *
draw_png (const RnGraphLayout *layout, const RnPlotOptions *options, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double max_dpi = find_max_dpi (layout);
  double dpi = options->dpi > 0 ? options->dpi : MIN (rn_plot_options_get_dpi (options), max_dpi);
  double scale = dpi / 72;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  if (dpi > max_dpi || dpi <= 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "at %g dpi the plot has %.0fx%.0f pixels, more than a PNG can hold here; "
                   "use at most %.0f dpi, or .svg or .pdf",
                   dpi, layout->width * scale, layout->height * scale, max_dpi);
      return NULL;
    }
  surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, MAX (1, (int)lround (layout->width * scale)),
                                  MAX (1, (int)lround (layout->height * scale)));
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  rn_graph_layout_draw (layout, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, rn_surface_append_bytes, bytes);
  cairo_surface_destroy (surface);

  return check_cairo (status, error) ? g_steal_pointer (&bytes) : NULL;
}

static GByteArray *
draw_pdf (const RnGraphLayout *layout, const char *title, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double scale = MIN (1, MAX_PAGE / MAX (layout->width, layout->height));
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      rn_surface_append_bytes, bytes, layout->width * scale, layout->height * scale);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_scale (cr, scale, scale);
  rn_graph_layout_draw (layout, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  return check_cairo (status, error) ? g_steal_pointer (&bytes) : NULL;
}

static GByteArray *
take_text (char *text)
{
  return g_byte_array_new_take ((guint8 *)text, strlen (text));
}

static GByteArray *
draw_svg (const RnGraphLayout *layout, const RnModel *model)
{
  g_autofree const char **names = g_new0 (const char *, layout->n_nodes + 1);

  for (int i = 0; i < layout->n_nodes; i++)
    names[i] = rn_model_get_layer (model, i)->name;

  return take_text (rn_graph_layout_to_svg (layout, rn_model_get_title (model), names));
}

/**
 * rn_plot_write:
 * @options: what to show
 * @path: where to; its ending says the format: .png, .svg, .pdf or .dot
 *
 * Writes what Keras' plot_model draws. The file comes into being whole or not at all.
 *
 * Returns: %FALSE with @error set, one line, where it cannot
 */
gboolean
rn_plot_write (const RnModel *model, const RnPlotOptions *options, const char *path, GError **error)
{
  static const char *const endings[] = { ".png", ".svg", ".pdf", ".dot" };
  g_autoptr (RnGraphLayout) layout = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *lower = NULL;
  guint format = 0;

  g_return_val_if_fail (model != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  lower = g_ascii_strdown (path, -1);
  while (format < G_N_ELEMENTS (endings) && !g_str_has_suffix (lower, endings[format]))
    format++;
  if (format == G_N_ELEMENTS (endings))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                   "%s: a plot's name ends in .png, .svg, .pdf or .dot", path);
      return FALSE;
    }
  if (!rn_plot_options_check (options, error))
    return FALSE;
  if (format == 3)
    bytes = take_text (rn_plot_to_dot (model, options));
  else if ((layout = rn_plot_lay_out (model, options, error)) == NULL)
    return FALSE;
  else if (format == 0)
    bytes = draw_png (layout, options, error);
  else if (format == 1)
    bytes = draw_svg (layout, model);
  else
    bytes = draw_pdf (layout, rn_model_get_title (model), error);

  return bytes != NULL && rn_file_output_write (path, bytes->data, bytes->len, error);
}
