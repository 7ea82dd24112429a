#!/usr/bin/env python3
"""Writes pictures/: one small picture in the forms that files give it, and files that claim too much.

The picture is 16 wide and 8 high: red on the left half, blue on the right, with a green upper left
quarter. Needs python3-pil and python3-numpy.
"""
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

OUT = pathlib.Path(__file__).parent / 'pictures'
OUT.mkdir(exist_ok=True)

pixels = np.zeros((8, 16, 3), np.uint8)
pixels[:, :8], pixels[:, 8:], pixels[:4, :8] = (255, 0, 0), (0, 0, 255), (0, 255, 0)
upright = Image.fromarray(pixels)

upright.save(OUT / 'plain.png')
upright.quantize(3).save(OUT / 'palette.png')
upright.save(OUT / 'plain.webp', lossless=True)
upright.save(OUT / 'plain.jpg', quality=95, subsampling=0)
upright.convert('L').save(OUT / 'gray.png')

# alpha: half on the left, none on the right
alpha = np.dstack([pixels, np.where(np.arange(16) < 8, 128, 0)[None].repeat(8, 0)]).astype(np.uint8)
Image.fromarray(alpha, 'RGBA').save(OUT / 'alpha.png')

# how each EXIF orientation is stored, so that undoing it gives the upright picture
STORED = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
          4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
          6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
          8: Image.Transpose.ROTATE_270}
for orientation, method in STORED.items():
    stored = upright.transpose(method) if method is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(OUT / f'turned-{orientation}.jpg', quality=95, subsampling=0, exif=exif)


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(width, height, bits, color, data):
    header = struct.pack('>IIBBBBB', width, height, bits, color, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', data) + chunk(b'IEND', b'')


# one claims 4 thousand million pixels and has none, the other has 121 million of them
(OUT / 'claims.png').write_bytes(png(65000, 65000, 8, 2, zlib.compress(b'\0' * 100)))
(OUT / 'bomb.png').write_bytes(png(11000, 11000, 1, 0, zlib.compress(b'\0' * (1376 * 11000), 9)))
