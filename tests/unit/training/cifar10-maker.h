/* Archives like CIFAR-10's, small ones and bad ones. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CIFAR10_FOLDER "cifar-10-batches-bin/"
#define CIFAR10_RECORD 3073

typedef enum
{
  CIFAR10_FILE,
  CIFAR10_DIRECTORY,
  CIFAR10_SYMLINK,
  CIFAR10_HARDLINK,
  CIFAR10_PIPE,
} Cifar10Kind;

/**
 * Cifar10Member:
 * @name: in the archive
 * @size: of a file
 * @target: of a link
 */
typedef struct
{
  const char *name;
  Cifar10Kind kind;
  gsize size;
  const char *target;
} Cifar10Member;

GBytes *cifar10_make      (const Cifar10Member *extra,
                           int                  n_records);
GBytes *cifar10_make_with (const Cifar10Member *members,
                           int                  n_members);

G_END_DECLS
