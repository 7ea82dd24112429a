#include "engine/formats/keras-archive.h"

#include <string.h>

#include "engine/formats/hdf5-file.h"
#include "engine/formats/keras3-hdf5.h"
#include "engine/formats/zip.h"

#define CONFIG "config.json"
#define WEIGHTS "model.weights.h5"

/* What is looked for and found. */
typedef struct
{
  gboolean want_weights;
  char *config;
  GBytes *weights;
} Content;

static void
content_clear (Content *self)
{
  g_clear_pointer (&self->config, g_free);
  g_clear_pointer (&self->weights, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

static gboolean
is_wanted (const char *name, gpointer data)
{
  Content *content = data;

  return (g_str_equal (name, CONFIG) && content->config == NULL) ||
         (g_str_equal (name, WEIGHTS) && content->want_weights && content->weights == NULL);
}

static gboolean
on_entry (const char *name, GBytes *bytes, gpointer data, GError **error)
{
  Content *content = data;

  if (g_str_equal (name, CONFIG))
    content->config = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  else
    content->weights = g_bytes_ref (bytes);

  return TRUE;
}

static gboolean
read_content (
    const guint8 *bytes, gsize n_bytes, const char *label, Content *content, GError **error)
{
  if (!rn_zip_read (bytes, n_bytes, label, is_wanted, on_entry, content, error))
    return FALSE;
  if (content->config == NULL || (content->want_weights && content->weights == NULL))
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: not a whole .keras archive: %s is missing in it", label,
                   content->config == NULL ? CONFIG : WEIGHTS);
      return FALSE;
    }

  return TRUE;
}

/**
 * rn_keras_archive_detect:
 * @bytes: a zip archive
 *
 * Returns: whether it holds what .keras archives hold: their first entries say so
 */
gboolean
rn_keras_archive_detect (const guint8 *bytes, gsize n_bytes)
{
  /* The names of entries stand in the archive as they are, last in its directory. */
  return memmem (bytes, n_bytes, CONFIG, strlen (CONFIG)) != NULL &&
         memmem (bytes, n_bytes, "model.weights.", strlen ("model.weights.")) != NULL;
}

/**
 * rn_keras_archive_read:
 * @bytes: the whole file
 * @n_bytes: its size
 * @label: what to call it in messages
 * @error: set where it is damaged
 *
 * Returns: (transfer full) (nullable): the model's weights, under its layers' names
 */
RnWeights *
rn_keras_archive_read (const guint8 *bytes, gsize n_bytes, const char *label, GError **error)
{
  g_auto (Content) content = { TRUE, NULL, NULL };
  g_autoptr (RnHdf5File) file = NULL;

  g_return_val_if_fail (bytes != NULL && label != NULL, NULL);

  if (!read_content (bytes, n_bytes, label, &content, error))
    return NULL;
  file = rn_hdf5_file_open_bytes (content.weights, label, error);
  g_clear_pointer (&content.weights, g_bytes_unref);

  return file != NULL ? rn_keras3_hdf5_read_weights (file, content.config, error) : NULL;
}

/**
 * rn_keras_archive_read_config:
 *
 * As rn_keras_archive_read(), for the model's configuration.
 *
 * Returns: (transfer full) (nullable): config.json
 */
char *
rn_keras_archive_read_config (const guint8 *bytes, gsize n_bytes, const char *label, GError **error)
{
  g_auto (Content) content = { FALSE, NULL, NULL };

  g_return_val_if_fail (bytes != NULL && label != NULL, NULL);

  if (!read_content (bytes, n_bytes, label, &content, error))
    return NULL;

  return g_steal_pointer (&content.config);
}
