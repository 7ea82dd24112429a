/* How long a test waits for what should come. It is no statement on speed: only a test that waits in
 * vain reaches it. */
#pragma once

#include <glib.h>

/* With a sanitizer's checks compiled in everything takes ten times as long and more. */
#ifdef RN_SANITIZED
#define TEST_PATIENCE_FACTOR 10
#else
#define TEST_PATIENCE_FACTOR 1
#endif

/**
 * test_patience_s:
 * @seconds: what would do on a busy machine
 *
 * Returns: seconds to wait; more under a sanitizer, and as many times more as RN_TEST_PATIENCE says,
 *   which tests/sanitize/valgrind sets
 */
static inline int
test_patience_s (int seconds)
{
  const char *text = g_getenv ("RN_TEST_PATIENCE");
  guint64 times = 1;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, 1000, &times, NULL))
    g_error ("RN_TEST_PATIENCE=%s: a whole number from 1 to 1000 would be right", text);

  return seconds * TEST_PATIENCE_FACTOR * (int)times;
}
