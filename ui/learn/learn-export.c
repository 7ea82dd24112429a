#include "ui/learn/learn-export.h"

#include <string.h>

#include "ui/draw/file-output.h"
#include "ui/learn/learn-figures.h"

/* Returns: (transfer full): a file's name that says which networks it is of */
char *
rn_learn_export_suggest_name (RnLearning *self, const char *what)
{
  const char *const *nets = (const char *const *)rn_learning_get_setup (self)->nets;

  if (g_str_has_suffix (what, ".h5"))
    return g_strdup_printf ("%s.h5", nets[what[0] == 'b']);

  return g_strdup_printf ("%s-%s-%s", nets[0], nets[1], what);
}

static gboolean
save_table (char *table, const char *path, GError **error)
{
  gboolean saved = rn_file_output_write (path, table, strlen (table), error);

  g_free (table);

  return saved;
}

/**
 * rn_learn_export:
 * @what: errors.png, errors.csv, gradients.png, responses.png, blocks.csv, maps.png or maps.csv
 * @path: where to; written whole or not at all
 */
gboolean
rn_learn_export (RnLearning *learning, const char *what, const char *path, GError **error)
{
  g_autoptr (RnFigure) figure = NULL;

  if (g_str_equal (what, "errors.csv"))
    return save_table (rn_learn_table_errors (learning), path, error);
  if (g_str_equal (what, "blocks.csv"))
    return save_table (rn_learn_table_blocks (learning), path, error);
  if (g_str_equal (what, "maps.csv"))
    return save_table (rn_learn_table_maps (learning), path, error);
  if (g_str_equal (what, "maps.png"))
    return rn_learn_maps_write_png (learning, path, error);
  if (g_str_equal (what, "gradients.png"))
    figure = rn_learn_figure_blocks (learning, RN_LEARN_GRADIENTS, FALSE);
  else if (g_str_equal (what, "responses.png"))
    figure = rn_learn_figure_blocks (learning, RN_LEARN_RESPONSES, FALSE);
  else
    figure = rn_learn_figure_errors (learning, FALSE);

  return rn_figure_write_png (figure, path, error);
}
