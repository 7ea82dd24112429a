/* The programs that read strangers' files. */
#pragma once

#include "ui/pictures/picture-reader.h"

G_BEGIN_DECLS

const char      *rn_reader_program_get          (void);
RnPictureReader *rn_reader_program_get_pictures (void);

G_END_DECLS
