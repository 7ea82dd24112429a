/* The window in which a network is taught one's own classes. */
#include "tests/remove-tree.h"
#include "tests/window/fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "tests/unit/teach/views.h"
#include "tests/window/window-test.h"
#include "ui/teach/teach-actions.h"
#include "ui/teach/teach-tile.h"

#define N_VIEWS 4

static char *folder;

static RnTeaching *
get_teaching (Fixture *fixture)
{
  return rn_teach_actions_get_teaching (GTK_APPLICATION_WINDOW (fixture->window));
}

static RnTeachWindow *
get_view (Fixture *fixture)
{
  return rn_teach_actions_get_window (GTK_APPLICATION_WINDOW (fixture->window));
}

static RnTeachTrial *
get_trial (Fixture *fixture)
{
  return rn_teach_window_get_trial (get_view (fixture));
}

static void
open_view (Fixture *fixture)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.teach", NULL));
  g_assert_nonnull (get_view (fixture));
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_view (fixture)), action, NULL));
}

static gboolean
is_settled (Fixture *fixture)
{
  return !rn_teaching_is_busy (get_teaching (fixture));
}

static void
wait_settled (Fixture *fixture)
{
  fixture_wait (fixture, is_settled, "all pictures to be looked at");
}

static void
shoot (Fixture *fixture, const char *name)
{
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (get_view (fixture)), name);
}

/* Drops files as GTK does, on a widget that takes them. */
static void
drop (GtkWidget *widget, GSList *files)
{
  GtkEventController *target = rn_window_test_controller (widget, GTK_TYPE_DROP_TARGET);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean accepted = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);
  g_signal_emit_by_name (target, "drop", &value, 10.0, 10.0, &accepted);
  g_assert_true (accepted);
}

static void
drop_views (GtkWidget *widget, const char *sample, int first, int n)
{
  GSList *files = NULL;

  for (int i = first; i < first + n; i++)
    files = g_slist_append (files, teach_views_make (folder, sample, i));
  drop (widget, files);
  g_slist_free_full (files, g_object_unref);
}

static void
name_card (RnTeachCard *card, const char *name)
{
  gtk_editable_set_text (rn_teach_card_get_name (card), name);
  g_signal_emit_by_name (rn_teach_card_get_name (card), "activate");
}

static GtkWidget *
get_card (Fixture *fixture, int i)
{
  return GTK_WIDGET (rn_teach_window_get_card (get_view (fixture), i));
}

/* Golf balls and churches. */
static void
teach_two (Fixture *fixture)
{
  open_view (fixture);
  name_card (RN_TEACH_CARD (get_card (fixture, 0)), "ball");
  name_card (RN_TEACH_CARD (get_card (fixture, 1)), "church");
  drop_views (get_card (fixture, 0), "golf-ball", 0, N_VIEWS);
  drop_views (get_card (fixture, 1), "church", 0, N_VIEWS);
  wait_settled (fixture);
}

static gboolean
can (Fixture *fixture, const char *action)
{
  g_autofree char *name = g_strconcat ("teach.", action, NULL);

  /* An action that is not enabled is not activated; "dismiss" shows that asking does no harm. */
  return gtk_widget_activate_action (GTK_WIDGET (get_view (fixture)), name, NULL);
}

static void
test_opens (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *view;

  g_test_summary ("The menu opens one window, with two empty boxes, and says what to do; what is "
                  "taught stays when it is closed");

  open_view (fixture);
  view = GTK_WIDGET (get_view (fixture));
  open_view (fixture);
  g_assert_true (view == GTK_WIDGET (get_view (fixture)));
  g_assert_nonnull (get_card (fixture, 1));
  g_assert_null (get_card (fixture, 2));
  g_assert_nonnull (strstr (rn_teach_window_get_status (get_view (fixture)), "Drop pictures"));
  g_assert_true (can (fixture, "dismiss"));
  g_assert_null (rn_teach_window_get_message (get_view (fixture)));
  shoot (fixture, "teach-empty");

  drop_views (get_card (fixture, 0), "tench", 0, 2);
  wait_settled (fixture);
  gtk_window_destroy (GTK_WINDOW (get_view (fixture)));
  g_assert_null (get_view (fixture));
  open_view (fixture);
  g_assert_cmpstr (rn_teach_card_get_counted (RN_TEACH_CARD (get_card (fixture, 0))), ==,
                   "2 pictures");
  g_assert_nonnull (strstr (rn_teach_window_get_status (get_view (fixture)), "One class only"));
}

static gboolean
spins (Fixture *fixture)
{
  return gtk_spinner_get_spinning (GTK_SPINNER (gtk_widget_get_template_child (
      GTK_WIDGET (get_view (fixture)), RN_TYPE_TEACH_WINDOW, "spinner")));
}

static void
test_late_picture (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) sample = fixture_get_sample ("church.png");
  GtkWidget *button;

  g_test_summary ("The main window's picture can be asked about as soon as it is there, run or "
                  "not; that it is being looked at is to be seen");

  open_view (fixture);
  button = rn_window_test_find_button (GTK_WIDGET (get_view (fixture)), "teach.shown-picture");
  g_assert_false (gtk_widget_is_sensitive (button));
  rn_document_open (fixture->document, sample);
  fixture_wait (fixture, fixture_has_picture, "a picture");
  g_assert_null (rn_document_get_run (fixture->document));
  g_assert_true (gtk_widget_is_sensitive (button));
  act (fixture, "teach.shown-picture");
  g_assert_true (rn_teaching_is_busy (get_teaching (fixture)));
  g_assert_true (spins (fixture));
  wait_settled (fixture);
  g_assert_false (spins (fixture));
  g_assert_cmpstr (rn_teach_picture_get_name (rn_teaching_get_test (get_teaching (fixture))), ==,
                   "church.png");
}

static void
test_learns (Fixture *fixture, gconstpointer unused)
{
  RnTeachConfusion *confusion;
  const char *percent;

  g_test_summary ("Pictures dropped into two boxes become answers about a third, a confusion and "
                  "an accuracy, with either network");

  teach_two (fixture);
  confusion = rn_teach_trial_get_confusion (get_trial (fixture));
  g_assert_cmpstr (rn_teach_confusion_get_cell (confusion, 0, 0), ==, G_STRINGIFY (N_VIEWS));
  g_assert_cmpstr (rn_teach_confusion_get_cell (confusion, 0, 1), ==, "0");
  g_assert_nonnull (strstr (rn_teach_window_get_status (get_view (fixture)), "8 of 8 pictures"));
  g_assert_null (rn_teach_trial_get_answer (get_trial (fixture), 0, &percent));

  drop_views (rn_teach_trial_get_test (get_trial (fixture)), "church", 6, 1);
  wait_settled (fixture);
  g_assert_cmpstr (rn_teach_trial_get_answer (get_trial (fixture), 0, &percent), ==, "church");
  g_assert_cmpstr (rn_teach_trial_get_answer (get_trial (fixture), 1, &percent), ==, "ball");
  g_assert_null (rn_teach_trial_get_answer (get_trial (fixture), 2, &percent));
  shoot (fixture, "teach-two");

  rn_teaching_set_base (get_teaching (fixture), "resnet50");
  wait_settled (fixture);
  g_assert_cmpstr (rn_teach_trial_get_answer (get_trial (fixture), 0, &percent), ==, "church");
}

static void
test_mistakes (Fixture *fixture, gconstpointer unused)
{
  GtkFlowBox *mistakes;
  GtkFlowBoxChild *tile;

  g_test_summary ("A picture in the wrong box is marked and listed; taken out by its tile it is "
                  "gone from both");

  teach_two (fixture);
  mistakes = rn_teach_trial_get_mistakes (get_trial (fixture));
  g_assert_null (gtk_flow_box_get_child_at_index (mistakes, 0));
  drop_views (get_card (fixture, 0), "church", 8, 1);
  wait_settled (fixture);
  g_assert_cmpstr (rn_teach_card_get_counted (RN_TEACH_CARD (get_card (fixture, 0))), ==,
                   "5 pictures, 1 taken for another");
  tile = gtk_flow_box_get_child_at_index (
      rn_teach_card_get_tiles (RN_TEACH_CARD (get_card (fixture, 0))), N_VIEWS);
  g_assert_true (rn_teach_tile_is_wrong (RN_TEACH_TILE (tile)));
  g_assert_true (rn_teach_tile_get_picture (RN_TEACH_TILE (gtk_flow_box_get_child_at_index (
                     mistakes, 0))) == rn_teach_tile_get_picture (RN_TEACH_TILE (tile)));
  shoot (fixture, "teach-mistake");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (tile), "tile.remove", NULL));
  wait_settled (fixture);
  g_assert_null (gtk_flow_box_get_child_at_index (mistakes, 0));
  g_assert_cmpstr (rn_teach_card_get_counted (RN_TEACH_CARD (get_card (fixture, 0))), ==,
                   "4 pictures");
}

static void
test_boxes (Fixture *fixture, gconstpointer unused)
{
  RnTeachCard *card;

  g_test_summary ("Boxes come and go; a name that another has is refused with a sentence");

  open_view (fixture);
  act (fixture, "teach.add");
  card = RN_TEACH_CARD (get_card (fixture, 2));
  g_assert_cmpstr (gtk_editable_get_text (rn_teach_card_get_name (card)), ==, "class 3");
  name_card (card, "class 1");
  g_assert_nonnull (strstr (rn_teach_window_get_message (get_view (fixture)), "class 1"));
  g_assert_cmpstr (rn_teach_box_get_name (rn_teach_card_get_box (card)), ==, "class 3");
  act (fixture, "teach.dismiss");
  name_card (card, "mine");
  g_assert_null (rn_teach_window_get_message (get_view (fixture)));
  g_assert_cmpstr (rn_teach_box_get_name (rn_teach_card_get_box (card)), ==, "mine");
  g_assert_true (gtk_widget_activate_action (get_card (fixture, 0), "card.remove", NULL));
  g_assert_true (get_card (fixture, 1) == GTK_WIDGET (card));
  g_assert_null (get_card (fixture, 2));
}

static void
test_bad (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (folder, "broken.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GSList) files = g_slist_append (NULL, file);

  g_test_summary ("A file that is no picture is named, and the boxes stay as they were");

  g_assert_true (g_file_set_contents (path, "no picture", -1, NULL));
  open_view (fixture);
  drop (get_card (fixture, 0), files);
  drop (rn_teach_trial_get_test (get_trial (fixture)), files);
  wait_settled (fixture);
  g_assert_nonnull (strstr (rn_teach_window_get_message (get_view (fixture)), "broken.png"));
  g_assert_cmpstr (rn_teach_card_get_counted (RN_TEACH_CARD (get_card (fixture, 0))), ==,
                   "0 pictures");
  g_assert_null (rn_teaching_get_test (get_teaching (fixture)));
  act (fixture, "teach.dismiss");
  act (fixture, "teach.add");
  g_assert_null (rn_teach_window_get_message (get_view (fixture)));
}

static gboolean
has_message (Fixture *fixture)
{
  return rn_teach_window_get_message (get_view (fixture)) != NULL;
}

static gboolean
has_new_classes (Fixture *fixture)
{
  RnRun *run = rn_document_get_run (fixture->document);

  return run != NULL && !rn_document_get_busy (fixture->document) &&
         g_strcmp0 (rn_prediction_list_get_label (rn_window_get_predictions (fixture->window), 0),
                    "church") == 0;
}

static void
test_saves (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (folder, "mine.h5", NULL);
  g_autofree char *nowhere_path = g_build_filename (folder, "no", "where.h5", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) nowhere = g_file_new_for_path (nowhere_path);

  g_test_summary ("What is saved opens in the main window and names its picture; a place that "
                  "cannot be written is said, and what was taught is kept");

  fixture_open_sample (fixture, "church.png");
  teach_two (fixture);
  rn_teach_window_save (get_view (fixture), nowhere);
  fixture_wait (fixture, has_message, "a message");
  g_assert_nonnull (strstr (rn_teach_window_get_message (get_view (fixture)), "where.h5"));
  g_assert_true (rn_teaching_is_unsaved (get_teaching (fixture)));
  act (fixture, "teach.dismiss");

  rn_teach_window_save (get_view (fixture), file);
  fixture_wait (fixture, has_message, "a message");
  g_assert_nonnull (strstr (rn_teach_window_get_message (get_view (fixture)), "mine.h5"));
  g_assert_false (rn_teaching_is_unsaved (get_teaching (fixture)));
  act (fixture, "teach.open-saved");
  fixture_wait (fixture, has_new_classes, "the new classes");
  fixture_screenshot (fixture, "teach-opened");
}

static GtkWindow *
find_question (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (GTK_IS_MESSAGE_DIALOG (l->data) && gtk_widget_get_visible (l->data))
      return l->data;

  return NULL;
}

static void
test_asks (Fixture *fixture, gconstpointer unused)
{
  g_test_summary (
      "The main window asks before it closes over classes that are not saved, once, and "
      "stays where that is not answered with yes");

  teach_two (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_nonnull (find_question ());
  gtk_dialog_response (GTK_DIALOG (find_question ()), GTK_RESPONSE_CANCEL);
  g_assert_null (find_question ());
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  g_assert_nonnull (get_view (fixture));
}

int
main (int argc, char **argv)
{
  int status;

  if (!rn_window_test_init (&argc, &argv))
    return 0;
  folder = g_dir_make_tmp ("teach-XXXXXX", NULL);
  g_assert_nonnull (folder);

#define ADD(path, function)                                                                        \
  g_test_add ("/window/teach/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("opens", test_opens);
  ADD ("late-picture", test_late_picture);
  ADD ("learns", test_learns);
  ADD ("mistakes", test_mistakes);
  ADD ("boxes", test_boxes);
  ADD ("bad", test_bad);
  ADD ("saves", test_saves);
  ADD ("asks", test_asks);
  status = g_test_run ();
  test_remove_tree (folder);
  g_free (folder);

  return status;
}
