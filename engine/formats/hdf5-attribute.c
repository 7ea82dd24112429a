#include "engine/formats/hdf5-file-private.h"

#include "engine/formats/clean-text.h"

#define MAX_STRINGS 100000
#define MAX_TEXT_BYTES (64 << 20)

/* @n strings of @size bytes each, padded with zeros or spaces. */
static gboolean
read_fixed (hid_t attribute, hid_t type, hssize_t n, GPtrArray *strings)
{
  size_t size = H5Tget_size (type);
  gboolean spaces = H5Tget_strpad (type) == H5T_STR_SPACEPAD;
  g_autofree char *buffer = NULL;

  if (size == 0 || size > MAX_TEXT_BYTES / (size_t) n)
    return FALSE;
  buffer = g_try_malloc0 (size * (size_t) n);
  if (buffer == NULL || H5Aread (attribute, type, buffer) < 0)
    return FALSE;

  for (hssize_t i = 0; i < n; i++)
    {
      char *text = rn_clean_text (buffer + (size_t) i * size, size);

      g_ptr_array_add (strings, spaces ? g_strchomp (text) : text);
    }

  return TRUE;
}

static gboolean
read_variable (hid_t attribute, hid_t file_type, hid_t space, hssize_t n, GPtrArray *strings)
{
  hid_t type = H5Tcopy (H5T_C_S1);
  char **pointers = g_new0 (char *, n);
  gboolean done;

  H5Tset_size (type, H5T_VARIABLE);
  H5Tset_cset (type, H5Tget_cset (file_type));
  done = H5Aread (attribute, type, pointers) >= 0;
  for (hssize_t i = 0; done && i < n; i++)
    g_ptr_array_add (strings,
                     rn_clean_text (pointers[i] != NULL ? pointers[i] : "", MAX_TEXT_BYTES));
  if (done)
    H5Dvlen_reclaim (type, space, H5P_DEFAULT, pointers);
  g_free (pointers);
  H5Tclose (type);

  return done;
}

/* Appends the strings of @name at @object to @strings; an empty list may be of any type. */
static gboolean
append_strings (hid_t object, const char *name, GPtrArray *strings)
{
  hid_t attribute = H5Aopen (object, name, H5P_DEFAULT);
  hid_t type = attribute >= 0 ? H5Aget_type (attribute) : -1;
  hid_t space = attribute >= 0 ? H5Aget_space (attribute) : -1;
  hssize_t n = space >= 0 ? H5Sget_simple_extent_npoints (space) : -1;
  gboolean done = FALSE;

  if (n == 0)
    done = TRUE;
  else if (type >= 0 && n > 0 && n <= MAX_STRINGS && H5Tget_class (type) == H5T_STRING)
    done = H5Tis_variable_str (type) > 0 ? read_variable (attribute, type, space, n, strings)
                                         : read_fixed (attribute, type, n, strings);
  if (space >= 0)
    H5Sclose (space);
  if (type >= 0)
    H5Tclose (type);
  if (attribute >= 0)
    H5Aclose (attribute);

  return done;
}

static void
set_attribute_error (RnHdf5File *self, const char *object, const char *name, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
               "%s: attribute '%s' of '%s' is damaged: it must hold strings", self->label, name,
               object);
}

/**
 * rn_hdf5_file_read_strings:
 * @object: path of a group or dataset
 * @attribute: name of an attribute, a list of fixed or variable strings; Keras splits what is
 *   longer than 64 KiB over @attribute with 0, 1, … behind its name
 * @strings: (out) (transfer full): the strings; %NULL where there is no such attribute
 * @error: set where the object is missing or the attribute holds something else
 *
 * Returns: whether there was no error
 */
gboolean
rn_hdf5_file_read_strings (RnHdf5File *self,
                           const char *object,
                           const char *attribute,
                           char ***strings,
                           GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  gboolean there, done = TRUE;
  hid_t id;

  g_return_val_if_fail (self != NULL && attribute != NULL && strings != NULL, FALSE);

  *strings = NULL;
  id = rn_hdf5_file_open_object (self, object, error);
  if (id < 0)
    return FALSE;

  there = H5Aexists (id, attribute) > 0;
  if (there)
    done = append_strings (id, attribute, list);
  for (int i = 0; !there || i > 0; i++)
    {
      g_autofree char *part = g_strdup_printf ("%s%d", attribute, i);

      if (!done || H5Aexists (id, part) <= 0)
        break;
      there = TRUE;
      done = append_strings (id, part, list) && list->len <= MAX_STRINGS;
    }
  H5Oclose (id);

  if (!done)
    {
      set_attribute_error (self, object, attribute, error);
      return FALSE;
    }
  if (there)
    {
      g_ptr_array_add (list, NULL);
      *strings = (char **) g_ptr_array_free (g_steal_pointer (&list), FALSE);
    }

  return TRUE;
}

/**
 * rn_hdf5_file_read_string:
 * @string: (out) (transfer full): the attribute's first string; %NULL where there is none
 *
 * As rn_hdf5_file_read_strings(), for one.
 */
gboolean
rn_hdf5_file_read_string (RnHdf5File *self,
                          const char *object,
                          const char *attribute,
                          char **string,
                          GError **error)
{
  g_auto (GStrv) strings = NULL;

  g_return_val_if_fail (string != NULL, FALSE);

  *string = NULL;
  if (!rn_hdf5_file_read_strings (self, object, attribute, &strings, error))
    return FALSE;
  if (strings != NULL && strings[0] != NULL)
    *string = g_strdup (strings[0]);

  return TRUE;
}

/**
 * rn_hdf5_file_read_number:
 * @number: (out): the attribute's value; 0 where there is no such attribute
 *
 * As rn_hdf5_file_read_strings(), for one number of whatever type.
 */
gboolean
rn_hdf5_file_read_number (RnHdf5File *self,
                          const char *object,
                          const char *attribute,
                          double *number,
                          GError **error)
{
  gboolean done = TRUE;
  hid_t id;

  g_return_val_if_fail (self != NULL && attribute != NULL && number != NULL, FALSE);

  *number = 0;
  id = rn_hdf5_file_open_object (self, object, error);
  if (id < 0)
    return FALSE;

  if (H5Aexists (id, attribute) > 0)
    {
      hid_t opened = H5Aopen (id, attribute, H5P_DEFAULT);
      hid_t space = opened >= 0 ? H5Aget_space (opened) : -1;

      done = space >= 0 && H5Sget_simple_extent_npoints (space) == 1 &&
             H5Aread (opened, H5T_NATIVE_DOUBLE, number) >= 0;
      if (space >= 0)
        H5Sclose (space);
      if (opened >= 0)
        H5Aclose (opened);
    }
  H5Oclose (id);
  if (!done)
    g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                 "%s: attribute '%s' of '%s' is damaged: it must be a number", self->label,
                 attribute, object);

  return done;
}
