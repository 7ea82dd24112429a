/* What the parts of RnDocument share. */
#pragma once

#include "ui/document/document.h"
#include "ui/document/opened.h"
#include "ui/document/progress.h"
#include "ui/pictures/picture-reader.h"

G_BEGIN_DECLS

struct _RnDocument
{
  GObject parent_instance;

  char *data_dir;
  char *reader_program;
  RnPictureReader *decoder; /* likewise in a process of its own; NULL without @reader_program */

  char *model_id;        /* what was asked for last */
  RnNetwork *network;    /* what is shown; another's until the one asked for is loaded */
  GHashTable *networks;  /* id → RnNetwork: all that are loaded */
  GHashTable *loading;   /* ids whose bundled weights are being loaded */
  GHashTable *runs;      /* id → RnRun: the last of each network */
  char *opened_id;       /* of the model opened last from a file, or NULL */
  guint weights_request; /* counts files of networks that were opened */
  gboolean binding_opened; /* the last of them is being made ready */
  RnSelection selection;

  char *picture_name;
  RnPicture *picture;
  GdkTexture *seen;
  GCancellable *see_cancellable;  /* of another view of the picture being made */
  GCancellable *open_cancellable; /* of the file being opened */
  GQueue to_open;                 /* GFile: those after it */
  GListStore *pictures;           /* RnShownPicture: those opened together */
  int picture_index;              /* which of them is shown, or -1 */
  gboolean first_picture;         /* whether the next one opened takes their place */

  RnProbe probe; /* its layer is -1 for none */
  GdkTexture *overlay;
  char *overlay_title;
  gpointer overlay_owner; /* only compared */
  int class_index;        /* that was chosen, or -1 */

  RnEdits *edits;       /* of the models that are loaded */
  char **edits_started; /* those of the run started last */
  RnRun *run;
  GArray *layers_done; /* of gboolean, one for each layer of the model */
  GCancellable *run_cancellable; /* of the run under way */
  RnProgress *progress;          /* likewise */
  gboolean stopped;
};

/* The properties that change by the document's own work. */
typedef enum
{
  RN_DOCUMENT_PROP_0,
  RN_DOCUMENT_PROP_DATA_DIR,
  RN_DOCUMENT_PROP_READER_PROGRAM,
  RN_DOCUMENT_PROP_MODEL_ID,
  RN_DOCUMENT_PROP_OPENED_ID,
  RN_DOCUMENT_PROP_MODEL,
  RN_DOCUMENT_PROP_PICTURE_NAME,
  RN_DOCUMENT_PROP_SEEN,
  RN_DOCUMENT_PROP_SELECTED_LAYER,
  RN_DOCUMENT_PROP_SELECTED_BLOCK,
  RN_DOCUMENT_PROP_RUN,
  RN_DOCUMENT_PROP_BUSY,
  RN_DOCUMENT_PROP_PICTURE_INDEX,
  RN_DOCUMENT_PROP_PROBE,
  RN_DOCUMENT_PROP_OVERLAY,
  RN_DOCUMENT_PROP_CLASS_INDEX,
  RN_DOCUMENT_N_PROPS
} RnDocumentProp;

void rn_document_notify_prop   (RnDocument     *self,
                                RnDocumentProp  prop);
void rn_document_tell_progress (RnDocument     *self);

void rn_document_tell_misfit   (RnDocument     *self,
                                const char     *names);
void rn_document_tell_opened   (RnDocument     *self,
                                const char     *path);

void rn_document_keep          (RnDocument     *self,
                                RnNetwork      *network);
void rn_document_see           (RnDocument     *self);
char *rn_document_get_bundled_path
                               (RnDocument     *self,
                                const char     *id);
void rn_document_adopt         (RnDocument     *self,
                                RnNetwork      *network);
void rn_document_keep          (RnDocument     *self,
                                RnNetwork      *network);
void rn_document_load_bundled  (RnDocument     *self,
                                const char     *id);
void rn_document_cancel_work   (RnDocument     *self);
void rn_document_start_edited  (RnDocument     *self);
void rn_document_run           (RnDocument     *self);
void rn_document_forget_overlay (RnDocument    *self);
gboolean rn_document_take_picture (RnDocument     *self,
                                   const RnOpened *opened,
                                   gboolean        first);

G_END_DECLS
