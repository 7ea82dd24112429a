#include "ui/weights/weights-store.h"

#include <glib/gi18n.h>

#include "engine/model/catalog.h"
#include "ui/download/download.h"

/* What tells our files from others' among the desktop's recent ones. GTK 4.8 (gtkrecentmanager.c)
 * looks at the first byte of the list of groups, which is the last one of the first
 * group's address, and adds none of them if it is 0: once in 256 builds, and more often where a
 * sanitizer aligns strings. An odd address never ends in 0. */
_Alignas (2) static char odd_group[] = "-resnet-explorer-networks";
#define GROUP (odd_group + 1)
#define MAX_RECENT 10

struct _RnWeightsStore
{
  GObject parent_instance;

  char *data_dir;
  char *directory; /* where fetched files are kept */
  char *mirror;    /* base address, or empty */
  char *trouble;   /* why there is no list of sources, or NULL */
  RnSourceList *sources;
  GListStore *items;
  RnWeightsItem *pictures; /* to learn from, or NULL */
  GMenu *recent_menu;
  GtkRecentManager *recent;
  GHashTable *fetches; /* RnWeightsItem → GCancellable */
};

/* A file on its way: the names of its classes first, where it has any, then the weights. */
typedef struct
{
  RnWeightsStore *store;
  RnWeightsItem *item;
  GCancellable *cancellable;
  gboolean labels;
} Fetch;

enum
{
  PROP_0,
  PROP_MIRROR,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RnWeightsStore, rn_weights_store, G_TYPE_OBJECT)

static void start_fetch (Fetch *fetch);

static void
rn_weights_store_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RnWeightsStore *self = RN_WEIGHTS_STORE (object);

  if (id != PROP_MIRROR)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (g_strcmp0 (self->mirror, g_value_get_string (value)) != 0)
    {
      g_free (self->mirror);
      self->mirror = g_value_dup_string (value);
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
rn_weights_store_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MIRROR)
    g_value_set_string (value, RN_WEIGHTS_STORE (object)->mirror);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rn_weights_store_dispose (GObject *object)
{
  RnWeightsStore *self = RN_WEIGHTS_STORE (object);

  rn_weights_store_stop (self);
  if (self->recent != NULL)
    g_signal_handlers_disconnect_by_data (self->recent, self);
  g_clear_object (&self->recent);

  G_OBJECT_CLASS (rn_weights_store_parent_class)->dispose (object);
}

static void
rn_weights_store_finalize (GObject *object)
{
  RnWeightsStore *self = RN_WEIGHTS_STORE (object);

  g_object_unref (self->items);
  g_clear_object (&self->pictures);
  g_object_unref (self->recent_menu);
  g_hash_table_unref (self->fetches);
  g_clear_pointer (&self->sources, rn_source_list_free);
  g_free (self->data_dir);
  g_free (self->directory);
  g_free (self->mirror);
  g_free (self->trouble);

  G_OBJECT_CLASS (rn_weights_store_parent_class)->finalize (object);
}

static void
rn_weights_store_class_init (RnWeightsStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = rn_weights_store_set_property;
  object_class->get_property = rn_weights_store_get_property;
  object_class->dispose = rn_weights_store_dispose;
  object_class->finalize = rn_weights_store_finalize;

  /* Base address to fetch from instead of the publishers'; empty for theirs. */
  props[PROP_MIRROR] = g_param_spec_string ("mirror", NULL, NULL, "",
                                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rn_weights_store_init (RnWeightsStore *self)
{
  self->mirror = g_strdup ("");
  self->directory = rn_source_get_default_directory ();
  self->items = g_list_store_new (RN_TYPE_WEIGHTS_ITEM);
  self->recent_menu = g_menu_new ();
  self->fetches = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
}

static void
add_bundled (RnWeightsStore *self)
{
  int n_entries;
  const RnCatalogEntry *entries = rn_catalog_list (&n_entries);

  for (int i = 0; i < n_entries; i++)
    {
      g_autofree char *name = g_strconcat (entries[i].id, ".h5", NULL);
      g_autofree char *path = g_build_filename (self->data_dir, "weights", name, NULL);
      g_autofree char *title = g_strdup_printf (_ ("%s, Imagenette (10 classes)"), entries[i].title);
      g_autoptr (RnWeightsItem) item =
          rn_weights_item_new (RN_WEIGHTS_BUNDLED, title, name, path);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        g_list_store_append (self->items, item);
    }
}

static void
add_published (RnWeightsStore *self)
{
  g_autofree char *path = g_build_filename (self->data_dir, "weights", "sources.json", NULL);
  g_autoptr (GError) error = NULL;

  self->sources = rn_source_list_load (path, &error);
  if (self->sources == NULL)
    {
      self->trouble = g_strdup (error->message);
      return;
    }

  for (guint i = 0; i < rn_source_list_get_n (self->sources); i++)
    {
      const RnSource *source = rn_source_list_get (self->sources, i);
      g_autoptr (RnWeightsItem) item = NULL;

      if (source->kind == RN_SOURCE_PICTURES && self->pictures == NULL)
        self->pictures = rn_weights_item_new_source (source, NULL);

      /* Names of classes come with the weights that need them. */
      if (source->kind != RN_SOURCE_WEIGHTS)
        continue;
      item = rn_weights_item_new_source (source, self->directory);
      g_list_store_append (self->items, item);
    }
}

static int
compare_infos (gconstpointer a, gconstpointer b)
{
  return -g_date_time_compare (gtk_recent_info_get_modified (*(GtkRecentInfo **) a),
                               gtk_recent_info_get_modified (*(GtkRecentInfo **) b));
}

/* Returns: (transfer full) (element-type GtkRecentInfo): our files that are still there, the one
 *   opened last first */
static GPtrArray *
list_recent (RnWeightsStore *self)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_recent_info_unref);
  GList *all = gtk_recent_manager_get_items (self->recent);

  for (GList *l = all; l != NULL; l = l->next)
    if (gtk_recent_info_has_group (l->data, GROUP) && gtk_recent_info_is_local (l->data)
        && gtk_recent_info_exists (l->data))
      g_ptr_array_add (infos, gtk_recent_info_ref (l->data));
  g_list_free_full (all, (GDestroyNotify) gtk_recent_info_unref);
  g_ptr_array_sort (infos, compare_infos);
  if (infos->len > MAX_RECENT)
    g_ptr_array_set_size (infos, MAX_RECENT);

  return infos;
}

static gboolean
is_listed (RnWeightsStore *self, const char *path)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr (RnWeightsItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_str_equal (rn_weights_item_get_path (item), path))
        return TRUE;
    }

  return FALSE;
}

static void
remove_recent (RnWeightsStore *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->items)); i > 0; i--)
    {
      g_autoptr (RnWeightsItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i - 1);

      if (rn_weights_item_get_kind (item) == RN_WEIGHTS_RECENT)
        g_list_store_remove (self->items, i - 1);
    }
  g_menu_remove_all (self->recent_menu);
}

/* The menu has them all, the list but those that it does not have already. */
static void
show_recent (RnWeightsStore *self)
{
  g_autoptr (GPtrArray) infos = list_recent (self);

  remove_recent (self);
  for (guint i = 0; i < infos->len; i++)
    {
      const char *uri = gtk_recent_info_get_uri (g_ptr_array_index (infos, i));
      g_autofree char *path = g_filename_from_uri (uri, NULL, NULL);
      g_autofree char *name = path != NULL ? g_filename_display_basename (path) : NULL;
      g_autofree char *place = path != NULL ? g_filename_display_name (path) : NULL;
      g_autoptr (GMenuItem) entry = g_menu_item_new (name, NULL);
      g_autoptr (RnWeightsItem) item = NULL;

      if (path == NULL)
        continue;
      g_menu_item_set_action_and_target (entry, "win.open-recent", "s", path);
      g_menu_append_item (self->recent_menu, entry);
      item = rn_weights_item_new (RN_WEIGHTS_RECENT, name, place, path);
      if (!is_listed (self, path))
        g_list_store_append (self->items, item);
    }
}

/**
 * rn_weights_store_new:
 * @data_dir: the folder of the bundled data
 * @recent: where files that were opened are remembered
 *
 * Nothing is fetched before rn_weights_store_fetch().
 */
RnWeightsStore *
rn_weights_store_new (const char *data_dir, GtkRecentManager *recent)
{
  RnWeightsStore *self = g_object_new (RN_TYPE_WEIGHTS_STORE, NULL);

  self->data_dir = g_strdup (data_dir);
  self->recent = g_object_ref (recent);
  add_bundled (self);
  add_published (self);
  show_recent (self);
  g_signal_connect_swapped (recent, "changed", G_CALLBACK (show_recent), self);

  return self;
}

/* Returns: (transfer none): of RnWeightsItem, in the order of kinds */
GListModel *
rn_weights_store_get_items (RnWeightsStore *self)
{
  return G_LIST_MODEL (self->items);
}

/* Returns: (transfer none): files opened before, as `win.open-recent` with their paths */
GMenuModel *
rn_weights_store_get_recent (RnWeightsStore *self)
{
  return G_MENU_MODEL (self->recent_menu);
}

/* Returns: (transfer none) (nullable): the set of pictures to learn from that can be fetched; it is no
 *   item of the list */
RnWeightsItem *
rn_weights_store_get_pictures (RnWeightsStore *self)
{
  return self->pictures;
}

/* Returns: where fetched weights are kept */
const char *
rn_weights_store_get_directory (RnWeightsStore *self)
{
  return self->directory;
}

/* Returns: (nullable): why the published files cannot be listed */
const char *
rn_weights_store_get_trouble (RnWeightsStore *self)
{
  return self->trouble;
}

/* Looks again which published files are there: other programs fetch and delete them too. */
void
rn_weights_store_look (RnWeightsStore *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr (RnWeightsItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (rn_weights_item_get_kind (item) == RN_WEIGHTS_PUBLISHED
          && !g_hash_table_contains (self->fetches, item))
        rn_weights_item_look (item);
    }
  if (self->pictures != NULL && !g_hash_table_contains (self->fetches, self->pictures))
    rn_weights_item_look (self->pictures);
}

static void
fetch_free (Fetch *fetch)
{
  g_object_unref (fetch->store);
  g_object_unref (fetch->item);
  g_object_unref (fetch->cancellable);
  g_free (fetch);
}

/* What came of a fetch, for the person at the list: who cancelled knows. */
static void
end_fetch (Fetch *fetch, const GError *error)
{
  g_hash_table_remove (fetch->store->fetches, fetch->item);
  rn_weights_item_look (fetch->item);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    rn_weights_item_set_error (fetch->item, error->message);
  fetch_free (fetch);
}

static void
on_fetched (GObject *object, GAsyncResult *result, gpointer data)
{
  Fetch *fetch = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = rn_download_finish (result, &error);

  if (path != NULL && fetch->labels)
    {
      fetch->labels = FALSE;
      start_fetch (fetch);
    }
  else
    end_fetch (fetch, error);
}

static void
on_progress (guint64 done, guint64 total, double rate, gpointer data)
{
  Fetch *fetch = data;

  if (!fetch->labels)
    rn_weights_item_set_progress (fetch->item, done, total, rate);
}

static const char *
get_mirror (RnWeightsStore *self)
{
  return self->mirror != NULL && *self->mirror != '\0' ? self->mirror : g_getenv ("RN_MIRROR");
}

static void
start_fetch (Fetch *fetch)
{
  const RnSource *source = rn_weights_item_get_source (fetch->item);
  RnDownloadOptions options = { .mirror = get_mirror (fetch->store),
                                .directory = source->kind == RN_SOURCE_PICTURES
                                                 ? NULL
                                                 : fetch->store->directory,
                                .progress = on_progress,
                                .progress_data = fetch };
  g_autoptr (GError) error = NULL;

  if (fetch->labels)
    source = rn_source_list_find (fetch->store->sources, source->labels, &error);
  if (source == NULL)
    end_fetch (fetch, error);
  else
    rn_download_async (source, &options, fetch->cancellable, on_fetched, fetch);
}

/**
 * rn_weights_store_fetch:
 * @item: a published file, or set of pictures, that is not here
 *
 * Fetches it, and the names of its classes. How far it is, and what goes wrong, the item says.
 */
void
rn_weights_store_fetch (RnWeightsStore *self, RnWeightsItem *item)
{
  Fetch *fetch;

  g_return_if_fail (rn_weights_item_get_source (item) != NULL);

  if (g_hash_table_contains (self->fetches, item))
    return;

  fetch = g_new0 (Fetch, 1);
  fetch->store = g_object_ref (self);
  fetch->item = g_object_ref (item);
  fetch->cancellable = g_cancellable_new ();
  fetch->labels = rn_weights_item_get_source (item)->labels != NULL;
  g_hash_table_insert (self->fetches, g_object_ref (item), g_object_ref (fetch->cancellable));
  rn_weights_item_set_error (item, NULL);
  rn_weights_item_set_state (item, RN_WEIGHTS_FETCHING);
  start_fetch (fetch);
}

/* Ends the fetching of a file; what has come stays for the next time. */
void
rn_weights_store_cancel (RnWeightsStore *self, RnWeightsItem *item)
{
  GCancellable *cancellable = g_hash_table_lookup (self->fetches, item);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

/* Remembers a file of weights or of a model that was opened. */
void
rn_weights_store_remember (RnWeightsStore *self, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  char *groups[] = { GROUP, NULL };
  GtkRecentData data = { .mime_type = (char *) "application/octet-stream",
                         .app_name = (char *) "resnet-explorer",
                         .app_exec = (char *) "resnet-explorer %f",
                         .groups = groups };

  if (uri != NULL)
    gtk_recent_manager_add_full (self->recent, uri, &data);
}

/* Cancels all that is being fetched. */
void
rn_weights_store_stop (RnWeightsStore *self)
{
  GHashTableIter iter;
  gpointer cancellable;

  g_hash_table_iter_init (&iter, self->fetches);
  while (g_hash_table_iter_next (&iter, NULL, &cancellable))
    g_cancellable_cancel (cancellable);
}
