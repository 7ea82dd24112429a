#include "app/common/reader-program.h"

#include "app/common/place.h"

#define PROGRAM "resnet-reader"

static gpointer
find_program (gpointer unused)
{
  return rn_place_find ("app/" PROGRAM, RN_RELATIVE_LIBEXEC_DIR "/" PROGRAM,
                        RN_INSTALL_LIBEXEC_DIR "/" PROGRAM);
}

/**
 * rn_reader_program_get:
 *
 * In the running program's build tree; else in the prefix that it was moved to; else where it was
 * installed.
 *
 * Returns: (transfer none): an absolute path, the same at every call
 */
const char *
rn_reader_program_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_program, NULL);
}

static gpointer
make_picture_reader (gpointer unused)
{
  return rn_picture_reader_new_beside (rn_reader_program_get ());
}

/**
 * rn_reader_program_get_pictures:
 *
 * Returns: (transfer none): what decodes strangers' pictures, the same at every call
 */
RnPictureReader *
rn_reader_program_get_pictures (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_picture_reader, NULL);
}
