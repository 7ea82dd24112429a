#include "ui/canvas/canvas-text.h"

#include <glib/gi18n.h>

#include "engine/model/number.h"

static PangoLayout *
make_layout (GtkWidget *widget, const char *text, const RnTextStyle *style)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes,
                          pango_attr_size_new_absolute ((int) (style->size * PANGO_SCALE)));
  if (style->bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  if (style->width > 0)
    {
      pango_layout_set_width (layout, (int) (style->width * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
    }

  return layout;
}

double
rn_canvas_text_width (GtkWidget *widget, const char *text, const RnTextStyle *style)
{
  g_autoptr (PangoLayout) layout = make_layout (widget, text, style);
  PangoRectangle extents;

  pango_layout_get_extents (layout, NULL, &extents);

  return (double)extents.width / PANGO_SCALE;
}

/* Text with its upper left corner at @x, @y. */
void
rn_canvas_snapshot_text (GtkSnapshot *snapshot,
                         GtkWidget *widget,
                         const char *text,
                         const RnTextStyle *style,
                         const GdkRGBA *color,
                         double x,
                         double y)
{
  g_autoptr (PangoLayout) layout = make_layout (widget, text, style);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* "28×28×512" */
char *
rn_canvas_shape_text (const RnShape *shape)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < shape->rank; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? "×" : "", shape->dims[i]);

  return g_string_free (text, FALSE);
}

/* "3×3" or, with a stride, "3×3/2" */
static char *
window_text (const int size[2], const int stride[2])
{
  if (stride[0] != 1 || stride[1] != 1)
    return g_strdup_printf ("%d×%d/%d", size[0], size[1], stride[0]);

  return g_strdup_printf ("%d×%d", size[0], size[1]);
}

/* What a layer does, in a few signs: "3×3/2 · 128". */
char *
rn_canvas_layer_text (const RnLayer *layer)
{
  g_autofree char *window = NULL;

  switch ((int)layer->kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      window = window_text (layer->config.conv.kernel, layer->config.conv.stride);
      return g_strdup_printf ("%s · %d", window, rn_shape_get_channels (&layer->output_shape));
    case RN_LAYER_MAX_POOL:
      window = window_text (layer->config.pool.pool, layer->config.pool.stride);
      return g_strdup_printf (_ ("max %s"), window);
    case RN_LAYER_AVERAGE_POOL:
      window = window_text (layer->config.pool.pool, layer->config.pool.stride);
      return g_strdup_printf (_ ("mean %s"), window);
    case RN_LAYER_GLOBAL_MAX_POOL:
      return g_strdup (_ ("max of all"));
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      return g_strdup (_ ("mean of all"));
    case RN_LAYER_DENSE:
      return g_strdup_printf (_ ("dense · %d"), layer->config.dense.units);
    case RN_LAYER_INPUT:
      return rn_canvas_shape_text (&layer->output_shape);
    case RN_LAYER_BATCH_NORM:
      return g_strdup (_ ("norm"));
    case RN_LAYER_ACTIVATION:
      return g_strdup (rn_activation_get_keras_name (layer->config.activation.function));
    case RN_LAYER_RELU:
      return g_strdup ("relu");
    case RN_LAYER_ZERO_PADDING:
      return g_strdup (_ ("pad"));
    default:
      return g_strdup (rn_layer_kind_get_keras_class (layer->kind));
    }
}

/* What a layer does and what is folded into it: "3×3 · 64+norm+relu". */
char *
rn_canvas_folded_text (const RnScene *scene, const RnLayer *layer)
{
  GString *text = g_string_new (NULL);
  int end = rn_scene_get_fold_end (scene, layer->index);
  g_autofree char *own = rn_canvas_layer_text (layer);

  g_string_append (text, own);
  for (const RnLayer *l = layer; l->index != end;)
    {
      g_autofree char *folded = NULL;

      l = rn_model_get_layer (scene->model, l->outputs[0]);
      folded = rn_canvas_layer_text (l);
      g_string_append_printf (text, "+%s", folded);
    }

  return g_string_free (text, FALSE);
}

char *
rn_canvas_layer_tooltip (const RnModel *model, int layer)
{
  const RnLayer *l = rn_model_get_layer (model, layer);
  g_autofree char *shape = rn_canvas_shape_text (&l->output_shape);
  gint64 n = rn_layer_get_n_parameters (l);
  g_autofree char *parameters = rn_number_to_string (n);

  if (n == 0)
    return g_strdup_printf ("%s\n%s → %s", l->name, rn_layer_kind_get_keras_class (l->kind), shape);

  return g_strdup_printf (_ ("%s\n%s → %s\n%s parameters"), l->name,
                          rn_layer_kind_get_keras_class (l->kind), shape, parameters);
}

/* What rn_shortcut_kind_get_label() says, for translators; the engine marks no words. */
static const char *const shortcut_kinds[] G_GNUC_UNUSED
    = { N_ ("identity"), N_ ("projection"), N_ ("zero padding") };

/* "3a · projection" */
char *
rn_canvas_block_text (const RnModel *model, int block)
{
  const RnStructure *structure = rn_model_get_structure (model);
  g_autofree char *label = rn_block_get_label (&structure->blocks[block], structure->stages);

  return g_strdup_printf ("%s · %s", label,
                          _ (rn_shortcut_kind_get_label (structure->blocks[block].kind)));
}

char *
rn_canvas_block_tooltip (const RnModel *model, int block)
{
  const RnBlock *b = &rn_model_get_structure (model)->blocks[block];
  g_autofree char *label = rn_canvas_block_text (model, block);
  g_autofree char *in = rn_canvas_shape_text (&rn_model_get_layer (model, b->input)->output_shape);
  g_autofree char *out =
      rn_canvas_shape_text (&rn_model_get_layer (model, b->output)->output_shape);

  return g_strdup_printf (
      g_dngettext (NULL, "Block %s\n%s → %s\n%d layer", "Block %s\n%s → %s\n%d layers", b->n_layers),
      label, in, out, b->n_layers);
}

static void
count_part (const RnModel *model, int part, int *n_layers, gint64 *n_parameters)
{
  const RnStructure *structure = rn_model_get_structure (model);

  *n_layers = 0;
  *n_parameters = 0;
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (rn_structure_find_part (structure, i) == part)
      {
        ++*n_layers;
        *n_parameters += rn_layer_get_n_parameters (rn_model_get_layer (model, i));
      }
}

/* Lines on a closed part's card: how many blocks, layers and parameters it has. */
char *
rn_canvas_part_text (const RnModel *model, int part)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n_blocks =
      part > 0 && part <= structure->n_stages ? structure->stages[part - 1].n_blocks : 0;
  GString *text = g_string_new (NULL);
  g_autofree char *parameters = NULL;
  gint64 n_parameters;
  int n_layers;

  count_part (model, part, &n_layers, &n_parameters);
  parameters = rn_number_to_string (n_parameters);
  if (n_blocks > 0)
    g_string_append_printf (text, g_dngettext (NULL, "%d block\n", "%d blocks\n", n_blocks),
                            n_blocks);
  g_string_append_printf (text, g_dngettext (NULL, "%d layer\n", "%d layers\n", n_layers),
                          n_layers);
  g_string_append_printf (text, _ ("%s\nparameters"), parameters);

  return g_string_free (text, FALSE);
}

char *
rn_canvas_part_title (const RnModel *model, int part)
{
  const RnStructure *structure = rn_model_get_structure (model);

  if (part == 0)
    return g_strdup (_ ("Stem"));
  if (part > structure->n_stages)
    return g_strdup (_ ("Head"));

  return g_strdup_printf (_ ("Stage %d"), structure->stages[part - 1].number);
}

char *
rn_canvas_part_tooltip (const RnModel *model, int part)
{
  g_autofree char *title = rn_canvas_part_title (model, part);
  g_autofree char *text = rn_canvas_part_text (model, part);

  return g_strdup_printf ("%s\n%s", title, text);
}
