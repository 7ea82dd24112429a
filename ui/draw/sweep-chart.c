#include "ui/draw/sweep-chart.h"

#include <glib/gi18n.h>
#include <math.h>

static RnColor
rgb (guint32 color)
{
  return (RnColor) { (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
                     (color & 0xff) / 255.0, 1 };
}

/* Averaged over all pictures but @own. */
static double
get_mean_loss (const RnSweep *sweep, int block, int own)
{
  double loss = 0;
  int n = 0;

  for (int i = 0; i < sweep->n_pictures; i++)
    if (i != own)
      {
        loss += sweep->probability[i] - sweep->blocks[block].probability[i];
        n++;
      }

  return n > 0 ? loss / n : NAN;
}

static double
get_own_loss (const RnSweep *sweep, int block, int own)
{
  return sweep->probability[own] - sweep->blocks[block].probability[own];
}

static char *
get_label (const RnModel *model, int block)
{
  const RnStructure *structure = rn_model_get_structure (model);

  return rn_block_get_label (&structure->blocks[block], structure->stages);
}

/* Adds a series; its values are filled in by the caller. */
static double *
add_series (RnChart *chart, int s, char *name, guint32 color)
{
  chart->series[s].name = name;
  chart->series[s].color = rgb (color);

  return chart->series[s].values;
}

/**
 * rn_sweep_chart_new:
 * @model: the unedited model
 * @own: index of the picture that stands for itself, or -1; the others are averaged
 * @dark: for a dark ground
 *
 * Returns: (transfer full): for each block what the top class's probability loses, in percentage
 *   points
 */
RnChart *
rn_sweep_chart_new (const RnSweep *sweep,
                    RnEditKind kind,
                    const RnModel *model,
                    int own,
                    gboolean dark)
{
  int n_others = sweep->n_pictures - (own >= 0), s = 0;
  RnChart *chart = rn_chart_new (sweep->n_blocks, (own >= 0) + (n_others > 0));

  chart->title = g_strdup (kind == RN_EDIT_CUT_SHORTCUT
                               ? _ ("Lost by cutting the shortcut, in points")
                               : _ ("Lost by dropping the branch, in points"));
  chart->groups = g_new0 (int, sweep->n_blocks + 1);
  for (int b = 0; b < sweep->n_blocks; b++)
    {
      chart->categories[b] = get_label (model, b);
      chart->groups[b] = rn_model_get_structure (model)->blocks[b].stage;
    }
  if (own >= 0)
    {
      double *values = add_series (chart, s++, g_strdup (_ ("this picture")),
                                   dark ? 0x62a0ea : 0x1c71d8);

      for (int b = 0; b < sweep->n_blocks; b++)
        values[b] = 100 * get_own_loss (sweep, b, own);
    }
  if (n_others > 0)
    {
      double *values = add_series (
          chart, s, g_strdup_printf (ngettext ("%d picture", "mean of %d pictures", n_others), n_others),
          dark ? 0xff9f5a : 0xd2590a);

      for (int b = 0; b < sweep->n_blocks; b++)
        values[b] = 100 * get_mean_loss (sweep, b, own);
    }
  rn_chart_fit (chart);

  return chart;
}

static void
append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, ",%s", g_ascii_formatd (buffer, sizeof buffer, "%.6f", number));
}

/* As RFC 4180 has it. */
static void
append_text (GString *text, const char *field)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *doubled = NULL;

  if (strpbrk (field, ",\"\r\n") == NULL)
    {
      g_string_append (text, field);
      return;
    }
  parts = g_strsplit (field, "\"", -1);
  doubled = g_strjoinv ("\"\"", parts);
  g_string_append_printf (text, "\"%s\"", doubled);
}

/**
 * rn_sweep_write_csv:
 * @names: of the pictures
 *
 * Returns: (transfer full): a table, RFC 4180: one line for the whole network and one for each
 *   block: what it is called, the mean loss of the top class's probability, the share of pictures
 *   that another class comes first for, and what is left of each picture's probability
 */
char *
rn_sweep_write_csv (const RnSweep *sweep, RnEditKind kind, const RnModel *model, GPtrArray *names)
{
  GString *text = g_string_new ("edit,block,mean_loss,share_changed");

  for (int i = 0; i < sweep->n_pictures; i++)
    {
      g_string_append_c (text, ',');
      append_text (text, g_ptr_array_index (names, i));
    }
  g_string_append (text, "\r\nnone,");
  append_number (text, 0);
  append_number (text, 0);
  for (int i = 0; i < sweep->n_pictures; i++)
    append_number (text, sweep->probability[i]);
  g_string_append (text, "\r\n");
  for (int b = 0; b < sweep->n_blocks; b++)
    {
      g_autofree char *label = get_label (model, b);
      g_autofree char *edit =
          g_strdup_printf ("%s:%s", rn_edit_kind_get_name (kind),
                           rn_model_get_layer (model, sweep->blocks[b].add)->name);

      append_text (text, edit);
      g_string_append_printf (text, ",%s", label);
      append_number (text, rn_sweep_get_mean_loss (sweep, b));
      append_number (text, rn_sweep_get_share_changed (sweep, b));
      for (int i = 0; i < sweep->n_pictures; i++)
        append_number (text, sweep->blocks[b].probability[i]);
      g_string_append (text, "\r\n");
    }

  return g_string_free (text, FALSE);
}
