"""A Keras model, as its configuration describes it, computed by PyTorch in double precision.

Written from Keras' documentation of its layers and of its two ways to note connections; nothing of
the program under test goes into it.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "softmax": lambda x: F.softmax(x, 1),
}


def find_histories(node):
    """The layers that a Keras 3 node names, wherever they stand in its arguments."""
    if isinstance(node, dict):
        if "keras_history" in node:
            return [node["keras_history"][0]]
        node = list(node.values())
    return [h for part in node for h in find_histories(part)] if isinstance(node, list) else []


def get_inputs(layer):
    nodes = layer["inbound_nodes"]
    if not nodes:
        return []
    if isinstance(nodes[0], dict):
        return find_histories(nodes[0]["args"])
    return [entry[0] for entry in nodes[0]]


def pad_same(x, kernel, strides, value=0.0):
    """TensorFlow's 'same': what does not halve goes below and to the right."""
    pads = []
    for n, k, s in zip(x.shape[2:], kernel, strides):
        total = max((math.ceil(n / s) - 1) * s + k - n, 0)
        pads = [total // 2, total - total // 2] + pads
    return F.pad(x, pads, value=value)


class Graph:
    def __init__(self, config):
        """config: a model's configuration, {"config": {"layers": […]}} in either generation"""
        self.layers = config["config"]["layers"]
        self.inputs = {l["config"]["name"]: get_inputs(l) for l in self.layers}
        self.last = self.layers[-1]["config"]["name"]

    def get_last_inner(self):
        """What the classifier is given."""
        return self.inputs[self.last][0] if self.layers[-1]["class_name"] == "Dense" else self.last

    def run(self, x, weights, wanted, rng=None):
        """x: [N,H,W,C]; weights: {layer: [arrays in Keras' order]}; wanted: layers' names.

        With a generator of random numbers weights are made on the way, and filled in.
        Returns {name: array}, channels last.
        """
        values, kept = {}, {}
        uses = {}
        for i, layer in enumerate(self.layers):
            for name in self.inputs[layer["config"]["name"]]:
                uses[name] = i
        for i, layer in enumerate(self.layers):
            config = layer["config"]
            name = config["name"]
            given = [values[n] for n in self.inputs[name]]
            if layer["class_name"] == "InputLayer":
                values[name] = torch.from_numpy(x.astype("f8")).permute(0, 3, 1, 2)
            else:
                if rng is not None:
                    make_weights(layer, given[0], weights, rng)
                arrays = [torch.from_numpy(np.asarray(w, "f8")) for w in weights.get(name, [])]
                values[name] = compute(layer["class_name"], config, given, arrays)
            if name in wanted:
                y = values[name]
                kept[name] = (y.permute(0, 2, 3, 1) if y.dim() == 4 else y).numpy()
            for n in self.inputs[name]:
                if uses[n] == i:
                    del values[n]
        return kept


def compute_conv(config, x, w, depthwise):
    assert tuple(config.get("dilation_rate", (1, 1))) == (1, 1)
    strides = tuple(config["strides"])
    kernel = w[0].permute(2, 3, 0, 1) if depthwise else w[0].permute(3, 2, 0, 1)
    if config["padding"] == "same":
        x = pad_same(x, w[0].shape[:2], strides)
    groups = x.shape[1] if depthwise else 1
    if depthwise:
        kernel = kernel.reshape(-1, 1, *kernel.shape[2:])
    bias = w[1] if config["use_bias"] else None
    return ACTIVATIONS[config["activation"]](F.conv2d(x, kernel, bias, strides, groups=groups))


def compute_pool(kind, config, x):
    size, strides = tuple(config["pool_size"]), tuple(config["strides"])
    if kind == "MaxPooling2D":
        if config["padding"] == "same":
            x = pad_same(x, size, strides, -math.inf)
        return F.max_pool2d(x, size, strides)
    assert config["padding"] == "valid"
    return F.avg_pool2d(x, size, strides)


def compute(kind, config, given, w):
    x = given[0]
    if kind in ("Conv2D", "DepthwiseConv2D"):
        return compute_conv(config, x, w, kind != "Conv2D")
    if kind == "BatchNormalization":
        gamma, beta, mean, variance = w
        return F.batch_norm(x, mean, variance, gamma, beta, False, 0, config["epsilon"])
    if kind in ("Activation", "ReLU"):
        return ACTIVATIONS[config.get("activation", "relu")](x)
    if kind == "Add":
        return given[0] + given[1]
    if kind == "ZeroPadding2D":
        (top, bottom), (left, right) = config["padding"]
        return F.pad(x, (left, right, top, bottom))
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        return compute_pool(kind, config, x)
    if kind == "GlobalAveragePooling2D":
        return x.mean((2, 3))
    if kind == "Flatten":
        return x.permute(0, 2, 3, 1).flatten(1) if x.dim() == 4 else x
    if kind == "Dense":
        return ACTIVATIONS[config["activation"]](x @ w[0] + (w[1] if config["use_bias"] else 0))
    raise ValueError(f"{kind}: no such layer here")


def make_weights(layer, x, weights, rng):
    """Random weights for a layer that is given x: batch norms are near what x has, so that numbers
    keep their size through the network; the classifier's are such that no class is certain."""
    kind, config = layer["class_name"], layer["config"]
    n = x.shape[1]
    if kind == "Conv2D":
        height, width = config["kernel_size"]
        shape = (height, width, n, config["filters"])
        made = [rng.standard_normal(shape) * math.sqrt(2 / (height * width * n))]
    elif kind == "BatchNormalization":
        variance, mean = (t.numpy() for t in torch.var_mean(x, (0, 2, 3), unbiased=False))
        made = [rng.uniform(0.5, 1.5, n), rng.standard_normal(n) * 0.2,
                mean + rng.standard_normal(n) * 0.1 * np.sqrt(variance),
                variance * rng.uniform(0.8, 1.25, n) + 1e-3]
    elif kind == "Dense":
        kernel = rng.standard_normal((n, config["units"]))
        made = [2 * kernel / (x.numpy() @ kernel).std()]
    else:
        return
    if config.get("use_bias"):
        made.append(rng.standard_normal(made[0].shape[-1]) * 0.1)
    weights[config["name"]] = made
