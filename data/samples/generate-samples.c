/* Draws the sample pictures: generate-samples FOLDER [NAME…] writes all of them, or those named,
 * as FOLDER/NAME.png. The same program always draws the same pictures. */

#include <stdlib.h>

#include "data/samples/scenes.h"

static gboolean
write_scene (const RnScene *scene, const char *folder)
{
  g_autofree char *file = g_strconcat (scene->name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  cairo_surface_t *picture = rn_scene_render (scene);
  cairo_status_t status = cairo_surface_write_to_png (picture, path);

  cairo_surface_destroy (picture);
  if (status != CAIRO_STATUS_SUCCESS)
    g_printerr ("generate-samples: cannot write %s: %s\n", path, cairo_status_to_string (status));
  return status == CAIRO_STATUS_SUCCESS;
}

int
main (int argc, char *argv[])
{
  if (argc < 2)
    {
      g_printerr ("usage: generate-samples FOLDER [NAME...]\n");
      return 2;
    }
  for (const RnScene *scene = rn_scenes; scene->name != NULL; scene++)
    {
      gboolean wanted = argc == 2;

      for (int i = 2; i < argc; i++)
        wanted |= g_str_equal (argv[i], scene->name);
      if (wanted && !write_scene (scene, argv[1]))
        return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
