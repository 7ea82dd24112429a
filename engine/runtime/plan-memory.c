/* Where the values of a plan lie. A buffer is given back when the last step that reads it is done and
 * taken again by the next value of the same geometry, the most recent one first, since it is still
 * in the cache. Of another geometry it would have its border, which must be zero, elsewhere. */
#include "engine/runtime/plan-private.h"

#include <string.h>

typedef struct
{
  RnLayout layout;
  int n_blocks, height, width;
  gint64 n_floats;
} Geometry;

typedef struct
{
  RnPlan *plan;
  int *last_use;    /* for each value the last scheduled step that reads it */
  GHashTable *free; /* Geometry -> GArray of offsets */
} Layouter;

static guint
hash_geometry (gconstpointer key)
{
  const Geometry *geometry = key;

  return geometry->n_floats * 31 + (gint64) geometry->height * 7 + geometry->layout;
}

static gboolean
equal_geometry (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Geometry)) == 0;
}

static Geometry *
new_geometry (const RnValue *value)
{
  Geometry *geometry = g_new0 (Geometry, 1);

  geometry->layout = value->layout;
  geometry->n_floats = value->n_floats;
  if (value->layout == RN_LAYOUT_BLOCKED)
    {
      geometry->n_blocks = value->blocked.n_blocks;
      geometry->height = value->blocked.height;
      geometry->width = value->blocked.width;
    }

  return geometry;
}

static GArray *
get_free_list (Layouter *self, const RnValue *value)
{
  Geometry *geometry = new_geometry (value);
  GArray *list = g_hash_table_lookup (self->free, geometry);

  if (list != NULL)
    {
      g_free (geometry);
      return list;
    }

  list = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_insert (self->free, geometry, list);

  return list;
}

static void
take (Layouter *self, RnValue *value)
{
  GArray *list = get_free_list (self, value);

  if (!value->kept && list->len > 0)
    {
      value->offset = g_array_index (list, gint64, list->len - 1);
      g_array_set_size (list, list->len - 1);
      return;
    }

  value->offset = self->plan->arena_size;
  self->plan->arena_size += value->n_floats;
}

static void
give_back (Layouter *self, int index, int step)
{
  RnValue *value = rn_plan_get_value (self->plan, index);

  if (value->kept || self->last_use[index] != step)
    return;

  g_array_append_val (get_free_list (self, value), value->offset);
  self->last_use[index] = -1; /* once, though the step may read it twice */
}

static void
note_uses (Layouter *self, const RnStep *step)
{
  for (guint i = 0; i < step->inputs->len; i++)
    self->last_use[g_array_index (step->inputs, int, i)] = step->index;
  if (step->residual >= 0)
    self->last_use[step->residual] = step->index;
}

/* A convolution may write over what it adds, where nobody else needs that. */
static gboolean
take_over_residual (Layouter *self, const RnStep *step, RnValue *output)
{
  RnValue *residual;

  if (step->kind != RN_STEP_CONV || step->residual < 0 || output->kept
      || g_array_index (step->inputs, int, 0) == step->residual)
    return FALSE;

  residual = rn_plan_get_value (self->plan, step->residual);
  if (residual->kept || self->last_use[step->residual] != step->index)
    return FALSE;

  output->offset = residual->offset;
  self->last_use[step->residual] = -1;

  return TRUE;
}

static void
lay_out_step (Layouter *self, const RnStep *step)
{
  RnValue *output = rn_plan_get_value (self->plan, step->outputs[RN_ROLE_OUTPUT]);

  if (step->kind == RN_STEP_INPUT)
    return; /* the caller's own tensor */

  if (!take_over_residual (self, step, output))
    take (self, output);
  for (guint i = 0; i < step->inputs->len; i++)
    give_back (self, g_array_index (step->inputs, int, i), step->index);
  if (step->residual >= 0)
    give_back (self, step->residual, step->index);
}

static void
free_list (gpointer list)
{
  g_array_unref (list);
}

/* Gives every scheduled value its place in the arena. */
void
rn_plan_lay_out (RnPlan *self)
{
  Layouter layouter = { .plan = self };

  layouter.last_use = g_new (int, self->values->len);
  layouter.free = g_hash_table_new_full (hash_geometry, equal_geometry, g_free, free_list);
  for (guint i = 0; i < self->values->len; i++)
    layouter.last_use[i] = -1;
  for (int i = 0; i < self->n_scheduled; i++)
    note_uses (&layouter, rn_plan_get_step (self, i));
  rn_plan_get_value (self, self->shown[rn_model_get_input (self->model)->index])->kept = TRUE;
  for (int i = 0; i < self->n_scheduled; i++)
    lay_out_step (&layouter, rn_plan_get_step (self, i));

  g_hash_table_unref (layouter.free);
  g_free (layouter.last_use);
}
