/* What all fuzz targets share. Each is a program with one function that takes any bytes at all; a
 * fuzzer drives it, or tests/fuzz/replay.c over the files that are kept. */
#pragma once

#include <gio/gio.h>

#define FUZZ_LABEL "input"

int   LLVMFuzzerInitialize   (int          *argc,
                              char       ***argv);
int   LLVMFuzzerTestOneInput (const guint8 *bytes,
                              size_t        n_bytes);

int   fuzz_file              (const guint8 *bytes,
                              size_t        n_bytes);
void  fuzz_judge             (gboolean      done,
                              const GError *error);
