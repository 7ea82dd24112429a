/* What two networks are to learn, and how. */
#pragma once

#include "engine/training/trainer.h"

G_BEGIN_DECLS

#define RN_LEARN_N_RUNS 2

/**
 * RnLearnSetup:
 * @nets: ids of built-in models that take pictures of 32x32, e.g. "plain20" or
 *   "resnet32-paper-b-no-bn" (see RnCifarNet)
 * @data: "shapes", "cifar10" (which was fetched), "cifar10:FOLDER" or a folder with a subfolder a
 *   class
 * @n_pictures: at most so many to learn from, a fifth of that to test by; 0 for all there are (of
 *   shapes %RN_LEARN_SHAPES)
 * @learning_rate: the largest
 */
typedef struct
{
  char *nets[RN_LEARN_N_RUNS];
  char *data;
  int n_pictures;
  int epochs;
  int batch;
  double learning_rate;
  RnScheduleKind schedule;
  guint64 seed;
} RnLearnSetup;

#define RN_LEARN_SHAPES 10000

void     rn_learn_setup_init      (RnLearnSetup        *self);
void     rn_learn_setup_copy      (const RnLearnSetup  *from,
                                   RnLearnSetup        *to);
void     rn_learn_setup_clear     (RnLearnSetup        *self);
gboolean rn_learn_setup_parse     (RnLearnSetup        *self,
                                   const char          *text,
                                   GError             **error);
char    *rn_learn_setup_to_string (const RnLearnSetup  *self);
gboolean rn_learn_setup_is_alike  (const RnLearnSetup  *self,
                                   const RnLearnSetup  *other);
gboolean rn_learn_setup_check     (const RnLearnSetup  *self,
                                   GError             **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnLearnSetup, rn_learn_setup_clear)

G_END_DECLS
