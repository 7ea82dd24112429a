/* A training run on disk: all that its next step depends on.
 *
 * A header of sixteen bytes, the numbers in little-endian order, and the SHA-256 of all before it.
 * Written to another file first, which takes the place of the old one once it is whole on disk. */
#include <string.h>
#include <unistd.h>

#include "engine/tensor/file-bytes.h"
#include "engine/tensor/memory.h"
#include "engine/training/trainer-private.h"

#define MAGIC "ResNetTraining 1" /* sixteen bytes */
#define MAGIC_SIZE 16
#define DIGEST_SIZE 32
#define EPOCH_SIZE (6 * sizeof (gint64))
#define MAX_RUN 4096 /* bytes that describe another run, to be shown */

/* What a run must have in common with the one that a checkpoint is of. */
static char *
describe_run (RnTrainer *self)
{
  const RnTrainerOptions *o = &self->options;

  return g_strdup_printf (
      "%s %" G_GINT64_FORMAT " %s %d %d epochs %d batch %d seed %" G_GUINT64_FORMAT
      " optimizer %d %g %d %g %g %g schedule %d %g %g augmentation %d %d %g decay %g smoothing %g "
      "first %d preprocess %d",
      rn_model_get_name (self->model), self->parameters->n, self->training->name,
      self->training->n_pictures, self->training->n_classes, o->epochs, o->batch, o->seed,
      o->optimizer.kind, o->optimizer.momentum, o->optimizer.nesterov, o->optimizer.beta_1,
      o->optimizer.beta_2, o->optimizer.epsilon, o->schedule.kind, o->schedule.learning_rate,
      o->schedule.warm_up, o->augmentation.shift, o->augmentation.flip, o->augmentation.crop,
      o->weight_decay, o->label_smoothing, o->first_layer, o->preprocess);
}

static void
append_number (GByteArray *bytes, gint64 number)
{
  gint64 little = GINT64_TO_LE (number);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

static void
append_double (GByteArray *bytes, double number)
{
  gint64 bits;

  memcpy (&bits, &number, sizeof bits);
  append_number (bytes, bits);
}

static void
append_floats (GByteArray *bytes, const float *values, gint64 n)
{
  guint first = bytes->len;
  guint8 *target;

  g_byte_array_set_size (bytes, (guint) (first + n * sizeof (float)));
  target = bytes->data + first;
  for (gint64 i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (target + i * sizeof bits, &bits, sizeof bits);
    }
}

static void
append_epoch (GByteArray *bytes, const RnTrainerEpoch *epoch)
{
  append_number (bytes, epoch->epoch);
  append_double (bytes, epoch->loss);
  append_double (bytes, epoch->error);
  append_double (bytes, epoch->val_loss);
  append_double (bytes, epoch->val_error);
  append_double (bytes, epoch->images_per_s);
}

static void
append_state (GByteArray *bytes, RnTrainer *self)
{
  g_autofree char *run = describe_run (self);

  g_byte_array_append (bytes, (const guint8 *) MAGIC, MAGIC_SIZE);
  append_number (bytes, strlen (run));
  g_byte_array_append (bytes, (const guint8 *) run, strlen (run));
  append_number (bytes, self->step);
  append_number (bytes, self->optimizer->n_steps);
  append_double (bytes, self->sum_of_losses);
  append_number (bytes, self->n_wrong);
  append_double (bytes, self->seconds);
  append_number (bytes, self->epochs->len);
  for (guint i = 0; i < self->epochs->len; i++)
    append_epoch (bytes, &g_array_index (self->epochs, RnTrainerEpoch, i));
  append_floats (bytes, self->parameters->values, self->parameters->n);
  append_floats (bytes, self->optimizer->moments,
                 self->optimizer->n_moments * self->optimizer->n);
}

static void
append_digest (GByteArray *bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[DIGEST_SIZE];
  gsize size = sizeof digest;

  g_checksum_update (checksum, bytes->data, bytes->len);
  g_checksum_get_digest (checksum, digest, &size);
  g_byte_array_append (bytes, digest, size);
}

/**
 * rn_trainer_save:
 * @path: of the checkpoint; what stands there is replaced once all is on disk, and stays if the
 *   disk is full
 * @error: set where it cannot be written
 *
 * Saves all that the next step depends on. May be called from any thread; waits for the step under
 * way.
 *
 * Returns: whether it was written
 */
gboolean
rn_trainer_save (RnTrainer *self, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  append_state (bytes, self);
  g_mutex_unlock (&self->mutex);
  append_digest (bytes);
  if (!g_file_set_contents_full (path, (const char *) bytes->data, bytes->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0666, &local))
    {
      /* GLib names the file that it writes first, which says nothing to whoever reads this. */
      const char *reason = g_strrstr (local->message, ": ");

      g_set_error (error, local->domain, local->code, "%s: the checkpoint cannot be written: %s",
                   path, reason != NULL ? reason + 2 : local->message);
      return FALSE;
    }

  return TRUE;
}

/* The most that a checkpoint of this run takes; one of another run is no longer read than that. */
static gsize
get_max_size (RnTrainer *self)
{
  gint64 n_values = self->parameters->n + self->optimizer->n_moments * self->optimizer->n;

  return MAGIC_SIZE + 7 * sizeof (gint64) + MAX_RUN + (gsize) self->options.epochs * EPOCH_SIZE
         + (gsize) n_values * sizeof (float) + DIGEST_SIZE;
}

/* What is still to be read. */
typedef struct
{
  const guint8 *data;
  gsize left;
  gboolean failed;
} Reader;

static gint64
read_number (Reader *self)
{
  gint64 number = 0;

  if (self->left < sizeof number)
    {
      self->failed = TRUE;
      return 0;
    }
  memcpy (&number, self->data, sizeof number);
  self->data += sizeof number;
  self->left -= sizeof number;

  return GINT64_FROM_LE (number);
}

static double
read_double (Reader *self)
{
  gint64 bits = read_number (self);
  double number;

  memcpy (&number, &bits, sizeof number);

  return number;
}

static void
read_floats (Reader *self, float *values, gint64 n)
{
  if (self->left / sizeof (float) < (gsize) n)
    {
      self->failed = TRUE;
      return;
    }
  for (gint64 i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, self->data + i * sizeof bits, sizeof bits);
      bits = GUINT32_FROM_LE (bits);
      memcpy (&values[i], &bits, sizeof bits);
    }
  self->data += n * sizeof (float);
  self->left -= n * sizeof (float);
}

/* Whether the last bytes are the digest of those before. */
static gboolean
has_digest (const guint8 *bytes, gsize size)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[DIGEST_SIZE];
  gsize digest_size = sizeof digest;

  g_checksum_update (checksum, bytes, size - DIGEST_SIZE);
  g_checksum_get_digest (checksum, digest, &digest_size);

  return memcmp (digest, bytes + size - DIGEST_SIZE, DIGEST_SIZE) == 0;
}

static gboolean
is_line (const char *text, gint64 length)
{
  for (gint64 i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]))
      return FALSE;

  return g_utf8_validate (text, length, NULL);
}

static gboolean
check_run (RnTrainer *self, const char *path, Reader *reader, GError **error)
{
  g_autofree char *run = describe_run (self);
  gint64 length = read_number (reader);

  if (!reader->failed && length == (gint64) strlen (run) && reader->left >= (gsize) length &&
      memcmp (reader->data, run, length) == 0)
    {
      reader->data += length;
      reader->left -= length;
      return TRUE;
    }
  if (length > 0 && length < MAX_RUN && reader->left >= (gsize) length
      && is_line ((const char *) reader->data, length))
    g_set_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT,
                 "%s: the checkpoint of another run (%.*s); the same model, data and options would "
                 "be right (%s)",
                 path, (int) length, (const char *) reader->data, run);
  else
    g_set_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT,
                 "%s: the checkpoint of another run", path);

  return FALSE;
}

static void
read_epochs (RnTrainer *self, Reader *reader)
{
  gint64 n = read_number (reader);

  reader->failed |= n < 0 || n > self->options.epochs;
  g_array_set_size (self->epochs, 0);
  for (gint64 i = 0; i < n && !reader->failed; i++)
    {
      RnTrainerEpoch epoch = { .epoch = (int) read_number (reader) };

      epoch.loss = read_double (reader);
      epoch.error = read_double (reader);
      epoch.val_loss = read_double (reader);
      epoch.val_error = read_double (reader);
      epoch.images_per_s = read_double (reader);
      g_array_append_val (self->epochs, epoch);
    }
}

static gboolean
read_state (RnTrainer *self, Reader *reader)
{
  gint64 step = read_number (reader);

  self->optimizer->n_steps = read_number (reader);
  self->sum_of_losses = read_double (reader);
  self->n_wrong = read_number (reader);
  self->seconds = read_double (reader);
  read_epochs (self, reader);
  read_floats (reader, self->parameters->values, self->parameters->n);
  read_floats (reader, self->optimizer->moments,
               self->optimizer->n_moments * self->optimizer->n);
  if (reader->failed || reader->left != 0 || step < 0 || step > rn_trainer_get_n_steps (self)
      || self->optimizer->n_steps != step || self->n_wrong < 0
      || self->n_wrong > self->training->n_pictures
      || self->epochs->len > step / self->steps_per_epoch)
    return FALSE;
  self->step = step;

  return TRUE;
}

/* Returns: the first @max_size bytes of the file, or all of them */
static guint8 *
read_file (const char *path, gsize max_size, gsize *size, GError **error)
{
  int fd = rn_file_open (path, size, error);
  guint8 *bytes;

  if (fd < 0)
    return NULL;
  bytes = rn_memory_alloc (MIN (*size, max_size), error);
  if (bytes != NULL && !rn_file_read (fd, 0, bytes, MIN (*size, max_size), path, error))
    g_clear_pointer (&bytes, rn_memory_free);
  close (fd);

  return bytes;
}

/* Of a file that is too long for this run only the beginning is at @bytes: it says of which run. */
static gboolean
read_checkpoint (RnTrainer *self, const char *path, const guint8 *bytes, gsize size, GError **error)
{
  gsize max_size = get_max_size (self);
  gboolean is_whole = size <= max_size;
  Reader reader = { 0 };

  if (size < MAGIC_SIZE + DIGEST_SIZE || memcmp (bytes, MAGIC, MAGIC_SIZE) != 0
      || (is_whole && !has_digest (bytes, size)))
    {
      g_set_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT,
                   "%s: no checkpoint of a training run, or a damaged one", path);
      return FALSE;
    }
  reader.data = bytes + MAGIC_SIZE;
  reader.left = MIN (size, max_size) - MAGIC_SIZE - DIGEST_SIZE;
  if (!check_run (self, path, &reader, error))
    return FALSE;
  if (!is_whole || !read_state (self, &reader))
    {
      g_set_error (error, RN_TRAINER_ERROR, RN_TRAINER_ERROR_CHECKPOINT,
                   "%s: a damaged checkpoint of a training run", path);
      return FALSE;
    }

  return TRUE;
}

/**
 * rn_trainer_resume:
 * @path: what rn_trainer_save() wrote
 * @error: set to %RN_TRAINER_ERROR_CHECKPOINT where it is damaged or another run's, or to a
 *   %G_IO_ERROR or #RnMemoryError
 *
 * Goes on where that run was: the steps that follow have the same bits as if it had not stopped. To
 * be called before the first step. After an error the trainer is of no more use.
 *
 * Returns: whether it does
 */
gboolean
rn_trainer_resume (RnTrainer *self, const char *path, GError **error)
{
  guint8 *bytes;
  gsize size;
  gboolean done;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  bytes = read_file (path, get_max_size (self), &size, error);
  if (bytes == NULL)
    return FALSE;
  g_mutex_lock (&self->mutex);
  done = read_checkpoint (self, path, bytes, size, error);
  g_mutex_unlock (&self->mutex);
  rn_memory_free (bytes);

  return done;
}
