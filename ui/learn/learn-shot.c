#include "ui/learn/learn-shot.h"

#include <math.h>
#include <string.h>

/* The longest side of a map that is kept: the nets are made for pictures of 32x32. */
#define MAX_SIZE 32

RnLearnShot *
rn_learn_shot_new (void)
{
  RnLearnShot *self = g_new0 (RnLearnShot, 1);

  self->ref_count = 1;

  return self;
}

RnLearnShot *
rn_learn_shot_ref (RnLearnShot *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_learn_shot_unref (RnLearnShot *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int p = 0; p < RN_LEARN_N_PLACES; p++)
    g_free (self->places[p].values);
  g_free (self->kernels);
  g_free (self->bars);
  g_free (self->rgb);
  g_free (self);
}

/* In bytes. */
gsize
rn_learn_shot_get_memory (const RnLearnShot *self)
{
  gsize bytes = sizeof *self + self->n_bars * sizeof *self->bars +
                (gsize) self->n_kernels * 27 * sizeof *self->kernels;

  for (int p = 0; p < RN_LEARN_N_PLACES; p++)
    bytes += (gsize)self->places[p].n * self->places[p].size * self->places[p].size;

  return bytes + (self->rgb != NULL ? 3 * MAX_SIZE * MAX_SIZE : 0);
}

/* How many bars a network has: its residual blocks, or the pairs of convolutions of a plain one
 * behind its first. */
int
rn_learn_count_blocks (const RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n_relus = 0;

  if (structure->n_blocks > 0)
    return structure->n_blocks;
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    n_relus += rn_model_get_layer (model, i)->kind == RN_LAYER_ACTIVATION;

  return (n_relus - 1) / 2;
}

/* Takes over what a step measured. A plain network's probes are its ReLUs, the stem's first. */
void
rn_learn_shot_set_bars (RnLearnShot *self,
                        const RnModel *model,
                        const RnTrainerProbe *probes,
                        int n_probes)
{
  gboolean plain = rn_model_get_structure (model)->n_blocks == 0;
  int n = plain ? (n_probes - 1) / 2 : n_probes;

  g_free (self->bars);
  self->n_bars = MAX (n, 0);
  self->bars = g_new0 (RnLearnBar, self->n_bars + 1);
  for (int b = 0; b < self->n_bars; b++)
    {
      const RnTrainerProbe *probe = &probes[plain ? 2 * b + 2 : b];
      double before = plain ? probes[2 * b + 1].weight_gradient_norm : 0;

      self->bars[b] = (RnLearnBar){ probe->gradient_norm,
                                    hypot (before, probe->weight_gradient_norm), probe->response };
    }
}

/* The layers that are looked at: the first ReLU and the last layer of each stage. */
static int
find_places (const RnModel *model, int places[RN_LEARN_N_PLACES])
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n = 0;

  for (int i = 0; i < rn_model_get_n_layers (model) && n == 0; i++)
    if (rn_model_get_layer (model, i)->kind == RN_LAYER_ACTIVATION)
      places[n++] = i;
  for (int s = 0; s < structure->n_stages && n < RN_LEARN_N_PLACES; s++)
    {
      int last = -1;

      for (int i = 0; i < rn_model_get_n_layers (model); i++)
        if (structure->stage_of[i] == s)
          last = i;
      if (last >= 0)
        places[n++] = last;
    }

  return n;
}

static void
take_maps (RnLearnMaps *self, const RnTensor *activation)
{
  int size = activation->rank == 4 ? (int)activation->dims[1] : 0;
  int channels = size > 0 ? (int)activation->dims[3] : 0;
  const float *x = rn_tensor_f32 (activation);
  float low = INFINITY, high = -INFINITY;
  gboolean broken = FALSE;

  if (size == 0 || size > MAX_SIZE || activation->dims[2] != size)
    return;
  self->n = MIN (channels, RN_LEARN_MAX_MAPS);
  self->size = size;
  self->values = g_new (guint8, (gsize)self->n * size * size);
  for (int i = 0; i < size * size; i++)
    for (int c = 0; c < self->n; c++)
      {
        broken |= !isfinite (x[i * channels + c]);
        low = MIN (low, x[i * channels + c]);
        high = MAX (high, x[i * channels + c]);
      }
  self->low = broken ? NAN : low;
  self->high = broken ? NAN : high;
  for (int c = 0; c < self->n; c++)
    for (int i = 0; i < size * size; i++)
      {
        float share = high > low ? (x[i * channels + c] - low) / (high - low) : 0;

        self->values[c * size * size + i] = (guint8)(CLAMP (share, 0, 1) * 255 + 0.5f);
      }
}

/* Of the network's first convolution, [3][3][3][n] there. */
static void
take_kernels (RnLearnShot *self, RnBinding *binding)
{
  RnModel *model = rn_binding_get_model (binding);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      const RnTensor *kernel;
      int n;

      if (layer->kind != RN_LAYER_CONV)
        continue;
      kernel = rn_binding_get_tensor (binding, i, 0);
      n = (int)kernel->dims[3];
      if (kernel->dims[0] != 3 || kernel->dims[1] != 3 || kernel->dims[2] != 3)
        return;
      self->n_kernels = MIN (n, RN_LEARN_MAX_KERNELS);
      self->kernels = g_new (float, self->n_kernels * 27);
      for (int k = 0; k < self->n_kernels; k++)
        for (int j = 0; j < 27; j++)
          self->kernels[k * 27 + j] = rn_tensor_f32 (kernel)[j * n + k];
      return;
    }
}

static void
take_guess (RnLearnShot *self, const RnTensor *output)
{
  int n = (int)output->dims[output->rank - 1];
  const float *p = rn_tensor_f32 (output);

  for (int c = 1; c < n; c++)
    if (p[c] > p[self->guess])
      self->guess = c;
  self->probability = p[self->guess];
  for (int c = 0; c < n; c++)
    if (!isfinite (p[c]))
      self->guess = -1;
}

/**
 * rn_learn_shot_look:
 * @session: the network with the weights of this moment
 * @pictures: where the picture is
 * @picture: which one
 *
 * Fills in kernels, features and what the network takes the picture for.
 */
gboolean
rn_learn_shot_look (RnLearnShot *self,
                    RnSession *session,
                    RnDataSet *pictures,
                    int picture,
                    RnPreprocess preprocess,
                    GError **error)
{
  RnModel *model = rn_session_get_model (session);
  g_autoptr (RnPicture) seen = rn_data_set_get_picture (pictures, picture, error);
  g_autoptr (RnTensor) input = NULL;
  g_autoptr (RnTensor) output = NULL;
  int places[RN_LEARN_N_PLACES], n = find_places (model, places);

  if (seen == NULL)
    return FALSE;
  input = rn_picture_to_input (seen, pictures->height, pictures->width, 3, preprocess, error);
  if (input == NULL || !rn_session_run (session, input, NULL, error))
    return FALSE;
  for (int p = 0; p < n; p++)
    {
      g_autoptr (RnTensor) activation = rn_session_get_activation (session, places[p], error);

      if (activation == NULL)
        return FALSE;
      take_maps (&self->places[p], activation);
    }
  output = rn_session_get_activation (session, rn_model_get_output (model, 0)->index, error);
  if (output == NULL)
    return FALSE;
  take_guess (self, output);
  take_kernels (self, rn_session_get_binding (session));
  self->picture = picture;
  self->class = pictures->class_of[picture];
  self->rgb = g_memdup2 (seen->rgb, (gsize)seen->width * seen->height * 3);

  return TRUE;
}
