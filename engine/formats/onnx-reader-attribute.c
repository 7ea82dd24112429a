/* What a node's attributes say, and the constants that newer opsets have instead. */
#include <string.h>

#include "engine/formats/onnx-reader-private.h"

const Onnx__AttributeProto *
rn_onnx_find_attribute (const Onnx__NodeProto *node, const char *name)
{
  for (size_t i = 0; i < node->n_attribute; i++)
    if (g_strcmp0 (node->attribute[i]->name, name) == 0)
      return node->attribute[i];

  return NULL;
}

gint64
rn_onnx_get_int (const Onnx__NodeProto *node, const char *name, gint64 otherwise)
{
  const Onnx__AttributeProto *attribute = rn_onnx_find_attribute (node, name);

  return attribute != NULL ? attribute->i : otherwise;
}

float
rn_onnx_get_float (const Onnx__NodeProto *node, const char *name, float otherwise)
{
  const Onnx__AttributeProto *attribute = rn_onnx_find_attribute (node, name);

  return attribute != NULL ? attribute->f : otherwise;
}

/* Whole numbers of an attribute, or of the constant that newer opsets have instead. */
size_t
rn_onnx_get_list (RnOnnxParse *parse,
                  const char *name,
                  size_t input,
                  gint64 values[RN_ONNX_MAX_INTS])
{
  const Onnx__AttributeProto *attribute = rn_onnx_find_attribute (parse->node, name);
  size_t n = 0;

  if (attribute != NULL && attribute->n_ints <= RN_ONNX_MAX_INTS)
    {
      n = attribute->n_ints;
      if (n > 0)
        memcpy (values, attribute->ints, n * sizeof *values);
    }
  else if (input > 0)
    {
      rn_onnx_get_ints (rn_onnx_find_tensor (parse->reader, parse->node, input), values,
                        RN_ONNX_MAX_INTS, &n);
    }

  return n;
}

/* A number for the vertical, one for the horizontal. */
void
rn_onnx_get_pair (RnOnnxParse *parse, const char *name, int otherwise, int pair[2])
{
  gint64 values[RN_ONNX_MAX_INTS];
  size_t n = rn_onnx_get_list (parse, name, 0, values);

  pair[0] = pair[1] = otherwise;
  if (n == 2 && MIN (values[0], values[1]) >= 0 && MAX (values[0], values[1]) <= RN_MAX_DIMENSION)
    pair[0] = (int) values[0], pair[1] = (int) values[1];
  else if (n > 0)
    parse->reason = "it does not work on height and width";
}

/* One number, of an attribute or of a constant. Returns: whether there is one */
gboolean
rn_onnx_get_scalar (RnOnnxParse *parse, const char *name, size_t input, float *value)
{
  const Onnx__TensorProto *tensor = rn_onnx_find_tensor (parse->reader, parse->node, input);
  g_autofree float *numbers = tensor != NULL ? rn_onnx_get_floats (tensor, 1, NULL) : NULL;

  if (numbers != NULL)
    *value = numbers[0];
  else if (rn_onnx_find_attribute (parse->node, name) != NULL)
    *value = rn_onnx_get_float (parse->node, name, 0);
  else
    return FALSE;

  return TRUE;
}
