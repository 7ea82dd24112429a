#include "engine/model/cifar-net.h"

#include <string.h>

/* What may stand behind a name, in this order. */
static const char *const suffix_b = "-b", *const suffix_c = "-c";
static const char *const suffix_extra_relu = "-extra-relu", *const suffix_no_bn = "-no-bn";

/* Passes over @word where @text begins with it. */
static gboolean
skip (const char **text, const char *word)
{
  gsize length = strlen (word);
  gboolean found =
      strncmp (*text, word, length) == 0 && ((*text)[length] == '\0' || (*text)[length] == '-');

  if (found)
    *text += length;

  return found;
}

static gboolean
parse_depth (const char **text, int *depth)
{
  gsize digits = strspn (*text, "0123456789");

  if (digits == 0 || digits > 3 || **text == '0')
    return FALSE;
  *depth = (int)g_ascii_strtoll (*text, NULL, 10);
  *text += digits;

  return *depth >= RN_CIFAR_MIN_DEPTH && *depth <= RN_CIFAR_MAX_DEPTH &&
         (*depth - 2) % RN_CIFAR_DEPTH_STEP == 0;
}

/**
 * rn_cifar_net_parse:
 * @id: e.g. "plain56" or "resnet20-paper-b-no-bn"
 * @self: (out): what it means
 *
 * Returns: whether it is the name of such a network
 */
gboolean
rn_cifar_net_parse (const char *id, RnCifarNet *self)
{
  const char *rest = id;

  g_return_val_if_fail (id != NULL && self != NULL, FALSE);

  *self = (RnCifarNet){ .plain = g_str_has_prefix (id, "plain") };
  rest += strlen (self->plain ? "plain" : "resnet");
  if ((!self->plain && !g_str_has_prefix (id, "resnet")) || !parse_depth (&rest, &self->depth) ||
      (!self->plain && !skip (&rest, "-paper")))
    return FALSE;
  if (!self->plain && skip (&rest, suffix_b))
    self->option = RN_CIFAR_PROJECTIONS;
  else if (!self->plain && skip (&rest, suffix_c))
    self->option = RN_CIFAR_ALL_PROJECTIONS;
  self->extra_relu = !self->plain && skip (&rest, suffix_extra_relu);
  self->no_batch_norm = skip (&rest, suffix_no_bn);

  return *rest == '\0';
}

/* Returns: (transfer full): what rn_cifar_net_parse() reads */
char *
rn_cifar_net_to_id (const RnCifarNet *self)
{
  const char *const options[] = { "", suffix_b, suffix_c };

  if (self->plain)
    return g_strdup_printf ("plain%d%s", self->depth, self->no_batch_norm ? suffix_no_bn : "");

  return g_strdup_printf ("resnet%d-paper%s%s%s", self->depth, options[self->option],
                          self->extra_relu ? suffix_extra_relu : "",
                          self->no_batch_norm ? suffix_no_bn : "");
}

static void
append_changes (const RnCifarNet *self, GString *text)
{
  if (!self->plain && self->option == RN_CIFAR_PROJECTIONS)
    g_string_append (text, ", projections where it widens (B)");
  if (!self->plain && self->option == RN_CIFAR_ALL_PROJECTIONS)
    g_string_append (text, ", projections in every block (C)");
  if (!self->plain && self->extra_relu)
    g_string_append (text, ", extra ReLU");
  if (self->no_batch_norm)
    g_string_append (text, ", no batch norm");
}

/* Returns: (transfer full): its name for people, e.g. "ResNet-20, paper, no batch norm" */
char *
rn_cifar_net_get_title (const RnCifarNet *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, self->plain ? "Plain-%d" : "ResNet-%d, paper", self->depth);
  append_changes (self, text);

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): one line on what it is */
char *
rn_cifar_net_describe (const RnCifarNet *self)
{
  GString *text = g_string_new (NULL);

  if (self->plain)
    g_string_append_printf (text, "The paper's CIFAR net of %d layers without shortcuts",
                            self->depth);
  else
    g_string_append_printf (text, "The paper's CIFAR net: %d basic blocks", (self->depth - 2) / 2);
  append_changes (self, text);
  g_string_append (text, " (He et al. 2015, sec. 4.2)");

  return g_string_free (text, FALSE);
}
