"""Writers of weight files, each from the description of its format."""
import io
import json
import pathlib
import struct
import zipfile

import h5py
import numpy as np

NUMPY = {"float16": "<f2", "float32": "<f4", "float64": "<f8"}
SAFETENSORS = {"float16": "F16", "bfloat16": "BF16", "float32": "F32", "float64": "F64"}
# Keras' names of a layer's weights, by their number and that of the first one's dimensions
NORM = ["gamma", "beta", "moving_mean", "moving_variance"]
KERNEL = ["kernel", "bias"]


def to_bits(values):
    """bfloat16: the upper half of a float32, rounded to even."""
    bits = np.ascontiguousarray(values, "<f4").view("<u4").astype("u8")
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def encode(values, dtype):
    return to_bits(values) if dtype == "bfloat16" else np.asarray(values).astype(NUMPY[dtype])


def rounded(values, dtype):
    """The numbers that a file of that type holds, in double precision."""
    if dtype == "bfloat16":
        return (to_bits(values).astype("<u4") << 16).view("<f4").astype("f8")
    return np.asarray(values).astype(NUMPY[dtype]).astype("f8")


def write_npz(path, tensors, dtype, compressed=False):
    save = np.savez_compressed if compressed else np.savez
    save(path, **{name: t if t.dtype == np.int64 else encode(t, dtype)
                  for name, t in tensors.items()})


def write_safetensors(path, tensors, dtype):
    """Eight bytes with the header's length, the header in JSON, the numbers."""
    header, data, end = {"__metadata__": {"format": "pt"}}, [], 0
    for name, t in tensors.items():
        counter = t.dtype == np.int64
        data.append((t if counter else encode(t, dtype)).tobytes())
        header[name] = {"dtype": "I64" if counter else SAFETENSORS[dtype], "shape": list(t.shape),
                        "data_offsets": [end, end + len(data[-1])]}
        end += len(data[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(b"".join([struct.pack("<Q", len(text)), text, *data]))


def hdf5_bfloat16():
    """A floating-point type of 1, 8 and 7 bits."""
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)
    return kind


def put(group, name, values, dtype):
    """A dataset of any of the four types."""
    if dtype != "bfloat16":
        group.create_dataset(name, data=encode(values, dtype))
        return
    bits = to_bits(values)
    space = h5py.h5s.create_simple(bits.shape)
    links = h5py.h5p.create(h5py.h5p.LINK_CREATE)
    links.set_create_intermediate_group(True)
    data = h5py.h5d.create(group.id, name.encode(), hdf5_bfloat16(), space, lcpl=links)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, bits, hdf5_bfloat16())


def names_of(arrays):
    return NORM if np.ndim(arrays[0]) == 1 and len(arrays) == 4 else KERNEL


def fill_keras2(group, layers, weights, dtype):
    """Keras 2's groups; layers that have no weights have groups too."""
    group.attrs["layer_names"] = [l.encode() for l in layers]
    group.attrs["backend"], group.attrs["keras_version"] = b"tensorflow", b"2.3.1"
    for layer in layers:
        place = group.create_group(layer)
        arrays = weights.get(layer, [])
        paths = [f"{layer}/{n}:0" for n in names_of(arrays)[:len(arrays)]] if arrays else []
        place.attrs["weight_names"] = [p.encode() for p in paths]
        for path, values in zip(paths, arrays):
            put(place, path, values, dtype)


def get_names(config):
    return [l["config"]["name"] for l in config["config"]["layers"]]


def write_keras2_weights(path, config, weights, dtype):
    with h5py.File(path, "w") as file:
        fill_keras2(file, get_names(config), weights, dtype)


def write_keras2_model(path, config, weights, dtype):
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        file.attrs["keras_version"], file.attrs["backend"] = b"2.3.1", b"tensorflow"
        fill_keras2(file.create_group("model_weights"), get_names(config), weights, dtype)


SNAKE = {"InputLayer": "input_layer", "Conv2D": "conv2d", "Dense": "dense", "Add": "add",
         "BatchNormalization": "batch_normalization", "Activation": "activation",
         "ZeroPadding2D": "zero_padding2d", "MaxPooling2D": "max_pooling2d",
         "GlobalAveragePooling2D": "global_average_pooling2d"}


def put_keras3(variables, number, values, dtype):
    """Keras 3 has h5py write bfloat16 as bytes of no type; an attribute says what they are."""
    if dtype != "bfloat16":
        put(variables, number, values, dtype)
        return
    variables.create_dataset(number, data=to_bits(values).view("V2"))
    variables[number].attrs["dtype"] = "bfloat16"


def write_keras3_weights(path, config, weights, dtype, named=False):
    """keras/src/saving/saving_lib.py: groups by class and number, weights by number."""
    used = {}
    with h5py.File(path, "w") as file:
        for layer in config["config"]["layers"]:
            kind, name = SNAKE[layer["class_name"]], layer["config"]["name"]
            n = used[kind] = used.get(kind, -1) + 1
            variables = file.create_group(f"layers/{kind}{f'_{n}' if n else ''}/vars")
            if named:
                variables.attrs["name"] = name
            for i, values in enumerate(weights.get(name, [])):
                put_keras3(variables, str(i), values, dtype)
        file.create_group("vars")


def write_keras_archive(path, config, weights, dtype):
    content = io.BytesIO()
    write_keras3_weights(content, config, weights, dtype)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.3.3"}))
        archive.writestr("config.json", json.dumps({"module": "keras", **config}))
        archive.writestr("model.weights.h5", content.getvalue())


def read_keras2(path):
    """A weight file or a whole model: (configuration or None, {layer: [arrays in float64]})"""
    with h5py.File(path) as file:
        config = json.loads(file.attrs["model_config"]) if "model_config" in file.attrs else None
        group = file["model_weights"] if "model_weights" in file else file
        text = lambda s: s.decode() if isinstance(s, bytes) else s
        weights = {text(layer): [group[text(layer)][text(w)][()].astype("f8")
                                 for w in group[text(layer)].attrs["weight_names"]]
                   for layer in group.attrs["layer_names"]}
        return config, weights
