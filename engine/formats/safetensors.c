/* The format (huggingface/safetensors, README, "Format"): eight bytes with the length of the
 * header, little-endian; the header, JSON: {"name": {"dtype", "shape", "data_offsets": [begin,
 * end]}, …,
 * "__metadata__": {…}}; the numbers, the offsets counting from their begin. */
#include "engine/formats/safetensors.h"

#include <string.h>

#include "engine/formats/clean-text.h"
#include "engine/formats/json-text.h"
#include "engine/formats/torch-weights.h"

#define PREFIX 8

/* A ResNet-152 needs 120 KiB. */
#define MAX_HEADER (1 << 20)

#define MAX_NAME 4096

typedef struct
{
  const char *label;
  const guint8 *numbers;
  gsize n_bytes; /* of them */
  gsize n_left;  /* of them that no tensor has claimed: they do not overlap */
} Source;

static gboolean
fail (const Source *source, const char *name, const char *what, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT, "%s: tensor '%.200s' %s",
               source->label, name, what);
  return FALSE;
}

static guint64
read_header_size (const guint8 *bytes)
{
  guint64 size;

  memcpy (&size, bytes, sizeof size);
  return GUINT64_FROM_LE (size);
}

/**
 * rn_safetensors_detect:
 *
 * Returns: whether the file begins as a .safetensors file does, however wrong its sizes may be
 */
gboolean
rn_safetensors_detect (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes > PREFIX && bytes[PREFIX] == '{';
}

/* Kinds of numbers that are no weights (counters, masks) are passed over: FALSE. */
static gboolean
find_dtype (const char *name, RnDtype *dtype)
{
  static const struct
  {
    const char *name;
    RnDtype dtype;
  } known[] = { { "F32", RN_DTYPE_F32 },
                { "F16", RN_DTYPE_F16 },
                { "BF16", RN_DTYPE_BF16 },
                { "F64", RN_DTYPE_F64 } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (name, known[i].name))
      {
        *dtype = known[i].dtype;
        return TRUE;
      }

  return FALSE;
}

/* An array of at most @max whole numbers of 0 or more; how many, or -1. */
static int
read_numbers (JsonObject *object, const char *key, gint64 *numbers, int max)
{
  JsonNode *node = json_object_get_member (object, key);
  JsonArray *array;
  int n;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return -1;
  array = json_node_get_array (node);
  n = (int) MIN (json_array_get_length (array), G_MAXINT);
  if (n > max)
    return -1;
  for (int i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_INT64)
        return -1;
      numbers[i] = json_node_get_int (element);
      if (numbers[i] < 0)
        return -1;
    }

  return n;
}

/* The tensor as it lies in the file; copied, since nothing says that it is aligned. */
static RnTensor *
read_tensor (Source *source, const char *name, JsonObject *entry, RnDtype dtype, GError **error)
{
  gint64 dims[RN_TENSOR_MAX_RANK], offsets[2];
  gint64 n_bytes = (gint64) rn_dtype_get_size (dtype);
  int rank = read_numbers (entry, "shape", dims, RN_TENSOR_MAX_RANK);
  RnTensor *tensor;

  if (rank < 0)
    return fail (source, name, "has no shape of at most 4 dimensions", error), NULL;
  if (read_numbers (entry, "data_offsets", offsets, 2) != 2)
    return fail (source, name, "has no data_offsets", error), NULL;
  for (int i = 0; i < rank; i++)
    if (__builtin_mul_overflow (n_bytes, dims[i], &n_bytes))
      return fail (source, name, "claims more numbers than any weight has", error), NULL;
  if (offsets[0] > offsets[1] || (guint64) offsets[1] > source->n_bytes)
    return fail (source, name, "lies outside of the file: it is truncated or damaged", error), NULL;
  if (offsets[1] - offsets[0] != n_bytes)
    return fail (source, name, "has more or fewer bytes than its shape needs", error), NULL;
  if ((guint64) n_bytes > source->n_left)
    return fail (source, name, "overlaps others", error), NULL;
  source->n_left -= (gsize) n_bytes;

  tensor = rn_tensor_new_typed (dtype, rank, dims, error);
  if (tensor != NULL)
    memcpy (tensor->data, source->numbers + offsets[0], (size_t) n_bytes);

  return tensor;
}

static gboolean
read_entry (Source *source,
            const char *given_name,
            JsonNode *node,
            RnTorchWeights *weights,
            GError **error)
{
  g_autofree char *name = rn_clean_text (given_name, MAX_NAME);
  g_autoptr (RnTensor) tensor = NULL;
  JsonObject *entry;
  JsonNode *dtype_node;
  RnDtype dtype;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (source, name, "is not described by an object", error);
  entry = json_node_get_object (node);
  dtype_node = json_object_get_member (entry, "dtype");
  if (dtype_node == NULL || !JSON_NODE_HOLDS_VALUE (dtype_node) ||
      json_node_get_value_type (dtype_node) != G_TYPE_STRING)
    return fail (source, name, "has no dtype", error);
  if (!find_dtype (json_node_get_string (dtype_node), &dtype))
    return TRUE;

  tensor = read_tensor (source, name, entry, dtype, error);
  if (tensor == NULL)
    return FALSE;
  if (!rn_torch_weights_add (weights, name, tensor, error))
    {
      g_prefix_error (error, "%s: ", source->label);
      return FALSE;
    }

  return TRUE;
}

static char *
get_metadata (JsonObject *header, const char *key)
{
  JsonNode *node = json_object_get_member (header, "__metadata__");
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  value = json_object_get_member (json_node_get_object (node), key);
  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value) ||
      json_node_get_value_type (value) != G_TYPE_STRING)
    return NULL;

  return json_node_dup_string (value);
}

static RnWeights *
read_entries (Source *source, JsonObject *header, GError **error)
{
  g_autoptr (RnTorchWeights) torch = rn_torch_weights_new ();
  g_autoptr (GList) names = json_object_get_members (header);
  RnWeights *weights;

  for (GList *l = names; l != NULL; l = l->next)
    if (!g_str_equal (l->data, "__metadata__") &&
        !read_entry (source, l->data, json_object_get_member (header, l->data), torch, error))
      return NULL;

  weights = rn_torch_weights_finish (torch, error);
  if (weights == NULL)
    {
      g_prefix_error (error, "%s: ", source->label);
      return NULL;
    }
  rn_weights_get_info (weights)->name = g_path_get_basename (source->label);
  rn_weights_get_info (weights)->license = get_metadata (header, "license");
  rn_weights_get_info (weights)->origin = get_metadata (header, "origin");

  return weights;
}

/**
 * rn_safetensors_read:
 * @bytes: the whole file
 * @n_bytes: its size
 * @label: what to call it in messages
 * @error: set to an #RnWeightsError where it is damaged or its names are not torchvision's
 *
 * Returns: (transfer full) (nullable): the weights, in Keras' layout
 */
RnWeights *
rn_safetensors_read (const guint8 *bytes, gsize n_bytes, const char *label, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) reason = NULL;
  Source source = { label };
  guint64 n_header;

  g_return_val_if_fail (bytes != NULL && label != NULL, NULL);

  n_header = n_bytes >= PREFIX ? read_header_size (bytes) : G_MAXUINT64;
  if (n_header > MAX_HEADER || n_header > n_bytes - PREFIX)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: not a sound .safetensors file: it claims a header of %" G_GUINT64_FORMAT
                   " bytes, at most %d and no more than the file has are taken",
                   label, n_header, MAX_HEADER);
      return NULL;
    }

  root = rn_json_parse ((const char *) bytes + PREFIX, n_header, &reason);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s: not a sound .safetensors file: %s", label,
                   reason != NULL ? reason->message : "its header is no JSON object");
      return NULL;
    }

  source.numbers = bytes + PREFIX + n_header;
  source.n_bytes = source.n_left = n_bytes - PREFIX - n_header;
  return read_entries (&source, json_node_get_object (root), error);
}
