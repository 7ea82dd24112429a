#!/usr/bin/env python3
"""Writes hostile/: files that claim, nest, overlap or expand more than any honest one.

What must be said of each stands in tests/unit/formats/test-hostile.c. Needs python3-h5py and
python3-numpy; reads keras-weights.h5 beside it.
"""
import io
import json
import pathlib
import pickle
import struct
import zipfile

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
OUT = HERE / 'hostile'
OUT.mkdir(exist_ok=True)


def keras(name, fill, paths=(b'w/kernel:0',)):
    """A Keras weight file of one layer 'w' whose group `fill` fills."""
    with h5py.File(OUT / name, 'w') as file:
        file.attrs['layer_names'] = [b'w']
        group = file.create_group('w')
        group.attrs['weight_names'] = list(paths)
        fill(group.create_group('w'))


def huge(group):
    group.create_dataset('kernel:0', shape=(2**20, 2**20), dtype='<f4')


def huge_allowed(group):
    group.create_dataset('kernel:0', shape=(2**15, 2**15), dtype='<f4')


def huge_chunked(group):
    group.create_dataset('kernel:0', shape=(2**15, 2**15), dtype='<f4', chunks=(64, 64),
                         compression='gzip')


def huge_chunk(group):
    group.create_dataset('kernel:0', data=np.zeros(2**24, '<f4'), chunks=(2**24,),
                         compression='gzip', compression_opts=9)


def many_names(group):
    """One dataset under very many names."""
    group['kernel:0'] = np.zeros(2**15, '<f4')
    for i in range(1500):
        group[f'k{i}:0'] = group['kernel:0']


def outside(group):
    """Numbers that lie in another file."""
    space = h5py.h5s.create_simple((4,))
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_external(b'/etc/passwd', 0, 16)
    h5py.h5d.create(group.id, b'kernel:0', h5py.h5t.IEEE_F32LE, space, layout)


def link_outside(group):
    group['kernel:0'] = h5py.ExternalLink('/etc/passwd', '/x')


def link_circle(group):
    group['kernel:0'] = h5py.SoftLink('/w/w/kernel:0')


def many_dimensions(group):
    group.create_dataset('kernel:0', shape=(1,) * 32, dtype='<f4')


def a_group(group):
    group.create_group('kernel:0')


keras('huge.h5', huge)
keras('huge-allowed.h5', huge_allowed)
keras('huge-chunked.h5', huge_chunked)
keras('huge-chunk.h5', huge_chunk)
keras('many-names.h5', many_names, [f'w/k{i}:0'.encode() for i in range(1500)])
keras('outside.h5', outside)
keras('link-outside.h5', link_outside)
keras('link-circle.h5', link_circle)
keras('many-dimensions.h5', many_dimensions)
keras('a-group.h5', a_group)

with h5py.File(OUT / 'deep.weights.h5', 'w') as file:
    group = file
    for _ in range(300):
        group = group.create_group('layers/a')

good = (HERE / 'keras-weights.h5').read_bytes()
(OUT / 'truncated.h5').write_bytes(good[:10000])
# HDF5 1.10 believes what an object in its global heap says of its size
heap = good.index(b'GCOL')
(OUT / 'heap.h5').write_bytes(good[:heap + 24] + struct.pack('<Q', 2**40) + good[heap + 32:])


def safetensors(name, header, data=b'', size=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    (OUT / name).write_bytes(struct.pack('<Q', size or len(text)) + text + data)


def tensor(shape, begin, end, dtype='F32'):
    return {'dtype': dtype, 'shape': shape, 'data_offsets': [begin, end]}


safetensors('header.safetensors', {}, size=2**60)
safetensors('header-cut.safetensors', {}, size=1000)
safetensors('not-json.safetensors', b'{"a": nonsense}')
safetensors('nested.safetensors', b'{"a":' + b'[' * 100000)
safetensors('values.safetensors', b'{"a":[' + b'0,' * 520000 + b'0]}')
safetensors('beyond.safetensors', {'fc.weight': tensor([2, 2], 0, 16)}, b'\0' * 8)
safetensors('overflow.safetensors', {'fc.weight': tensor([2**40, 2**40], 0, 16)}, b'\0' * 16)
safetensors('negative.safetensors', {'fc.weight': tensor([-2, -2], 0, 16)}, b'\0' * 16)
safetensors('backwards.safetensors', {'fc.weight': tensor([2, 2], 16, 0)}, b'\0' * 16)
safetensors('overlap.safetensors', {f'layer{i}.0.conv1.weight': tensor([1, 1, 64, 64], 0, 16384)
                                    for i in range(5000)}, b'\0' * 16384)
safetensors('names.safetensors', {'x\ny': tensor([1], 0, 4)}, b'\0' * 4)


def npy(shape, data=b''):
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + '\n'
    return b'\x93NUMPY\1\0' + struct.pack('<H', len(text)) + text.encode() + data


def archive(name, entries, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(OUT / name, 'w', compression, compresslevel=9) as file:
        for entry, content in entries.items():
            file.writestr(entry, content)


archive('bomb.npz', {'fc.weight.npy': npy((2**13, 2**13), bytes(2**28))}, zipfile.ZIP_DEFLATED)
archive('claims.npz', {'fc.weight.npy': npy((2**20, 2**20), bytes(16))})
archive('empty.npz', {})
archive('text.zip', {'readme.txt': 'nothing here'})
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, 'w') as file:
    file.writestr('fc.weight.npy', npy((4,), bytes(16)))
stored = buffer.getvalue()
(OUT / 'cut.npz').write_bytes(stored[:60])
directory = stored.index(b'PK\1\2')
sizes = struct.pack('<II', 0xfffffff0, 0xfffffff0)  # of the entry: in its own header and the directory's
(OUT / 'sizes.npz').write_bytes(stored[:18] + sizes + stored[26:directory + 20] + sizes
                                + stored[directory + 28:])
archive('nested.keras', {'config.json': '[' * 100000, 'model.weights.h5': good})
archive('damaged.keras', {'config.json': '{}', 'model.weights.h5': good[:9000]})
archive('no-weights.keras', {'config.json': '{}', 'model.weights.npz': b''})
archive('torch.pt', {'archive/data.pkl': pickle.dumps({})})
(OUT / 'torch.pth').write_bytes(pickle.dumps({'conv1.weight': 0}, 2))
