#include "ui/inspector/why-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/document/work.h"
#include "ui/inspector/why-words.h"

/* Terms of a step that are written out; the others are summed up in one line. */
#define MAX_TERMS 8

/* @model: what the explanation's layers count in: the network as it was edited */
typedef struct
{
  RnModel *model;
  RnExplanation *explanation;
} Answer;

struct _RnWhyPage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *box;

  RnDocument *document;
  int layer; /* of the unit that is explained, or -1 */
  RnUnit unit;
  Answer *answer; /* what is shown */
  GCancellable *work;
};

typedef struct
{
  RnNetwork *network;
  RnRun *run;
  int layer;
  RnUnit unit;
} Job;

enum
{
  ACTIVATE_LINK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnWhyPage, rn_why_page, GTK_TYPE_WIDGET)

static void
job_free (gpointer data)
{
  Job *job = data;

  rn_network_unref (job->network);
  rn_run_unref (job->run);
  g_free (job);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  rn_explanation_free (answer->explanation);
  rn_model_unref (answer->model);
  g_free (answer);
}

static gpointer
explain_on_worker (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  Answer answer = { 0 };

  answer.explanation = rn_network_explain (job->network, job->run, job->layer, job->unit,
                                           &answer.model, error);

  return answer.explanation != NULL ? g_memdup2 (&answer, sizeof answer) : NULL;
}

static gboolean
on_link (RnWhyPage *self, const char *uri)
{
  const RnLayer *layer = NULL, *own = NULL;
  g_autofree char *target = NULL;

  if (self->answer != NULL && g_str_has_prefix (uri, "layer:"))
    layer = rn_model_get_layer (self->answer->model, (int) g_ascii_strtoll (uri + 6, NULL, 10));
  /* Under edits its number may differ from the one in the whole network. */
  if (layer != NULL)
    own = rn_model_find_layer (rn_document_get_model (self->document), layer->name, NULL);
  if (own == NULL)
    return TRUE;

  target = g_strdup_printf ("layer:%d", own->index);
  g_signal_emit (self, signals[ACTIVATE_LINK], 0, target);

  return TRUE;
}

/* Takes @text, which is markup. */
static GtkWidget *
make_label (RnWhyPage *self, char *text, const char *const *classes)
{
  GtkWidget *label
      = g_object_new (GTK_TYPE_LABEL, "label", text, "use-markup", TRUE, "xalign", 0.0, "wrap", TRUE,
                      "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "focusable",
                      strstr (text, "<a ") != NULL, "css-classes", classes, NULL);

  g_signal_connect_swapped (label, "activate-link", G_CALLBACK (on_link), self);
  if (strstr (text, "<a ") != NULL)
    {
      g_autofree char *plain = NULL;

      pango_parse_markup (text, -1, 0, NULL, &plain, NULL, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      plain != NULL ? plain : text, -1);
    }
  g_free (text);

  return label;
}

static void
append (RnWhyPage *self, char *text, const char *class)
{
  gtk_box_append (GTK_BOX (self->box),
                  make_label (self, text, (const char *const[]) { "numeric", class, NULL }));
}

static void
attach (RnWhyPage *self, GtkWidget *grid, int column, int row, char *text, double xalign)
{
  GtkWidget *label = make_label (self, text, (const char *const[]) { "numeric", NULL });

  g_object_set (label, "xalign", xalign, "wrap", column == 0, "hexpand", column == 0, NULL);
  gtk_grid_attach (GTK_GRID (grid), label, column, row, 1, 1);
}

/* Where, value × factor, amount; what is left in a line of its own. */
static GtkWidget *
make_terms (RnWhyPage *self, const RnModel *model, const RnExplanationStep *step)
{
  GtkWidget *grid = g_object_new (GTK_TYPE_GRID, "column-spacing", 8, "row-spacing", 1, NULL);
  int n = step->terms->len, n_shown = n <= MAX_TERMS + 1 ? n : MAX_TERMS;
  double rest = 0;

  for (int i = 0; i < n; i++)
    {
      const RnTerm *term = &g_array_index (step->terms, RnTerm, i);

      if (i >= n_shown)
        {
          rest += term->amount;
          continue;
        }
      attach (self, grid, 0, i, rn_why_describe_place (model, term, n > 2), 0);
      attach (self, grid, 1, i, rn_why_describe_product (step, term), 1);
      attach (self, grid, 2, i, g_strdup_printf ("%.4g", term->amount), 1);
    }
  if (n_shown < n && step->rule == RN_RULE_SUM)
    {
      attach (self, grid, 0, n_shown,
              g_strdup_printf (g_dngettext (NULL, "the %d smaller one", "the %d smaller ones",
                                            n - n_shown),
                               n - n_shown),
              0);
      attach (self, grid, 2, n_shown, g_strdup_printf ("%.4g", rest), 1);
    }

  return grid;
}

static void
append_step (RnWhyPage *self, const RnModel *model, const RnExplanationStep *step)
{
  append (self, rn_why_describe_step (model, step), "why-step");
  if (step->terms->len > 0)
    gtk_box_append (GTK_BOX (self->box), make_terms (self, model, step));
  append (self, rn_why_describe_result (step), "why-result");
}

static void
clear (RnWhyPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

static void
show_hint (RnWhyPage *self)
{
  clear (self);
  append (self,
          g_strdup (_ ("Click a unit in an enlarged feature map, or press Enter on it, to see the "
                       "arithmetic behind its value.")),
          "dim-label");
}

static void
on_explained (gpointer owner, gpointer result, const GError *error)
{
  RnWhyPage *self = owner;

  g_clear_pointer (&self->answer, answer_free);
  self->answer = result;
  clear (self);
  if (error != NULL)
    {
      append (self, g_markup_escape_text (error->message, -1), "dim-label");
      return;
    }

  append (self, rn_why_describe_unit (self->answer->model, self->answer->explanation), "heading");
  for (guint i = 0; i < self->answer->explanation->steps->len; i++)
    append_step (self, self->answer->model,
                 rn_explanation_get_step (self->answer->explanation, i));
}

static void
load (RnWhyPage *self)
{
  RnRun *run = rn_document_get_run (self->document);
  Job *job;

  rn_work_cancel (&self->work);
  if (self->layer < 0 || run == NULL)
    return;

  job = g_new (Job, 1);
  *job = (Job) { rn_network_ref (rn_document_get_network (self->document)), rn_run_ref (run),
                 self->layer, self->unit };
  rn_work_start (&self->work, self, explain_on_worker, job, job_free,
                 answer_free, on_explained);
}

static void
on_model (RnWhyPage *self)
{
  rn_work_cancel (&self->work);
  self->layer = -1;
  g_clear_pointer (&self->answer, answer_free);
  show_hint (self);
}

static void
rn_why_page_dispose (GObject *object)
{
  RnWhyPage *self = RN_WHY_PAGE (object);

  rn_work_cancel (&self->work);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->answer, answer_free);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_why_page_parent_class)->dispose (object);
}

static void
rn_why_page_class_init (RnWhyPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_why_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  /* A link was followed: its target, as RnFact has it. */
  signals[ACTIVATE_LINK]
      = g_signal_new ("activate-link", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rn_why_page_init (RnWhyPage *self)
{
  self->layer = -1;
  self->box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4,
                            "margin-start", 14, "margin-end", 14, "margin-top", 10, "margin-bottom",
                            12, NULL);
  self->scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                 "vexpand", TRUE, "child", self->box, NULL);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  show_hint (self);
}

void
rn_why_page_set_document (RnWhyPage *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_WHY_PAGE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (load), self);
}

/**
 * rn_why_page_explain:
 * @layer: index of a layer of the document's model
 * @unit: one of its units
 *
 * Explains its value; later pictures are explained at the same place.
 */
void
rn_why_page_explain (RnWhyPage *self, int layer, RnUnit unit)
{
  g_return_if_fail (RN_IS_WHY_PAGE (self));

  self->layer = layer;
  self->unit = unit;
  load (self);
}

/* Returns: (nullable): what is shown */
const RnExplanation *
rn_why_page_get_explanation (RnWhyPage *self)
{
  return self->answer != NULL ? self->answer->explanation : NULL;
}
