/* Two models read, aligned and, where both have weights, run on a picture: on a worker. */
#pragma once

#include <gio/gio.h>

#include "engine/runtime/deviation.h"
#include "engine/tensor/picture.h"

G_BEGIN_DECLS

typedef enum
{
  RN_COMPARED_SHOWN,   /* the model that the main window shows */
  RN_COMPARED_NEAREST, /* the built-in model that is nearest to the other side */
  RN_COMPARED_BUILTIN,
  RN_COMPARED_FILE,
} RnComparedKind;

/**
 * RnCompared:
 * @kind: what is meant
 * @name: id of a built-in model, path of a file, or the title of what is shown
 * @binding: (nullable): what is shown, where it can be run
 * @model: (nullable): what is shown
 * @preprocess: (nullable): how pixels become its input, where that is known
 *
 * One side of a comparison, as it was chosen.
 */
typedef struct
{
  RnComparedKind kind;
  char *name;
  RnBinding *binding;
  RnModel *model;
  const char *preprocess;
} RnCompared;

/**
 * RnCompareResult:
 * @comparison: both models, aligned
 * @measurable: whether both have weights, and can be run
 * @deviations: (nullable): where they are so, and there is a picture
 * @title_a, @title_b: what was compared, with the variant that was taken
 * @warning: (nullable): what to know of it, though it was compared
 */
typedef struct
{
  RnComparison *comparison;
  gboolean measurable;
  RnDeviations *deviations;
  char *title_a;
  char *title_b;
  char *warning;
} RnCompareResult;

void             rn_compared_clear      (RnCompared          *self);
void             rn_compare_result_free (RnCompareResult     *self);
char            *rn_compare_result_get_verdict
                                        (const RnCompareResult *self);
char            *rn_compare_result_get_message
                                        (const RnCompareResult *self);
void             rn_compare_async       (const RnCompared    *a,
                                         const RnCompared    *b,
                                         RnPicture           *picture,
                                         const char          *picture_name,
                                         const char          *reader_program,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
RnCompareResult *rn_compare_finish      (GAsyncResult        *result,
                                         GError             **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnCompared, rn_compared_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnCompareResult, rn_compare_result_free)

G_END_DECLS
