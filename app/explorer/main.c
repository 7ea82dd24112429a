/* resnet-explorer [FILE…]: the window. */
#include <glib/gi18n.h>
#include <locale.h>

#include "app/common/place.h"
#include "app/explorer/application.h"

int
main (int argc, char *argv[])
{
  g_autofree char *locale_dir =
      rn_place_find ("data/po", RN_RELATIVE_LOCALE_DIR, RN_INSTALL_LOCALE_DIR);
  g_autoptr (GtkApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = rn_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
