/* How fast each convolution of a network is, in the network's order.
 *
 * Weights and activations pass through the caches as they do in a run, which single layers run over
 * and over do not show. Random numbers; timings do not depend on them.
 *
 *   bench-kernels [--network resnet50|resnet18] [--isa NAME] [--threads N] [--runs N]
 */
#include <string.h>
#include <time.h>

#include "engine/kernels/conv/conv-op.h"
#include "engine/kernels/pool/blocked-pool.h"
#include "engine/tensor/memory.h"

#define MAX_STEPS 64

typedef struct
{
  char *name;
  RnConvOp *op;
  const float *input;
  float *output;
  const float *residual;
  gint64 n_operations;
  gint64 best;
} Step;

typedef struct
{
  RnPool *pool;
  const RnKernels *kernels;
  int n_steps;
  Step steps[MAX_STEPS];
  gsize scratch_size;
  void *scratch;
  gsize weights_size;
  gint64 packing;
  GPtrArray *floats; /* what new_floats() made */
} Bench;

static const char *network = "resnet50";
static char *isa_name;
static char *only_way;
static int n_threads;
static int n_runs = 50;

/* Microseconds are too coarse for layers of 50 of them. One thread is measured by its own time, so
 * that other programs count less. */
static gint64
now_ns (void)
{
  struct timespec t;

  clock_gettime (n_threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return (gint64)t.tv_sec * 1000000000 + t.tv_nsec;
}

static float *
new_floats (Bench *self, gint64 n)
{
  float *data = rn_memory_alloc0 (n * sizeof (float), NULL);

  g_assert_nonnull (data);
  g_ptr_array_add (self->floats, data);
  return data;
}

/* A layer that reads @input and writes a new tensor; returns that. */
static float *
add_step (Bench *self,
          const char *name,
          int size,
          int in,
          int out,
          int window,
          int stride,
          const float *input,
          float *output,
          const float *residual)
{
  Step *step = &self->steps[self->n_steps++];
  int out_size = (size + stride - 1) / stride;
  RnConvShape shape = {
    .batch = 1,
    .in_height = size,
    .in_width = size,
    .in_channels = in,
    .out_height = out_size,
    .out_width = out_size,
    .out_channels = out,
    .kernel = { window, window },
    .stride = { stride, stride },
    .dilation = { 1, 1 },
    .pad_top = window / 2,
    .pad_left = window / 2,
    .groups = 1,
  };
  gint64 dims[4] = { window, window, in, out };
  g_autoptr (RnTensor) kernel = rn_tensor_new (4, dims, NULL);
  RnConvWeights weights = { .kernel = kernel };
  RnConvAlgorithm way = RN_CONV_AUTO;
  gint64 start;

  if (only_way != NULL && window == 3 && stride == 1)
    way = g_str_equal (only_way, "4")   ? RN_CONV_WINOGRAD_4
          : g_str_equal (only_way, "2") ? RN_CONV_WINOGRAD_2
                                        : RN_CONV_DIRECT;
  if (only_way != NULL && in == 3 && g_str_equal (only_way, "direct"))
    way = RN_CONV_DIRECT;

  for (gint64 i = 0; i < rn_tensor_get_n_elements (kernel); i++)
    rn_tensor_f32 (kernel)[i] = (float)(i % 17 - 8) * 0.01f;
  start = now_ns ();
  step->op = rn_conv_op_new (&shape, in == 3, &weights, way, self->kernels, self->pool, NULL);
  self->packing += now_ns () - start;

  step->name = g_strdup_printf ("%-8s %3d %4d-%-4d %dx%d/%d way %d", name, out_size, in, out,
                                window, window, stride, rn_conv_op_get_algorithm (step->op));
  step->input = input;
  step->output =
      output != NULL ? output : new_floats (self, rn_conv_op_get_output (step->op)->n_floats);
  step->residual = residual;
  step->n_operations = 2 * (gint64)out_size * out_size * window * window * in * out;
  step->best = G_MAXINT64;
  self->scratch_size = MAX (self->scratch_size, rn_conv_op_get_scratch_size (step->op));
  self->weights_size += rn_conv_op_get_weights_size (step->op);

  return step->output;
}

/* Stages of three-layer blocks; the first of a stage has a projection. Tensors of a stage are used
 * again and again, as a session does. */
static void
add_bottlenecks (Bench *self, const float *input)
{
  static const int n_blocks[] = { 3, 4, 6, 3 };
  int size = 56, in = 64;

  for (int stage = 0; stage < 4; stage++)
    {
      int width = 64 << stage;
      int stride = stage > 0 ? 2 : 1;
      float *a = NULL, *b = NULL, *shortcut, *x[2] = { NULL };

      shortcut = add_step (self, "shortcut", size, in, 4 * width, 1, stride, input, NULL, NULL);
      for (int block = 0; block < n_blocks[stage]; block++)
        {
          a = add_step (self, "1x1", size, in, width, 1, stride, input, a, NULL);
          size /= stride;
          stride = 1;
          b = add_step (self, "3x3", size, width, width, 3, 1, a, b, NULL);
          in = 4 * width;
          x[block % 2] = add_step (self, "1x1 add", size, width, in, 1, 1, b, x[block % 2],
                                   block == 0 ? shortcut : input);
          input = x[block % 2];
        }
    }
}

static void
add_basic_blocks (Bench *self, const float *input)
{
  int size = 56, in = 64;

  for (int stage = 0; stage < 4; stage++)
    {
      int width = 64 << stage;
      int stride = stage > 0 ? 2 : 1;
      float *a = NULL, *x[2] = { NULL };
      const float *shortcut = input;

      if (stage > 0)
        shortcut = add_step (self, "shortcut", size, in, width, 1, 2, input, NULL, NULL);
      for (int block = 0; block < 2; block++)
        {
          a = add_step (self, "3x3", size, in, width, 3, stride, input, a, NULL);
          size /= stride;
          stride = 1;
          in = width;
          x[block] = add_step (self, "3x3 add", size, width, width, 3, 1, a, NULL,
                               block == 0 ? shortcut : input);
          input = x[block];
        }
    }
}

static void
run_step (const Bench *self, Step *step)
{
  RnConvArgs args = {
    .input = step->input,
    .output = step->output,
    .residual = step->residual,
    .relu = TRUE,
    .scratch = self->scratch,
    .pool = self->pool,
  };

  rn_conv_op_run (step->op, &args);
}

static void
measure (Bench *self, const float *stem, float *pooled)
{
  static const RnBlockedPool window = { { 3, 3 }, { 2, 2 }, 1, 1, TRUE };
  RnBlocked in = rn_blocked_make (1, 112, 112, 64), out = rn_blocked_make (1, 56, 56, 64);
  gint64 best = G_MAXINT64, best_pool = G_MAXINT64;
  double peak = rn_kernels_measure_peak (self->kernels, self->pool);
  double sum = 0;

  for (int run = 0; run < n_runs; run++)
    {
      gint64 start = now_ns (), last = start, now;

      for (int i = 0; i < self->n_steps; i++)
        {
          run_step (self, &self->steps[i]);
          now = now_ns ();
          self->steps[i].best = MIN (self->steps[i].best, now - last);
          last = now;
          if (i > 0)
            continue;
          rn_blocked_max_pool (&window, &in, stem, &out, pooled, self->kernels, self->pool,
                               NULL);
          now = now_ns ();
          best_pool = MIN (best_pool, now - last);
          last = now;
        }
      best = MIN (best, last - start);
    }

  g_print ("%-36s %8s %9s %6s\n", "layer", "ms", "GFLOP/s", "peak");
  for (int i = 0; i < self->n_steps; i++)
    {
      const Step *step = &self->steps[i];
      double rate = (double)step->n_operations / step->best;

      g_print ("%-36s %8.3f %9.1f %5.0f%%\n", step->name, step->best * 1e-6, rate,
               100 * rate / peak);
      sum += step->best * 1e-6;
    }
  g_print ("%-36s %8.3f\n", "max pool", best_pool * 1e-6);
  g_print ("%s %s, %d threads: sum of minima %.2f ms, best run %.2f ms; peak %.0f GFLOP/s; weights "
           "%.0f MB packed in %.0f ms\n",
           network, rn_isa_get_name (self->kernels->isa), rn_pool_get_n_threads (self->pool),
           sum + best_pool * 1e-6, best * 1e-6, peak, self->weights_size * 1e-6,
           self->packing * 1e-6);
}

static void
run (RnIsa isa)
{
  g_autoptr (RnPool) pool = rn_pool_new (n_threads);
  g_autoptr (GPtrArray) floats = g_ptr_array_new_with_free_func (rn_memory_free);
  Bench bench = { .pool = pool, .kernels = rn_kernels_get (isa), .floats = floats };
  float *picture = new_floats (&bench, (gint64) 224 * 224 * 3);
  float *pooled = new_floats (&bench, rn_blocked_make (1, 56, 56, 64).n_floats);
  float *stem = add_step (&bench, "stem", 224, 3, 64, 7, 2, picture, NULL, NULL);

  if (g_str_equal (network, "resnet18"))
    add_basic_blocks (&bench, pooled);
  else
    add_bottlenecks (&bench, pooled);
  bench.scratch = rn_memory_alloc (bench.scratch_size, NULL);

  measure (&bench, stem, pooled);

  for (int i = 0; i < bench.n_steps; i++)
    {
      rn_conv_op_unref (bench.steps[i].op);
      g_free (bench.steps[i].name);
    }
  rn_memory_free (bench.scratch);
}

int
main (int argc, char *argv[])
{
  const GOptionEntry options[] = {
    { "network", 0, 0, G_OPTION_ARG_STRING, (gpointer)&network, "resnet50 or resnet18", "ID" },
    { "isa", 0, 0, G_OPTION_ARG_STRING, &isa_name, "instruction set", "NAME" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "threads; 0 for all processors", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &n_runs, "runs to take the minimum of", "N" },
    { "way", 0, 0, G_OPTION_ARG_STRING, &only_way, "4 or 2 (Winograd, 3x3), or direct (stem, too)",
      "WAY" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  RnIsa isa;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (isa_name != NULL)
    g_setenv ("RN_ISA", isa_name, TRUE);
  if (!rn_isa_choose (&isa, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  if (rn_kernels_get (isa) == NULL)
    {
      g_printerr ("the reference has no fast kernels: use sse2, avx2 or avx512\n");
      return 2;
    }

  run (isa);

  return 0;
}
