/* The engine's one allocator for what may be large: it can say no. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RN_MEMORY_ERROR (rn_memory_error_quark ())
GQuark rn_memory_error_quark (void);

typedef enum
{
  RN_MEMORY_ERROR_LIMIT,     /* more than one block may have */
  RN_MEMORY_ERROR_EXHAUSTED, /* the system has no more */
} RnMemoryError;

/* A vector register of the widest instruction set, and a line of the cache. */
#define RN_MEMORY_ALIGNMENT 64

/* The largest block: RN_MAX_ELEMENTS float64s. */
#define RN_MEMORY_MAX_BYTES (G_GUINT64_CONSTANT (1) << 34)

void *rn_memory_alloc  (size_t    n_bytes,
                        GError  **error);
void *rn_memory_alloc0 (size_t    n_bytes,
                        GError  **error);
void  rn_memory_free   (void     *block);

void  rn_memory_return_freed (void);
void  rn_memory_fail_after (int   n_blocks);

G_END_DECLS
