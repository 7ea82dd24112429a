"""Configurations of ResNet-18 and ResNet-50 as Keras writes them, and torchvision's networks.

After keras_applications/resnet50.py (names of Keras 2), keras/src/applications/resnet.py (Keras 3)
and He et al. 2015, table 1.
"""
import numpy as np
import torch
import torchvision


class Config:
    """Layers in the order they are called, with Keras 2's or Keras 3's way to note connections."""

    def __init__(self, name, epsilon, use_bias, generation):
        self.name, self.epsilon, self.use_bias = name, epsilon, use_bias
        self.generation, self.layers, self.inputs = generation, {}, {}

    def add(self, kind, name, inputs, **config):
        self.layers[name] = (kind, config)
        self.inputs[name] = [inputs] if isinstance(inputs, str) else inputs
        return name

    def conv_bn(self, conv, norm, filters, kernel, stride, x):
        padding = "same" if kernel == 3 and stride == 1 else "valid"
        if kernel == 3 and stride > 1:
            x = self.pad(conv + "_pad", 1, x)
        x = self.add("Conv2D", conv, x, filters=filters, kernel_size=[kernel] * 2,
                     strides=[stride] * 2, padding=padding, dilation_rate=[1, 1],
                     activation="linear", use_bias=self.use_bias)
        return self.add("BatchNormalization", norm, x, axis=3, epsilon=self.epsilon)

    def relu(self, name, x):
        return self.add("Activation", name, x, activation="relu")

    def pad(self, name, n, x):
        return self.add("ZeroPadding2D", name, x, padding=[[n, n], [n, n]])

    def stem(self, names, x="input_1"):
        self.add("InputLayer", "input_1", [], batch_input_shape=[None, 224, 224, 3])
        x = self.pad("conv1_pad", 3, x)
        x = self.conv_bn(names[0], names[1], 64, 7, 2, x)
        x = self.pad("pool1_pad", 1, self.relu(names[2], x))
        return self.add("MaxPooling2D", names[3], x, pool_size=[3, 3], strides=[2, 2],
                        padding="valid")

    def top(self, name, classes, x):
        x = self.add("GlobalAveragePooling2D", "avg_pool", x)
        self.add("Dense", name, x, units=classes, activation="softmax", use_bias=True)

    def order(self):
        """Keras' order: by depth below the output, ties as a walk up from the output meets them."""
        depth, met = {}, {}
        consumers = {name: [] for name in self.layers}
        for name, inputs in self.inputs.items():
            for i in inputs:
                consumers[i].append(name)
        for name in reversed(list(self.layers)):  # called later: further down
            depth[name] = max((depth[c] + 1 for c in consumers[name]), default=0)
        stack = [list(self.layers)[-1]]
        while stack:
            name = stack.pop()
            if name not in met:
                met[name] = len(met)
                stack += reversed(self.inputs[name])
        return sorted(self.layers, key=lambda name: (-depth[name], met[name]))

    def note_inputs(self, name):
        inputs = self.inputs[name]
        if not inputs:
            return []
        if self.generation == 2:
            return [[[i, 0, 0, {}] for i in inputs]]
        tensors = [{"class_name": "__keras_tensor__",
                    "config": {"shape": [None], "dtype": "float32", "keras_history": [i, 0, 0]}}
                   for i in inputs]
        return [{"args": [tensors] if len(tensors) > 1 else tensors, "kwargs": {}}]

    def finish(self):
        described = []
        for name in self.order():
            kind, config = self.layers[name]
            if self.generation == 3 and kind == "InputLayer":
                config = {"batch_shape": config["batch_input_shape"]}
            described.append({"class_name": kind, "name": name,
                              "config": {"name": name, "trainable": True, "dtype": "float32",
                                         **config},
                              "inbound_nodes": self.note_inputs(name)})
            if self.generation == 3:
                described[-1]["module"] = "keras.layers"
        last = described[-1]["name"]
        ends = {"input_layers": ["input_1", 0, 0], "output_layers": [last, 0, 0]}
        if self.generation == 2:
            ends = {key: [value] for key, value in ends.items()}
        return {"class_name": "Functional" if self.generation == 3 else "Model",
                "config": {"name": self.name, "trainable": True, "layers": described, **ends}}


def keras2_resnet50(top=True, classes=1000):
    net = Config("resnet50", 1e-3, True, 2)
    x = net.stem(["conv1", "bn_conv1", "activation_1", "max_pooling2d_1"])
    n_relu, n_add = 1, 0
    for stage, n_blocks in enumerate((3, 4, 6, 3), 2):
        for b in range(n_blocks):
            block = f"{stage}{'abcdef'[b]}_branch"
            filters, stride, shortcut = 64 << (stage - 2), 2 if stage > 2 and b == 0 else 1, x
            for part, (width, kernel, step) in {"2a": (filters, 1, stride), "2b": (filters, 3, 1),
                                                "2c": (4 * filters, 1, 1)}.items():
                x = net.conv_bn(f"res{block}{part}", f"bn{block}{part}", width, kernel, step, x)
                if part != "2c":
                    n_relu += 1
                    x = net.relu(f"activation_{n_relu}", x)
            if b == 0:
                shortcut = net.conv_bn(f"res{block}1", f"bn{block}1", 4 * filters, 1, stride,
                                       shortcut)
            n_add += 1
            n_relu += 1
            x = net.relu(f"activation_{n_relu}", net.add("Add", f"add_{n_add}", [x, shortcut]))
    if top:
        net.top("fc1000", classes, x)
    return net.finish()


KERAS3_STEM = ["conv1_conv", "conv1_bn", "conv1_relu", "pool1_pool"]


def keras3_resnet50(top=True, generation=3):
    net = Config("resnet50", 1.001e-5, True, generation)
    x = net.stem(KERAS3_STEM)
    for stage, n_blocks in enumerate((3, 4, 6, 3), 2):
        for b in range(n_blocks):
            name = f"conv{stage}_block{b + 1}"
            filters, stride, shortcut = 64 << (stage - 2), 2 if stage > 2 and b == 0 else 1, x
            if b == 0:
                shortcut = net.conv_bn(f"{name}_0_conv", f"{name}_0_bn", 4 * filters, 1, stride, x)
            for part, (width, kernel, step) in enumerate(((filters, 1, stride), (filters, 3, 1),
                                                          (4 * filters, 1, 1)), 1):
                x = net.conv_bn(f"{name}_{part}_conv", f"{name}_{part}_bn", width, kernel, step, x)
                if part < 3:
                    x = net.relu(f"{name}_{part}_relu", x)
            x = net.relu(f"{name}_out", net.add("Add", f"{name}_add", [shortcut, x]))
    if top:
        net.top("predictions", 1000, x)
    return net.finish()


def keras_resnet18(classes):
    net = Config("resnet18", 1e-5, False, 2)
    x = net.stem(KERAS3_STEM)
    for stage in range(2, 6):
        for b in range(2):
            name = f"conv{stage}_block{b + 1}"
            filters, stride, shortcut = 64 << (stage - 2), 2 if stage > 2 and b == 0 else 1, x
            if stride > 1:
                shortcut = net.conv_bn(f"{name}_0_conv", f"{name}_0_bn", filters, 1, stride, x)
            x = net.conv_bn(f"{name}_1_conv", f"{name}_1_bn", filters, 3, stride, x)
            x = net.relu(f"{name}_1_relu", x)
            x = net.conv_bn(f"{name}_2_conv", f"{name}_2_bn", filters, 3, 1, x)
            x = net.relu(f"{name}_out", net.add("Add", f"{name}_add", [shortcut, x]))
    net.top("predictions", classes, x)
    return net.finish()


def torchvision_network(name, pictures, seed):
    """torchvision's network with random weights; batch norms near what the pictures give them."""
    torch.manual_seed(seed)
    model = getattr(torchvision.models, name)(weights=None).double()
    norms = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.uniform_(0.5, 1.5)
            norm.bias.normal_(0, 0.2)
            norm.momentum = 1.0
        model.train()(pictures)
        for norm in norms:
            norm.running_mean += norm.running_var.sqrt() * 0.1 * torch.randn_like(norm.running_mean)
            norm.running_var *= torch.empty_like(norm.running_var).uniform_(0.8, 1.25)
        model.fc.weight *= 2 / (model.eval()(pictures) - model.fc.bias).std()
    return model


def run_torchvision(model, x):
    """Probabilities, and what the classifier is given; x: [N,H,W,C]."""
    features = []
    hook = model.avgpool.register_forward_hook(lambda m, i, o: features.append(o.flatten(1)))
    with torch.no_grad():
        logits = model(torch.from_numpy(np.asarray(x, "f8")).permute(0, 3, 1, 2))
    hook.remove()
    return torch.softmax(logits, 1).numpy(), features[0].numpy()
