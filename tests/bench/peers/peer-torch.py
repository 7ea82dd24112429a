"""PyTorch, frozen and optimized for inference: peer-torch.py MODEL.onnx INPUT.npy THREADS RUNS"""
import onnx
import onnx.numpy_helper
import torch
import torch.nn.functional as F

from npy import arguments, measure, read_input


def symmetric(pads):
    """ONNX gives [top, left, bottom, right]; PyTorch's layers take one number a direction."""
    assert pads[0] == pads[2] and pads[1] == pads[3], pads
    return pads[:2]


class Graph(torch.nn.Module):
    """The operators that the exported residual networks have, as PyTorch's modules."""

    def __init__(self, graph):
        super().__init__()
        self.weights = {w.name: torch.from_numpy(onnx.numpy_helper.to_array(w).copy())
                        for w in graph.initializer}
        self.input, self.output = graph.input[0].name, graph.output[0].name
        self.steps = [(self.add_module_of(i, node), list(node.input), node.output[0])
                      for i, node in enumerate(graph.node)]

    def add_module_of(self, i, node):
        module = self.make(node, {a.name: onnx.helper.get_attribute_value(a)
                                  for a in node.attribute})
        self.add_module(f"step{i}", module)
        return module

    def make(self, node, a):
        w = [self.weights.get(name) for name in node.input]
        if node.op_type == "Conv":
            conv = torch.nn.Conv2d(w[1].shape[1] * a["group"], w[1].shape[0], a["kernel_shape"],
                                   a["strides"], symmetric(a["pads"]), a["dilations"], a["group"],
                                   len(w) > 2)
            conv.weight.data = w[1]
            if len(w) > 2:
                conv.bias.data = w[2]
            return conv
        if node.op_type == "BatchNormalization":
            norm = torch.nn.BatchNorm2d(len(w[1]), a["epsilon"])
            norm.weight.data, norm.bias.data = w[1], w[2]
            norm.running_mean, norm.running_var = w[3], w[4]
            return norm
        if node.op_type == "Gemm":
            assert a["transB"] == 1
            linear = torch.nn.Linear(w[1].shape[1], w[1].shape[0])
            linear.weight.data, linear.bias.data = w[1], w[2]
            return linear
        if node.op_type == "MaxPool":
            return torch.nn.MaxPool2d(a["kernel_shape"], a["strides"], symmetric(a["pads"]))
        simple = {"Relu": torch.nn.ReLU, "GlobalAveragePool": lambda: torch.nn.AdaptiveAvgPool2d(1),
                  "Flatten": torch.nn.Flatten, "Softmax": lambda: torch.nn.Softmax(1),
                  "Identity": torch.nn.Identity, "Add": torch.nn.Identity}
        return simple[node.op_type]()

    def forward(self, x):
        values = {self.input: x}
        for module, inputs, output in self.steps:
            known = [values[name] for name in inputs if name in values]
            values[output] = known[0] + known[1] if len(known) == 2 else module(known[0])
        return values[self.output]


path, data, threads, runs = arguments()
torch.set_num_threads(threads)
with torch.no_grad():
    x = torch.from_numpy(read_input(data))
    model = torch.jit.trace(Graph(onnx.load(path).graph).eval(), x)
    model = torch.jit.optimize_for_inference(torch.jit.freeze(model))
    measure(f"PyTorch {torch.__version__}", lambda: model(x).numpy(), runs)
