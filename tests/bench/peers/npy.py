"""What the Python contestants share."""
import json
import resource
import sys
import time


def read_input(path):
    """The input channels first."""
    import numpy
    return numpy.ascontiguousarray(numpy.load(path).transpose(0, 3, 1, 2))


def measure(name, infer, runs):
    """Two runs to warm up, then the timed ones; prints what the driver reads."""
    output = infer()
    infer()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        infer()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({
        "name": name, "times_ms": times, "output": [float(x) for x in output.reshape(-1)],
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def arguments():
    return sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
