/* An HTTP server on loopback that behaves as badly as it is told to. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  BEHAVE_WELL,
  BEHAVE_SLOWLY,         /* a little at a time, with pauses */
  BEHAVE_WAITING,        /* sends half, and the rest once it is to behave otherwise */
  BEHAVE_CUT_ONCE,       /* breaks off in the middle of the first answer; resumes after */
  BEHAVE_CUT_ALWAYS,     /* sends nothing but the head */
  BEHAVE_SHORT,          /* promises more than it has, every time */
  BEHAVE_OTHER_CONTENT,  /* the right length, the wrong bytes */
  BEHAVE_NOT_FOUND,      /* 404 */
  BEHAVE_REDIRECT,       /* 302 to /moved, which behaves well */
  BEHAVE_NO_RANGE_CUT,   /* breaks off once, and starts anew when asked to resume */
  BEHAVE_WRONG_RANGE,    /* breaks off once, and then answers another range than asked for */
  BEHAVE_UNSATISFIABLE,  /* answers every range with 416 */
  BEHAVE_STALL,          /* sends half and then nothing, without closing */
  BEHAVE_HUGE,           /* promises 2^50 bytes */
} Behaviour;

typedef struct TestServer TestServer;

TestServer *test_server_new            (GBytes     *content);
void        test_server_free           (TestServer *self);
void        test_server_put            (TestServer *self,
                                        const char *path,
                                        GBytes     *content);
void        test_server_behave         (TestServer *self,
                                        Behaviour   behaviour);
char       *test_server_get_base       (TestServer *self);
int         test_server_get_n_requests (TestServer *self);
gint64      test_server_get_last_start (TestServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

G_END_DECLS
