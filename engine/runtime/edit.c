#include "engine/runtime/edit.h"

#include <math.h>

#define MAX_RANGES 4096

G_DEFINE_QUARK (rn-edit-error-quark, rn_edit_error)

typedef enum
{
  VALUE_NONE,
  VALUE_CHANNELS,
  VALUE_CHANNELS_AND_FACTOR,
} ValueKind;

static const struct
{
  const char *name;
  ValueKind value;
  const char *form;
} kinds[RN_N_EDIT_KINDS] = {
  [RN_EDIT_CUT_SHORTCUT] = { "cut-shortcut", VALUE_NONE, "cut-shortcut:ADD" },
  [RN_EDIT_DROP_BLOCK] = { "drop-block", VALUE_NONE, "drop-block:ADD" },
  [RN_EDIT_MOVE_STRIDE] = { "move-stride", VALUE_NONE, "move-stride:ADD" },
  [RN_EDIT_SILENCE] = { "silence", VALUE_CHANNELS, "silence:LAYER:0,4-7" },
  [RN_EDIT_KEEP] = { "keep", VALUE_CHANNELS, "keep:LAYER:0,4-7" },
  [RN_EDIT_SCALE] = { "scale", VALUE_CHANNELS_AND_FACTOR, "scale:LAYER:0,4-7=0.5" },
  [RN_EDIT_INSERT_RELU] = { "insert-relu", VALUE_NONE, "insert-relu:LAYER" },
  [RN_EDIT_REMOVE_RELU] = { "remove-relu", VALUE_NONE, "remove-relu:LAYER" },
  [RN_EDIT_RANDOMIZE] = { "randomize", VALUE_NONE, "randomize:LAYER" },
};

const char *
rn_edit_kind_get_name (RnEditKind kind)
{
  g_return_val_if_fail (kind < RN_N_EDIT_KINDS, NULL);

  return kinds[kind].name;
}

void
rn_edit_free (RnEdit *self)
{
  if (self == NULL)
    return;

  g_free (self->target);
  g_free (self->channels);
  g_free (self);
}

static gboolean
parse_channel (const char *text, int *channel)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, RN_MAX_DIMENSION, &value, NULL))
    return FALSE;
  *channel = (int) value;

  return TRUE;
}

/* "0,4-7" */
static gboolean
parse_channels (RnEdit *self, const char *text)
{
  g_auto (GStrv) ranges = g_strsplit (text, ",", MAX_RANGES + 1);
  int n = g_strv_length (ranges);

  if (n == 0 || n > MAX_RANGES)
    return FALSE;
  self->channels = g_malloc0_n (n, sizeof self->channels[0]);
  self->n_ranges = n;
  for (int i = 0; i < n; i++)
    {
      g_auto (GStrv) ends = g_strsplit (ranges[i], "-", 2);
      int *range = self->channels[i];

      if (ends[0] == NULL || !parse_channel (ends[0], &range[0])
          || !parse_channel (ends[1] != NULL ? ends[1] : ends[0], &range[1]) || range[1] < range[0])
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_value (RnEdit *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "=", 2);
  char *end;

  if (parts[0] == NULL || !parse_channels (self, parts[0]))
    return FALSE;
  if (kinds[self->kind].value == VALUE_CHANNELS)
    return parts[1] == NULL;

  if (parts[1] == NULL || *parts[1] == '\0')
    return FALSE;
  self->factor = g_ascii_strtod (parts[1], &end);

  return *end == '\0' && isfinite (self->factor);
}

static gboolean
find_kind (const char *text, size_t length, RnEditKind *kind)
{
  for (int i = 0; i < RN_N_EDIT_KINDS; i++)
    if (strlen (kinds[i].name) == length && strncmp (kinds[i].name, text, length) == 0)
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

static void
report_unknown (const char *text, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (int i = 0; i < RN_N_EDIT_KINDS; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", kinds[i].name);
  g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_SYNTAX,
               "“%s” is no edit; KIND:NAME[:VALUE] would be right, KIND one of %s", text,
               names->str);
}

/**
 * rn_edit_parse:
 * @text: KIND:NAME[:VALUE], as #RnEditKind lists them; the name may itself hold colons
 *
 * Returns: (transfer full) (nullable): the edit, or %NULL with %RN_EDIT_ERROR_SYNTAX. Whether the
 *   target exists shows when it is applied.
 */
RnEdit *
rn_edit_parse (const char *text, GError **error)
{
  g_autoptr (RnEdit) self = g_new0 (RnEdit, 1);
  const char *colon = strchr (text, ':'), *last = strrchr (text, ':');
  gboolean fine;

  if (colon == NULL || !find_kind (text, colon - text, &self->kind))
    {
      report_unknown (text, error);
      return NULL;
    }

  if (kinds[self->kind].value == VALUE_NONE)
    {
      self->target = g_strdup (colon + 1);
      fine = TRUE;
    }
  else
    {
      self->target = last > colon ? g_strndup (colon + 1, last - colon - 1) : g_strdup ("");
      fine = last > colon && parse_value (self, last + 1);
    }
  if (!fine || *self->target == '\0')
    {
      g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_SYNTAX,
                   "“%s” cannot be understood; %s would be right", text, kinds[self->kind].form);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * rn_edit_to_string:
 *
 * Returns: (transfer full): the text that rn_edit_parse() takes
 */
char *
rn_edit_to_string (const RnEdit *self)
{
  GString *text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, "%s:%s", kinds[self->kind].name, self->target);
  for (int i = 0; i < self->n_ranges; i++)
    {
      const int *range = self->channels[i];

      g_string_append_printf (text, "%c%d", i > 0 ? ',' : ':', range[0]);
      if (range[1] > range[0])
        g_string_append_printf (text, "-%d", range[1]);
    }
  if (kinds[self->kind].value == VALUE_CHANNELS_AND_FACTOR)
    g_string_append_printf (text, "=%s", g_ascii_dtostr (number, sizeof number, self->factor));

  return g_string_free (text, FALSE);
}

/**
 * rn_edits_apply:
 * @edits: (nullable): texts as rn_edit_parse() takes, one after the other; %NULL-terminated
 * @binding: the network before them
 *
 * Returns: (transfer full) (nullable): the network after them, or %NULL with %RN_EDIT_ERROR
 */
RnBinding *
rn_edits_apply (const char *const *edits, RnBinding *binding, GError **error)
{
  g_autoptr (RnBinding) current = rn_binding_ref (binding);

  for (guint i = 0; edits != NULL && edits[i] != NULL; i++)
    {
      g_autoptr (RnEdit) edit = rn_edit_parse (edits[i], error);
      RnBinding *next = edit != NULL ? rn_edit_apply (edit, current, error) : NULL;

      if (next == NULL)
        return NULL;
      rn_binding_unref (current);
      current = next;
    }

  return g_steal_pointer (&current);
}
