#include "ui/experiments/experiments.h"

#include <glib/gi18n.h>

#include "engine/runtime/edit.h"
#include "ui/experiments/offer.h"
#include "ui/tooltip/tooltip.h"

/* As the drop-down lists them. */
static const RnEditKind channel_kinds[] = { RN_EDIT_SILENCE, RN_EDIT_KEEP, RN_EDIT_SCALE };

struct _RnExperiments
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *target;
  GtkLabel *hint;
  GtkWidget *offers;
  GtkWidget *channels_box;
  GtkDropDown *channels_kind;
  GtkEditable *channels;
  GtkSpinButton *factor;
  GtkWidget *none;
  GtkWidget *list;
  RnSweepView *sweep;

  /* owned */
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnExperiments, rn_experiments, GTK_TYPE_WIDGET)

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

/* Puts @edit in force, last or, where it cannot be done to what the others leave, first of all. */
static gboolean
add_edit (RnExperiments *self, const char *edit, const char *excludes)
{
  const char *const *edits = rn_edits_get (rn_document_get_edits (self->document));
  RnBinding *whole = rn_network_get_binding (rn_document_get_network (self->document));
  g_autoptr (GPtrArray) next = g_ptr_array_new ();
  g_autoptr (RnBinding) edited = NULL;

  if (whole == NULL)
    return FALSE;
  for (guint i = 0; edits[i] != NULL; i++)
    if (g_strcmp0 (edits[i], excludes) != 0)
      g_ptr_array_add (next, (char *) edits[i]);
  g_ptr_array_add (next, (char *) edit);
  g_ptr_array_add (next, NULL);
  edited = rn_edits_apply ((const char *const *) next->pdata, whole, NULL);
  if (edited == NULL)
    {
      g_ptr_array_remove_index (next, next->len - 2);
      g_ptr_array_insert (next, 0, (char *) edit);
    }

  return rn_document_try_edits (self->document, (const char *const *) next->pdata);
}

static void
on_offer (RnExperiments *self, GParamSpec *pspec, GtkSwitch *button)
{
  const char *edit = g_object_get_data (G_OBJECT (button), "edit");
  const char *excludes = g_object_get_data (G_OBJECT (button), "excludes");
  RnEdits *edits = rn_document_get_edits (self->document);
  gboolean active = gtk_switch_get_active (button);

  if (active == rn_edits_contains (edits, edit))
    return;
  if (!active)
    rn_edits_remove (edits, edit);
  else if (!add_edit (self, edit, excludes))
    gtk_switch_set_active (button, FALSE);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
new_offer_row (RnExperiments *self, const RnOffer *offer)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_switch_new ();

  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), new_label (offer->title, NULL));
  if (offer->detail != NULL)
    {
      GtkWidget *detail = new_label (offer->detail, "caption");

      gtk_widget_add_css_class (detail, "subtitle");
      gtk_box_append (GTK_BOX (words), detail);
    }
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  rn_tooltip_set (button, offer->edit);
  g_object_set_data_full (G_OBJECT (button), "edit", g_strdup (offer->edit), g_free);
  g_object_set_data_full (G_OBJECT (button), "excludes", g_strdup (offer->excludes), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  offer->title, -1);
  gtk_switch_set_active (GTK_SWITCH (button),
                         rn_edits_contains (rn_document_get_edits (self->document), offer->edit));
  g_signal_connect_object (button, "notify::active", G_CALLBACK (on_offer), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), button);

  return row;
}

static char *
name_target (const RnModel *model, RnSelection selection)
{
  const RnStructure *structure = rn_model_get_structure (model);
  g_autofree char *label = NULL;

  if (selection.layer >= 0)
    return g_strdup (rn_model_get_layer (model, selection.layer)->name);
  if (selection.block < 0)
    return g_strdup (_ ("Experiments"));
  label = rn_block_get_label (&structure->blocks[selection.block], structure->stages);

  return g_strdup_printf (_ ("Block %s"), label);
}

static char *
write_hint (const RnModel *model, RnSelection selection)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int block = selection.layer >= 0 ? structure->block_of[selection.layer] : -1;
  g_autofree char *label = NULL;

  if (selection.layer < 0 && selection.block < 0)
    return g_strdup (_ ("Select a block or a layer to change it. The network runs on."));
  if (block < 0)
    return g_strdup ("");
  label = rn_block_get_label (&structure->blocks[block], structure->stages);

  return g_strdup_printf (_ ("In block %s. Select the block to cut its shortcut or drop its branch."),
                          label);
}

static void
show_target (RnExperiments *self)
{
  RnModel *model = rn_document_get_model (self->document);
  RnSelection selection = rn_document_get_selection (self->document);
  g_autoptr (GPtrArray) offers = NULL;
  g_autofree char *target = NULL, *hint = NULL;

  clear_box (self->offers);
  gtk_widget_set_visible (self->channels_box, FALSE);
  if (model == NULL)
    return;

  target = name_target (model, selection);
  hint = write_hint (model, selection);
  gtk_label_set_label (self->target, target);
  gtk_label_set_label (self->hint, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), *hint != '\0');
  gtk_widget_set_visible (self->channels_box, rn_offers_take_channels (model, selection));
  offers = rn_offers_new (model, selection);
  for (guint i = 0; i < offers->len; i++)
    gtk_box_append (GTK_BOX (self->offers), new_offer_row (self, offers->pdata[i]));
}

static void
on_remove (RnExperiments *self, GtkButton *button)
{
  g_autofree char *edit = g_strdup (g_object_get_data (G_OBJECT (button), "edit"));

  rn_edits_remove (rn_document_get_edits (self->document), edit);
}

static GtkWidget *
new_edit_row (RnExperiments *self, const RnModel *model, const char *edit)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_autofree char *text = rn_edit_describe (model, edit);
  g_autofree char *remove = g_strdup_printf (_ ("Remove: %s"), text);
  GtkWidget *label = new_label (text, NULL);

  gtk_widget_set_hexpand (label, TRUE);
  rn_tooltip_set (label, edit);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  rn_tooltip_set (button, _ ("Remove this edit"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, remove,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "edit", g_strdup (edit), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), button);

  return row;
}

static void
show_edits (RnExperiments *self)
{
  RnModel *model = rn_document_get_model (self->document);
  const char *const *edits = rn_edits_get (rn_document_get_edits (self->document));

  clear_box (self->list);
  gtk_widget_set_visible (self->none, edits[0] == NULL);
  for (guint i = 0; model != NULL && edits[i] != NULL; i++)
    gtk_box_append (GTK_BOX (self->list), new_edit_row (self, model, edits[i]));
}

/* The switches follow what was undone; rebuilding them would take the keyboard's place away. */
static void
follow_edits (RnExperiments *self)
{
  RnEdits *edits = rn_document_get_edits (self->document);

  for (GtkWidget *row = gtk_widget_get_first_child (self->offers); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *button = gtk_widget_get_last_child (row);

      gtk_switch_set_active (GTK_SWITCH (button),
                             rn_edits_contains (edits, g_object_get_data (G_OBJECT (button),
                                                                          "edit")));
    }
  show_edits (self);
}

static void
on_model (RnExperiments *self)
{
  show_target (self);
  show_edits (self);
}

static void
on_channels_kind (RnExperiments *self)
{
  guint selected = gtk_drop_down_get_selected (self->channels_kind);

  gtk_widget_set_visible (GTK_WIDGET (self->factor),
                          selected < G_N_ELEMENTS (channel_kinds)
                              && channel_kinds[selected] == RN_EDIT_SCALE);
}

/* What was typed: "0, 4-7", with or without spaces. */
static char *
get_channels (RnExperiments *self)
{
  g_auto (GStrv) parts = g_strsplit (gtk_editable_get_text (self->channels), " ", -1);

  return g_strjoinv (NULL, parts);
}

static void
on_channels (RnExperiments *self)
{
  RnModel *model = rn_document_get_model (self->document);
  int layer = rn_document_get_selection (self->document).layer;
  guint selected = gtk_drop_down_get_selected (self->channels_kind);
  g_autofree char *channels = get_channels (self);
  g_autofree char *edit = NULL;

  if (layer < 0 || selected >= G_N_ELEMENTS (channel_kinds))
    return;
  edit = g_strdup_printf ("%s:%s:%s", rn_edit_kind_get_name (channel_kinds[selected]),
                          rn_model_get_layer (model, layer)->name, channels);
  if (channel_kinds[selected] == RN_EDIT_SCALE)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *plain = g_steal_pointer (&edit);

      g_ascii_formatd (number, sizeof number, "%.4g", gtk_spin_button_get_value (self->factor));
      edit = g_strdup_printf ("%s=%s", plain, number);
    }
  if (add_edit (self, edit, NULL))
    gtk_editable_set_text (self->channels, "");
}

static void
rn_experiments_dispose (GObject *object)
{
  RnExperiments *self = RN_EXPERIMENTS (object);
  GtkWidget *child;

  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (rn_document_get_edits (self->document), self);
      g_signal_handlers_disconnect_by_data (self->document, self);
    }
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_experiments_parent_class)->dispose (object);
}

static void
rn_experiments_class_init (RnExperimentsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_experiments_dispose;
  g_type_ensure (RN_TYPE_SWEEP_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/experiments/experiments.ui");
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, target);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, hint);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, offers);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, channels_box);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, channels_kind);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, channels);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, factor);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, none);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, list);
  gtk_widget_class_bind_template_child (widget_class, RnExperiments, sweep);
  gtk_widget_class_bind_template_callback (widget_class, on_channels_kind);
  gtk_widget_class_bind_template_callback (widget_class, on_channels);
}

static void
rn_experiments_init (RnExperiments *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_experiments_set_document (RnExperiments *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_EXPERIMENTS (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (on_model), self);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (show_target), self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (show_target), self);
  g_signal_connect_swapped (rn_document_get_edits (document), "changed", G_CALLBACK (follow_edits),
                            self);
  rn_sweep_view_set_document (self->sweep, document);
  on_model (self);
}

/* Returns: the name of what is selected */
const char *
rn_experiments_get_target (RnExperiments *self)
{
  return gtk_label_get_label (self->target);
}

RnSweepView *
rn_experiments_get_sweep (RnExperiments *self)
{
  return self->sweep;
}

static GtkWidget *
find_in (GtkWidget *box, const char *edit)
{
  for (GtkWidget *row = gtk_widget_get_first_child (box); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *last = gtk_widget_get_last_child (row);

      if (g_strcmp0 (g_object_get_data (G_OBJECT (last), "edit"), edit) == 0)
        return last;
    }

  return NULL;
}

/* Returns: (nullable): the switch of an edit that is offered for what is selected */
GtkWidget *
rn_experiments_find_offer (RnExperiments *self, const char *edit)
{
  return find_in (self->offers, edit);
}

/* Returns: (nullable): the button that removes an edit that is in force */
GtkWidget *
rn_experiments_find_remove (RnExperiments *self, const char *edit)
{
  return find_in (self->list, edit);
}

/**
 * rn_experiments_type_channels:
 * @kind: 0 silence, 1 keep only, 2 scale
 * @channels: as typed
 *
 * Does something to channels of the selected layer, through the widgets.
 */
void
rn_experiments_type_channels (RnExperiments *self, int kind, const char *channels, double factor)
{
  gtk_drop_down_set_selected (self->channels_kind, kind);
  gtk_editable_set_text (self->channels, channels);
  gtk_spin_button_set_value (self->factor, factor);
  on_channels (self);
}
