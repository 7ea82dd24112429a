/* How long the window takes to produce a frame, and what else keeps its thread busy.
 *
 * Runs the program itself at 1600x1000 with its settings in memory: ResNet-50 with a picture. Once
 * the features are there, all blocks are opened, and the graph is moved and zoomed through the
 * canvas' own controllers; then the 2,048 maps of the last activation are scrolled.
 *
 *   frames [--json] [--quick] [--verbose] [--training]
 *
 * With --training two networks learn meanwhile (plain20 and resnet20-paper on shapes), and the
 * frames of their window, which follows them, are counted too.
 *
 * A frame's time is that of the frame clock's phases, from "before-paint" to "after-paint": layout,
 * snapshot and rendering. With the cairo renderer (GSK_RENDERER=cairo) nothing is left to a GPU.
 * Times of the start count from the exec of this program. What the main loop does between two polls
 * other than frames counts against the 8 ms, from the first frame on.
 */
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/explorer/application.h"
#include "app/explorer/settings.h"
#include "ui/inspector/inspector.h"
#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"
#include "ui/window/window.h"

#define WIDTH 1600
#define HEIGHT 1000
#define LIMIT_US 8000
#define PATIENCE_US (G_GINT64_CONSTANT (120) * G_USEC_PER_SEC)
#define START_VARIABLE "RN_FRAMES_START"
#define LAST_ACTIVATION "activation_49"

typedef enum
{
  STAGE_OPENING,
  STAGE_THUMBNAILS,
  STAGE_PAN_ZOOM,
  STAGE_MAPS,
  STAGE_GALLERY,
  STAGE_DONE,
} Stage;

typedef struct
{
  GApplication *application;
  RnWindow *window;
  RnDocument *document;
  RnCanvas *canvas;
  GtkAdjustment *maps; /* what scrolls the gallery, once it is there */
  Stage stage;
  int n_frames; /* to be measured in each part */
  int step;

  gint64 start;
  gint64 first_frame;
  gint64 first_features;
  gint64 frame_start;
  gint64 in_frames; /* of the iteration under way */
  gint64 poll_end;
  gint64 waited;           /* for the processor, up to there */
  gint64 waited_in_frames; /* of the iteration under way */
  gint64 frame_waited;     /* up to the start of the frame under way */
  gint64 poll_cpu;         /* this thread's own time, up to the end of the last poll */
  gint64 cpu_in_frames;    /* of the iteration under way */
  int n_over;
  GArray *pan_zoom; /* of double, ms */
  GArray *gallery;
  gint64 cpu_start; /* of the frame under way, on this thread's own clock */
  GArray *pan_zoom_cpu;
  GArray *gallery_cpu;

  gint64 learn_start; /* of the learn view's frame under way */
  GArray *learn;
} Bench;

static Bench bench;
static gboolean json, quick, verbose, training;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Write an object in place of lines", NULL },
  { "quick", 0, 0, G_OPTION_ARG_NONE, &quick, "A few frames only", NULL },
  { "verbose", 0, 0, G_OPTION_ARG_NONE, &verbose,
    "Say on stderr what took over 8 ms, and frames' processor time", NULL },
  { "training", 0, 0, G_OPTION_ARG_NONE, &training,
    "Two networks learn meanwhile, in a window of their own", NULL },
  G_OPTION_ENTRY_NULL,
};

/* The first call of a program that has not started itself over: so that loading it counts. */
static void
start_over (char **argv)
{
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());

  if (g_getenv (START_VARIABLE) != NULL)
    {
      bench.start = g_ascii_strtoll (g_getenv (START_VARIABLE), NULL, 10);
      return;
    }
  g_setenv (START_VARIABLE, now, TRUE);
  execv ("/proc/self/exe", argv);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The nearest-rank percentile. */
static double
get_percentile (GArray *times, double percent)
{
  g_array_sort (times, compare_doubles);

  return times->len == 0
             ? 0
             : g_array_index (times, double, (int)MAX (ceil (percent / 100 * times->len) - 1, 0));
}

/* Steps that two networks have learnt. */
static int
count_steps (void)
{
  RnLearning *learning = rn_learn_actions_get_learning (GTK_APPLICATION_WINDOW (bench.window));
  int a, b;

  rn_learning_get_steps (learning, 0, &a);
  rn_learning_get_steps (learning, 1, &b);

  return a + b;
}

static char *
report_training (void)
{
  const char *form = json ? ", \"learn_p50_ms\": %.2f, \"learn_p99_ms\": %.2f, \"steps\": %d"
                          : "\nlearn view: p50 %.2f ms, p99 %.2f ms; %d steps meanwhile";

  return g_strdup_printf (form, get_percentile (bench.learn, 50), get_percentile (bench.learn, 99),
                          count_steps ());
}

static void
report (void)
{
  double first_frame = (bench.first_frame - bench.start) / 1e3;
  double first_features = MAX (bench.first_features - bench.first_frame, 0) / 1e3;
  g_autofree char *more = training ? report_training () : g_strdup ("");
  const char *form =
      json ? "{\"pan_zoom_p50_ms\": %.2f, \"pan_zoom_p99_ms\": %.2f, \"gallery_p50_ms\": %.2f, "
             "\"gallery_p99_ms\": %.2f, \"first_frame_ms\": %.1f, \"first_features_ms\": %.1f, "
             "\"main_thread_over_8ms\": %d%s}\n"
           : "pan and zoom: p50 %.2f ms, p99 %.2f ms\ngallery: p50 %.2f ms, p99 %.2f ms\n"
             "first frame: %.1f ms after the start\nfirst features: %.1f ms after the first frame\n"
             "main thread busy for over 8 ms: %d times%s\n";

  g_print (form, get_percentile (bench.pan_zoom, 50), get_percentile (bench.pan_zoom, 99),
           get_percentile (bench.gallery, 50), get_percentile (bench.gallery, 99), first_frame,
           first_features, bench.n_over, more);
  if (verbose)
    g_printerr ("of the processor: pan and zoom p50 %.2f ms, p99 %.2f ms; gallery p50 %.2f ms, p99 "
                "%.2f ms\n",
                get_percentile (bench.pan_zoom_cpu, 50), get_percentile (bench.pan_zoom_cpu, 99),
                get_percentile (bench.gallery_cpu, 50), get_percentile (bench.gallery_cpu, 99));
}

/* This thread's own time, which a busy machine does not stretch. */
static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* How long this thread has been ready to run while others ran, where Linux counts that (Linux
 * kernel documentation, scheduler/sched-stats.rst: the second number, in ns); else 0. */
static gint64
get_waited_us (void)
{
  static int file = -2;
  char text[128];
  gint64 ran, waited;
  ssize_t n;

  if (file == -2)
    file = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  n = file >= 0 ? pread (file, text, sizeof text - 1, 0) : -1;
  if (n <= 0)
    return 0;
  text[n] = '\0';

  return sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &ran, &waited) == 2 ? waited / 1000
                                                                                     : 0;
}

/* Everything between two polls is one stretch of work; frames are told apart, and what others have
 * taken of the processor. */
static int
poll_and_watch (GPollFD *fds, guint n_fds, int timeout)
{
  gint64 now = g_get_monotonic_time (), busy = now - bench.poll_end - bench.in_frames;
  int result;

  if (busy > LIMIT_US)
    busy -= MAX (get_waited_us () - bench.waited - bench.waited_in_frames, 0);
  if (bench.first_frame != 0 && bench.poll_end != 0 && busy > LIMIT_US)
    {
      bench.n_over++;
      if (verbose)
        g_printerr ("busy for %.1f ms at %.0f ms, stage %d; %.1f ms of the processor\n", busy / 1e3,
                    (now - bench.start) / 1e3, bench.stage,
                    (get_cpu_us () - bench.poll_cpu - bench.cpu_in_frames) / 1e3);
    }
  result = g_poll (fds, n_fds, timeout);
  bench.poll_end = g_get_monotonic_time ();
  bench.waited = get_waited_us ();
  bench.poll_cpu = get_cpu_us ();
  bench.in_frames = bench.waited_in_frames = bench.cpu_in_frames = 0;

  return result;
}

static gboolean
has_features (void)
{
  RnModel *model = rn_document_get_model (bench.document);

  for (int i = 1; model != NULL && i < rn_model_get_n_layers (model); i++)
    if (rn_canvas_get_thumbnail (bench.canvas, i) != NULL)
      return TRUE;

  return FALSE;
}

static gboolean
has_all_features (void)
{
  RnModel *model = rn_document_get_model (bench.document);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (rn_model_get_layer (model, i)->output_shape.rank == 3 &&
        rn_canvas_get_thumbnail (bench.canvas, i) == NULL)
      return FALSE;

  return TRUE;
}

static GtkEventController *
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }

  return NULL;
}

/* The adjustment below a widget that has most to scroll. */
static GtkAdjustment *
find_longest (GtkWidget *widget, GtkAdjustment *best)
{
  if (GTK_IS_SCROLLABLE (widget) && gtk_widget_get_mapped (widget))
    {
      GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget));

      if (adjustment != NULL &&
          (best == NULL || gtk_adjustment_get_upper (adjustment) > gtk_adjustment_get_upper (best)))
        best = adjustment;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    best = find_longest (child, best);

  return best;
}

/* A hand on the mouse: zooming in, about, and out again, while the graph is dragged. */
static void
move_graph (int step)
{
  GtkWidget *canvas = GTK_WIDGET (bench.canvas);
  double width = gtk_widget_get_width (canvas), height = gtk_widget_get_height (canvas);
  GtkEventController *motion = find_controller (canvas, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *scroll = find_controller (canvas, GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  GtkEventController *drag = find_controller (canvas, GTK_TYPE_GESTURE_DRAG);
  double angle = step * 0.11;
  gboolean handled;

  g_signal_emit_by_name (motion, "motion", width * (0.5 + 0.3 * cos (angle)),
                         height * (0.5 + 0.3 * sin (angle)));
  if (step % 3 != 0)
    {
      g_signal_emit_by_name (drag, "drag-begin", width / 2, height / 2);
      g_signal_emit_by_name (drag, "drag-update", 17 * cos (angle), 11 * sin (angle));
      g_signal_emit_by_name (drag, "drag-end", 17 * cos (angle), 11 * sin (angle));
    }
  else
    g_signal_emit_by_name (scroll, "scroll", 0.0, step / 36 % 2 == 0 ? -1.0 : 1.0, &handled);
}

static gboolean
scroll_gallery (int step)
{
  GtkAdjustment *maps = bench.maps;
  double room;

  if (maps == NULL)
    maps = find_longest (GTK_WIDGET (rn_window_get_inspector (bench.window)), NULL);
  if (maps == NULL)
    return FALSE;
  room = gtk_adjustment_get_upper (maps) - gtk_adjustment_get_page_size (maps);
  if (room < 1000)
    return FALSE;
  bench.maps = maps;
  gtk_adjustment_set_value (maps, room / 2 * (1 + sin (step * 0.05)));

  return TRUE;
}

static void
begin_stage (Stage stage)
{
  bench.stage = stage;
  bench.step = 0;
  if (stage == STAGE_PAN_ZOOM && training)
    gtk_widget_activate_action (GTK_WIDGET (bench.window), "win.learn-with", "s",
                                "nets=plain20,resnet20-paper; data=shapes; epochs=1000; run");
  if (stage == STAGE_THUMBNAILS)
    rn_canvas_set_level (bench.canvas, RN_LEVEL_LAYERS);
  if (stage == STAGE_MAPS)
    {
      const RnModel *model = rn_document_get_model (bench.document);

      rn_inspector_show_page (rn_window_get_inspector (bench.window), "maps");
      rn_document_select_layer (bench.document,
                                rn_model_find_layer (model, LAST_ACTIVATION, NULL)->index);
    }
  if (stage == STAGE_DONE)
    g_application_quit (bench.application);
}

/* What comes next, after a frame and whenever nothing else is to be done. */
static gboolean
go_on (gpointer data)
{
  if (g_get_monotonic_time () - bench.start > PATIENCE_US)
    g_error ("stage %d has not ended after %d s", bench.stage, (int)(PATIENCE_US / G_USEC_PER_SEC));
  switch (bench.stage)
    {
    case STAGE_OPENING:
      if (bench.first_features != 0)
        begin_stage (STAGE_THUMBNAILS);
      break;
    case STAGE_THUMBNAILS:
      if (rn_canvas_is_ready (bench.canvas) && !rn_document_get_busy (bench.document) &&
          has_all_features () && bench.step++ > 20)
        begin_stage (STAGE_PAN_ZOOM);
      break;
    case STAGE_PAN_ZOOM:
      if (training && count_steps () < 4)
        break; /* until they learn */
      move_graph (bench.step++);
      if ((int)bench.pan_zoom->len >= bench.n_frames)
        begin_stage (STAGE_MAPS);
      break;
    case STAGE_MAPS:
      if (scroll_gallery (0) && bench.step++ > 20)
        begin_stage (STAGE_GALLERY);
      break;
    case STAGE_GALLERY:
      scroll_gallery (bench.step++);
      if ((int)bench.gallery->len >= bench.n_frames)
        begin_stage (STAGE_DONE);
      break;
    case STAGE_DONE:
    default:
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

static void
on_before_paint (GdkFrameClock *clock)
{
  bench.frame_start = g_get_monotonic_time ();
  bench.cpu_start = get_cpu_us ();
  bench.frame_waited = get_waited_us ();
}

static void
on_after_paint (GdkFrameClock *clock)
{
  gint64 now = g_get_monotonic_time ();
  double ms = (now - bench.frame_start) / 1e3, cpu_ms = (get_cpu_us () - bench.cpu_start) / 1e3;

  bench.in_frames += now - bench.frame_start;
  bench.waited_in_frames += get_waited_us () - bench.frame_waited;
  bench.cpu_in_frames += get_cpu_us () - bench.cpu_start;
  if (bench.first_frame == 0)
    bench.first_frame = now;
  if (bench.first_features == 0 && has_features ())
    bench.first_features = now;
  if (bench.stage == STAGE_PAN_ZOOM && bench.step > 1)
    {
      g_array_append_val (bench.pan_zoom, ms);
      g_array_append_val (bench.pan_zoom_cpu, cpu_ms);
    }
  if (bench.stage == STAGE_GALLERY && bench.step > 1)
    {
      g_array_append_val (bench.gallery, ms);
      g_array_append_val (bench.gallery_cpu, cpu_ms);
    }
}

static void
on_map (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  bench.window = RN_WINDOW (widget);
  bench.document = rn_window_get_document (bench.window);
  bench.canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (bench.window));
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_after_paint), NULL);
  g_timeout_add (4, go_on, NULL);
}

static void
on_learn_before_paint (GdkFrameClock *clock)
{
  bench.learn_start = g_get_monotonic_time ();
}

static void
on_learn_after_paint (GdkFrameClock *clock)
{
  gint64 now = g_get_monotonic_time ();
  double ms = (now - bench.learn_start) / 1e3;

  bench.in_frames += now - bench.learn_start;
  if (count_steps () > 0)
    g_array_append_val (bench.learn, ms);
}

static void
on_learn_map (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  g_signal_connect (clock, "before-paint", G_CALLBACK (on_learn_before_paint), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_learn_after_paint), NULL);
}

static void
on_window (GtkApplication *application, GtkWindow *window)
{
  if (RN_IS_LEARN_WINDOW (window))
    g_signal_connect (window, "map", G_CALLBACK (on_learn_map), NULL);
  if (RN_IS_WINDOW (window))
    g_signal_connect (window, "map", G_CALLBACK (on_map), NULL);
}

static gboolean
parse_arguments (int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  g_printerr ("frames: %s\n", error->message);

  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GSettings) settings = NULL;
  char *program[] = { argv[0], NULL };

  start_over (argv);
  setlocale (LC_ALL, "");
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  if (!parse_arguments (&argc, &argv))
    return 2;
  if (!gtk_init_check ())
    {
      g_printerr ("frames: no display\n");
      return 77;
    }
  settings = rn_settings_new ();
  if (settings != NULL)
    {
      g_settings_set_int (settings, "window-width", WIDTH);
      g_settings_set_int (settings, "window-height", HEIGHT);
    }
  bench.n_frames = quick ? 12 : 400;
  bench.pan_zoom = g_array_new (FALSE, FALSE, sizeof (double));
  bench.gallery = g_array_new (FALSE, FALSE, sizeof (double));
  g_main_context_set_poll_func (NULL, poll_and_watch);
  bench.pan_zoom_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  bench.gallery_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  bench.learn = g_array_new (FALSE, FALSE, sizeof (double));
  bench.application = G_APPLICATION (rn_application_new ());
  g_signal_connect (bench.application, "window-added", G_CALLBACK (on_window), NULL);
  g_application_run (bench.application, 1, program);
  if (bench.stage != STAGE_DONE)
    return 1;
  report ();

  return 0;
}
