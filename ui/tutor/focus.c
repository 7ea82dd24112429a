#include "ui/tutor/focus.h"

static gboolean
shows_model (RnDocument *document, const char *id)
{
  RnNetwork *network = rn_document_get_network (document);

  return network != NULL && g_strcmp0 (rn_network_get_id (network), id) == 0;
}

/* What is selected still would answer a question, or hide the whole. */
static gboolean
is_about_whole (const RnStep *step)
{
  return step->view != NULL || (step->task != NULL && step->task->kind == RN_TASK_SELECT);
}

/**
 * rn_focus_apply:
 *
 * Shows the step's model and selects its layer or block.
 *
 * Returns: whether that is done; %FALSE while the model is still being loaded: try again when the
 *   document shows it
 */
gboolean
rn_focus_apply (RnDocument *document, const RnLesson *lesson, const RnStep *step)
{
  const char *id = rn_lesson_get_model (lesson, step);
  const char *name = step->layer != NULL ? step->layer : step->block;
  const RnLayer *layer;
  RnModel *model;

  if (!shows_model (document, id))
    rn_document_set_model_id (document, id);
  if (!shows_model (document, id))
    return FALSE;

  model = rn_document_get_model (document);
  layer = name != NULL ? rn_model_find_layer (model, name, NULL) : NULL;
  if (layer == NULL && is_about_whole (step))
    rn_document_select_layer (document, -1);
  else if (layer == NULL)
    return TRUE;
  else if (step->layer != NULL)
    rn_document_select_layer (document, layer->index);
  else
    rn_document_select_block (document, rn_model_get_structure (model)->block_of[layer->index]);

  return TRUE;
}
