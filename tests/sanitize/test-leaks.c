/* A long session: does the window give back what it takes? tests/sanitize/valgrind runs the first of
 * these under Valgrind. */
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/patience.h"
#include "tests/window/fixture.h"

#define N_EACH 10
#define N_TOGGLES 100
#define SETTLE_MS 2000
#define PATIENCE_S test_patience_s (60)
/* The least network of these has 45 MiB of weights alone; GTK, fonts and icons keep 13 MiB. */
#define MAX_LEFT_MIB 40

static const char *const models[] = { "resnet18", "resnet50" };

static gboolean
shows_wanted_model (Fixture *fixture)
{
  RnRun *run = rn_document_get_run (fixture->document);

  return run != NULL && !rn_document_get_busy (fixture->document)
         && run->model == rn_document_get_model (fixture->document)
         && g_str_equal (rn_network_get_entry (rn_document_get_network (fixture->document))->id,
                         rn_document_get_model_id (fixture->document));
}

static void
toggle (Fixture *fixture, int i)
{
  rn_document_set_model_id (fixture->document, models[i % 2]);
  fixture_wait (fixture, shows_wanted_model, "the other model");
}

static void
test_session (Fixture *fixture, gconstpointer unused)
{
  static const char *const pictures[] = { "tench.png", "church.png", "golf-ball.png" };

  g_test_summary ("Ten pictures, ten toggles, ten files of weights, and quit");

  for (int i = 0; i < N_EACH; i++)
    fixture_open_sample (fixture, pictures[i % G_N_ELEMENTS (pictures)]);
  for (int i = 0; i < N_EACH; i++)
    toggle (fixture, i + 1);
  toggle (fixture, 0);
  for (int i = 0; i < N_EACH; i++)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (
          rn_document_get_data_dir (fixture->document), "weights", "resnet18.h5", NULL);
      RnNetwork *before = rn_document_get_network (fixture->document);

      rn_document_open (fixture->document, file);
      while (rn_document_get_network (fixture->document) == before
             || !shows_wanted_model (fixture))
        g_main_context_iteration (NULL, TRUE);
    }
}

typedef struct
{
  double held;     /* MiB that malloc() gave out and did not get back */
  double resident; /* MiB of the process in the machine's memory */
} Memory;

static Memory
measure_memory (void)
{
  gint64 end = g_get_monotonic_time () + (gint64) SETTLE_MS * 1000;
  g_autofree char *text = NULL;
  struct mallinfo2 info;
  long pages;

  /* Thumbnails that workers have made wait for the main loop. */
  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  /* What was freed but is kept for later is no leak. */
  malloc_trim (0);
  info = mallinfo2 ();
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*d %ld", &pages), ==, 1);

  return (Memory){ .held = (info.uordblks + info.hblkhd) / 1048576.0,
                   .resident = pages * (sysconf (_SC_PAGESIZE) / 1048576.0) };
}

static void
test_growth (Fixture *fixture, gconstpointer unused)
{
  Memory tenth = { 0 }, last;

  g_test_summary ("After the hundredth toggle the program takes what it took after the tenth");

  fixture_open_sample (fixture, "tench.png");
  for (int i = 1; i <= N_TOGGLES; i++)
    {
      toggle (fixture, i);
      if (i == 9 || i == 10) /* the thumbnails of either model are made by then */
        tenth = measure_memory ();
    }
  last = measure_memory ();
  g_test_message ("%.1f MiB held, %.1f MiB resident after 10 toggles; %.1f, %.1f MiB after %d",
                  tenth.held, tenth.resident, last.held, last.resident, N_TOGGLES);
#ifndef RN_SANITIZED /* a sanitizer keeps what is freed, to see whether it is used */
  g_assert_cmpfloat (last.held, <=, tenth.held * 1.05);
  /* Small blocks of several threads leave gaps that come and go. */
  g_assert_cmpfloat (last.resident, <=, tenth.resident * 1.1);
#endif
}

/* All networks end with the window, as soon as the work that was begun has noticed. */
static void
end (Fixture *fixture, gconstpointer unused)
{
  gint64 patience = g_get_monotonic_time () + (gint64) PATIENCE_S * G_USEC_PER_SEC;
  Memory left;

  fixture_tear_down (fixture, NULL);
  left = measure_memory ();
#ifndef RN_SANITIZED
  while (left.held > MAX_LEFT_MIB && g_get_monotonic_time () < patience)
    left = measure_memory ();
  g_assert_cmpfloat (left.held, <=, MAX_LEFT_MIB);
#endif
  g_test_message ("%.1f MiB held after the window's end", left.held);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }

  g_test_add ("/leaks/session", Fixture, "resnet18", fixture_set_up, test_session, end);
  g_test_add ("/leaks/growth", Fixture, "resnet18", fixture_set_up, test_growth, end);

  return g_test_run ();
}
