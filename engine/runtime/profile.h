/* How long a network takes, layer by layer. */
#pragma once

#include "engine/runtime/session.h"

G_BEGIN_DECLS

/**
 * RnProfile:
 * @n_runs: timed runs; one more came before them
 * @batch: pictures a run
 * @min_ms: the fastest run
 * @median_ms: the middle one
 * @layer_ms: for each layer the fastest of its times; layers that are computed together with a
 *   convolution have none of their own
 * @layer_gflops: for each layer 10⁹ operations a second, two for each multiply-add of the plain
 *   algorithm, so that a faster algorithm may exceed what the processor can do; 0 without any
 * @gflops: of the whole network in the fastest run, counted likewise
 * @peak_gflops: what the processor's multiply-add units can do with that many threads, measured
 * @peak_rss: the most memory that the process has held so far, in bytes
 */
typedef struct
{
  int n_runs;
  int batch;
  int n_layers;
  double min_ms;
  double median_ms;
  double *layer_ms;
  double *layer_gflops;
  double gflops;
  double peak_gflops;
  gint64 peak_rss;
} RnProfile;

RnProfile *rn_profile_new  (RnSession     *session,
                            int            batch,
                            int            n_runs,
                            GCancellable  *cancellable,
                            GError       **error);
void       rn_profile_free (RnProfile     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnProfile, rn_profile_free)

G_END_DECLS
