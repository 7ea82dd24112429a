/* What the window shows: model, weights, picture, selection, and what the last run gave. */
#pragma once

#include <gdk/gdk.h>

#include "engine/analysis/explanation.h"
#include "ui/document/counterpart.h"
#include "ui/document/edits.h"
#include "ui/document/network.h"
#include "ui/document/shown-picture.h"

G_BEGIN_DECLS

/**
 * RnProbe:
 * @layer: index of a layer
 * @unit: one of its units
 * @value: its value
 *
 * What the pointer is over.
 */
typedef struct
{
  int layer;
  RnUnit unit;
  double value;
} RnProbe;

#define RN_TYPE_DOCUMENT (rn_document_get_type ())
G_DECLARE_FINAL_TYPE (RnDocument, rn_document, RN, DOCUMENT, GObject)

RnDocument  *rn_document_new              (const char  *data_dir,
                                           const char  *reader_program);

const char  *rn_document_get_data_dir     (RnDocument  *self);
const char  *rn_document_get_reader_program (RnDocument *self);
const char  *rn_document_get_model_id     (RnDocument  *self);
void         rn_document_set_model_id     (RnDocument  *self,
                                           const char  *id);
const char  *rn_document_get_opened_id    (RnDocument  *self);
void         rn_document_use_bundled      (RnDocument  *self,
                                           const char  *id);
RnNetwork   *rn_document_get_network      (RnDocument  *self);
void         rn_document_set_variant      (RnDocument      *self,
                                           const RnVariant *variant);
RnModel     *rn_document_get_model        (RnDocument  *self);

void         rn_document_open             (RnDocument  *self,
                                           GFile       *file);
void         rn_document_open_files       (RnDocument  *self,
                                           GFile      **files,
                                           int          n_files);
void         rn_document_open_bytes       (RnDocument  *self,
                                           GBytes      *bytes,
                                           const char  *name);
const char  *rn_document_get_picture_name (RnDocument  *self);
RnPicture   *rn_document_get_picture      (RnDocument  *self);
GdkTexture  *rn_document_get_seen         (RnDocument  *self);

GListModel  *rn_document_get_pictures     (RnDocument  *self);
int          rn_document_get_picture_index (RnDocument *self);
void         rn_document_show_picture     (RnDocument  *self,
                                           int          index);

const RnProbe *rn_document_get_probe      (RnDocument  *self);
void         rn_document_set_probe        (RnDocument  *self,
                                           const RnProbe *probe);
void         rn_document_claim_overlay    (RnDocument  *self,
                                           gpointer     owner);
gpointer     rn_document_get_overlay_owner (RnDocument *self);
void         rn_document_set_overlay      (RnDocument  *self,
                                           gpointer     owner,
                                           GdkTexture  *texture,
                                           const char  *title);
GdkTexture  *rn_document_get_overlay      (RnDocument  *self);
const char  *rn_document_get_overlay_title (RnDocument *self);

int          rn_document_get_class        (RnDocument  *self);
int          rn_document_get_shown_class  (RnDocument  *self);
void         rn_document_set_class        (RnDocument  *self,
                                           int          class_index);

RnSelection  rn_document_get_selection    (RnDocument  *self);
void         rn_document_select_layer     (RnDocument  *self,
                                           int          layer);
void         rn_document_select_block     (RnDocument  *self,
                                           int          block);

RnEdits     *rn_document_get_edits        (RnDocument  *self);
gboolean     rn_document_try_edits        (RnDocument  *self,
                                           const char *const *edits);

RnRun       *rn_document_get_run          (RnDocument  *self);
gboolean     rn_document_get_busy         (RnDocument  *self);
gboolean     rn_document_is_layer_done    (RnDocument  *self,
                                           int          layer);

void         rn_document_report           (RnDocument  *self,
                                           const char  *message);
void         rn_document_stop             (RnDocument  *self);

G_END_DECLS
