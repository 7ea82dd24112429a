/* Changes to a network that is being looked at: a cut shortcut, a silenced channel. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

#define RN_EDIT_ERROR (rn_edit_error_quark ())
GQuark rn_edit_error_quark (void);

typedef enum
{
  RN_EDIT_ERROR_SYNTAX, /* not KIND:NAME[:VALUE] */
  RN_EDIT_ERROR_TARGET, /* the model has no such block, layer or channel */
} RnEditError;

typedef enum
{
  RN_EDIT_CUT_SHORTCUT, /* cut-shortcut:ADD         the block is its branch alone */
  RN_EDIT_DROP_BLOCK,   /* drop-block:ADD           the block is its shortcut alone */
  RN_EDIT_MOVE_STRIDE,  /* move-stride:ADD          from the first 1x1 to the 3x3 (v1 to v1.5) */
  RN_EDIT_SILENCE,      /* silence:LAYER:CHANNELS   these channels become zero */
  RN_EDIT_KEEP,         /* keep:LAYER:CHANNELS      all other channels become zero */
  RN_EDIT_SCALE,        /* scale:LAYER:CHANNELS=X   these channels are multiplied by X */
  RN_EDIT_INSERT_RELU,  /* insert-relu:LAYER        a ReLU behind it */
  RN_EDIT_REMOVE_RELU,  /* remove-relu:LAYER        the ReLU lets everything through */
  RN_EDIT_RANDOMIZE,    /* randomize:LAYER          random weights instead of its own */
  RN_N_EDIT_KINDS
} RnEditKind;

/**
 * RnEdit:
 * @kind: what is done
 * @target: a block (named by its Add layer) or a layer
 * @channels: [first, last] pairs; %NULL where the kind takes none
 * @n_ranges: how many pairs
 * @factor: of %RN_EDIT_SCALE
 */
typedef struct
{
  RnEditKind kind;
  char *target;
  int (*channels)[2];
  int n_ranges;
  double factor;
} RnEdit;

RnEdit     *rn_edit_parse         (const char        *text,
                                   GError           **error);
void        rn_edit_free          (RnEdit            *self);
char       *rn_edit_to_string     (const RnEdit      *self);
const char *rn_edit_kind_get_name (RnEditKind         kind);
RnBinding  *rn_edit_apply         (const RnEdit      *self,
                                   RnBinding         *binding,
                                   GError           **error);
RnBinding  *rn_edits_apply        (const char *const *edits,
                                   RnBinding         *binding,
                                   GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnEdit, rn_edit_free)

G_END_DECLS
