/* The pictures that a command line names, folders opened. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GPtrArray *rn_image_list_new (char       **words,
                              GPtrArray  **faults);

G_END_DECLS
