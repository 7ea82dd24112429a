#include <glib/gi18n.h>
#include <string.h>

#include "ui/document/work.h"
#include "ui/teach/teaching-private.h"

#define N_NAMED 3 /* so many pictures that cannot be read are named, the rest counted */

/* A picture that waits to be looked at. */
typedef struct _RnTeachWish
{
  RnTeachBox *box; /* NULL: it is the test picture, unless it is known */
  RnTeachLook *look;
} Wish;

enum
{
  CHANGED,
  N_SIGNALS
};

static const char *const base_ids[RN_TEACH_N_BASES] = { "resnet18", "resnet50" };
static guint signals[N_SIGNALS];

static void look_on (RnTeaching *self);

G_DEFINE_FINAL_TYPE (RnTeaching, rn_teaching, G_TYPE_OBJECT)

static void
wish_free (Wish *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->box);
  rn_teach_look_free (self->look);
  g_free (self);
}

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

  if (self->n_faults > N_NAMED)
    g_string_append_printf (text, ngettext ("\n%d more cannot be read", "\n%d more cannot be read",
                                            self->n_faults - N_NAMED),
                            self->n_faults - N_NAMED);
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
add_fault (RnTeaching *self, const char *text)
{
  if (self->n_faults++ < N_NAMED)
    g_string_append_printf (self->faults, "%s%s", self->faults->len > 0 ? "\n" : "", text);
  rn_teaching_say (self);
}

/* Whatever was said before belongs to what was done before. */
static void
forget_faults (RnTeaching *self)
{
  g_string_truncate (self->faults, 0);
  self->n_faults = 0;
  rn_teaching_say (self);
}

static gboolean
has_box (RnTeaching *self, RnTeachBox *box)
{
  return g_list_store_find (self->boxes, box, NULL);
}

static Wish *
wish_new (RnTeaching *self, RnTeachBox *box, const char *name)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->box = box != NULL ? g_object_ref (box) : NULL;
  wish->look = g_new0 (RnTeachLook, 1);
  wish->look->network = rn_teach_network_ref (rn_teaching_get_network (self));
  wish->look->reader = self->reader != NULL ? rn_picture_reader_ref (self->reader) : NULL;
  wish->look->name = g_strdup (name);

  return wish;
}

static Wish *
wish_for_file (RnTeaching *self, RnTeachBox *box, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  Wish *wish = wish_new (self, box, name);

  wish->look->file = g_object_ref (file);

  return wish;
}

/* Behind those that wait already, so that pictures come in the order in which they were given. */
static void
add_wish (RnTeaching *self, Wish *wish)
{
  if (self->look == NULL && g_queue_is_empty (&self->waiting))
    forget_faults (self);
  g_queue_push_tail (&self->waiting, wish);
  look_on (self);
}

static gboolean
is_test (const Wish *wish)
{
  return wish->box == NULL && wish->look->known == NULL;
}

/* Before all others, and in place of another test picture: somebody is looking at it. */
static void
add_test (RnTeaching *self, Wish *wish)
{
  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    if (is_test (l->data))
      {
        wish_free (l->data);
        g_queue_delete_link (&self->waiting, l);
        break;
      }
  if (self->look == NULL && g_queue_is_empty (&self->waiting))
    forget_faults (self);
  g_queue_push_head (&self->waiting, wish);
  look_on (self);
}

/* A folder's files come in its place. */
static void
take_files (RnTeaching *self, Wish *from, GPtrArray *files)
{
  for (guint i = files->len; i > 0; i--)
    g_queue_push_head (&self->waiting, wish_for_file (self, from->box, files->pdata[i - 1]));
}

static void
take_seen (RnTeaching *self, Wish *wish, RnTeachSeen *seen)
{
  if (seen->files != NULL)
    {
      if (wish->box != NULL)
        take_files (self, wish, seen->files);
      else
        add_fault (self, _ ("A folder cannot be the test picture; one of its pictures can."));
      return;
    }
  rn_teach_picture_set_features (seen->picture, wish->look->network, seen->features);
  if (is_test (wish))
    g_set_object (&self->test, seen->picture);
  else if (wish->look->known == NULL && has_box (self, wish->box))
    {
      rn_teach_box_add (wish->box, seen->picture);
      rn_teaching_touch (self);
    }
}

static void
wish_known (RnTeaching *self, RnTeachPicture *picture)
{
  Wish *wish;

  if (picture == NULL ||
      rn_teach_picture_get_features (picture, rn_teaching_get_network (self), NULL) != NULL)
    return;
  wish = wish_new (self, NULL, rn_teach_picture_get_name (picture));
  wish->look->known = g_object_ref (picture);
  g_queue_push_tail (&self->waiting, wish);
}

static void
on_looked (gpointer owner, gpointer result, const GError *error)
{
  RnTeaching *self = owner;
  Wish *wish = g_steal_pointer (&self->looking);
  RnTeachSeen *seen = result;

  if (seen != NULL)
    take_seen (self, wish, seen);
  else if (error != NULL)
    add_fault (self, error->message);
  if (seen != NULL && seen->files == NULL)
    {
      if (!is_test (wish))
        rn_teaching_train (self);
      rn_teaching_predict (self);
      wish_known (self, seen->picture); /* by a network that was chosen meanwhile */
    }
  wish_free (wish);
  rn_teach_seen_free (seen);
  look_on (self);
  rn_teaching_emit_changed (self);
}

/* The copy that a worker gets. */
static RnTeachLook *
look_copy (const RnTeachLook *from)
{
  RnTeachLook *look = g_new0 (RnTeachLook, 1);

  look->network = rn_teach_network_ref (from->network);
  look->reader = from->reader != NULL ? rn_picture_reader_ref (from->reader) : NULL;
  g_set_object (&look->file, from->file);
  g_set_object (&look->texture, from->texture);
  g_set_object (&look->known, from->known);
  look->picture = from->picture != NULL ? rn_picture_ref (from->picture) : NULL;
  look->name = g_strdup (from->name);

  return look;
}

/* Takes the next picture, one at a time: the network has all threads to itself. Those of a box that
 * is gone are left out. */
static void
look_on (RnTeaching *self)
{
  while (self->look == NULL && !g_queue_is_empty (&self->waiting))
    {
      Wish *wish = g_queue_pop_head (&self->waiting);

      if (wish->box != NULL && !has_box (self, wish->box))
        {
          wish_free (wish);
          continue;
        }
      /* Another network may have been chosen since. */
      rn_teach_network_unref (wish->look->network);
      wish->look->network = rn_teach_network_ref (rn_teaching_get_network (self));
      self->looking = wish;
      rn_work_start (&self->look, self, rn_teach_look_work, look_copy (wish->look),
                     rn_teach_look_free, rn_teach_seen_free, on_looked);
    }
}

/* What another network has not looked at yet, it does now. */
void
rn_teaching_look_again (RnTeaching *self)
{
  guint n_boxes = g_list_model_get_n_items (G_LIST_MODEL (self->boxes));

  wish_known (self, self->test);
  for (guint b = 0; b < n_boxes; b++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (G_LIST_MODEL (self->boxes), b);
      GListModel *pictures = rn_teach_box_get_pictures (box);

      for (guint i = 0; i < g_list_model_get_n_items (pictures); i++)
        {
          g_autoptr (RnTeachPicture) picture = g_list_model_get_item (pictures, i);

          wish_known (self, picture);
        }
    }
  rn_teaching_train (self);
  rn_teaching_predict (self);
  look_on (self);
  rn_teaching_emit_changed (self);
}

static void
rn_teaching_dispose (GObject *object)
{
  RnTeaching *self = RN_TEACHING (object);

  rn_work_cancel (&self->look);
  rn_work_cancel (&self->training);
  rn_work_cancel (&self->tuning_work);
  g_clear_handle_id (&self->tuning_tick, g_source_remove);
  g_clear_pointer (&self->tuning, rn_teach_tuning_unref);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) wish_free);
  g_clear_pointer (&self->looking, wish_free);
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

/* Reads a picture, or all pictures of a folder, into a box. */
void
rn_teaching_add_file (RnTeaching *self, RnTeachBox *box, GFile *file)
{
  g_return_if_fail (RN_IS_TEACHING (self) && has_box (self, box));

  add_wish (self, wish_for_file (self, box, file));
  rn_teaching_emit_changed (self);
}

void
rn_teaching_add_texture (RnTeaching *self, RnTeachBox *box, GdkTexture *texture)
{
  Wish *wish;

  g_return_if_fail (RN_IS_TEACHING (self) && has_box (self, box));

  wish = wish_new (self, box, _ ("dropped picture"));
  wish->look->texture = g_object_ref (texture);
  add_wish (self, wish);
  rn_teaching_emit_changed (self);
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

/* Pictures that are still to be looked at. */
int
rn_teaching_get_n_waiting (RnTeaching *self)
{
  return (int) g_queue_get_length (&self->waiting) + (self->look != NULL);
}

/* Returns: (nullable): what could not be read, and what came of training the last stage */
const char *
rn_teaching_get_message (RnTeaching *self)
{
  return self->message;
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

/* Asks about a picture that is in memory. */
void
rn_teaching_set_test (RnTeaching *self, RnPicture *picture, const char *name)
{
  Wish *wish = wish_new (self, NULL, name);

  wish->look->picture = rn_picture_ref (picture);
  add_test (self, wish);
}

void
rn_teaching_set_test_file (RnTeaching *self, GFile *file)
{
  add_test (self, wish_for_file (self, NULL, file));
}

void
rn_teaching_set_test_texture (RnTeaching *self, GdkTexture *texture)
{
  Wish *wish = wish_new (self, NULL, _ ("dropped picture"));

  wish->look->texture = g_object_ref (texture);
  add_test (self, wish);
}

/* Returns: (nullable) (transfer none): the picture that is asked about */
RnTeachPicture *
rn_teaching_get_test (RnTeaching *self)
{
  return self->test;
}
