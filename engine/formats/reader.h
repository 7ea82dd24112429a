/* Opens strangers' files in a process of their own, which may crash. */
#pragma once

#include "engine/formats/parcel.h"

G_BEGIN_DECLS

#define RN_READER_ERROR (rn_reader_error_quark ())
GQuark rn_reader_error_quark (void);

typedef enum
{
  RN_READER_ERROR_FILE,    /* the file is damaged, foreign or too much: the message says how */
  RN_READER_ERROR_CRASHED, /* reading it brought the process down, or took too long */
  RN_READER_ERROR_PROGRAM, /* the reader program itself cannot be started */
} RnReaderError;

/* What is looked for in a file. */
typedef enum
{
  RN_READER_WEIGHTS,
  RN_READER_MODEL, /* and its weights, where the file holds them */
  RN_READER_ANY,   /* a model where there is one, else weights */
  RN_READER_ARRAY, /* numbers as NumPy writes them */
} RnReaderKind;

const char *rn_reader_kind_get_name  (RnReaderKind    kind);
gboolean    rn_reader_kind_from_name (const char     *name,
                                      RnReaderKind   *kind);

RnParcel   *rn_reader_read           (const char     *program,
                                      RnReaderKind    kind,
                                      const char     *path,
                                      guint           timeout_s,
                                      GCancellable   *cancellable,
                                      GError        **error);

G_END_DECLS
