#include "ui/window/canvas-pane.h"

#include <glib/gi18n.h>

#include "engine/model/costs.h"
#include "engine/model/number.h"
#include "ui/window/graph-actions.h"
#include "ui/window/layer-search.h"
#include "ui/window/thumbnails.h"

struct _RnCanvasPane
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *title;
  RnVariantPopover *variant;
  GtkLabel *totals;
  GtkLabel *hits;
  GtkEditable *search;
  RnCanvas *canvas;
  GtkLabel *zoom;

  /* owned */
  RnDocument *document;
  RnThumbnails *thumbnails; /* being made, or made */
  GArray *found;            /* layers that the search found */
  guint zoom_idle;          /* 0 while the zoom shown is right */
  gboolean following;       /* the canvas is being made to show what the document says */
};

G_DEFINE_FINAL_TYPE (RnCanvasPane, rn_canvas_pane, GTK_TYPE_WIDGET)

static void
follow_selection (RnCanvasPane *self)
{
  RnSelection selection = rn_document_get_selection (self->document);

  if (self->following)
    return;

  self->following = TRUE;
  if (selection.block >= 0)
    rn_canvas_select_block (self->canvas, selection.block);
  else
    rn_canvas_select_layer (self->canvas, selection.layer);
  if (selection.block >= 0 || selection.layer >= 0)
    rn_canvas_reveal_selection (self->canvas);
  self->following = FALSE;
}

static void
on_canvas_selected (RnCanvasPane *self)
{
  int layer = rn_canvas_get_selected_layer (self->canvas);
  int block = rn_canvas_get_selected_block (self->canvas);

  if (self->following || self->document == NULL)
    return;

  self->following = TRUE;
  if (block >= 0)
    rn_document_select_block (self->document, block);
  else
    rn_document_select_layer (self->document, layer);
  self->following = FALSE;
}

static void
show_totals (RnCanvasPane *self, const RnModel *model)
{
  g_autofree char *parameters = rn_number_to_string (rn_model_get_n_parameters (model));
  double macs = (double) rn_model_get_n_macs (model);
  g_autofree char *totals
      = macs >= 1e9
            ? g_strdup_printf (_ ("%s parameters · %.1f billion multiply-adds"), parameters, macs / 1e9)
            : g_strdup_printf (_ ("%s parameters · %.1f million multiply-adds"), parameters, macs / 1e6);

  gtk_label_set_label (self->title, rn_model_get_title (model));
  gtk_label_set_label (self->totals, totals);
}

static void
show_hits (RnCanvasPane *self)
{
  RnModel *model = rn_document_get_model (self->document);
  const char *text = gtk_editable_get_text (self->search);
  g_autofree char *count = NULL;

  g_array_set_size (self->found, 0);
  if (model != NULL && *text != '\0')
    {
      rn_layer_search (model, text, self->found);
      count = g_strdup_printf (g_dngettext (NULL, "%u hit", "%u hits", self->found->len),
                               self->found->len);
    }
  rn_canvas_set_marks (self->canvas, (const int *) self->found->data, self->found->len);
  gtk_label_set_label (self->hits, count != NULL ? count : "");
}

static void
show_edits (RnCanvasPane *self)
{
  rn_canvas_set_edits (self->canvas, rn_edits_get (rn_document_get_edits (self->document)));
}

static void
show_model (RnCanvasPane *self)
{
  RnModel *model = rn_document_get_model (self->document);

  self->following = TRUE;
  rn_canvas_set_model (self->canvas, model);
  self->following = FALSE;
  if (model != NULL)
    show_totals (self, model);
  show_edits (self);
  show_hits (self);
}

/* The wave of a run; see RnDocument::progress. */
static void
show_progress (RnCanvasPane *self)
{
  RnModel *model = rn_document_get_model (self->document);
  int n_layers = model != NULL ? rn_model_get_n_layers (model) : 0, n_done = 0;

  for (int i = 0; i < n_layers; i++)
    n_done += rn_document_is_layer_done (self->document, i);
  if (n_done < n_layers && rn_document_get_busy (self->document))
    rn_canvas_begin_run (self->canvas);
  for (int i = 0; i < n_layers; i++)
    rn_canvas_set_layer_done (self->canvas, i, rn_document_is_layer_done (self->document, i));
}

static void
on_busy (RnCanvasPane *self)
{
  if (!rn_document_get_busy (self->document))
    rn_canvas_end_run (self->canvas);
}

/* The input is a picture, not a map of features: it shows as what the network sees. */
static void
on_thumbnail (int layer, GdkTexture *texture, gpointer data)
{
  RnCanvasPane *self = RN_CANVAS_PANE (data);
  RnModel *model = rn_document_get_model (self->document);
  GdkTexture *seen = rn_document_get_seen (self->document);

  if (seen != NULL && model != NULL && texture != NULL
      && rn_model_get_layer (model, layer)->kind == RN_LAYER_INPUT)
    texture = seen;
  rn_canvas_set_thumbnail (self->canvas, layer, texture);
}

static void
make_thumbnails (RnCanvasPane *self)
{
  RnRun *run = rn_document_get_run (self->document);

  g_clear_pointer (&self->thumbnails, rn_thumbnails_stop);
  if (run != NULL)
    self->thumbnails = rn_thumbnails_start (rn_document_get_network (self->document), run,
                                            on_thumbnail, self);
}

static void
on_search (RnCanvasPane *self)
{
  if (self->document == NULL)
    return;
  show_hits (self);
  rn_canvas_reveal_marks (self->canvas);
}

/* Selects the first hit behind the layer that is selected, or else the first of all. */
static void
on_next_hit (RnCanvasPane *self)
{
  int selected = rn_document_get_selection (self->document).layer;

  if (self->found->len == 0)
    return;

  for (guint i = 0; i < self->found->len; i++)
    if (g_array_index (self->found, int, i) > selected)
      {
        rn_document_select_layer (self->document, g_array_index (self->found, int, i));
        return;
      }
  rn_document_select_layer (self->document, g_array_index (self->found, int, 0));
}

static void
on_stop_search (RnCanvasPane *self)
{
  gtk_editable_set_text (self->search, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

static gboolean
show_zoom (gpointer data)
{
  RnCanvasPane *self = data;
  g_autofree char *text = g_strdup_printf ("%.0f %%", 100 * rn_canvas_get_zoom (self->canvas));

  self->zoom_idle = 0;
  gtk_label_set_label (self->zoom, text);

  return G_SOURCE_REMOVE;
}

/* The canvas fits itself while sizes are being handed out, when no other widget may change. */
static void
on_zoom (RnCanvasPane *self)
{
  if (self->zoom_idle == 0)
    self->zoom_idle = g_idle_add (show_zoom, self);
}

static void
on_zoom_in (RnCanvasPane *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->canvas), "canvas.zoom-in", NULL);
}

static void
on_zoom_out (RnCanvasPane *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->canvas), "canvas.zoom-out", NULL);
}

static void
on_fit (RnCanvasPane *self)
{
  rn_canvas_fit (self->canvas);
}

static void
do_find (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (RN_CANVAS_PANE (widget)->search));
}

static void
rn_canvas_pane_dispose (GObject *object)
{
  RnCanvasPane *self = RN_CANVAS_PANE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->zoom_idle, g_source_remove);
  g_clear_pointer (&self->thumbnails, rn_thumbnails_stop);
  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (rn_document_get_edits (self->document), self);
      g_signal_handlers_disconnect_by_data (self->document, self);
    }
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_canvas_pane_parent_class)->dispose (object);
}

static void
rn_canvas_pane_finalize (GObject *object)
{
  g_array_unref (RN_CANVAS_PANE (object)->found);

  G_OBJECT_CLASS (rn_canvas_pane_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/window/canvas-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, title);
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, variant);
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, totals);
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, hits);
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, search);
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, canvas);
  gtk_widget_class_bind_template_child (widget_class, RnCanvasPane, zoom);
  gtk_widget_class_bind_template_callback (widget_class, on_canvas_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_next_hit);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_in);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_out);
  gtk_widget_class_bind_template_callback (widget_class, on_fit);
}

static void
rn_canvas_pane_class_init (RnCanvasPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_canvas_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_canvas_pane_finalize;
  g_type_ensure (RN_TYPE_CANVAS);
  g_type_ensure (RN_TYPE_VARIANT_POPOVER);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "canvas-pane.find", NULL, do_find);
}

static void
rn_canvas_pane_init (RnCanvasPane *self)
{
  self->found = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_widget_init_template (GTK_WIDGET (self));
  show_zoom (self);
}

void
rn_canvas_pane_set_document (RnCanvasPane *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_CANVAS_PANE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  rn_variant_popover_set_document (self->variant, document);
  rn_graph_actions_add (GTK_WIDGET (self), self->canvas, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (show_model), self);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (follow_selection),
                            self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (follow_selection),
                            self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (make_thumbnails), self);
  g_signal_connect_swapped (document, "notify::busy", G_CALLBACK (on_busy), self);
  g_signal_connect_swapped (rn_document_get_edits (document), "changed", G_CALLBACK (show_edits),
                            self);
  g_signal_connect_swapped (document, "progress", G_CALLBACK (show_progress), self);
  show_model (self);
}

RnVariantPopover *
rn_canvas_pane_get_variant (RnCanvasPane *self)
{
  return self->variant;
}

RnCanvas *
rn_canvas_pane_get_canvas (RnCanvasPane *self)
{
  return self->canvas;
}

/* Searches as if @text had been typed. */
void
rn_canvas_pane_search (RnCanvasPane *self, const char *text)
{
  gtk_editable_set_text (self->search, text);
  on_search (self);
}

/* Ends the search if that is where the keys go; the graph gets them then.
 * Returns: whether it was */
gboolean
rn_canvas_pane_stop_search (RnCanvasPane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  g_return_val_if_fail (RN_IS_CANVAS_PANE (self), FALSE);

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->search)))
    return FALSE;
  on_stop_search (self);

  return TRUE;
}

/* Returns: how many layers were found, in words; "" where nothing is searched for */
const char *
rn_canvas_pane_get_hits (RnCanvasPane *self)
{
  return gtk_label_get_label (self->hits);
}
