/* Smooth noise that depends on nothing but its arguments: clouds, leaves, stone and rust. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double rn_noise_value (guint32 seed, double x, double y);
double rn_noise_fractal (guint32 seed, double x, double y, int octaves);

G_END_DECLS
