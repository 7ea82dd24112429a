/* A window with a document behind it, and ways to wait for it and to look at it. */
#pragma once

#include "ui/window/window.h"

G_BEGIN_DECLS

typedef struct
{
  GtkApplication *application;
  RnDocument *document;
  RnWindow *window;
} Fixture;

typedef gboolean (*Condition) (Fixture *fixture);

void     fixture_set_up        (Fixture       *fixture,
                                gconstpointer  model_id);
void     fixture_set_up_at     (Fixture       *fixture,
                                const char    *data_dir,
                                const char    *model_id);
void     fixture_set_up_with   (Fixture       *fixture,
                                const char    *data_dir,
                                const char    *reader_program,
                                const char    *model_id);
void     fixture_tear_down     (Fixture       *fixture,
                                gconstpointer  unused);
void     fixture_wait          (Fixture       *fixture,
                                Condition      condition,
                                const char    *what);
gboolean fixture_has_network   (Fixture       *fixture);
gboolean fixture_has_picture   (Fixture       *fixture);
gboolean fixture_has_maps      (Fixture       *fixture);
gboolean fixture_has_message   (Fixture       *fixture);
void     fixture_wait_run      (Fixture       *fixture);
void     fixture_open_sample   (Fixture       *fixture,
                                const char    *name);
GFile   *fixture_get_sample    (const char    *name);
gboolean fixture_drop          (Fixture       *fixture,
                                const GValue  *value);
gboolean fixture_drop_file     (Fixture       *fixture,
                                GFile         *file);
void     fixture_screenshot    (Fixture       *fixture,
                                const char    *name);

G_END_DECLS
