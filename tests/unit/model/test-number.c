#include "engine/model/number.h"

static void
test_commas (void)
{
  const struct
  {
    gint64 n;
    const char *expected;
  } cases[] = {
    { 0, "0" },
    { 999, "999" },
    { 1000, "1,000" },
    { 53120, "53,120" },
    { 123456, "123,456" },
    { 25636712, "25,636,712" },
    { -1, "-1" },
    { -999, "-999" },
    { -1000, "-1,000" },
    { -123456, "-123,456" },
    { G_MAXINT64, "9,223,372,036,854,775,807" },
    { G_MININT64, "-9,223,372,036,854,775,808" },
  };

  g_test_summary ("Every third digit from the right is set off by a comma, and no other");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rn_number_to_string (cases[i].n);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/number/commas", test_commas);

  return g_test_run ();
}
