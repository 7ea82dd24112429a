/* How long it takes to match two graphs: residual networks of about @n layers each that are the
 * same, that differ in one layer of each block, and that have little in common. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/model/comparison.h"
#include "engine/model/net.h"

typedef struct
{
  const char *title;
  int kernel;         /* of the second convolution of each block */
  gboolean extra;     /* a ReLU before each addition */
  gboolean projected; /* a convolution on each shortcut */
  int every;          /* filters double after as many blocks */
} Kind;

static const Kind kinds[] = {
  { "the same", 3, FALSE, FALSE, 100000 },
  { "a layer more in each block", 3, TRUE, FALSE, 100000 },
  { "little in common", 1, TRUE, TRUE, 20 },
};

static RnModel *
make (const Kind *kind, int n_layers)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("m", "M");
  RnNet net = { builder, TRUE, 1e-3f };
  const char *x = rn_net_input (&net, "input", 32, 3);
  int n = 1, filters = 16;

  x = rn_net_conv (&net, "stem", filters, 3, 1, RN_PADDING_SAME, x);
  for (int block = 0; n + 7 < n_layers; block++)
    {
      const char *shortcut = x;
      char names[9][24];

      filters = MIN (filters << (block % kind->every == kind->every - 1), 1024);
      for (int i = 0; i < 9; i++)
        g_snprintf (names[i], sizeof names[i], "layer_%d_%d", block, i);
      x = rn_net_relu (
          &net, names[2],
          rn_net_batch_norm (&net, names[1],
                             rn_net_conv (&net, names[0], filters, 3, 1, RN_PADDING_SAME, x)));
      x = rn_net_batch_norm (
          &net, names[4],
          rn_net_conv (&net, names[3], filters, kind->kernel, 1, RN_PADDING_SAME, x));
      if (kind->extra)
        x = rn_net_relu (&net, names[5], x);
      if (kind->projected)
        shortcut = rn_net_conv (&net, names[8], filters, 1, 1, RN_PADDING_SAME, shortcut);
      x = rn_net_relu (&net, names[7], rn_net_add (&net, names[6], x, shortcut));
      n += 7 + kind->extra + kind->projected;
    }

  return rn_model_builder_build (builder, NULL);
}

int
main (int argc, char **argv)
{
  int n_layers = argc > 1 ? atoi (argv[1]) : 1000;
  g_autoptr (RnModel) a = NULL;

  if (n_layers < 10 || n_layers > RN_MODEL_MAX_LAYERS)
    {
      fprintf (stderr, "bench-compare [N]: from 10 to %d layers would be right\n",
               RN_MODEL_MAX_LAYERS);
      return EXIT_FAILURE;
    }

  a = make (&kinds[0], n_layers);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (RnModel) b = make (&kinds[i], n_layers);
      g_autoptr (GTimer) timer = g_timer_new ();
      g_autoptr (RnComparison) comparison = rn_comparison_new (a, b);

      printf ("%-28s %5d and %5d layers, %3d differences: %8.1f ms\n", kinds[i].title,
              rn_model_get_n_layers (a), rn_model_get_n_layers (b),
              rn_comparison_get_n (comparison), 1000 * g_timer_elapsed (timer, NULL));
    }

  return EXIT_SUCCESS;
}
