"""OpenCV's dnn: peer-opencv.py MODEL.onnx INPUT.npy THREADS RUNS"""
import cv2

from npy import arguments, measure, read_input

path, data, threads, runs = arguments()
cv2.setNumThreads(threads)
net = cv2.dnn.readNetFromONNX(path)
blob = read_input(data)


def infer():
    net.setInput(blob)
    return net.forward()


measure(f"OpenCV dnn {cv2.__version__}", infer, runs)
