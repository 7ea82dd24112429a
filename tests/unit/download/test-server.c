#include "tests/unit/download/test-server.h"

#define STEP_US 20000

struct TestServer
{
  GSocketService *service;
  guint16 port;
  GBytes *content;
  GHashTable *others; /* path → GBytes: always served well */
  gint behaviour;
  gint n_requests;
  gint n_active; /* answers under way */
  gint closing;
  gint64 last_start; /* first byte of the last range asked for, -1 without one */
  GMutex mutex;
};

/* The request's path and first byte; the rest of its head is read and passed over. */
static char *
read_request (GDataInputStream *input, gint64 *start)
{
  g_autofree char *first = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  g_auto (GStrv) words = NULL;

  *start = -1;
  if (first == NULL)
    return NULL;
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);

      if (line == NULL || *line == '\0')
        break;
      if (g_ascii_strncasecmp (line, "Range: bytes=", 13) == 0)
        *start = g_ascii_strtoll (line + 13, NULL, 10);
    }
  words = g_strsplit (first, " ", 3);

  return g_strdup (words[1]);
}

static void
send_head (GOutputStream *output, const char *status, gint64 length, const char *extra)
{
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: %" G_GINT64_FORMAT
                       "\r\nConnection: close\r\n%s\r\n",
                       status, length, extra != NULL ? extra : "");

  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
}

static void
send_bytes (TestServer *self, GOutputStream *output, gsize start, gsize length)
{
  const guint8 *data = g_bytes_get_data (self->content, NULL);

  g_output_stream_write_all (output, data + start, length, NULL, NULL, NULL);
  g_output_stream_flush (output, NULL, NULL);
}

static void
send_slowly (TestServer *self, GOutputStream *output, gsize size)
{
  gsize step = size / 20;

  send_head (output, "200 OK", size, NULL);
  for (gsize start = 0; start < size && !g_atomic_int_get (&self->closing); start += step)
    {
      send_bytes (self, output, start, MIN (step, size - start));
      g_usleep (STEP_US);
    }
}

/* Half, and byte after byte of the rest until another behaviour is wanted. */
static void
send_waiting (TestServer *self, GOutputStream *output, gsize size)
{
  gsize sent = size / 2;

  send_head (output, "200 OK", size, NULL);
  send_bytes (self, output, 0, sent);
  while (sent < size && !g_atomic_int_get (&self->closing)
         && g_atomic_int_get (&self->behaviour) == BEHAVE_WAITING)
    {
      send_bytes (self, output, sent++, 1);
      g_usleep (STEP_US);
    }
  if (!g_atomic_int_get (&self->closing))
    send_bytes (self, output, sent, size - sent);
}

static void
send_other_content (GOutputStream *output, gsize size)
{
  g_autofree guint8 *other = g_malloc0 (size);

  send_head (output, "200 OK", size, NULL);
  g_output_stream_write_all (output, other, size, NULL, NULL, NULL);
}

/* The rest of the content from @start on, as an answer to a range. */
static void
send_range (TestServer *self, GOutputStream *output, gsize start, gsize size)
{
  g_autofree char *range =
      g_strdup_printf ("Content-Range: bytes %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT
                       "/%" G_GSIZE_FORMAT "\r\n",
                       start, size - 1, size);

  send_head (output, "206 Partial Content", size - start, range);
  send_bytes (self, output, start, size - start);
}

static void
send_whole (TestServer *self, GOutputStream *output, gint64 start, gsize size)
{
  if (start >= 0 && (gsize) start < size)
    {
      send_range (self, output, start, size);
      return;
    }
  send_head (output, "200 OK", size, NULL);
  send_bytes (self, output, 0, size);
}

static void
send_half (TestServer *self, GOutputStream *output, gsize size)
{
  send_head (output, "200 OK", size, NULL);
  send_bytes (self, output, 0, size / 2);
}

static void
answer (TestServer *self, GOutputStream *output, const char *path, gint64 start, int request)
{
  gsize size = g_bytes_get_size (self->content);
  gboolean first = request == 1;
  GBytes *other = g_hash_table_lookup (self->others, path);
  g_autofree char *location = g_strdup_printf ("Location: http://127.0.0.1:%u/moved\r\n", self->port);

  if (other != NULL)
    {
      send_head (output, "200 OK", g_bytes_get_size (other), NULL);
      g_output_stream_write_all (output, g_bytes_get_data (other, NULL), g_bytes_get_size (other),
                                 NULL, NULL, NULL);
      return;
    }
  switch ((Behaviour) g_atomic_int_get (&self->behaviour))
    {
    case BEHAVE_WELL:
      send_whole (self, output, start, size);
      break;
    case BEHAVE_SLOWLY:
      send_slowly (self, output, size);
      break;
    case BEHAVE_WAITING:
      send_waiting (self, output, size);
      break;
    case BEHAVE_CUT_ONCE:
      if (first)
        send_half (self, output, size);
      else
        send_whole (self, output, start, size);
      break;
    case BEHAVE_CUT_ALWAYS:
      send_head (output, "200 OK", size, NULL);
      break;
    case BEHAVE_SHORT:
      send_head (output, "200 OK", size + 1000, NULL);
      send_bytes (self, output, 0, size);
      break;
    case BEHAVE_OTHER_CONTENT:
      send_other_content (output, size);
      break;
    case BEHAVE_NOT_FOUND:
      send_head (output, "404 Not Found", 0, NULL);
      break;
    case BEHAVE_REDIRECT:
      if (g_str_equal (path, "/moved"))
        send_whole (self, output, start, size);
      else
        send_head (output, "302 Found", 0, location);
      break;
    case BEHAVE_NO_RANGE_CUT:
      if (first)
        send_half (self, output, size);
      else
        send_whole (self, output, -1, size);
      break;
    case BEHAVE_WRONG_RANGE:
      if (first)
        send_half (self, output, size);
      else if (start >= 0)
        send_range (self, output, 10, size);
      else
        send_whole (self, output, -1, size);
      break;
    case BEHAVE_UNSATISFIABLE:
      if (start >= 0)
        send_head (output, "416 Range Not Satisfiable", 0, NULL);
      else
        send_whole (self, output, -1, size);
      break;
    case BEHAVE_STALL:
      send_half (self, output, size);
      while (!g_atomic_int_get (&self->closing))
        g_usleep (STEP_US);
      break;
    case BEHAVE_HUGE:
      send_head (output, "200 OK", G_GINT64_CONSTANT (1) << 50, NULL);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
on_run (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer data)
{
  TestServer *self = data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autofree char *path = NULL;
  gint64 start;

  g_atomic_int_inc (&self->n_active);
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  path = read_request (input, &start);
  if (path != NULL)
    {
      g_mutex_lock (&self->mutex);
      self->last_start = start;
      g_mutex_unlock (&self->mutex);
      answer (self, output, path, start, g_atomic_int_add (&self->n_requests, 1) + 1);
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&self->n_active, -1);

  return TRUE;
}

TestServer *
test_server_new (GBytes *content)
{
  TestServer *self = g_new0 (TestServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->content = g_bytes_ref (content);
  self->others =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_mutex_init (&self->mutex);
  self->service = g_threaded_socket_service_new (8);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);
  g_socket_service_start (self->service);

  return self;
}

void
test_server_free (TestServer *self)
{
  g_atomic_int_set (&self->closing, TRUE);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (g_atomic_int_get (&self->n_active) > 0)
    g_usleep (STEP_US);
  g_object_unref (self->service);
  g_bytes_unref (self->content);
  g_hash_table_unref (self->others);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Serves something else at a path, whatever the behaviour; before the first request. */
void
test_server_put (TestServer *self, const char *path, GBytes *content)
{
  g_hash_table_insert (self->others, g_strdup (path), g_bytes_ref (content));
}

/* Sets how the next requests are answered, and counts them from one again. */
void
test_server_behave (TestServer *self, Behaviour behaviour)
{
  g_atomic_int_set (&self->behaviour, behaviour);
  g_atomic_int_set (&self->n_requests, 0);
}

char *
test_server_get_base (TestServer *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u/", self->port);
}

int
test_server_get_n_requests (TestServer *self)
{
  return g_atomic_int_get (&self->n_requests);
}

gint64
test_server_get_last_start (TestServer *self)
{
  gint64 start;

  g_mutex_lock (&self->mutex);
  start = self->last_start;
  g_mutex_unlock (&self->mutex);

  return start;
}
