#!/usr/bin/env python3
"""Trains resnet18 or resnet50 on Imagenette and writes it as the program's weight file.

    train.py resnet18 --data imagenette2 --out run18 --epochs 80
    train.py resnet18 --data imagenette2 --out run18 --hours 1.5 --init ../resnet18.h5 --lr 0.02

--data holds train/ and val/, each with a folder a class. --out receives checkpoint.pt and
NETWORK.h5 (the averaged weights), both renewed after every epoch, and log.csv; the same command
once more goes on where it was. SIGTERM and SIGINT finish the batch, write both and end.

The learning rate rises and falls once over the run (Smith 2018), the pictures grow; with --hours
both follow the clock, so that the run comes to its end when the time does. Needs PyTorch 1.13 or
later, NumPy, Pillow and h5py.
"""
import argparse
import copy
import math
import os
import signal
import time

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

import keras_file
from networks import NETWORKS
from pictures import Batches, TrainingPictures, ValidationPictures, list_pictures


def parse_sizes(text):
    """"96:0.5,128:0.8,160:1" -> [(0.5, 96), …]: each size and the part of the run it ends at."""
    sizes = [(float(end), int(size)) for size, end in (s.split(':') for s in text.split(','))]
    if sizes != sorted(sizes) or sizes[-1][0] < 1 or min(size for _, size in sizes) < 32:
        raise argparse.ArgumentTypeError('ends must rise to 1, sizes be 32 or more: 96:0.5,160:1')
    return sizes


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('network', choices=sorted(NETWORKS))
    p.add_argument('--data', required=True, help='folder with train/ and val/')
    p.add_argument('--out', required=True, help='folder for the results')
    budget = p.add_mutually_exclusive_group()
    budget.add_argument('--epochs', type=float, default=80)
    budget.add_argument('--hours', type=float, help='time to spend, all resumed runs together')
    p.add_argument('--steps', type=int, help='end after so many steps of this run, to try it out')
    p.add_argument('--init', help='weight file to begin from')
    p.add_argument('--sizes', type=parse_sizes, default=parse_sizes('96:0.45,128:0.75,160:0.93,192:1'))
    p.add_argument('--batch', type=int, default=64)
    p.add_argument('--lr', type=float, default=0.1, help='highest learning rate')
    p.add_argument('--weight-decay', type=float, default=5e-4)
    p.add_argument('--label-smoothing', type=float, default=0.1)
    p.add_argument('--min-area', type=float, default=0.3, help='smallest crop, part of the area')
    p.add_argument('--average', type=float, default=0.998, help='decay of the averaged weights')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--threads', type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument('--workers', type=int, help='processes that read pictures')
    p.add_argument('--precision', choices=('auto', 'bfloat16', 'float32'), default='auto')
    p.add_argument('--evaluate-every', type=int, default=5, help='epochs; 0: at the end alone')
    return p.parse_args()


def has_fast_bfloat16(device):
    """CPUs without instructions for it emulate bfloat16, slower than float32."""
    if device.type == 'cuda':
        return torch.cuda.is_bf16_supported()
    try:
        with open('/proc/cpuinfo') as f:
            return any(flag in f.read() for flag in ('avx512_bf16', 'amx_bf16'))
    except OSError:
        return False


def one_cycle(progress, rise=0.2, start=20, end=500):
    """The factor of the learning rate at 0 <= progress <= 1: cosines from 1/start up to 1, then
    down to 1/end."""
    low, part = ((1 / start, progress / rise) if progress < rise
                 else (1 / end, (1 - progress) / (1 - rise)))
    return low + (1 - low) * (1 - math.cos(math.pi * part)) / 2


class Training:
    """A run: the network, its running average, the optimiser, and how far it is."""

    def __init__(self, args, classes, n_batches):
        self.args, self.classes, self.n_batches = args, classes, n_batches
        self.device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
        self.bfloat16 = (args.precision == 'bfloat16'
                         or args.precision == 'auto' and has_fast_bfloat16(self.device))
        torch.manual_seed(args.seed)
        torch.set_num_threads(args.threads)
        self.net = NETWORKS[args.network](len(classes))
        if args.init:
            keras_file.read(self.net, args.init)
        self.net.to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).eval()
        kernels = [w for w in self.net.parameters() if w.ndim > 1]
        rest = [w for w in self.net.parameters() if w.ndim <= 1]
        self.optimizer = torch.optim.SGD([{'params': kernels, 'weight_decay': args.weight_decay},
                                          {'params': rest, 'weight_decay': 0}],
                                         lr=args.lr, momentum=0.9, nesterov=True)
        self.step = 0
        self.spent = 0.0
        self.begun = time.monotonic()
        self.stopped = False

    @property
    def elapsed(self):
        return self.spent + time.monotonic() - self.begun

    @property
    def progress(self):
        if self.args.hours:
            return min(1, self.elapsed / (3600 * self.args.hours))
        return min(1, self.step / (self.args.epochs * self.n_batches))

    def get_size(self):
        return next(size for end, size in self.args.sizes if self.progress <= end)

    def path(self, name):
        return os.path.join(self.args.out, name)

    def save(self):
        part = self.path('checkpoint.pt.part')
        torch.save({'network': self.args.network, 'classes': self.classes, 'step': self.step,
                    'spent': self.elapsed, 'net': self.net.state_dict(),
                    'average': self.average.state_dict(),
                    'optimizer': self.optimizer.state_dict()}, part)
        os.replace(part, self.path('checkpoint.pt'))
        keras_file.write(self.average, self.path(f'{self.args.network}.h5'), self.classes)

    def resume(self):
        if not os.path.exists(self.path('checkpoint.pt')):
            return
        state = torch.load(self.path('checkpoint.pt'), map_location=self.device)
        if (state['network'], state['classes']) != (self.args.network, self.classes):
            raise SystemExit(f'{self.path("checkpoint.pt")} is of another network or other classes')
        self.net.load_state_dict(state['net'])
        self.average.load_state_dict(state['average'])
        self.optimizer.load_state_dict(state['optimizer'])
        self.step, self.spent = state['step'], state['spent']
        print(f'resumed at step {self.step}, {self.spent / 60:.0f} min spent', flush=True)

    def forward(self, net, pixels):
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bfloat16):
            return net(net.prepare(pixels.to(self.device, non_blocking=True))).float()

    def learn(self, pixels, labels):
        """One step on one batch; returns the loss."""
        for group in self.optimizer.param_groups:
            group['lr'] = self.args.lr * one_cycle(self.progress)
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.forward(self.net, pixels), labels.to(self.device),
                               label_smoothing=self.args.label_smoothing)
        loss.backward()
        self.optimizer.step()
        self.step += 1
        self.update_average()
        return loss.item()

    @torch.no_grad()
    def update_average(self):
        """An exponential average of weights and statistics, over few steps at first: the start is
        forgotten, but not what --init brought."""
        decay = self.args.average if self.args.init else min(self.args.average,
                                                             (1 + self.step) / (10 + self.step))
        current = self.net.state_dict()
        for key, mean in self.average.state_dict().items():
            if mean.is_floating_point():
                mean.lerp_(current[key], 1 - decay)
            else:
                mean.copy_(current[key])

    @torch.no_grad()
    def evaluate(self, pictures, size):
        """The part of `pictures` that the averaged weights name rightly."""
        loader = DataLoader(ValidationPictures(pictures, size), 64, num_workers=self.args.workers,
                            worker_init_fn=leave_signals)
        right = sum((self.forward(self.average, pixels).argmax(1).cpu() == labels).sum().item()
                    for pixels, labels in loader)
        return right / len(pictures)

    def is_over(self, n_steps):
        return (self.stopped or self.progress >= 1
                or self.args.steps is not None and n_steps >= self.args.steps)


def leave_signals(worker):
    """Workers end with the run: a Ctrl-C, which reaches them too, is for the run to answer."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(training, train, validation):
    args, n_steps = training.args, 0
    data = TrainingPictures(train, args.seed, args.min_area)
    while not training.is_over(n_steps):
        epoch, skip = divmod(training.step, training.n_batches)
        sampler = Batches(len(train), args.batch, args.seed, epoch, skip, training.get_size)
        losses = []
        training.net.train()
        for pixels, labels in DataLoader(data, batch_sampler=sampler, num_workers=args.workers,
                                         worker_init_fn=leave_signals):
            losses.append(training.learn(pixels, labels))
            n_steps += 1
            if training.is_over(n_steps):
                break
        training.save()
        over = training.is_over(n_steps)
        accuracy = ''
        if not training.stopped and (over or args.evaluate_every
                                     and (epoch + 1) % args.evaluate_every == 0):
            accuracy = f'{training.evaluate(validation, 224):.4f}'
        line = (f'{epoch + 1},{training.step},{training.progress:.4f},{pixels.shape[1]},'
                f'{sum(losses) / len(losses):.4f},{accuracy},{training.elapsed:.0f}')
        print(line, flush=True)
        with open(training.path('log.csv'), 'a') as log:
            log.write(line + '\n')


def main():
    args = parse_arguments()
    train, classes = list_pictures(os.path.join(args.data, 'train'))
    validation, val_classes = list_pictures(os.path.join(args.data, 'val'))
    if classes != val_classes:
        raise SystemExit(f'{args.data}: train/ and val/ must hold the same classes')
    if len(train) < args.batch:
        raise SystemExit(f'{args.data}: {len(train)} pictures are less than a batch of {args.batch}')
    os.makedirs(args.out, exist_ok=True)
    if args.workers is None:
        # On a CPU the network is what takes the time, and one process feeds it easily.
        args.workers = args.threads if torch.cuda.is_available() else 1
    training = Training(args, classes, len(train) // args.batch)
    training.resume()

    def stop(signal_number, frame):
        training.stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f'{args.network} on {training.device}, {"bfloat16" if training.bfloat16 else "float32"}, '
          f'{len(train)} pictures of {len(classes)} classes\n'
          'epoch,step,progress,size,loss,accuracy,seconds', flush=True)
    run(training, train, validation)


if __name__ == '__main__':
    main()
