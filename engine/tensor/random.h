/* A small generator of random numbers, the same on every platform. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnRandom:
 *
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
 * fig. 16). Plain data: copy it to remember a place in the sequence.
 */
typedef struct
{
  guint64 state;
} RnRandom;

void    rn_random_init        (RnRandom *self,
                               guint64   seed,
                               guint64   stream);
guint64 rn_random_next        (RnRandom *self);
double  rn_random_uniform     (RnRandom *self);
void    rn_random_fill_normal (RnRandom *self,
                               float    *values,
                               gint64    n,
                               double    deviation);

G_END_DECLS
