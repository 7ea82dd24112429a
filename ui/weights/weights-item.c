#include "ui/weights/weights-item.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "engine/training/cifar10-archive.h"

struct _RnWeightsItem
{
  GObject parent_instance;

  RnWeightsKind kind;
  char *title;
  char *detail;
  char *path;
  char *file; /* that is fetched: @path, or the archive that @path is unpacked from */
  const RnSource *source; /* borrowed from the list, which lives longer; NULL but for published */

  RnWeightsState state;
  char *error; /* what went wrong last, or NULL */
  guint64 done, total;
  double rate;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnWeightsItem, rn_weights_item, G_TYPE_OBJECT)

static void
tell (RnWeightsItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
rn_weights_item_finalize (GObject *object)
{
  RnWeightsItem *self = RN_WEIGHTS_ITEM (object);

  g_free (self->title);
  g_free (self->detail);
  g_free (self->path);
  g_free (self->file);
  g_free (self->error);

  G_OBJECT_CLASS (rn_weights_item_parent_class)->finalize (object);
}

static void
rn_weights_item_class_init (RnWeightsItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_weights_item_finalize;

  /* State, progress or error are others. */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
rn_weights_item_init (RnWeightsItem *self)
{
}

/* Returns: (transfer full): a file that is there */
RnWeightsItem *
rn_weights_item_new (RnWeightsKind kind, const char *title, const char *detail, const char *path)
{
  RnWeightsItem *self = g_object_new (RN_TYPE_WEIGHTS_ITEM, NULL);

  self->kind = kind;
  self->title = g_strdup (title);
  self->detail = g_strdup (detail);
  self->path = g_strdup (path);
  self->file = g_strdup (path);
  self->state = RN_WEIGHTS_READY;

  return self;
}

/* Size, where from and on what terms, before anybody asks for it. */
static char *
describe_source (const RnSource *source)
{
  g_autoptr (GUri) uri = g_uri_parse (source->url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  GString *text = g_string_new (NULL);

  if (source->size > 0)
    {
      g_autofree char *size = g_format_size (source->size);

      g_string_append_printf (text, "%s · ", size);
    }
  g_string_append (text, host != NULL ? host : source->url);
  if (source->license != NULL)
    g_string_append_printf (text, _ (" · licence %s"), source->license);

  return g_string_free (text, FALSE);
}

/**
 * rn_weights_item_new_source:
 * @source: a published file; not copied
 * @directory: (nullable): where fetched files are kept; %NULL for the user's folder
 *
 * Returns: (transfer full): the file, fetched or not
 */
RnWeightsItem *
rn_weights_item_new_source (const RnSource *source, const char *directory)
{
  RnWeightsItem *self = g_object_new (RN_TYPE_WEIGHTS_ITEM, NULL);

  self->kind = source->kind == RN_SOURCE_PICTURES ? RN_WEIGHTS_PICTURES : RN_WEIGHTS_PUBLISHED;
  self->source = source;
  self->title = g_strdup (source->title);
  self->detail = describe_source (source);
  self->path = rn_source_get_place (source, directory);
  self->file = rn_source_get_file (source, directory);
  rn_weights_item_look (self);

  return self;
}

RnWeightsKind
rn_weights_item_get_kind (RnWeightsItem *self)
{
  return self->kind;
}

const char *
rn_weights_item_get_title (RnWeightsItem *self)
{
  return self->title;
}

const char *
rn_weights_item_get_detail (RnWeightsItem *self)
{
  return self->detail;
}

/* Returns: where the file is, or will be once it is fetched */
const char *
rn_weights_item_get_path (RnWeightsItem *self)
{
  return self->path;
}

/* Returns: (nullable): what the list of sources says of a published file */
const RnSource *
rn_weights_item_get_source (RnWeightsItem *self)
{
  return self->source;
}

RnWeightsState
rn_weights_item_get_state (RnWeightsItem *self)
{
  return self->state;
}

void
rn_weights_item_set_state (RnWeightsItem *self, RnWeightsState state)
{
  if (state == self->state)
    return;

  self->state = state;
  tell (self);
}

static gboolean
is_here (const RnWeightsItem *self)
{
  return self->kind == RN_WEIGHTS_PICTURES ? rn_cifar10_is_unpacked (self->path)
                                           : g_file_test (self->path, G_FILE_TEST_EXISTS);
}

/* Looks what is there of a file that is not being fetched. */
void
rn_weights_item_look (RnWeightsItem *self)
{
  g_autofree char *part = rn_source_get_part (self->file);
  GStatBuf info;

  if (is_here (self))
    rn_weights_item_set_state (self, RN_WEIGHTS_READY);
  else if ((g_stat (self->file, &info) == 0 || g_stat (part, &info) == 0) && info.st_size > 0)
    {
      self->done = info.st_size;
      self->total = self->source != NULL ? self->source->size : 0;
      rn_weights_item_set_state (self, RN_WEIGHTS_PARTIAL);
    }
  else
    rn_weights_item_set_state (self, RN_WEIGHTS_ABSENT);
}

/* Returns: (nullable): why it was not fetched when it was last tried */
const char *
rn_weights_item_get_error (RnWeightsItem *self)
{
  return self->error;
}

void
rn_weights_item_set_error (RnWeightsItem *self, const char *error)
{
  g_free (self->error);
  self->error = g_strdup (error);
  tell (self);
}

/* Returns: from 0 to 1; -1 where the size is not known */
double
rn_weights_item_get_fraction (RnWeightsItem *self)
{
  return self->total > 0 ? MIN (1, (double) self->done / self->total) : -1;
}

/* Returns: (transfer full): how much is here, and how fast it comes */
char *
rn_weights_item_get_progress (RnWeightsItem *self)
{
  g_autofree char *done = g_format_size (self->done);
  g_autofree char *total = self->total > 0 ? g_format_size (self->total) : g_strdup ("?");
  g_autofree char *rate = g_format_size ((guint64) self->rate);

  if (self->state == RN_WEIGHTS_FETCHING && self->kind == RN_WEIGHTS_PICTURES &&
      self->total > 0 && self->done == self->total)
    return g_strdup (_ ("unpacking"));

  return self->state == RN_WEIGHTS_FETCHING
             ? g_strdup_printf (_ ("%s of %s, %s a second"), done, total, rate)
             : g_strdup_printf (_ ("%s of %s are here"), done, total);
}

void
rn_weights_item_set_progress (RnWeightsItem *self, guint64 done, guint64 total, double rate)
{
  self->done = done;
  self->total = total;
  self->rate = rate;
  tell (self);
}
