"""Writes gradients.npy: a small network of every kind of layer, its gradients by PyTorch.

    /usr/bin/python3 make_gradients.py        (Debian: python3-torch, python3-numpy)

One float32 vector: the pictures [4,12,12,3], the loss, then for each layer of LAYERS its weights in
Keras' order and layout followed by their gradients (those that are trained), then batch norm's running
mean and variance after the step. Label smoothing 0.1, classes 1 4 2 0, momentum 0.9, epsilon 1e-3."""
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
N, CLASSES = 4, [1, 4, 2, 0]


def weight(*dims):
    return (torch.randn(*dims) * 0.4).requires_grad_()


def hwio(kernel):  # Keras' layout to PyTorch's
    return kernel.permute(3, 2, 0, 1)


def depthwise(x, kernel):  # [h, w, channels, multiplier], same padding
    channels, multiplier = kernel.shape[2:]
    k = kernel.permute(2, 3, 0, 1).reshape(channels * multiplier, 1, *kernel.shape[:2])
    return F.conv2d(x, k, padding=1, groups=channels)


w = {
    "conv_a": [weight(3, 3, 3, 16), weight(16)],
    "conv_b": [weight(3, 3, 8, 16)],
    "norm": [weight(16), weight(16)],
    "deep": [weight(3, 3, 16, 1), weight(16)],
    "conv_c": [weight(3, 3, 16, 8), weight(8)],
    "apart": [weight(3, 3, 24, 2), weight(1, 1, 48, 16), weight(16)],
    "gate": [weight(16, 16), weight(16)],
    "last": [weight(16, 5), weight(5)],
}
mean, variance = torch.randn(16) * 0.1, torch.rand(16) + 0.5
start = [mean.clone(), variance.clone()]

picture = torch.randn(N, 3, 12, 12)
# Keras' "same" with a stride of 2 on 12 pixels: one pixel below and to the right
a = F.relu(F.conv2d(F.pad(picture, (0, 1, 0, 1)), hwio(w["conv_a"][0]), w["conv_a"][1], stride=2))
b = F.conv2d(F.pad(a, (1, 1, 1, 1)), hwio(w["conv_b"][0]), groups=2)
b = F.relu(F.batch_norm(b, mean, variance, *w["norm"], True, 0.1, 1e-3))
d = depthwise(b, w["deep"][0]) + w["deep"][1].view(1, -1, 1, 1)
s = a + d
c = torch.tanh(F.conv2d(s, hwio(w["conv_c"][0]), w["conv_c"][1], padding=2, dilation=2))
joined = torch.cat([F.max_pool2d(s, 2), F.avg_pool2d(c, 2)], 1)
e = F.conv2d(depthwise(joined, w["apart"][0]), hwio(w["apart"][1]), w["apart"][2])
e = F.silu(e)
g = torch.sigmoid(e.mean((2, 3)) @ w["gate"][0] + w["gate"][1])
m = e * g[:, :, None, None]
logits = m.amax((2, 3)) @ w["last"][0] + w["last"][1]
loss = F.cross_entropy(logits, torch.tensor(CLASSES), label_smoothing=0.1)
loss.backward()

parts = [picture.permute(0, 2, 3, 1), loss]
for name, tensors in w.items():
    parts += tensors
    if name == "norm":
        parts += start
    parts += [t.grad for t in tensors]
parts += [mean, variance]
flat = np.concatenate([p.detach().numpy().astype(np.float32).reshape(-1) for p in parts])
np.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), "gradients.npy"), flat)
print(len(flat), float(loss))
