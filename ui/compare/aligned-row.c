#include "ui/compare/aligned-row.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (RnAlignedRow, rn_aligned_row, G_TYPE_OBJECT)

static void
rn_aligned_row_finalize (GObject *object)
{
  RnAlignedRow *self = RN_ALIGNED_ROW (object);

  for (int i = 0; i < 2; i++)
    {
      g_free (self->sides[i].name);
      g_free (self->sides[i].detail);
    }
  g_free (self->numbers);

  G_OBJECT_CLASS (rn_aligned_row_parent_class)->finalize (object);
}

static void
rn_aligned_row_class_init (RnAlignedRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_aligned_row_finalize;
}

static void
rn_aligned_row_init (RnAlignedRow *self)
{
  self->difference = -1;
}

/* The row in words, for those who do not see it; free with g_free(). */
char *
rn_aligned_row_to_string (RnAlignedRow *self)
{
  const RnAlignedSide *a = &self->sides[0], *b = &self->sides[1];
  g_autofree char *text = NULL;

  if (self->mark == RN_MARK_MISSING)
    text = g_strdup_printf (_ ("%s, %s: only in A"), a->name, a->detail);
  else if (self->mark == RN_MARK_EXTRA)
    text = g_strdup_printf (_ ("%s, %s: only in B"), b->name, b->detail);
  else if (self->last > self->first)
    text = g_strdup_printf (_ ("%s to %s: the same"), a->name, a->detail);
  else if (self->mark == RN_MARK_SAME)
    text = g_strdup_printf (_ ("%s in A, %s in B, %s: the same"), a->name, b->name, a->detail);
  else
    text = g_strdup_printf (self->mark == RN_MARK_EQUIVALENT
                                ? _ ("%s, %s in A, %s, %s in B: written otherwise")
                                : _ ("%s, %s in A, %s, %s in B: different"),
                            a->name, a->detail, b->name, b->detail);

  return self->numbers != NULL ? g_strdup_printf ("%s; %s", text, self->numbers)
                               : g_steal_pointer (&text);
}
