/* Names of the paper's CIFAR networks, of any depth and with what can be changed about them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RN_CIFAR_MIN_DEPTH 8
#define RN_CIFAR_MAX_DEPTH 110
#define RN_CIFAR_DEPTH_STEP 6

/* How a shortcut meets maps of another size (He et al. 2015, sec. 4.1, "Identity vs. projection
 * shortcuts"). */
typedef enum
{
  RN_CIFAR_ZEROS,       /* option A: zeros for the channels that a stage adds */
  RN_CIFAR_PROJECTIONS, /* option B: a 1x1 convolution there, the identity elsewhere */
  RN_CIFAR_ALL_PROJECTIONS, /* option C: a 1x1 convolution in every block */
  RN_N_CIFAR_OPTIONS
} RnCifarOption;

/**
 * RnCifarNet:
 * @depth: 6n + 2, from %RN_CIFAR_MIN_DEPTH to %RN_CIFAR_MAX_DEPTH
 * @plain: no shortcuts; the next two then mean nothing
 * @option: of its shortcuts
 * @extra_relu: a ReLU more at the end of each branch, before the addition
 * @no_batch_norm: convolutions have a bias instead
 *
 * As an id: plain20, resnet20-paper, with "-b", "-c", "-extra-relu" and "-no-bn" behind it.
 */
typedef struct
{
  int depth;
  gboolean plain;
  RnCifarOption option;
  gboolean extra_relu;
  gboolean no_batch_norm;
} RnCifarNet;

gboolean rn_cifar_net_parse       (const char       *id,
                                   RnCifarNet       *self);
char    *rn_cifar_net_to_id       (const RnCifarNet *self);
char    *rn_cifar_net_get_title   (const RnCifarNet *self);
char    *rn_cifar_net_describe    (const RnCifarNet *self);

G_END_DECLS
