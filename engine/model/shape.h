/* The shape of a tensor for one picture. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RN_SHAPE_MAX_RANK 3

/* Every size a model may have: larger ones are refused before anything is allocated for them. */
#define RN_MAX_DIMENSION (1 << 20)
#define RN_MAX_ELEMENTS (G_GINT64_CONSTANT (1) << 31)

/**
 * RnShape:
 * @rank: how many dimensions: 3 for feature maps, 1 for vectors, 0 where the shape is not known
 * @dims: [height, width, channels] or [channels]; the batch ("None" in Keras) is left out
 */
typedef struct
{
  int rank;
  int dims[RN_SHAPE_MAX_RANK];
} RnShape;

static inline RnShape
rn_shape_image (int height, int width, int channels)
{
  return (RnShape) { 3, { height, width, channels } };
}

static inline RnShape
rn_shape_vector (int units)
{
  return (RnShape) { 1, { units } };
}

/* The size of the last dimension: channels or units. */
static inline int
rn_shape_get_channels (const RnShape *shape)
{
  return shape->rank > 0 ? shape->dims[shape->rank - 1] : 1;
}

gint64   rn_shape_get_n_elements (const RnShape *shape);
gboolean rn_shape_equal          (const RnShape *a,
                                  const RnShape *b);
char    *rn_shape_to_string      (const RnShape *shape);
char    *rn_shape_to_keras       (const RnShape *shape);

G_END_DECLS
