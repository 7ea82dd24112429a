/* A network as it was at one step of its training: what its blocks did, its first kernels, and what
 * it made of a picture. */
#pragma once

#include "engine/runtime/session.h"
#include "engine/training/trainer.h"

G_BEGIN_DECLS

#define RN_LEARN_N_PLACES 4   /* behind the stem and the three stages */
#define RN_LEARN_MAX_MAPS 8   /* so many channels of each */
#define RN_LEARN_MAX_KERNELS 16

/**
 * RnLearnBar:
 * @gradient: L2 norm of the loss's derivative by the block's output, over the batch
 * @weight_gradient: L2 norm of the derivative by the block's weights
 * @response: standard deviation of what the branch adds: of its last batch norm's output (He et al.
 *   2015, fig. 7); without batch norm, of the block's output
 *
 * A plain network's "block" is the two convolutions that a shortcut would span, so that the bars of
 * both networks stand for the same place.
 */
typedef struct
{
  double gradient, weight_gradient, response;
} RnLearnBar;

/**
 * RnLearnMaps:
 * @size: height and width of each
 * @low: NAN where some of the numbers are none; so is @high
 * @values: [n][size][size], 0 to 255 between @low and @high, one scale for all
 */
typedef struct
{
  int n, size;
  float low, high;
  guint8 *values;
} RnLearnMaps;

/**
 * RnLearnShot:
 * @step: after how many steps; so is @epoch
 * @bars: one a block, ascending; measured in the step before
 * @kernels: [n_kernels][3][3][3], height, width and colour: those of the first convolution
 * @picture: index of the validation picture
 * @rgb: that picture, [32][32][3]; %NULL where there is none
 * @class: its class; @guess: what the network takes it for, with @probability; -1 where its output
 *   is no number
 *
 * Immutable, reference-counted.
 */
typedef struct
{
  gint64 step;
  double epoch;
  int n_bars;
  RnLearnBar *bars;
  int n_kernels;
  float *kernels;
  RnLearnMaps places[RN_LEARN_N_PLACES];
  int picture;
  guint8 *rgb;
  int class, guess;
  double probability;

  /*< private >*/
  gint ref_count;
} RnLearnShot;

RnLearnShot *rn_learn_shot_new        (void);
RnLearnShot *rn_learn_shot_ref        (RnLearnShot           *self);
void         rn_learn_shot_unref      (RnLearnShot           *self);
gsize        rn_learn_shot_get_memory (const RnLearnShot     *self);
void         rn_learn_shot_set_bars   (RnLearnShot           *self,
                                       const RnModel         *model,
                                       const RnTrainerProbe  *probes,
                                       int                    n_probes);
gboolean     rn_learn_shot_look       (RnLearnShot           *self,
                                       RnSession             *session,
                                       RnDataSet             *pictures,
                                       int                    picture,
                                       RnPreprocess           preprocess,
                                       GError               **error);
int          rn_learn_count_blocks    (const RnModel         *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLearnShot, rn_learn_shot_unref)

G_END_DECLS
