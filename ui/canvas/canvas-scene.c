/* The canvas' scene: made for a model and a look, and taken over when it is ready. */
#include "ui/canvas/canvas-private.h"

/* Takes a scene over, in motion where both are of the Blocks look. */
static void
adopt_scene (RnCanvas *self, RnScene *scene)
{
  gboolean same_model = self->scene != NULL && self->scene->model == scene->model;
  gboolean same = same_model && self->scene->look == scene->look;
  /* Somebody looks at a part of another network. */
  gboolean keep = !same_model && self->scene != NULL && self->scene->look == RN_LOOK_BLOCKS
                  && scene->look == RN_LOOK_BLOCKS && self->fit == RN_FIT_NONE;
  g_autoptr (RnScene) before = self->scene != NULL ? rn_scene_ref (self->scene) : NULL;

  rn_canvas_drop_nodes (self);
  g_clear_pointer (&self->motion_from, rn_scene_unref);
  if (same && scene->plot == NULL && rn_canvas_can_animate (self))
    {
      self->motion_from = rn_scene_ref (self->shown);
      self->motion_start = g_get_monotonic_time ();
      rn_canvas_start_tick (self);
    }
  else
    {
      g_clear_pointer (&self->shown, rn_scene_unref);
      self->shown = rn_scene_ref (scene);
    }
  g_clear_pointer (&self->scene, rn_scene_unref);
  self->scene = rn_scene_ref (scene);
  if (self->motion_from != NULL)
    {
      g_autoptr (RnScene) first = rn_scene_interpolate (self->motion_from, scene, 0);

      g_clear_pointer (&self->shown, rn_scene_unref);
      self->shown = g_steal_pointer (&first);
    }

  g_free (self->layer_nodes);
  g_free (self->block_nodes);
  g_free (self->part_nodes);
  self->n_layers = scene->n_layers;
  self->n_blocks = scene->n_blocks;
  self->n_parts = scene->n_parts;
  self->part_nodes = g_new0 (GskRenderNode *, self->n_parts + 1);
  self->layer_nodes = g_new0 (GskRenderNode *, self->n_layers + 1);
  self->block_nodes = g_new0 (GskRenderNode *, self->n_blocks + 1);
  self->hovered = RN_NO_PLACE;
  self->ready = TRUE;
  if (keep)
    rn_canvas_keep_part (self, before);
  else if (!same)
    self->fit = self->look == RN_LOOK_BLOCKS ? RN_FIT_WHOLE : RN_FIT_WIDTH;
  rn_canvas_apply_fit (self, same);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

typedef struct
{
  RnModel *model;
  RnLook look;
} LayoutRequest;

static void
layout_request_free (LayoutRequest *request)
{
  rn_model_unref (request->model);
  g_free (request);
}

static void
lay_out (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LayoutRequest *request = data;
  GError *error = NULL;
  RnScene *scene = rn_scene_new_plot (request->model, request->look, &error);

  if (scene != NULL)
    g_task_return_pointer (task, scene, (GDestroyNotify)rn_scene_unref);
  else
    g_task_return_error (task, error);
}

static void
on_laid_out (GObject *source, GAsyncResult *result, gpointer data)
{
  RnCanvas *self = RN_CANVAS (source);
  gboolean current = g_task_get_cancellable (G_TASK (result)) == self->layout;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnScene) scene = g_task_propagate_pointer (G_TASK (result), &error);

  if (!current)
    return;
  g_clear_object (&self->layout);
  if (scene != NULL)
    {
      adopt_scene (self, scene);
      rn_canvas_reveal_selection (self);
      return;
    }

  /* Graphviz could not: our own look can always be drawn. */
  g_warning ("%s", error->message);
  rn_canvas_set_look (self, RN_LOOK_BLOCKS);
}

/* Makes the scene for model and look: ours at once, plot_model's by a worker. */
void
rn_canvas_update_scene (RnCanvas *self)
{
  g_autoptr (GTask) task = NULL;
  LayoutRequest *request;

  if (self->layout != NULL)
    g_cancellable_cancel (self->layout);
  g_clear_object (&self->layout);
  if (self->model == NULL)
    return;
  if (self->look == RN_LOOK_BLOCKS)
    {
      const RnSceneLevels levels = { self->open, self->closed_parts, self->fold };
      g_autoptr (RnScene) scene = rn_scene_new_blocks (self->model, &levels);

      adopt_scene (self, scene);
      return;
    }

  self->ready = FALSE;
  self->layout = g_cancellable_new ();
  request = g_new0 (LayoutRequest, 1);
  request->model = rn_model_ref (self->model);
  request->look = self->look;
  task = g_task_new (self, self->layout, on_laid_out, NULL);
  g_task_set_source_tag (task, rn_canvas_update_scene);
  g_task_set_task_data (task, request, (GDestroyNotify)layout_request_free);
  g_task_run_in_thread (task, lay_out);
}
