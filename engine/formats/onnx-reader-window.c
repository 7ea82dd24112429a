/* Windows that slide over a map, and borders around one. */
#include <string.h>

#include "engine/formats/onnx-reader-private.h"

static gboolean
is_automatic (const RnOnnxParse *parse, const char *rule)
{
  const Onnx__AttributeProto *automatic = rn_onnx_find_attribute (parse->node, "auto_pad");

  return automatic != NULL && automatic->s.len == strlen (rule) &&
         memcmp (automatic->s.data, rule, strlen (rule)) == 0;
}

static void
read_pads (RnOnnxParse *parse, RnPadding *padding, RnPads *pads)
{
  gint64 values[RN_ONNX_MAX_INTS];
  size_t n = rn_onnx_get_list (parse, "pads", 0, values);

  if (n != 0 && n != 4)
    parse->reason = "its pads are not those of height and width";
  if (n != 4)
    return;
  for (int i = 0; i < 4; i++)
    if (values[i] < 0 || values[i] > RN_MAX_DIMENSION)
      {
        parse->reason = "its pads are out of range";
        return;
      }
  *pads = (RnPads){ (int) values[0], (int) values[2], (int) values[1], (int) values[3] };
  if (values[0] != 0 || values[1] != 0 || values[2] != 0 || values[3] != 0)
    *padding = RN_PADDING_EXPLICIT;
}

/* The same as SAME_UPPER, but that the odd pixel comes before. */
static void
read_same_lower (RnOnnxParse *parse,
                 const int kernel[2],
                 const int stride[2],
                 const int dilation[2],
                 RnPadding *padding,
                 RnPads *pads)
{
  RnShape input = rn_onnx_get_input_shape (parse);
  RnPads upper;

  if (input.rank != 3 || MIN (stride[0], stride[1]) < 1)
    {
      parse->reason = "auto_pad SAME_LOWER is supported on maps of known size alone";
      return;
    }
  upper = rn_window_get_pads (RN_PADDING_SAME, NULL, &input, kernel, stride, dilation);
  *pads = (RnPads){ upper.bottom, upper.top, upper.right, upper.left };
  *padding = RN_PADDING_EXPLICIT;
}

static void
read_padding (RnOnnxParse *parse,
              const int kernel[2],
              const int stride[2],
              const int dilation[2],
              RnPadding *padding,
              RnPads *pads)
{
  *padding = RN_PADDING_VALID;
  if (is_automatic (parse, "SAME_UPPER"))
    *padding = RN_PADDING_SAME;
  else if (is_automatic (parse, "SAME_LOWER"))
    read_same_lower (parse, kernel, stride, dilation, padding, pads);
  else
    read_pads (parse, padding, pads);
}

/* How far a last window that does not fit reaches over the border: ceil_mode lets it, where it
 * begins within the map or the border before it. */
static int
get_overhang (gint64 size, gint64 before, gint64 after, gint64 window, gint64 stride)
{
  gint64 room = size + before + after - window, n;

  if (room < 0)
    return 0;
  n = (room + stride - 1) / stride;
  if (n * stride >= size + before)
    n--;

  return MAX (n * stride - room, 0);
}

static void
add_overhang (RnOnnxParse *parse, RnPoolConfig *pool)
{
  RnShape input = rn_onnx_get_input_shape (parse);
  RnPads *pads = &pool->pads;
  int bottom, right;

  if (input.rank != 3 || MIN (pool->stride[0], pool->stride[1]) < 1 || pool->count_padding)
    {
      parse->reason = "ceil_mode is supported on maps of known size, without count_include_pad";
      return;
    }
  if (pool->padding == RN_PADDING_SAME)
    return;
  bottom = get_overhang (input.dims[0], pads->top, pads->bottom, pool->pool[0], pool->stride[0]);
  right = get_overhang (input.dims[1], pads->left, pads->right, pool->pool[1], pool->stride[1]);
  pads->bottom += bottom;
  pads->right += right;
  if (bottom > 0 || right > 0)
    pool->padding = RN_PADDING_EXPLICIT;
}

void
rn_onnx_read_conv (RnOnnxParse *parse)
{
  RnConvConfig *conv = &parse->config.conv;
  const Onnx__TensorProto *kernel = rn_onnx_find_tensor (parse->reader, parse->node, 1);
  gint64 groups = rn_onnx_get_int (parse->node, "group", 1);

  if (kernel == NULL || kernel->n_dims != 4)
    {
      parse->reason = "its kernel is no constant of four dimensions";
      return;
    }
  for (int i = 0; i < 4; i++)
    if (kernel->dims[i] < 1 || kernel->dims[i] > RN_MAX_DIMENSION)
      {
        parse->reason = "its kernel is empty or too large";
        return;
      }
  if (groups < 1 || groups > RN_MAX_DIMENSION)
    {
      parse->reason = "its group is out of range";
      return;
    }

  parse->weights.kernel = kernel;
  parse->weights.bias = rn_onnx_find_tensor (parse->reader, parse->node, 2);
  conv->filters = (int) kernel->dims[0];
  conv->kernel[0] = (int) kernel->dims[2];
  conv->kernel[1] = (int) kernel->dims[3];
  conv->groups = (int) groups;
  conv->depth_multiplier = 1;
  conv->use_bias = parse->weights.bias != NULL;
  rn_onnx_get_pair (parse, "strides", 1, conv->stride);
  rn_onnx_get_pair (parse, "dilations", 1, conv->dilation);
  read_padding (parse, conv->kernel, conv->stride, conv->dilation, &conv->padding, &conv->pads);
  if (groups > 1 && kernel->dims[1] == 1 && kernel->dims[0] % groups == 0)
    {
      parse->kind = RN_LAYER_DEPTHWISE_CONV;
      conv->depth_multiplier = (int) (kernel->dims[0] / groups);
      conv->groups = 1;
    }
}

void
rn_onnx_read_pool (RnOnnxParse *parse)
{
  RnPoolConfig *pool = &parse->config.pool;
  int dilation[2];

  rn_onnx_get_pair (parse, "kernel_shape", 0, pool->pool);
  rn_onnx_get_pair (parse, "strides", 1, pool->stride);
  rn_onnx_get_pair (parse, "dilations", 1, dilation);
  read_padding (parse, pool->pool, pool->stride, NULL, &pool->padding, &pool->pads);
  pool->count_padding = rn_onnx_get_int (parse->node, "count_include_pad", 0) != 0;
  if (rn_onnx_get_int (parse->node, "ceil_mode", 0) != 0)
    add_overhang (parse, pool);
  if (dilation[0] != 1 || dilation[1] != 1)
    parse->reason = "dilations are not supported";
  if (parse->node->n_output > 1 && parse->node->output[1][0] != '\0')
    parse->reason = "its second output, the indices, is not supported";
}

void
rn_onnx_read_pad (RnOnnxParse *parse)
{
  const Onnx__AttributeProto *mode = rn_onnx_find_attribute (parse->node, "mode");
  gint64 pads[RN_ONNX_MAX_INTS];
  size_t n = rn_onnx_get_list (parse, "pads", 1, pads);
  float value = 0;

  rn_onnx_get_scalar (parse, "value", 2, &value);
  if (mode != NULL && (mode->s.len != 8 || memcmp (mode->s.data, "constant", 8) != 0))
    parse->reason = "only constant borders are supported";
  else if (n != 8 || value != 0 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0)
    parse->reason = "only borders of zeros around height and width are supported";
  else if (MAX (MAX (pads[2], pads[3]), MAX (pads[6], pads[7])) > RN_MAX_DIMENSION)
    parse->reason = "its pads are out of range";
  else
    parse->config.zero_padding =
        (RnPads){ (int) pads[2], (int) pads[6], (int) pads[3], (int) pads[7] };
}

/* Channels of zeros around a map: He et al. 2015, option A. */
static gboolean
get_channel_pads (RnOnnxParse *parse, const Onnx__NodeProto *node, RnShortcutPaddingConfig *config)
{
  RnOnnxParse pad = { .reader = parse->reader, .node = node };
  gint64 pads[RN_ONNX_MAX_INTS];
  size_t n = rn_onnx_get_list (&pad, "pads", 1, pads);

  if (g_strcmp0 (node->op_type, "Pad") != 0 || n != 8 || pads[0] != 0 || pads[2] != 0 ||
      pads[3] != 0 || pads[4] != 0 || pads[6] != 0 || pads[7] != 0 || pads[1] < 0 || pads[5] < 0 ||
      pads[1] + pads[5] == 0 || MAX (pads[1], pads[5]) > RN_MAX_DIMENSION)
    return FALSE;
  config->before = (int) pads[1];
  config->after = (int) pads[5];

  return TRUE;
}

/* Every n-th pixel, and the channels of zeros that the next node adds. */
void
rn_onnx_read_slice (RnOnnxParse *parse)
{
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  RnShortcutPaddingConfig *config = &parse->config.shortcut_padding;
  gint64 values[4][RN_ONNX_MAX_INTS];
  static const char *const names[] = { "starts", "ends", "axes", "steps" };

  for (int i = 0; i < 4; i++)
    if (rn_onnx_get_list (parse, names[i], i + 1, values[i]) != 2)
      parse->reason = "only every n-th pixel of a whole map is supported";
  if (parse->reason != NULL)
    return;
  if (values[0][0] != 0 || values[0][1] != 0 ||
      MIN (values[1][0], values[1][1]) < RN_MAX_DIMENSION || values[2][0] != 2 ||
      values[2][1] != 3 || values[3][0] != values[3][1] || values[3][0] < 1 ||
      values[3][0] > RN_MAX_DIMENSION)
    {
      parse->reason = "only every n-th pixel of a whole map is supported";
      return;
    }

  config->stride = (int) values[3][0];
  if (next != NULL && get_channel_pads (parse, next, config))
    {
      g_hash_table_add (parse->reader->aliased, (gpointer)next);
      parse->named = next;
    }
}
