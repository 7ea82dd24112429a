#include "tests/window/fixture.h"

#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "tests/window/window-test.h"
#include "ui/compare/aligned-row.h"
#include "ui/compare/compare-window.h"

static RnCompareWindow *
find_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (RN_IS_COMPARE_WINDOW (window))
        return RN_COMPARE_WINDOW (window);
    }

  return NULL;
}

static gboolean
has_model (Fixture *fixture)
{
  return rn_document_get_network (fixture->document) != NULL;
}

static gboolean
has_compared (Fixture *fixture)
{
  return !rn_compare_window_is_busy (find_window ());
}

static RnCompareWindow *
open_comparison (Fixture *fixture)
{
  fixture_wait (fixture, has_model, "the model");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "compare", NULL);
  g_assert_nonnull (find_window ());
  fixture_wait (fixture, has_compared, "the comparison");

  return find_window ();
}

static int
count_differences (RnCompareWindow *window)
{
  return rn_comparison_get_n (rn_compare_window_get_result (window)->comparison);
}

static RnAlignedRow *
get_selected (RnCompareWindow *window)
{
  g_autoptr (RnAlignedRow) row = g_list_model_get_item (rn_compare_window_get_rows (window),
                                                        rn_compare_window_get_selected (window));

  return row; /* which the list keeps */
}

static void
test_open (Fixture *fixture, gconstpointer unused)
{
  RnCompareWindow *window = open_comparison (fixture);
  RnAlignedRow *first, *second;
  int selected;

  g_test_summary ("What is shown stands beside another model; the list jumps to each place");

  rn_compare_window_choose (window, 0, "resnet50");
  rn_compare_window_choose (window, 1, "resnet50-rebuilt");
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_cmpint (count_differences (window), ==, 1);
  g_assert_nonnull (strstr (rn_compare_window_get_verdict (window), "as many parameters"));

  first = get_selected (window);
  selected = rn_compare_window_get_selected (window);
  g_assert_cmpint (first->mark, ==, RN_MARK_EXTRA);
  g_assert_cmpint (first->sides[0].layer, ==, -1);
  g_assert_cmpstr (first->sides[1].detail, ==, "relu");
  gtk_widget_activate_action (GTK_WIDGET (window), "compare.next-place", NULL);
  second = get_selected (window);
  g_assert_cmpint (second->mark, ==, RN_MARK_EXTRA);
  g_assert_true (second != first);
  gtk_widget_activate_action (GTK_WIDGET (window), "compare.previous-place", NULL);
  g_assert_cmpint (rn_compare_window_get_selected (window), ==, selected);
  rn_window_test_shoot (GTK_WIDGET (window), "compare");
}

static void
test_swap (Fixture *fixture, gconstpointer unused)
{
  RnCompareWindow *window = open_comparison (fixture);

  g_test_summary ("Swapped sides turn extra layers into missing ones");

  rn_compare_window_choose (window, 0, "plain20");
  rn_compare_window_choose (window, 1, "resnet20-paper");
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_cmpint (get_selected (window)->mark, ==, RN_MARK_EXTRA);
  gtk_widget_activate_action (GTK_WIDGET (window), "compare.swap", NULL);
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_cmpint (get_selected (window)->mark, ==, RN_MARK_MISSING);

  rn_compare_window_choose (window, 0, "resnet20-paper");
  rn_compare_window_choose (window, 1, "resnet20");
  fixture_wait (fixture, has_compared, "the comparison");
  rn_window_test_shoot (GTK_WIDGET (window), "compare-resnet20");
}

static void
test_file (Fixture *fixture, gconstpointer unused)
{
  RnCompareWindow *window = open_comparison (fixture);
  g_autofree char *folder = g_dir_make_tmp ("rn-compare-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mine.json", NULL);
  g_autofree char *bad = g_build_filename (folder, "bad.json", NULL);
  g_autoptr (RnModel) model = rn_catalog_build ("resnet20", &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) bad_file = g_file_new_for_path (bad);

  g_test_summary ("A file is recognised; one that is none is told, and does no harm");

  g_assert_true (rn_model_write_keras_json (model, path, NULL));
  g_assert_true (g_file_set_contents (bad, "{", -1, NULL));
  rn_compare_window_choose (window, 0, NULL);
  rn_compare_window_choose_file (window, 1, file);
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_cmpstr (rn_compare_window_get_verdict (window), ==, "The same: no difference");
  g_assert_true (g_str_has_prefix (rn_compare_window_get_result (window)->title_a, "resnet20 ("));

  rn_compare_window_choose_file (window, 1, bad_file);
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_null (rn_compare_window_get_result (window));
  g_assert_nonnull (strstr (rn_compare_window_get_message (window), "bad.json"));

  rn_compare_window_choose (window, 1, "resnet20");
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_nonnull (rn_compare_window_get_result (window));
  g_unlink (path);
  g_unlink (bad);
  g_rmdir (folder);
}

static GFile *
write_weights (const char *folder, const char *name, guint32 seed)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (RnModel) model = rn_catalog_build ("resnet20", &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (RnWeights) weights = rn_weights_new_random (model, seed, NULL);
  g_autoptr (RnBinding) binding = rn_binding_new (model, weights, NULL);
  g_autofree char *config = rn_model_to_keras_json (model, NULL);

  g_assert_true (rn_keras_hdf5_write (binding, config, path, NULL));

  return g_file_new_for_path (path);
}

static void
test_weights (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-compare-XXXXXX", NULL);
  g_autoptr (GFile) a = write_weights (folder, "a.h5", 1);
  g_autoptr (GFile) b = write_weights (folder, "b.h5", 2);
  RnCompareWindow *window = open_comparison (fixture);
  const RnCompareResult *result;
  int n;

  g_test_summary ("Where both files have weights, both run on the picture, and part somewhere");

  fixture_open_sample (fixture, "tench.png");
  rn_compare_window_choose_file (window, 0, a);
  rn_compare_window_choose_file (window, 1, b);
  fixture_wait (fixture, has_compared, "the comparison");
  result = rn_compare_window_get_result (window);
  g_assert_nonnull (result->deviations);
  n = rn_comparison_get_n (result->comparison);
  g_assert_cmpint (n, ==, 2);
  g_assert_cmpstr (rn_comparison_get (result->comparison, 0)->kind, ==, "weights");
  g_assert_cmpstr (rn_comparison_get (result->comparison, 1)->kind, ==, "activations");
  g_assert_nonnull (get_selected (window)->numbers);
  rn_window_test_shoot (GTK_WIDGET (window), "compare-weights");

  rn_compare_window_choose_file (window, 1, a);
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_cmpstr (rn_compare_window_get_verdict (window), ==, "The same: no difference");
  g_file_delete (a, NULL, NULL);
  g_file_delete (b, NULL, NULL);
  g_rmdir (folder);
}

static void
test_late_picture (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-compare-XXXXXX", NULL);
  g_autoptr (GFile) a = write_weights (folder, "a.h5", 1);
  g_autoptr (GFile) b = write_weights (folder, "b.h5", 2);
  RnCompareWindow *window = open_comparison (fixture);

  g_test_summary ("The first picture is run by both, though they were compared before it came");

  rn_compare_window_choose_file (window, 0, a);
  rn_compare_window_choose_file (window, 1, b);
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_null (rn_compare_window_get_result (window)->deviations);
  fixture_open_sample (fixture, "tench.png");
  fixture_wait (fixture, has_compared, "the comparison on a picture");
  g_assert_nonnull (rn_compare_window_get_result (window)->deviations);
  g_file_delete (a, NULL, NULL);
  g_file_delete (b, NULL, NULL);
  g_rmdir (folder);
}

static void
test_fold (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (RnModel) a = rn_catalog_build ("resnet20-paper", &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (RnModel) b = rn_catalog_build ("resnet20", &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (RnComparison) comparison = rn_comparison_new (a, b);
  g_autoptr (RnComparison) same = rn_comparison_new (a, a);
  g_autoptr (GListModel) all = rn_aligned_rows_new (comparison, NULL, FALSE);
  g_autoptr (GListModel) one = rn_aligned_rows_new (same, NULL, TRUE);
  g_autoptr (RnAlignedRow) row = g_list_model_get_item (one, 0);
  int n, n_lanes = 0;

  g_test_summary ("Rows follow the pairs; what is the same folds into one, shortcuts run beside");

  rn_comparison_get_pairs (comparison, &n);
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, n);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (RnAlignedRow) item = g_list_model_get_item (all, i);

      g_assert_cmpint (item->first, ==, i);
      g_assert_cmpint (rn_aligned_rows_find (all, i), ==, i);
      n_lanes += (item->sides[0].lane & RN_LANE_TO) != 0;
    }
  g_assert_cmpint (n_lanes, ==, 9);
  g_assert_cmpuint (g_list_model_get_n_items (one), ==, 1);
  g_assert_cmpint (row->mark, ==, RN_MARK_SAME);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/compare/" name, Fixture, "resnet18", fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("open", test_open);
  ADD ("swap", test_swap);
  ADD ("file", test_file);
  ADD ("weights", test_weights);
  ADD ("late-picture", test_late_picture);
  ADD ("fold", test_fold);

  return g_test_run ();
}
