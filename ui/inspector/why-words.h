/* An explanation in words, as markup. */
#pragma once

#include "engine/analysis/explanation.h"

G_BEGIN_DECLS

char *rn_why_describe_unit    (const RnModel           *model,
                               const RnExplanation     *explanation);
char *rn_why_describe_step    (const RnModel           *model,
                               const RnExplanationStep *step);
char *rn_why_describe_place   (const RnModel           *model,
                               const RnTerm            *term,
                               gboolean                 brief);
char *rn_why_describe_product (const RnExplanationStep *step,
                               const RnTerm            *term);
char *rn_why_describe_result  (const RnExplanationStep *step);

G_END_DECLS
