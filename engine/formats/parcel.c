#include "engine/formats/parcel.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/formats/parcel-private.h"

#define MAGIC "RNPARCL1"
#define ALIGNMENT 64

#define TENSOR_TYPE "(suxxxxtt)" /* name, dtype, dims (-1: none), offset, bytes */
#define WEIGHTS_TYPE "(a{sv}a(sa" TENSOR_TYPE "))"
#define PICTURE_TYPE "(iitt)" /* width, height, offset, bytes */

G_DEFINE_QUARK (rn-parcel-error-quark, rn_parcel_error)

/* The start of the file; then the index, then the numbers. */
typedef struct
{
  char magic[8];
  guint64 index_size;
} Header;

/* A file being mapped: what its tensors keep alive. */
typedef struct
{
  gint ref_count;
  guint8 *data;
  gsize size;
} Mapping;

/* A file being written: where the next numbers go, relative to the end of the index. */
typedef struct
{
  guint64 offset;
  GPtrArray *blobs; /* addresses, borrowed */
  GArray *sizes;    /* of gsize */
} Layout;

void
rn_parcel_free (RnParcel *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->weights, rn_weights_unref);
  g_clear_pointer (&self->model, rn_model_unref);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_clear_pointer (&self->array, rn_tensor_unref);
  g_free (self);
}

static guint64
align (guint64 offset)
{
  return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static guint64
place (Layout *layout, const void *data, gsize size)
{
  guint64 offset = layout->offset;

  g_ptr_array_add (layout->blobs, (gpointer) data);
  g_array_append_val (layout->sizes, size);
  layout->offset = align (offset + size);

  return offset;
}

static void
add_string (GVariantBuilder *info, const char *key, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (info, "{sv}", key, g_variant_new_string (value));
}

static void
add_strings (GVariantBuilder *info, const char *key, char **values, int n)
{
  if (values != NULL && n > 0)
    g_variant_builder_add (info, "{sv}", key,
                           g_variant_new_strv ((const char *const *) values, n));
}

static GVariant *
pack_info (const RnWeightsInfo *info)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_string (&builder, "name", info->name);
  add_string (&builder, "origin", info->origin);
  add_string (&builder, "license", info->license);
  add_string (&builder, "preprocess", info->preprocess);
  add_strings (&builder, "classes", info->classes, info->n_classes);
  add_strings (&builder, "labels", info->labels, info->n_classes);
  g_variant_builder_add (&builder, "{sv}", "trained", g_variant_new_boolean (info->trained));
  g_variant_builder_add (&builder, "{sv}", "input-size", g_variant_new_int32 (info->input_size));
  g_variant_builder_add (&builder, "{sv}", "epsilon", g_variant_new_double (info->epsilon));
  g_variant_builder_add (&builder, "{sv}", "stride-on-3x3",
                         g_variant_new_boolean (info->stride_on_3x3));

  return g_variant_builder_end (&builder);
}

static GVariant *
pack_tensor (const char *name, const RnTensor *tensor, Layout *layout)
{
  gint64 dims[RN_TENSOR_MAX_RANK] = { -1, -1, -1, -1 };
  gsize size = rn_tensor_get_n_bytes (tensor);

  for (int i = 0; i < tensor->rank; i++)
    dims[i] = tensor->dims[i];

  return g_variant_new (TENSOR_TYPE, name, (guint32) tensor->dtype, dims[0], dims[1], dims[2],
                        dims[3], place (layout, tensor->data, size), (guint64) size);
}

static GVariant *
pack_weights (RnWeights *weights, Layout *layout)
{
  GVariantBuilder layers;

  g_variant_builder_init (&layers, G_VARIANT_TYPE ("a(sa" TENSOR_TYPE ")"));
  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    {
      GVariantBuilder tensors;

      g_variant_builder_init (&tensors, G_VARIANT_TYPE ("a" TENSOR_TYPE));
      for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
        {
          const char *name;
          RnTensor *tensor = rn_weights_get_tensor (weights, i, j, &name);

          g_variant_builder_add_value (&tensors, pack_tensor (name, tensor, layout));
        }
      g_variant_builder_add (&layers, "(s@a" TENSOR_TYPE ")",
                             rn_weights_get_layer_name (weights, i),
                             g_variant_builder_end (&tensors));
    }

  return g_variant_new ("(@a{sv}@a(sa" TENSOR_TYPE "))", pack_info (rn_weights_get_info (weights)),
                        g_variant_builder_end (&layers));
}

static GVariant *
pack_picture (const RnPicture *picture, Layout *layout)
{
  gsize size = (gsize) picture->width * picture->height * 3;

  return g_variant_new (PICTURE_TYPE, picture->width, picture->height,
                        place (layout, picture->rgb, size), (guint64) size);
}

static gboolean
write_at (int fd, guint64 offset, const void *data, gsize size, GError **error)
{
  const guint8 *p = data;

  while (size > 0)
    {
      ssize_t n = pwrite (fd, p, size, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       "the reader cannot hand back what it read: %s", g_strerror (errno));
          return FALSE;
        }
      p += n;
      offset += n;
      size -= n;
    }

  return TRUE;
}

static gboolean
write_file (int fd, GVariant *index, const Layout *layout, GError **error)
{
  Header header = { MAGIC, g_variant_get_size (index) };
  guint64 start = align (sizeof header + header.index_size), offset = 0;

  if (!write_at (fd, 0, &header, sizeof header, error)
      || !write_at (fd, sizeof header, g_variant_get_data (index), header.index_size, error))
    return FALSE;

  for (guint i = 0; i < layout->blobs->len; i++)
    {
      gsize size = g_array_index (layout->sizes, gsize, i);

      if (!write_at (fd, start + offset, g_ptr_array_index (layout->blobs, i), size, error))
        return FALSE;
      offset = align (offset + size);
    }

  /* The numbers' last piece may end before its alignment does, or be absent. */
  if (ftruncate (fd, start + layout->offset) != 0)
    return write_at (fd, start + layout->offset, "", 1, error);

  return TRUE;
}

/**
 * rn_parcel_write:
 * @fd: an empty file
 *
 * Returns: %FALSE with %G_IO_ERROR where the file cannot take it
 */
gboolean
rn_parcel_write (const RnParcel *self, int fd, GError **error)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) index = NULL;
  Layout layout = { 0, g_ptr_array_new (), g_array_new (FALSE, FALSE, sizeof (gsize)) };
  gboolean written;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (self->weights != NULL)
    g_variant_builder_add (&builder, "{sv}", "weights", pack_weights (self->weights, &layout));
  if (self->model != NULL)
    g_variant_builder_add (&builder, "{sv}", "model", rn_parcel_pack_model (self->model));
  if (self->picture != NULL)
    g_variant_builder_add (&builder, "{sv}", "picture", pack_picture (self->picture, &layout));
  if (self->array != NULL)
    g_variant_builder_add (&builder, "{sv}", "array", pack_tensor ("", self->array, &layout));
  index = g_variant_ref_sink (g_variant_builder_end (&builder));

  written = write_file (fd, index, &layout, error);
  g_ptr_array_unref (layout.blobs);
  g_array_unref (layout.sizes);

  return written;
}

/* Every error of reading is the same to the user: the process that wrote it went wrong. */
gboolean
rn_parcel_fail (GError **error, const char *what)
{
  g_set_error (error, RN_PARCEL_ERROR, RN_PARCEL_ERROR_DAMAGED,
               "the reader process handed back something damaged (%s)", what);

  return FALSE;
}

static void
mapping_unref (gpointer data)
{
  Mapping *mapping = data;

  if (!g_atomic_int_dec_and_test (&mapping->ref_count))
    return;
  munmap (mapping->data, mapping->size);
  g_free (mapping);
}

static Mapping *
mapping_ref (Mapping *mapping)
{
  g_atomic_int_inc (&mapping->ref_count);

  return mapping;
}

/* Maps privately: nobody else's writes may show, and the seals say that there are none. */
static Mapping *
map_file (int fd, GError **error)
{
  Mapping *mapping;
  struct stat stats;
  void *data;

  if (fstat (fd, &stats) != 0 || stats.st_size < (off_t) sizeof (Header))
    {
      rn_parcel_fail (error, "it is empty");
      return NULL;
    }
  data = mmap (NULL, stats.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "what the reader process handed back cannot be mapped: %s", g_strerror (errno));
      return NULL;
    }
  mapping = g_new0 (Mapping, 1);
  *mapping = (Mapping) { 1, data, stats.st_size };

  return mapping;
}

/* The bytes of a piece of numbers, or %NULL where it does not lie within the file. */
static guint8 *
get_blob (const Mapping *mapping, guint64 start, guint64 offset, guint64 size)
{
  if (offset % ALIGNMENT != 0 || start > mapping->size || offset > mapping->size - start
      || size > mapping->size - start - offset)
    return NULL;

  return mapping->data + start + offset;
}

static char *
dup_string (GVariant *info, const char *key)
{
  char *value = NULL;

  g_variant_lookup (info, key, "s", &value);

  return value;
}

static gboolean
unpack_info (GVariant *dict, RnWeightsInfo *info, GError **error)
{
  double epsilon = 0;

  info->name = dup_string (dict, "name");
  info->origin = dup_string (dict, "origin");
  info->license = dup_string (dict, "license");
  info->preprocess = dup_string (dict, "preprocess");
  g_variant_lookup (dict, "classes", "^as", &info->classes);
  g_variant_lookup (dict, "labels", "^as", &info->labels);
  g_variant_lookup (dict, "trained", "b", &info->trained);
  g_variant_lookup (dict, "input-size", "i", &info->input_size);
  g_variant_lookup (dict, "epsilon", "d", &epsilon);
  g_variant_lookup (dict, "stride-on-3x3", "b", &info->stride_on_3x3);
  info->epsilon = epsilon;
  info->n_classes = info->classes != NULL ? g_strv_length (info->classes) : 0;

  if (info->labels != NULL && (int) g_strv_length (info->labels) != info->n_classes)
    return rn_parcel_fail (error, "its labels are not as many as its classes");

  return TRUE;
}

static RnTensor *
unpack_tensor (GVariant *value, Mapping *mapping, guint64 start, const char **name, GError **error)
{
  gint64 dims[RN_TENSOR_MAX_RANK];
  guint32 dtype;
  guint64 offset, size, n = 1;
  guint8 *data;
  int rank = 0;

  g_variant_get (value, "(&suxxxxtt)", name, &dtype, &dims[0], &dims[1], &dims[2], &dims[3],
                 &offset, &size);
  while (rank < RN_TENSOR_MAX_RANK && dims[rank] >= 0)
    {
      if (dims[rank] > 0 && n > mapping->size / dims[rank])
        {
          rn_parcel_fail (error, "a tensor is larger than the file");
          return NULL;
        }
      n *= dims[rank++];
    }
  data = get_blob (mapping, start, offset, size);
  if (dtype > RN_DTYPE_F64 || data == NULL || n * rn_dtype_get_size (dtype) != size)
    {
      rn_parcel_fail (error, "a tensor lies outside the file");
      return NULL;
    }

  return rn_tensor_new_for_data (dtype, rank, dims, data, mapping_ref (mapping), mapping_unref);
}

static gboolean
unpack_layer (GVariant *value, Mapping *mapping, guint64 start, RnWeights *weights, GError **error)
{
  const char *layer;
  g_autoptr (GVariant) tensors = NULL;

  g_variant_get (value, "(&s@a" TENSOR_TYPE ")", &layer, &tensors);
  rn_weights_add_layer (weights, layer);
  for (gsize i = 0; i < g_variant_n_children (tensors); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (tensors, i);
      g_autoptr (RnTensor) tensor = NULL;
      const char *name;

      tensor = unpack_tensor (child, mapping, start, &name, error);
      if (tensor == NULL || !rn_weights_add (weights, layer, name, tensor, error))
        return FALSE;
    }

  return TRUE;
}

static RnWeights *
unpack_weights (GVariant *value, Mapping *mapping, guint64 start, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_autoptr (GVariant) info = NULL;
  g_autoptr (GVariant) layers = NULL;

  g_variant_get (value, "(@a{sv}@a(sa" TENSOR_TYPE "))", &info, &layers);
  if (!unpack_info (info, rn_weights_get_info (weights), error))
    return NULL;
  for (gsize i = 0; i < g_variant_n_children (layers); i++)
    {
      g_autoptr (GVariant) layer = g_variant_get_child_value (layers, i);

      if (!unpack_layer (layer, mapping, start, weights, error))
        return NULL;
    }

  return g_steal_pointer (&weights);
}

static RnPicture *
unpack_picture (GVariant *value, Mapping *mapping, guint64 start, GError **error)
{
  g_autoptr (RnPicture) picture = NULL;
  guint64 offset, size;
  int width, height;
  guint8 *data;

  g_variant_get (value, PICTURE_TYPE, &width, &height, &offset, &size);
  data = get_blob (mapping, start, offset, size);
  if (data == NULL || width < 1 || height < 1 || (guint64) width * height * 3 != size)
    {
      rn_parcel_fail (error, "a picture lies outside the file");
      return NULL;
    }
  picture = rn_picture_new (width, height, error);
  if (picture == NULL)
    return NULL;
  memcpy (picture->rgb, data, size);

  return g_steal_pointer (&picture);
}

/* The index in normal form, so that no later look at it can go wrong. */
static GVariant *
read_index (const Mapping *mapping, GError **error)
{
  Header header;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) raw = NULL;

  memcpy (&header, mapping->data, sizeof header);
  if (memcmp (header.magic, MAGIC, sizeof header.magic) != 0
      || header.index_size > mapping->size - sizeof header)
    {
      rn_parcel_fail (error, "it is no parcel");
      return NULL;
    }
  /* A copy: GVariant wants its data aligned, and normal form is checked once. */
  bytes = g_bytes_new (mapping->data + sizeof header, header.index_size);
  raw = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));

  return g_variant_get_normal_form (raw);
}

static gboolean
unpack (RnParcel *self, GVariant *index, Mapping *mapping, GError **error)
{
  guint64 start = align (sizeof (Header) + g_variant_get_size (index));
  g_autoptr (GVariant) weights =
      g_variant_lookup_value (index, "weights", G_VARIANT_TYPE (WEIGHTS_TYPE));
  g_autoptr (GVariant) model = g_variant_lookup_value (index, "model", RN_PARCEL_MODEL_TYPE);
  g_autoptr (GVariant) picture =
      g_variant_lookup_value (index, "picture", G_VARIANT_TYPE (PICTURE_TYPE));
  g_autoptr (GVariant) array =
      g_variant_lookup_value (index, "array", G_VARIANT_TYPE (TENSOR_TYPE));
  const char *name;

  if (weights != NULL)
    {
      self->weights = unpack_weights (weights, mapping, start, error);
      if (self->weights == NULL)
        return FALSE;
    }
  if (model != NULL)
    {
      self->model = rn_parcel_unpack_model (model, error);
      if (self->model == NULL)
        return FALSE;
    }
  if (picture != NULL)
    {
      self->picture = unpack_picture (picture, mapping, start, error);
      if (self->picture == NULL)
        return FALSE;
    }
  if (array != NULL)
    {
      self->array = unpack_tensor (array, mapping, start, &name, error);
      if (self->array == NULL)
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_parcel_read:
 * @fd: a file that nobody can change any more (a sealed memfd)
 *
 * Tensors point into a mapping of the file, which lives as long as they do.
 *
 * Returns: (transfer full) (nullable): what is in it, or %NULL with %RN_PARCEL_ERROR
 */
RnParcel *
rn_parcel_read (int fd, GError **error)
{
  g_autoptr (RnParcel) self = NULL;
  g_autoptr (GVariant) index = NULL;
  Mapping *mapping = map_file (fd, error);

  if (mapping == NULL)
    return NULL;

  index = read_index (mapping, error);
  if (index != NULL)
    {
      self = g_new0 (RnParcel, 1);
      if (!unpack (self, index, mapping, error))
        g_clear_pointer (&self, rn_parcel_free);
    }
  mapping_unref (mapping);

  return g_steal_pointer (&self);
}
