/* Small networks with random configurations, for tests of every kind of layer. */
#pragma once

#include "engine/model/model.h"

RnModel *random_net_build (GError **error);

/* An integer from @first to @last, both included. */
static inline int
pick (int first, int last)
{
  return g_test_rand_int_range (first, last + 1);
}
