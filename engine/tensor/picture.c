#include "engine/tensor/picture.h"

#include <math.h>

#include "engine/tensor/memory.h"
#include "engine/tensor/resample.h"

/* Customary since AlexNet: the shorter side is scaled to 256 for an input of 224. */
#define CROP_MARGIN_NUMERATOR 8
#define CROP_MARGIN_DENOMINATOR 7

static const char *const preprocess_names[] = { "caffe", "torch", "unit", "raw", NULL };

/**
 * rn_picture_new:
 * @width: at least 1
 * @height: at least 1
 * @error: set to an #RnMemoryError where the size is out of bounds
 *
 * Returns: (transfer full) (nullable): a picture of undefined contents
 */
RnPicture *
rn_picture_new (int width, int height, GError **error)
{
  RnPicture *self;
  guint8 *rgb;

  if (width < 1 || height < 1 || (gint64) width * height > RN_PICTURE_MAX_PIXELS)
    {
      g_set_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT,
                   "a picture of %d×%d pixels is out of bounds: 1 to %d million pixels are taken",
                   width, height, RN_PICTURE_MAX_PIXELS / 1000000);
      return NULL;
    }

  rgb = rn_memory_alloc ((size_t) width * height * 3, error);
  if (rgb == NULL)
    return NULL;

  self = g_new0 (RnPicture, 1);
  self->width = width;
  self->height = height;
  self->rgb = rgb;
  self->ref_count = 1;
  return self;
}

RnPicture *
rn_picture_ref (RnPicture *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_picture_unref (RnPicture *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_memory_free (self->rgb);
  g_free (self);
}

/**
 * rn_picture_crop_to:
 * @width: of the part that a network sees
 * @height: likewise
 * @error: set where there is no memory or the picture is too narrow to be scaled
 *
 * A picture of that very size is taken as it is. Any other is scaled, antialiased, until it covers
 * 8/7 of the part (the shorter side 256 for 224, as at the evaluation of He et al. 2016), and the
 * part is cut from its middle.
 *
 * Returns: (transfer full) (nullable): what the network sees
 */
RnPicture *
rn_picture_crop_to (RnPicture *self, int width, int height, GError **error)
{
  RnResampleWindow window = { .width = width, .height = height };
  double covered_width, covered_height;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (width > 0 && width <= 1 << 16 && height > 0 && height <= 1 << 16, NULL);

  if (self->width == width && self->height == height)
    return rn_picture_ref (self);

  covered_width = round ((double) width * CROP_MARGIN_NUMERATOR / CROP_MARGIN_DENOMINATOR);
  covered_height = round ((double) height * CROP_MARGIN_NUMERATOR / CROP_MARGIN_DENOMINATOR);

  /* The longer side is rounded down, as torchvision's Resize does. */
  if (covered_width / self->width >= covered_height / self->height)
    {
      window.scaled_width = (int) covered_width;
      window.scaled_height = (int) MIN (covered_width * self->height / self->width, G_MAXINT);
    }
  else
    {
      window.scaled_height = (int) covered_height;
      window.scaled_width = (int) MIN (covered_height * self->width / self->height, G_MAXINT);
    }
  window.scaled_width = MAX (window.scaled_width, width);
  window.scaled_height = MAX (window.scaled_height, height);
  window.x = (int) lrint ((window.scaled_width - width) / 2.0);
  window.y = (int) lrint ((window.scaled_height - height) / 2.0);

  return rn_picture_resample (self, &window, error);
}

/* input = byte * scale[c] + offset[c]; channel c of the input is channel order[c] of the picture */
typedef struct
{
  int order[3];
  float scale[3];
  float offset[3];
} Affine;

static Affine
get_affine (RnPreprocess preprocess)
{
  switch (preprocess)
    {
    case RN_PREPROCESS_CAFFE: /* keras.applications.imagenet_utils, mode 'caffe' */
      return (Affine) { { 2, 1, 0 }, { 1, 1, 1 }, { -103.939f, -116.779f, -123.68f } };
    case RN_PREPROCESS_TORCH: /* ibid., mode 'torch': (x / 255 - mean) / deviation */
      return (Affine) { { 0, 1, 2 },
                        { (float) (1 / (255 * 0.229)), (float) (1 / (255 * 0.224)),
                          (float) (1 / (255 * 0.225)) },
                        { (float) (-0.485 / 0.229), (float) (-0.456 / 0.224),
                          (float) (-0.406 / 0.225) } };
    case RN_PREPROCESS_UNIT:
      return (Affine) { { 0, 1, 2 }, { 1 / 255.0f, 1 / 255.0f, 1 / 255.0f }, { 0, 0, 0 } };
    case RN_PREPROCESS_RAW:
    default:
      return (Affine) { { 0, 1, 2 }, { 1, 1, 1 }, { 0, 0, 0 } };
    }
}

static void
fill_color (const RnPicture *picture, RnPreprocess preprocess, float *input)
{
  Affine affine = get_affine (preprocess);
  size_t n = (size_t) picture->width * picture->height;

  for (size_t i = 0; i < n; i++)
    for (int c = 0; c < 3; c++)
      input[i * 3 + c] = picture->rgb[i * 3 + affine.order[c]] * affine.scale[c] + affine.offset[c];
}

/* Luma of ITU-R BT.601, 2.5.1, as Pillow's convert ("L"). */
static void
fill_gray (const RnPicture *picture, RnPreprocess preprocess, float *input)
{
  size_t n = (size_t) picture->width * picture->height;
  float scale = preprocess == RN_PREPROCESS_UNIT ? 1 / 255.0f : 1.0f;

  for (size_t i = 0; i < n; i++)
    {
      const guint8 *pixel = picture->rgb + i * 3;

      input[i] = scale * (0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2]);
    }
}

/**
 * rn_picture_to_input:
 * @height: of the network's input
 * @width: likewise
 * @channels: 3, or 1 for networks of grey pictures ("unit" and "raw" only)
 * @preprocess: how pixels become numbers
 * @error: set where the channels do not suit, or there is no memory
 *
 * Crops as rn_picture_crop_to() does.
 *
 * Returns: (transfer full) (nullable): float32 [1, @height, @width, @channels]
 */
RnTensor *
rn_picture_to_input (RnPicture *self,
                     int height,
                     int width,
                     int channels,
                     RnPreprocess preprocess,
                     GError **error)
{
  gboolean gray = channels == 1;
  g_autoptr (RnPicture) crop = NULL;
  RnTensor *input;

  g_return_val_if_fail (self != NULL, NULL);

  if (channels != 3 &&
      !(gray && (preprocess == RN_PREPROCESS_UNIT || preprocess == RN_PREPROCESS_RAW)))
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
          "a picture cannot become an input of %d channels by '%s': 3 channels are needed, "
          "or 1 with 'unit' or 'raw'",
          channels, rn_preprocess_get_name (preprocess));
      return NULL;
    }

  crop = rn_picture_crop_to (self, width, height, error);
  if (crop == NULL)
    return NULL;
  input = rn_tensor_new (4, (gint64[]) { 1, height, width, channels }, error);
  if (input == NULL)
    return NULL;

  if (gray)
    fill_gray (crop, preprocess, rn_tensor_f32 (input));
  else
    fill_color (crop, preprocess, rn_tensor_f32 (input));

  return input;
}

/**
 * rn_preprocess_from_name:
 * @name: "caffe", "torch", "unit" or "raw"
 * @preprocess: (out): what it means
 * @error: set where @name is none of these
 *
 * Returns: whether @name is known
 */
gboolean
rn_preprocess_from_name (const char *name, RnPreprocess *preprocess, GError **error)
{
  g_return_val_if_fail (name != NULL && preprocess != NULL, FALSE);

  for (int i = 0; preprocess_names[i] != NULL; i++)
    if (g_str_equal (name, preprocess_names[i]))
      {
        *preprocess = i;
        return TRUE;
      }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "unknown pre-processing '%s': caffe, torch, unit and raw are known", name);
  return FALSE;
}

const char *
rn_preprocess_get_name (RnPreprocess preprocess)
{
  g_return_val_if_fail ((guint) preprocess < G_N_ELEMENTS (preprocess_names) - 1, NULL);

  return preprocess_names[preprocess];
}
