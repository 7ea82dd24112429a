#include "ui/compare/compare-work.h"

#include <glib/gi18n.h>

#include "engine/formats/reader.h"

/* A side while it is read. */
typedef struct
{
  RnCompared chosen;
  RnModel *model;
  RnBinding *binding; /* or NULL: no weights, or none that can be run */
  char *variant;      /* of a built-in model, or NULL */
  const char *own;    /* its name, where it is a built-in one */
} Side;

typedef struct
{
  Side sides[2];
  RnPicture *picture;
  char *picture_name;
  char *reader_program;
  GString *warning;
} Work;

void
rn_compared_clear (RnCompared *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->binding, rn_binding_unref);
  g_clear_pointer (&self->model, rn_model_unref);
}

static void
compared_copy (const RnCompared *from, RnCompared *to)
{
  *to = *from;
  to->name = g_strdup (from->name);
  to->binding = from->binding != NULL ? rn_binding_ref (from->binding) : NULL;
  to->model = from->model != NULL ? rn_model_ref (from->model) : NULL;
}

void
rn_compare_result_free (RnCompareResult *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->comparison, rn_comparison_free);
  g_clear_pointer (&self->deviations, rn_deviations_free);
  g_free (self->title_a);
  g_free (self->title_b);
  g_free (self->warning);
  g_free (self);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  for (int i = 0; i < 2; i++)
    {
      rn_compared_clear (&work->sides[i].chosen);
      g_clear_pointer (&work->sides[i].model, rn_model_unref);
      g_clear_pointer (&work->sides[i].binding, rn_binding_unref);
      g_free (work->sides[i].variant);
    }
  g_clear_pointer (&work->picture, rn_picture_unref);
  g_free (work->picture_name);
  g_free (work->reader_program);
  g_string_free (work->warning, TRUE);
  g_free (work);
}

static void
warn (Work *work, const char *text)
{
  g_string_append_printf (work->warning, "%s%s", work->warning->len > 0 ? "\n" : "", text);
}

static gboolean
read_file (Work *work, Side *side, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnParcel) parcel = rn_reader_read (work->reader_program, RN_READER_MODEL,
                                                side->chosen.name, 0, cancellable, error);
  const char *const *notes;

  if (parcel == NULL)
    return FALSE;
  side->model = g_steal_pointer (&parcel->model);
  notes = rn_model_get_notes (side->model);
  for (int i = 0; notes[i] != NULL; i++)
    warn (work, notes[i]);
  if (parcel->weights == NULL || !rn_model_check_runnable (side->model, NULL))
    return TRUE;
  side->binding = rn_binding_new (side->model, parcel->weights, error);

  return side->binding != NULL;
}

/* What can be had without the other side. */
static gboolean
load_side (Work *work, Side *side, GCancellable *cancellable, GError **error)
{
  const RnVariant variant = RN_VARIANT_DEFAULT;

  switch (side->chosen.kind)
    {
    case RN_COMPARED_SHOWN:
      side->model = rn_model_ref (side->chosen.model);
      if (side->chosen.binding != NULL)
        side->binding = rn_binding_ref (side->chosen.binding);
      return TRUE;
    case RN_COMPARED_BUILTIN:
      side->model = rn_catalog_build (side->chosen.name, &variant, error);
      return side->model != NULL;
    case RN_COMPARED_FILE:
      return read_file (work, side, cancellable, error);
    case RN_COMPARED_NEAREST:
    default:
      return TRUE;
    }
}

/* Takes the variant of a built-in model that is nearest to the other side. */
static void
adapt_side (Side *side, const Side *other)
{
  RnVariant variant;
  RnModel *model;

  if (side->chosen.kind != RN_COMPARED_NEAREST && side->chosen.kind != RN_COMPARED_BUILTIN)
    return;
  side->own = side->chosen.name;
  if (side->chosen.kind == RN_COMPARED_NEAREST)
    model = rn_comparison_find_nearest (other->model, &side->own, &variant);
  else
    model = rn_comparison_find_variant (side->own, other->model, &variant, NULL);
  if (model == NULL)
    return;
  g_clear_pointer (&side->model, rn_model_unref);
  side->model = model;
  side->variant = rn_comparison_name_variant (side->own, model, &variant);
}

static char *
make_title (const Side *side)
{
  const char *name = side->own != NULL ? side->own : side->chosen.name;
  g_autofree char *base = g_path_get_basename (name);

  return side->variant != NULL ? g_strdup_printf ("%s (%s)", base, side->variant)
                               : g_steal_pointer (&base);
}

/* How pixels become a side's input: as its weights say, or as those of the other side say, so that
 * the networks are compared and not the rule. */
static RnTensor *
make_input (const Work *work, int i, GError **error)
{
  const Side *side = &work->sides[i], *other = &work->sides[1 - i];
  const char *names[] = {
    rn_weights_get_info (rn_binding_get_weights (side->binding))->preprocess,
    side->chosen.preprocess,
    rn_weights_get_info (rn_binding_get_weights (other->binding))->preprocess,
    other->chosen.preprocess,
  };
  const RnShape *shape = &rn_model_get_input (side->model)->output_shape;
  RnPreprocess preprocess = RN_PREPROCESS_UNIT;

  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    if (names[k] != NULL && rn_preprocess_from_name (names[k], &preprocess, NULL))
      break;

  return rn_picture_to_input (work->picture, shape->dims[0], shape->dims[1], shape->dims[2],
                              preprocess, error);
}

static gboolean
can_measure (const Work *work)
{
  for (int i = 0; i < 2; i++)
    if (work->sides[i].binding == NULL ||
        rn_model_get_input (work->sides[i].model)->output_shape.rank != 3)
      return FALSE;

  return TRUE;
}

static gboolean
measure (Work *work, RnCompareResult *result, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnTensor) a = make_input (work, 0, error);
  g_autoptr (RnTensor) b = a != NULL ? make_input (work, 1, error) : NULL;

  if (b == NULL)
    return FALSE;
  result->deviations = rn_deviations_new (result->comparison, work->sides[0].binding,
                                          work->sides[1].binding, a, b, 0, cancellable, error);
  if (result->deviations != NULL)
    rn_deviations_report (result->deviations, result->comparison, work->picture_name);

  return result->deviations != NULL;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  Side *a = &work->sides[0], *b = &work->sides[1];
  g_autoptr (RnCompareResult) result = g_new0 (RnCompareResult, 1);
  g_autoptr (GError) error = NULL;

  if (load_side (work, a, cancellable, &error) && load_side (work, b, cancellable, &error))
    {
      adapt_side (a, b);
      adapt_side (b, a);
      result->comparison = rn_comparison_new (a->model, b->model);
      result->title_a = make_title (a);
      result->title_b = make_title (b);
      result->measurable = can_measure (work);
      if (result->measurable && work->picture != NULL)
        measure (work, result, cancellable, &error);
    }
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (work->warning->len > 0)
    result->warning = g_strdup (work->warning->str);
  g_task_return_pointer (task, g_steal_pointer (&result), (GDestroyNotify)rn_compare_result_free);
}

/**
 * rn_compare_async:
 * @a: the side that is held to be right
 * @b: the side that is checked; not both %RN_COMPARED_NEAREST
 * @picture: (nullable): what both are run on where both have weights
 * @picture_name: (nullable): what to call it
 * @reader_program: that opens strangers' files
 */
void
rn_compare_async (const RnCompared *a,
                  const RnCompared *b,
                  RnPicture *picture,
                  const char *picture_name,
                  const char *reader_program,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  g_return_if_fail (a->kind != RN_COMPARED_NEAREST || b->kind != RN_COMPARED_NEAREST);

  g_task_set_source_tag (task, rn_compare_async);
  compared_copy (a, &work->sides[0].chosen);
  compared_copy (b, &work->sides[1].chosen);
  work->picture = picture != NULL ? rn_picture_ref (picture) : NULL;
  work->picture_name = g_strdup (picture_name != NULL ? picture_name : _ ("the picture"));
  work->reader_program = g_strdup (reader_program);
  work->warning = g_string_new (NULL);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run);
}

/* Returns: (transfer full) (nullable): the result, or %NULL with an error of the reader's or a
 * model's */
RnCompareResult *
rn_compare_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
