#include <glib/gi18n.h>

#include "ui/document/work.h"
#include "ui/teach/teaching-private.h"

enum
{
  CHANGED,
  N_SIGNALS
};

static const char *const base_ids[RN_TEACH_N_BASES] = { "resnet18", "resnet50" };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnTeaching, rn_teaching, G_TYPE_OBJECT)

void
rn_teaching_emit_changed (RnTeaching *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Puts together what there is to say. */
void
rn_teaching_say (RnTeaching *self)
{
  g_autoptr (GString) text = g_string_new (self->faults->str);

  if (self->n_faults > RN_TEACH_N_NAMED)
    g_string_append_printf (text, ngettext ("\n%d more cannot be read", "\n%d more cannot be read",
                                            self->n_faults - RN_TEACH_N_NAMED),
                            self->n_faults - RN_TEACH_N_NAMED);
  if (self->news != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", self->news);
  g_free (self->message);
  self->message = text->len > 0 ? g_strdup (text->str) : NULL;
}

/* What is taught is no longer what was saved, nor what was said of it. */
void
rn_teaching_touch (RnTeaching *self)
{
  self->changes++;
  self->unsaved = TRUE;
  g_clear_pointer (&self->news, g_free);
  rn_teaching_say (self);
}

static void
rn_teaching_dispose (GObject *object)
{
  RnTeaching *self = RN_TEACHING (object);

  rn_teaching_stop_looking (self);
  rn_work_cancel (&self->training);
  rn_work_cancel (&self->tuning_work);
  g_clear_handle_id (&self->tuning_tick, g_source_remove);
  g_clear_pointer (&self->tuning, rn_teach_tuning_unref);
  rn_teaching_clear_results (self);
  g_clear_object (&self->test);
  g_clear_object (&self->boxes);

  G_OBJECT_CLASS (rn_teaching_parent_class)->dispose (object);
}

static void
rn_teaching_finalize (GObject *object)
{
  RnTeaching *self = RN_TEACHING (object);

  for (int i = 0; i < RN_TEACH_N_BASES; i++)
    rn_teach_network_unref (self->bases[i]);
  g_clear_pointer (&self->tuned, rn_teach_network_unref);
  g_clear_pointer (&self->reader, rn_picture_reader_unref);
  g_string_free (self->faults, TRUE);
  g_free (self->news);
  g_free (self->message);

  G_OBJECT_CLASS (rn_teaching_parent_class)->finalize (object);
}

static void
rn_teaching_class_init (RnTeachingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_teaching_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_teaching_finalize;
  signals[CHANGED] = g_signal_new ("changed", RN_TYPE_TEACHING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rn_teaching_init (RnTeaching *self)
{
  self->boxes = g_list_store_new (RN_TYPE_TEACH_BOX);
  self->faults = g_string_new (NULL);
  g_queue_init (&self->waiting);
}

/**
 * rn_teaching_new:
 * @data_dir: where the bundled weights are
 * @reader_program: (nullable): the program beside which the one that decodes pictures lies; %NULL to
 *   decode them in this process
 *
 * Returns: (transfer full): two empty boxes
 */
RnTeaching *
rn_teaching_new (const char *data_dir, const char *reader_program)
{
  RnTeaching *self = g_object_new (RN_TYPE_TEACHING, NULL);

  for (int i = 0; i < RN_TEACH_N_BASES; i++)
    {
      g_autofree char *file = g_strconcat (base_ids[i], ".h5", NULL);
      g_autofree char *path = g_build_filename (data_dir, "weights", file, NULL);

      self->bases[i] = rn_teach_network_new (base_ids[i], path);
    }
  if (reader_program != NULL)
    self->reader = rn_picture_reader_new_beside (reader_program);
  rn_teaching_add_box (self);
  rn_teaching_add_box (self);
  self->unsaved = FALSE;

  return self;
}

/* Returns: (transfer none): a list of #RnTeachBox */
GListModel *
rn_teaching_get_boxes (RnTeaching *self)
{
  return G_LIST_MODEL (self->boxes);
}

static RnTeachBox *
find_box (RnTeaching *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->boxes)); i++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (G_LIST_MODEL (self->boxes), i);

      if (g_str_equal (rn_teach_box_get_name (box), name))
        return box;
    }

  return NULL;
}

/* Returns: (transfer none): an empty box with a name that no other has */
RnTeachBox *
rn_teaching_add_box (RnTeaching *self)
{
  g_autoptr (RnTeachBox) box = NULL;
  g_autofree char *name = NULL;

  for (int i = 1; name == NULL || find_box (self, name) != NULL; i++)
    {
      g_free (name);
      name = g_strdup_printf (_ ("class %d"), i);
    }
  box = rn_teach_box_new (name);
  g_list_store_append (self->boxes, box);
  rn_teaching_touch (self);
  rn_teaching_emit_changed (self);

  return box;
}

/* Takes a box away, with its pictures. */
void
rn_teaching_remove_box (RnTeaching *self, RnTeachBox *box)
{
  guint place;

  if (!g_list_store_find (self->boxes, box, &place))
    return;
  g_list_store_remove (self->boxes, place);
  rn_teaching_touch (self);
  rn_teaching_train (self);
  rn_teaching_emit_changed (self);
}

/**
 * rn_teaching_rename_box:
 * @name: what to call the class; space around it is left out
 * @error: set where it is empty or another box's
 */
gboolean
rn_teaching_rename_box (RnTeaching *self, RnTeachBox *box, const char *name, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));
  RnTeachBox *other = find_box (self, stripped);

  if (other == box)
    return TRUE;
  if (stripped[0] == '\0' || other != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   other != NULL ? _ ("Another box is called “%s”; a name of its own would be right.")
                                 : _ ("A box needs a name%s."),
                   stripped);
      return FALSE;
    }
  rn_teach_box_set_name (box, stripped);
  rn_teaching_touch (self);
  rn_teaching_train (self);
  rn_teaching_emit_changed (self);

  return TRUE;
}

void
rn_teaching_remove_picture (RnTeaching *self, RnTeachBox *box, RnTeachPicture *picture)
{
  if (!rn_teach_box_remove (box, picture))
    return;
  rn_teaching_touch (self);
  rn_teaching_train (self);
  rn_teaching_emit_changed (self);
}

/* The network whose features are learnt from. */
RnTeachNetwork *
rn_teaching_get_network (RnTeaching *self)
{
  return self->tuned != NULL ? self->tuned : self->bases[self->base];
}

const char *
rn_teaching_get_base (RnTeaching *self)
{
  return base_ids[self->base];
}

/* Chooses the built-in model whose features are learnt from, as it is bundled. */
void
rn_teaching_set_base (RnTeaching *self, const char *id)
{
  int base = g_str_equal (id, base_ids[1]) ? 1 : 0;

  if (base == self->base && self->tuned == NULL)
    return;
  rn_teaching_stop_tuning (self);
  self->base = base;
  g_clear_pointer (&self->tuned, rn_teach_network_unref);
  rn_teaching_touch (self);
  rn_teaching_look_again (self);
}

/* Whether pictures wait or anything is being computed. */
gboolean
rn_teaching_is_busy (RnTeaching *self)
{
  return self->look != NULL || self->training != NULL || self->tuning_work != NULL;
}

/* Returns: (nullable): what could not be read, and what came of training the last stage */
const char *
rn_teaching_get_message (RnTeaching *self)
{
  return self->message;
}

/* What there was to say has been read. */
void
rn_teaching_dismiss (RnTeaching *self)
{
  g_string_truncate (self->faults, 0);
  self->n_faults = 0;
  g_clear_pointer (&self->news, g_free);
  rn_teaching_say (self);
}

/* Whether there are pictures whose classes have not been saved as they are. */
gboolean
rn_teaching_is_unsaved (RnTeaching *self)
{
  guint n_boxes = g_list_model_get_n_items (G_LIST_MODEL (self->boxes));
  int n = rn_teaching_get_n_waiting (self);

  for (guint i = 0; i < n_boxes; i++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (G_LIST_MODEL (self->boxes), i);

      n += rn_teach_box_get_n (box);
    }

  return self->unsaved && n > 0;
}

/* Returns: (nullable) (transfer none): the picture that is asked about */
RnTeachPicture *
rn_teaching_get_test (RnTeaching *self)
{
  return self->test;
}
