/* Where a tape's tensors lie.
 *
 * All activations are kept: the way back needs them. Gradients have memory one after another: a
 * value's is taken when the last operation that read the value writes its part (the first to come
 * on the way back), and given back once the operation that made the value has read it. Tensors of
 * one shape alone share memory, so that the zeros around blocked ones stay. An operation that works
 * number by number writes its input's gradient over its output's. */
#include "engine/tensor/memory.h"
#include "engine/training/tape-private.h"

static gboolean
is_alike (const RnTapeValue *a, const RnTapeValue *b)
{
  return a->blocked == b->blocked && a->size == b->size &&
         (!a->blocked || (a->geometry.row == b->geometry.row &&
                          a->geometry.plane == b->geometry.plane &&
                          a->geometry.height == b->geometry.height));
}

static RnTapeSlot *
get_slot (RnTape *self, int slot)
{
  return &g_array_index (self->slots, RnTapeSlot, slot);
}

static void
take_slot (RnTape *self, RnTapeValue *value)
{
  RnTapeSlot slot = { value, TRUE, NULL };

  for (guint i = 0; i < self->slots->len && value->slot < 0; i++)
    if (!get_slot (self, i)->taken && is_alike (get_slot (self, i)->like, value))
      value->slot = i;
  if (value->slot < 0)
    {
      value->slot = self->slots->len;
      g_array_append_val (self->slots, slot);
    }
  get_slot (self, value->slot)->taken = TRUE;
}

/* Which input may have the output's memory: of batch norm with an addition behind it the residual,
 * of an addition the first that comes; -1 for none. */
static int
find_heir (RnTape *self, const RnTapeOp *op)
{
  RnTapeValue *output = rn_tape_value (self, op->output);
  int first = 0, end = op->n_inputs;

  if (op->funcs != &rn_tape_add && !op->funcs->in_place)
    return -1;
  if (op->residual && rn_tape_wants (self, op, 1) &&
      rn_tape_value (self, op->inputs[1])->slot < 0)
    first = 1;
  else if (op->funcs != &rn_tape_add)
    end = 1;
  for (int i = first; i < end; i++)
    {
      RnTapeValue *input = rn_tape_value (self, op->inputs[i]);

      if (input->wanted && input->slot < 0 && is_alike (input, output))
        return i;
    }

  return -1;
}

static void
plan_op (RnTape *self, RnTapeOp *op)
{
  RnTapeValue *output = rn_tape_value (self, op->output);
  int heir;

  if (!output->wanted || output->slot < 0)
    return;
  heir = find_heir (self, op);
  if (heir >= 0)
    rn_tape_value (self, op->inputs[heir])->slot = output->slot;
  for (int i = 0; i < op->n_inputs; i++)
    {
      RnTapeValue *input = rn_tape_value (self, op->inputs[i]);

      op->accumulate[i] = FALSE;
      if (!input->wanted || i == heir)
        continue;
      op->accumulate[i] = input->slot >= 0;
      if (input->slot < 0)
        take_slot (self, input);
    }
  if (heir < 0)
    get_slot (self, output->slot)->taken = FALSE;
}

static float *
allocate (RnTape *self, gint64 n_floats, GError **error)
{
  self->memory += n_floats * sizeof (float);

  return rn_memory_alloc0 (n_floats * sizeof (float), error);
}

/* Gives every value its memory. Returns FALSE where there is too little. */
gboolean
rn_tape_plan_memory (RnTape *self, GError **error)
{
  take_slot (self, rn_tape_value (self, self->logits));
  for (guint i = self->ops->len; i > 0; i--)
    plan_op (self, self->ops->pdata[i - 1]);
  for (guint i = 0; i < self->slots->len; i++)
    {
      RnTapeSlot *slot = get_slot (self, i);

      slot->memory = allocate (self, slot->like->size * self->options.batch, error);
      if (slot->memory == NULL)
        return FALSE;
    }
  for (guint i = 0; i < self->values->len; i++)
    {
      RnTapeValue *value = rn_tape_value (self, i);

      value->data = allocate (self, value->size * self->options.batch, error);
      if (value->data == NULL)
        return FALSE;
      if (value->slot >= 0)
        value->gradient = get_slot (self, value->slot)->memory;
    }

  return TRUE;
}
