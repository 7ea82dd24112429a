/* What the parts of RnTape share. */
#pragma once

#include "engine/kernels/blocked/blocked.h"
#include "engine/kernels/conv/conv-shape.h"
#include "engine/kernels/conv/conv-training.h"
#include "engine/kernels/pool/pool.h"
#include "engine/training/tape.h"

G_BEGIN_DECLS

/**
 * RnTapeValue:
 * @layer: whose activation it is, or -1 for what is between the parts of one
 * @shape: of one picture
 * @geometry: of one picture, where @blocked
 * @size: floats from a picture to the next
 * @wanted: whether the loss's derivative by it is
 * @slot: of the memory for gradients, or -1
 * @data: [batch][@size]; @gradient likewise
 */
typedef struct
{
  int layer;
  RnShape shape;
  gboolean blocked;
  RnBlocked geometry;
  gint64 size;
  gboolean wanted;
  int slot;
  float *data;
  float *gradient;
} RnTapeValue;

typedef struct _RnTapeOp RnTapeOp;

/* The part of an operation that concerns one picture; others may run at the same time. */
typedef void (*RnTapeFunc) (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread);

/* The part between those, for the whole batch. */
typedef void (*RnTapeJoin) (RnTape *tape, const RnTapeOp *op);

/**
 * RnTapeFuncs:
 * @prepare: (nullable): before a run: of all operations at the same time
 * @begin: (nullable): of each picture
 * @join: (nullable): when that is done for all pictures
 * @forward: (nullable): of each picture, after that
 * @begin_back: (nullable): so is @join_back; of the way back
 * @backward: adds to, or writes, the gradients of the inputs that are wanted
 * @in_place: whether the gradient of the first input may take the output's memory
 */
typedef struct
{
  RnTapeJoin prepare;
  RnTapeFunc begin;
  RnTapeJoin join;
  RnTapeFunc forward;
  RnTapeFunc begin_back;
  RnTapeJoin join_back;
  RnTapeFunc backward;
  gboolean in_place;
} RnTapeFuncs;

#define RN_TAPE_MAX_INPUTS 16

/**
 * RnTapeOp:
 * @inputs: indices of values
 * @accumulate: for each input whether its gradient has been written before
 * @weights: where they begin among the parameters, or -1
 * @trains: whether the derivatives by them are wanted
 * @by_batch: of batch norm: whether it goes by the batch
 * @relu: of batch norm: whether max (0, x) follows
 * @residual: of batch norm: whether its second input is added before that
 */
struct _RnTapeOp
{
  const RnTapeFuncs *funcs;
  const RnLayer *layer;
  int n_inputs;
  int inputs[RN_TAPE_MAX_INPUTS];
  gboolean accumulate[RN_TAPE_MAX_INPUTS];
  int output;
  gint64 weights[RN_LAYER_MAX_WEIGHTS];
  gboolean trains;
  gboolean by_batch;
  gboolean relu;
  gboolean residual;
  RnShape in_shapes[2];
  RnShape out_shape;
  RnConvShape conv;
  RnPoolShape pool;
  RnActivation function;
  float max_value;
  float epsilon;
  gpointer state;
  GDestroyNotify state_free;
};

/* A stretch of work: of pictures one by one, or a join. */
typedef struct
{
  const RnTapeOp *op;
  RnTapeFunc each;
  RnTapeJoin join;
} RnTapePhase;

/* Memory for gradients that values have one after another. */
typedef struct
{
  const RnTapeValue *like;
  gboolean taken;
  float *memory;
} RnTapeSlot;

struct _RnTape
{
  RnModel *model;
  RnBinding *binding;
  RnParameters *parameters; /* not owned */
  RnPool *pool;
  RnTapeOptions options;

  GPtrArray *values;
  GPtrArray *ops;
  GArray *slots;
  GArray *forward;  /* of RnTapePhase */
  GArray *backward; /* likewise */
  int *value_of;    /* for each layer, or -1 */
  int *twin_of;     /* for each value the same in the other layout, or -1; grows */
  int n_twins;
  int logits;
  int n_classes;

  int n_chunks;
  float *partials; /* [n_chunks][parameters], each chunk's share of the gradient */
  gsize scratch_size;
  float *scratch; /* [threads][scratch_size] */
  gsize memory;

  int *classes;
  float *probabilities;
  double *losses;      /* [batch] */
  double *norms;       /* [n_chunks][values]: squares of gradients */
  gboolean measure;
  double smoothing;
  guint64 seed;
};

static inline RnTapeValue *
rn_tape_value (const RnTape *self, int value)
{
  return self->values->pdata[value];
}

static inline float *
rn_tape_data (const RnTape *self, int value, int picture)
{
  RnTapeValue *v = rn_tape_value (self, value);

  return v->data + picture * v->size;
}

static inline float *
rn_tape_gradient (const RnTape *self, int value, int picture)
{
  RnTapeValue *v = rn_tape_value (self, value);

  return v->gradient + picture * v->size;
}

/* Whether input @i's gradient is wanted. */
static inline gboolean
rn_tape_wants (const RnTape *self, const RnTapeOp *op, int i)
{
  return rn_tape_value (self, op->inputs[i])->wanted;
}

static inline const float *
rn_tape_weight (const RnTape *self, const RnTapeOp *op, int i)
{
  return op->weights[i] >= 0 ? self->parameters->values + op->weights[i] : NULL;
}

/* Where a chunk adds up its share of the gradient of weight @i; NULL where that is not wanted. */
static inline float *
rn_tape_partial (const RnTape *self, const RnTapeOp *op, int i, int chunk)
{
  if (op->weights[i] < 0 || !op->trains)
    return NULL;

  return self->partials + chunk * self->parameters->n + op->weights[i];
}

static inline float *
rn_tape_scratch (const RnTape *self, int thread)
{
  return self->scratch + thread * self->scratch_size;
}

extern const RnTapeFuncs rn_tape_conv;
extern const RnTapeFuncs rn_tape_conv_blocked;
extern const RnTapeFuncs rn_tape_depthwise;
extern const RnTapeFuncs rn_tape_dense;
extern const RnTapeFuncs rn_tape_norm;
extern const RnTapeFuncs rn_tape_norm_blocked;
extern const RnTapeFuncs rn_tape_activation;
extern const RnTapeFuncs rn_tape_add;
extern const RnTapeFuncs rn_tape_multiply;
extern const RnTapeFuncs rn_tape_concatenate;
extern const RnTapeFuncs rn_tape_zero_padding;
extern const RnTapeFuncs rn_tape_shortcut_padding;
extern const RnTapeFuncs rn_tape_shortcut_padding_blocked;
extern const RnTapeFuncs rn_tape_dropout;
extern const RnTapeFuncs rn_tape_pool;
extern const RnTapeFuncs rn_tape_global_pool;
extern const RnTapeFuncs rn_tape_global_average_blocked;
extern const RnTapeFuncs rn_tape_to_blocked;
extern const RnTapeFuncs rn_tape_to_plain;

RnTapeOp *rn_tape_add_op          (RnTape             *self,
                                   const RnTapeFuncs  *funcs,
                                   const RnLayer      *layer);
int       rn_tape_add_value       (RnTape             *self,
                                   int                 layer,
                                   const RnShape      *shape,
                                   gboolean            blocked);
int       rn_tape_get_layout      (RnTape             *self,
                                   int                 value,
                                   gboolean            blocked);
gboolean  rn_tape_build           (RnTape             *self,
                                   GError            **error);
gboolean  rn_tape_plan_memory     (RnTape             *self,
                                   GError            **error);
gpointer  rn_tape_norm_state_new  (int                 n_channels,
                                   int                 n_chunks,
                                   GError            **error);
void      rn_tape_norm_state_free (gpointer            state);
void      rn_tape_norm_update     (RnTape             *self,
                                   const RnTapeOp     *op);
double    rn_tape_norm_get_deviation (RnTape          *self,
                                   const RnTapeOp     *op);

G_END_DECLS
