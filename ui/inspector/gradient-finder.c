#include "ui/inspector/gradient-finder.h"

#include "ui/document/work.h"

struct _RnGradientFinder
{
  GObject parent_instance;

  RnDocument *document;
  guint users;             /* RnGradientUser: those who want them */
  RnRun *run;              /* that was asked about last, or NULL */
  RnLayerGradients *found; /* of that run, or NULL */
  char *error;             /* why they were not found, or NULL */
  GCancellable *work;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnGradientFinder, rn_gradient_finder, G_TYPE_OBJECT)

static void
tell (RnGradientFinder *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_found (gpointer owner, gpointer result, const GError *error)
{
  RnGradientFinder *self = owner;

  self->found = result;
  self->error = error != NULL ? g_strdup (error->message) : NULL;
  tell (self);
}

/* Looks for them if somebody wants them and they are not known. */
static void
find (RnGradientFinder *self)
{
  RnRun *run = rn_document_get_run (self->document);
  RnGradientRequest *request;

  if (self->users == 0 || self->found != NULL || self->error != NULL || self->work != NULL ||
      run == NULL || run->n_predictions == 0)
    return;

  g_clear_pointer (&self->run, rn_run_unref);
  self->run = rn_run_ref (run);
  request = g_new (RnGradientRequest, 1);
  *request = (RnGradientRequest) { rn_network_ref (rn_document_get_network (self->document)),
                                   rn_run_ref (run), rn_document_get_shown_class (self->document) };
  rn_work_start (&self->work, self, rn_gradient_work, request, rn_gradient_request_free,
                 rn_layer_gradients_free, on_found);
}

/* What was found was of another picture, class or network. */
static void
restart (RnGradientFinder *self)
{
  gboolean known = self->work != NULL || self->found != NULL || self->error != NULL;

  rn_work_cancel (&self->work);
  g_clear_pointer (&self->found, rn_layer_gradients_free);
  g_clear_pointer (&self->error, g_free);
  find (self);
  if (known || self->work != NULL)
    tell (self);
}

static void
rn_gradient_finder_dispose (GObject *object)
{
  RnGradientFinder *self = RN_GRADIENT_FINDER (object);

  rn_work_cancel (&self->work);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->run, rn_run_unref);
  g_clear_pointer (&self->found, rn_layer_gradients_free);
  g_clear_pointer (&self->error, g_free);

  G_OBJECT_CLASS (rn_gradient_finder_parent_class)->dispose (object);
}

static void
rn_gradient_finder_class_init (RnGradientFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_gradient_finder_dispose;

  /* What the getters say is different. */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
rn_gradient_finder_init (RnGradientFinder *self)
{
}

/* Returns: (transfer full): nothing is looked for before rn_gradient_finder_want() */
RnGradientFinder *
rn_gradient_finder_new (RnDocument *document)
{
  RnGradientFinder *self = g_object_new (RN_TYPE_GRADIENT_FINDER, NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (restart), self);
  g_signal_connect_swapped (document, "notify::class-index", G_CALLBACK (restart), self);

  return self;
}

/* Says who wants them, from now on or no longer; once nobody does, the work on them ends. */
void
rn_gradient_finder_want (RnGradientFinder *self, RnGradientUser user, gboolean wanted)
{
  guint users = wanted ? self->users | user : self->users & ~user;

  if (users == self->users)
    return;

  self->users = users;
  if (users == 0)
    rn_work_cancel (&self->work);
  find (self);
  tell (self);
}

/* Returns: (nullable): those of what is shown; %NULL while they are not known */
const RnLayerGradients *
rn_gradient_finder_get (RnGradientFinder *self)
{
  return self->run == rn_document_get_run (self->document) ? self->found : NULL;
}

/* Returns: (nullable): why they cannot be known */
const char *
rn_gradient_finder_get_error (RnGradientFinder *self)
{
  return self->error;
}

gboolean
rn_gradient_finder_get_working (RnGradientFinder *self)
{
  return self->work != NULL;
}
