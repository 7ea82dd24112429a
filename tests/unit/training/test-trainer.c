#include "engine/training/trainer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "engine/model/net.h"

/* A small net for pictures of 32x32. */
static RnBinding *
build (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("small", "Small");
  RnNet net = { builder, FALSE, 1e-3f };
  const char *x = rn_net_input (&net, "input", 32, 3);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (GError) error = NULL;
  RnBinding *binding;

  x = rn_net_conv (&net, "conv", 16, 3, 2, RN_PADDING_SAME, x);
  x = rn_net_batch_norm (&net, "norm", x);
  x = rn_net_relu (&net, "relu", x);
  x = rn_net_global_average (&net, "pool", x);
  rn_net_dense (&net, "dense", 10, RN_ACTIVATION_SOFTMAX, x);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);
  weights = rn_weights_new_random (model, 1, &error);
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);

  return binding;
}

static RnTrainer *
new_trainer (RnOptimizerKind kind, int threads, double rate)
{
  g_autoptr (RnBinding) binding = build ();
  g_autoptr (RnDataSet) training = rn_data_set_new_shapes (1, 70);
  g_autoptr (RnDataSet) validation = rn_data_set_new_shapes (2, 40);
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  g_autoptr (GError) error = NULL;
  RnTrainer *trainer;

  options.optimizer.kind = kind;
  options.schedule.learning_rate = rate;
  options.epochs = 3;
  options.batch = 16;
  options.threads = threads;
  options.measure_every = 1;
  trainer = rn_trainer_new (binding, training, validation, &options, &error);
  g_assert_no_error (error);

  return trainer;
}

static void
take_steps (RnTrainer *trainer, int n)
{
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < n; i++)
    {
      rn_trainer_step (trainer, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
compare_weights (RnTrainer *a, RnTrainer *b)
{
  g_autoptr (RnBinding) x = rn_trainer_get_binding (a, NULL);
  g_autoptr (RnBinding) y = rn_trainer_get_binding (b, NULL);
  RnModel *model = rn_binding_get_model (x);

  for (int l = 0; l < rn_model_get_n_layers (model); l++)
    for (int i = 0; i < rn_model_get_layer (model, l)->n_weights; i++)
      {
        RnTensor *s = rn_binding_get_tensor (x, l, i), *t = rn_binding_get_tensor (y, l, i);

        g_assert_cmpmem (s->data, rn_tensor_get_n_bytes (s), t->data, rn_tensor_get_n_bytes (t));
      }
}

static void
test_same_bits (void)
{
  g_autoptr (RnTrainer) one = new_trainer (RN_OPTIMIZER_SGD, 1, 0.1);
  g_autoptr (RnTrainer) two = new_trainer (RN_OPTIMIZER_SGD, 2, 0.1);

  g_test_summary ("The same seed gives the same weights, with one thread and with two");

  take_steps (one, 6);
  take_steps (two, 6);
  compare_weights (one, two);
}

static void
test_resume (gconstpointer data)
{
  RnOptimizerKind kind = GPOINTER_TO_INT (data);
  g_autofree char *dir = g_dir_make_tmp ("training-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "run.checkpoint", NULL);
  g_autoptr (RnTrainer) whole = new_trainer (kind, 2, 0.01);
  g_autoptr (RnTrainer) first = new_trainer (kind, 2, 0.01);
  g_autoptr (RnTrainer) second = new_trainer (kind, 2, 0.01);
  g_autoptr (GError) error = NULL;
  const RnTrainerEpoch *a, *b;
  int n_a, n_b;

  g_test_summary ("A run that is broken off in mid-epoch and resumed ends with the same bits");

  g_assert_true (rn_trainer_run (whole, NULL, &error));
  take_steps (first, 6);
  g_assert_true (rn_trainer_save (first, path, &error));
  g_assert_true (rn_trainer_resume (second, path, &error));
  g_assert_true (rn_trainer_run (second, NULL, &error));
  compare_weights (whole, second);
  a = rn_trainer_get_epochs (whole, &n_a);
  b = rn_trainer_get_epochs (second, &n_b);
  g_assert_cmpint (n_a, ==, 3);
  g_assert_cmpint (n_b, ==, 3);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpfloat (a[i].loss, ==, b[i].loss);
      g_assert_cmpfloat (a[i].val_error, ==, b[i].val_error);
    }
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_damaged (void)
{
  g_autofree char *dir = g_dir_make_tmp ("training-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "run.checkpoint", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "gone", "run.checkpoint", NULL);
  g_autoptr (RnTrainer) sgd = new_trainer (RN_OPTIMIZER_SGD, 1, 0.1);
  g_autoptr (RnTrainer) adam = new_trainer (RN_OPTIMIZER_ADAM, 1, 0.1);
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size;

  g_test_summary ("A checkpoint cut off, changed, of another run or without a place is refused");

  take_steps (sgd, 1);
  g_assert_true (rn_trainer_save (sgd, path, &error));
  g_assert_false (rn_trainer_resume (adam, path, &error));
  g_assert_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  for (int i = 0; i < 40; i++)
    {
      gsize length = i % 2 ? size : (gsize) g_test_rand_int_range (0, (int) size);
      g_autofree char *copy = g_memdup2 (data, size);

      if (length == size)
        {
          char *changed = &copy[g_test_rand_int_range (0, (int) size)];

          *changed = (char) (*changed ^ g_test_rand_int_range (1, 256));
        }
      g_assert_true (g_file_set_contents (path, copy, length, NULL));
      g_assert_false (rn_trainer_resume (sgd, path, &error));
      g_assert_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT);
      g_clear_error (&error);
    }
  g_assert_false (rn_trainer_save (sgd, nowhere, &error));
  g_assert_nonnull (error);
  g_unlink (path);
  g_rmdir (dir);
}

/* Writes @length bytes behind the magic of a checkpoint, and the digest that makes it whole. */
static void
write_checkpoint (const char *path, const char *bytes, gsize length)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_byte_array_append (file, (const guint8 *) "ResNetTraining 1", 16);
  g_byte_array_append (file, (const guint8 *) bytes, length);
  g_checksum_update (checksum, file->data, file->len);
  g_checksum_get_digest (checksum, digest, &size);
  g_byte_array_append (file, digest, size);
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
}

/* As somebody might make them who knows the form. */
static void
test_hostile (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
  } cases[] = {
    { "", 0 },
    { "\x08\0\0\0\0\0\0\0a\nb\nc\n\x1b[", 16 },
    { "\x04\0\0\0\0\0\0\0\xff\xfe\xc0\x80", 12 },
    { "\xff\xff\xff\xff\xff\xff\xff\xff", 8 },
    { "\xff\xff\xff\xff\xff\xff\xff\x7f", 8 },
  };
  g_autofree char *dir = g_dir_make_tmp ("training-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "run.checkpoint", NULL);
  g_autoptr (RnTrainer) trainer = new_trainer (RN_OPTIMIZER_SGD, 1, 0.1);

  g_test_summary ("A checkpoint made to do harm is refused in one line of valid UTF-8");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      write_checkpoint (path, cases[i].bytes, cases[i].length);
      g_assert_false (rn_trainer_resume (trainer, path, &error));
      g_assert_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT);
      g_test_message ("%s", error->message);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      for (const char *c = error->message; *c != '\0'; c++)
        g_assert_false (g_ascii_iscntrl (*c));
    }
  g_unlink (path);
  g_rmdir (dir);
}

/* A file larger than any of this run's: only its beginning is looked at. */
static void
test_endless (void)
{
  g_autofree char *dir = g_dir_make_tmp ("training-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "run.checkpoint", NULL);
  g_autoptr (RnTrainer) sgd = new_trainer (RN_OPTIMIZER_SGD, 1, 0.1);
  g_autoptr (RnTrainer) adam = new_trainer (RN_OPTIMIZER_ADAM, 1, 0.1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A checkpoint of a terabyte is refused at once, another run's by its name");

  g_assert_true (rn_trainer_save (sgd, path, &error));
  g_assert_cmpint (truncate (path, G_GINT64_CONSTANT (1) << 40), ==, 0);
  g_assert_false (rn_trainer_resume (sgd, path, &error));
  g_assert_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_clear_error (&error);
  g_assert_false (rn_trainer_resume (adam, path, &error));
  g_assert_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, "another run"));
  g_unlink (path);
  g_rmdir (dir);
}

/* As build(), without batch norm to keep numbers in bounds, and weights far out of them. */
static RnBinding *
build_wild (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("wild", "Wild");
  RnNet net = { builder, FALSE, 1e-3f };
  const char *x = rn_net_input (&net, "input", 32, 3);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;

  x = rn_net_conv (&net, "fine", 16, 3, 2, RN_PADDING_SAME, x);
  x = rn_net_conv (&net, "wild", 16, 3, 2, RN_PADDING_SAME, x);
  x = rn_net_global_average (&net, "pool", x);
  rn_net_dense (&net, "dense", 10, RN_ACTIVATION_SOFTMAX, x);
  model = rn_model_builder_build (builder, NULL);
  weights = rn_weights_new_random (model, 1, NULL);
  rn_tensor_f32 (rn_weights_find (weights, "wild", "kernel"))[0] = 3e38f;
  rn_tensor_f32 (rn_weights_find (weights, "wild", "kernel"))[16] = -3e38f;

  return rn_binding_new (model, weights, NULL);
}

static void
test_diverged (void)
{
  g_autoptr (RnBinding) wild = build_wild ();
  g_autoptr (RnDataSet) training = rn_data_set_new_shapes (1, 32);
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  g_autoptr (RnTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) binding = NULL;
  RnTensor *kernel;

  g_test_summary ("A loss that is no number stops the run, names step and layer, keeps the weights");

  options.batch = 16;
  trainer = rn_trainer_new (wild, training, NULL, &options, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 12 && error == NULL; i++)
    rn_trainer_step (trainer, NULL, &error);
  g_assert_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_DIVERGED);
  g_assert_nonnull (strstr (error->message, "step 1:"));
  g_assert_nonnull (strstr (error->message, "layer “wild”"));
  g_assert_nonnull (strstr (error->message, "learning rate"));
  binding = rn_trainer_get_binding (trainer, NULL);
  kernel = rn_binding_get_tensor (binding, 1, 0);
  for (gint64 i = 0; i < rn_tensor_get_n_elements (kernel); i++)
    g_assert_true (isfinite (rn_tensor_f32 (kernel)[i]));
}

typedef struct
{
  int n_steps, n_epochs, n_probes;
  double gradient, response;
} Seen;

static void
on_step (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  Seen *seen = data;

  seen->n_steps++;
  seen->n_probes = step->n_probes;
  seen->gradient = step->probes[0].gradient_norm;
  seen->response = step->probes[0].response;
}

static void
on_epoch (RnTrainer *trainer, const RnTrainerEpoch *epoch, gpointer data)
{
  ((Seen *) data)->n_epochs++;
}

static void
test_observer (void)
{
  g_autoptr (RnTrainer) trainer = new_trainer (RN_OPTIMIZER_SGD, 1, 0.05);
  Seen seen = { 0 };
  RnTrainerObserver observer = { on_step, on_epoch, &seen };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Steps and epochs are told of, with gradients and responses; a cancel is heeded");

  rn_trainer_set_observer (trainer, &observer);
  g_assert_true (rn_trainer_run (trainer, NULL, &error));
  g_assert_cmpint (seen.n_steps, ==, 12 /* 3 x (70 / 16) */);
  g_assert_cmpint (seen.n_epochs, ==, 3);
  g_assert_cmpint (seen.n_probes, ==, 1);
  g_assert_cmpfloat (seen.gradient, >, 0);
  g_assert_cmpfloat (seen.response, >, 0.5);
  g_cancellable_cancel (cancellable);
  g_assert_false (rn_trainer_step (trainer, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
count_measured (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  *(int *) data += step->n_probes > 0;
}

static void
test_measure_next (void)
{
  g_autoptr (RnBinding) binding = build ();
  g_autoptr (RnDataSet) training = rn_data_set_new_shapes (1, 70);
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  int n_measured = 0;
  const RnTrainerObserver observer = { count_measured, NULL, &n_measured };
  g_autoptr (GError) error = NULL;
  g_autoptr (RnTrainer) trainer = NULL;

  g_test_summary ("A step that is asked for is measured, and no other");

  options.batch = 16;
  trainer = rn_trainer_new (binding, training, NULL, &options, &error);
  g_assert_no_error (error);
  rn_trainer_set_observer (trainer, &observer);
  take_steps (trainer, 2);
  g_assert_cmpint (n_measured, ==, 0);
  rn_trainer_measure_next (trainer);
  take_steps (trainer, 3);
  g_assert_cmpint (n_measured, ==, 1);
  g_assert_cmpint (rn_trainer_get_step (trainer), ==, 5);
}

static void
test_schedules (void)
{
  RnScheduleConfig config = { RN_SCHEDULE_STEP, 1, 0 };

  g_test_summary ("Schedules are what they are said to be");

  g_assert_cmpfloat (rn_schedule_get_rate (&config, 0, 100), ==, 1);
  g_assert_cmpfloat_with_epsilon (rn_schedule_get_rate (&config, 50, 100), 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (rn_schedule_get_rate (&config, 75, 100), 0.01, 1e-12);
  config.kind = RN_SCHEDULE_COSINE;
  g_assert_cmpfloat_with_epsilon (rn_schedule_get_rate (&config, 50, 100), 0.5, 1e-12);
  config.kind = RN_SCHEDULE_ONE_CYCLE;
  g_assert_cmpfloat_with_epsilon (rn_schedule_get_rate (&config, 30, 100), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (rn_schedule_get_rate (&config, 0, 100), 0.04, 1e-12);
  config = (RnScheduleConfig) { RN_SCHEDULE_CONSTANT, 1, 0.1 };
  g_assert_cmpfloat (rn_schedule_get_rate (&config, 0, 100), <, 0.1);
  g_assert_cmpfloat (rn_schedule_get_rate (&config, 20, 100), ==, 1);
}

static void
test_origin (void)
{
  g_autoptr (RnBinding) binding = build ();
  g_autoptr (RnDataSet) training = rn_data_set_new_shapes (1, 32);
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));
  g_autoptr (RnTrainer) trainer = NULL;
  g_autoptr (RnBinding) trained = NULL;

  g_test_summary ("What starts from a file's weights keeps their epsilon and licence");

  info->epsilon = 0.01f;
  info->license = g_strdup ("a licence");
  options.batch = 16;
  trainer = rn_trainer_new (binding, training, NULL, &options, NULL);
  take_steps (trainer, 1);
  trained = rn_trainer_get_binding (trainer, NULL);
  g_assert_cmpfloat (rn_binding_get_epsilon (trained, 2), ==, 0.01f);
  g_assert_cmpstr (rn_weights_get_info (rn_binding_get_weights (trained))->license, ==,
                   "a licence");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/training/trainer/same-bits", test_same_bits);
  g_test_add_data_func ("/training/trainer/resume-sgd", GINT_TO_POINTER (RN_OPTIMIZER_SGD),
                        test_resume);
  g_test_add_data_func ("/training/trainer/resume-adam", GINT_TO_POINTER (RN_OPTIMIZER_ADAM),
                        test_resume);
  g_test_add_func ("/training/trainer/hostile", test_hostile);
  g_test_add_func ("/training/trainer/endless", test_endless);
  g_test_add_func ("/training/trainer/damaged", test_damaged);
  g_test_add_func ("/training/trainer/diverged", test_diverged);
  g_test_add_func ("/training/trainer/observer", test_observer);
  g_test_add_func ("/training/trainer/measure-next", test_measure_next);
  g_test_add_func ("/training/trainer/schedules", test_schedules);
  g_test_add_func ("/training/trainer/origin", test_origin);

  return g_test_run ();
}
