#include "ui/prediction/prediction-list.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/prediction/prediction-bar.h"
#include "ui/tooltip/tooltip.h"

struct _RnPredictionList
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *bars;
  GtkLabel *note;
  GtkLabel *before;
  RnClassMapBar *maps;
  GtkLabel *weights;

  /* owned */
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnPredictionList, rn_prediction_list, GTK_TYPE_WIDGET)

static char *
describe_weights (const RnWeightsInfo *info)
{
  GString *text;

  if (!info->trained)
    return g_strdup (_ ("Weights: untrained (random weights)"));

  text = g_string_new (NULL);
  g_string_append_printf (text, _ ("Weights: %s"), info->name);
  if (info->n_classes > 0)
    g_string_append_printf (text, g_dngettext (NULL, ", %d class", ", %d classes", info->n_classes),
                            info->n_classes);
  if (info->origin != NULL)
    g_string_append_printf (text, "\n%s", info->origin);

  return g_string_free (text, FALSE);
}

static void
show_weights (RnPredictionList *self)
{
  RnNetwork *network = rn_document_get_network (self->document);
  const RnWeightsInfo *info = network != NULL && rn_network_get_trouble (network) == NULL
                                  ? rn_network_get_weights (network)
                                  : NULL;
  g_autofree char *text = info != NULL ? describe_weights (info) : g_strdup ("");

  gtk_label_set_label (self->weights, text);
  rn_tooltip_set (GTK_WIDGET (self->weights), text);
  if (info != NULL && !info->trained)
    gtk_widget_add_css_class (GTK_WIDGET (self->weights), "untrained");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->weights), "untrained");
}

/* Why there is no prediction, or what to think of it; %NULL where there is nothing to say. */
static const char *
get_note (RnPredictionList *self)
{
  RnNetwork *network = rn_document_get_network (self->document);

  if (network == NULL)
    return _ ("Loading the weights…");
  if (rn_network_get_trouble (network) != NULL)
    return _ ("No prediction: this model is drawn, but cannot be run.");
  if (rn_binding_count_unused_classes (rn_network_get_binding (network)) > 0)
    return _ ("Features, no prediction: the classifier of these weights does not fit the network.");
  if (!rn_model_has_top (rn_network_get_model (network)))
    return _ ("Features, no prediction: these weights have no classifier.");
  if (rn_document_get_picture (self->document) == NULL)
    return _ ("Open a picture, or drop one anywhere on the window.");

  return NULL;
}

/* What came first without the edits: it need not be among those shown. */
static void
show_before (RnPredictionList *self, const RnRun *run)
{
  const RnRun *before = run != NULL ? run->before : NULL;
  g_autofree char *text = NULL;

  if (before != NULL && before->n_predictions > 0)
    text = g_strdup_printf (_ ("Edited. Grey: before, %s with %.1f %%"),
                            before->predictions[0].label, 100 * before->predictions[0].probability);
  gtk_label_set_label (self->before, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->before), text != NULL);
}

static void
show_predictions (RnPredictionList *self)
{
  const RnRun *run = rn_document_get_run (self->document);
  const char *note = get_note (self);
  GtkWidget *child = gtk_widget_get_first_child (self->bars);

  gtk_label_set_label (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  gtk_widget_set_visible (self->bars, note == NULL);

  /* While a run is under way the bars of the last one stay, dimmed, so that nothing jumps. */
  gtk_widget_set_sensitive (self->bars, run != NULL);
  for (int i = 0; i < RN_RUN_MAX_PREDICTIONS && run != NULL; i++)
    {
      gboolean used = i < run->n_predictions;

      if (used)
        rn_prediction_bar_set (RN_PREDICTION_BAR (child), run->predictions[i].label,
                               run->predictions[i].probability,
                               run->before != NULL ? run->predictions[i].before : NAN);
      gtk_widget_set_visible (child, used);
      child = gtk_widget_get_next_sibling (child);
    }
  if (run != NULL || note != NULL)
    show_before (self, run);
}

/* A run that failed leaves nothing to wait for: what stayed was another's. */
static void
on_busy (RnPredictionList *self)
{
  GtkWidget *child = gtk_widget_get_first_child (self->bars);

  if (rn_document_get_busy (self->document) || rn_document_get_run (self->document) != NULL
      || rn_document_get_picture (self->document) == NULL)
    return;
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, FALSE);
  show_before (self, NULL);
}

static void
update (RnPredictionList *self)
{
  show_weights (self);
  show_predictions (self);
}

static void
rn_prediction_list_dispose (GObject *object)
{
  RnPredictionList *self = RN_PREDICTION_LIST (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_prediction_list_parent_class)->dispose (object);
}

static void
rn_prediction_list_class_init (RnPredictionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_prediction_list_dispose;
  g_type_ensure (RN_TYPE_CLASS_MAP_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/prediction/prediction-list.ui");
  gtk_widget_class_bind_template_child (widget_class, RnPredictionList, bars);
  gtk_widget_class_bind_template_child (widget_class, RnPredictionList, note);
  gtk_widget_class_bind_template_child (widget_class, RnPredictionList, before);
  gtk_widget_class_bind_template_child (widget_class, RnPredictionList, maps);
  gtk_widget_class_bind_template_child (widget_class, RnPredictionList, weights);
}

/* Shows where in the picture the class of a bar is seen. */
static void
show_class (RnPredictionList *self, GtkWidget *bar)
{
  const RnRun *run = rn_document_get_run (self->document);
  int i = 0;

  while ((bar = gtk_widget_get_prev_sibling (bar)) != NULL)
    i++;
  if (run != NULL && i < run->n_predictions)
    rn_class_map_bar_choose (self->maps, run->predictions[i].index);
}

static void
on_released (GtkGesture *gesture, int n_press, double x, double y, gpointer self)
{
  show_class (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)));
}

static gboolean
on_key (GtkEventController *keys,
        guint keyval,
        guint keycode,
        GdkModifierType modifiers,
        gpointer self)
{
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;

  show_class (self, gtk_event_controller_get_widget (keys));

  return GDK_EVENT_STOP;
}

static GtkWidget *
make_bar (RnPredictionList *self)
{
  GtkWidget *bar = rn_prediction_bar_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_focusable (bar, TRUE);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (bar, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (bar, keys);

  return bar;
}

static void
rn_prediction_list_init (RnPredictionList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < RN_RUN_MAX_PREDICTIONS; i++)
    gtk_box_append (GTK_BOX (self->bars), make_bar (self));
}

void
rn_prediction_list_set_document (RnPredictionList *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_PREDICTION_LIST (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  rn_class_map_bar_set_document (self->maps, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::seen", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::busy", G_CALLBACK (on_busy), self);
  update (self);
}

/* Returns: (nullable): the name of the i-th class shown; %NULL where there are fewer */
const char *
rn_prediction_list_get_label (RnPredictionList *self, int i)
{
  GtkWidget *child = gtk_widget_get_first_child (self->bars);

  if (!gtk_widget_get_visible (self->bars) || !gtk_widget_get_sensitive (self->bars))
    return NULL;
  while (child != NULL && i-- > 0)
    child = gtk_widget_get_next_sibling (child);

  return child != NULL && gtk_widget_get_visible (child)
             ? rn_prediction_bar_get_label (RN_PREDICTION_BAR (child))
             : NULL;
}

/* Returns: what is said in the place of predictions; "" where there are some */
const char *
rn_prediction_list_get_note (RnPredictionList *self)
{
  return gtk_label_get_label (self->note);
}

/* Returns: what came first before the edits, in words; "" where there are none */
const char *
rn_prediction_list_get_before (RnPredictionList *self)
{
  return gtk_label_get_label (self->before);
}

const char *
rn_prediction_list_get_weights_text (RnPredictionList *self)
{
  return gtk_label_get_label (self->weights);
}

RnClassMapBar *
rn_prediction_list_get_maps (RnPredictionList *self)
{
  return self->maps;
}
