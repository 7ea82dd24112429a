/* What the parts of RnGalleryPane share. */
#pragma once

#include "ui/gallery/gallery-pane.h"

G_BEGIN_DECLS

struct _RnGalleryPane
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *title;
  GtkWidget *untrained;
  GtkWidget *options;
  GtkToggleButton *overlay;
  GtkToggleButton *pin;
  GtkWidget *save;
  GtkDropDown *order;
  GtkDropDown *scale;
  GtkDropDown *colors;
  RnLegend *legend;
  GtkStack *stack;
  GtkLabel *hint;
  RnGallery *gallery;
  GtkRevealer *revealer;
  RnMapView *view;
  GtkLabel *channel;
  RnBars *bars;
  GtkLabel *vector_range;
  RnPinBoard *pins;

  /* owned */
  RnDocument *document;
  int layer;                 /* whose maps are wanted, or -1 */
  int wanted_channel;        /* to be selected once they are there, or -1 */
  RnMaps *maps;              /* what is shown */
  int maps_layer;            /* whose they are */
  GCancellable *cancellable; /* of the maps being made */
  GCancellable *enlarging;
  GCancellable *overlaying;
  GCancellable *saving;
  GtkFileChooserNative *chooser; /* while it is open */
};

void rn_gallery_pane_describe       (RnGalleryPane *self);
void rn_gallery_pane_show_channel   (RnGalleryPane *self);
void rn_gallery_pane_show_overlay   (RnGalleryPane *self);
void rn_gallery_pane_choose_file    (RnGalleryPane *self);

G_END_DECLS
