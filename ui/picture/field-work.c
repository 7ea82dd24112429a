#include "ui/picture/field-work.h"

#include <math.h>

/* How strong the colour is where most paths begin. */
#define MAX_ALPHA 0.7

struct _RnFieldRequest
{
  RnModel *model;
  int layer;
  RnUnit unit;
};

/**
 * rn_field_get_box:
 * @field: of the unit's layer
 * @input: of the network
 *
 * Returns: the theoretical field in pixels of the input; it may reach beyond it
 */
graphene_rect_t
rn_field_get_box (const RnReceptiveField *field, const RnShape *input, RnUnit unit)
{
  double top = field->start[0] + unit.y * field->stride[0] - (field->size[0] - 1) / 2.0;
  double left = field->start[1] + unit.x * field->stride[1] - (field->size[1] - 1) / 2.0;

  return GRAPHENE_RECT_INIT (left, top, field->size[1], field->size[0]);
}

RnFieldRequest *
rn_field_request_new (RnModel *model, int layer, RnUnit unit)
{
  RnFieldRequest *self = g_new (RnFieldRequest, 1);

  *self = (RnFieldRequest) { rn_model_ref (model), layer, unit };

  return self;
}

void
rn_field_request_free (gpointer data)
{
  RnFieldRequest *self = data;

  rn_model_unref (self->model);
  g_free (self);
}

/* Orange, the more opaque the more paths begin at a pixel; the root lets the rim be seen. */
static GdkTexture *
paint (const RnPathField *field)
{
  gsize n = (gsize) field->height * field->width;
  guint32 *pixels = g_new (guint32, n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, n * sizeof *pixels);
  double most = 0;

  for (gsize i = 0; i < n; i++)
    most = MAX (most, field->shares[i]);
  for (gsize i = 0; i < n; i++)
    {
      double alpha = most > 0 ? MAX_ALPHA * sqrt (field->shares[i] / most) : 0;
      guint a = lround (255 * alpha);

      pixels[i] = a << 24 | a << 16 | (a * 140 / 255) << 8; /* premultiplied */
    }

  return gdk_memory_texture_new (field->width, field->height, GDK_MEMORY_DEFAULT, bytes,
                                 field->width * sizeof *pixels);
}

/* An #RnWorkFunc: the effective field of an #RnFieldRequest as an #RnSeenField. */
gpointer
rn_field_work (gpointer data, GCancellable *cancellable, GError **error)
{
  const RnFieldRequest *request = data;
  g_autoptr (RnPathField) field = rn_path_field_new (request->model, request->layer, request->unit);
  RnSeenField *self = g_new (RnSeenField, 1);

  self->texture = paint (field);
  self->core = GRAPHENE_RECT_INIT (field->box[2], field->box[0], field->box[3] - field->box[2] + 1,
                                   field->box[1] - field->box[0] + 1);

  return self;
}

void
rn_seen_field_free (gpointer data)
{
  RnSeenField *self = data;

  g_object_unref (self->texture);
  g_free (self);
}
