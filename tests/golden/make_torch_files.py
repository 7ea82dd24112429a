#!/usr/bin/env python3
"""Writes torch.safetensors, torch.npz and packed.npz: weights under torchvision's names.

The first by the format's description (huggingface/safetensors), the others by NumPy. The k-th number
of the j-th tensor is j + k / 64, counted in PyTorch's layout [out, in, height, width]. Needs
python3-numpy.
"""
import json
import pathlib
import struct

import numpy as np

HERE = pathlib.Path(__file__).parent

TENSORS = [  # name, shape, safetensors' dtype
    ('conv1.weight', (4, 3, 2, 5), 'F32'),
    ('bn1.weight', (4,), 'F32'),
    ('bn1.bias', (4,), 'F32'),
    ('bn1.running_mean', (4,), 'F64'),
    ('bn1.running_var', (4,), 'F32'),
    ('bn1.num_batches_tracked', (), 'I64'),
    ('layer1.0.conv1.weight', (2, 4, 1, 1), 'BF16'),
    ('layer1.0.conv3.weight', (3, 2, 1, 3), 'F16'),
    ('fc.weight', (5, 3), 'F16'),
    ('fc.bias', (5,), 'F32'),
]
NUMPY = {'F32': '<f4', 'F16': '<f2', 'F64': '<f8', 'I64': '<i8', 'BF16': '<f4'}


def values(j, shape, dtype):
    numbers = (j + np.arange(int(np.prod(shape))) / 64).reshape(shape)
    return numbers.astype(NUMPY[dtype])


header, data = {'__metadata__': {'format': 'pt', 'license': 'BSD-3-Clause'}}, b''
for j, (name, shape, dtype) in enumerate(TENSORS):
    array = values(j, shape, dtype)
    if dtype == 'BF16':  # the upper half of a float32
        array = (array.view('<u4') >> 16).astype('<u2')
    header[name] = {'dtype': dtype, 'shape': list(shape),
                    'data_offsets': [len(data), len(data) + array.nbytes]}
    data += array.tobytes()
text = json.dumps(header).encode()
(HERE / 'torch.safetensors').write_bytes(struct.pack('<Q', len(text)) + text + data)

arrays = {name: values(j, shape, dtype) for j, (name, shape, dtype) in enumerate(TENSORS)}
np.savez(HERE / 'torch.npz', **arrays)
np.savez_compressed(HERE / 'packed.npz', **arrays)
