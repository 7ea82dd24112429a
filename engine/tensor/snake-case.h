/* Keras 3's names for groups of layers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *rn_snake_case (const char *keras_class);

G_END_DECLS
