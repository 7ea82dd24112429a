/* Checkpoints of training runs. The bytes are what stands between the magic and the digest, which
 * are put around them: no fuzzer guesses a digest. */
#include <unistd.h>

#include "engine/model/net.h"
#include "engine/training/trainer.h"
#include "tests/fuzz/fuzz.h"

#define MAGIC "ResNetTraining 1"

static RnBinding *
build (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("small", "Small");
  RnNet net = { builder, FALSE, 1e-3f };
  const char *x = rn_net_input (&net, "input", 32, 3);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;

  x = rn_net_conv (&net, "conv", 2, 3, 2, RN_PADDING_SAME, x);
  x = rn_net_global_average (&net, "pool", x);
  rn_net_dense (&net, "dense", 10, RN_ACTIVATION_SOFTMAX, x);
  model = rn_model_builder_build (builder, NULL);
  weights = rn_weights_new_random (model, 1, NULL);

  return rn_binding_new (model, weights, NULL);
}

static RnTrainer *
new_trainer (void)
{
  static RnDataSet *set; /* the same for all */
  g_autoptr (RnBinding) binding = build ();
  RnTrainerOptions options = RN_TRAINER_DEFAULTS;

  if (set == NULL)
    set = rn_data_set_new_shapes (1, 32);
  options.batch = 16;
  options.threads = 1;

  return rn_trainer_new (binding, set, set, &options, NULL);
}

static int
make_file (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_byte_array_append (file, (const guint8 *) MAGIC, sizeof MAGIC - 1);
  g_byte_array_append (file, bytes, n_bytes);
  g_checksum_update (checksum, file->data, file->len);
  g_checksum_get_digest (checksum, digest, &size);
  g_byte_array_append (file, digest, size);

  return fuzz_file (file->data, file->len);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t n_bytes)
{
  g_autoptr (RnTrainer) trainer = new_trainer ();
  int fd = make_file (bytes, n_bytes);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError) error = NULL;
  gboolean resumed = rn_trainer_resume (trainer, path, &error);

  fuzz_judge (resumed, error);
  close (fd);
  /* What was believed must be fit to go on from. */
  if (resumed && !rn_trainer_is_done (trainer))
    {
      gboolean done = rn_trainer_step (trainer, NULL, &error);

      fuzz_judge (done, error);
    }

  return 0;
}
