#include "ui/draw/plot.h"

#include <glib/gstdio.h>
#include <cairo.h>

#include "engine/model/catalog.h"
#include "engine/model/net.h"

static RnModel *
build (const char *id)
{
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, &error);

  g_assert_no_error (error);

  return model;
}

/* input -> conv of the given name -> add of twice the same */
static RnModel *
build_odd (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("odd", "Odd");
  RnNet net = { builder, TRUE, 1e-3f };
  const char *x = rn_net_input (&net, "in", 8, 3);
  RnModel *model;

  x = rn_net_conv (&net, name, 4, 1, 1, RN_PADDING_SAME, x);
  rn_net_add (&net, "sum", x, x);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

static void
test_golden (gconstpointer data)
{
  const char *id = data;
  g_autoptr (RnModel) model = build (id);
  RnPlotOptions options = RN_PLOT_OPTIONS_DEFAULT;
  g_autofree char *file = g_strdup_printf ("%s-plot.dot", id);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", file, NULL);
  g_autofree char *expected = NULL;
  g_autofree char *dot = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("plot_model's graph of a built-in model, with shapes, byte for byte");
  options.show_shapes = TRUE;
  dot = rn_plot_to_dot (model, &options);
  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dot, ==, expected);
}

static int
count_texts (const RnGraphNode *node, const char *text)
{
  int n = 0;

  for (int i = 0; i < node->n_strokes; i++)
    n += node->strokes[i].kind == RN_STROKE_TEXT && strcmp (node->strokes[i].text, text) == 0;

  return n;
}

static void
test_layout (void)
{
  g_autoptr (RnModel) model = build ("resnet50");
  RnPlotOptions options = RN_PLOT_OPTIONS_DEFAULT;
  g_autoptr (RnGraphLayout) layout = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("every layer and connection of ResNet-50 has a place, above those it feeds, "
                  "and the three columns of plot_model");
  options.show_shapes = TRUE;
  layout = rn_plot_lay_out (model, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (layout->n_nodes, ==, 177);
  g_assert_cmpint (layout->n_edges, ==, 192);
  for (int i = 0; i < layout->n_edges; i++)
    {
      const RnGraphEdge *edge = &layout->edges[i];
      const RnLayer *to = rn_model_get_layer (model, edge->to);
      gboolean found = FALSE;

      for (int k = 0; k < to->n_inputs; k++)
        found |= to->inputs[k] == edge->from;
      g_assert_true (found);
      g_assert_cmpfloat (layout->nodes[edge->from].bounds.y, <, layout->nodes[edge->to].bounds.y);
    }
  for (int i = 0; i < layout->n_nodes; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      const RnRect *bounds = &layout->nodes[i].bounds;
      g_autofree char *shape = rn_shape_to_keras (&layer->output_shape);
      g_autofree char *name =
          g_strdup_printf ("%s: %s", layer->name, rn_layer_kind_get_keras_class (layer->kind));

      g_assert_cmpint (count_texts (&layout->nodes[i], name), ==, 1);
      g_assert_cmpint (count_texts (&layout->nodes[i], "input:"), ==, 1);
      g_assert_cmpint (count_texts (&layout->nodes[i], "output:"), ==, 1);
      g_assert_cmpint (count_texts (&layout->nodes[i], shape), >=, 1);
      g_assert_cmpfloat (bounds->x, >=, 0);
      g_assert_cmpfloat (bounds->y, >=, 0);
      g_assert_cmpfloat (bounds->x + bounds->width, <=, layout->width);
      g_assert_cmpfloat (bounds->y + bounds->height, <=, layout->height);
    }
}

static void
test_names (void)
{
  static const char *const names[] = { "a{b}c|d<e>f", "say \"x\"", "back\\slash\\", "\\N\\n",
                                       "a  b ",       "größe 层",  "&amp; & <b>",   "node",
                                       "1x1",         "a/b:0" };

  g_test_summary ("whatever a layer is called, that is what its box shows, in both styles");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int style = RN_PLOT_KERAS2; style <= RN_PLOT_KERAS3; style++)
      {
        g_autoptr (RnModel) model = build_odd (names[i]);
        RnPlotOptions options = RN_PLOT_OPTIONS_DEFAULT;
        g_autoptr (RnGraphLayout) layout = NULL;
        g_autoptr (GError) error = NULL;
        g_autofree char *shown = g_strdup_printf ("%s: Conv2D", names[i]);

        options.style = style;
        options.show_shapes = TRUE;
        layout = rn_plot_lay_out (model, &options, &error);
        g_assert_no_error (error);
        g_assert_cmpint (layout->n_nodes, ==, 3);
        g_assert_cmpint (layout->n_edges, ==, style == RN_PLOT_KERAS2 ? 3 : 2);
        g_assert_cmpint (
            count_texts (&layout->nodes[1], style == RN_PLOT_KERAS2 ? shown : names[i]), ==, 1);
      }
}

static void
test_options (void)
{
  static const struct
  {
    RnPlotOptions options;
    const char *with, *without;
  } cases[] = {
    { { .rankdir = "TB" }, "conv1 [label=\"Conv2D\"];", "None" },
    { { .rankdir = "LR", .show_layer_names = TRUE }, "rankdir=LR;", "None" },
    { { .rankdir = "TB", .show_shapes = TRUE },
      "[(None, 56, 56, 256), (None, 56, 56, 256)]",
      "float" },
    { { .rankdir = "TB", .show_dtype = TRUE }, "|float32", "None" },
    { { .rankdir = "TB", .show_layer_activations = TRUE }, "|softmax}", "None" },
    { { .rankdir = "TB", .dpi = 72.5 }, "dpi=72.5;", "None" },
    { { .rankdir = "TB", .style = RN_PLOT_KERAS3, .show_trainable = TRUE }, "forestgreen", "None" },
    { { .rankdir = "TB", .style = RN_PLOT_KERAS3, .splines = "ortho" }, "splines=ortho;", "None" },
    { { .rankdir = "TB", .style = RN_PLOT_KERAS3 }, "dpi=200;", "None" },
  };
  g_autoptr (RnModel) model = build ("resnet50");

  g_test_summary ("each of plot_model's options shows");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *dot = rn_plot_to_dot (model, &cases[i].options);

      g_assert_nonnull (strstr (dot, cases[i].with));
      g_assert_null (strstr (dot, cases[i].without));
    }
}

static void
test_files (void)
{
  static const char *const endings[] = { ".png", ".svg", ".pdf", ".dot", ".PNG" };
  g_autoptr (RnModel) model = build ("resnet18");
  RnPlotOptions options = RN_PLOT_OPTIONS_DEFAULT;
  g_autofree char *folder = g_dir_make_tmp ("rn-plot-XXXXXX", NULL);

  g_test_summary ("each format is written, and is what its name says");
  options.dpi = 30;
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      static const char *const magic[] = { "\x89PNG", "<?xml", "%PDF-", "digraph G {", "\x89PNG" };
      g_autofree char *name = g_strconcat ("plot", endings[i], NULL);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *contents = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (rn_plot_write (model, &options, path, &error));
      g_assert_no_error (error);
      g_file_get_contents (path, &contents, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (contents, magic[i]));
      if (i == 1)
        g_assert_nonnull (strstr (contents, ">conv1_conv: Conv2D</text>"));
      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_png_size (void)
{
  g_autoptr (RnModel) model = build ("resnet18");
  RnPlotOptions options = RN_PLOT_OPTIONS_DEFAULT;
  g_autofree char *folder = g_dir_make_tmp ("rn-plot-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "plot.png", NULL);
  g_autoptr (RnGraphLayout) layout = NULL;
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface;

  g_test_summary ("a PNG has as many pixels as its resolution says");
  options.dpi = 36;
  layout = rn_plot_lay_out (model, &options, &error);
  g_assert_no_error (error);
  g_assert_true (rn_plot_write (model, &options, path, &error));
  g_assert_no_error (error);
  surface = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpfloat_with_epsilon (cairo_image_surface_get_width (surface), layout->width / 2, 0.51);
  g_assert_cmpfloat_with_epsilon (cairo_image_surface_get_height (surface), layout->height / 2,
                                  0.51);
  cairo_surface_destroy (surface);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_bad (void)
{
  static const struct
  {
    const char *path;
    RnPlotOptions options;
    const char *message;
  } cases[] = {
    { "x.jpg", { .rankdir = "TB" }, "x.jpg: a plot's name ends in .png, .svg, .pdf or .dot" },
    { "png", { .rankdir = "TB" }, "png: a plot's name ends in .png, .svg, .pdf or .dot" },
    { "x.dot", { .rankdir = "XY" }, "rankdir is \"XY\", must be TB, BT, LR or RL" },
    { "x.dot", { .rankdir = NULL }, "rankdir is \"\", must be TB, BT, LR or RL" },
    { "x.dot", { .rankdir = "TB", .dpi = -1 }, "dpi is -1, must be from 1 to 9600" },
    { "x.dot", { .rankdir = "TB", .splines = "no" }, "splines is \"no\", must be *" },
    { "/nowhere/x.dot",
      { .rankdir = "TB" },
      "cannot write /nowhere/x.dot: No such file or directory" },
    { "x.png",
      { .rankdir = "TB", .dpi = 9600 },
      "at 9600 dpi the plot has * pixels*use at most * dpi, *" },
  };
  g_autoptr (RnModel) model = build ("resnet18");

  g_test_summary ("what cannot be written is refused in one line");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (rn_plot_write (model, &cases[i].options, cases[i].path, &error));
      g_assert_nonnull (error);
      g_assert_true (g_pattern_match_simple (cases[i].message, error->message));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_false (g_file_test ("x.png", G_FILE_TEST_EXISTS));
    }
}

static gpointer
lay_out_often (gpointer model)
{
  RnPlotOptions options = RN_PLOT_OPTIONS_DEFAULT;
  GError *error = NULL;

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (RnGraphLayout) layout = rn_plot_lay_out (model, &options, &error);

      g_assert_no_error (error);
      g_assert_cmpint (layout->n_nodes, ==, 74);
    }

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (RnModel) model = build ("resnet18");
  GThread *threads[4];

  g_test_summary ("several threads may lay out at once");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("layout", lay_out_often, model);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/plot/golden/resnet50", "resnet50", test_golden);
  g_test_add_data_func ("/plot/golden/resnet18", "resnet18", test_golden);
  g_test_add_func ("/plot/layout", test_layout);
  g_test_add_func ("/plot/names", test_names);
  g_test_add_func ("/plot/options", test_options);
  g_test_add_func ("/plot/files", test_files);
  g_test_add_func ("/plot/png-size", test_png_size);
  g_test_add_func ("/plot/bad", test_bad);
  g_test_add_func ("/plot/threads", test_threads);

  return g_test_run ();
}
