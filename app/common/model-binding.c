/* From the options to a model, and to weights that fit it. */
#include <string.h>

#include "app/common/data-dir.h"
#include "app/common/model-options.h"
#include "app/common/reader-program.h"
#include "engine/formats/reader.h"
#include "engine/formats/weights-file.h"
#include "engine/tensor/weights-variant.h"
#include "ui/download/download.h"
#include "ui/download/official.h"

#define DEFAULT_MODEL "resnet50"

/* Random weights are the same at every start. */
#define RANDOM_SEED 1

static const char *
get_id (const RnModelOptions *self)
{
  return self->model != NULL ? self->model : DEFAULT_MODEL;
}

/* The variant of a built-in model that the options ask for. */
static RnVariant
get_variant (const RnModelOptions *self)
{
  RnVariant variant = RN_VARIANT_DEFAULT;

  if (self->names != NULL && g_str_equal (self->names, "keras3"))
    variant.names = RN_NAMES_KERAS3;
  variant.top = !self->no_top;
  if (self->classes > 0)
    variant.classes = self->classes;
  variant.input_size = self->input_size;
  variant.as_written = self->as_written;

  return variant;
}

/* A publisher's file says nothing of epsilon and classes; its MD5 tells which one it is. */
static gboolean
complete_official (RnWeights *weights, const char *path, GError **error)
{
  g_autofree char *list = NULL;
  g_autofree char *md5 = NULL;
  g_autoptr (RnSourceList) sources = NULL;

  if (rn_weights_get_info (weights)->n_classes > 0)
    return TRUE;
  list = rn_data_dir_find ("weights/sources.json", error);
  sources = list != NULL ? rn_source_list_load (list, error) : NULL;
  md5 = sources != NULL ? rn_download_md5_of (path, NULL, error) : NULL;
  if (md5 == NULL)
    return FALSE;

  /* Without the list of labels classes go by their numbers. */
  rn_official_complete (weights, sources, md5, NULL, NULL);

  return TRUE;
}

static RnWeights *
load_file (const char *path, GError **error)
{
  g_autoptr (RnParcel) parcel =
      rn_reader_read (rn_reader_program_get (), RN_READER_WEIGHTS, path, 0, NULL, error);

  if (parcel == NULL || !complete_official (parcel->weights, path, error))
    return NULL;

  return g_steal_pointer (&parcel->weights);
}

static gboolean
wants_random (const RnModelOptions *self)
{
  return self->weights != NULL && g_str_equal (self->weights, "none");
}

/* The weights that are named, or those bundled for the model; NULL without an error for random
 * ones. */
static RnWeights *
load_weights (const RnModelOptions *self, GError **error)
{
  g_autofree char *relative = g_strdup_printf ("weights/%s.h5", get_id (self));
  g_autofree char *bundled = NULL;

  if (wants_random (self))
    return NULL;
  if (self->weights != NULL)
    return load_file (self->weights, error);
  bundled = rn_data_dir_find (relative, NULL);

  return bundled != NULL ? rn_weights_load (bundled, error) : NULL;
}

/* Whether the model is a file: it is no built-in id, and is there or looks like a path. */
static gboolean
is_file (const RnModelOptions *self)
{
  return rn_catalog_find (get_id (self), NULL) == NULL
         && (g_file_test (self->model, G_FILE_TEST_EXISTS) || strpbrk (self->model, "./") != NULL);
}

/* A file is as it is: what chooses a variant is for built-in models. */
static gboolean
check_file_options (const RnModelOptions *self, GError **error)
{
  const char *option = NULL;

  if (self->names != NULL)
    option = "--names";
  else if (self->no_top)
    option = "--no-top";
  else if (self->classes > 0)
    option = "--classes";
  else if (self->input_size > 0)
    option = "--input-size";
  else if (self->as_written)
    option = "--as-written";
  if (option == NULL)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s is for built-in models; %s is a file, which is taken as it is", option, self->model);
  return FALSE;
}

static RnParcel *
read_model_file (const RnModelOptions *self, GError **error)
{
  if (!check_file_options (self, error))
    return NULL;

  return rn_reader_read (rn_reader_program_get (), RN_READER_MODEL, self->model, 0, NULL, error);
}

/* A model from a file with the weights that are named, else those in the file, else random ones. */
static RnBinding *
load_file_binding (const RnModelOptions *self, GError **error)
{
  g_autoptr (RnParcel) parcel = read_model_file (self, error);
  g_autoptr (RnWeights) weights = NULL;

  if (parcel == NULL || !rn_model_check_runnable (parcel->model, error))
    return NULL;
  if (self->weights != NULL && !wants_random (self))
    weights = load_file (self->weights, error);
  else if (parcel->weights != NULL && !wants_random (self))
    weights = g_steal_pointer (&parcel->weights);
  else
    weights = rn_weights_new_random (parcel->model, RANDOM_SEED, error);

  return weights != NULL ? rn_binding_new (parcel->model, weights, error) : NULL;
}

/* What the weights settle, unless the options contradict them. */
static gboolean
adapt_variant (const RnModelOptions *self, RnWeights *weights, RnVariant *variant, GError **error)
{
  const char *name = rn_weights_get_info (weights)->name;
  RnVariant own;

  if (!rn_weights_get_variant (weights, get_id (self), &own, error))
    return FALSE;
  variant->stride_on_3x3 = own.stride_on_3x3;
  if (self->no_top)
    return TRUE;
  if (self->classes > 0 && !own.top)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH,
                   "--classes %d: the weights %s have no classifier for %s; leave the option out, "
                   "or say --weights none",
                   self->classes, name, get_id (self));
      return FALSE;
    }
  if (self->classes > 0 && self->classes != own.classes)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH,
                   "--classes %d: the weights %s know %d classes; leave the option out, or say "
                   "--weights none",
                   self->classes, name, own.classes);
      return FALSE;
    }
  variant->top = own.top;
  variant->classes = own.classes;

  return TRUE;
}

/**
 * rn_model_options_load_binding:
 *
 * The model with weights, of a model that is a file those in it; otherwise those of `--weights`, random ones for `none`, otherwise the bundled ones,
 * and random ones again for a model that has none bundled. Weights settle the number of classes,
 * and whether there is a classifier.
 *
 * Returns: (transfer full) (nullable): both, or %NULL with an error of the model's, the weights' or
 *   the file's domain
 */
RnBinding *
rn_model_options_load_binding (const RnModelOptions *self, GError **error)
{
  RnVariant variant = get_variant (self);
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (GError) local = NULL;

  if (is_file (self))
    return load_file_binding (self, error);
  if (rn_catalog_find (get_id (self), error) == NULL)
    return NULL;
  weights = load_weights (self, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (weights != NULL && !adapt_variant (self, weights, &variant, error))
    return NULL;
  model = rn_catalog_build (get_id (self), &variant, error);
  if (model == NULL)
    return NULL;
  if (weights == NULL)
    weights = rn_weights_new_random (model, RANDOM_SEED, error);

  return weights != NULL ? rn_binding_new (model, weights, error) : NULL;
}

/**
 * rn_model_options_check_classifier:
 * @binding: of rn_model_options_load_binding()
 *
 * For what needs classes, not features alone.
 *
 * Returns: %FALSE where there is no classifier, with an error that says why: where the weights have
 *   one of a shape that the model has no use for, which layer that is and what its shape must be
 */
gboolean
rn_model_options_check_classifier (const RnModelOptions *self, RnBinding *binding, GError **error)
{
  RnModel *model = rn_binding_get_model (binding);
  RnVariant variant = get_variant (self);

  if (rn_model_has_top (model))
    return TRUE;
  variant.classes = self->no_top || is_file (self) ? 0 : rn_binding_count_unused_classes (binding);
  if (variant.classes > 0)
    {
      RnWeights *weights = rn_binding_get_weights (binding);
      g_autoptr (RnModel) whole = NULL;
      g_autoptr (RnBinding) fit = NULL;

      variant.stride_on_3x3 = rn_weights_get_info (weights)->stride_on_3x3;
      whole = rn_catalog_build (get_id (self), &variant, error);
      fit = whole != NULL ? rn_binding_new (whole, weights, error) : NULL;
      if (fit == NULL)
        return FALSE;
    }
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "%s has no classifier here and gives features, no prediction; weights with one would "
      "be right, and no --no-top",
      rn_model_get_name (model));

  return FALSE;
}

/**
 * rn_model_options_load_model:
 *
 * The model for what needs no numbers: only `--weights FILE` has weights read, and settles then
 * what weights settle.
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with an error as
 *   rn_model_options_load_binding()
 */
RnModel *
rn_model_options_load_model (const RnModelOptions *self, GError **error)
{
  RnVariant variant = get_variant (self);
  g_autoptr (RnBinding) binding = NULL;

  if (is_file (self))
    {
      g_autoptr (RnParcel) parcel = read_model_file (self, error);

      return parcel != NULL ? g_steal_pointer (&parcel->model) : NULL;
    }
  if (self->weights == NULL || wants_random (self))
    return rn_catalog_build (get_id (self), &variant, error);
  binding = rn_model_options_load_binding (self, error);

  return binding != NULL ? rn_model_ref (rn_binding_get_model (binding)) : NULL;
}

/**
 * rn_model_options_load_parts:
 * @weights: (out) (nullable) (transfer full): those of `--weights`, else those in the model's file;
 *   %NULL where neither is: nothing is taken that was not named
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with an error as
 *   rn_model_options_load_binding()
 */
RnModel *
rn_model_options_load_parts (const RnModelOptions *self, RnWeights **weights, GError **error)
{
  g_autoptr (RnParcel) parcel = NULL;
  g_autoptr (RnBinding) binding = NULL;

  *weights = NULL;
  if (!is_file (self) && (self->weights == NULL || wants_random (self)))
    return rn_model_options_load_model (self, error);
  if (!is_file (self))
    {
      binding = rn_model_options_load_binding (self, error);
      if (binding == NULL)
        return NULL;
      *weights = rn_weights_ref (rn_binding_get_weights (binding));
      return rn_model_ref (rn_binding_get_model (binding));
    }

  parcel = read_model_file (self, error);
  if (parcel == NULL)
    return NULL;
  if (self->weights == NULL)
    *weights = g_steal_pointer (&parcel->weights);
  else if (!wants_random (self))
    *weights = load_file (self->weights, error);
  if (self->weights != NULL && !wants_random (self) && *weights == NULL)
    return NULL;

  return g_steal_pointer (&parcel->model);
}

/**
 * rn_model_options_get_preprocess:
 *
 * Returns: how pixels become input: as `--preprocess` says, else as the weights say, else as is
 * usual for the model; for a file that does not say, values from 0 to 1
 */
RnPreprocess
rn_model_options_get_preprocess (const RnModelOptions *self, RnBinding *binding)
{
  const RnCatalogEntry *entry = rn_catalog_find (get_id (self), NULL);
  const char *own = rn_weights_get_info (rn_binding_get_weights (binding))->preprocess;
  RnPreprocess preprocess = RN_PREPROCESS_RAW;

  if (self->preprocess != NULL)
    rn_preprocess_from_name (self->preprocess, &preprocess, NULL);
  else if (own == NULL || !rn_preprocess_from_name (own, &preprocess, NULL))
    rn_preprocess_from_name (entry != NULL ? entry->preprocess : "unit", &preprocess, NULL);

  return preprocess;
}
