/* Where files that others publish can be had: addresses, checksums, licences. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RN_DOWNLOAD_ERROR (rn_download_error_quark ())
GQuark rn_download_error_quark (void);

typedef enum
{
  RN_DOWNLOAD_ERROR_LIST,     /* the list of sources is damaged, or has no such entry */
  RN_DOWNLOAD_ERROR_SERVER,   /* the server refused, or broke off and did not recover */
  RN_DOWNLOAD_ERROR_CHECKSUM, /* what came is not what was promised */
  RN_DOWNLOAD_ERROR_SPACE,    /* the disk has not enough room */
  RN_DOWNLOAD_ERROR_BUSY,     /* another process is downloading the same file */
} RnDownloadError;

/* What a source is of. */
typedef enum
{
  RN_SOURCE_WEIGHTS,
  RN_SOURCE_LABELS,   /* names of classes */
  RN_SOURCE_PICTURES, /* to learn from: an archive that becomes a folder */
} RnSourceKind;

/**
 * RnSource:
 * @kind: what it is of
 * @id: what `resnet weights fetch` and `resnet data fetch` call it
 * @title: one line for people
 * @model: the built-in model it belongs to; %NULL but for weights
 * @names: its generation of layer names, "keras2" or "keras3"; %NULL but for weights
 * @top: whether it holds the classifier
 * @epsilon: batch norm's epsilon it was trained with; 0 but for weights
 * @preprocess: how pixels become input; %NULL but for weights
 * @labels: id of the source that names its classes; %NULL where it has none
 * @url: its address
 * @path: its path below a mirror's base address, and its file name on disk
 * @md5: 32 hexadecimal digits
 * @license: a short name
 * @size: in bytes, for people to know beforehand; 0 where the list does not say
 */
typedef struct
{
  RnSourceKind kind;
  char *id;
  char *title;
  char *model;
  char *names;
  gboolean top;
  double epsilon;
  char *preprocess;
  char *labels;
  char *url;
  char *path;
  char *md5;
  char *license;
  guint64 size;
} RnSource;

typedef struct _RnSourceList RnSourceList;

RnSourceList   *rn_source_list_load    (const char          *path,
                                        GError             **error);
void            rn_source_list_free    (RnSourceList        *self);
guint           rn_source_list_get_n   (const RnSourceList  *self);
const RnSource *rn_source_list_get     (const RnSourceList  *self,
                                        guint                i);
const RnSource *rn_source_list_find    (const RnSourceList  *self,
                                        const char          *id,
                                        GError             **error);
const RnSource *rn_source_list_find_md5 (const RnSourceList *self,
                                        const char          *md5);

char           *rn_source_get_address  (const RnSource      *self,
                                        const char          *mirror);
char           *rn_source_get_file     (const RnSource      *self,
                                        const char          *directory);
char           *rn_source_get_place    (const RnSource      *self,
                                        const char          *directory);
gboolean        rn_source_is_fetched   (const RnSource      *self,
                                        const char          *directory);
char           *rn_source_get_part     (const char          *file);
char           *rn_source_get_default_directory (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnSourceList, rn_source_list_free)

G_END_DECLS
