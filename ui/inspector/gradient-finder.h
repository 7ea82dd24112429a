/* The gradients of what is shown: of the picture, the class and the edits at hand. They take as long
 * as several runs and much memory, and are therefore only looked for while somebody wants them. */
#pragma once

#include "ui/document/document.h"
#include "ui/inspector/gradient-work.h"

G_BEGIN_DECLS

/* Who wants them. */
typedef enum
{
  RN_GRADIENT_USER_CHART = 1 << 0,
  RN_GRADIENT_USER_FACTS = 1 << 1,
} RnGradientUser;

#define RN_TYPE_GRADIENT_FINDER (rn_gradient_finder_get_type ())
G_DECLARE_FINAL_TYPE (RnGradientFinder, rn_gradient_finder, RN, GRADIENT_FINDER, GObject)

RnGradientFinder       *rn_gradient_finder_new         (RnDocument       *document);
void                    rn_gradient_finder_want        (RnGradientFinder *self,
                                                        RnGradientUser    user,
                                                        gboolean          wanted);
const RnLayerGradients *rn_gradient_finder_get         (RnGradientFinder *self);
const char             *rn_gradient_finder_get_error   (RnGradientFinder *self);
gboolean                rn_gradient_finder_get_working (RnGradientFinder *self);

G_END_DECLS
