#!/usr/bin/env python3
"""Writes pillow-crops.bin: what Pillow and torchvision's rule make of test pictures.

The reference for engine/tensor/resample.c. Pillow scales (BILINEAR); the sizes and the place of the
cut follow torchvision's Resize and CenterCrop. The pictures are made by a formula that the test
repeats. Needs python3-pil and python3-numpy.
"""
import pathlib

import numpy as np
from PIL import Image

# width, height, side of the crop
CASES = [(97, 61, 28), (53, 120, 28), (20, 20, 28), (300, 299, 28), (640, 37, 14), (29, 31, 28)]


def make_picture(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3].astype(np.uint32)
    value = x * 2654435761 + y * 2246822519 + c * 3266489917
    noise = (value ^ (value >> 15)) & 127
    ramp = (x * 128 // width + y * 128 // height * (c == 1)) // 2
    return (noise + ramp).astype(np.uint8)


def crop(picture, side):
    """Shorter side to 8/7 of `side`, longer in proportion and rounded down, then the middle."""
    image = Image.fromarray(picture)
    target = int(np.floor(side * 8 / 7 + 0.5))
    width, height = image.size
    if width <= height:
        image = image.resize((target, int(target * height / width)), Image.BILINEAR)
    else:
        image = image.resize((int(target * width / height), target), Image.BILINEAR)
    width, height = image.size
    left, top = int(round((width - side) / 2)), int(round((height - side) / 2))
    return np.asarray(image.crop((left, top, left + side, top + side)))


out = pathlib.Path(__file__).parent / 'pillow-crops.bin'
out.write_bytes(b''.join(crop(make_picture(w, h), s).tobytes() for w, h, s in CASES))
