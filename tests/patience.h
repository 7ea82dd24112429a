/* How long a test waits for what should come. It is no statement on speed: only a test that waits in
 * vain reaches it. */
#pragma once

/* With a sanitizer's checks compiled in everything takes ten times as long and more. */
#ifdef RN_SANITIZED
#define TEST_PATIENCE_S(seconds) (10 * (seconds))
#else
#define TEST_PATIENCE_S(seconds) (seconds)
#endif
