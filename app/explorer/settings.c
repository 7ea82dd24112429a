#include "app/explorer/settings.h"

#include "app/common/place.h"

#define SCHEMA "org.resnet_explorer.ResNetExplorer"
#define COMPILED "gschemas.compiled"

/* Looks up the schema in a folder, and behind it wherever the system has schemas. */
static GSettingsSchema *
find_schema (const char *folder)
{
  GSettingsSchemaSource *system = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (folder, system, TRUE, NULL);

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
  g_autofree char *compiled =
      rn_place_find ("data/settings/" COMPILED, RN_RELATIVE_SCHEMA_DIR "/" COMPILED,
                     RN_INSTALL_SCHEMA_DIR "/" COMPILED);
  g_autofree char *folder = g_path_get_dirname (compiled);
  g_autoptr (GSettingsSchema) schema = find_schema (folder);

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
