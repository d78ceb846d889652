"""onnx2tf, and TensorFlow's LiteRT in float32."""

import os
from tempfile import TemporaryDirectory

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import onnx2tf
import tensorflow as tf
from answering import answer_all


def open_file(file, _inputs):
    with TemporaryDirectory() as folder:
        onnx2tf.convert(
            input_onnx_file_path=str(file), output_folder_path=folder, verbosity="error"
        )
        interpreter = tf.lite.Interpreter(f"{folder}/{file.stem}_float32.tflite")
    runner = interpreter.get_signature_runner()

    def run(inputs):
        (images,) = runner(**inputs).values()
        return images.transpose(0, 3, 1, 2)

    return run


answer_all(open_file)
