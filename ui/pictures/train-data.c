#include "ui/pictures/train-data.h"

#include <string.h>

#include "engine/tensor/random.h"
#include "engine/training/cifar10-archive.h"
#include "ui/pictures/picture-loader.h"

#define CIFAR "cifar10"
#define CIFAR_PREFIX CIFAR ":"
#define FIXED_SIZE 32
#define MAX_PICTURES 2000000
#define VALIDATION_SHARE 5 /* one in so many, where nothing is said */
#define N_NAMED 3          /* so many pictures that cannot be read are named, the rest counted */

/* Pictures of a folder: a subfolder a class. */
typedef struct
{
  char *path;
  GPtrArray *files;
  GArray *class_of; /* of guint16 */
} Folder;

struct _RnTrainData
{
  RnDataSet *training, *validation; /* where they need not be read */
  char **classes;                   /* of folders */
  Folder *folders[2];
};

static Folder *
folder_new (const char *path)
{
  Folder *self = g_new0 (Folder, 1);

  self->path = g_strdup (path);
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->class_of = g_array_new (FALSE, FALSE, sizeof (guint16));

  return self;
}

static void
folder_free (Folder *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->files);
  g_array_unref (self->class_of);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Folder, folder_free)

static void
folder_add (Folder *self, const char *file, guint16 class)
{
  g_ptr_array_add (self->files, g_strdup (file));
  g_array_append_val (self->class_of, class);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* What is in a folder, folders or else files, in the order of names; hidden ones are passed
 * over. */
static GPtrArray *
list (const char *path, gboolean folders, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  GPtrArray *names;
  const char *name;

  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (name[0] != '.' && g_file_test (file, G_FILE_TEST_IS_DIR) == folders)
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);

  return names;
}

static gboolean
set_classes_error (const char *path, guint n, GError **error)
{
  g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_CLASSES,
               "%s: %u subfolder%s; two or more, each a class with its pictures, would be right",
               path, n, n == 1 ? "" : "s");

  return FALSE;
}

/* The files of each class's subfolder. */
static Folder *
scan (const char *path, char **classes, GError **error)
{
  g_autoptr (Folder) self = folder_new (path);

  for (guint c = 0; classes[c] != NULL; c++)
    {
      g_autofree char *subfolder = g_build_filename (path, classes[c], NULL);
      g_autoptr (GPtrArray) names = list (subfolder, FALSE, error);

      if (names == NULL)
        return NULL;
      if (names->len == 0 || self->files->len + names->len > MAX_PICTURES)
        {
          g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_CLASSES, "%s: %s", subfolder,
                       names->len == 0
                           ? "an empty class; pictures in it would be right, or no such folder"
                           : "more than 2000000 pictures; fewer would be right");
          return NULL;
        }
      for (guint i = 0; i < names->len; i++)
        {
          g_autofree char *file = g_build_filename (subfolder, names->pdata[i], NULL);

          folder_add (self, file, c);
        }
    }

  return g_steal_pointer (&self);
}

static char **
list_classes (const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = list (path, TRUE, error);
  g_autoptr (GStrvBuilder) classes = g_strv_builder_new ();

  if (names == NULL)
    return NULL;
  if (names->len < 2 || names->len > RN_DATA_SET_MAX_CLASSES)
    {
      set_classes_error (path, names->len, error);
      return NULL;
    }
  for (guint i = 0; i < names->len; i++)
    g_strv_builder_add (classes, names->pdata[i]);

  return g_strv_builder_end (classes);
}

/* Of every class some pictures, chosen by the seed, become validation's; a class of one has it in
 * both. */
static void
divide (RnTrainData *self, guint64 seed)
{
  Folder *all = self->folders[0], *training = folder_new (all->path);
  guint n = all->files->len;
  RnRandom random;

  rn_random_init (&random, seed, 0);
  self->folders[1] = folder_new (all->path);
  for (guint first = 0, end; first < n; first = end)
    {
      guint16 class = g_array_index (all->class_of, guint16, first);
      guint phase;

      for (end = first; end < n && g_array_index (all->class_of, guint16, end) == class; end++)
        ;
      phase = (guint)(rn_random_uniform (&random) * MIN (VALIDATION_SHARE, end - first));
      for (guint i = first; i < end; i++)
        {
          gboolean held_out = (i - first) % VALIDATION_SHARE == phase;

          if (!held_out || end - first == 1)
            folder_add (training, all->files->pdata[i], class);
          if (held_out || end - first == 1)
            folder_add (self->folders[1], all->files->pdata[i], class);
        }
    }
  folder_free (all);
  self->folders[0] = training;
}

/* So many of a folder's files, of each class its share and at least one, chosen by the seed. */
static Folder *
take_files (const Folder *all, int n_pictures, RnRandom *random)
{
  Folder *part = folder_new (all->path);
  guint n = all->files->len;
  double share = MIN (n_pictures / (double)n, 1);

  for (guint first = 0, end; first < n; first = end)
    {
      guint16 class = g_array_index (all->class_of, guint16, first);
      guint wanted;

      for (end = first; end < n && g_array_index (all->class_of, guint16, end) == class; end++)
        ;
      wanted = MAX ((guint)((end - first) * share + 0.5), 1);
      /* Each has the chance that is left for it (Knuth, TAOCP vol. 2, 3.4.2, algorithm S). */
      for (guint i = first; i < end; i++)
        if (rn_random_uniform (random) * (end - i) < wanted)
          {
            folder_add (part, all->files->pdata[i], class);
            wanted--;
          }
    }

  return part;
}

static void
take_part_of_set (RnDataSet **set, int n_pictures, guint64 seed)
{
  RnDataSet *part = rn_data_set_new_part (*set, n_pictures, seed);

  rn_data_set_unref (*set);
  *set = part;
}

/**
 * rn_train_data_take_part:
 * @n_training: about how many pictures to keep to learn from
 * @n_validation: likewise to test by
 * @seed: of the choice
 *
 * Leaves the others out, before any is read.
 */
void
rn_train_data_take_part (RnTrainData *self, int n_training, int n_validation, guint64 seed)
{
  const int n[] = { n_training, n_validation };
  RnRandom random;

  g_return_if_fail (self != NULL && n_training > 0 && n_validation > 0);

  if (self->training != NULL)
    {
      take_part_of_set (&self->training, n_training, seed);
      take_part_of_set (&self->validation, n_validation, seed);
      return;
    }
  rn_random_init (&random, seed, 1);
  for (int i = 0; i < 2; i++)
    {
      Folder *part = take_files (self->folders[i], n[i], &random);

      folder_free (self->folders[i]);
      self->folders[i] = part;
    }
}

/* The other half of a folder that is divided already. */
static char *
find_validation (const char *path)
{
  static const char *const names[] = { "val", "validation", "test" };
  g_autofree char *training = g_build_filename (path, "train", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *validation = g_build_filename (path, names[i], NULL);

      if (g_file_test (training, G_FILE_TEST_IS_DIR) &&
          g_file_test (validation, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&validation);
    }

  return NULL;
}

static gboolean
open_folder (RnTrainData *self, const char *path, guint64 seed, GError **error)
{
  g_autofree char *validation = find_validation (path);
  g_autofree char *training =
      validation != NULL ? g_build_filename (path, "train", NULL) : g_strdup (path);

  self->classes = list_classes (training, error);
  if (self->classes == NULL)
    return FALSE;
  self->folders[0] = scan (training, self->classes, error);
  if (self->folders[0] == NULL)
    return FALSE;
  if (validation == NULL)
    divide (self, seed);
  else
    self->folders[1] = scan (validation, self->classes, error);

  return self->folders[1] != NULL;
}

/* What was fetched. */
static gboolean
open_fetched (RnTrainData *self, const char *id, GError **error)
{
  g_autofree char *folder = rn_data_set_get_fetched_folder (id);

  if (rn_cifar10_is_unpacked (folder))
    return rn_data_set_open_cifar10 (folder, &self->training, &self->validation, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "CIFAR-10 has not been fetched; `resnet data fetch %s` does it, and %s:DIR takes it "
               "from a folder%s",
               id, id,
               g_file_test (id, G_FILE_TEST_IS_DIR) ? " (“./cifar10” is the folder of that name)"
                                                    : "");

  return FALSE;
}

/**
 * rn_train_data_open:
 * @text: "shapes", "cifar10" (which was fetched), "cifar10:DIR", or a folder with a subfolder a class
 *   (or with such folders called train and val, validation or test)
 * @seed: of which pictures of a folder that is not divided are kept for validation
 * @n_shapes: shapes to learn from
 * @error: says what is wrong where there is nothing to learn from
 *
 * Returns: (transfer full) (nullable): what was found; pictures of a folder are not read yet
 */
RnTrainData *
rn_train_data_open (const char *text, guint64 seed, int n_shapes, GError **error)
{
  g_autoptr (RnTrainData) self = g_new0 (RnTrainData, 1);
  gboolean found = TRUE;

  if (g_str_equal (text, "shapes"))
    {
      self->training = rn_data_set_new_shapes (1, n_shapes);
      self->validation = rn_data_set_new_shapes (2, n_shapes / VALIDATION_SHARE);
    }
  else if (g_str_equal (text, CIFAR))
    found = open_fetched (self, text, error);
  else if (g_str_has_prefix (text, CIFAR_PREFIX))
    found = rn_data_set_open_cifar10 (text + strlen (CIFAR_PREFIX), &self->training,
                                      &self->validation, error);
  else if (g_file_test (text, G_FILE_TEST_IS_DIR))
    found = open_folder (self, text, seed, error);
  else
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
          "%s: no such folder; shapes, cifar10, cifar10:DIR or a folder with a subfolder a class "
          "would be right",
          text);
      found = FALSE;
    }

  return found ? g_steal_pointer (&self) : NULL;
}

void
rn_train_data_free (RnTrainData *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->training, rn_data_set_unref);
  g_clear_pointer (&self->validation, rn_data_set_unref);
  g_clear_pointer (&self->folders[0], folder_free);
  g_clear_pointer (&self->folders[1], folder_free);
  g_strfreev (self->classes);
  g_free (self);
}

int
rn_train_data_get_n_classes (const RnTrainData *self)
{
  return self->training != NULL ? self->training->n_classes : (int)g_strv_length (self->classes);
}

/* Height and width of the pictures; 0 where they are brought to whatever the model takes. */
int
rn_train_data_get_size (const RnTrainData *self)
{
  return self->training != NULL ? FIXED_SIZE : 0;
}

static RnPicture *
read_picture (const RnTrainDataReading *how, const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (how->reader == NULL)
    return rn_picture_load (path, error);
  file = g_file_new_for_path (path);

  return rn_picture_reader_load (how->reader, file, how->cancellable, error);
}

static void
warn (const RnTrainDataReading *how, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  if (how->warn == NULL)
    return;
  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  how->warn (message, how->data);
}

/* What reading a folder found. */
typedef struct
{
  GPtrArray *pictures;
  GArray *class_of;
  int first_height, first_width;
  int n_bad;
  gboolean mixed; /* sizes */
} Found;

/* Adds picture @i, or warns that it cannot be read. */
static void
add_picture (Found *found,
             const Folder *folder,
             guint i,
             int height,
             int width,
             const RnTrainDataReading *how)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (RnPicture) picture = read_picture (how, folder->files->pdata[i], &fault);
  RnPicture *crop = picture != NULL ? rn_picture_crop_to (picture, width, height, &fault) : NULL;

  if (crop == NULL)
    {
      if (found->n_bad++ < N_NAMED)
        warn (how, "%s; passed over", fault->message);
      return;
    }
  found->mixed |= found->first_height > 0 &&
                  (picture->height != found->first_height || picture->width != found->first_width);
  found->first_height = picture->height;
  found->first_width = picture->width;
  g_ptr_array_add (found->pictures, crop);
  g_array_append_val (found->class_of, g_array_index (folder->class_of, guint16, i));
}

/* Reads a folder's pictures; those that cannot be are passed over with a warning. */
static RnDataSet *
load_folder (const Folder *folder,
             char **classes,
             int height,
             int width,
             const RnTrainDataReading *how,
             GError **error)
{
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func ((GDestroyNotify)rn_picture_unref);
  g_autoptr (GArray) class_of = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_autofree char *name = g_path_get_basename (folder->path);
  Found found = { .pictures = pictures, .class_of = class_of };

  for (guint i = 0; i < folder->files->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (how->cancellable, error))
        return NULL;
      add_picture (&found, folder, i, height, width, how);
      if (how->progress != NULL)
        how->progress ((int)i + 1, (int)folder->files->len, how->data);
    }
  if (found.n_bad > N_NAMED)
    warn (how, "%s: %d more pictures cannot be read either", folder->path, found.n_bad - N_NAMED);
  if (found.mixed)
    warn (how, "%s: pictures of different sizes; all are brought to %d×%d", folder->path, width,
          height);

  return rn_data_set_new_pictures (name, pictures, (const guint16 *)class_of->data,
                                   (const char *const *)classes, height, width, error);
}

/**
 * rn_train_data_load:
 * @height: what the model takes; so is @width
 * @training: (out) (transfer full): what to learn from
 * @validation: (out) (transfer full): what to test by
 * @how: how pictures are read, and who is told
 * @error: set to %G_IO_ERROR_CANCELLED, or where a class is left without pictures
 *
 * Returns: whether both are there
 */
gboolean
rn_train_data_load (RnTrainData *self,
                    int height,
                    int width,
                    RnDataSet **training,
                    RnDataSet **validation,
                    const RnTrainDataReading *how,
                    GError **error)
{
  if (self->training == NULL)
    {
      self->training = load_folder (self->folders[0], self->classes, height, width, how, error);
      if (self->training == NULL)
        return FALSE;
      self->validation = load_folder (self->folders[1], self->classes, height, width, how, error);
      if (self->validation == NULL)
        return FALSE;
    }
  *training = rn_data_set_ref (self->training);
  *validation = rn_data_set_ref (self->validation);

  return TRUE;
}
