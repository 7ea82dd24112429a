#include "engine/kernels/isa.h"

static void
test_names (void)
{
  g_test_summary ("Every instruction set is found by its name, and nothing else is");

  for (int i = 0; i < RN_N_ISAS; i++)
    {
      g_autoptr (GError) error = NULL;
      RnIsa isa;

      g_assert_true (rn_isa_from_name (rn_isa_get_name (i), &isa, &error));
      g_assert_no_error (error);
      g_assert_cmpint (isa, ==, i);
    }

  {
    static const char *const bad[] = { "", "AVX2", "avx", "avx2 ", "neon" };

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
      {
        g_autoptr (GError) error = NULL;
        RnIsa isa;

        g_assert_false (rn_isa_from_name (bad[i], &isa, &error));
        g_assert_error (error, RN_ISA_ERROR, RN_ISA_ERROR_UNKNOWN);
      }
  }
}

static void
test_choice (void)
{
  g_test_summary ("RN_ISA forces an instruction set; one that is absent or unknown is an error");

  g_unsetenv ("RN_ISA");
  {
    RnIsa isa;

    g_assert_true (rn_isa_choose (&isa, NULL));
    g_assert_cmpint (isa, ==, rn_isa_get_best ());
  }

  for (int i = 0; i < RN_N_ISAS; i++)
    {
      g_autoptr (GError) error = NULL;
      RnIsa isa;

      g_setenv ("RN_ISA", rn_isa_get_name (i), TRUE);
      if (rn_isa_is_available (i))
        {
          g_assert_true (rn_isa_choose (&isa, &error));
          g_assert_no_error (error);
          g_assert_cmpint (isa, ==, i);
        }
      else
        {
          g_assert_false (rn_isa_choose (&isa, &error));
          g_assert_error (error, RN_ISA_ERROR, RN_ISA_ERROR_ABSENT);
          g_assert_nonnull (strstr (error->message, rn_isa_get_name (i)));
        }
    }

  {
    g_autoptr (GError) error = NULL;
    RnIsa isa;

    g_setenv ("RN_ISA", "fast", TRUE);
    g_assert_false (rn_isa_choose (&isa, &error));
    g_assert_error (error, RN_ISA_ERROR, RN_ISA_ERROR_UNKNOWN);
    g_assert_true (g_str_has_prefix (error->message, "RN_ISA: "));
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/isa/names", test_names);
  g_test_add_func ("/isa/choice", test_choice);

  return g_test_run ();
}
