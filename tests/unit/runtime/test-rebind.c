#include "reference-net.h"

#include "engine/model/catalog.h"
#include "engine/model/net.h"
#include "engine/runtime/edit.h"
#include "engine/runtime/session.h"

#include <string.h>

#define TOLERANCE 1e-4
#define INPUT_SIZE 48

typedef struct
{
  RnModel *model;
  RnWeights *weights;
  RnBinding *binding;
  RnTensor *input;
} Fixture;

static void
set_up (Fixture *self, gconstpointer id)
{
  RnVariant variant = { RN_NAMES_KERAS2, TRUE, 10, INPUT_SIZE };

  self->model = rn_catalog_build (id, &variant, NULL);
  self->weights = reference_weights_new_random (self->model);
  self->binding = rn_binding_new (self->model, self->weights, NULL);
  self->input = reference_input_new_random (self->model, 1);
  g_assert_nonnull (self->binding);
}

static void
tear_down (Fixture *self, gconstpointer id)
{
  rn_tensor_unref (self->input);
  rn_binding_unref (self->binding);
  rn_weights_unref (self->weights);
  rn_model_unref (self->model);
}

static RnSession *
run_new_session (Fixture *self, RnBinding *binding, RnKeep keep)
{
  RnSessionOptions options = { 2, keep };
  g_autoptr (GError) error = NULL;
  RnSession *session = rn_session_new (binding, &options, &error);

  g_assert_no_error (error);
  rn_session_run (session, self->input, NULL, &error);
  g_assert_no_error (error);

  return session;
}

static void
note_layer (RnSession *session, int layer, gpointer data)
{
  g_array_append_val ((GArray *) data, layer);
}

static void
rerun (RnSession *session)
{
  g_autoptr (GError) error = NULL;

  rn_session_rerun (session, NULL, &error);
  g_assert_no_error (error);
}

static void
check_same_bits (RnSession *a, RnSession *b, int layer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnTensor) x = rn_session_get_activation (a, layer, &error);
  g_autoptr (RnTensor) y = rn_session_get_activation (b, layer, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (x->data, rn_tensor_get_n_bytes (x), y->data, rn_tensor_get_n_bytes (y));
}

static void
check_every_layer (RnSession *a, RnSession *b)
{
  for (int i = 0; i < rn_model_get_n_layers (rn_session_get_model (a)); i++)
    check_same_bits (a, b, i);
}

static void
test_keep (Fixture *self, gconstpointer id)
{
  g_autoptr (RnSession) steps = run_new_session (self, self->binding, RN_KEEP_STEPS);
  g_autoptr (RnSession) blocks = run_new_session (self, self->binding, RN_KEEP_BLOCKS);
  g_autoptr (RnSession) outputs = run_new_session (self, self->binding, RN_KEEP_OUTPUTS);

  g_test_summary ("Whatever is kept, every layer's activation can be had, with the same bits.");
  check_every_layer (steps, blocks);
  for (int i = rn_model_get_n_layers (self->model) - 1; i >= 0; i--)
    check_same_bits (steps, outputs, i);
}

static void
test_keep_alone (Fixture *self, gconstpointer id)
{
  g_autoptr (RnSession) steps = run_new_session (self, self->binding, RN_KEEP_STEPS);
  g_autoptr (RnSession) blocks = run_new_session (self, self->binding, RN_KEEP_BLOCKS);

  g_test_summary ("So it is where nothing that was recomputed before is remembered.");
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    {
      rerun (blocks); /* nothing to run, but it forgets */
      check_same_bits (steps, blocks, i);
    }
}

static void
set_up_short (Fixture *self, gconstpointer id)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("short", "Short");
  RnNet net = { builder, TRUE, 1e-3f };
  const char *x = rn_net_input (&net, "input", 8, 16);
  const char *before = rn_net_conv (&net, "before", 16, 1, 1, RN_PADDING_SAME, x);

  x = rn_net_conv (&net, "branch", 16, 1, 1, RN_PADDING_SAME, before);
  rn_net_relu (&net, "relu", rn_net_add (&net, "add", x, before));
  self->model = rn_model_builder_build (builder, NULL);
  self->weights = reference_weights_new_random (self->model);
  self->binding = rn_binding_new (self->model, self->weights, NULL);
  self->input = reference_input_new_random (self->model, 1);
  g_assert_nonnull (self->binding);
}

static void
test_input_is_residual (Fixture *self, gconstpointer id)
{
  g_autoptr (RnSession) steps = run_new_session (self, self->binding, RN_KEEP_STEPS);
  g_autoptr (RnSession) outputs = run_new_session (self, self->binding, RN_KEEP_OUTPUTS);

  g_test_summary ("A convolution whose input is what is added to it is recalled with that input");
  for (int i = rn_model_get_n_layers (self->model) - 1; i >= 0; i--)
    {
      rerun (outputs);
      check_same_bits (steps, outputs, i);
    }
}

static void
test_touch (Fixture *self, gconstpointer id)
{
  static const RnKeep keeps[] = { RN_KEEP_STEPS, RN_KEEP_BLOCKS, RN_KEEP_OUTPUTS };

  g_test_summary ("A rerun computes what follows from touched layers, and nothing else is reported.");
  for (int k = 0; k < G_N_ELEMENTS (keeps); k++)
    {
      g_autoptr (RnSession) session = run_new_session (self, self->binding, keeps[k]);
      g_autoptr (RnSession) whole = run_new_session (self, self->binding, keeps[k]);
      g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (int));
      const RnBlock *block = &rn_model_get_structure (self->model)->blocks[4];

      rn_session_set_observer (session, note_layer, seen);
      rerun (session);
      g_assert_cmpuint (seen->len, ==, 0);

      rn_session_touch_layer (session, block->add);
      rerun (session);
      g_assert_cmpuint (seen->len, >, 0);
      g_assert_cmpuint (seen->len, <, rn_model_get_n_layers (self->model) - block->input);
      for (guint i = 0; i < seen->len; i++)
        g_assert_cmpint (g_array_index (seen, int, i), >, block->input);
      check_every_layer (session, whole);
    }
}

static void
cancel_at (RnSession *session, int layer, gpointer data)
{
  if (layer == 20)
    g_cancellable_cancel (data);
}

static void
test_resume (Fixture *self, gconstpointer id)
{
  g_autoptr (RnSession) session = run_new_session (self, self->binding, RN_KEEP_STEPS);
  g_autoptr (RnSession) whole = run_new_session (self, self->binding, RN_KEEP_STEPS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GError) error = NULL;

  g_test_summary ("A rerun goes on where a cancelled run stopped.");
  rn_session_set_observer (session, cancel_at, cancellable);
  g_assert_false (rn_session_run (session, self->input, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  rn_session_set_observer (session, note_layer, seen);
  rerun (session);
  g_assert_cmpint (g_array_index (seen, int, 0), >, 15);
  check_every_layer (session, whole);
}

static void
test_never_run (Fixture *self, gconstpointer id)
{
  g_autoptr (RnSession) session = rn_session_new (self->binding, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("There is nothing to rerun before the first run, also on another network.");
  g_assert_false (rn_session_rerun (session, NULL, &error));
  g_assert_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED);
  g_clear_error (&error);
  g_assert_true (rn_session_rebind (session, self->binding, &error));
  g_assert_false (rn_session_rerun (session, NULL, &error));
  g_assert_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED);
}

/* The edit of a kind that a model has a place for, or NULL. */
static char *
make_edit (RnModel *model, RnEditKind kind)
{
  const RnStructure *structure = rn_model_get_structure (model);
  const RnBlock *block = &structure->blocks[structure->n_blocks / 2];
  const char *add = rn_model_get_layer (model, block->add)->name;
  const char *layer = rn_model_get_layer (model, block->output)->name;
  const char *name = rn_edit_kind_get_name (kind);

  switch (kind)
    {
    case RN_EDIT_CUT_SHORTCUT:
    case RN_EDIT_DROP_BLOCK:
      return g_strdup_printf ("%s:%s", name, add);
    case RN_EDIT_MOVE_STRIDE:
      add = rn_model_get_layer (model, structure->blocks[3].add)->name;
      return g_str_equal (rn_model_get_name (model), "resnet50")
               ? g_strdup_printf ("%s:%s", name, add)
               : NULL;
    case RN_EDIT_SILENCE:
    case RN_EDIT_KEEP:
      return g_strdup_printf ("%s:%s:3-7", name, layer);
    case RN_EDIT_SCALE:
      return g_strdup_printf ("%s:%s:3-7=0.5", name, layer);
    case RN_EDIT_INSERT_RELU:
      return g_strdup_printf ("%s:%s", name,
                              rn_model_get_layer (model, block->branch[block->n_branch - 1])->name);
    case RN_EDIT_REMOVE_RELU:
      return g_strdup_printf ("%s:%s", name, layer);
    default:
      for (int i = 0; i < block->n_branch; i++)
        if (rn_model_get_layer (model, block->branch[i])->kind == RN_LAYER_CONV)
          return g_strdup_printf ("%s:%s", name,
                                  rn_model_get_layer (model, block->branch[i])->name);
      return NULL;
    }
}

static void
check_edit (Fixture *self, RnSession *session, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnEdit) edit = rn_edit_parse (text, &error);
  g_autoptr (RnBinding) edited = rn_edit_apply (edit, self->binding, &error);
  g_autoptr (RnSession) fresh = NULL;

  g_assert_no_error (error);
  fresh = run_new_session (self, edited, RN_KEEP_STEPS);

  rn_session_rebind (session, edited, &error);
  g_assert_no_error (error);
  g_assert_true (rn_session_get_binding (session) == edited);
  rerun (session);
  check_every_layer (session, fresh);
}

static void
test_edits (Fixture *self, gconstpointer id)
{
  static const RnKeep keeps[] = { RN_KEEP_STEPS, RN_KEEP_BLOCKS, RN_KEEP_OUTPUTS };
  g_autoptr (RnSession) plain = NULL;
  g_autoptr (RnSession) session = NULL;

  g_test_summary ("Rebound to an edited network, one edit after another, a session gives what a new "
                  "session on that network gives, to the bit.");
  if (g_str_equal (id, "resnet50") && !g_test_slow ())
    {
      g_test_skip ("runs with -m slow");
      return;
    }
  plain = run_new_session (self, self->binding, RN_KEEP_STEPS);
  session = run_new_session (self, self->binding, keeps[g_test_rand_int_range (0, 3)]);
  for (int kind = 0; kind < RN_N_EDIT_KINDS; kind++)
    {
      g_autofree char *text = make_edit (self->model, kind);

      if (text != NULL)
        check_edit (self, session, text);
    }
  g_assert_true (rn_session_rebind (session, self->binding, NULL));
  rerun (session);
  check_every_layer (session, plain);
}

static void
test_rebind_is_incremental (Fixture *self, gconstpointer id)
{
  g_autoptr (RnSession) session = run_new_session (self, self->binding, RN_KEEP_BLOCKS);
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree char *text = make_edit (self->model, RN_EDIT_RANDOMIZE);
  const char *const edits[] = { text, NULL };
  g_autoptr (RnBinding) edited = rn_edits_apply (edits, self->binding, NULL);
  const RnStructure *structure = rn_model_get_structure (self->model);
  const RnBlock *block = &structure->blocks[structure->n_blocks / 2];

  g_test_summary ("After an edit only what follows from it is computed; what was before can be had at "
                  "once, what follows not until then.");
  rn_session_set_observer (session, note_layer, seen);
  g_assert_true (rn_session_rebind (session, edited, NULL));
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) activation = rn_session_get_activation (session, i, &error);

      g_assert_true ((activation == NULL) == (error != NULL));
      if (i <= block->input)
        g_assert_no_error (error);
      if (i >= block->output)
        g_assert_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED);
    }
  rerun (session);
  g_assert_cmpuint (seen->len, >, 0);
  for (guint i = 0; i < seen->len; i++)
    g_assert_cmpint (g_array_index (seen, int, i), >, block->input);
}

int
main (int argc, char **argv)
{
  static const char *const ids[] = { "resnet18", "resnet50" };
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "keep", test_keep },
    { "keep-alone", test_keep_alone },
    { "touch", test_touch },
    { "resume", test_resume },
    { "never-run", test_never_run },
    { "edits", test_edits },
    { "incremental", test_rebind_is_incremental },
  };

  g_test_init (&argc, &argv, NULL);

  for (int i = 0; i < G_N_ELEMENTS (ids); i++)
    for (int t = 0; t < G_N_ELEMENTS (tests); t++)
      {
        g_autofree char *path = g_strdup_printf ("/rebind/%s/%s", ids[i], tests[t].name);

        g_test_add (path, Fixture, ids[i], set_up, tests[t].func, tear_down);
      }

  g_test_add ("/rebind/input-is-residual", Fixture, NULL, set_up_short, test_input_is_residual,
              tear_down);

  return g_test_run ();
}
