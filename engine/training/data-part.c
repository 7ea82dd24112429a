/* Some of a set's pictures. */
#include "engine/tensor/random.h"
#include "engine/training/data-set.h"

typedef struct
{
  RnDataSet *whole;
  int *places;
} Part;

static void
part_free (gpointer data)
{
  Part *self = data;

  rn_data_set_unref (self->whole);
  g_free (self->places);
  g_free (self);
}

static void
read_picture (const RnDataSet *set, int index, guint8 *rgb)
{
  const Part *self = set->data;

  self->whole->funcs->read (self->whole, self->places[index], rgb);
}

/**
 * rn_data_set_new_part:
 * @whole: a set
 * @n_pictures: how many of its pictures to take, from 1
 * @seed: of the choice, which knows nothing of classes
 *
 * Returns: (transfer full): those pictures, or @whole itself where it has no more
 */
RnDataSet *
rn_data_set_new_part (RnDataSet *whole, int n_pictures, guint64 seed)
{
  static const RnDataSetFuncs funcs = { read_picture, part_free };
  RnRandom random;
  RnDataSet *set;
  Part *self;

  g_return_val_if_fail (whole != NULL && n_pictures > 0, NULL);

  if (n_pictures >= whole->n_pictures)
    return rn_data_set_ref (whole);
  self = g_new0 (Part, 1);
  self->whole = rn_data_set_ref (whole);
  self->places = g_new (int, whole->n_pictures);
  for (int i = 0; i < whole->n_pictures; i++)
    self->places[i] = i;
  rn_random_init (&random, seed, 0);
  for (int i = 0; i < n_pictures; i++)
    {
      int j = i + (int)(rn_random_uniform (&random) * (whole->n_pictures - i));
      int place = self->places[i];

      self->places[i] = self->places[j];
      self->places[j] = place;
    }
  set = rn_data_set_new (whole->name, n_pictures, whole->height, whole->width,
                         (const char *const *)whole->classes, (const char *const *)whole->labels,
                         &funcs, self);
  for (int i = 0; i < n_pictures; i++)
    set->class_of[i] = whole->class_of[self->places[i]];

  return set;
}
