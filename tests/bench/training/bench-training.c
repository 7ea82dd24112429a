/* How long a step of training takes, and how much memory:
 * bench-training [MODEL [BATCH [STEPS [THREADS]]]] */
#include <stdio.h>
#include <sys/resource.h>

#include "engine/model/catalog.h"
#include "engine/training/trainer.h"

#define DEFAULT_STEPS 8

static gint
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
on_step (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  g_array_append_val ((GArray *) data, step->ms);
}

int
main (int argc, char **argv)
{
  const char *id = argc > 1 ? argv[1] : "resnet20";
  int batch = argc > 2 ? atoi (argv[2]) : 64, n_steps = argc > 3 ? atoi (argv[3]) : DEFAULT_STEPS;
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (RnModel) model = rn_catalog_build (id, &variant, &error);
  g_autoptr (RnWeights) weights = model != NULL ? rn_weights_new_random (model, 1, &error) : NULL;
  g_autoptr (RnBinding) binding = weights != NULL ? rn_binding_new (model, weights, &error) : NULL;
  g_autoptr (RnDataSet) set = rn_data_set_new_shapes (1, MAX (batch * n_steps, 1));
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;
  RnTrainerObserver observer = { .step = on_step, .data = times };
  g_autoptr (RnTrainer) trainer = NULL;
  struct rusage usage;

  options.epochs = 1;
  options.batch = batch;
  options.threads = argc > 4 ? atoi (argv[4]) : 0;
  trainer = binding != NULL ? rn_trainer_new (binding, set, NULL, &options, &error) : NULL;
  if (trainer == NULL)
    {
      fprintf (stderr, "bench-training: %s\n", error->message);
      return 1;
    }
  rn_trainer_set_observer (trainer, &observer);
  if (!rn_trainer_run (trainer, NULL, &error))
    {
      fprintf (stderr, "bench-training: %s\n", error->message);
      return 1;
    }
  g_array_sort (times, compare);
  getrusage (RUSAGE_SELF, &usage);
  printf ("%s batch %d: min %.1f ms, median %.1f ms a step; peak %ld MB\n", id, batch,
          g_array_index (times, double, 0), g_array_index (times, double, times->len / 2),
          usage.ru_maxrss / 1024);

  return 0;
}
