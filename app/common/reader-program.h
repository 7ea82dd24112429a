/* Where the program lies that reads strangers' files. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *rn_reader_program_get (void);

G_END_DECLS
