#include "ui/pictures/picture-reader.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "engine/formats/reader.h"
#include "ui/pictures/picture-loader.h"

typedef struct
{
  char *folder;
  RnPictureReader *reader;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("rn-pictures-XXXXXX", NULL);
  fixture->reader = rn_picture_reader_new_beside (g_getenv ("RN_READER"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  rn_picture_reader_unref (fixture->reader);
}

static RnPicture *
load (Fixture *fixture, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return rn_picture_reader_load (fixture->reader, file, cancellable, error);
}

static char *
golden_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "golden", "pictures", name, NULL);
}

/* Number of a process whose parent is @parent and whose name begins with @name; 0: none. */
static int
find_process (int parent, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *entry;

  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", entry, "stat", NULL);
      g_autofree char *text = NULL;
      const char *command, *behind;
      int its_parent;

      if (!g_ascii_isdigit (entry[0]) || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      command = strchr (text, '(');
      behind = strrchr (text, ')');
      if (command == NULL || behind == NULL || !g_str_has_prefix (command + 1, name))
        continue;
      if (sscanf (behind, ") %*c %d", &its_parent) == 1 && its_parent == parent)
        return atoi (entry);
    }

  return 0;
}

/* The kernel keeps 15 characters of a name. */
static int
find_reader (void)
{
  return find_process (getpid (), "resnet-picture-");
}

static void
test_same (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "plain.png", "palette.png", "plain.webp", "plain.jpg",
                                       "alpha.png", "gray.png",    "turned-6.jpg" };

  g_test_summary ("Another process decodes every kind of picture to the same bytes");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = golden_path (names[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) here_error = NULL;
      g_autoptr (RnPicture) here = rn_picture_load (path, &here_error);
      g_autoptr (RnPicture) there = load (fixture, path, NULL, &error);

      if (here == NULL)
        {
          g_assert_cmpstr (error->message, ==, here_error->message);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpmem (there->rgb, there->width * there->height * 3, here->rgb,
                       here->width * here->height * 3);
    }
}

static void
test_messages (Fixture *fixture, gconstpointer data)
{
  g_autofree char *claims = golden_path ("claims.png");
  g_autofree char *bomb = golden_path ("bomb.png");
  g_autofree char *text = g_test_build_filename (G_TEST_DIST, "golden", "README.md", NULL);
  const char *const paths[] = { claims, bomb, text, fixture->folder, "/no/such.png", "/dev/null" };

  g_test_summary ("What cannot be decoded gives the same message as within this process");

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) here = NULL;
      g_autoptr (GError) there = NULL;

      g_assert_null (rn_picture_load (paths[i], &here));
      g_assert_null (load (fixture, paths[i], NULL, &there));
      g_assert_cmpstr (there->message, ==, here->message);
      g_assert_true (there->domain == here->domain);
      g_assert_cmpint (there->code, ==, here->code);
    }
}

static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = golden_path ("plain.png");
  g_autofree char *content = NULL;
  gsize size;

  g_test_summary ("Bytes that come without a file give the same picture, cut off the same message");

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  for (int part = 0; part < 3; part++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (content, size * part / 2);
      g_autoptr (GError) here_error = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (RnPicture) here = rn_picture_load_bytes (bytes, "a drop", &here_error);
      g_autoptr (RnPicture) there =
          rn_picture_reader_load_bytes (fixture->reader, bytes, "a drop", NULL, &error);

      g_assert_true ((there == NULL) == (part < 2));
      if (there == NULL)
        g_assert_cmpstr (error->message, ==, here_error->message);
      else
        g_assert_cmpmem (there->rgb, there->width * there->height * 3, here->rgb,
                         here->width * here->height * 3);
    }
}

static void
test_one_process (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = golden_path ("plain.png");
  gint64 start;
  int first = 0;

  g_test_summary ("One process serves many pictures, a new one comes where it was killed");

  start = g_get_monotonic_time ();
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnPicture) picture = load (fixture, path, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (picture);
      if (i == 0)
        {
          g_test_message ("%.1f ms for the first picture",
                          (g_get_monotonic_time () - start) / 1e3);
          start = g_get_monotonic_time ();
          first = find_reader ();
          g_assert_cmpint (first, >, 0);
        }
      if (i == 50)
        {
          g_assert_cmpint (find_reader (), ==, first);
          g_test_message ("%.2f ms for each other picture",
                          (g_get_monotonic_time () - start) / 50e3);
          kill (first, SIGKILL);
        }
    }
  g_assert_cmpint (find_reader (), !=, first);
}

/* A picture that takes long enough to decode that something may happen meanwhile. */
static char *
make_large_picture (Fixture *fixture)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 3000, 2500);
  char *path = g_build_filename (fixture->folder, "large.png", NULL);

  gdk_pixbuf_fill (pixbuf, 0x20406000);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, "compression", "1", NULL));

  return path;
}

typedef struct
{
  gboolean child; /* the one that decodes, else the one that starts it */
  int signal;
  GCancellable *cancellable;
} Event;

/* Waits until a picture is being decoded, then interferes. */
static gpointer
interfere (gpointer data)
{
  const Event *event = data;
  int reader, child = 0;

  for (int i = 0; i < 5000 && child == 0; i++)
    {
      g_usleep (1000);
      reader = find_reader ();
      child = reader != 0 ? find_process (reader, "resnet-picture-") : 0;
    }
  g_assert_cmpint (child, >, 0);
  if (event->cancellable != NULL)
    g_cancellable_cancel (event->cancellable);
  else
    kill (event->child ? child : reader, event->signal);

  return NULL;
}

static void
test_interference (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_large_picture (fixture);
  g_autofree char *small = golden_path ("plain.png");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const struct
  {
    Event event;
    const char *message;
  } cases[] = {
    { { TRUE, SIGABRT }, "brought the decoder down (Aborted)" }, /* sanitizers catch SIGSEGV */
    { { TRUE, SIGKILL }, "brought the decoder down (Killed)" },
    { { FALSE, SIGKILL }, NULL }, /* another process takes it up */
    { { .cancellable = cancellable }, "cancelled" },
  };

  g_test_summary ("A decoder that crashes, is killed or cancelled costs one picture, not the next");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GThread *thread = g_thread_new ("interfere", interfere, (gpointer) &cases[i].event);
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) none = NULL;
      g_autoptr (RnPicture) picture = load (fixture, path, cases[i].event.cancellable, &error);
      g_autoptr (RnPicture) next = NULL;

      g_thread_join (thread);
      g_assert_true ((picture == NULL) == (cases[i].message != NULL));
      if (cases[i].message != NULL)
        g_assert_nonnull (strstr (error->message, cases[i].message));
      next = load (fixture, small, NULL, &none);
      g_assert_no_error (none);
    }
}

typedef struct
{
  const char *path;
  gboolean cut; /* else deleted */
} Removal;

static gpointer
remove_meanwhile (gpointer data)
{
  const Removal *removal = data;
  int reader, child = 0;

  for (int i = 0; i < 5000 && child == 0; i++)
    {
      g_usleep (100);
      reader = find_reader ();
      child = reader != 0 ? find_process (reader, "resnet-picture-") : 0;
    }
  g_assert_cmpint (removal->cut ? truncate (removal->path, 100) : g_unlink (removal->path), ==, 0);

  return NULL;
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A picture cut off or deleted while it is decoded brings nothing down");

  for (int cut = 1; cut >= 0; cut--)
    {
      g_autofree char *path = make_large_picture (fixture);
      Removal removal = { path, cut };
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) later = NULL;
      g_autoptr (RnPicture) picture = NULL;
      GThread *thread = g_thread_new ("remove", remove_meanwhile, &removal);

      picture = load (fixture, path, NULL, &error);
      g_thread_join (thread);
      /* Deleted, it stays readable through its descriptor; cut off, it may have been read by then. */
      if (picture != NULL)
        g_assert_cmpint (picture->width, ==, 3000);
      else
        g_assert_true (cut && strstr (error->message, "incomplete") != NULL);

      g_assert_null (load (fixture, path, NULL, &later));
      g_assert_nonnull (strstr (later->message, cut ? "incomplete" : "there is no such file"));
    }
}

static void
test_bad_programs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = golden_path ("plain.png");
  g_autofree char *quitter = g_build_filename (fixture->folder, "quitter", NULL);
  g_autofree char *liar = g_build_filename (fixture->folder, "liar", NULL);
  const struct
  {
    const char *program, *message;
  } cases[] = {
    { "/nowhere/reader", "cannot be started" },
    { quitter, "ended twice" },
    { liar, "ended twice" },
  };

  g_test_summary ("A program that is missing, leaves or talks nonsense becomes a message");

  g_assert_true (g_file_set_contents (quitter, "#!/bin/sh\nexit 0\n", -1, NULL));
  g_assert_true (g_file_set_contents (liar, "#!/bin/sh\necho nonsense >&3\nsleep 1\n", -1, NULL));
  g_chmod (quitter, 0700);
  g_chmod (liar, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RnPictureReader) reader = rn_picture_reader_new (cases[i].program);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_picture_reader_load (reader, file, NULL, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_null (strchr (error->message, '\n'));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/picture-reader/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/picture-reader/messages", Fixture, NULL, set_up, test_messages, tear_down);
  g_test_add ("/picture-reader/bytes", Fixture, NULL, set_up, test_bytes, tear_down);
  g_test_add ("/picture-reader/one-process", Fixture, NULL, set_up, test_one_process, tear_down);
  g_test_add ("/picture-reader/interference", Fixture, NULL, set_up, test_interference, tear_down);
  g_test_add ("/picture-reader/removed", Fixture, NULL, set_up, test_removed, tear_down);
  g_test_add ("/picture-reader/bad-programs", Fixture, NULL, set_up, test_bad_programs, tear_down);

  return g_test_run ();
}
