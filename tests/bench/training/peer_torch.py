"""A training step of Keras' CIFAR ResNet v1 by PyTorch: peer_torch.py DEPTH BATCH STEPS LAYOUT

LAYOUT is nchw (PyTorch's own) or nhwc (channels_last). Two threads, SGD with Nesterov's momentum, as
bench-training. Prints milliseconds a step and the peak of memory, that of PyTorch itself taken off."""
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Block(nn.Module):
    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(n_in, n_out, 3, stride, 1), nn.BatchNorm2d(n_out)
        self.conv2, self.norm2 = nn.Conv2d(n_out, n_out, 3, 1, 1), nn.BatchNorm2d(n_out)
        self.project = nn.Conv2d(n_in, n_out, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return F.relu(self.norm2(self.conv2(y)) + self.project(x), inplace=True)


def build(depth):
    layers = [nn.Conv2d(3, 16, 3, 1, 1), nn.BatchNorm2d(16), nn.ReLU(inplace=True)]
    n_in = 16
    for stage, n_out in enumerate((16, 32, 64)):
        for block in range((depth - 2) // 6):
            layers.append(Block(n_in, n_out, 2 if stage > 0 and block == 0 else 1))
            n_in = n_out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


depth, batch, steps, layout = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(2)
torch.manual_seed(1)
start = peak()
net, x, right = build(depth), torch.rand(batch, 3, 32, 32), torch.randint(0, 10, (batch,))
if layout == "nhwc":
    net = net.to(memory_format=torch.channels_last)
    x = x.contiguous(memory_format=torch.channels_last)
sgd = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)
times = []
for _ in range(steps):
    begin = time.perf_counter()
    sgd.zero_grad()
    F.cross_entropy(net(x), right).backward()
    sgd.step()
    times.append(1e3 * (time.perf_counter() - begin))
times.sort()
print(f"PyTorch {torch.__version__} {layout}: min {times[0]:.1f} ms, "
      f"median {times[len(times) // 2]:.1f} ms a step; peak {peak() - start} MB above PyTorch itself")
