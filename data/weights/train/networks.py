"""The two bundled networks in PyTorch, each layer under the name it has in the Keras file.

ResNet-50 is Keras' (He et al. 2015, table 1): stride on the first 1x1 of a block and on its
shortcut, batch norm epsilon 1e-3, names of Keras 2. ResNet-18 is the paper's, epsilon 1e-5, named
in the manner of Keras 3. A layer table replaces nested modules: a name here is a name in the file.
"""
import torch
from torch import nn
from torch.nn import functional as F


class ResNet(nn.Module):
    """A residual network over `layers`, a table of Keras name -> convolution, norm or dense."""

    def __init__(self, epsilon):
        super().__init__()
        self.layers = nn.ModuleDict()
        self.blocks = []
        self.epsilon = epsilon

    def add_conv(self, name, norm, inputs, outputs, size, stride=1):
        """A convolution without bias (its norm has one) that pads size // 2, and its norm."""
        self.layers[name] = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
        self.layers[norm] = nn.BatchNorm2d(outputs, eps=self.epsilon)
        nn.init.kaiming_normal_(self.layers[name].weight, mode='fan_out', nonlinearity='relu')
        return name, norm

    def add_block(self, branch, shortcut):
        """`branch`: (conv, norm) names in order; `shortcut`: one such pair, or None."""
        self.blocks.append((branch, shortcut))
        # A block begins as its shortcut alone (Goyal et al. 2017, sec. 5.1).
        nn.init.zeros_(self.layers[branch[-1][1]].weight)

    def add_head(self, name, inputs, classes):
        self.head = name
        self.layers[name] = nn.Linear(inputs, classes)
        nn.init.normal_(self.layers[name].weight, std=0.01)
        nn.init.zeros_(self.layers[name].bias)

    def run_pair(self, x, pair):
        return self.layers[pair[1]](self.layers[pair[0]](x))

    def forward(self, x):
        """x: [N,3,H,W], prepared; returns logits [N,classes]."""
        x = F.max_pool2d(F.relu(self.run_pair(x, self.stem)), 3, 2, 1)
        for branch, shortcut in self.blocks:
            y = x
            for pair in branch[:-1]:
                y = F.relu(self.run_pair(y, pair))
            y = self.run_pair(y, branch[-1])
            x = F.relu(y + (self.run_pair(x, shortcut) if shortcut else x))
        return self.layers[self.head](x.mean((2, 3)))

    def prepare(self, pixels):
        """uint8 [N,H,W,3] in RGB to the input the net expects, float32 [N,3,H,W]."""
        mean = torch.tensor(self.mean, device=pixels.device)
        deviation = torch.tensor(self.deviation, device=pixels.device)
        x = pixels.flip(3) if self.preprocess == 'caffe' else pixels
        # Permuted only: in memory the channels stay last, the layout that convolutions like best.
        return ((x.float() - mean) / deviation).permute(0, 3, 1, 2)


def resnet50(classes):
    net = ResNet(epsilon=1e-3)
    net.preprocess, net.keras_version, net.conv_bias = 'caffe', '2.3.1', True
    net.mean, net.deviation = [103.939, 116.779, 123.68], [1.0, 1.0, 1.0]
    net.stem = net.add_conv('conv1', 'bn_conv1', 3, 64, 7, 2)
    inputs = 64
    for stage, n_blocks in zip((2, 3, 4, 5), (3, 4, 6, 3)):
        width = 64 << (stage - 2)
        for i in range(n_blocks):
            key = f'{stage}{"abcdef"[i]}_branch'
            stride = 2 if stage > 2 and i == 0 else 1
            branch = [net.add_conv(f'res{key}2a', f'bn{key}2a', inputs, width, 1, stride),
                      net.add_conv(f'res{key}2b', f'bn{key}2b', width, width, 3),
                      net.add_conv(f'res{key}2c', f'bn{key}2c', width, 4 * width, 1)]
            shortcut = (net.add_conv(f'res{key}1', f'bn{key}1', inputs, 4 * width, 1, stride)
                        if i == 0 else None)
            net.add_block(branch, shortcut)
            inputs = 4 * width
    net.add_head('fc1000', inputs, classes)
    return net


def resnet18(classes):
    net = ResNet(epsilon=1e-5)
    net.preprocess, net.keras_version, net.conv_bias = 'torch', '2.13.1', False
    net.mean, net.deviation = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
    net.stem = net.add_conv('conv1_conv', 'conv1_bn', 3, 64, 7, 2)
    inputs = 64
    for stage in (2, 3, 4, 5):
        width = 64 << (stage - 2)
        for i in (1, 2):
            key = f'conv{stage}_block{i}'
            stride = 2 if stage > 2 and i == 1 else 1
            shortcut = (net.add_conv(f'{key}_0_conv', f'{key}_0_bn', inputs, width, 1, stride)
                        if stride == 2 else None)
            branch = [net.add_conv(f'{key}_1_conv', f'{key}_1_bn', inputs, width, 3, stride),
                      net.add_conv(f'{key}_2_conv', f'{key}_2_bn', width, width, 3)]
            net.add_block(branch, shortcut)
            inputs = width
    net.add_head('predictions', inputs, classes)
    return net


NETWORKS = {'resnet18': resnet18, 'resnet50': resnet50}
