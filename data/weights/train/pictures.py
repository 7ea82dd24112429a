"""Pictures in folders by class, and what is done to them for training.

Every draw depends on (seed, epoch, number of the picture) alone: the same run again, or resumed,
sees the same pictures whatever the number of workers.
"""
import os
import random

import numpy as np
from PIL import Image, ImageEnhance
from torch.utils.data import Dataset


def list_pictures(folder):
    """[(path, class number)] and the class folders' names, both in the order of names."""
    classes = sorted(d for d in os.listdir(folder) if os.path.isdir(os.path.join(folder, d)))
    pictures = [(os.path.join(folder, c, f), i) for i, c in enumerate(classes)
                for f in sorted(os.listdir(os.path.join(folder, c)))]
    if not pictures:
        raise SystemExit(f'{folder}: no pictures; a folder a class, with its pictures, is expected')
    return pictures, classes


def random_crop(draw, width, height, min_area):
    """A box of min_area to all of the area, its sides 3:4 to 4:3 (Szegedy et al. 2014, sec. 6)."""
    for _ in range(10):
        area = width * height * draw.uniform(min_area, 1)
        ratio = (4 / 3) ** draw.uniform(-1, 1)
        w, h = round((area * ratio) ** 0.5), round((area / ratio) ** 0.5)
        if 0 < w <= width and 0 < h <= height:
            x, y = draw.randint(0, width - w), draw.randint(0, height - h)
            return x, y, x + w, y + h
    return 0, 0, width, height


class TrainingPictures(Dataset):
    """Indexed by (picture, epoch, size): uint8 [size,size,3] and the class."""

    def __init__(self, pictures, seed, min_area):
        self.pictures, self.seed, self.min_area = pictures, seed, min_area

    def __getitem__(self, key):
        number, epoch, size = key
        path, label = self.pictures[number]
        draw = random.Random(f'{self.seed} {epoch} {number}')
        image = Image.open(path).convert('RGB')
        box = random_crop(draw, *image.size, self.min_area)
        image = image.resize((size, size), Image.BILINEAR, box=box, reducing_gap=2.0)
        if draw.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        if draw.random() < 0.5:
            image = ImageEnhance.Brightness(image).enhance(draw.uniform(0.7, 1.3))
        if draw.random() < 0.5:
            image = ImageEnhance.Color(image).enhance(draw.uniform(0.6, 1.4))
        return np.array(image), label


class ValidationPictures(Dataset):
    """Whole pictures at size x size."""

    def __init__(self, pictures, size):
        self.pictures, self.size = pictures, size

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, number):
        path, label = self.pictures[number]
        image = Image.open(path).convert('RGB')
        if image.size != (self.size, self.size):
            image = image.resize((self.size, self.size), Image.BILINEAR)
        return np.array(image), label


class Batches:
    """A sampler of one epoch's batches. The size is asked for with each batch, so that it can
    follow the training's progress, be that counted in steps or on the clock."""

    def __init__(self, n_pictures, batch, seed, epoch, skip, get_size):
        order = np.random.default_rng([seed, epoch]).permutation(n_pictures)
        n = n_pictures // batch
        self.batches = order[:n * batch].reshape(n, batch)[skip:]
        self.epoch, self.get_size = epoch, get_size

    def __iter__(self):
        for batch in self.batches:
            size = self.get_size()
            yield [(int(number), self.epoch, size) for number in batch]

    def __len__(self):
        return len(self.batches)
