#include "ui/tutor/lesson-menu.h"

#include <glib/gi18n.h>

#include "ui/lessons/lesson-store.h"

static const struct
{
  const char *language;
  const char *title; /* in that language, whatever the window's */
  const char *locale;
} languages[] = {
  { "en", "English", "en" },
  { "zh_CN", "简体中文", "zh" },
};

/* Index of the language that the window speaks, as far as there are lessons in it. */
static guint
find_own_language (void)
{
  const char *const *names = g_get_language_names ();

  for (guint i = 0; names[i] != NULL; i++)
    for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
      if (g_str_has_prefix (names[i], languages[l].locale))
        return l;

  return 0;
}

/* "4. The projection block", and modestly how far one has come. */
static char *
make_label (guint number, const RnLesson *lesson, RnLessonProgress *progress)
{
  int step = rn_lesson_progress_get_step (progress, lesson->id);

  if (rn_lesson_progress_is_done (progress, lesson->id))
    return g_strdup_printf ("%u. %s  ✓", number, lesson->title);
  if (step > 0)
    return g_strdup_printf ("%u. %s  (%d/%u)", number, lesson->title, step + 1,
                            lesson->steps->len);

  return g_strdup_printf ("%u. %s", number, lesson->title);
}

static void
fill_section (GMenu *section, const char *data_dir, const char *language, RnLessonProgress *progress)
{
  g_autoptr (GPtrArray) lessons = rn_lesson_store_load (data_dir, language, NULL);

  g_menu_remove_all (section);
  for (guint i = 0; lessons != NULL && i < lessons->len; i++)
    {
      const RnLesson *lesson = g_ptr_array_index (lessons, i);
      g_autofree char *label = make_label (i + 1, lesson, progress);
      g_autofree char *action =
          g_strdup_printf ("win.lesson::%s/%s", lesson->language, lesson->id);

      g_menu_append (section, label, action);
    }
}

/* The sections of each language, in the order of the table; they stay while the menu does. */
static GMenu **
build (GMenu *menu)
{
  GMenu **sections = g_new0 (GMenu *, G_N_ELEMENTS (languages));
  g_autoptr (GMenu) others = g_menu_new (), rest = g_menu_new ();
  guint own = find_own_language ();

  for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
    {
      sections[l] = g_menu_new ();
      if (l != own)
        g_menu_append_submenu (others, languages[l].title, G_MENU_MODEL (sections[l]));
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (sections[own]));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (others));
  g_menu_append (rest, _ ("_Open a lesson…"), "win.open-lesson");
  g_menu_append (rest, _ ("_Forget what was finished"), "win.reset-lessons");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));

  return sections;
}

static void
free_sections (gpointer data)
{
  GMenu **sections = data;

  for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
    g_object_unref (sections[l]);
  g_free (sections);
}

/* Brings @menu up to date, with the actions `win.lesson`, `win.open-lesson` and
 * `win.reset-lessons`. */
void
rn_lesson_menu_fill (GMenu *menu, const char *data_dir, RnLessonProgress *progress)
{
  GMenu **sections = g_object_get_data (G_OBJECT (menu), "sections");

  if (sections == NULL)
    {
      sections = build (menu);
      g_object_set_data_full (G_OBJECT (menu), "sections", sections, free_sections);
    }
  for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
    fill_section (sections[l], data_dir, languages[l].language, progress);
}
