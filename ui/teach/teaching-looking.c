/* Pictures wait, and a worker looks at one after another: reads it and computes its features. */
#include <glib/gi18n.h>

#include "ui/document/work.h"
#include "ui/teach/teaching-private.h"

/* A picture that waits to be looked at. */
typedef struct _RnTeachWish
{
  RnTeachBox *box; /* NULL: it is the test picture, unless it is known */
  RnTeachLook *look;
} Wish;

static void look_on (RnTeaching *self);

static void
wish_free (Wish *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->box);
  rn_teach_look_free (self->look);
  g_free (self);
}

static void
add_fault (RnTeaching *self, const char *text)
{
  if (self->n_faults++ < RN_TEACH_N_NAMED)
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
  rn_teaching_emit_changed (self);
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
  look->bytes = from->bytes != NULL ? g_bytes_ref (from->bytes) : NULL;
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

/* Reads a picture, or all pictures of a folder, into a box. */
void
rn_teaching_add_file (RnTeaching *self, RnTeachBox *box, GFile *file)
{
  g_return_if_fail (RN_IS_TEACHING (self) && has_box (self, box));

  add_wish (self, wish_for_file (self, box, file));
  rn_teaching_emit_changed (self);
}

/* Puts a picture into a box that another program gave, as its file has it. */
void
rn_teaching_add_bytes (RnTeaching *self, RnTeachBox *box, GBytes *bytes, const char *name)
{
  Wish *wish;

  g_return_if_fail (RN_IS_TEACHING (self) && has_box (self, box));

  wish = wish_new (self, box, name);
  wish->look->bytes = g_bytes_ref (bytes);
  add_wish (self, wish);
  rn_teaching_emit_changed (self);
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
rn_teaching_set_test_bytes (RnTeaching *self, GBytes *bytes, const char *name)
{
  Wish *wish = wish_new (self, NULL, name);

  wish->look->bytes = g_bytes_ref (bytes);
  add_test (self, wish);
}

/* Pictures that are still to be looked at. */
int
rn_teaching_get_n_waiting (RnTeaching *self)
{
  return (int) g_queue_get_length (&self->waiting) + (self->look != NULL);
}

/* What waits is dropped, and so is what would come of the picture that is looked at. */
void
rn_teaching_stop_looking (RnTeaching *self)
{
  rn_work_cancel (&self->look);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) wish_free);
  g_clear_pointer (&self->looking, wish_free);
}
