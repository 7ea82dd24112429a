/* Exits with 0 if a window could be opened here. app/run asks; a variable alone proves nothing. */
#include <gtk/gtk.h>

int
main (void)
{
  return gtk_init_check () ? 0 : 1;
}
