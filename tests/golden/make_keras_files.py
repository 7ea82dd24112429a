#!/usr/bin/env python3
"""Writes keras-weights.h5 and keras-whole.h5: small files in the forms that Keras has given its own.

The reference for engine/formats/keras-hdf5.c: written by h5py, which Keras itself writes with. The
k-th number of the j-th weight of the i-th layer is i + j / 8 + k / 64, which every format but
bfloat16 holds exactly. Needs python3-h5py and python3-numpy.
"""
import pathlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent


def values(i, j, shape, dtype='<f4'):
    return (i + j / 8 + np.arange(np.prod(shape)) / 64).reshape(shape).astype(dtype)


def bfloat16_type():
    """A 2-byte float with the fields of bfloat16, as HDF5 can describe it."""
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)
    return kind


# layer, [(path below the layer's group, shape, dtype, options)]
LAYERS = [
    ('input_1', []),
    ('conv1', [('conv1/kernel:0', (2, 2, 3, 4), '<f2', {}), ('conv1/bias:0', (4,), '<f4', {})]),
    ('bn_conv1', [(f'bn_conv1/{w}:0', (4,), '<f4', {})
                  for w in ('gamma', 'beta', 'moving_mean', 'moving_variance')]),
    # Keras before 2, with TensorFlow's numbers
    ('res2a', [('res2a_W_1:0', (1, 1, 4, 2), '>f4', {}), ('res2a_b_1:0', (2,), '<f8', {})]),
    ('bn2a', [(f'bn2a_{w}_1:0', (2,), '<f4', {})
              for w in ('gamma', 'beta', 'running_mean', 'running_std')]),
    ('packed', [('packed/kernel:0', (8, 8), '<f4', {'compression': 'gzip', 'chunks': (4, 8)})]),
    ('brain', [('brain/kernel:0', (3, 2), 'bf16', {})]),
    ('counter', [('counter/seed:0', (2,), '<i8', {})]),
    # a model as a layer of a model
    ('inner', [('dense_a/kernel:0', (2, 3), '<f4', {}), ('dense_b/kernel:0', (3, 2), '<f4', {}),
               ('dense_b/bias:0', (2,), '>f2', {})]),
]


def write_weight(group, path, data, dtype, options):
    if dtype != 'bf16':
        group.create_dataset(path, data=data.astype(dtype), **options)
        return
    group.require_group(path.rsplit('/', 1)[0])
    bits = (data.astype('<f4').view('<u4') >> 16).astype('<u2')
    kind = bfloat16_type()
    dataset = h5py.h5d.create(group.id, path.encode(), kind, h5py.h5s.create_simple(data.shape))
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, bits, kind)


def write_layers(root, fixed, split):
    names = [name.encode() for name, _ in LAYERS]
    if split:
        root.attrs['layer_names0'], root.attrs['layer_names1'] = names[:4], names[4:]
    elif fixed:
        root.attrs['layer_names'] = np.array(names, 'S')
    else:
        root.attrs['layer_names'] = names
    for i, (name, weights) in enumerate(LAYERS):
        group = root.create_group(name)
        paths = [path.encode() for path, *_ in weights]
        group.attrs['weight_names'] = np.array(paths, 'S') if fixed and paths else paths
        for j, (path, shape, dtype, options) in enumerate(weights):
            write_weight(group, path, values(i, j, shape, '<f8'), dtype, options)


NORM = '{"class_name": "BatchNormalization", "config": {"epsilon": 0.01}}'
CONFIG = '{"class_name": "Model",\n "config": {"layers": [' + NORM + ', ' + NORM + ']}}'

with h5py.File(HERE / 'keras-weights.h5', 'w') as file:
    write_layers(file, fixed=False, split=True)
    file.attrs['backend'], file.attrs['keras_version'] = 'tensorflow', '2.3.1'
    file.attrs['rn_classes'], file.attrs['rn_labels'] = ['n01', 'n02'], ['tench', 'cassette player']
    file.attrs['rn_preprocess'], file.attrs['rn_input_size'] = 'torch', 96
    file.attrs['rn_origin'], file.attrs['rn_license'] = b'a script', 'MIT'

with h5py.File(HERE / 'keras-whole.h5', 'w', libver='latest') as file:
    file.attrs['model_config'] = CONFIG
    write_layers(file.create_group('model_weights'), fixed=True, split=False)
