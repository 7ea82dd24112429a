"""Keras weight files (HDF5) of the networks in networks.py: written, and read to go on from.

    keras_file.py NETWORK CHECKPOINT.pt OUT.h5      a checkpoint of train.py as a weight file

Kernels are float16 and contiguous, so that the program reads them raw; all else is float32: the
statistics are small, and a variance can leave float16's range.
"""
import os
import sys

import h5py
import numpy as np
import torch
from torch import nn

from networks import NETWORKS

ORIGIN = 'trained on Imagenette by this project (data/weights/train)'
LICENSE = 'MIT'

# The labels of Imagenette's ten folders; another folder is its own label.
LABELS = {
    'n01440764': 'tench', 'n02102040': 'English springer', 'n02979186': 'cassette player',
    'n03000684': 'chain saw', 'n03028079': 'church', 'n03394916': 'French horn',
    'n03417042': 'garbage truck', 'n03425413': 'gas pump', 'n03445777': 'golf ball',
    'n03888257': 'parachute',
}

NORM = (('gamma:0', 'weight'), ('beta:0', 'bias'), ('moving_mean:0', 'running_mean'),
        ('moving_variance:0', 'running_var'))


def layer_weights(net, layer):
    """The tensors of one layer as Keras has them: [(name, array)], kernels HWIO or [in,out]."""
    if isinstance(layer, nn.Conv2d):
        kernel = layer.weight.detach().permute(2, 3, 1, 0)
        bias = [('bias:0', np.zeros(layer.out_channels))] if net.conv_bias else []
        return [('kernel:0', kernel.cpu().numpy())] + bias
    if isinstance(layer, nn.BatchNorm2d):
        return [(name, getattr(layer, key).detach().cpu().numpy()) for name, key in NORM]
    return [('kernel:0', layer.weight.detach().t().cpu().numpy()),
            ('bias:0', layer.bias.detach().cpu().numpy())]


def write(net, path, classes, origin=ORIGIN, license=LICENSE, size=224):
    """Writes beside `path` first and renames: no reader ever sees half a file."""
    part = f'{path}.part'
    with h5py.File(part, 'w') as h5:
        h5.attrs['layer_names'] = [name.encode() for name in net.layers]
        h5.attrs['backend'] = b'tensorflow'
        h5.attrs['keras_version'] = net.keras_version.encode()
        h5.attrs['rn_classes'] = [c.encode() for c in classes]
        h5.attrs['rn_labels'] = [LABELS.get(c, c).encode() for c in classes]
        h5.attrs['rn_preprocess'] = net.preprocess.encode()
        h5.attrs['rn_input_size'] = size
        h5.attrs['rn_origin'] = origin.encode()
        h5.attrs['rn_license'] = license.encode()
        for name, layer in net.layers.items():
            group, weights = h5.create_group(name), layer_weights(net, layer)
            group.attrs['weight_names'] = [f'{name}/{w}'.encode() for w, _ in weights]
            for w, array in weights:
                stored = array.astype(np.float16 if w == 'kernel:0' else np.float32)
                if not np.isfinite(stored).all():
                    raise ValueError(f'{name}/{w} leaves the range of {stored.dtype}')
                h5.create_dataset(f'{name}/{name}/{w}', data=stored)
    os.replace(part, path)


def read(net, path):
    """Loads a file as `write` or Keras makes it; layers are matched by name, shapes must agree.

    A convolution's bias moves into the mean of the norm behind it: (x + b) - m = x - (m - b).
    A head for other classes is left as it is, and said so.
    """
    bias = None
    with h5py.File(path, 'r') as h5, torch.no_grad():
        for name, layer in net.layers.items():
            group = h5[name]
            names = [w.decode() if isinstance(w, bytes) else w for w in group.attrs['weight_names']]
            have = {w.split('/')[-1].split(':')[0].split('_W_')[0]:
                    torch.from_numpy(np.asarray(group[w], np.float32)) for w in names}
            if isinstance(layer, nn.Conv2d):
                layer.weight.copy_(have['kernel'].permute(3, 2, 0, 1))
                bias = have.get('bias')
            elif isinstance(layer, nn.BatchNorm2d):
                for keras, torch_name in NORM:
                    getattr(layer, torch_name).copy_(have[keras[:-2]])
                if bias is not None:
                    layer.running_mean -= bias
            elif have['kernel'].shape == (layer.in_features, layer.out_features):
                layer.weight.copy_(have['kernel'].t())
                layer.bias.copy_(have['bias'])
            else:
                print(f'{path}: {name} is for {have["kernel"].shape[1]} classes, not '
                      f'{layer.out_features}: begun anew', file=sys.stderr)


def main(arch, checkpoint, path):
    state = torch.load(checkpoint, map_location='cpu')
    net = NETWORKS[arch](len(state['classes']))
    net.load_state_dict(state['average'])
    write(net, path, state['classes'])


if __name__ == '__main__':
    if len(sys.argv) != 4 or sys.argv[1] not in NETWORKS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
