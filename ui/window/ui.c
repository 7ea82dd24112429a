#include "ui/window/ui.h"

#include "engine/tensor/memory.h"
#include "ui/resources.h"

/**
 * rn_ui_init:
 *
 * Registers templates and style, and has large blocks of memory go back to the system when they are
 * freed; call it once there is a display. More calls do nothing.
 */
void
rn_ui_init (void)
{
  static gboolean done = FALSE;
  g_autoptr (GtkCssProvider) provider = NULL;

  if (done)
    return;

  done = TRUE;
  rn_memory_return_freed ();
  rn_ui_register_resource ();
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, RN_RESOURCE_PATH "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
