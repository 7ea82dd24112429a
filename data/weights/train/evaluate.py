#!/usr/bin/env python3
"""How often a weight file is right, by the program itself.

    evaluate.py WEIGHTS.h5 --model resnet18 --pictures imagenette2/val [--resnet build/app/resnet]

--pictures holds a folder a class, named by the class's id as in the file. Prints the accuracy
overall and a class.
"""
import argparse
import json
import os
import subprocess
from collections import Counter

from pictures import list_pictures


def predict(program, model, weights, paths):
    """The id of the likeliest class of each picture."""
    done = subprocess.run([program, 'predict', '--model', model, '--weights', weights, '--top', '1',
                           '--json', *paths], stdout=subprocess.PIPE, check=True)
    return [picture['top'][0]['class'] for picture in json.loads(done.stdout)]


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('weights')
    p.add_argument('--model', required=True, choices=('resnet18', 'resnet50'))
    p.add_argument('--pictures', required=True)
    p.add_argument('--resnet', default='resnet', help='the program')
    args = p.parse_args()

    pictures, classes = list_pictures(args.pictures)
    right, total = Counter(), Counter(label for _, label in pictures)
    for i in range(0, len(pictures), 200):
        part = pictures[i:i + 200]
        found = predict(args.resnet, args.model, args.weights, [path for path, _ in part])
        right.update(label for (_, label), name in zip(part, found) if name == classes[label])
    for label, name in enumerate(classes):
        print(f'{name} {right[label]}/{total[label]}')
    print(f'{os.path.basename(args.weights)}: {sum(right.values())} of {len(pictures)} right, '
          f'{100 * sum(right.values()) / len(pictures):.1f} %')


if __name__ == '__main__':
    main()
