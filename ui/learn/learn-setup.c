#include "ui/learn/learn-setup.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/model/catalog.h"

#define SIZE 32
#define MAX_PICTURES 1000000

/* Plain-20 beside ResNet-20 on shapes: what two cores do in about two minutes. */
void
rn_learn_setup_init (RnLearnSetup *self)
{
  *self = (RnLearnSetup){ .n_pictures = 2000,
                          .epochs = 8,
                          .batch = 64,
                          .learning_rate = 0.1,
                          .schedule = RN_SCHEDULE_ONE_CYCLE,
                          .seed = 1 };
  self->nets[0] = g_strdup ("plain20");
  self->nets[1] = g_strdup ("resnet20-paper");
  self->data = g_strdup ("shapes");
}

void
rn_learn_setup_copy (const RnLearnSetup *from, RnLearnSetup *to)
{
  *to = *from;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    to->nets[r] = g_strdup (from->nets[r]);
  to->data = g_strdup (from->data);
}

void
rn_learn_setup_clear (RnLearnSetup *self)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    g_clear_pointer (&self->nets[r], g_free);
  g_clear_pointer (&self->data, g_free);
}

static void
replace (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static gboolean
parse_nets (RnLearnSetup *self, const char *value, GError **error)
{
  g_auto (GStrv) ids = g_strsplit (value, ",", -1);

  if (g_strv_length (ids) != RN_LEARN_N_RUNS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "nets=%s: two networks with a comma between them would be right", value);
      return FALSE;
    }
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    replace (&self->nets[r], g_strstrip (ids[r]));

  return TRUE;
}

static gboolean
parse_int (const char *value, gint64 low, gint64 high, gint64 *number, GError **error)
{
  return g_ascii_string_to_signed (value, 10, low, high, number, error);
}

static gboolean
parse_number (RnLearnSetup *self, const char *key, const char *value, GError **error)
{
  gint64 number = 0;
  char *end = NULL;
  gboolean good = TRUE;

  if (g_str_equal (key, "pictures") && (good = parse_int (value, 0, MAX_PICTURES, &number, error)))
    self->n_pictures = (int)number;
  else if (g_str_equal (key, "epochs") && (good = parse_int (value, 1, 10000, &number, error)))
    self->epochs = (int)number;
  else if (g_str_equal (key, "batch") && (good = parse_int (value, 1, 10000, &number, error)))
    self->batch = (int)number;
  else if (g_str_equal (key, "seed") && (good = parse_int (value, 0, G_MAXINT32, &number, error)))
    self->seed = (guint64)number;
  else if (g_str_equal (key, "rate"))
    {
      self->learning_rate = g_ascii_strtod (value, &end);
      good = end != value && *end == '\0';
      if (!good)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     "rate=%s: a number such as 0.1 would be right", value);
    }

  return good;
}

static gboolean
parse_field (RnLearnSetup *self, const char *key, const char *value, GError **error)
{
  static const char *const keys[] = { "nets",  "data", "schedule", "pictures", "epochs",
                                      "batch", "seed", "rate",     NULL };

  if (!g_strv_contains (keys, key))
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
          "%s=%s: nets, data, pictures, epochs, batch, rate, schedule or seed would be right", key,
          value);
      return FALSE;
    }
  if (g_str_equal (key, "nets"))
    return parse_nets (self, value, error);
  if (g_str_equal (key, "schedule"))
    return rn_schedule_from_name (value, &self->schedule, error);
  if (g_str_equal (key, "data"))
    {
      replace (&self->data, value);
      return TRUE;
    }

  return parse_number (self, key, value, error);
}

/**
 * rn_learn_setup_parse:
 * @self: whose fields are replaced where the text names them
 * @text: e.g. "nets=plain20,resnet20-paper; data=shapes; pictures=2000; epochs=8; batch=64;
 *   rate=0.1; schedule=one-cycle; seed=1", any of these, in any order
 * @error: set to %G_IO_ERROR_INVALID_ARGUMENT or #GNumberParserError
 *
 * Returns: whether all of it could be read and rn_learn_setup_check() accepts it
 */
gboolean
rn_learn_setup_parse (RnLearnSetup *self, const char *text, GError **error)
{
  g_auto (GStrv) fields = NULL;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  fields = g_strsplit (text, ";", -1);
  for (int i = 0; fields[i] != NULL; i++)
    {
      char *key = g_strstrip (fields[i]), *value = strchr (key, '=');

      if (*key == '\0')
        continue;
      if (value != NULL)
        *value++ = '\0';
      if (!parse_field (self, g_strstrip (key), value != NULL ? g_strstrip (value) : "", error))
        return FALSE;
    }

  return rn_learn_setup_check (self, error);
}

/* Returns: (transfer full): what rn_learn_setup_parse() reads */
char *
rn_learn_setup_to_string (const RnLearnSetup *self)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (rate, sizeof rate, "%g", self->learning_rate);

  return g_strdup_printf ("nets=%s,%s; data=%s; pictures=%d; epochs=%d; batch=%d; rate=%s; "
                          "schedule=%s; seed=%" G_GUINT64_FORMAT,
                          self->nets[0], self->nets[1], self->data, self->n_pictures, self->epochs,
                          self->batch, rate, rn_schedule_get_name (self->schedule), self->seed);
}

/* Whether the same networks learn from the same kind of pictures, however many, and however. */
gboolean
rn_learn_setup_is_alike (const RnLearnSetup *self, const RnLearnSetup *other)
{
  return g_str_equal (self->nets[0], other->nets[0]) &&
         g_str_equal (self->nets[1], other->nets[1]) && g_str_equal (self->data, other->data);
}

/**
 * rn_learn_setup_check:
 * @error: set where a network is not built in or does not take pictures of 32x32, or a number
 *   makes no sense
 *
 * Looks at no data.
 */
gboolean
rn_learn_setup_check (const RnLearnSetup *self, GError **error)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnCatalogEntry *entry = rn_catalog_find (self->nets[r], error);

      if (entry == NULL)
        return FALSE;
      if (entry->input_size != SIZE)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("%s takes pictures of %d×%d; a network for 32×32 would be right, such "
                          "as resnet20-paper"),
                       self->nets[r], entry->input_size, entry->input_size);
          return FALSE;
        }
    }
  if (!(self->learning_rate > 0 && self->learning_rate < 1e3))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("A learning rate above 0 would be right, such as 0.1"));
      return FALSE;
    }

  return TRUE;
}
