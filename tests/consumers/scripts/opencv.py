"""OpenCV's dnn."""

import cv2
from answering import answer_all


def open_file(file, _inputs):
    net = cv2.dnn.readNetFromONNX(str(file))

    def run(inputs):
        for name, value in inputs.items():
            net.setInput(value, name)
        return net.forward()

    return run


answer_all(open_file)
