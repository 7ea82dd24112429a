#include "engine/training/tape.h"

#include <math.h>

#include "engine/model/catalog.h"
#include "engine/model/net.h"
#include "engine/tensor/random.h"

#define BATCH 5

/* A net with its weights, its gradient and its loss from one run forwards and backwards. */
typedef struct
{
  RnBinding *binding;
  RnPool *pool;
  RnParameters *parameters;
  RnTape *tape;
  double loss;
} Run;

static void
fill (RnTape *tape, int batch, int n_classes)
{
  RnRandom random;

  rn_random_init (&random, 7, 0);
  rn_random_fill_normal (&random, rn_tape_get_input (tape), batch * rn_tape_get_input_stride (tape),
                         1);
  for (int i = 0; i < batch; i++)
    rn_tape_get_classes (tape)[i] = (i * 3 + 1) % n_classes;
}

static Run
run_binding (RnBinding *binding, RnTapeOptions options, int n_threads)
{
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_binding_get_model (binding);
  Run self = { rn_binding_ref (binding), rn_pool_new (n_threads) };

  self.parameters = rn_parameters_new (binding, &error);
  g_assert_no_error (error);
  self.tape = rn_tape_new (binding, self.parameters, self.pool, &options, &error);
  g_assert_no_error (error);
  fill (self.tape, options.batch,
        rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape));
  self.loss = rn_tape_forward (self.tape, 0.1, 3, NULL);
  rn_tape_backward (self.tape, TRUE);

  return self;
}

static RnBinding *
bind_random (RnModel *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_new_random (model, 5, &error);
  RnBinding *binding = rn_binding_new (model, weights, &error);

  g_assert_no_error (error);
  return binding;
}

static RnBinding *
build (const char *id, int input_size)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = NULL;

  variant.input_size = input_size;
  variant.classes = 10;
  model = rn_catalog_build (id, &variant, &error);
  g_assert_no_error (error);

  return bind_random (model);
}

static void
run_clear (Run *self)
{
  rn_tape_free (self->tape);
  rn_parameters_free (self->parameters);
  rn_pool_unref (self->pool);
  rn_binding_unref (self->binding);
}

/* Weight by weight, by the length of the difference: where rounding puts a number on the other side of
 * ReLU's kink, which another BLAS is enough for, single gradients change by much and all of a layer by
 * little. */
static void
compare_gradients (const Run *a, const Run *b, double tolerance)
{
  RnModel *model = a->parameters->model;

  g_assert_cmpfloat_with_epsilon (a->loss, b->loss, 1e-4 * fabs (a->loss));
  for (int l = 0; l < rn_model_get_n_layers (model); l++)
    for (int i = 0; i < rn_model_get_layer (model, l)->n_weights; i++)
      {
        const RnLayer *layer = rn_model_get_layer (model, l);
        gint64 n = rn_weight_spec_get_n_elements (&layer->weights[i]);
        const float *x = a->parameters->gradient + a->parameters->offsets[l][i];
        const float *y = b->parameters->gradient + b->parameters->offsets[l][i];
        double squares = 1e-6, differences = 0;

        for (gint64 k = 0; k < n; k++)
          {
            squares += x[k] * x[k];
            differences += (x[k] - y[k]) * (x[k] - y[k]);
          }
        if (sqrt (differences) > tolerance * sqrt (squares))
          g_test_message ("%s %s: %g of %g", layer->name, layer->weights[i].name,
                          sqrt (differences), sqrt (squares));
        g_assert_cmpfloat (sqrt (differences), <=, tolerance * sqrt (squares));
      }
}

static RnTapeOptions
get_options (RnIsa isa)
{
  return (RnTapeOptions) { .batch = BATCH, .training = TRUE, .kernels = rn_kernels_get (isa) };
}

static void
test_ways (void)
{
  /* Deep nets on tiny maps multiply rounding errors where batch norm goes by five numbers. */
  static const struct
  {
    const char *id;
    gboolean training;
  } cases[] = { { "resnet20", TRUE },   { "resnet20-paper", TRUE }, { "plain20", TRUE },
                { "resnet20v2", TRUE }, { "resnet18", FALSE },      { "resnet50", FALSE } };

  g_test_summary ("Blocked, fused and layer by layer give the plain loops' gradients");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RnBinding) binding = build (cases[i].id, 32);
      RnTapeOptions plain = get_options (RN_ISA_REFERENCE);
      Run reference;

      plain.training = cases[i].training;
      reference = run_binding (binding, plain, 2);
      g_test_message ("%s", cases[i].id);
      g_assert_cmpfloat (reference.loss, >, 0.5);
      for (int isa = cases[i].training ? RN_ISA_SSE2 : rn_isa_get_best (); isa < RN_N_ISAS; isa++)
        for (int every = 0; every < 2 && rn_isa_is_available (isa); every++)
          {
            RnTapeOptions options = get_options (isa);
            Run run;

            options.training = cases[i].training;
            options.every_layer = every;
            run = run_binding (binding, options, 2);
            compare_gradients (&reference, &run, 3e-2);
            run_clear (&run);
          }
      run_clear (&reference);
    }
}

static void
test_threads (void)
{
  g_autoptr (RnBinding) binding = build ("resnet20", 32);
  Run one = run_binding (binding, get_options (rn_isa_get_best ()), 1);
  Run three = run_binding (binding, get_options (rn_isa_get_best ()), 3);

  g_test_summary ("One thread and three give the same bits");

  g_assert_cmpfloat (one.loss, ==, three.loss);
  g_assert_cmpmem (one.parameters->gradient, one.parameters->n * sizeof (float),
                   three.parameters->gradient, three.parameters->n * sizeof (float));
  run_clear (&one);
  run_clear (&three);
}

/* The loss with all weights moved along the gradient by @distance of its length. */
static double
move_along (Run *run, float *start, double distance)
{
  double length = 0;

  for (gint64 i = 0; i < run->parameters->n; i++)
    length += pow (run->parameters->gradient[i], 2);
  for (gint64 i = 0; i < run->parameters->n; i++)
    run->parameters->values[i] =
        start[i] + distance * run->parameters->gradient[i] / sqrt (length);

  return rn_tape_forward (run->tape, 0.1, 3, NULL);
}

static void
test_direction (void)
{
  static const char *const ids[] = { "resnet20", "resnet20-paper", "resnet20v2" };

  g_test_summary ("Along the gradient the loss changes by the gradient's length");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (RnBinding) binding = build (ids[i], 32);
      Run run = run_binding (binding, get_options (rn_isa_get_best ()), 2);
      g_autofree float *start =
          g_memdup2 (run.parameters->values, run.parameters->n * sizeof (float));
      double length = 0, slope;

      for (gint64 k = 0; k < run.parameters->n; k++)
        length += pow (run.parameters->gradient[k], 2);
      slope = (move_along (&run, start, 1e-3) - move_along (&run, start, -1e-3)) / 2e-3;
      g_assert_cmpfloat_with_epsilon (slope, sqrt (length), 0.03 * sqrt (length));
      run_clear (&run);
    }
}

static void
test_no_classifier (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnParameters) parameters = NULL;
  g_autoptr (RnPool) pool = rn_pool_new (1);
  RnTapeOptions options = get_options (RN_ISA_REFERENCE);

  g_test_summary ("A model that does not end in a classifier is refused");

  variant.top = FALSE;
  model = rn_catalog_build ("resnet20", &variant, &error);
  binding = bind_random (model);
  parameters = rn_parameters_new (binding, &error);
  g_assert_null (rn_tape_new (binding, parameters, pool, &options, &error));
  g_assert_error (error, RN_TAPE_ERROR, RN_TAPE_ERROR_MODEL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/training/tape/ways", test_ways);
  g_test_add_func ("/training/tape/threads", test_threads);
  g_test_add_func ("/training/tape/direction", test_direction);
  g_test_add_func ("/training/tape/no-classifier", test_no_classifier);

  return g_test_run ();
}
