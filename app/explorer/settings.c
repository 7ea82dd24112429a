#include "app/explorer/settings.h"

#define SCHEMA "org.resnet_explorer.ResNetExplorer"

/* Looks up the schema in a folder, and behind it wherever the system has schemas. */
static GSettingsSchema *
find_schema (const char *folder)
{
  GSettingsSchemaSource *system = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) source = NULL;

  if (folder != NULL)
    source = g_settings_schema_source_new_from_directory (folder, system, TRUE, NULL);
  if (source == NULL && system == NULL)
    return NULL;

  return g_settings_schema_source_lookup (source != NULL ? source : system, SCHEMA, TRUE);
}

/**
 * rn_settings_new:
 *
 * In a build tree the schema lies in the build's data folder; in a prefix that was moved, beside the
 * program's own share.
 *
 * Returns: (transfer full) (nullable): the settings; %NULL where no schema is installed, and nothing
 *   can be remembered
 */
GSettings *
rn_settings_new (void)
{
  static const char *const places[] = { "../data/settings", "../share/glib-2.0/schemas" };
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (places) && folder != NULL && schema == NULL; i++)
    {
      g_autofree char *place = g_build_filename (folder, places[i], NULL);
      g_autofree char *compiled = g_build_filename (place, "gschemas.compiled", NULL);

      if (g_file_test (compiled, G_FILE_TEST_EXISTS))
        schema = find_schema (place);
    }
  if (schema == NULL)
    schema = find_schema (NULL);

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
