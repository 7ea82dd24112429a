/* Random but valid networks, run and held against the reference in double precision. The bytes are
 * the choices that the generator makes; GLib's random numbers are replaced by them. */
#include "engine/runtime/session.h"
#include "random-net.h"
#include "reference-net.h"
#include "tests/fuzz/fuzz.h"

#define TOLERANCE 1e-4

/* What a network may cost here: multiply-adds of the reference are slow. */
#define MAX_ELEMENTS (1 << 16)

static const guint8 *choices;
static size_t n_choices;

/* The next choice; none are left: always the first. */
static guint32
choose (void)
{
  guint32 value = 0;

  for (int i = 0; i < 2 && n_choices > 0; i++, n_choices--)
    value = value << 8 | *choices++;

  return value;
}

gint32
g_test_rand_int (void)
{
  return (gint32) (choose () * 2654435761u);
}

gint32
g_test_rand_int_range (gint32 begin, gint32 end)
{
  return begin + (gint32) (choose () % (guint32) (end - begin));
}

double
g_test_rand_double (void)
{
  return choose () / 65536.0;
}

double
g_test_rand_double_range (double start, double end)
{
  return start + choose () / 65536.0 * (end - start);
}

static gboolean
is_small (RnModel *model)
{
  gint64 n = 0;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnShape *shape = &rn_model_get_layer (model, i)->output_shape;
      gint64 size = 1;

      for (int k = 0; k < shape->rank; k++)
        size *= shape->dims[k];
      n += size;
    }

  return n <= MAX_ELEMENTS;
}

static void
check (RnModel *model)
{
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = rn_binding_new (model, weights, NULL);
  g_autoptr (RnTensor) input = reference_input_new_random (model, pick (1, 2));
  g_autoptr (ReferenceNet) reference = reference_net_new (binding, input);
  RnSessionOptions options = { pick (1, 2), pick (0, 2) };
  g_autoptr (RnSession) session = rn_session_new (binding, &options, NULL);
  g_autoptr (GError) error = NULL;

  rn_session_run (session, input, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      g_autoptr (RnTensor) activation = rn_session_get_activation (session, i, &error);

      g_assert_no_error (error);
      g_assert_cmpfloat (reference_net_get_error (reference, i, activation), <=, TOLERANCE);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = NULL;

  choices = bytes;
  n_choices = n_bytes;
  model = random_net_build (&error);
  fuzz_judge (model != NULL, error);
  if (model != NULL && is_small (model))
    check (model);

  return 0;
}
