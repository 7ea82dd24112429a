/* Whether an answer is right, asked of the engine. */
#pragma once

#include "ui/lessons/lesson.h"
#include "ui/lessons/quantities.h"

G_BEGIN_DECLS

/**
 * RnAnswer:
 * @text: number, shape: what was typed
 * @option: choice: index, or -1
 * @layer: select: index of the selected layer, or -1
 * @block: select: index of the selected block, or -1
 * @edits: edit: the edits that are on, %NULL-terminated
 * @stride: fit
 * @filters: fit
 * @idle: run: as if nothing had been learnt
 */
typedef struct
{
  char *text;
  int option;
  int layer;
  int block;
  char **edits;
  int stride, filters;
  gboolean idle;
} RnAnswer;

#define RN_ANSWER_INIT ((RnAnswer){ .option = -1, .layer = -1, .block = -1 })

/**
 * RnVerdict:
 * @right: whether it is
 * @reason: (nullable): why; never %NULL for a wrong answer
 */
typedef struct
{
  gboolean right;
  char *reason;
} RnVerdict;

void rn_answer_clear (RnAnswer *self);
void rn_answer_copy (const RnAnswer *from, RnAnswer *to);
void rn_verdict_clear (RnVerdict *self);

gboolean rn_task_judge (const RnTask *task,
                        const RnQuantities *quantities,
                        const char *language,
                        const RnAnswer *answer,
                        RnVerdict *verdict,
                        GError **error);
gboolean rn_task_solve (const RnTask *task,
                        const RnQuantities *quantities,
                        gboolean right,
                        RnAnswer *answer,
                        GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnAnswer, rn_answer_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnVerdict, rn_verdict_clear)

G_END_DECLS
