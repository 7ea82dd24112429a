#include "ui/stages/stages-window.h"

#include <glib/gi18n.h>

#include "engine/model/catalog.h"
#include "engine/model/number.h"
#include "ui/canvas/canvas-text.h"
#include "ui/document/counterpart.h"
#include "ui/stages/stage-costs.h"

#define N_SIDES 2
#define N_FIGURES 4 /* parameters, multiply-adds, memory, milliseconds */

struct _RnStagesWindow
{
  GtkWindow parent_instance;

  GtkGrid *table; /* borrowed */
  RnCanvas *canvases[N_SIDES]; /* borrowed */

  /* owned */
  RnModel *models[N_SIDES];
  GCancellable *cancellable;
  int n_measured;
  gboolean following;
};

G_DEFINE_FINAL_TYPE (RnStagesWindow, rn_stages_window, GTK_TYPE_WINDOW)

static const char *const ids[N_SIDES] = { "resnet18", "resnet50" };

/* Of them the one with more to show. */
#define LARGER 1

static int
get_n_parts (RnStagesWindow *self)
{
  return rn_structure_get_n_parts (rn_model_get_structure (self->models[0]));
}

/* A figure's column: the two models beside each other. */
static int
get_column (int figure, int side)
{
  return 1 + figure * N_SIDES + side;
}

static void
set_text (RnStagesWindow *self, int row, int column, const char *text)
{
  GtkWidget *label = gtk_grid_get_child_at (self->table, column, row);

  if (label == NULL)
    {
      label = g_object_new (GTK_TYPE_LABEL, "xalign", column == 0 ? 0.0 : 1.0, "css-classes",
                            (const char *const[]) { "numeric", NULL }, NULL);
      gtk_grid_attach (self->table, label, column, row, 1, 1);
    }
  gtk_label_set_label (GTK_LABEL (label), text);
}

static void
fill_side (RnStagesWindow *self, int side)
{
  g_autofree RnStageCost *costs = rn_stage_costs_new (self->models[side]);

  for (int p = 0; p <= get_n_parts (self); p++)
    {
      g_autofree char *parameters = rn_number_to_string (costs[p].n_parameters);
      g_autofree char *macs = g_strdup_printf (_ ("%.1f M"), costs[p].n_macs / 1e6);
      g_autofree char *memory = g_strdup_printf (costs[p].n_bytes < 1e6 ? _ ("%.2f MB") : _ ("%.1f MB"),
                                               costs[p].n_bytes / 1e6);

      set_text (self, p + 2, get_column (0, side), parameters);
      set_text (self, p + 2, get_column (1, side), macs);
      set_text (self, p + 2, get_column (2, side), memory);
      set_text (self, p + 2, get_column (3, side), "…");
    }
}

static void
fill_titles (RnStagesWindow *self)
{
  static const char *const figures[N_FIGURES]
      = { N_ ("Parameters"), N_ ("Multiply-adds"), N_ ("Outputs' memory"), N_ ("Milliseconds") };

  for (int f = 0; f < N_FIGURES; f++)
    {
      GtkWidget *label = gtk_label_new (_ (figures[f]));

      gtk_widget_add_css_class (label, "heading");
      gtk_grid_attach (self->table, label, get_column (f, 0), 0, N_SIDES, 1);
      for (int side = 0; side < N_SIDES; side++)
        set_text (self, 1, get_column (f, side), rn_model_get_title (self->models[side]));
    }
  for (int p = 0; p < get_n_parts (self); p++)
    {
      g_autofree char *title = rn_canvas_part_title (self->models[0], p);

      set_text (self, p + 2, 0, title);
    }
  set_text (self, get_n_parts (self) + 2, 0, _ ("Whole"));
}

static void measure_next (RnStagesWindow *self);

static void
on_measured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnStagesWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree double *ms = rn_stage_costs_measure_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (int p = 0; p <= get_n_parts (self); p++)
    {
      g_autofree char *text = ms != NULL ? g_strdup_printf ("%.2f", ms[p]) : g_strdup ("–");

      set_text (self, p + 2, get_column (3, self->n_measured), text);
    }
  if (error != NULL)
    g_warning ("%s", error->message);
  self->n_measured++;
  measure_next (self);
}

/* One after the other, so that they do not take each other's processor. */
static void
measure_next (RnStagesWindow *self)
{
  if (self->n_measured < N_SIDES)
    rn_stage_costs_measure_async (self->models[self->n_measured], self->cancellable, on_measured,
                                  g_object_ref (self));
}

static RnCanvas *
get_other (RnStagesWindow *self, RnCanvas *canvas)
{
  return self->canvases[canvas == self->canvases[0]];
}

static void
on_moved (RnCanvas *canvas, GParamSpec *pspec, RnStagesWindow *self)
{
  RnCanvas *larger = self->canvases[LARGER];

  if (self->following)
    return;
  self->following = TRUE;
  if (canvas != larger && rn_canvas_get_fits (canvas) && rn_canvas_is_ready (larger))
    {
      /* Both are to be seen whole. */
      if (!rn_canvas_get_fits (larger))
        rn_canvas_fit (larger);
      rn_canvas_follow (canvas, larger);
    }
  else
    rn_canvas_follow (get_other (self, canvas), canvas);
  self->following = FALSE;
}

/* What corresponds to it is selected in the other graph. */
static void
on_selected (RnCanvas *canvas, GParamSpec *pspec, RnStagesWindow *self)
{
  RnCanvas *other = get_other (self, canvas);
  RnSelection selection
      = { rn_canvas_get_selected_layer (canvas), rn_canvas_get_selected_block (canvas) };

  if (self->following)
    return;
  self->following = TRUE;
  selection = rn_selection_find_counterpart (selection, rn_canvas_get_model (canvas),
                                             rn_canvas_get_model (other));
  if (rn_canvas_get_selected_part (canvas) >= 0)
    rn_canvas_select_part (other, rn_canvas_get_selected_part (canvas));
  else if (selection.block >= 0)
    rn_canvas_select_block (other, selection.block);
  else
    rn_canvas_select_layer (other, selection.layer);
  self->following = FALSE;
}

static void
add_canvas (RnStagesWindow *self, int side, GtkBox *box)
{
  RnCanvas *canvas = RN_CANVAS (rn_canvas_new ());

  self->canvases[side] = canvas;
  gtk_widget_set_hexpand (GTK_WIDGET (canvas), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (canvas), TRUE);
  rn_canvas_set_model (canvas, self->models[side]);
  gtk_box_append (box, GTK_WIDGET (canvas));
  g_signal_connect (canvas, "notify::zoom", G_CALLBACK (on_moved), self);
  g_signal_connect (canvas, "notify::selected-layer", G_CALLBACK (on_selected), self);
  g_signal_connect (canvas, "notify::selected-block", G_CALLBACK (on_selected), self);
  g_signal_connect (canvas, "notify::selected-part", G_CALLBACK (on_selected), self);
}

static void
rn_stages_window_dispose (GObject *object)
{
  RnStagesWindow *self = RN_STAGES_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  self->following = TRUE;
  for (int side = 0; side < N_SIDES; side++)
    g_clear_pointer (&self->models[side], rn_model_unref);

  G_OBJECT_CLASS (rn_stages_window_parent_class)->dispose (object);
}

static void
rn_stages_window_finalize (GObject *object)
{
  g_object_unref (RN_STAGES_WINDOW (object)->cancellable);

  G_OBJECT_CLASS (rn_stages_window_parent_class)->finalize (object);
}

static void
rn_stages_window_class_init (RnStagesWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_stages_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_stages_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_w, GDK_CONTROL_MASK,
                                       "window.close", NULL);
}

static void
rn_stages_window_init (RnStagesWindow *self)
{
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *graphs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->cancellable = g_cancellable_new ();
  for (int side = 0; side < N_SIDES; side++)
    self->models[side] = rn_catalog_build (ids[side], &RN_VARIANT_DEFAULT, NULL);
  gtk_box_set_homogeneous (GTK_BOX (graphs), TRUE);
  for (int side = 0; side < N_SIDES; side++)
    add_canvas (self, side, GTK_BOX (graphs));
  g_object_bind_property (self->canvases[0], "level", self->canvases[1], "level",
                          G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (self->canvases[0], "fold", self->canvases[1], "fold",
                          G_BINDING_BIDIRECTIONAL);
  self->table = GTK_GRID (g_object_new (GTK_TYPE_GRID, "column-spacing", 14, "row-spacing", 3,
                                        "margin-start", 14, "margin-end", 14, "margin-top", 8,
                                        "margin-bottom", 10, "halign", GTK_ALIGN_CENTER, NULL));
  fill_titles (self);
  for (int side = 0; side < N_SIDES; side++)
    fill_side (self, side);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->table));
  gtk_box_append (GTK_BOX (all), graphs);
  gtk_box_append (GTK_BOX (all), scrolled);
  gtk_window_set_child (GTK_WINDOW (self), all);
  gtk_window_set_title (GTK_WINDOW (self), _ ("ResNet-18 and ResNet-50 side by side"));
  gtk_window_set_default_size (GTK_WINDOW (self), 1300, 820);
  measure_next (self);
}

/* Returns: (transfer none): a window of its own, which measures by itself */
GtkWidget *
rn_stages_window_new (void)
{
  return g_object_new (RN_TYPE_STAGES_WINDOW, NULL);
}

/**
 * rn_stages_window_get_canvas:
 * @side: 0 for ResNet-18, 1 for ResNet-50
 */
RnCanvas *
rn_stages_window_get_canvas (RnStagesWindow *self, int side)
{
  g_return_val_if_fail (RN_IS_STAGES_WINDOW (self) && side >= 0 && side < N_SIDES, NULL);

  return self->canvases[side];
}

/* Whether the milliseconds of both are there. */
gboolean
rn_stages_window_is_measured (RnStagesWindow *self)
{
  g_return_val_if_fail (RN_IS_STAGES_WINDOW (self), FALSE);

  return self->n_measured == N_SIDES;
}

/* Returns: what stands in the table; two rows and a column of titles come first */
const char *
rn_stages_window_get_text (RnStagesWindow *self, int row, int column)
{
  GtkWidget *label;

  g_return_val_if_fail (RN_IS_STAGES_WINDOW (self), NULL);

  label = gtk_grid_get_child_at (self->table, column, row);

  return label != NULL ? gtk_label_get_label (GTK_LABEL (label)) : NULL;
}
