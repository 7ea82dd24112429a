#include "ui/learn/learn-figures.h"

#include <glib/gi18n.h>
#include <math.h>

#include "engine/model/catalog.h"

/* A curve has no more points than a screen has columns for it. */
#define MAX_POINTS 800

/* The first network is orange, the second blue, as in the other charts. */
RnColor
rn_learn_get_color (int run, gboolean dark)
{
  static const guint32 colors[2][RN_LEARN_N_RUNS] = { { 0xd2590a, 0x1c71d8 },
                                                      { 0xff9f5a, 0x62a0ea } };
  guint32 color = colors[dark ? 1 : 0][run];

  return (RnColor){ (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
                    (color & 0xff) / 255.0, 1 };
}

/* Returns: (transfer full): what to call a network: that of the run shown, or what is set up */
char *
rn_learn_get_title (RnLearning *learning, int run)
{
  RnModel *model = rn_learning_get_model (learning, run);
  const RnCatalogEntry *entry = rn_catalog_find (rn_learning_get_setup (learning)->nets[run], NULL);

  if (model != NULL)
    return g_strdup (rn_model_get_title (model));

  return g_strdup (entry != NULL ? entry->title : "");
}

/* The training error: a mean over some steps, for one batch says little. */
static void
add_training (RnFigure *figure, RnLearning *learning, int run, const char *title, gboolean dark)
{
  int n_steps, n, every;
  const RnLearnStep *steps = rn_learning_get_steps (learning, run, &n_steps);
  g_autofree char *name = g_strdup_printf (_ ("%s, training"), title);
  RnFigureSeries *series;
  double sum = 0;

  every = MAX ((n_steps + MAX_POINTS - 1) / MAX_POINTS, 1);
  n = (n_steps + every - 1) / every;
  series = rn_figure_add (figure, name, RN_FIGURE_LINE, rn_learn_get_color (run, dark), n);
  for (int i = 0; i < n_steps; i++)
    {
      sum += steps[i].error - (i >= RN_LEARN_MEAN_STEPS ? steps[i - RN_LEARN_MEAN_STEPS].error : 0);
      if (i % every == 0)
        {
          series->points[i / every][0] = steps[i].epoch;
          series->points[i / every][1] = sum / MIN (i + 1, RN_LEARN_MEAN_STEPS);
        }
    }
}

static void
add_validation (RnFigure *figure, RnLearning *learning, int run, const char *title, gboolean dark)
{
  int n;
  const RnTrainerEpoch *epochs = rn_learning_get_epochs (learning, run, &n);
  g_autofree char *name = g_strdup_printf (_ ("%s, validation"), title);
  RnFigureSeries *series =
      rn_figure_add (figure, name, RN_FIGURE_DOTS, rn_learn_get_color (run, dark), n);

  for (int i = 0; i < n; i++)
    {
      series->points[i][0] = epochs[i].epoch;
      series->points[i][1] = epochs[i].val_error;
    }
}

/**
 * rn_learn_figure_errors:
 * @dark: for a dark ground
 *
 * Returns: (transfer full): training error, thin, and validation error, thick, over the epochs; a
 *   line stands where the shot is that is looked back at
 */
RnFigure *
rn_learn_figure_errors (RnLearning *learning, gboolean dark)
{
  RnFigure *figure = rn_figure_new (_ ("Error: the share taken for another class"), _ ("epoch"));
  const RnLearnShot *shot = rn_learning_get_shown_shot (learning, 0);

  if (shot == NULL)
    shot = rn_learning_get_shown_shot (learning, 1);
  figure->percent = TRUE;
  figure->x_high = rn_learning_get_setup (learning)->epochs;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autofree char *title = rn_learn_get_title (learning, r);
      int n_epochs;
      const RnTrainerEpoch *epochs = rn_learning_get_epochs (learning, r, &n_epochs);

      add_training (figure, learning, r, title, dark);
      add_validation (figure, learning, r, title, dark);
      if (n_epochs > 0)
        figure->x_high = MAX (figure->x_high, epochs[n_epochs - 1].epoch);
    }
  figure->y_low = 0;
  figure->y_high = 1;
  if (shot != NULL && rn_learning_get_shown (learning) >= 0)
    figure->mark = shot->epoch;

  return figure;
}

static double
get_value (const RnLearnBar *bar, RnLearnQuantity quantity)
{
  return quantity == RN_LEARN_GRADIENTS ? bar->gradient : bar->response;
}

/* The largest and smallest of all shots, so that the axis does not jump while one looks. */
static void
fit_all (RnFigure *figure, RnLearning *learning, RnLearnQuantity quantity)
{
  double low = INFINITY, high = 0;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    for (int i = 0; i < rn_learning_get_n_shots (learning); i++)
      {
        const RnLearnShot *shot = rn_learning_get_shot (learning, r, i);

        for (int b = 0; shot != NULL && b < shot->n_bars; b++)
          {
            double y = get_value (&shot->bars[b], quantity);

            if (isfinite (y) && y > 0)
              {
                low = MIN (low, y);
                high = MAX (high, y);
              }
          }
      }
  if (high <= 0)
    low = 0.1, high = 1;
  rn_figure_fit_range (figure, low, high);
}

/**
 * rn_learn_figure_blocks:
 *
 * Returns: (transfer full): a bar for each block of each network, of the shot that is shown
 */
RnFigure *
rn_learn_figure_blocks (RnLearning *learning, RnLearnQuantity quantity, gboolean dark)
{
  RnFigure *figure = rn_figure_new (quantity == RN_LEARN_GRADIENTS
                                        ? _ ("Gradient that arrives at each block (norm)")
                                        : _ ("Response of each block (standard deviation)"),
                                    _ ("block, from the input"));
  int n_blocks = 1;

  figure->logarithmic = quantity == RN_LEARN_GRADIENTS;
  figure->whole = TRUE;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnLearnShot *shot = rn_learning_get_shown_shot (learning, r);
      g_autofree char *title = rn_learn_get_title (learning, r);
      int n = shot != NULL ? shot->n_bars : 0;
      RnFigureSeries *series =
          rn_figure_add (figure, title, RN_FIGURE_BARS, rn_learn_get_color (r, dark), n);

      n_blocks = MAX (n_blocks, MAX (n, rn_learning_get_n_blocks (learning, r)));
      for (int b = 0; b < n; b++)
        {
          series->points[b][0] = b + 1;
          series->points[b][1] = get_value (&shot->bars[b], quantity);
        }
    }
  figure->x_low = 0.4;
  figure->x_high = n_blocks + 0.6;
  fit_all (figure, learning, quantity);

  return figure;
}
