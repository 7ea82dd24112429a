#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "command.h"

/* Where a run is kept, in a folder of the test's own. */
typedef struct
{
  char *folder;
  char *file;
  char *checkpoint;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  place->folder = g_dir_make_tmp ("train-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->file = g_build_filename (place->folder, "net.h5", NULL);
  place->checkpoint = g_strconcat (place->file, ".checkpoint", NULL);
}

static void
tear_down (Place *place, gconstpointer data)
{
  g_unlink (place->file);
  g_unlink (place->checkpoint);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->file);
  g_free (place->checkpoint);
}

/* A file's checksum. */
static char *
get_sum (const char *path)
{
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, size);
}

static double
get_number (const char *line, const char *name)
{
  g_autoptr (JsonNode) root = json_from_string (line, NULL);

  g_assert_nonnull (root);
  g_assert_true (json_object_has_member (json_node_get_object (root), name));
  return json_object_get_double_member (json_node_get_object (root), name);
}

/* A run that goes on until it is told to stop, whose answers are read as they come. */
typedef struct
{
  GSubprocess *process;
  GDataInputStream *out;
  GPtrArray *losses; /* the lines so far but for how fast it was, an epoch each; borrowed */
} Running;

/* No file of a run can be longer where its disk is to be full; a checkpoint takes more. */
#define FULL_AT (16 << 10)

/* The signal that the limit sends is ignored, so that writing fails as it does on a full disk. */
static void
fill_disk (gpointer data)
{
  const struct rlimit limit = { FULL_AT, FULL_AT };

  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}

static GSubprocess *
start (int epochs, const char *options, gboolean disk_is_full)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *line =
      g_strdup_printf ("%s train plain8 --data shapes --shapes 100 --batch 10 --epochs %d --json %s",
                       g_getenv ("RN_RESNET"), epochs, options);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  GSubprocess *process;
  g_autoptr (GError) error = NULL;

  if (disk_is_full)
    g_subprocess_launcher_set_child_setup (launcher, fill_disk, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);

  return process;
}

static void
running_start (Running *self, GPtrArray *losses, const char *options, gboolean disk_is_full)
{
  self->process = start (10000, options, disk_is_full);
  self->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->losses = losses;
}

/* Waits for the line of the next epoch. Returns: whether one came before the end */
static gboolean
running_read_epoch (Running *self)
{
  g_autofree char *line = g_data_input_stream_read_line (self->out, NULL, NULL, NULL);

  if (line == NULL)
    return FALSE;
  g_ptr_array_add (self->losses,
                   g_strdup_printf ("%g %.17g %.17g %g", get_number (line, "epoch"),
                                    get_number (line, "loss"), get_number (line, "val_loss"),
                                    get_number (line, "val_error")));
  return TRUE;
}

/* Interrupts it and reads what it has done until it hears of it. Returns: what it says on stderr */
static char *
running_interrupt (Running *self, int status)
{
  g_autoptr (GOutputStream) said = g_memory_output_stream_new_resizable ();

  g_subprocess_send_signal (self->process, SIGINT);
  while (running_read_epoch (self))
    ;
  g_assert_cmpint (g_output_stream_splice (said, g_subprocess_get_stderr_pipe (self->process),
                                           G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL),
                   >=, 0);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_true (g_output_stream_write_all (said, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (said, NULL, NULL));
  g_clear_object (&self->out);
  g_test_message ("%s", (char *) g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (said)));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, status);
  g_clear_object (&self->process);

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (said));
}

/* Asserts that a run that nothing interrupts learns the same as those before, to the last digit. */
static void
assert_as_if_whole (GPtrArray *losses, const char *options)
{
  g_autoptr (GPtrArray) whole = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *said = NULL;
  Running run;

  running_start (&run, whole, options, FALSE);
  while (whole->len < losses->len)
    g_assert_true (running_read_epoch (&run));
  for (guint i = 0; i < losses->len; i++)
    g_assert_cmpstr (losses->pdata[i], ==, whole->pdata[i]);
  said = running_interrupt (&run, 0);
  g_assert_nonnull (strstr (said, "nothing was kept, since there is no -o"));
}

static void
test_interrupt (Place *place, gconstpointer data)
{
  g_autofree char *options = g_strdup_printf ("--seed 5 -o %s", place->file);
  g_autofree char *resume = g_strdup_printf ("%s --resume", options);
  g_autofree char *summary = g_strdup_printf ("summary %s", place->file);
  g_autoptr (GPtrArray) losses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CommandResult) read = NULL;

  g_test_summary ("Ctrl+C keeps run and network; resumed, it learns to the bit what it would have");

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *said = NULL;
      Running run;

      running_start (&run, losses, i == 0 ? options : resume, FALSE);
      g_assert_true (running_read_epoch (&run));
      said = running_interrupt (&run, 0);
      g_assert_cmpstr (said, ==, "resnet train: interrupted; --resume goes on from here\n");
    }
  assert_as_if_whole (losses, "--seed 5");
  read = command_run (summary);
  g_assert_cmpint (read->status, ==, 0);
}

/* Asserts that @said has a line for each epoch that could not be kept, and the @last one. */
static void
assert_full (const char *said, guint n_epochs, const char *last)
{
  g_auto (GStrv) lines = g_strsplit (said, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, n_epochs + 2);
  for (guint i = 0; i <= n_epochs; i++)
    {
      g_assert_nonnull (strstr (lines[i], "net.h5.checkpoint"));
      g_assert_nonnull (strstr (lines[i], g_strerror (EFBIG)));
      g_assert_nonnull (strstr (lines[i], i < n_epochs ? "the run goes on" : last));
    }
}

static void
test_full_disk (Place *place, gconstpointer data)
{
  g_autofree char *options = g_strdup_printf ("--seed 6 -o %s", place->file);
  g_autofree char *resume = g_strdup_printf ("%s --resume", options);
  g_autoptr (GPtrArray) losses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) lost = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *at_first = NULL;
  g_autofree char *begun = NULL;
  g_autofree char *full = NULL;
  g_autofree char *resumed = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *sum_after = NULL;
  Running run;

  g_test_summary ("On a full disk a run goes on, says so, and leaves what was kept as it was");

  /* Full from the first epoch on: nothing is there to go on from, and nothing is left behind. */
  running_start (&run, lost, options, TRUE);
  g_assert_true (running_read_epoch (&run));
  at_first = running_interrupt (&run, 1);
  assert_full (at_first, lost->len, "the run was not kept");
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_assert_cmpint (g_mkdir (place->folder, 0700), ==, 0);

  /* Full later. */
  running_start (&run, losses, options, FALSE);
  g_assert_true (running_read_epoch (&run));
  begun = running_interrupt (&run, 0);
  sum = get_sum (place->checkpoint);
  g_ptr_array_set_size (lost, 0);
  running_start (&run, lost, resume, TRUE);
  g_assert_true (running_read_epoch (&run));
  full = running_interrupt (&run, 1);
  assert_full (full, lost->len, "--resume goes on from what was kept before");
  sum_after = get_sum (place->checkpoint);
  g_assert_cmpstr (sum_after, ==, sum);

  /* There is room again. */
  running_start (&run, losses, resume, FALSE);
  g_assert_true (running_read_epoch (&run));
  resumed = running_interrupt (&run, 0);
  assert_as_if_whole (losses, "--seed 6");
}

/* Runs one epoch. Returns: what it says on stderr */
static char *
run_epoch (const char *options, gboolean disk_is_full, int status)
{
  g_autoptr (GSubprocess) process = start (1, options, disk_is_full);
  char *said = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &said, NULL));
  g_test_message ("%s", said);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, status);

  return said;
}

static void
test_full_at_end (Place *place, gconstpointer data)
{
  g_autofree char *begin = g_strdup_printf ("--checkpoint %s", place->checkpoint);
  g_autofree char *end = g_strdup_printf ("%s --resume -o %s", begin, place->file);
  g_autofree char *begun = run_epoch (begin, FALSE, 0);
  g_autofree char *full = run_epoch (end, TRUE, 1);
  g_autofree char *again = NULL;

  g_test_summary ("Where the network finds no room the run stays, and writes it once there is some");

  g_assert_cmpstr (begun, ==, "");
  g_assert_true (g_str_has_suffix (full, "the run was kept: --resume tries that again\n"));
  g_assert_nonnull (strstr (full, place->file));
  g_assert_true (strchr (full, '\n') == full + strlen (full) - 1);
  g_assert_false (g_file_test (place->file, G_FILE_TEST_EXISTS));
  again = run_epoch (end, FALSE, 0);
  g_assert_cmpstr (again, ==, "");
  g_assert_true (g_file_test (place->file, G_FILE_TEST_EXISTS));
}

#define ADD(path, func) g_test_add (path, Place, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/cli/train-stops/interrupt", test_interrupt);
  ADD ("/cli/train-stops/full-disk", test_full_disk);
  ADD ("/cli/train-stops/full-at-end", test_full_at_end);

  return g_test_run ();
}
