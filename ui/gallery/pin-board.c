#include "ui/gallery/pin-board.h"

#include <glib/gi18n.h>

#include "ui/document/work.h"
#include "ui/gallery/map-texture.h"
#include "ui/tooltip/tooltip.h"

#define SIZE 72

typedef struct
{
  int layer;
  int channel;
} Pin;

struct _RnPinBoard
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *box; /* of cards, one for each pin */

  RnDocument *document;
  GArray *pins; /* of Pin */
  RnColorMap colors;
  GCancellable *work;
};

typedef struct
{
  RnNetwork *network;
  RnRun *run;
  GArray *pins;
  RnColorMap colors;
  int size;
} Job;

enum
{
  PIN_ACTIVATED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnPinBoard, rn_pin_board, GTK_TYPE_WIDGET)

static void
job_free (gpointer data)
{
  Job *job = data;

  rn_network_unref (job->network);
  rn_run_unref (job->run);
  g_array_unref (job->pins);
  g_free (job);
}

static void
texture_free (gpointer texture)
{
  if (texture != NULL)
    g_object_unref (texture);
}

/* A texture for each pin; none of a layer that the edits leave out. */
static gpointer
paint_on_worker (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  g_autoptr (GPtrArray) textures = g_ptr_array_new_with_free_func (texture_free);

  for (guint i = 0; i < job->pins->len; i++)
    {
      const Pin *pin = &g_array_index (job->pins, Pin, i);
      g_autoptr (RnTensor) activation = NULL;
      RnRange range;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      activation = rn_network_get_activation (job->network, job->run, pin->layer, NULL);
      g_ptr_array_add (textures, NULL);
      if (activation == NULL)
        continue;
      range = rn_feature_map_get_range (activation, pin->channel, job->colors);
      textures->pdata[i]
          = rn_map_texture_new (activation, pin->channel, range, job->colors,
                                rn_map_texture_choose_zoom (activation, job->size));
    }

  return g_steal_pointer (&textures);
}

static GtkWidget *
get_card (RnPinBoard *self, int i)
{
  GtkWidget *card = gtk_widget_get_first_child (self->box);

  while (card != NULL && i-- > 0)
    card = gtk_widget_get_next_sibling (card);

  return card;
}

static GtkPicture *
get_picture (RnPinBoard *self, int i)
{
  return g_object_get_data (G_OBJECT (get_card (self, i)), "picture");
}

static void
on_painted (gpointer owner, gpointer result, const GError *error)
{
  RnPinBoard *self = owner;
  g_autoptr (GPtrArray) textures = result;

  for (guint i = 0; textures != NULL && i < textures->len; i++)
    gtk_picture_set_paintable (get_picture (self, i), textures->pdata[i]);
}

static void
load (RnPinBoard *self)
{
  RnRun *run = rn_document_get_run (self->document);
  Job *job;

  rn_work_cancel (&self->work);
  if (run == NULL || self->pins->len == 0)
    return;

  job = g_new (Job, 1);
  *job = (Job) { rn_network_ref (rn_document_get_network (self->document)), rn_run_ref (run),
                 g_array_copy (self->pins), self->colors,
                 SIZE * gtk_widget_get_scale_factor (GTK_WIDGET (self)) };
  rn_work_start (&self->work, self, paint_on_worker, job, job_free,
                 (GDestroyNotify) g_ptr_array_unref, on_painted);
}

static int
find (RnPinBoard *self, int layer, int channel)
{
  for (guint i = 0; i < self->pins->len; i++)
    if (g_array_index (self->pins, Pin, i).layer == layer
        && g_array_index (self->pins, Pin, i).channel == channel)
      return i;

  return -1;
}

static void
on_clicked (GtkButton *button, gpointer data)
{
  RnPinBoard *self = RN_PIN_BOARD (data);
  GtkWidget *card = gtk_widget_get_parent (GTK_WIDGET (button));

  for (guint i = 0; i < self->pins->len; i++)
    if (get_card (self, i) == card)
      {
        g_signal_emit (self, signals[PIN_ACTIVATED], 0, g_array_index (self->pins, Pin, i).layer,
                       g_array_index (self->pins, Pin, i).channel);
        return;
      }
}

static void
on_removed (GtkButton *button, gpointer data)
{
  RnPinBoard *self = RN_PIN_BOARD (data);
  GtkWidget *card = gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (button)));

  for (guint i = 0; i < self->pins->len; i++)
    if (get_card (self, i) == card)
      {
        Pin pin = g_array_index (self->pins, Pin, i);

        rn_pin_board_toggle (self, pin.layer, pin.channel);
        return;
      }
}

/* A picture to click, what it is, and a cross to take it away. */
static GtkWidget *
make_card (RnPinBoard *self, const char *text)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *picture = g_object_new (GTK_TYPE_PICTURE, "width-request", SIZE, "height-request",
                                     SIZE, NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "child", picture, "tooltip-text", text,
                                    "css-classes", (const char *const[]) { "flat", "pin", NULL },
                                    NULL);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "ellipsize",
                                   PANGO_ELLIPSIZE_START, "max-width-chars", 8, "hexpand", TRUE,
                                   "css-classes", (const char *const[]) { "caption", NULL }, NULL);
  GtkWidget *remove = g_object_new (GTK_TYPE_BUTTON, "icon-name", "window-close-symbolic",
                                    "css-classes",
                                    (const char *const[]) { "flat", "pin-remove", NULL }, NULL);
  g_autofree char *removal = g_strdup_printf (_ ("Unpin %s"), text);

  rn_tooltip_set (remove, removal);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, removal,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), self);
  g_signal_connect (remove, "clicked", G_CALLBACK (on_removed), self);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), remove);
  gtk_box_append (GTK_BOX (card), button);
  gtk_box_append (GTK_BOX (card), row);
  g_object_set_data (G_OBJECT (card), "picture", picture);

  return card;
}

static void
clear (RnPinBoard *self)
{
  rn_work_cancel (&self->work);
  while (self->pins->len > 0)
    {
      gtk_box_remove (GTK_BOX (self->box), get_card (self, 0));
      g_array_remove_index (self->pins, 0);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
rn_pin_board_dispose (GObject *object)
{
  RnPinBoard *self = RN_PIN_BOARD (object);

  rn_work_cancel (&self->work);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_pin_board_parent_class)->dispose (object);
}

static void
rn_pin_board_finalize (GObject *object)
{
  g_array_unref (RN_PIN_BOARD (object)->pins);

  G_OBJECT_CLASS (rn_pin_board_parent_class)->finalize (object);
}

static void
rn_pin_board_class_init (RnPinBoardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_pin_board_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_pin_board_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);

  /* A pin was clicked: its layer and channel. */
  signals[PIN_ACTIVATED]
      = g_signal_new ("pin-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  /* Others are pinned now. */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
rn_pin_board_init (RnPinBoard *self)
{
  self->pins = g_array_new (FALSE, FALSE, sizeof (Pin));
  self->colors = RN_COLOR_MAP_VIRIDIS;
  self->box = g_object_new (GTK_TYPE_BOX, "spacing", 4, "margin-start", 12, "margin-end", 12,
                            "margin-top", 6, "margin-bottom", 6, NULL);
  self->scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vscrollbar-policy", GTK_POLICY_NEVER,
                                 "child", self->box, NULL);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pinned channels"), -1);
}

void
rn_pin_board_set_document (RnPinBoard *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_PIN_BOARD (self) && self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (clear), self);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (load), self);
}

void
rn_pin_board_set_colors (RnPinBoard *self, RnColorMap colors)
{
  if (colors == self->colors)
    return;

  self->colors = colors;
  load (self);
}

/* Pins a channel of a layer with maps, or takes its pin away. */
void
rn_pin_board_toggle (RnPinBoard *self, int layer, int channel)
{
  int i = find (self, layer, channel);
  Pin pin = { layer, channel };
  g_autofree char *text = NULL;

  g_return_if_fail (RN_IS_PIN_BOARD (self));

  if (i >= 0)
    {
      gtk_box_remove (GTK_BOX (self->box), get_card (self, i));
      g_array_remove_index (self->pins, i);
    }
  else
    {
      text = g_strdup_printf (
          "%s #%d", rn_model_get_layer (rn_document_get_model (self->document), layer)->name,
          channel);
      gtk_box_append (GTK_BOX (self->box), make_card (self, text));
      g_array_append_val (self->pins, pin);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), self->pins->len > 0);
  g_signal_emit (self, signals[CHANGED], 0);
  load (self);
}

gboolean
rn_pin_board_has (RnPinBoard *self, int layer, int channel)
{
  return find (self, layer, channel) >= 0;
}

int
rn_pin_board_get_n (RnPinBoard *self)
{
  return self->pins->len;
}

/* Returns: (transfer none) (nullable): the map of a pin, once it is painted */
GdkPaintable *
rn_pin_board_get_map (RnPinBoard *self, int i)
{
  return gtk_picture_get_paintable (get_picture (self, i));
}
