/* What can be done to what is selected, and what has been done: edits on the running network. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/experiments/sweep-view.h"

G_BEGIN_DECLS

#define RN_TYPE_EXPERIMENTS (rn_experiments_get_type ())
G_DECLARE_FINAL_TYPE (RnExperiments, rn_experiments, RN, EXPERIMENTS, GtkWidget)

void        rn_experiments_set_document   (RnExperiments *self,
                                           RnDocument    *document);
const char *rn_experiments_get_target     (RnExperiments *self);
GtkWidget  *rn_experiments_find_offer     (RnExperiments *self,
                                           const char    *edit);
GtkWidget  *rn_experiments_find_remove    (RnExperiments *self,
                                           const char    *edit);
RnSweepView *rn_experiments_get_sweep     (RnExperiments *self);
void        rn_experiments_type_channels  (RnExperiments *self,
                                           int            kind,
                                           const char    *channels,
                                           double         factor);

G_END_DECLS
