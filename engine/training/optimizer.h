/* How a gradient changes the weights. */
#pragma once

#include "engine/runtime/pool.h"
#include "engine/training/parameters.h"

G_BEGIN_DECLS

typedef enum
{
  RN_OPTIMIZER_SGD,
  RN_OPTIMIZER_ADAM,
} RnOptimizerKind;

/**
 * RnOptimizerConfig:
 * @momentum: of SGD: v ← momentum v + g, w ← w - rate v (Keras' and PyTorch's form)
 * @nesterov: of SGD: w ← w - rate (g + momentum v) (Sutskever et al. 2013, in the same variables)
 * @beta_1: of Adam (Kingma and Ba 2015, algorithm 1), so are @beta_2 and @epsilon
 */
typedef struct
{
  RnOptimizerKind kind;
  double momentum;
  gboolean nesterov;
  double beta_1, beta_2, epsilon;
} RnOptimizerConfig;

#define RN_OPTIMIZER_SGD_DEFAULTS { RN_OPTIMIZER_SGD, 0.9, TRUE, 0.9, 0.999, 1e-8 }
#define RN_OPTIMIZER_ADAM_DEFAULTS { RN_OPTIMIZER_ADAM, 0.9, FALSE, 0.9, 0.999, 1e-8 }

/**
 * RnOptimizer:
 * @n_steps: steps done
 * @n_moments: numbers kept a parameter: 1 or 2
 * @moments: [n_moments][n]
 */
typedef struct
{
  RnOptimizerConfig config;
  gint64 n;
  gint64 n_steps;
  int n_moments;
  float *moments;
  guint8 *roles;
} RnOptimizer;

RnOptimizer *rn_optimizer_new  (const RnOptimizerConfig *config,
                                const RnParameters      *parameters,
                                int                      first_layer,
                                GError                 **error);
void         rn_optimizer_free (RnOptimizer             *self);
void         rn_optimizer_step (RnOptimizer             *self,
                                RnParameters            *parameters,
                                double                   rate,
                                double                   weight_decay,
                                RnPool                  *pool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnOptimizer, rn_optimizer_free)

G_END_DECLS
