/* The inspector's pages, the picture's strip and what is laid over it, in process. */
#include "tests/window/fixture.h"

#include <math.h>

#include "engine/model/costs.h"
#include "tests/window/window-test.h"

static int
find_layer (Fixture *fixture, const char *name)
{
  return rn_model_find_layer (rn_document_get_model (fixture->document), name, NULL)->index;
}

static gboolean
has_three_pictures (Fixture *fixture)
{
  return g_list_model_get_n_items (rn_document_get_pictures (fixture->document)) == 3
         && !rn_document_get_busy (fixture->document);
}

static void
drop_three (Fixture *fixture)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GSList *files = NULL;

  files = g_slist_append (files, fixture_get_sample ("tench.png"));
  files = g_slist_append (files, fixture_get_sample ("church.png"));
  files = g_slist_append (files, fixture_get_sample ("golf-ball.png"));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_assert_true (fixture_drop (fixture, &value));
  g_slist_free_full (files, g_object_unref);
  fixture_wait (fixture, has_three_pictures, "three pictures");
  fixture_wait_run (fixture);
}

static void
test_strip (Fixture *fixture, gconstpointer unused)
{
  RnPictureStrip *strip = rn_picture_pane_get_strip (rn_window_get_picture (fixture->window));

  g_test_summary ("Pictures dropped together form a strip; actions switch, and the run follows");

  fixture_open_sample (fixture, "parachute.png");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (strip)));
  drop_three (fixture);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (strip)));
  g_assert_cmpint (rn_picture_strip_get_n (strip), ==, 3);
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "tench.png");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.next-picture", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.next-picture", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.next-picture", NULL);
  g_assert_cmpint (rn_document_get_picture_index (fixture->document), ==, 2);
  fixture_wait_run (fixture);
  g_assert_cmpstr (rn_document_get_picture_name (fixture->document), ==, "golf-ball.png");
  g_assert_true (rn_document_get_run (fixture->document)->picture
                 == rn_document_get_picture (fixture->document));
  fixture_screenshot (fixture, "strip");

  /* One alone takes their place. */
  fixture_open_sample (fixture, "parachute.png");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (strip)));
}

static gboolean
has_effective_field (Fixture *fixture)
{
  return rn_picture_pane_has_effective (rn_window_get_picture (fixture->window));
}

static void
test_field (Fixture *fixture, gconstpointer unused)
{
  RnPicturePane *pane = rn_window_get_picture (fixture->window);
  RnProbe probe = { .unit = { 10, 14, 3 }, .value = 1.5 };
  g_autofree RnReceptiveField *fields = NULL;
  graphene_rect_t box;

  g_test_summary ("The unit pointed at has its theoretical field and its effective one drawn");

  fixture_open_sample (fixture, "golf-ball.png");
  probe.layer = find_layer (fixture, "conv3_block2_add");
  fields = rn_model_get_receptive_fields (rn_document_get_model (fixture->document));
  g_assert_false (rn_picture_view_get_field (rn_picture_pane_get_view (pane), NULL));
  rn_document_set_probe (fixture->document, &probe);
  g_assert_true (rn_picture_view_get_field (rn_picture_pane_get_view (pane), &box));
  g_assert_cmpfloat (box.size.width, ==, fields[probe.layer].size[1]);
  g_assert_cmpfloat_with_epsilon (
      box.origin.y + box.size.height / 2 - 0.5,
      fields[probe.layer].start[0] + 10 * fields[probe.layer].stride[0], 0.01);
  fixture_wait (fixture, has_effective_field, "the effective field");
  g_assert_nonnull (strstr (rn_picture_pane_get_caption (pane), "path counts"));
  fixture_screenshot (fixture, "field");

  rn_document_set_probe (fixture->document, NULL);
  g_assert_false (rn_picture_view_get_field (rn_picture_pane_get_view (pane), NULL));
  g_assert_cmpstr (rn_picture_pane_get_caption (pane), ==, "");
}

#define ADD(path, id, func)                                                                        \
  g_test_add ("/inspector/" path, Fixture, id, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char *argv[])
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("strip", "resnet18", test_strip);
  ADD ("field", "resnet18", test_field);

  return g_test_run ();
}
