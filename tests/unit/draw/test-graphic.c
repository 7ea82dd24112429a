#include "ui/draw/graphic.h"

#include <malloc.h>

#include "tests/remove-tree.h"

#define SIDE 100
#define N_SQUARES 2000 /* about a MiB as recorded */
#define N_TIMES 20

static RnGraphic *
make_graphic (void)
{
  RnGraphic *graphic = rn_graphic_new ("squares", SIDE, SIDE);
  cairo_t *cr = cairo_create (graphic->recording);

  for (int i = 0; i < N_SQUARES; i++)
    {
      int row = i / SIDE, column = i % SIDE;

      cairo_rectangle (cr, column, row, 1, 1);
      cairo_set_source_rgb (cr, i / (double) N_SQUARES, 0, 0);
      cairo_fill (cr);
    }
  cairo_destroy (cr);

  return graphic;
}

static void
write_once (const char *path)
{
  g_autoptr (RnGraphic) graphic = make_graphic ();
  g_autoptr (GError) error = NULL;

  rn_graphic_write (graphic, path, &error);
  g_assert_no_error (error);
}

static double
get_held_mib (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (info.uordblks + info.hblkhd) / 1048576.0;
}

static void
test_memory (gconstpointer ending)
{
  g_autofree char *folder = g_dir_make_tmp ("graphic-XXXXXX", NULL);
  g_autofree char *name = g_strconcat ("squares", ending, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  double first, last;

  g_test_summary ("A drawing that was written many times leaves no more memory than one");

  write_once (path);
  first = get_held_mib ();
  for (int i = 0; i < N_TIMES; i++)
    write_once (path);
  last = get_held_mib ();
  g_test_message ("%.2f MiB held after one, %.2f after %d more", first, last, N_TIMES);
#ifndef RN_SANITIZED /* sanitizers count for themselves */
  g_assert_cmpfloat (last - first, <, 1);
#endif
  test_remove_tree (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/graphic/memory/png", ".png", test_memory);
  g_test_add_data_func ("/graphic/memory/svg", ".svg", test_memory);
  g_test_add_data_func ("/graphic/memory/pdf", ".pdf", test_memory);

  return g_test_run ();
}
