#!/usr/bin/env python3
"""Writes keras3*.keras and keras3*.weights.h5 as Keras 3 lays them out.

After keras/src/saving/saving_lib.py: groups by class and number, weights by number, names in the
configuration alone (or, in later versions, in the attribute `name` of "vars"). bfloat16 lies there as
h5py writes a type that it does not know: opaque, with the attribute `dtype`. The k-th number of the
j-th weight of the i-th layer is i + j / 8 + k / 64 (in bfloat16 its upper half). Needs python3-h5py and
python3-numpy.
"""
import io
import json
import pathlib
import zipfile

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent


def values(i, j, shape):
    return (i + j / 8 + np.arange(int(np.prod(shape))) / 64).reshape(shape).astype('<f4')


NORM = [(4,)] * 4
# class, name, shapes of weights, inner layers
LAYERS = [
    ('InputLayer', 'input', [], None),
    ('Conv2D', 'first', [(3, 3, 3, 4), (4,)], None),
    ('BatchNormalization', 'first_bn', NORM, None),
    ('ReLU', 'first_relu', [], None),
    ('Conv2D', 'second', [(1, 1, 4, 4)], None),
    ('DepthwiseConv2D', 'third', [(3, 3, 4, 1), (4,)], None),
    ('SeparableConv2D', 'fourth', [(3, 3, 4, 1), (1, 1, 4, 2), (2,)], None),
    ('Functional', 'inner', [], [('Dense', 'inner_dense', [(2, 3), (3,)], None),
                                 ('Dense', 'inner_last', [(3, 2), (2,)], None)]),
]
SNAKE = {'InputLayer': 'input_layer', 'Conv2D': 'conv2d', 'BatchNormalization': 'batch_normalization',
         'ReLU': 're_lu', 'DepthwiseConv2D': 'depthwise_conv2d', 'Functional': 'functional',
         'SeparableConv2D': 'separable_conv2d', 'Dense': 'dense'}


def put(variables, name, numbers, bfloat16):
    if bfloat16:  # the upper half of a float32
        numbers = (numbers.view('<u4') >> 16).astype('<u2').view('V2')
    variables.create_dataset(name, data=numbers)
    if bfloat16:
        variables[name].attrs['dtype'] = 'bfloat16'


def write(group, layers, named, bfloat16=False, start=0):
    used = {}
    for i, (kind, name, shapes, inner) in enumerate(layers, start):
        count = used[kind] = used.get(kind, -1) + 1
        place = group.create_group('layers/' + SNAKE[kind] + (f'_{count}' if count else ''))
        variables = place.create_group('vars')
        if named:
            variables.attrs['name'] = name
        for j, shape in enumerate(shapes):
            put(variables, str(j), values(i, j, shape), bfloat16)
        if inner:
            write(place, inner, named, bfloat16, i + 1)


def config(layers):
    described = []
    for kind, name, _, inner in layers:
        inner_config = {'layers': config(inner)} if inner else {}
        if kind == 'BatchNormalization':
            inner_config['epsilon'] = 2e-5
        described.append({'module': 'keras.layers', 'class_name': kind,
                          'config': {'name': name, **inner_config}, 'name': name})
    return described


def weights(named, bfloat16=False):
    buffer = io.BytesIO()
    with h5py.File(buffer, 'w') as file:
        write(file, LAYERS, named, bfloat16)
        file.create_group('vars')
    return buffer.getvalue()


(HERE / 'keras3.weights.h5').write_bytes(weights(False))
(HERE / 'keras3-named.weights.h5').write_bytes(weights(True))
(HERE / 'keras3-bfloat16.weights.h5').write_bytes(weights(True, True))
with zipfile.ZipFile(HERE / 'keras3.keras', 'w') as archive:
    for name, content in (('metadata.json', {'keras_version': '3.3.3'}),
                          ('config.json', {'module': 'keras', 'class_name': 'Functional',
                                           'config': {'name': 'm', 'layers': config(LAYERS)}})):
        with archive.open(name, 'w') as file:
            file.write(json.dumps(content).encode())
    archive.writestr('model.weights.h5', weights(False))
